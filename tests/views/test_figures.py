"""The live figure: made once, changed in place, only what differs is sent."""

import numpy as np

from nas_explorer.records import Metric
from nas_explorer.views.figures import (
    FRONT,
    FRONT_LINE,
    GUIDES,
    OUTSIDE,
    RING,
    TRIALS,
    TWIN,
    pareto_figure,
)
from nas_explorer.views.palette import DARK, LIGHT
from nas_explorer.views.pareto import pareto_view
from tests.views.drawings import ERROR, PARAMS, searched


def test_every_dot_carries_its_trial_and_lines_carry_none() -> None:
    view = pareto_view(searched(40, 1), PARAMS, ERROR, twin=searched(40, 2))
    figure = pareto_figure(view)
    assert list(figure.data[TRIALS].customdata) == view.trials.tolist()
    assert list(figure.data[FRONT].customdata) == view.front.trials.tolist()
    assert str(figure.data[TRIALS].x.dtype) == "float32"
    for line in (TWIN, FRONT_LINE, GUIDES, RING):
        assert figure.data[line].customdata is None
        assert figure.data[line].hoverinfo == "skip"


def test_trials_that_do_not_fit_what_is_left_are_greyed_and_still_count() -> None:
    history = searched(40, 1)
    fitting = np.arange(38) % 2 == 0  # of the two newest nobody has asked yet
    view = pareto_view(history, PARAMS, ERROR, fitting=fitting)
    figure = pareto_figure(view)
    odd = [at for at, trial in enumerate(view.trials.tolist()) if trial < 38 and trial % 2]
    assert figure.data[OUTSIDE].x.tolist() == figure.data[TRIALS].x[odd].tolist()
    assert figure.data[OUTSIDE].hoverinfo == "skip"  # the dot below answers
    assert view.front.trials.tolist() == pareto_view(history, PARAMS, ERROR).front.trials.tolist()
    assert not pareto_view(history, PARAMS, ERROR).outside.any()


def test_other_metrics_change_titles_and_hover() -> None:
    history = searched(40, 1)
    figure = pareto_figure(pareto_view(history, ERROR, PARAMS))
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("validation error (%)", "parameters")
    assert figure.data[TRIALS].hovertemplate == "<b>#%{customdata}</b>  %{y:.3~s} parameters · %{x:,.3~r} %<extra></extra>"


def test_in_the_dark_no_colour_of_the_light_is_left() -> None:
    view = pareto_view(searched(40, 1), PARAMS, ERROR, twin=searched(40, 2), selected=3)
    figure = pareto_figure(view, "dark")
    assert figure.data[FRONT_LINE].line.color == DARK.brand
    light = {getattr(LIGHT, name) for name in ("ink", "ink_2", "ink_3", "brand_ink", "bg")}
    assert not {a.font.color for a in figure.layout.annotations} & light


def test_names_never_become_markup() -> None:
    hostile = Metric("cost", "<i>", True, "<a href='https://example.org'>cost</a>")
    figure = pareto_figure(pareto_view(searched(5, 1), hostile, ERROR), noun="<b>x")
    assert figure.layout.xaxis.title.text == "&lt;a href=&#x27;https://example.org&#x27;&gt;cost&lt;/a&gt; (&lt;i&gt;)"
    assert "<i>" not in figure.data[TRIALS].hovertemplate
