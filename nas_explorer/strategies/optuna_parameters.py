"""How the decisions of a space become parameters of an Optuna trial: lists of options, or whole numbers for CMA-ES."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces import Decision, SearchSpace, decisions, is_active
from nas_explorer.spaces.values import Scalar

if TYPE_CHECKING:
    import optuna

Orders: TypeAlias = Mapping[str, tuple[int, ...]]
"""A decision about numbers that is always asked -> its options' indices, from the smallest number on."""


def suggest(trial: optuna.Trial, space: SearchSpace, orders: Orders) -> list[int]:
    """Ask Optuna for the option of every active decision, as indices; -1 where a decision is not active."""
    chosen: list[int] = []
    for decision in decisions(space):
        chosen.append(_option(trial, decision, orders.get(decision.id)) if is_active(decision, chosen) else -1)
    return chosen


def _option(trial: optuna.Trial, decision: Decision, order: tuple[int, ...] | None) -> int:
    if order is not None:
        return order[trial.suggest_int(decision.id, 0, len(order) - 1)]
    return decision.options.index(trial.suggest_categorical(decision.id, decision.options))


def checked_orders(space: SearchSpace) -> Orders:
    """What CMA-ES can move in a space: its distribution has the same dimensions in every trial, so they are those that are always asked.

    Raises:
        InvalidOption: if there are less than two.
    """
    found = {decision.id: _order(decision.options) for decision in decisions(space) if not decision.when}
    orders = {name: order for name, order in found.items() if order}
    if len(orders) < 2:
        raise InvalidOption(f"cma_es moves numbers, such as widths, depths and kernel sizes, and {space.name!r} has "
                            f"{f'only {min(orders)}' if orders else 'none'} that is always asked; tpe, gp and nsga2 choose among options")
    return orders


def _order(options: tuple[Scalar, ...]) -> tuple[int, ...] | None:
    if any(isinstance(option, bool) or not isinstance(option, (int, float)) for option in options):
        return None
    return tuple(sorted(range(len(options)), key=options.__getitem__))
