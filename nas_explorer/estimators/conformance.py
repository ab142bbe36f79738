"""What every estimator must do, as checks that anybody can run on their own: `check_estimator(MyEstimator(), space, foreign)`."""

from __future__ import annotations

import dataclasses
import inspect
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidMetric, InvalidSpace
from nas_explorer.estimators.protocol import Estimator, NeedsSpace, OnDemand
from nas_explorer.spaces import Architecture, SearchSpace, sample

CLOCKS = ("train_seconds", "latency_ms", "energy_mj")
"""Metrics that an estimator may take with a clock, so that they differ a little each time."""


@dataclass(frozen=True, slots=True)
class Case:
    """An estimator, a space it fits and one it does not; how many random architectures are scored, and from which seed.

    A table may hold less than its space draws: then take a seed whose architectures are in it.
    """

    estimator: Estimator
    space: SearchSpace
    foreign: SearchSpace
    count: int = 3
    seed: int = 5

    def architectures(self) -> list[Architecture]:
        rng = np.random.default_rng(self.seed)
        return [sample(self.space, rng) for _ in range(self.count)]


def check_estimator(estimator: Estimator, space: SearchSpace, foreign: SearchSpace, count: int = 3) -> None:
    """Run every check on so many random architectures.

    Raises:
        AssertionError: at the first that fails, with what was expected and what came.
    """
    for check in CHECKS:
        check(Case(estimator, space, foreign, count))


def is_described(case: Case) -> None:
    """A frozen dataclass with a sentence and a source in its docstring, and options that JSON can keep."""
    cls: type[Any] = type(case.estimator)
    _require(bool(getattr(vars(cls).get("__dataclass_params__"), "frozen", False)), f"{cls.__name__} must be a dataclass(frozen=True)")
    lines = (inspect.getdoc(cls) or "").splitlines()
    _require(bool(lines) and lines[0].endswith("."), f"the docstring of {cls.__name__} must begin with one sentence")
    _require(any(line.startswith("Source:") for line in lines), f"the docstring of {cls.__name__} must have a line `Source: ...`")
    options = {field.name: getattr(case.estimator, field.name) for field in dataclasses.fields(cls) if field.init}
    json.dumps(options, allow_nan=False)


def measures_what_it_says(case: Case) -> None:
    """The metrics that it names, no others, all finite; steps only go up."""
    estimators = [case.estimator]
    if isinstance(case.estimator, OnDemand):
        estimators.append(case.estimator.measuring([metric.name for metric in case.estimator.metrics]))
    for estimator in estimators:
        names = [metric.name for metric in (estimator.measured if isinstance(estimator, OnDemand) else estimator.metrics)]
        _require(len(set(names)) == len(names), f"it names a metric twice: {', '.join(names)}")
        for architecture in case.architectures():
            steps, values = _evaluate(_for_space(estimator, case.space), architecture)
            _require(bool(steps) and steps == sorted(steps), f"steps must go up, got {steps}")
            _require(set(values) == set(names), f"it says that it measures {', '.join(names)} and measured {', '.join(values)}")
            for name, value in values.items():
                _require(not isinstance(value, bool) and math.isfinite(value), f"{name} is {value!r}, which is no measurement")


def measures_what_is_asked(case: Case) -> None:
    """On demand, it measures more in a new estimator; an unknown name is refused with a list."""
    estimator = case.estimator
    if not isinstance(estimator, OnDemand):
        return
    before = estimator.measured
    for metric in estimator.metrics:
        _require(metric in estimator.measuring([metric.name]).measured, f"asked for {metric.name}, it does not measure it")
    _require(estimator.measured == before, "`measuring` must give a new estimator, not change this one")
    try:
        estimator.measuring(["no_such_metric"])
    except InvalidMetric as error:
        _require(estimator.metrics[0].name in str(error), f"the refusal must list what it measures, got {error}")
    else:
        raise AssertionError("asked for no_such_metric, it must raise InvalidMetric")


def knows_its_spaces(case: Case) -> None:
    """The fitting space passes, the foreign one is refused by name."""
    case.estimator.check_space(case.space)
    try:
        case.estimator.check_space(case.foreign)
    except InvalidSpace as error:
        _require(case.foreign.name in str(error), f"the refusal must name the space, got {error}")
    else:
        raise AssertionError(f"space {case.foreign.name!r} must be refused with InvalidSpace")


def repeats_itself(case: Case) -> None:
    """The same architecture gives the same values, but for what a clock measures; a closed evaluation does no harm."""
    estimator = _for_space(case.estimator, case.space)
    for architecture in case.architectures():
        _, once = _evaluate(estimator, architecture)
        evaluation = estimator.evaluate(architecture)
        next(evaluation)
        if close := getattr(evaluation, "close", None):
            close()
        _, again = _evaluate(estimator, architecture)
        for name, value in once.items():
            _require(value == again[name] or name.partition("@")[0] in CLOCKS, f"{name} was {value}, then {again[name]}")


CHECKS: Sequence[Callable[[Case], None]] = (
    is_described, measures_what_it_says, measures_what_is_asked, knows_its_spaces, repeats_itself,
)


def _for_space(estimator: Estimator, space: SearchSpace) -> Estimator:
    return estimator.for_space(space) if isinstance(estimator, NeedsSpace) else estimator


def _evaluate(estimator: Estimator, architecture: Architecture) -> tuple[list[int], dict[str, float]]:
    """The steps, and the last value of every metric."""
    steps: list[int] = []
    values: dict[str, float] = {}
    for measurement in estimator.evaluate(architecture):
        steps.append(measurement.step)
        values.update(measurement.values)
    return steps, values


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)
