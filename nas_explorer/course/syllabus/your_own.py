"""Lesson 10: an operation, a task and a strategy of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from nas_explorer.course.answers import in_words, number
from nas_explorer.course.lesson import Exercise, Lesson, OtherKind
from nas_explorer.spaces import Architecture, nas_bench_201, sample
from nas_explorer.strategies.conformance import check_strategy
from nas_explorer.tasks import Task, from_arrays, load

WEIGHTS = number(
    7 * 8 * 16 + 7 * 16 * 16,
    {
        7 * 7 * 8 * 16: "That is one window of 7 x 7. Here are two narrow ones, one after the other.",
        2 * 7 * 8 * 16: "The second convolution reads what the first has made: 16 channels, not 8.",
        7 * 8 * 16: "That is the first one alone.",
        7 * 8 * 16 + 7 * 8 * 8: "Both make 16 channels; the second also reads 16.",
    },
    "Two convolutions: for each, points of its window, channels it reads, channels it makes.",
)


@cache
def _digits() -> Task:
    return load("digits")


def _counts(task: Task) -> dict[str, int]:
    labels = np.concatenate([task.train.targets, task.validation.targets, task.test.targets])
    return {name: int((labels == place).sum()) for place, name in enumerate(task.classes)}


def _even_or_odd(task: Any) -> str | None:
    if not isinstance(task, Task):
        raise OtherKind(in_words(task))
    if set(task.classes) != {"even", "odd"}:
        return f"Its classes are {', '.join(task.classes)}. Make labels that say even or odd, as texts, and give them to from_arrays."
    odd = int((_digits().train.targets % 2).sum())
    wanted = {"even": len(_digits().train.targets) - odd, "odd": odd}
    counts = _counts(task)
    if counts == wanted:
        return None
    if counts == {"even": wanted["odd"], "odd": wanted["even"]}:
        return "The two names are swapped: a digit is even where digit % 2 is 0."
    return f"It has {counts['even']} even ones of {sum(counts.values())}; digits.train has {wanted['even']} of {sum(wanted.values())}."


def _task(labels: Any) -> Task:
    return from_arrays(_digits().train.inputs, labels)


def _a_strategy(strategy: Any) -> str | None:
    if isinstance(strategy, type):
        raise OtherKind(f"{strategy.__name__} is the class; give one of it, {strategy.__name__}()")
    if not hasattr(strategy, "begin"):
        raise OtherKind(f"{in_words(strategy)}, which has no begin")
    try:
        check_strategy(strategy, nas_bench_201())
    except Exception as error:                # a student's own code may raise anything; the student is told, and goes on
        return f"check_strategy says: {str(error) or type(error).__name__}"
    return None


@dataclass(frozen=True)
class Unsigned:
    """Draw."""

    def begin(self, problem: Any) -> Any:
        return _Drawing(problem, np.random.default_rng(problem.seed))


@dataclass(frozen=True)
class Forgetful:
    """Draw with other dice each time.

    Source: a mistake that is often made
    """

    def begin(self, problem: Any) -> Any:
        return _Drawing(problem, np.random.default_rng())


@dataclass(frozen=True)
class Stranger:
    """Propose what the space does not have.

    Source: a mistake that is often made
    """

    def begin(self, problem: Any) -> Any:
        return _Drawing(problem, np.random.default_rng(problem.seed), {"cell/0→1": "conv_7x7"})


class _Drawing:
    def __init__(self, problem: Any, rng: np.random.Generator, always: Mapping[str, Any] | None = None) -> None:
        self.problem, self.rng, self.always = problem, rng, always

    def ask(self) -> Architecture:
        return sample(self.problem.space, self.rng) if self.always is None else Architecture(self.always)

    def tell(self, trial: Any) -> None:
        """Learns nothing."""


LESSON = Lesson(
    "10",
    "10_your_own.ipynb",
    "What if the data, the space, the strategy and the operation are yours?",
    ("make a task of your own data", "write an operation and a space around it", "write a strategy and have it checked"),
    75,
    (
        Exercise("your operation, wider", "a whole number", WEIGHTS, "2,688 instead of 6,272 for a full window of 7 x 7.",
                 lambda: (6_272, 1_792, 896, 1_344)),
        Exercise("a question of your own", "a task", _even_or_odd, "The pictures are the same; what is asked about them is yours.",
                 lambda: (_digits(), _task(np.where(_digits().train.targets % 2, "even", "odd")),
                          _task(np.where(_digits().train.targets < 5, "even", "odd")))),
        Exercise("a strategy", "a strategy", _a_strategy, "It repeats itself, stays inside of the space and survives failed trials.",
                 lambda: (Unsigned(), Forgetful(), Stranger())),
    ),
)
