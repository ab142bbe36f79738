"""`nas-explorer replay` tells the story of a run from its log alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from nas_explorer.cli import main
from nas_explorer.records.events import decode
from nas_explorer.search.search import Search
from nas_explorer.strategies import RegularizedEvolution
from tests.toys import CountOff, on, switches


@pytest.fixture
def run(folder: Path) -> Search:
    """With failures, and parts that no catalog has."""

    def misbehave(architecture: object) -> None:
        if on(architecture) == 3:  # type: ignore[arg-type]
            raise RuntimeError("out of memory")

    search = Search(switches(6), RegularizedEvolution(5, 3), CountOff(misbehave=misbehave), ["validation_error"], budget=20, run=folder)
    for _ in search.events():
        pass
    return search


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["replay", *words]) == 0
    return capsys.readouterr().out


def test_the_story_names_every_best_trial_every_failure_and_the_end(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    story = told(capsys, str(run.folder), "--speed", "10000")
    assert story.startswith("The search began.\n")
    places = [story.index(f"trial {trial} is the best so far: validation error {value:.2f} %") for trial, value in run.history.incumbents]
    assert places == sorted(places)
    assert story.count("is the best so far") == len(run.history.incumbents)
    for trial in run.history.failures:
        assert f"trial {trial} failed: out of memory" in story
    assert "One of the 5 random architectures" in story
    assert story.rstrip().endswith("The search ended: budget.")


def test_it_can_begin_in_the_middle(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    story = told(capsys, str(run.folder), "--speed", "10000", "--from", "20")
    assert "The search began." not in story
    assert "The search ended: budget." in story


def test_in_json_it_is_the_events_as_they_were_written(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, str(run.folder), "--json").splitlines()
    written = (run.folder / "events.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in written]
    assert [decode(line).number for line in lines] == list(range(len(written)))


def test_it_takes_as_long_as_the_search_did_divided_by_the_speed(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    log = run.folder / "events.jsonl"
    events = [json.loads(line) for line in log.read_text().splitlines()]
    slow = "".join(json.dumps({**event, "at": 1000.0 + event["n"]}) + "\n" for event in events)
    log.write_text(slow)
    began = time.perf_counter()
    told(capsys, str(run.folder), "--speed", "200")
    took = time.perf_counter() - began
    assert took > len(events) / 200 * 0.9


def test_a_log_that_was_cut_short_is_told_up_to_there(run: Search, capsys: pytest.CaptureFixture[str]) -> None:
    log = run.folder / "events.jsonl"
    log.write_bytes(log.read_bytes()[:-30])
    assert "The search ended" not in told(capsys, str(run.folder), "--speed", "10000")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--speed", "0"], "--speed is a number above zero, as in --speed 10, got 0"),
        (["--speed", "nan"], "--speed is a number above zero"),
        (["--from", "21"], "--from is a number of trials that had ended, 0 to 20, got 21"),
    ],
)
def test_wrong_words_are_named(run: Search, words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(run.folder), *words]) == 2
    assert message in capsys.readouterr().err
