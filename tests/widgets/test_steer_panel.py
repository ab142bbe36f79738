"""The Python side of the steering panel: what it tells the browser, and what it makes of what the browser asks for."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.errors import RunNotFound
from nas_explorer.search.search import Search
from nas_explorer.strategies import RegularizedEvolution
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.steer_panel import SteerPanel, steer_panel_of
from tests.toys import CountOff, switches


def begun(folder: Path, trials: int = 20, budget: int = 200, **changes: Any) -> Search:
    """A search that was left after so many trials; edits go straight into its log."""
    strategy = RegularizedEvolution(population_size=5, tournament_size=3)
    search = Search(**{"space": switches(6), "strategy": strategy, "estimator": CountOff(), "budget": budget, "run": folder, **changes})
    for event in search.events():
        if event.kind == "trial_finished" and event.trial == trials - 1:
            break
    return search


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the panel answers the browser."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(SteerPanel, "send", lambda self, content, buffers=None: told.append(content))
    return told


@pytest.fixture
def panel(folder: Path, answers: list[dict[str, Any]]) -> Iterator[SteerPanel]:
    shown = SteerPanel(begun(folder))
    yield shown
    shown.close()


def ask(panel: SteerPanel, kind: str, **needs: Any) -> None:
    panel._heard(panel, {"type": "edit", "place": "here", "kind": kind, **needs}, [])


def states(panel: SteerPanel, row: int) -> list[str]:
    return [cell["state"] for cell in panel.stream.options["rows"][row]["cells"]]


def test_everything_that_is_sent_is_json_and_agrees_with_the_search(panel: SteerPanel) -> None:
    stream = panel.stream
    for name in ("header", "banner", "options", "standing"):
        json.dumps(getattr(stream, name), allow_nan=False)
    assert (stream.standing["left"], stream.standing["of"]) == ("64", "of 64 architectures")
    assert stream.standing["fitting"] == "All 20 finished trials fit."
    assert stream.standing["off"] == ""
    assert [tile["label"] for tile in stream.options["columns"]] == ["skip", "conv 3×3"]
    counts = [int(cell["n"].removeprefix("n = ")) for cell in stream.options["rows"][0]["cells"] if cell["n"].startswith("n")]
    assert sum(counts) == 20


def test_a_pin_and_a_veto_are_given_to_the_search_and_shown(panel: SteerPanel, answers: list[dict[str, Any]]) -> None:
    ask(panel, "pin", decision="layer0.op", option=1)
    ask(panel, "veto", decision="layer1.op", option=0)
    assert answers == [{"type": "answer", "place": "here", "ok": True, "text": ""}] * 2
    until(lambda: states(panel, 0) == ["out", "pinned"] and states(panel, 1) == ["vetoed", "open"])
    until(lambda: panel.stream.standing["left"] == "16")
    fit = sum(panel.search.steer.fits(trial.architecture) for trial in panel.search.history.trials() if trial.status == "finished")
    assert panel.stream.standing["fitting"].startswith(f"{fit} of 20 finished trials still fit")
    assert fit == panel.search.steer.fitting
    assert [line["text"] for line in panel.stream.standing["edits"]] == ["Pin layer0 to conv 3×3", "Veto skip on layer1"]


def test_what_cannot_be_done_is_answered_where_it_was_asked_and_changes_nothing(panel: SteerPanel, answers: list[dict[str, Any]]) -> None:
    ask(panel, "pin", decision="layer0.op", option=1)
    answers.clear()
    ask(panel, "pin", decision="layer0.op", option=0)
    ask(panel, "limit", text="weight <= 3")
    ask(panel, "budget", text="many")
    ask(panel, "budget", text="3")
    assert [(answer["place"], answer["ok"]) for answer in answers] == [("here", False)] * 4
    assert "'layer0.op' is pinned to conv_3x3" in answers[0]["text"]
    assert "'weight'" in answers[1]["text"]
    assert answers[2]["text"] == "a budget is a whole number, as in 500, got 'many'"
    assert "trials have begun already" in answers[3]["text"]
    assert len(panel.search.steer.edits) == 1


def test_undo_and_clear_take_back(panel: SteerPanel, answers: list[dict[str, Any]]) -> None:
    for layer in range(3):
        ask(panel, "veto", decision=f"layer{layer}.op", option=0)
    ask(panel, "undo")
    until(lambda: panel.stream.options["rows"][1]["cells"][0]["undo"])
    assert states(panel, 2) == ["open", "open"]
    ask(panel, "clear")
    until(lambda: panel.stream.standing["left"] == "64")
    assert panel.stream.standing["undo"] == "Clear all edits"
    ask(panel, "clear")
    assert answers[-1]["text"] == "there is nothing to clear: no edit is in force"
    ask(panel, "undo")
    until(lambda: panel.stream.standing["left"] == "16")
    for _ in range(2):
        ask(panel, "undo")
    until(lambda: panel.stream.standing["undo"] == "")
    ask(panel, "undo")
    assert answers[-1]["text"] == "there is nothing to undo: no edit is in force, and none was cleared"


def test_more_is_offered_by_a_line_of_text(panel: SteerPanel, answers: list[dict[str, Any]]) -> None:
    assert panel.stream.standing["offer"] == "layer0: conv_7x7"
    for text in ("layer0: conv(kernel=7)", "layer1.op: max_pool_3x3"):
        ask(panel, "offer", text=text)
    assert [answer["ok"] for answer in answers] == [True] * 2
    until(lambda: [line["text"] for line in panel.stream.standing["edits"]] == ["Offer conv 7×7 on layer0", "Offer max pool 3×3 on layer1"])
    assert (panel.stream.standing["left"], panel.stream.standing["of"].split()[1]) == ("144", "144")
    for text, said in (("layer0", "what is offered is a decision and an option"), ("layer0: to 9", "only a range of numbers"),
                       ("layer0: conv(kernel)", "a parameter of an operation is a name and its value"), ("layer9: skip", "no decision")):
        ask(panel, "offer", text=text)
        assert said in answers[-1]["text"]


def test_one_proposed_by_hand_begins_from_the_best_or_a_chosen_trial(panel: SteerPanel) -> None:
    best = panel.search.best
    assert best is not None
    options = [list(row["cells"]) for row in panel.stream.options["rows"]]
    start = panel.stream.standing["start"]
    assert start["words"] == f"the best, trial {best.number}"
    assert [cells[code]["tile"]["label"] for cells, code in zip(options, start["codes"], strict=True)] == [
        "skip" if option == "skip" else "conv 3×3" for option in best.architecture.values()
    ]
    panel.start = 2
    until(lambda: panel.stream.standing["start"]["words"] == "trial 2")
    panel.start = 999
    until(lambda: "there is no trial 999" in panel.stream.standing["start"]["words"])
    ask(panel, "propose", codes=[1, 0, 1, 0, 1, 0])
    until(lambda: panel.stream.standing["waiting"] == 1)
    (waiting,) = panel.search.steer.waiting
    assert list(waiting.values()) == ["conv_3x3", "skip"] * 3


def test_a_proposal_leaves_out_what_its_other_options_do_not_ask_for(folder: Path, answers: list[dict[str, Any]]) -> None:
    space = nas.spaces.load("once_for_all")
    search = begun(folder, 2, space=space, strategy="random_search")
    shown = SteerPanel(search)
    rows = shown.stream.options["rows"]
    assert any(row["when"] for row in rows)
    ask(shown, "propose", codes=[0] * len(nas.spaces.decisions(space)))
    assert answers[-1]["ok"], answers[-1]["text"]
    (waiting,) = search.steer.waiting
    assert len(waiting) < len(rows)
    shown.close()


@pytest.mark.parametrize(
    "message",
    [
        *(None, [], "pin", {}, {"type": "nonsense"}, {"type": "command", "name": "close"}),
        *({"type": "edit", **rest} for rest in (
            {},
            {"kind": "explode"},
            {"kind": ["pin"]},
            {"kind": "pin"},
            {"kind": "pin", "decision": "layer0.op", "option": 7},
            {"kind": "pin", "decision": "layer0.op", "option": True},
            {"kind": "pin", "decision": "nowhere", "option": 0},
            {"kind": "pin", "decision": ["layer0.op"], "option": 0},
            {"kind": "limit", "text": 5},
            {"kind": "budget"},
            {"kind": "propose", "codes": [0]},
            {"kind": "propose", "codes": "all"},
            {"kind": "propose", "codes": [0, 0, 0, 0, 0, 2]},
        )),
    ],
)  # fmt: skip
def test_messages_that_are_not_ours_change_nothing(panel: SteerPanel, message: Any) -> None:
    panel._heard(panel, message, [])
    assert panel.search.steer.edits == []
    assert panel.search.steer.count == 64


def test_after_the_end_it_is_off_and_says_why(folder: Path) -> None:
    search = begun(folder, trials=20, budget=20)
    for _ in search.events():
        pass
    shown = SteerPanel(search)
    assert shown.stream.standing["off"].startswith("The search has ended")
    assert shown.stream.banner["bold"] == "Steering is off."  # type: ignore[index]
    shown.close()


def test_before_the_start_it_is_off_too(folder: Path) -> None:
    shown = SteerPanel(Search(switches(6), "random_search", CountOff(), budget=5, run=folder))
    assert shown.stream.standing["off"] == "The search has not begun; start it, then steer it."
    assert shown.stream.standing["start"]["codes"] == [0] * 6
    shown.close()


def test_a_run_folder_will_do_and_a_wrong_one_is_named(folder: Path) -> None:
    begun(folder)
    shown = SteerPanel(str(folder))
    assert shown.stream.standing["off"] == ""
    shown.close()
    with pytest.raises(RunNotFound, match="nowhere"):
        SteerPanel(folder / "nowhere")
    gc.collect()  # what is left of it closes without a word


def test_it_is_the_same_panel_each_time(folder: Path) -> None:
    search = begun(folder)
    assert steer_panel_of(search) is steer_panel_of(search.steer.search)
    steer_panel_of(search).close()


def test_the_dashboard_makes_it_once_asked_and_greys_what_no_longer_fits(folder: Path) -> None:
    search = begun(folder)
    search.steer.pin("layer0.op", "skip")
    board = Dashboard(search)
    board._heard(board, {"type": "steer"}, [])
    until(lambda: board.stream.steer is not None)
    board.selected = 3
    assert board.stream.steer.start == 3  # type: ignore[union-attr]
    assert board.stream.header["steer"]
    out = [t for t in range(20) if not search.steer.fits(search.history.architecture(t))]
    assert int(board._content.view.outside.sum()) == len(out)  # type: ignore[union-attr]
    board._heard(board, {"type": "lineage", "trial": 7}, [])
    until(lambda: board.stream.lineage is not None)
    assert board.stream.lineage.compared == 7  # type: ignore[union-attr]
    board.close()


def test_a_dashboard_that_only_looks_cannot_steer(folder: Path) -> None:
    board = Dashboard(begun(folder), commands=False)
    board._heard(board, {"type": "steer"}, [])
    time.sleep(0.1)
    assert board.stream.steer is None
    assert not board.stream.header["steer"]
    board.close()
