"""Judges an answer: in a notebook as often as one likes, and strictly where it is graded."""

from __future__ import annotations

from typing import Any

from nas_explorer.course.catalog import exercise
from nas_explorer.course.feedback import Feedback, WrongAnswer
from nas_explorer.course.lesson import OtherKind


def check(number: str, answer: Any, *, strict: bool = False) -> Feedback:
    """Say whether an answer is right, and else where to look again.

    Args:
        number: of the exercise, as in "05.2".
        answer: what you think; `...` if nothing yet.
        strict: raise if it is not right, as a graded cell must.

    Raises:
        UnknownName: if there is no such exercise.
        WrongAnswer: with `strict`, if the answer is not right. It is an AssertionError.
    """
    feedback = _judged(number, answer)
    if strict and not feedback:
        raise WrongAnswer(f"{number}: {feedback!r}")
    return feedback


def require(number: str, answer: Any) -> None:
    """`check` for a graded cell: it raises `WrongAnswer` if the answer is not right.

    It says nothing if it is: below a folded solution that would give the answer away.
    """
    check(number, answer, strict=True)


def _judged(number: str, answer: Any) -> Feedback:
    asked = exercise(number)
    if answer is ... or answer is None:
        why = "put it in place of the dots." if answer is ... else "this is None; does your function return something, or only print it?"
        return Feedback(number, "missing", f"Asked for is {asked.asks}: {why}")
    try:
        hint = asked.judge(answer)
    except OtherKind as error:
        return Feedback(number, "other kind", f"Asked for is {asked.asks}, and {error}.")
    return Feedback(number, "right", asked.because) if hint is None else Feedback(number, "wrong", hint)
