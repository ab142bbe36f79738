"""The plans that together name every weight of a space, so that a supernet can hold them before it is trained. No torch."""

from __future__ import annotations

from collections.abc import Mapping

from nas_explorer.errors import InvalidSpace, ShapeError
from nas_explorer.spaces import Plan, Scalar, SearchSpace, trace
from nas_explorer.spaces.decisions import decisions

MAX_PLANS = 200                    # of one space; each takes some milliseconds and its own weights


def mixture(space: SearchSpace) -> Plan:
    """The plan in which every option of every decision is taken at once, each by its weight.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> sum(step.kind == "mix" for step in mixture(nas_bench_201(cells=1)).steps)       # 6 edges in each of 3 cells
    18

    Raises:
        ShapeError: if options give different shapes, so that no sum of them exists; the message names the decision.
        InvalidSpace: if there is nothing to decide.
    """
    if not decisions(space):
        raise InvalidSpace(f"{space.name!r} has one architecture only, so there is nothing to mix; draw a choice")
    return trace(space, lambda _, options: tuple(range(len(options))))


def shared_plans(space: SearchSpace) -> tuple[Plan, ...]:
    """Few plans, of which each architecture has one that names all its weights: the mixture alone where there is one.

    Where a decision changes shapes, such as the channels of `chain`, there is a plan for each of its options.

    >>> from nas_explorer.spaces import chain, nas_bench_201
    >>> len(shared_plans(nas_bench_201())), len(shared_plans(chain()))          # 3 widths
    (1, 3)

    Raises:
        ShapeError: if the shapes depend on too many decisions to take all their settings.
    """
    widths = {decision.id: len(decision.options) for decision in decisions(space)}
    found: list[Plan] = []
    waiting: list[dict[str, int]] = [{}]
    while waiting:
        fixed = waiting.pop()
        asked = _Asked(fixed)
        try:
            found.append(trace(space, asked))
        except ShapeError as error:
            if asked.last is None:
                raise
            waiting += [{**fixed, asked.last: option} for option in range(widths[asked.last])]
            if len(found) + len(waiting) > MAX_PLANS:
                raise ShapeError(f"the shapes in networks of {space.name!r} depend on too many decisions to hold weights for all of them "
                                 f"({error}); name the architectures that are to share weights") from error
    return tuple(found)


class _Asked:
    """Keeps all options of what is not fixed, and remembers the last such decision: it was open when shapes did not fit."""

    def __init__(self, fixed: Mapping[str, int]) -> None:
        self.fixed = fixed
        self.last: str | None = None

    def __call__(self, decision_id: str, options: tuple[Scalar, ...]) -> tuple[int, ...]:
        if decision_id in self.fixed:
            return (self.fixed[decision_id],)
        self.last = decision_id
        return tuple(range(len(options)))
