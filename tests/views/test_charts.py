"""Static charts and the picture that sums a search up: valid anywhere, in words as well."""

import pytest

from nas_explorer.records import History, Metric
from nas_explorer.views.charts import curve_svg, pareto_svg
from nas_explorer.views.detail import facts
from nas_explorer.views.diagram import diagrams
from nas_explorer.views.labels import Label, kept_apart
from nas_explorer.views.pareto import finding, pareto_view
from nas_explorer.views.picture import Selected, picture_svg
from nas_explorer.views.progress import curve_view
from tests.views.drawings import ERROR, HOSTILE, PARAMS, SPACE, checked_svg, searched, words_of

THEMES = pytest.mark.parametrize("theme", ["light", "dark", "css"])


@THEMES
def test_the_pareto_plot_names_its_axes_and_its_lines(theme: str) -> None:
    view = pareto_view(searched(60, 1), PARAMS, ERROR, twin=searched(60, 2), selected=7)
    root = checked_svg(pareto_svg(view, theme, noun="cells"))
    assert {"validation error (%)", "parameters", f"search, {len(view.front)} cells", "random twin", "#7"} <= set(words_of(root))
    assert root.attrib["aria-label"] == finding(view)


@THEMES
def test_the_curve_ends_in_its_values(theme: str) -> None:
    view = curve_view(searched(60, 1), ERROR, twin=searched(60, 2), optimum=8.39, x_max=100)
    words = words_of(checked_svg(curve_svg(view, theme)))
    assert f"{view.search[-1][1]:.2f} % search" in words
    assert f"{view.twin[-1][1]:.2f} % random" in words
    assert "8.39 % optimum" in words


@THEMES
def test_empty_charts_keep_their_axes_and_say_so(theme: str) -> None:
    history = History([ERROR, PARAMS])
    for svg in (pareto_svg(pareto_view(history, PARAMS, ERROR), theme), curve_svg(curve_view(history, ERROR), theme)):
        assert "No finished trial yet" in words_of(checked_svg(svg))


def test_only_the_newest_thousands_are_dots_of_a_static_plot() -> None:
    svg = pareto_svg(pareto_view(searched(3000, 8), PARAMS, ERROR))
    assert len(svg) < 200_000
    assert svg.count("a3.5 3.5 0 1 0 7 0") <= 2000


@THEMES
def test_the_picture_tells_name_state_best_and_front(theme: str) -> None:
    history = searched(60, 1)
    view, trial = pareto_view(history, PARAMS, ERROR), history.incumbents[-1][0]
    chosen = Selected(f"Cell #{trial}", diagrams(SPACE, history.architecture(trial)), facts(history, SPACE, trial, [ERROR, PARAMS]))
    svg = picture_svg(
        "nas_bench_201 · random_search", "finished", [{"label": "Trials", "value": "60"}], view, curve_view(history, ERROR), chosen, theme
    )
    root = checked_svg(svg)
    assert {"nas_bench_201 · random_search", "Finished", "60", f"Cell #{trial}", "Error", "in", "out"} <= set(words_of(root))
    assert root.attrib["width"] == "100%"


def test_names_never_become_markup() -> None:
    view = pareto_view(searched(5, 1), Metric("cost", HOSTILE[:8], True, HOSTILE), ERROR)
    svg = picture_svg(
        HOSTILE * 3,
        "failed",
        [{"label": HOSTILE, "value": HOSTILE}],
        view,
        curve_view(searched(5, 1), ERROR),
        Selected(HOSTILE, (), [{"label": HOSTILE, "value": HOSTILE}], HOSTILE),
    )
    assert "<script" not in svg
    checked_svg(svg)


def test_control_signs_do_not_break_the_xml() -> None:
    view = pareto_view(History([ERROR, PARAMS]), PARAMS, ERROR)
    checked_svg(picture_svg("a\x00b\x1b[31m\ud800", "idle", [], view, curve_view(History([ERROR]), ERROR)))


def test_labels_keep_apart_and_inside() -> None:
    placed = [label.at for label in kept_apart([Label(99, "a", ""), Label(98, "b", ""), Label(97, "c", "")], 10, 0, 100)]
    assert placed == pytest.approx([80, 90, 100])
