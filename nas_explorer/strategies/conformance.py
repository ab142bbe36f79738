"""What every strategy must do, as checks that anybody can run on their own: `check_strategy(MyStrategy(), space)`.

A search keeps only a log and resumes by replaying it, so these are not matters of taste: a strategy that breaks one of them
loses its place after a crash, or disturbs the notebook around it.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import random
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, SearchSpace, to_indices
from nas_explorer.strategies.protocol import Problem, Proposer, Strategy

OBJECTIVES = (metric("validation_error"),)


@dataclass(frozen=True, slots=True)
class Case:
    """A strategy on a space, and how long to watch it."""

    strategy: Strategy
    space: SearchSpace
    objectives: tuple[Metric, ...] = OBJECTIVES
    trials: int = 14

    def begin(self, seed: int = 3) -> Proposer:
        return self.strategy.begin(Problem(self.space, self.objectives, seed))

    def run(self, proposer: Proposer, fails: Callable[[int], bool] = lambda _: False) -> list[Trial]:
        """Ask and tell, one after the other."""
        trials = []
        for number in range(self.trials):
            trials.append(self.end(number, proposer.ask(), fails(number)))
            proposer.tell(trials[-1])
        return trials

    def end(self, number: int, architecture: Architecture, failed: bool = False) -> Trial:
        """A trial with values that follow from the architecture alone."""
        if failed:
            return Trial(number, architecture, "failed", {}, "out of memory", 0.1)
        text = repr(sorted(architecture.items()))
        values = {m.name: zlib.crc32(f"{m.name} {text}".encode()) % 1000 / 10 for m in self.objectives}
        return Trial(number, architecture, "finished", values, "", 0.1)


def check_strategy(strategy: Strategy, space: SearchSpace, objectives: Sequence[Metric] = OBJECTIVES, trials: int = 14) -> None:
    """Run every check.

    Raises:
        AssertionError: at the first that fails, with what was expected and what came.
    """
    for check in CHECKS:
        check(Case(strategy, space, tuple(objectives), trials))


def is_described(case: Case) -> None:
    """A frozen dataclass with a sentence and a source in its docstring, and options that have defaults JSON can keep."""
    cls: type[Any] = type(case.strategy)
    _require(bool(getattr(vars(cls).get("__dataclass_params__"), "frozen", False)), f"{cls.__name__} must be a dataclass(frozen=True)")
    lines = (inspect.getdoc(cls) or "").splitlines()
    _require(bool(lines) and lines[0].endswith("."), f"the docstring of {cls.__name__} must begin with one sentence")
    _require(any(line.startswith("Source:") and len(line) > 12 for line in lines),
             f"the docstring of {cls.__name__} must name where it comes from in a line `Source: ...`")
    for field in dataclasses.fields(cls):
        given = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        _require(given, f"option {field.name} of {cls.__name__} needs a default")
    json.dumps(dataclasses.asdict(cls()), allow_nan=False)


def proposes_from_the_space(case: Case) -> None:
    """Everything it proposes belongs to the space, and it may be asked again before it is told."""
    proposer = case.begin()
    asked = [proposer.ask() for _ in range(5)]
    for number in (3, 0, 4, 1, 2):
        proposer.tell(case.end(number, asked[number]))
    for architecture in [*asked, *(trial.architecture for trial in case.run(proposer))]:
        to_indices(case.space, architecture)


def repeats_itself(case: Case) -> None:
    """The same seed and the same answers give the same search, and one search does not disturb another."""
    first, second = case.begin(), case.begin()
    once = [trial.architecture for trial in case.run(first)]
    again = [trial.architecture for trial in case.run(second)]
    for number, (was, now) in enumerate(zip(once, again, strict=True)):
        _require(was == now, f"the same seed proposed {was} once and {now} then, as trial {number}")
    one, other = case.begin(), case.begin()
    for number in range(case.trials):
        for proposer in (one, other):
            architecture = proposer.ask()
            _require(architecture == once[number], f"beside another search, trial {number} became {architecture}")
            proposer.tell(case.end(number, architecture))


def goes_on_after_failures(case: Case) -> None:
    """Failed trials, the first ones among them and all of them, do not stop it."""
    case.run(case.begin(), fails=lambda number: number < 3 or number % 3 == 0)
    for trial in case.run(case.begin(), fails=lambda _: True):
        to_indices(case.space, trial.architecture)


def resumes_from_a_log(case: Case) -> None:
    """Asked and told as the log says, a new proposer goes on exactly where the old one was; two trials are always under way."""
    old, new = case.begin(), case.begin()
    waiting: list[Trial] = []
    for number in range(case.trials):
        waiting.append(case.end(number, old.ask(), failed=number % 5 == 4))
        replayed = new.ask()
        _require(replayed == waiting[-1].architecture, f"a replay proposed {replayed} where the log has {waiting[-1].architecture}")
        if len(waiting) > 2:
            done = waiting.pop(0)
            old.tell(done)
            new.tell(done)


def leaves_global_randomness_alone(case: Case) -> None:
    """`random`, `numpy.random` and torch's generator are the user's."""
    before = list(_global_states())
    case.run(case.begin())
    for (name, was), (_, now) in zip(before, _global_states(), strict=False):
        _require(was == now, f"it drew from {name}; use a generator made from the problem's seed")


def learns_what_others_propose(case: Case) -> None:
    """A trial it did not propose, one that the user asked for, may be told as well."""
    proposer, other = case.begin(), case.begin(seed=11)
    for trial in case.run(other):
        proposer.tell(trial)
    to_indices(case.space, proposer.ask())


CHECKS: tuple[Callable[[Case], None], ...] = (
    is_described, proposes_from_the_space, repeats_itself, goes_on_after_failures, resumes_from_a_log,
    leaves_global_randomness_alone, learns_what_others_propose,
)


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _global_states() -> Iterator[tuple[str, object]]:
    yield "random", random.getstate()
    yield "numpy.random", repr(np.random.get_state())
    if "torch" in sys.modules:
        yield "torch", sys.modules["torch"].get_rng_state().tolist()
