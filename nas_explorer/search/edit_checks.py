"""Whether a search can follow one more edit of its user: checked when it is handed in, in the user's words."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace, NasExplorerError
from nas_explorer.records import Edit
from nas_explorer.records.given import Force
from nas_explorer.search.can_be_drawn import check_can_be_drawn
from nas_explorer.search.choices import checked_budget
from nas_explorer.search.constraints import checked_limits, constraint_text, keeps, known_before
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.steered import left, offers_under, pins_under, vetoes_under, wide_plan, wide_space, with_limits
from nas_explorer.spaces import (
    Architecture,
    Op,
    Scalar,
    SearchSpace,
    cost,
    covering,
    decisions,
    lifted,
    narrowed,
    sample,
    size,
    to_indices,
    whole,
)
from nas_explorer.spaces.operation_text import typed_operation
from nas_explorer.spaces.serialize import operation_to_json
from nas_explorer.spaces.values import listed
from nas_explorer.spaces.widening import chooses_operations
from nas_explorer.strategies.protocol import Problem, Strategy

OF_THE_SPACE = ("pin", "veto", "add", "widen")


def checked_edit(plan: SearchPlan, force: Force, edit: Edit, begun: int = 0) -> Edit:
    """The edit with its decision and option as the space writes them; an undo with what it takes back.

    Args:
        force: what is in force before it.
        begun: how many trials have begun.

    Raises:
        InvalidOption, InvalidArchitecture: in the user's words, if the search cannot follow it.
    """
    edits = force.edits
    if edit.kind == "undo":
        if force.last is None:
            raise InvalidOption("there is nothing to undo: no edit is in force, and none was cleared")
        return replace(edit, back=force.last)
    if edit.kind == "clear":
        if not edits:
            raise InvalidOption("there is nothing to clear: no edit is in force")
        return edit
    if edit.kind in OF_THE_SPACE:
        if plan.space.only:
            raise InvalidOption(f"{plan.space.name!r} is a space of which options were left out before the search began, so it cannot be "
                                f"narrowed or widened now ({edit.text}); begin in the whole space, and veto there")
        edit = _spelled(wide_space(plan.space, edits), edit)
        _check_against_pins(plan.space, edits, edit)
        known = options_of_decision(wide_space(plan.space, edits), edit.decision)
        for name, option in edit.added:
            if option not in known and str(option) not in known:
                _check_label(force.added, name, option)
                _check_addition(plan, edits, edit, name, option)
    elif edit.kind == "budget":
        return _checked_budget(plan, edits, edit, begun)
    elif plan.one_shot:
        raise InvalidOption(_WHY_NOT[edit.kind])
    elif edit.kind == "propose":
        return _checked_proposal(plan, edits, edit)
    _check_what_is_left(plan, edits, edit)
    return edit


def _spelled(space: SearchSpace, edit: Edit) -> Edit:
    options = options_of_decision(space, edit.decision)
    if edit.kind == "widen":
        return edit
    if edit.operation:
        ((_, operation),) = edit.added
        return replace(edit, operation={}) if typed_operation(str(operation)) == operation else edit
    if edit.kind == "add" and isinstance(edit.option, str) and chooses_operations(space, edit.decision) and edit.option not in options:
        return _with_operation(edit, edit.option)
    exact = [option for option in options if (type(option), option) == (type(edit.option), edit.option)]
    found = exact or [option for option in options if str(option) == str(edit.option)]
    if not found and edit.kind == "add":
        return replace(edit, option=_like(options[0], edit.option))
    if not found:
        raise InvalidOption(f"decision {edit.decision!r} of {space.name!r} has no option {edit.option!r:.60}; it offers {listed(options)}")
    return replace(edit, option=found[0])


def options_of_decision(space: SearchSpace, name: str) -> tuple[Scalar, ...]:
    """
    Raises:
        InvalidOption: if there is no such decision.
    """
    known = {decision.id: decision.options for decision in decisions(space)}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}? It has" if near else "; it has"
        raise InvalidOption(f"{space.name!r} has no decision {name!r:.60}{hint} {listed(known)}")
    return known[name]


def _with_operation(edit: Edit, text: str) -> Edit:
    """An operation that was typed: by its label, where that tells all of it."""
    try:
        operation = typed_operation(text)
    except InvalidSpace as error:
        raise InvalidOption(f"{text:.60} cannot be added to {edit.decision!r}: {error}") from error
    told = typed_operation(str(operation)) == operation
    return replace(edit, option=str(operation), operation={} if told else operation_to_json(operation))


def _like(known: Scalar, option: Scalar | None) -> Scalar | None:
    """A number that came as text, where the others are numbers."""
    if isinstance(known, bool) or not isinstance(known, (int, float)) or not isinstance(option, str):
        return option
    try:
        return int(option) if option.lstrip("-").isdigit() else float(option)
    except ValueError:
        return option


def _check_against_pins(space: SearchSpace, edits: Sequence[Edit], edit: Edit) -> None:
    decision, option = edit.decision, edit.option
    pins, vetoes = pins_under(edits), vetoes_under(edits).get(edit.decision, ())
    if decision in pins:
        words = {"pin": f"pinned to {option}", "veto": "changed"}.get(edit.kind, "widened")
        raise InvalidOption(f"{decision!r} is pinned to {pins[decision]}, so it cannot be {words}; undo that pin first")
    if edit.kind == "pin" and option in vetoes:
        raise InvalidOption(f"{option} is vetoed on {decision!r}, so it cannot be pinned; undo that veto first, or add it again")
    if edit.kind == "veto" and option in vetoes:
        raise InvalidOption(f"{option} is vetoed on {decision!r} already")
    if edit.kind == "veto" and len(offers_under(space, edits)[decision]) == 1:
        raise InvalidOption(f"{option} is the last option of {decision!r}, so to veto it would leave no architecture")
    offered = [option for _, option in edit.added if str(option) in map(str, offers_under(space, edits)[decision])]
    if edit.added and len(offered) == len(edit.added):
        raise InvalidOption(f"{decision!r} offers {listed(offered)} already")


def _check_label(ever: Sequence[Edit], decision: str, option: Scalar | Op) -> None:
    """Trials of before may have what was added before under this label, though it was taken back."""
    for _, before in (pair for edit in ever for pair in edit.added):
        if str(before) == str(option) and before != option:
            raise InvalidOption(f"{option} was added before with other parameters, so it cannot be added to {decision!r} with these")


def _check_addition(plan: SearchPlan, edits: Sequence[Edit], edit: Edit, decision: str, option: Scalar | Op) -> None:
    """Whether an option can be added that nobody drew."""
    if plan.one_shot:
        raise InvalidOption(f"the shared weights of a one-shot search were made for what is drawn, so {option} cannot be added to "
                            f"{decision!r}; begin a new search in a wider space, in which it is drawn before the start")
    added = [*(other for other in edits if other.added), edit]
    try:
        space = wide_space(plan.space, added)
        _check_buildable(space, decision, option)
        plan.estimator.check_space(whole(space))
        wide_plan(plan, added)
    except NasExplorerError as error:
        raise InvalidOption(f"{option} cannot be added to {decision!r}: {error}") from error


def _check_buildable(space: SearchSpace, decision: str, option: Scalar | Op) -> None:
    """Trace architectures that take it, with every one of its open parameters."""
    taken = narrowed(whole(space), {decision: (str(option) if isinstance(option, Op) else option,)})
    rng = np.random.default_rng(0)
    for architecture in covering(taken, rng) if not taken.constraints else [sample(taken, rng)]:
        cost(whole(space), lifted(taken, architecture))


def _checked_budget(plan: SearchPlan, edits: Sequence[Edit], edit: Edit, begun: int) -> Edit:
    budget = with_limits(left(plan, edits).budget, edit.budget)
    checked_budget(plan.strategy, plan.estimator, budget, plan.pace, plan.workers)
    if "simulated_seconds" in edit.budget and "train_seconds" not in {m.name for m in plan.estimator.metrics}:
        raise InvalidOption("a budget in simulated_seconds needs an estimator that measures train_seconds, and "
                            f"{type(plan.estimator).__name__} does not; give trials or wall_seconds")
    if budget.trials is not None and budget.trials < begun:
        raise InvalidOption(f"{begun:,} trials have begun already, so {budget.trials:,} cannot be the budget; stop() ends the search")
    return edit


def _checked_proposal(plan: SearchPlan, edits: Sequence[Edit], edit: Edit) -> Edit:
    now, architecture = left(plan, edits), Architecture(edit.architecture)
    plan = wide_plan(plan, [other for other in edits if other.added])
    to_indices(whole(plan.space), architecture)
    offers = offers_under(plan.space, edits)
    for key, options in offers.items():
        if key in architecture and architecture[key] not in options:
            raise InvalidOption(f"what is proposed takes {architecture[key]} on {key!r}, where {listed(options)} is left; undo that edit "
                                "first")
    known = known_before(plan.estimator, architecture)
    if known is None:
        raise InvalidArchitecture(f"{type(plan.estimator).__name__} cannot score {architecture}")
    over = [limit for limit in now.limits if not keeps(known, [limit])]
    if over:
        raise InvalidOption(f"what is proposed has {over[0].quantity} of {known[over[0].quantity]:g}, and the limit is {over[0].most:g}; "
                            "loosen it first")
    return replace(edit, architecture=dict(architecture))


def _check_what_is_left(plan: SearchPlan, edits: Sequence[Edit], edit: Edit) -> None:
    plan, now = wide_plan(plan, [other for other in (*edits, edit) if other.added]), left(plan, [*edits, edit])
    if size(now.space) < 2:
        hint = "" if plan.one_shot else "; propose(...) tries it"
        raise InvalidOption(f"this would leave a single architecture, and nothing to search{hint}")
    check_can_be_drawn(now.space, plan.estimator)
    checked_limits([constraint_text(limit) for limit in now.limits], now.space, plan.estimator)
    try:
        if not plan.one_shot and now.space.only:
            cast(Strategy, plan.strategy).begin(Problem(now.space, plan.objectives, plan.seed))
    except NasExplorerError as error:
        raise InvalidOption(f"the search could not go on in what this would leave: {error}") from error


_WHY_NOT = {
    "limit": "a one-shot method trains all architectures of a space at once, so it cannot be held to limits; pin or veto options instead",
    "propose": "a one-shot method trains all architectures at once and not one after the other, so none can be tried next; pin options "
               "instead",
}
