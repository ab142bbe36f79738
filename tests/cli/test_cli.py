"""The same from a terminal: what is printed, what is written, and the words of what goes wrong."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.cli import lab, main
from nas_explorer.errors import NasExplorerError
from nas_explorer.spaces import nas_bench_201, to_indices
from nas_explorer.spaces.library.nas_bench_201 import arch_str

EVOLUTION = [
    "search",
    "--space",
    "nas_bench_201",
    "--estimator",
    "tabular",
    "--dataset",
    "cifar10",
    "--strategy",
    "regularized_evolution",
    "--set",
    "population_size=10",
    "--set",
    "tournament_size=3",
    "--objective",
    "validation_error",
    "--objective",
    "latency_ms@raspi4",
    "--seed",
    "0",
]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def printed(capsys: Capture, *arguments: str) -> Any:
    """The JSON that a command prints."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_search_prints_one_object_with_all_that_it_found(capsys: Capture) -> None:
    found = printed(capsys, *EVOLUTION, "--trials", "200", "--run", "r")
    assert set(found) == {"run", "space", "strategy", "seed", "trials", "failed", "best", "front", "wall_seconds", "trials_per_second"}
    assert (found["run"], found["space"], found["strategy"], found["seed"], found["trials"], found["failed"]) == (
        "r",
        "nas_bench_201",
        "regularized_evolution",
        0,
        200,
        0,
    )
    text = found["best"]["architecture"].pop("arch_str")
    to_indices(nas_bench_201(), found["best"]["architecture"])
    assert text == arch_str(nas.spaces.Architecture(found["best"]["architecture"]))
    assert {"validation_error", "latency_ms@raspi4", "parameter_count", "macs"} <= set(found["best"]["metrics"])
    assert isinstance(found["best"]["metrics"]["parameter_count"], int)
    errors = [entry["metrics"]["validation_error"] for entry in found["front"]]
    latencies = [entry["metrics"]["latency_ms@raspi4"] for entry in found["front"]]
    assert errors == sorted(errors)
    assert latencies == sorted(latencies, reverse=True)
    assert found["best"]["metrics"]["validation_error"] == errors[0]


def test_a_search_can_be_held_to_constraints(capsys: Capture) -> None:
    limits = ("--constraint", "latency_ms@raspi4 <= 8", "--constraint", "parameter_count <= 500_000")
    found = printed(capsys, *EVOLUTION, *limits, "--trials", "40", "--run", "r")
    assert max(entry["metrics"]["latency_ms@raspi4"] for entry in found["front"]) <= 8
    assert json.loads(Path("r/run.json").read_text())["constraints"] == ["latency_ms@raspi4 <= 8", "parameter_count <= 500000"]


def test_same_words_same_search(capsys: Capture) -> None:
    first, second = (printed(capsys, *EVOLUTION, "--trials", "50", "--run", name) for name in "ab")
    assert first["front"] == second["front"]


def test_a_search_shows_progress_and_what_to_do_next(capsys: Capture) -> None:
    assert main([*EVOLUTION, "--trials", "30", "--run", "r"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "30/30" in said.err
    assert "30 trials in " in said.err
    assert "nas-explorer report r --to report.html" in said.err


def test_a_budget_in_simulated_seconds_and_resume(capsys: Capture) -> None:
    found = printed(capsys, *EVOLUTION, "--simulated-seconds", "2000", "--run", "r")
    assert found["trials"] == nas.open("r").history.ended_count
    again = printed(capsys, "search", "--resume", "--run", "r")
    assert again["trials"] == found["trials"]
    assert main(["search", "--resume"]) == 2
    assert "--resume needs --run DIR" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", "--strategy", "regularised_evolution", "--trials", "3"], "did you mean 'regularized_evolution'"),
        (["search", "--space", "nasbench", "--trials", "3"], "there is no space 'nasbench'"),
        (["search", "--trials", "0"], "trials of a budget must be a number above zero, got 0"),
        (["search"], "a budget needs a limit"),
        (["search", "--trials", "3", "--objective", "latency"], "measures validation_error"),
        (["search", "--trials", "3", "--set", "population_size"], "an option is set once, as OPTION=VALUE"),
        (["search", "--trials", "3", "--set", "population_size=1", "--set", "population_size=2"], "an option is set once"),
        (["search", "--trials", "3", "--set", "population_size=ten"], "population_size must be a whole number, got 'ten'"),
        (["search", "--trials", "3", "--set", "size=10"], "has no option 'size'"),
        (["search", "--trials", "3", "--dataset", "mnist"], "cifar10"),
        (["search", "--trials", "3", "--pace", "-1"], "pace must be a number of trials a second above zero"),
    ],
)
def test_wrong_words_are_named_and_nothing_is_written(capsys: Capture, arguments: list[str], words: str) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("nas-explorer: ")
    assert words in said.err
    assert not Path("runs").exists()


