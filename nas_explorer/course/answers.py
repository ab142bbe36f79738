"""Kinds of answers and how each is judged: a number, a word, a set of words, an architecture, a function."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nas_explorer.course.lesson import Judge, OtherKind
from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import Architecture, SearchSpace, to_indices

SHOWN = 40  # characters of an answer that a sentence repeats


def number(right: float, mistakes: Mapping[float, str], otherwise: str, *, within: float = 1e-9) -> Judge:
    """A number, within a relative tolerance; a typical wrong one gets its own hint.

    >>> judge = number(8, {6: "Count the last two as well."}, "Draw it.")
    >>> judge(8), judge(6), judge(7)
    (None, 'Count the last two as well.', 'Draw it. (The answer is larger.)')
    """
    def judge(answer: Any) -> str | None:
        value = a_number(answer)
        if _close(value, right, within):
            return None
        for wrong, hint in mistakes.items():
            if _close(value, wrong, within):
                return hint
        return f"{otherwise} (The answer is {'larger' if value < right else 'smaller'}.)"

    return judge


def _close(value: float, other: float, within: float) -> bool:
    return math.isclose(value, other, rel_tol=within, abs_tol=within)


def a_number(answer: Any) -> float:
    """
    Raises:
        OtherKind: if it is none, or no finite one.
    """
    single = answer.item() if getattr(answer, "shape", None) == () else answer      # of numpy and torch
    if isinstance(single, bool) or not isinstance(single, numbers.Real):
        raise OtherKind(in_words(answer))
    if not math.isfinite(single):
        raise OtherKind(f"{single} is not one to calculate with")
    return float(single)


def word(right: str, hints: Mapping[str, str]) -> Judge:
    """One of some words; every wrong one has its hint."""
    options = sorted({right, *hints})

    def judge(answer: Any) -> str | None:
        if not isinstance(answer, str):
            raise OtherKind(in_words(answer))
        said = answer.strip().lower()
        if said not in options:
            raise OtherKind(f"{in_words(answer)} that is none of {', '.join(options)}")
        return hints.get(said)

    return judge


def names(right: Iterable[str], options: Sequence[str], hint: Callable[[set[str]], str]) -> Judge:
    """A set of names out of some; `hint` looks at a wrong set."""
    wanted = set(right)

    def judge(answer: Any) -> str | None:
        if isinstance(answer, str) or not isinstance(answer, Iterable):
            raise OtherKind(in_words(answer))
        given = list(answer)
        strange = [name for name in given if not isinstance(name, str) or name not in options]
        if strange:
            raise OtherKind(f"{strange[0]!r} is none of {', '.join(options)}")
        return None if set(given) == wanted else hint(set(given))

    return judge


def architecture(space: Callable[[], SearchSpace], hint: Callable[[Mapping[str, Any]], str | None]) -> Judge:
    """An architecture of a space; `hint` says what a wrong one lacks and is None for a right one."""
    def judge(answer: Any) -> str | None:
        if not isinstance(answer, Mapping):
            raise OtherKind(in_words(answer) + (": it has one in .architecture" if hasattr(answer, "architecture") else ""))
        try:
            to_indices(space(), Architecture(answer))
        except InvalidArchitecture as error:
            raise OtherKind(f"this is none of the space: {error}") from error
        return hint(answer)

    return judge


def function(cases: Sequence[tuple[tuple[Any, ...], float]], hint: Callable[[tuple[Any, ...], float, float], str]) -> Judge:
    """A function that gives numbers; `hint` sees the first case in which it goes wrong: arguments, what it gave, what is right."""
    def judge(answer: Any) -> str | None:
        if not callable(answer):
            raise OtherKind(in_words(answer) + "; give the function itself, without calling it")
        for arguments, right in cases:
            value = _called(answer, arguments)
            if not _close(value, right, 1e-6):
                return hint(arguments, value, right)
        return None

    return judge


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> float:
    said = ", ".join(map(repr, arguments))
    try:
        value = function(*arguments)
    except Exception as error:                         # a student's own code may raise anything; the student is told, and goes on
        raise OtherKind(f"yours raises {type(error).__name__} for ({said}): {error}") from error
    try:
        return a_number(value)
    except OtherKind as error:
        raise OtherKind(f"for ({said}) yours does not give a number: {error}") from error


def in_words(answer: Any) -> str:
    """
    >>> in_words("many"), in_words([1, 2]), in_words(True)
    ("'many' is text", '[1, 2] is a list of 2', 'True is a truth value')
    """
    text = repr(answer)
    shown = text if len(text) <= SHOWN else text[:SHOWN - 1] + "…"
    kinds = {str: "text", bool: "a truth value", complex: "a complex number"}
    if type(answer) in kinds:
        return f"{shown} is {kinds[type(answer)]}"
    if isinstance(answer, (list, tuple, set, dict)):
        return f"{shown} is a {type(answer).__name__} of {len(answer)}"
    return f"{shown} is a function" if callable(answer) else f"{shown} is of the kind {type(answer).__name__}"
