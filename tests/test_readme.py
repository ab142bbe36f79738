"""What the repository's prose promises is there: links, commands, extras, names. Its Python examples run as doctests."""

from __future__ import annotations

import doctest
import re
import shlex
import struct
import tomllib
from pathlib import Path

import pytest

from nas_explorer import cli, estimators, spaces, strategies, tasks
from nas_explorer.estimators.nas_bench_201 import DEVICES

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md",
         "nas_explorer/README.md", "nas_explorer/data/README.md", "assets/widgets/README.md"]
PICTURES = sorted((ROOT / "assets" / "pictures").glob("*.png"))
MOST_BYTES = 250_000


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def shell_lines(page: str) -> list[str]:
    """The commands in the shell blocks of a page, continued lines joined, comments gone."""
    blocks = re.findall(r"```sh\n(.*?)```", text(page), re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", text(page))
    local = [target for pair in targets for target in pair if target and not target.startswith(("http", "#"))]
    assert [target for target in local if not ((ROOT / page).parent / target.partition("#")[0]).exists()] == []


def test_the_python_of_the_readme_runs(folder: Path) -> None:
    """Said here because pytest's own collection begins in the folders below the page."""
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False, globs={"folder": folder}, optionflags=flags,
                                     encoding="utf-8")
    assert tried > 10
    assert not failed


def test_the_commands_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line.split("&&")[-1].strip() for line in shell_lines("README.md") if "nas-explorer" in line]
    assert [command.split()[1] for command in commands] == ["lab", "search", "report", "show", "replay", "steer", "show", "search",
                                                          "export", "search", "runs", "strategies"]
    for command in commands:
        words = shlex.split(command.replace("--trials 20", "--trials 1").replace("--epochs 20", "--epochs 1"))[1:]     # real training
        over = words[0] == "steer"                           # the page's search has ended by then: it is told so
        assert (cli.main([*words, "--no-open"] if words[0] == "lab" else words) != 0) == over, command
    told = capsys.readouterr()
    assert "500 trials" in told.out
    assert "cannot be steered any more (Veto none on cell/0→1)" in told.err
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_an_extra_that_is_installed_exists(page: str) -> None:
    extras = tomllib.loads(text("pyproject.toml"))["project"]["optional-dependencies"]
    asked = [extra for group in re.findall(r"\.\[([\w,]+)\]", text(page)) for extra in group.split(",")]
    assert asked
    assert [extra for extra in asked if extra not in extras] == []


def test_the_names_in_the_readme_are_in_the_catalogs() -> None:
    page = text("README.md")
    (named,) = re.findall(r"^\* \*\*Strategies\.\*\*(.*?)^\*", page, re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", named)) == {*strategies.names()} - {"optuna_sampler"}
    assert f"{spaces.size(spaces.nas_bench_201()):,} trained networks" in page
    assert f"latency on {len(DEVICES)} devices" in page
    assert f"**Spaces.** {len(spaces.names())} of them" in page
    assert {"nas_bench_201", "darts", "enas_macro", "efficientnet"} <= {*spaces.names()}
    assert [name for name in estimators.names() if f"`{name}`" not in page] == []


def test_the_tasks_of_the_readme_are_the_bundled_ones_under_their_licences() -> None:
    rows = [[cell.strip() for cell in row] for row in re.findall(r"^ *\| `(\w+)` \|(.*)\|(.*)\|$", text("README.md"), re.MULTILINE)]
    assert sorted(name for name, _, _ in rows) == list(tasks.names())
    for name, _, licence in rows:
        (entry,) = re.findall(rf"^\| .*`{name}\.npz`.*$", text("nas_explorer/data/README.md"), re.MULTILINE)
        assert licence in entry


@pytest.mark.parametrize("script", ["check", "test", "build"])
def test_the_front_ends_commands_exist(script: str) -> None:
    assert f'"{script}":' in text("assets/widgets/package.json")
    assert f"npm {'test' if script == 'test' else f'run {script}'}" in text("CONTRIBUTING.md")


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_is_small_and_wide_enough_to_read(path: Path) -> None:
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert len(data) < MOST_BYTES
    assert width == 1200
    assert 700 < height < 1300


def test_there_is_a_picture_for_each_theme() -> None:
    assert [path.name for path in PICTURES] == ["dashboard-dark.png", "dashboard-light.png"]
