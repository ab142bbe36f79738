"""What every one-shot method must do, as checks that anybody can run on their own: `check_one_shot(MyMethod(), estimator)`.

A search keeps a log and a checkpoint an epoch, and goes on from them, so these are not matters of taste: a method that breaks one
of them writes another log after a crash than without, or disturbs the notebook around it.
"""

from __future__ import annotations

import dataclasses
import inspect
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.protocol import Item, OneShot, Progress, Run, Scored
from nas_explorer.records.events import Snapshot, encode
from nas_explorer.spaces import SearchSpace, decisions, fits, narrowed, sample, to_indices
from nas_explorer.strategies.protocol import Narrows

LINE = 10_000                      # bytes that a snapshot may take in the log


@dataclass(frozen=True, slots=True)
class Case:
    """A method, and shared weights that know their space; two or three epochs are enough."""

    method: OneShot
    estimator: WeightSharing

    @property
    def space(self) -> SearchSpace:
        return self.estimator.space

    def begin(self, seed: int = 3) -> Run:
        return self.method.begin(self.space, self.estimator, seed)


def check_one_shot(method: OneShot, estimator: WeightSharing) -> None:
    """Run every check.

    Args:
        estimator: from `for_space`.

    Raises:
        AssertionError: at the first that fails, with what was expected and what came.
    """
    for check in CHECKS:
        check(Case(method, estimator))


def is_described(case: Case) -> None:
    """A frozen dataclass with a sentence and a source in its docstring, options with defaults that JSON can keep, and the mark."""
    cls: type[Any] = type(case.method)
    _require(bool(getattr(vars(cls).get("__dataclass_params__"), "frozen", False)), f"{cls.__name__} must be a dataclass(frozen=True)")
    lines = (inspect.getdoc(cls) or "").splitlines()
    _require(bool(lines) and lines[0].endswith("."), f"the docstring of {cls.__name__} must begin with one sentence")
    _require(any(line.startswith("Source:") and len(line) > 12 for line in lines),
             f"the docstring of {cls.__name__} must name where it comes from in a line `Source: ...`")
    _require(getattr(cls, "shares_weights", False) is True,
             f"{cls.__name__} must have shares_weights = True, or it is taken for a strategy")
    json.dumps(dataclasses.asdict(cls()), allow_nan=False)


def shows_how_it_stands(case: Case) -> None:
    """Every epoch ends in a snapshot: finite values, probabilities of all decisions, an architecture of the space, a short line."""
    run = case.begin()
    while not run.finished:
        items = list(run.epoch())
        _require(any(isinstance(item, Progress) for item in items), "an epoch must show a Progress")
        for item in items:
            if isinstance(item, Progress):
                _check_progress(case.space, item)
            elif isinstance(item, Scored):
                to_indices(case.space, item.architecture)
                missing = {m.name for m in case.estimator.metrics} - set(item.values)
                _require(not missing, f"a scored architecture lacks {', '.join(sorted(missing))}; take what WeightSharing.values gives")


def may_be_paused(case: Case) -> None:
    """It offers places to pause, at least one a batch of the weights, and leaving it there harms nothing."""
    run = case.begin()
    epoch = run.epoch()
    _require(next(epoch) is None, "the first thing of an epoch must be a step, shown as None")
    getattr(epoch, "close", lambda: None)()
    steps = sum(item is None for item in case.begin().epoch())
    batches = case.estimator.learner().batches.steps
    _require(steps >= batches, f"an epoch of {batches} batches offered {steps} places to pause")


def repeats_itself(case: Case) -> None:
    """The same seed gives the same search, another one another."""
    once, again, other = (_all(case.begin(seed)) for seed in (3, 3, 4))
    _require(once == again, "the same seed gave two different searches; let everything follow from the seed, and nothing from the clock")
    _require(once != other, "two seeds gave the same search")


