"""Rooms import one way: every import in the package, held against the tables in nas_explorer/README.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "nas_explorer"


def table(heading: str) -> dict[str, str]:
    """First and last cell of every row of the table under this head row, in order."""
    lines = (PACKAGE / "README.md").read_text(encoding="utf-8").splitlines()
    begin = lines.index(heading) + 2
    rows = [line.strip("|").split("|") for line in lines[begin:lines.index("", begin)]]
    return {row[0].strip(): row[-1].strip() for row in rows}


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w.]+?)(?:/|\.py)?`", cell)


def rooms() -> dict[str, list[str]]:
    """Room -> what it may import: rooms, or single modules of one."""
    found: dict[str, list[str]] = {}
    for first, last in table("| room | question | may import |").items():
        (room,) = names(first)
        found[room] = list(found) if last == "all above" else names(last)
    return found


ROOMS = rooms()
PACKAGES = {package: names(last) for first, last in table("| package | rooms |").items() for package in names(first)}


def files(room: str) -> list[Path]:
    folder = PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]


def imports(source: str) -> Iterator[str]:
    """Every module that a source imports, wherever the line stands: `nas_explorer.search.loop`, `torch.nn`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"a relative import, line {node.lineno}: write it out"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if is_module(inner) else f"{node.module}"


def is_module(name: str) -> bool:
    path = PACKAGE.parent / Path(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def strays(room: str, source: str) -> list[str]:
    """What a source in this room imports against the tables."""
    return [name for name in imports(source) if not fits(room, name)]


def fits(room: str, name: str) -> bool:
    top, _, inner = name.partition(".")
    if top != "nas_explorer":
        return room in PACKAGES.get(top, [room])
    inner = inner or "__init__"
    return any(inner == allowed or inner.startswith(f"{allowed}.") for allowed in (room, *ROOMS[room]))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_row_names(room: str) -> None:
    found = {str(path.relative_to(PACKAGE)): stray for path in files(room) if (stray := strays(room, path.read_text(encoding="utf-8")))}
    assert not found, f"{room} may import {', '.join(ROOMS[room]) or 'nothing'}; packages that stay in their rooms: {PACKAGES}"


def test_every_file_of_the_package_is_in_a_room_of_the_map() -> None:
    assert sorted(path for room in ROOMS for path in files(room)) == sorted(PACKAGE.rglob("*.py"))


def test_arrows_point_up_so_there_is_no_circle() -> None:
    order = list(ROOMS)
    for room, allowed in ROOMS.items():
        for name in allowed:
            assert order.index(name.split(".")[0]) < order.index(room), f"{room} may import {name}, which stands below it"


@pytest.mark.parametrize(("room", "source"), [
    ("spaces", "from nas_explorer.records import Trial"),
    ("search", "from nas_explorer.strategies import RandomSearch"),
    ("search", "from nas_explorer.strategies.random_search import RandomSearch"),
    ("views", "def later():\n    from nas_explorer import search"),
    ("widgets", "import nas_explorer"),
    ("records", "import torch.nn as nn"),
    ("records", "if TYPE_CHECKING:\n    from plotly.graph_objects import Figure"),
])
def test_the_check_finds_an_arrow_that_points_down(room: str, source: str) -> None:
    assert strays(room, source)


@pytest.mark.parametrize(("room", "source"), [
    ("search", "from nas_explorer.strategies.catalog import CATALOG"),
    ("search", "from nas_explorer.estimators import protocol"),
    ("cli", "from nas_explorer import __version__, spaces"),
    ("views", "import numpy as np"),
])
def test_the_check_lets_the_others_pass(room: str, source: str) -> None:
    assert strays(room, source) == []


def loaded_by(program: str) -> set[str]:
    """The packages that a new process has then."""
    told = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    return {*subprocess.run([sys.executable, "-c", f"{program}; {told}"], capture_output=True, text=True, check=True).stdout.split()}


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import nas_explorer")
    assert "nas_explorer" in loaded
    assert not {*PACKAGES, "numpy"} & loaded


def test_a_dashboard_is_shown_without_plotly_or_pandas(tmp_path: Path) -> None:
    """They take longer to load than a log of 10,000 trials."""
    run = f"run={str(tmp_path / 'run')!r}"
    search = f"search = nas.Search('nas_bench_201', 'random_search', 'tabular', ['validation_error', 'parameter_count'], budget=3, {run})"
    loaded = loaded_by(f"import nas_explorer as nas; {search}; list(search.events()); nas.Dashboard(search).close()")
    assert "anywidget" in loaded
    assert not {"torch", "optuna", "plotly", "pandas"} & loaded


def test_a_dashboard_and_all_that_stands_in_it_wait_for_no_torch_optuna_or_plotly() -> None:
    loaded = loaded_by("import nas_explorer as nas; nas.Dashboard, nas.RaceView, nas.explore, nas.course.lessons()")
    assert {"nas_explorer", "anywidget"} <= loaded
    assert not {"torch", "optuna", "plotly", "distributed"} & loaded
