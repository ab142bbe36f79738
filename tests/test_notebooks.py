"""Every notebook runs from top to bottom, in a folder of its own, on a small budget, and is kept without outputs.

A notebook's cell tagged "parameters" says how long everything takes; its metadata "small_budget" names the values that are set after
that cell here. NAS_EXPLORER_NOTEBOOKS=full runs them as a reader does.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from nas_explorer.course import lessons

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
# The fields of nbgrader's schema, version 3, as a cell has them that is nothing special.
NBGRADER = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
FULL = os.environ.get("NAS_EXPLORER_NOTEBOOKS") == "full"


def parameters_at(notebook: nbformat.NotebookNode) -> int:
    (place,) = [place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    return place


def on_the_small_budget(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """As papermill does it: a cell with other values after the one that is tagged."""
    lines = [f"{name} = {value!r}" for name, value in notebook.metadata.small_budget.items()]
    notebook.cells.insert(parameters_at(notebook) + 1, nbformat.v4.new_code_cell("\n".join(lines)))
    return notebook


def test_notebooks_are_numbered_in_the_order_in_which_they_are_read() -> None:
    numbers = [path.name[:2] for path in NOTEBOOKS]
    assert numbers == [f"{number:02d}" for number in range(1, 11)]
    assert [lesson.notebook for lesson in lessons()] == [path.name for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    if not FULL:
        notebook = on_the_small_budget(notebook)
    (tmp_path / "work").mkdir()
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "work")}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_small_budget_sets_numbers_that_the_notebook_has_and_makes_them_smaller(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    tagged = ast.parse(notebook.cells[parameters_at(notebook)].source)
    values = {line.targets[0].id: ast.literal_eval(line.value) for line in tagged.body if isinstance(line, ast.Assign)}  # type: ignore[attr-defined]
    small = notebook.metadata.small_budget
    assert small
    assert set(small) <= set(values)
    # Fewer of everything, but a pace is slow on purpose, and quicker here.
    assert [name for name, value in small.items() if (value < values[name]) is ("PACE" in name)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_exercise_has_a_cell_to_try_a_solution_and_a_test_that_nbgrader_knows(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    (lesson,) = [lesson for lesson in lessons() if lesson.notebook == path.name]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for place in range(1, len(lesson.exercises) + 1):
        number = f"{lesson.number}.{place}"
        (tried,) = [at for at, cell in enumerate(code) if cell.source.startswith(f'nas.course.check("{number}", ...)')]
        answer, graded = code[tried + 1:tried + 3]        # that the solution passes is seen when the notebook runs
        assert answer.source.startswith(f"# Exercise {number}: the answer that is handed in\n### BEGIN SOLUTION\n")
        assert answer.source.endswith("\n### END SOLUTION")
        assert f"answer_{place} = " in answer.source
        assert answer.metadata.nbgrader == {**NBGRADER, "grade_id": f"exercise_{lesson.number}_{place}", "solution": True}
        assert graded.source == f'nas.course.require("{number}", answer_{place})'
        assert graded.metadata.nbgrader == {
            **NBGRADER, "grade_id": f"exercise_{lesson.number}_{place}_test", "grade": True, "locked": True, "points": 1}
        assert answer.metadata.jupyter.source_hidden
        assert graded.metadata.jupyter.source_hidden
    assert sum("nas.course.require" in cell.source for cell in code) == len(lesson.exercises)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_predicted_is_revealed_further_down(path: Path) -> None:
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    asked = {name: at for at, source in enumerate(code) for name in re.findall(r"^(\w+) = nas\.course\.Predict\.", source, re.MULTILINE)}
    told = {name: at for at, source in enumerate(code) for name in re.findall(r"^(\w+)\.reveal\(", source, re.MULTILINE)}
    assert asked or "hidden=True" in "".join(code)        # the race hides its lines until a name is pressed
    assert set(asked) == set(told)
    assert all(asked[name] < told[name] for name in asked)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.outputs or cell.execution_count is not None] == []
    assert notebook.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.cells[0].source.startswith("# ")
