"""A student's session with one lesson: predict, run, see the truth, answer wrong, read the hint, answer right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser.lab import Notebook, Server

pytestmark = pytest.mark.browser

Open = Callable[[list[str]], Notebook]
LESSON = Path(__file__).parents[2] / "notebooks" / "01_watch_a_search.ipynb"
TAKEN = [f"watch-{name}" for name in ("02", "06", "10", "predict-1", "12", "14", "16", "reveal-1", "exercise-1-try")]
KINDS = """import nas_explorer as nas
from IPython.display import display
number = nas.course.Predict.number("How much?", 0, 100, "%")
ranking = nas.course.Predict.ranking("Which is better? The best first.", ["grad_norm", "snip", "parameter_count"])
curve = nas.course.Predict.curve("How well does the order fit the truth?", range(1, 10), 0, 1, axis="epochs")
which = nas.course.Predict.choice("Which one wins?", ["random search", "evolution", "tpe"])
display(number, ranking, curve, which)
"""
TRUTHS = """number.reveal(61.2, display=False)
ranking.reveal(["parameter_count", "snip", "grad_norm"], display=False)
curve.reveal([0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.82, 0.85, 0.86], display=False)
which.reveal("evolution", because="It learns from the first fifty.", display=False)
display(*(nas.course.check("01.1", answer) for answer in (5 ** 6, 5 ** 10, "many", ...)))
"""


def cells_of_the_lesson() -> list[str]:
    book = nbformat.read(LESSON, as_version=4)
    sources = {cell.id: cell.source for cell in book.cells}
    small = "\n".join(f"{name} = {value!r}" for name, value in book.metadata.small_budget.items())
    return [small, *(sources[name] for name in TAKEN)]


def typed(notebook: Notebook, index: int, source: str) -> None:
    """Click into a cell, type, and run it."""
    editor = notebook.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content")
    editor.click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.type(source)
    notebook.run_cell(index)


@pytest.fixture(autouse=True)
def _no_errors_on_the_page(page: Any) -> Any:
    yield
    assert page.errors == []


def test_a_student_predicts_runs_answers_wrong_reads_the_hint_and_answers_right(
    open_notebook: Open, jupyterlab: Server, page: Any, pictures: Path | None
) -> None:
    page.set_viewport_size({"width": 1200, "height": 2600})
    notebook = open_notebook(cells_of_the_lesson())
    for index in range(5):
        notebook.run_cell(index)
    asked = page.locator(".pr").first
    asked.wait_for(timeout=20_000)
    slider = asked.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    asked.get_by_role("button", name="That is my guess").click()
    asked.get_by_role("button", name="Guess kept").wait_for(timeout=10_000)
    assert notebook.python("rank_guess.given") == 21
    assert notebook.python("rank_guess.sentence") == ""

    for index in range(5, 9):
        notebook.run_cell(index)
    revealed = page.locator(".pr").nth(1)
    rank = notebook.python("table.rank(best.architecture).rank")
    revealed.get_by_text("You said 21;").wait_for(timeout=20_000)
    assert f"it is {rank:,}" in revealed.inner_text()
    assert asked.get_by_role("button").count() == 0           # above, too, the guess cannot be changed any more
    assert revealed.get_by_role("img").get_attribute("aria-label").startswith("Your guess: 21.")

    notebook.run_cell(9)
    exercise = page.locator(".jp-Notebook .jp-Cell").nth(9)
    exercise.get_by_text("No answer yet.").wait_for(timeout=10_000)
    typed(notebook, 9, 'nas.course.check("01.1", 5 ** 6)')
    exercise.get_by_text("Draw the fifth node: how many arrows does it add?").wait_for(timeout=10_000)
    typed(notebook, 9, 'nas.course.check("01.1", 5 ** 10)')
    exercise.get_by_text("Right.").wait_for(timeout=10_000)
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / "lesson-light-1200.png")

    notebook.save()
    book = json.loads((jupyterlab.folder / notebook.name).read_text())
    saved = ["".join(out["data"]["image/svg+xml"]) for out in book["cells"][8]["outputs"] if "image/svg+xml" in out.get("data", {})]
    assert any("Your guess: 21" in picture and "The truth:" in picture for picture in saved)


def test_every_kind_is_guessed_by_keyboard_kept_back_until_then_and_fits_in_both_themes(
    open_notebook: Open, page: Any, pictures: Path | None
) -> None:
    page.set_viewport_size({"width": 700, "height": 2200})
    notebook = open_notebook([KINDS, TRUTHS])
    notebook.run_cell(0)
    number, ranking, curve, which = (page.locator(".pr").nth(place) for place in range(4))
    which.wait_for(timeout=20_000)
    number.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    number.get_by_role("button").click()
    ranking.get_by_role("button", name="Move snip up").click()
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / "predict-open-light-700.png")
    notebook.run_cell(1)
    assert notebook.python("[number.sentence[:9], ranking.sentence, curve.sentence]") == ["You said ", "", ""]
    ranking.get_by_role("button", name="Guess and reveal").click()
    ranking.get_by_text("You have 1 of 3 pairs in the right order.").wait_for(timeout=10_000)
    curve.get_by_role("slider", name="epochs 9").focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("d")
    page.keyboard.press("d")                                   # JupyterLab would delete the cell
    first = curve.get_by_role("slider", name="epochs 1", exact=True)
    box = first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40, steps=4)
    page.mouse.up()
    curve.get_by_role("button", name="Guess and reveal").click()
    curve.get_by_text("On average your curve is").wait_for(timeout=10_000)
    guess = notebook.python("curve.given")
    assert guess[8] == 0.6
    assert guess[0] < 0.4
    assert page.locator(".jp-Notebook .jp-Cell").count() == 2
    which.get_by_role("radio", name="random search").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    which.get_by_role("button", name="Guess and reveal").click()
    which.get_by_text("You said tpe; it is evolution. It learns from the first fifty.").wait_for(timeout=10_000)
    assert which.get_by_role("radio").first.is_disabled()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.theme(theme)
        for asked in (number, ranking, curve, which):
            assert asked.evaluate("el => el.scrollWidth <= el.clientWidth + 1")
            ground = asked.evaluate("el => getComputedStyle(el).backgroundColor")
            assert (ground == "rgb(255, 255, 255)") == ("Light" in theme)
        if pictures:
            page.screenshot(path=pictures / f"predict-{theme.split()[-1].lower()}-700.png")
