"""What a user's edits leave of a search: its space, limits, budget, and what was proposed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nas_explorer.estimators.protocol import NeedsSpace
from nas_explorer.records import Edit
from nas_explorer.search.budget import Budget
from nas_explorer.search.constraints import limit_of
from nas_explorer.search.foresight import Foresight
from nas_explorer.search.plan import SearchPlan
from nas_explorer.spaces import Architecture, Limit, Scalar, SearchSpace, decisions, narrowed, widened


@dataclass(frozen=True, slots=True)
class Left:
    """What counts for the next proposal.

    Attributes:
        space: what is left of it.
        waiting: architectures that were proposed by hand and have not begun.
    """

    space: SearchSpace
    limits: tuple[Limit, ...]
    budget: Budget
    waiting: tuple[Architecture, ...] = ()


def left(plan: SearchPlan, edits: Sequence[Edit]) -> Left:
    """
    Args:
        edits: those in force, in order.
    """
    limits = {limit.quantity: limit for limit in plan.limits}
    for limit in (limit_of(edit.limit) for edit in edits if edit.kind == "limit"):
        limits[limit.quantity] = limit
    budget = budget_under(plan.budget, edits)
    waiting = tuple(Architecture(edit.architecture) for edit in edits if edit.kind == "propose")
    return Left(space_under(plan.space, edits), tuple(limits.values()), budget, waiting)


def budget_under(budget: Budget, edits: Sequence[Edit]) -> Budget:
    """The budget with what edits changed in it."""
    for edit in edits:
        budget = with_limits(budget, edit.budget) if edit.kind == "budget" else budget
    return budget


def with_limits(budget: Budget, changed: Mapping[str, float]) -> Budget:
    """The budget in which the named limits are other ones."""
    return Budget.of({**budget.limits, **changed})


def space_under(space: SearchSpace, edits: Sequence[Edit]) -> SearchSpace:
    """The space that edits leave; the space itself where they leave all of it."""
    return narrowed(wide_space(space, edits), offers_under(space, edits))


def wide_space(space: SearchSpace, edits: Sequence[Edit]) -> SearchSpace:
    """The space with what edits added."""
    return widened(space, [pair for edit in edits for pair in edit.added])


def offers_under(space: SearchSpace, edits: Sequence[Edit]) -> dict[str, tuple[Scalar, ...]]:
    """Every decision of the space -> the options that edits leave, in the order of the drawing."""
    pins, vetoes = pins_under(edits), vetoes_under(edits)
    return {decision.id: (pins[decision.id],) if decision.id in pins else
            tuple(option for option in decision.options if option not in vetoes.get(decision.id, ()))
            for decision in decisions(wide_space(space, edits))}


def expressed(offers: Mapping[str, Sequence[Scalar]], architecture: Mapping[str, Scalar]) -> bool:
    """Whether an architecture takes only options that are offered."""
    return all(option in offers.get(name, ()) for name, option in architecture.items())


def wide_plan(plan: SearchPlan, added: Sequence[Edit]) -> SearchPlan:
    """The plan with options that were added to its space, and an estimator that scores them."""
    space = wide_space(plan.space, added)
    if space is plan.space:
        return plan
    estimator = plan.estimator.for_space(space) if isinstance(plan.estimator, NeedsSpace) else plan.estimator
    return replace(plan, space=space, estimator=estimator, foresight=Foresight(space, estimator))


def pins_under(edits: Sequence[Edit]) -> dict[str, Scalar]:
    """Decision -> the option that it is pinned to."""
    return {edit.decision: edit.option for edit in edits if edit.kind == "pin" and edit.option is not None}


def vetoes_under(edits: Sequence[Edit]) -> dict[str, tuple[Scalar, ...]]:
    """Decision -> the options that are ruled out, in the order in which they were."""
    found: dict[str, tuple[Scalar, ...]] = {}
    for edit in edits:
        options = (edit.option,) if edit.kind in ("veto", "add") and edit.option is not None else edit.options
        if options:
            others = tuple(option for option in found.get(edit.decision, ()) if option not in options)
            found[edit.decision] = (*others, *options) if edit.kind == "veto" else others
    return {key: options for key, options in found.items() if options}
