"""The words of the builder: what may be written where a drawing wants an operation, a choice or an uncertain edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.values import SKIP, Choice, Op, Scalar

Word: TypeAlias = str | Op | Choice


@dataclass(frozen=True, slots=True)
class Drawn:
    """An operation on an edge that is not simply there: `presence` says when it is."""

    what: Op | Choice
    presence: str


def op(name: str, /, **params: Scalar | Choice | tuple[Scalar, ...]) -> Op:
    """An operation with parameters; a tuple is a choice.

    >>> op("conv", kernel=(3, 5)) == op("conv", kernel=values(3, 5))
    True
    """
    return Op(name, tuple((key, Choice(value) if isinstance(value, tuple) else value) for key, value in params.items()))


def choice(*options: str | Op, name: str | None = None) -> Choice:
    """One operation of several; a text is an operation without parameters.

    >>> choice("skip", op("conv", kernel=3)).labels
    ('skip', 'conv_3x3')
    """
    return Choice(tuple(as_op(option) for option in options), name)


def values(*options: Scalar, name: str | None = None) -> Choice:
    """One number or text of several."""
    return Choice(options, name)


def optional(what: Word = SKIP) -> Drawn:
    """An edge with a decision of its own: is it there?"""
    return Drawn(as_op(what), "optional")


def always(what: Word = SKIP) -> Drawn:
    """An edge that is always there, at a node that picks among its others."""
    return Drawn(as_op(what), "always")


def picked(what: Word = SKIP) -> Drawn:
    """An edge that its target may pick; at a node that picks, edges are so without saying it."""
    return Drawn(as_op(what), "picked")


def loose() -> Drawn:
    """An edge that is there if nobody else uses its source."""
    return Drawn(SKIP, "loose")


def fallback(what: Word = SKIP) -> Drawn:
    """An edge that is there if nothing else reaches its target."""
    return Drawn(as_op(what), "fallback")


def as_op(what: Any) -> Any:
    """
    Raises:
        InvalidSpace: if it is no operation, no choice of operations and no name of one.
    """
    if isinstance(what, str):
        return Op(what)
    if isinstance(what, Op) or (isinstance(what, Choice) and isinstance(what.options[0], Op)):
        return what
    raise InvalidSpace(f"an operation, its name, or a choice of operations is needed, got {what!r}")


def ops_in(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a node as the user wrote them, with the operation made an Op."""
    return {key: as_op(value) if key == "op" else value for key, value in fields.items()}
