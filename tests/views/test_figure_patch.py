"""The plot in JSON is the one that plotly would make of the same view, patched or made anew."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nas_explorer.views import ParetoView, figure_json, pareto_figure, pareto_patch, pareto_plot, pareto_view
from tests.views.drawings import ERROR, PARAMS, searched

VIEWS = (
    pareto_view(searched(40, 1), PARAMS, ERROR),
    pareto_view(searched(40, 1), PARAMS, ERROR, selected=5),
    pareto_view(searched(90, 2), PARAMS, ERROR, twin=searched(90, 3), truth=(np.array([1e5, 2e5]), np.array([9.0, 8.0]))),
    pareto_view(searched(0, 2), PARAMS, ERROR),
)


def patched(plot: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """As assets/widgets/src/plotly.ts does it."""
    layout, changes = plot["layout"], patch["layout"]
    axes = {side: {**layout[side], **changes[side]} for side in ("xaxis", "yaxis")}
    data = [{**trace, **columns} for trace, columns in zip(plot["data"], patch["data"], strict=True)]
    return {"data": data, "layout": {**layout, **axes, "annotations": changes["annotations"]}}


@pytest.mark.parametrize("titles", [True, False])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_plot_is_what_plotly_makes_of_it(view: ParetoView, theme: str, titles: bool) -> None:
    theirs = figure_json(pareto_figure(view, theme, noun="cells", titles=titles))
    theirs["layout"].setdefault("annotations", [])  # which plotly leaves out where there are none
    assert json.loads(json.dumps(pareto_plot(view, theme, "cells", titles))) == theirs


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_patched_plot_equals_one_made_anew(view: ParetoView, theme: str) -> None:
    other = pareto_plot(pareto_view(searched(0, 1), PARAMS, ERROR), theme, "cells", titles=False)
    assert patched(other, pareto_patch(view, theme, "cells")) == pareto_plot(view, theme, "cells", titles=False)


def test_the_frame_of_another_view_stays_whatever_is_seen() -> None:
    whole = pareto_view(searched(90, 2), PARAMS, ERROR)
    early = pareto_view(searched(3, 2), PARAMS, ERROR, frame=whole)
    assert (early.x_axis, early.y_axis) == (whole.x_axis, whole.y_axis)
    assert early.volume is not None
    assert whole.volume is not None
    assert early.volume <= whole.volume  # measured in one frame they can be compared
