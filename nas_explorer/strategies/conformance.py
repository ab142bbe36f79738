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
import typing
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.records.events import why_text
from nas_explorer.spaces import Architecture, SearchSpace, decisions, fits, from_indices, narrowed, projected, sample, to_indices
from nas_explorer.strategies.protocol import Exhausted, Explains, Narrows, Problem, Proposer, Rationing, Strategy, Vectorised

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
        """Ask and tell, one after the other; a small space may be exhausted before."""
        trials: list[Trial] = []
        for number in range(self.trials):
            try:
                architecture = proposer.ask()
            except Exhausted:
                break
            trials.append(self.end(number, architecture, fails(number)))
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
    try:
        typing.get_type_hints(cls)
    except NameError as error:
        raise AssertionError(f"the types of the options of {cls.__name__} must be names that its module has: {error}") from error
    json.dumps(dataclasses.asdict(cls()), allow_nan=False)


def proposes_from_the_space(case: Case) -> None:
    """Everything it proposes belongs to the space, and it may be asked again before it is told."""
    proposer = case.begin()
    asked = _asked(proposer, 5)
    for number in sorted(range(len(asked)), key=lambda i: (3 * i + 1) % 5):
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
    for number in range(len(once)):
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
        if not (asked := _asked(old, 1)):
            break
        waiting.append(case.end(number, asked[0], failed=number % 5 == 4))
        replayed = new.ask()
        _require(replayed == asked[0], f"a replay proposed {replayed} where the log has {asked[0]}")
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
    for architecture in _asked(proposer, 1):
        to_indices(case.space, architecture)


def learns_from_others_beside_its_own(case: Case) -> None:
    """Trials of others, failed ones too and some that it has out itself, may come between its own; a replay goes the same way."""
    foreign = _drawn(case, 12)
    asked: list[list[Architecture]] = []
    for _ in range(2):
        proposer, own = case.begin(), list[Architecture]()
        for number, trial in enumerate(foreign):
            own += _asked(proposer, number % 4 == 0)
            proposer.tell(replace(trial, number=2 * number))
            if number % 4 == 3:
                proposer.tell(case.end(2 * number + 1, own[-1]))
        asked.append(own)
    for architecture in asked[0]:
        to_indices(case.space, architecture)
    _require(asked[0] == asked[1], "told of the same trials of others, it proposed something else")


def goes_on_in_what_is_left(case: Case) -> None:
    """Begun in a space of which a user has ruled out options, and told of the trials that still fit, it stays in what is left."""
    left = _left(case.space)
    try:
        proposer = case.strategy.begin(Problem(left, case.objectives, 5))
    except InvalidOption:
        return                                             # it says that it cannot, and the user hears it
    for trial in _drawn(case, 40):
        if fits(left, trial.architecture):
            proposer.tell(replace(trial, architecture=projected(left, trial.architecture)))
    for number in range(3):
        for architecture in _asked(proposer, 1):
            to_indices(left, architecture)
            proposer.tell(case.end(100 + number, architecture))


def leaves_options_out(case: Case) -> None:
    """A proposer that narrows proposes what is left only, learns on, and is as before when it may propose all again."""
    proposer, plain = case.begin(), case.begin()
    if not isinstance(proposer, Narrows):
        return
    left, whole_offers = _left(case.space), {decision.id: decision.options for decision in decisions(case.space)}
    for number in range(case.trials):
        if number % 3 == 1:
            proposer.narrow({**whole_offers, **dict(left.only)})
            proposer.narrow(whole_offers)
        architecture, expected = proposer.ask(), plain.ask()
        _require(architecture == expected, f"narrowed and widened between two questions, it proposed {architecture} for {expected}")
        for one in (proposer, plain):
            one.tell(case.end(number, architecture))
    proposer.narrow({**whole_offers, **dict(left.only)})
    for number in range(case.trials):
        architecture = proposer.ask()
        to_indices(case.space, architecture)
        _require(fits(left, architecture), f"it proposed {architecture}, which takes options that were left out")
        proposer.tell(case.end(100 + number, architecture))


def _drawn(case: Case, count: int) -> list[Trial]:
    """Trials that chance proposed, every fifth failed."""
    rng = np.random.default_rng(0)
    return [case.end(number, sample(case.space, rng), failed=number % 5 == 4) for number in range(count)]


def _left(space: SearchSpace) -> SearchSpace:
    """The space without the first option of the first decision, and where there are more decisions, with the last one pinned."""
    first, *others = decisions(space)
    pins = {decision.id: decision.options[-1:] for decision in others[-1:] if not decision.when}
    return narrowed(space, {first.id: first.options[1:] if len(first.options) > 2 else first.options, **pins})


def rations_are_shares(case: Case) -> None:
    """Where it says how long a proposal is worth training, that is a share of the whole."""
    proposer = case.begin()
    for number in range(case.trials):
        for architecture in _asked(proposer, 1):
            if isinstance(proposer, Rationing):
                _require(0 < proposer.ration() <= 1, f"a ration is above 0 and at most 1, got {proposer.ration()} for trial {number}")
            proposer.tell(case.end(number, architecture))


def explains_in_words_json_has(case: Case) -> None:
    """Where it says why it proposed something, JSON can keep that, its parents are trials it was told of, and saying it changes nothing."""
    proposer, silent = case.begin(), case.begin()
    if not isinstance(proposer, Explains):
        return
    for number in range(case.trials):
        for architecture in _asked(proposer, 1):
            found = json.loads(why_text(proposer.why()))
            born = set(range(number))
            _require(set(found.get("parents", ())) <= born, f"parents are trials it was told of, got {found} for trial {number}")
            _require(silent.ask() == architecture, f"asked why, it proposed {architecture} as trial {number}, and else it would not")
            for told in (proposer, silent):
                told.tell(case.end(number, architecture))


def fleets_propose_from_the_space(case: Case) -> None:
    """Where many searches run at once, each proposes architectures of the space, and the same seed gives the same searches."""
    if not isinstance(case.strategy, Vectorised):
        return
    problem = Problem(case.space, case.objectives, 3)
    fleets = [case.strategy.begin_many(problem, 4) for _ in range(2)]
    for number in range(case.trials):
        rows = [fleet.ask() for fleet in fleets if fleet is not None]
        if not rows:
            return
        _require(len(rows) == 2 and np.array_equal(rows[0], rows[1]), f"the same seed gave a fleet other proposals as trial {number}")
        trials = [case.end(number, from_indices(case.space, row)) for row in rows[0].tolist()]
        costs = [[np.inf if number == 3 else m.cost(trial.values[m.name]) for m in case.objectives] for trial in trials]
        for fleet in fleets:
            if fleet is not None:
                fleet.tell(np.array(costs, dtype=float))


CHECKS: tuple[Callable[[Case], None], ...] = (
    is_described, proposes_from_the_space, repeats_itself, goes_on_after_failures, resumes_from_a_log,
    leaves_global_randomness_alone, learns_what_others_propose, learns_from_others_beside_its_own, goes_on_in_what_is_left,
    leaves_options_out, rations_are_shares, explains_in_words_json_has, fleets_propose_from_the_space,
)


def _asked(proposer: Proposer, count: int) -> list[Architecture]:
    """So many proposals, fewer if there are no more."""
    found: list[Architecture] = []
    for _ in range(count):
        try:
            found.append(proposer.ask())
        except Exhausted:
            break
    return found


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _global_states() -> Iterator[tuple[str, object]]:
    yield "random", random.getstate()
    yield "numpy.random", repr(np.random.get_state())
    if "torch" in sys.modules:
        yield "torch", sys.modules["torch"].get_rng_state().tolist()
