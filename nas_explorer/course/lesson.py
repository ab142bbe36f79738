"""What a lesson is: one notebook, its question, what one can do after it, and its exercises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Judge = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One question with a check.

    Args:
        title: what it is about, in a few words.
        asks: the kind of answer, as in "a whole number".
        judge: None for a right answer, else a hint; raises `OtherKind` where the answer cannot be judged.
        because: what a right answer shows.
        mistakes: makes wrong answers that students give; the tests hold that each gets a hint.
    """

    title: str
    asks: str
    judge: Judge
    because: str
    mistakes: Callable[[], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One notebook of the course. `minutes` is how long a class takes for it, not the computer."""

    number: str
    notebook: str
    question: str
    goals: tuple[str, ...]
    minutes: int
    exercises: tuple[Exercise, ...]


class OtherKind(Exception):
    """An answer that cannot be judged: in the exercise a number is asked for, say, and a text came."""