def resumes_from_its_state(case: Case) -> None:
    """Saved between two epochs, loaded into a new run, it goes on as it would have; only tensors and plain values are saved."""
    whole = case.begin()
    while not whole.finished:
        file = io.BytesIO()
        torch.save(whole.state_dict(), file)
        file.seek(0)
        resumed = case.begin()
        for _ in zip(range(2), resumed.epoch(), strict=False):         # it has been elsewhere before it is loaded
            pass
        resumed.load_state_dict(torch.load(file, weights_only=True))
        _require(resumed.finished == whole.finished, "a loaded run must know whether it is finished")
        went_on, expected = list(resumed.epoch()), list(whole.epoch())
        _require(_plain(went_on) == _plain(expected), "loaded from its state, a run went on in another way than the one that was saved")
    _require(whole.finished, "it must come to an end")


def scoring_changes_nothing(case: Case) -> None:
    """Scores may be asked between two epochs by whoever looks on."""
    watched, alone = case.begin(), case.begin()
    rng = np.random.default_rng(0)
    while not alone.finished:
        expected = _plain(list(alone.epoch()))
        seen = _plain(list(watched.epoch()))
        _require(seen == expected, "a search that was looked on went another way")
        architecture = sample(case.space, rng)
        _require(watched.score(architecture) == watched.score(architecture), "two scores of one architecture with the same weights differ")


def leaves_global_randomness_alone(case: Case) -> None:
    """torch's and numpy's generators are the user's."""
    before = torch.get_rng_state().tolist(), repr(np.random.get_state())
    list(case.begin().epoch())
    after = torch.get_rng_state().tolist(), repr(np.random.get_state())
    for name, was, now in zip(("torch", "numpy"), before, after, strict=True):
        _require(was == now, f"it drew from the generator of {name}; use one made from the seed")


def leaves_options_out(case: Case) -> None:
    """Narrowed between two epochs, it neither shows nor scores what is ruled out; widened again before the next, nothing has happened."""
    plain, run = case.begin(), case.begin()
    if not isinstance(run, Narrows):
        return
    whole = {decision.id: decision.options for decision in decisions(case.space)}
    left = {key: options[-1:] if at == 0 and len(whole) > 1 else options[1:] if len(options) > 2 else options
            for at, (key, options) in enumerate(whole.items())}
    run.narrow(left)
    run.narrow(whole)
    _require(_plain(list(run.epoch())) == _plain(list(plain.epoch())), "narrowed and widened before an epoch, it went another way")
    run.narrow(left)
    space = narrowed(case.space, left)
    while not run.finished:
        for item in run.epoch():
            if item is None:
                continue
            _require(fits(space, item.architecture), f"{item.architecture} takes options that were left out")
            if isinstance(item, Progress):
                _check_progress(case.space, item)
                lost = [key for key, options in item.probabilities.items()
                        if any(p > 0 for p, option in zip(options, whole[key], strict=True) if option not in left[key])]
                _require(not lost, f"options of {', '.join(lost)} that were left out still have a probability")


CHECKS: tuple[Callable[[Case], None], ...] = (
    is_described, shows_how_it_stands, may_be_paused, repeats_itself, resumes_from_its_state, scoring_changes_nothing,
    leaves_global_randomness_alone, leaves_options_out,
)


def _check_progress(space: SearchSpace, progress: Progress) -> None:
    to_indices(space, progress.architecture)
    for name, value in progress.values.items():
        _require(type(value) is float and math.isfinite(value), f"{name} of a snapshot must be a finite number, got {value!r}")
    widths = {decision.id: len(decision.options) for decision in decisions(space)}
    _require(progress.probabilities.keys() == widths.keys(), "probabilities must be given for every decision of the space and no other")
    for decision, options in progress.probabilities.items():
        _require(len(options) == widths[decision] and abs(sum(options) - 1) < 1e-6 and min(options) >= 0,
                 f"probabilities of {decision!r} must be {widths[decision]} numbers that add up to 1, got {options}")
    line = encode(Snapshot(0, 0.0, progress.epoch, progress.values, progress.probabilities, progress.architecture, progress.warning))
    _require(len(line.encode()) < LINE, f"a snapshot must take less than {LINE:,} bytes in the log, this one takes {len(line.encode()):,}")


def _all(run: Run) -> list[str]:
    found: list[str] = []
    while not run.finished:
        found += _plain(list(run.epoch()))
    return found


def _plain(items: list[Item]) -> list[str]:
    return [repr(item) for item in items]


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)
