"""Whatever a user does to a search: resumed it is as if never interrupted, and undone it is as if never steered."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nas_explorer as nas
from nas_explorer.errors import InvalidOption
from nas_explorer.records import Steered, in_force
from nas_explorer.search.search import Search
from nas_explorer.search.steered import expressed, offers_under
from nas_explorer.spaces import Graph, SearchSpace, choice, decisions, op, sample, values
from nas_explorer.strategies import LocalSearch, RandomSearch, RegularizedEvolution, ReinforcePerDecision
from tests.toys import CountOff


def rows() -> SearchSpace:
    """Three layers with a kernel of their own where they are convolutions, at one of three widths."""
    network, last = Graph().input("image"), "image"
    for i in range(3):
        offered = choice("skip", op("conv", kernel=(1, 3, 5)), op("avg_pool", kernel=3))
        network, last = network.node(f"layer{i}", [last], op=offered), f"layer{i}"
    return SearchSpace("rows", network, channels=values(4, 8, 16), resolution=8)


SPACE = rows()
STRATEGIES = {"random": RandomSearch(), "evolution": RegularizedEvolution(4, 2), "local": LocalSearch(),
              "controller": ReinforcePerDecision(), "optuna": nas.strategies.OptunaSampler("nsga2", {"population_size": 4})}
NEW = {"layer0.op": ("max_pool_3x3", "sep_conv(kernel=3|5)"), "channels": (32,), "layer1.conv.kernel": (7,)}    # nobody drew them
Step = tuple[Any, ...]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """("run", trials) or an edit, which may be refused."""
    found: list[Step] = []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["run", "run", "pin", "veto", "veto", "add", "widen", "budget", "propose", "undo", "clear"]))
        decision = draw(st.sampled_from(decisions(SPACE)))
        option = draw(st.sampled_from((*decision.options, *NEW.get(decision.id, ()))))
        match kind:
            case "run":
                found.append(("run", draw(st.integers(1, 5))))
            case "budget":
                found.append(("budget", draw(st.integers(20, 60))))
            case "propose":
                found.append(("propose", sample(SPACE, np.random.default_rng(draw(st.integers(0, 9))))))
            case "widen":
                found.append((kind, "channels", draw(st.sampled_from([24, 32, 64]))))
            case "undo" | "clear":
                found.append((kind,))
            case _:
                found.append((kind, decision.id, option))
    return found


def play(folder: Path, strategy: str, script: Sequence[Step], interrupt: bool = False) -> Search:
    """Run a script; interrupted, the search is left before every step, and gone on with from its folder.

    Returns:
        The search after its last step and four trials more.
    """
    search = Search(SPACE, STRATEGIES[strategy], CountOff(), ["validation_error"], budget=100, run=folder)
    events = search.events()
    next(events)
    for kind, *arguments in (*script, ("run", 4)):
        if interrupt:
            events.close()
            search = nas.open(folder, estimator=CountOff())
            events = search.events() if kind == "run" else events
        if kind == "run":
            until = search.history.ended_count + arguments[0]
            while search.history.ended_count < until:
                next(events)
        else:
            try:
                if kind == "widen":
                    search.steer.widen(arguments[0], high=arguments[1])
                else:
                    getattr(search.steer, kind)(*arguments)
            except InvalidOption:
                continue
    events.close()
    return search


def told(search: Search) -> tuple[list[Any], list[Any]]:
    search.follow()
    trials = [(t.architecture, t.status, t.values) for t in search.history.trials()]
    return trials, [(given.edit, given.trial, given.in_force) for given in search.steer.edits]


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=6, deadline=None)
@given(script=steps())
def test_interrupted_anywhere_a_steered_search_is_the_same(strategy: str, script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        whole = told(play(Path(scratch) / "whole", strategy, script))
        assert told(play(Path(scratch) / "pieces", strategy, script, interrupt=True)) == whole


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=6, deadline=None)
@given(script=steps(), at=st.integers(0, 12))
def test_steered_and_undone_before_a_trial_it_is_as_if_never_steered(strategy: str, script: list[Step], at: int) -> None:
    edits = [step for step in script if step[0] not in ("run", "undo")]
    undone = [("undo",)] * len(edits) if at % 2 else [("clear",)]
    with tempfile.TemporaryDirectory() as scratch:
        steered = play(Path(scratch) / "steered", strategy, [("run", at + 1), *edits, *undone, ("run", 6)])
        plain = play(Path(scratch) / "plain", strategy, [("run", at + 1), ("run", 6)])
        assert told(steered)[0] == told(plain)[0]


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=6, deadline=None)
@given(script=steps())
def test_every_trial_obeys_the_edits_that_were_in_force_when_it_began(strategy: str, script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        search = play(Path(scratch) / "run", strategy, script)
        history = search.history
        for number in range(len(history)):
            edits = in_force(history.edits_before(number))
            offers = offers_under(SPACE, edits)
            by_hand = [edit.architecture for edit in edits if edit.kind == "propose"]
            if by_hand:
                assert history.architecture(number) == by_hand[0]
            else:
                assert expressed(offers, history.architecture(number))


@settings(max_examples=8, deadline=None)
@given(script=steps())
def test_all_undone_nothing_is_left_of_it(script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        search = play(Path(scratch) / "run", "random", script)
        while search.steer.last is not None:
            search.steer.undo()
        steer, plan = search.steer, search.plan
        assert (steer.space, steer.limits, steer.total, steer.waiting) == (SPACE, plan.limits, plan.budget, [])
        drawn = {decision.id: decision.options for decision in decisions(SPACE)}
        assert steer.fitting == sum(expressed(drawn, trial.architecture) for trial in search.history.trials() if trial.status == "finished")
        assert len([turn for turn in search.history.turns if isinstance(turn, Steered)]) == len(steer.edits)
