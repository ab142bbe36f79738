"""`nas-explorer steer RUN`: the same edits from a terminal, on a search that nobody runs just now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nas_explorer.cli import main
from nas_explorer.search.search import Search


@pytest.fixture
def run(folder: Path) -> Path:
    search = Search("nas_bench_201", "random_search", "tabular", ["validation_error"], budget=20, run=folder)
    for event in search.events():
        if event.kind == "trial_finished" and event.trial == 5:
            break
    return folder


def test_edits_are_written_and_listed(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    architecture = dict(Search.open(run).history.architecture(0))
    for words in (["pin", "cell/0->1", "skip"], ["veto", "cell/0->2", "none"], ["add", "cell/0->2", "none"],
                  ["limit", "parameter_count <= 1_000_000"], ["budget", "trials=12"],
                  ["propose", json.dumps({**architecture, "cell/0→1": "skip"})], ["undo"]):
        assert main(["steer", str(run), *words]) == 0
    out = capsys.readouterr().out.strip().split("\n\n")[-1]
    assert "3,125 architectures are left from the next trial on" in out
    assert "Budget: 12 trials" in out
    assert "Pin cell/0→1 to skip, from trial 6 on" in out
    assert main(["search", "--run", str(run), "--resume"]) == 0
    history = Search.open(run).history
    assert {history.architecture(number)["cell/0->1"] for number in range(6, 12)} == {"skip"}
    assert len(history) == 12


@pytest.mark.parametrize(("words", "said"), [
    (["pin", "cell/0->1", "swim"], "has no option 'swim'"),
    (["budget", "tries=5"], "a budget names its limits, as in trials=500"),
    (["budget", "trials=many"], "trials of a budget must be a number"),
    (["propose", "{"], "an architecture is a JSON object"),
    (["propose", "[]"], "an architecture is a JSON object"),
    (["undo"], "there is nothing to undo"),
    (["widen", "cell/0->1", "--high", "7"], "only a range of numbers can be widened"),
])
def test_what_is_wrong_is_said_in_a_line(run: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["steer", str(run), *words]) == 2
    assert said in capsys.readouterr().err
