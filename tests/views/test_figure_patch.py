"""A patched figure is the one that plotly would make of the same view."""

from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.views import figure_json, pareto_figure, pareto_patch, pareto_view, patched
from tests.views.drawings import ERROR, PARAMS, searched


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_patched_figure_equals_one_made_anew(theme: str) -> None:
    history = searched(40, 1)
    plain = figure_json(pareto_figure(pareto_view(searched(0, 1), PARAMS, ERROR), theme, noun="cells", titles=False))
    for view in (
        pareto_view(history, PARAMS, ERROR),
        pareto_view(history, PARAMS, ERROR, selected=5),
        pareto_view(searched(90, 2), PARAMS, ERROR, twin=searched(90, 3), truth=(np.array([1e5, 2e5]), np.array([9.0, 8.0]))),
        pareto_view(searched(0, 2), PARAMS, ERROR),
    ):
        anew = figure_json(pareto_figure(view, theme, noun="cells", titles=False))
        assert patched(plain, pareto_patch(view, theme, "cells")) == {**anew, "layout": {"annotations": [], **anew["layout"]}}


def test_the_frame_of_another_view_stays_whatever_is_seen() -> None:
    whole = pareto_view(searched(90, 2), PARAMS, ERROR)
    early = pareto_view(searched(3, 2), PARAMS, ERROR, frame=whole)
    assert (early.x_axis, early.y_axis) == (whole.x_axis, whole.y_axis)
    assert early.volume is not None
    assert whole.volume is not None
    assert early.volume <= whole.volume  # measured in one frame they can be compared
