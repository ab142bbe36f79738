"""Stepping into a search: edits count from the next proposal on, for every strategy, and are refused in the user's words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidArchitecture, InvalidOption, RunError
from nas_explorer.records import SearchFinished, SearchPaused, SearchResumed, Steered, TrialFinished, TrialStarted
from nas_explorer.search.control import Control
from nas_explorer.search.search import Search
from nas_explorer.search.session import Session
from nas_explorer.search.steering import Steering
from nas_explorer.spaces import narrowed, size
from nas_explorer.strategies import RegularizedEvolution, Reinforce
from tests.toys import CountOff, switches

SPACE = switches(6)
PIN = (nas.spaces.decisions(SPACE)[0].id, nas.spaces.decisions(SPACE)[0].options[0])


def made(folder: Path, strategy: object = "random_search", trials: int = 30, **changes: Any) -> Search:
    return Search("nas_bench_201", strategy, "tabular", ["validation_error"], budget=trials, run=folder, **changes)


def steered(search: Search, **at: Callable[[Steering], object]) -> Search:
    """Run it inline, and call what is given for `after<n>` when trial n has ended."""
    for event in search.events():
        if isinstance(event, TrialFinished) and (edit := at.get(f"after{event.trial}")):
            edit(search.steer)
    return search


def taken(search: Search, decision: str, start: int = 0) -> list[object]:
    return [search.history.architecture(number)[decision] for number in range(start, len(search.history))]


STRATEGIES = ["random_search", "regularized_evolution", "local_search", "bananas", "hyperband", "bohb", "tpe", "nsga2", "exhaustive",
              "reinforce_per_decision", "warm_start", RegularizedEvolution(6, 3), Reinforce(hidden_units=8)]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
def test_a_pin_and_a_veto_hold_from_the_next_trial_on_until_they_are_undone(folder: Path, strategy: object) -> None:
    search = steered(made(folder, strategy, trials=36),
                     after9=lambda steer: steer.pin("cell/0->1", "conv_3x3").veto("cell/0->2", "none").veto("cell/0->2", "skip"),
                     after25=lambda steer: steer.clear())
    under = [search.history.architecture(number) for number in range(10, 26)]
    assert {architecture["cell/0->1"] for architecture in under} == {"conv_3x3"}
    assert not {architecture["cell/0->2"] for architecture in under} & {"none", "skip"}
    assert (search.phase, len(search.history)) == ("finished", 36)
    assert [given.trial for given in search.steer.edits] == [10, 10, 10, 26]
    assert not any(given.in_force for given in search.steer.edits)


def test_what_is_proposed_by_hand_is_the_next_trial_and_says_so(folder: Path) -> None:
    wanted = dict.fromkeys([d.id for d in nas.spaces.decisions(nas.spaces.nas_bench_201())], "conv_1x1")
    search = steered(made(folder, RegularizedEvolution(5, 2)), after4=lambda steer: steer.propose(wanted))
    assert dict(search.history.architecture(5)) == wanted
    assert search.explain(5).sentence == "Proposed by hand."
    assert search.explain(6).sentence != "Proposed by hand."
    assert [(given.edit.kind, given.trial, given.in_force) for given in search.steer.edits] == [("propose", 5, False)]


def test_what_was_proposed_by_hand_becomes_a_parent(folder: Path) -> None:
    best, _ = nas.estimators.Tabular("nas_bench_201").optimum("validation_error")
    search = steered(made(folder, RegularizedEvolution(5, 5)), after6=lambda steer: steer.propose(best))
    assert 7 in [parent for number in range(8, 13) for parent in search.history.why(number).get("parents", [])]


def test_a_limit_holds_for_what_is_proposed_afterwards(folder: Path) -> None:
    search = steered(made(folder), after4=lambda steer: steer.limit("parameter_count <= 500_000"))
    costs = [nas.spaces.cost(search.plan.space, search.history.architecture(number)).parameter_count for number in range(30)]
    assert max(costs[5:]) <= 500_000 < max(costs[:5])


def test_the_budget_can_grow_and_shrink(folder: Path) -> None:
    search = steered(made(folder, trials=10), after9=lambda steer: steer.budget(14), after12=lambda steer: steer.undo().budget(13))
    assert (len(search.history), search.phase) == (13, "finished")
    assert search.steer.total.trials == 13


def test_the_log_keeps_every_edit_and_explains_what_was_in_force(folder: Path) -> None:
    steered(made(folder), after3=lambda steer: steer.pin("cell/0->1", "skip"), after7=lambda steer: steer.undo())
    opened = nas.open(folder)
    assert [event.edit["kind"] for event in opened.history.turns if isinstance(event, Steered)] == ["pin", "undo"]
    assert ("Edits in force", "Pin cell/0→1 to skip") in opened.explain(5).numbers
    assert not any("Edits in force" in dict(opened.explain(number).numbers) for number in (3, 9))


def test_the_handle_tells_what_is_left(folder: Path) -> None:
    search = made(folder)
    events = search.events()
    for _ in range(20):
        next(events)
    steer = search.steer.pin("cell/0->1", "conv_3x3").veto("cell/0->2", "none")
    assert [given.number for given in steer.edits] == [None, None]
    next(events)
    next(events)
    assert [given.number for given in steer.edits] == [20, 21]
    assert steer.count == 4 * 5 ** 4 == size(steer.space)
    assert (steer.pins, steer.vetoes) == ({"cell/0→1": "conv_3x3"}, {"cell/0→2": ("none",)})
    assert steer.offers["cell/0→2"] == ("skip", "conv_1x1", "conv_3x3", "avg_pool_3x3")
    fitting = [t for t in search.history.trials() if t.status == "finished" and steer.fits(t.architecture)]
    assert steer.fitting == len(fitting) == sum(
        t.architecture["cell/0->1"] == "conv_3x3" and t.architecture["cell/0->2"] != "none" for t in search.history.trials())
    assert steer.space == narrowed(search.plan.space, {"cell/0->1": ["conv_3x3"], "cell/0->2": steer.offers["cell/0→2"]})


WORDS: list[tuple[Callable[[Steering], object], str]] = [
    (lambda s: s.veto("cell/9->1", "skip"), "has no decision 'cell/9→1'; did you mean 'cell/0→1'"),
    (lambda s: s.veto("cell/0->2", "swim"), "has no option 'swim'; it offers none, skip"),
    (lambda s: s.pin("cell/0->1", "none"), "is pinned to skip, so it cannot be pinned to none; undo that pin first"),
    (lambda s: s.veto("cell/0->1", "skip"), "is pinned to skip, so it cannot be changed"),
    (lambda s: s.add("cell/0->1", "none"), "is pinned to skip, so it cannot be widened"),
    (lambda s: s.pin("cell/0->2", "none"), "none is vetoed on 'cell/0→2', so it cannot be pinned; undo that veto first"),
    (lambda s: s.veto("cell/0->2", "none"), "none is vetoed on 'cell/0→2' already"),
    (lambda s: s.add("cell/0->3", "none"), "offers none already"),
    (lambda s: [s.veto("cell/1->2", o) for o in ("none", "skip", "conv_1x1", "conv_3x3", "avg_pool_3x3")],
     "avg_pool_3x3 is the last option of 'cell/1→2', so to veto it would leave no architecture"),
    (lambda s: [s.pin(d, "skip") for d in s.offers if d != "cell/0→1" and d != "cell/0→2"] and s.pin("cell/0->2", "skip"),
     "would leave a single architecture"),
    (lambda s: s.limit("parameter_count <= 5"), "none of 2,000 random architectures of 'nas_bench_201' keeps parameter_count <= 5"),
    (lambda s: s.limit("beauty <= 5"), "does not know 'beauty'"),
    (lambda s: s.limit("small"), "a constraint is a quantity and its most"),
    (lambda s: s.budget(0), "trials of a budget must be a number above zero"),
    (lambda s: s.budget(2), "trials have begun already, so 2 cannot be the budget"),
    (lambda s: s.budget(), "a budget names its limits"),
    (lambda s: s.propose({"cell/0->1": "skip"}), "asks for decision"),
    (lambda s: s.propose(dict.fromkeys(s.offers, "none")), "what is proposed takes none on 'cell/0→1', where skip is left"),
]


@pytest.mark.parametrize(("edit", "words"), WORDS)
def test_an_impossible_edit_is_refused_and_leaves_no_event(folder: Path, edit: Callable[[Steering], object], words: str) -> None:
    search = made(folder, trials=8)
    refused: list[str] = []

    def try_it(steer: Steering) -> None:
        steer.pin("cell/0->1", "skip").veto("cell/0->2", "none")
        with pytest.raises((InvalidOption, InvalidArchitecture)) as error:
            edit(steer)
        refused.append(str(error.value))

    steered(search, after4=try_it)
    assert words in refused[0]
    assert all(event.edit["kind"] in ("pin", "veto") for event in search.history.turns if isinstance(event, Steered))


def test_an_option_that_nobody_drew_can_be_added_where_the_estimator_can_score_it(folder: Path) -> None:
    first = nas.spaces.decisions(SPACE)[0].id
    search = steered(Search(SPACE, RegularizedEvolution(4, 2), CountOff(), run=folder, budget=40),
                     after9=lambda steer: steer.add(first, "conv_5x5").pin(first, "conv_5x5"), after19=lambda steer: steer.undo(),
                     after29=lambda steer: steer.clear())
    assert {search.history.architecture(number)[first] for number in range(10, 20)} == {"conv_5x5"}
    assert "conv_5x5" not in {search.history.architecture(number)[first] for number in (*range(10), *range(30, 40))}
    assert search.steer.space == SPACE
    opened = nas.open(folder, estimator=CountOff())
    assert opened.plan.space == opened.run.space != SPACE
    assert nas.spaces.decisions(opened.run.space)[0].options == ("skip", "conv_3x3", "conv_5x5")
    assert all(nas.spaces.cost(opened.run.space, trial.architecture).macs for trial in opened.history.trials())
    assert opened.compare(15, 3).sentence
    assert opened.neighbours(15).better is not None
    assert opened.importance().decisions
    assert opened.explain(15).numbers
    assert len(opened.to_study().trials) == 40


def test_an_operation_is_added_with_its_parameters_open_ones_too(folder: Path) -> None:
    first, second = (decision.id for decision in nas.spaces.decisions(SPACE)[:2])
    search = steered(Search(SPACE, RegularizedEvolution(4, 2), CountOff(), run=folder, budget=40),
                     after4=lambda steer: steer.add(first, nas.spaces.op("mbconv", kernel=(3, 5), expand=3)).pin(first, "mbconv(expand=3)"),
                     after19=lambda steer: steer.clear().add(second, "conv(kernel=7)").pin(second, "conv_7x7"))
    open_one = first.removesuffix(".op") + ".mbconv.kernel"
    assert {search.history.architecture(number)[open_one] for number in range(5, 20)} == {3, 5}
    assert set(taken(search, second, 20)) == {"conv_7x7"}
    opened = nas.open(folder, estimator=CountOff())
    assert len(opened.steer.edits) == 5
    assert all(nas.spaces.cost(opened.run.space, trial.architecture).macs for trial in opened.history.trials())
    assert opened.importance().decisions


def test_a_range_is_widened_by_one_edit_and_narrowed_again_by_one(folder: Path) -> None:
    seen: list[object] = []

    def widen(steer: Steering) -> None:
        seen.extend((steer.widen("channels", high=128).offers["channels"], steer.undo().offers["channels"]))
        steer.widen("channels", low=4, high=48, step=8)
        for edit, words in ((lambda: steer.widen("channels", high=8), "reaches from 4 to 48 already"),
                            (lambda: steer.widen("channels"), "widen takes a new end"),
                            (lambda: steer.widen("channels", high=500, step=1), "more than 100 numbers"),
                            (lambda: steer.widen("chanels", high=9), "did you mean 'channels'"),
                            (lambda: steer.widen("stage1[0].op", high=9), "only a range of numbers can be widened")):
            with pytest.raises(InvalidOption, match=words):
                edit()

    search = steered(Search("chain", "random_search", CountOff(), budget=60, run=folder), after4=widen)
    assert seen == [(8, 16, 32, 64, 128), (8, 16, 32)]
    assert set(taken(search, "channels", 5)) == {8, 16, 32, 4, 40, 48}
    assert [given.edit.text for given in search.steer.edits if given.in_force] == ["Widen channels by 4, 40, 48"]


def test_a_network_of_an_added_option_is_trained(folder: Path) -> None:
    search = steered(Search("chain", "random_search", nas.estimators.Training("digits", epochs=1), budget=4, run=folder),
                     after1=lambda steer: steer.add("channels", 4).pin("channels", 4))
    assert [search.history.architecture(number)["channels"] for number in (2, 3)] == [4, 4]
    assert search.history.finished_count == 4
    assert search.build(3) is not None


ADDITIONS = [
    (lambda s: s.add("cell/0->1", "conv_5x5"), "conv_5x5 cannot be added to 'cell/0→1'"),
    (lambda s: s.add("cell/0->1", "teleport"), "teleport cannot be added to 'cell/0→1'"),
    (lambda s: s.add("cell/7->9", "skip"), "has no decision 'cell/7→9'"),
]


@pytest.mark.parametrize(("edit", "words"), ADDITIONS)
def test_what_cannot_be_scored_or_built_is_not_added(folder: Path, edit: Callable[[Steering], object], words: str) -> None:
    def try_it(steer: Steering) -> None:
        with pytest.raises(InvalidOption, match=words):
            edit(steer)

    assert steered(made(folder, trials=4), after2=try_it).steer.edits == []


def test_what_is_over_or_has_not_begun_cannot_be_steered(folder: Path) -> None:
    search = made(folder, trials=3)
    with pytest.raises(RunError, match="is idle, so there is nothing to steer yet"):
        search.steer.veto("cell/0->1", "none")
    steered(search)
    with pytest.raises(RunError, match=r"is finished, so it cannot be steered any more \(Veto none on cell/0→1"):
        search.steer.veto("cell/0→1", "none")
    assert search.steer.edits == []


def test_nothing_to_undo_is_said(folder: Path) -> None:
    def nothing(steer: Steering) -> None:
        for take_back in (steer.undo, steer.clear):
            with pytest.raises(InvalidOption, match="no edit is in force"):
                take_back()
        steer.pin("cell/0->1", "skip").undo()
        with pytest.raises(InvalidOption, match="nothing to undo: no edit is in force, and none was cleared"):
            steer.undo()

    steered(made(folder, trials=4), after2=nothing)


def test_a_clear_is_undone_as_a_whole_and_its_pin_holds_again(folder: Path) -> None:
    search = steered(made(folder), after4=lambda steer: steer.pin("cell/0->1", "skip").veto("cell/0->2", "none"),
                     after9=lambda steer: steer.clear(), after19=lambda steer: steer.undo())
    assert set(taken(search, "cell/0->1", 20)) == {"skip"} < set(taken(search, "cell/0->1", 10))
    assert "none" not in taken(search, "cell/0->2", 20)
    edits = [event.edit for event in search.history.turns if isinstance(event, Steered)]
    assert edits[-2:] == [{"kind": "clear"}, {"kind": "undo", "back": 2}]
    assert [edit.kind for edit in nas.open(folder).steer.in_force] == ["pin", "veto"]


def test_a_stopped_search_is_steered_in_its_folder_and_goes_on_so(folder: Path) -> None:
    search = made(folder)
    events = search.events()
    for _ in range(25):
        next(events)
    events.close()
    assert search.phase == "interrupted"
    search.steer.pin("cell/0->1", "skip")
    begun = len(search.history)
    assert (search.phase, search.steer.edits[0].number) == ("interrupted", 25)
    steered(search)
    assert set(taken(search, "cell/0->1", begun)) == {"skip"}


def test_a_paused_loop_writes_an_edit_at_once(folder: Path) -> None:
    search = made(folder)
    next(search.events())                                  # makes the folder
    control = Control()
    session = Session(folder, search.plan, control)
    events: Iterator[Any] = iter(session)
    for _ in range(10):
        next(events)
    control.pause()
    while not isinstance(next(events), SearchPaused):
        pass
    threading.Timer(0.05, lambda: session.inbox.hand_in(nas.records.Edit("pin", "cell/0->1", "skip"))).start()
    event = next(events)
    assert isinstance(event, Steered)
    assert event.edit["option"] == "skip"
    control.resume()
    assert isinstance(next(events), SearchResumed)
    started = next(event for event in events if isinstance(event, TrialStarted))
    assert started.architecture["cell/0->1"] == "skip"
    control.stop()
    assert isinstance(list(events)[-1], SearchFinished)
    with pytest.raises(RunError, match="has ended"):
        session.inbox.hand_in(nas.records.Edit("veto", "cell/0->2", "skip"))


def test_short_trainings_are_told_to_whoever_rationed_them_only(folder: Path) -> None:
    """A proposer that begins anew would take a part of the training for all of it."""
    diaries: list[list[int]] = []

    class Halves:
        def __init__(self, space: nas.spaces.SearchSpace) -> None:
            self.space, self.asked, self.told = space, 0, list[int]()
            diaries.append(self.told)

        def ask(self) -> nas.spaces.Architecture:
            self.asked += 1
            return nas.spaces.sample(self.space, np.random.default_rng(self.asked))

        def ration(self) -> float:
            return 0.5 if self.asked % 2 else 1.0

        def tell(self, trial: nas.records.Trial) -> None:
            self.told.append(trial.number)

    class Halving:
        def begin(self, problem: nas.strategies.protocol.Problem) -> Halves:
            return Halves(problem.space)

    taken = nas.spaces.narrowed(SPACE, {PIN[0]: [PIN[1]]})
    steered(Search(SPACE, Halving(), CountOff(epochs=4), run=folder, budget=8), after5=lambda steer: steer.pin(*PIN))
    first, *_, second = diaries
    assert first == [0, 1, 2, 3, 4, 5, 7]
    architectures = nas.records.run.Run.open(folder).history.architecture
    assert second == [*(number for number in (1, 3, 5) if nas.spaces.fits(taken, architectures(number))), 6, 7]


def test_trials_that_no_longer_fit_stay_and_one_of_them_may_stay_the_best(folder: Path) -> None:
    def veto_the_best(steer: Steering) -> None:
        best = search.best
        assert best is not None
        steer.veto("cell/0->3", best.architecture["cell/0->3"])

    search = made(folder)
    steered(search, after9=veto_the_best)
    assert len(search.trials) == 30
    assert search.steer.fitting < 30


def test_a_strategy_that_cannot_go_on_in_what_is_left_says_so(folder: Path) -> None:
    class Picky:
        def begin(self, problem: nas.strategies.protocol.Problem) -> Any:
            if problem.space.only:
                raise InvalidOption("this one needs the whole space")
            return nas.strategies.RandomSearch().begin(problem)

    def refused(steer: Steering) -> None:
        with pytest.raises(InvalidOption, match="could not go on in what this would leave: this one needs the whole space"):
            steer.veto(*PIN)

    steered(Search(SPACE, Picky(), CountOff(), run=folder, budget=6), after2=refused)