def test_a_run_that_is_there_already_is_not_written_over(capsys: Capture) -> None:
    printed(capsys, *EVOLUTION, "--trials", "5", "--run", "r")
    assert main([*EVOLUTION, "--trials", "5", "--run", "r"]) == 1
    assert "r holds a run already; open it with nas.open('r')" in capsys.readouterr().err


def test_runs_lists_sound_and_damaged_runs(capsys: Capture) -> None:
    for name in ("one", "two"):
        printed(capsys, *EVOLUTION, "--trials", "5", "--run", f"all/{name}")
    log = Path("all/two/events.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"n":3', b'"n":9', 1))
    rows = {row["run"]: row for row in printed(capsys, "runs", "all")}
    assert rows["all/one"]["phase"] == "finished"
    assert rows["all/one"]["trials"] == 5
    assert rows["all/two"]["phase"] == "unreadable"
    assert "line 4" in rows["all/two"]["best"]
    assert main(["runs", "all"]) == 0
    assert "regularized_evolution" in capsys.readouterr().out
    assert main(["runs", "nowhere"]) == 1


def test_show_prints_state_best_and_front(capsys: Capture) -> None:
    found = printed(capsys, *EVOLUTION, "--trials", "40", "--run", "r")
    shown = printed(capsys, "show", "r")
    assert shown["best"] == found["best"]
    assert shown["phase"] == "finished"
    assert main(["show", "r"]) == 0
    out = capsys.readouterr().out
    assert "r: finished" in out
    assert found["best"]["architecture"]["arch_str"] in out
    assert len(re.findall(r"^\d+ ", out, flags=re.M)) == len(found["front"])


class Links(html.parser.HTMLParser):
    """Everything in a page that could be fetched or run."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [
            value for name, value in attrs if name in ("src", "href", "srcset", "data") and value and not value.startswith("#")
        ]


def test_a_report_is_one_offline_page_with_the_front_and_diagrams(capsys: Capture) -> None:
    found = printed(capsys, *EVOLUTION, "--trials", "60", "--run", "r")
    assert main(["report", "r", "--to", "page.html"]) == 0
    assert capsys.readouterr().out.strip() == "page.html"
    page = Path("page.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert links.outside == []
    assert "script" not in links.tags
    assert links.tags.count("svg") >= 3  # the front, the best so far, and diagrams of the best
    assert found["best"]["architecture"]["arch_str"] in page
    assert "random" in page
    assert main(["report", "r", "--to", "no/where.html"]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("room", "name"), [("strategies", "regularized_evolution"), ("spaces", "nas_bench_201"), ("estimators", "tabular")]
)
def test_listings_name_summary_options_and_source(capsys: Capture, room: str, name: str) -> None:
    entry = next(entry for entry in printed(capsys, room) if entry["name"] == name)
    assert entry["summary"]
    assert entry["source"]
    assert {"name", "type", "default"} <= set(entry["options"][0])
    assert entry.get("size") == (15_625 if room == "spaces" else None)
    assert main([room]) == 0
    assert name in capsys.readouterr().out


# ---- lab
def test_notebooks_are_copied_and_changed_ones_are_left_alone(tmp_path: Path) -> None:
    said = lab.copy_notebooks(tmp_path / "mine")
    assert any("01_watch_a_search.ipynb is new" in line for line in said)
    assert lab.copy_notebooks(tmp_path / "mine") == []
    mine = tmp_path / "mine" / "01_watch_a_search.ipynb"
    mine.write_text("my own words")
    assert any("is yours and stays as it is" in line for line in lab.copy_notebooks(tmp_path / "mine"))
    assert mine.read_text() == "my own words"


def test_lab_starts_jupyterlab_on_the_first_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("subprocess.call", lambda command: started.append(command) or 0)
    assert main(["lab", "here", "--no-browser"]) == 0
    (command,) = started
    assert command[1:3] == ["-m", "jupyterlab"]
    assert "--no-browser" in command
    assert command[-1] == str(Path("here") / "01_watch_a_search.ipynb")
    assert main(["lab", "--", "--port=9999", "--ServerApp.token="]) == 0
    assert started[1][-3:-1] == ["--port=9999", "--ServerApp.token="]
    assert not Path("--port=9999").exists()


def test_a_folder_that_cannot_take_notebooks_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NasExplorerError, match="cannot be written"):
        lab.copy_notebooks(tmp_path / "file" / "deep")
