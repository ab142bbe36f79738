"""Everything that the steering panel shows, as plain data. No widget and no thread in here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.records import History
from nas_explorer.search.search import Search
from nas_explorer.search.steering import Steering
from nas_explorer.search.twin import twin_of
from nas_explorer.spaces import Scalar, decisions, widened
from nas_explorer.spaces.indices import layout
from nas_explorer.spaces.widening import chooses_operations
from nas_explorer.views.decision_words import place_words
from nas_explorer.views.edit_words import edit_lines, edit_words
from nas_explorer.views.nouns import space_noun
from nas_explorer.views.option_codes import Codes, option_codes, still_fit
from nas_explorer.views.option_effects import option_effects
from nas_explorer.views.option_table import RuledOut, option_table
from nas_explorer.views.steering_picture import steering_svg
from nas_explorer.widgets.status import Status, announcement, banner, header

WHY_OFF: Mapping[str, str] = {
    "idle": "The search has not begun; start it, then steer it.",
    "starting": "The search begins; it can be steered in a moment.",
    "finished": "The search has ended, so there is no next trial. What was changed stays in its log.",
}


class SteerContent:
    """Makes the data of the panel; keeps what is dear to make again."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.noun = space_noun(search.plan.space)
        self._has_twin = twin_of(search.plan) is not None
        self._known: Codes | None = None

    @property
    def history(self) -> History:
        return self.search.history

    @property
    def shares_weights(self) -> bool:
        return self.search.plan.one_shot is not None

    def header(self, status: Status) -> dict[str, Any]:
        return {**header(self.search, status), "title": "Steer", "reattach": f'nas.SteerPanel("{self.search.folder}")'}

    def banner(self, status: Status) -> dict[str, Any] | None:
        """What is wrong, else why nothing can be steered now."""
        said = banner(self.search, status, None, self.history.failed_count)
        why = off(status)
        if not why or (said is not None and said["kind"] in ("err", "warn")):
            return said
        return {"kind": "note", "bold": "Steering is off.", "text": why, "details": None, "actions": []}

    def announcement(self, status: Status) -> str:
        return announcement(self.search, status)

    # ---- the options
    def options(self) -> dict[str, Any]:
        """A row a decision."""
        steer, history = self.search.steer, self.history
        ruled = RuledOut(steer.pins, steer.vetoes, _undoable(steer))
        if self.shares_weights:
            return option_table(self.search.plan.space, history.snapshots[-1] if history.snapshots else None, ruled)
        return option_table(self.search.plan.space, option_effects(history, self.search.plan.space, self._codes()), ruled)

    def _codes(self) -> Codes:
        self._known = option_codes(self.history, self.search.plan.space, self._known)
        return self._known

    # ---- what is in force
    def standing(self, status: Status, start: int | None) -> dict[str, Any]:
        """
        Args:
            start: the trial that a proposal by hand begins from; None: the best.
        """
        steer = self.search.steer
        edits = steer.edits
        return {
            "left": f"{steer.count:,}",
            "of": f"of {steer.whole:,} {self.noun}",
            "fitting": self._fitting(steer),
            "edits": edit_lines(edits, self.shares_weights),
            "undo": edit_words(steer.last.edit) if steer.last is not None else "",
            "clear": any(one.in_force for one in edits),
            "offer": "" if self.shares_weights else self._offer,
            "budget": _budget(steer),
            "limits": [f"{limit.quantity} ≤ {limit.most:,.10g}" for limit in steer.limits],
            "waiting": len(steer.waiting),
            "off": off(status),
            "one_by_one": not self.shares_weights,
            "start": self._start(start),
            "twin": "The random twin is not steered." if self._has_twin else "",
        }

    def _fitting(self, steer: Steering) -> str:
        codes = self._codes()
        over = self.history.statuses()[: len(codes)] == 1
        finished = int(over.sum())
        if self.shares_weights or not finished:
            return ""
        fitting = int((still_fit(codes, self.search.plan.space, steer.offers) & over).sum())
        if fitting == finished:
            return f"All {finished:,} finished trials fit."
        verb = "fits" if fitting == 1 else "fit"
        return f"{fitting:,} of {finished:,} finished trials still {verb}. The others stay in the log and on the plot, greyed."

    @cached_property
    def _offer(self) -> str:
        """An example of what more may be offered in this space; empty where its estimator knows nothing more, as a table."""
        plan = self.search.plan
        for decision in decisions(plan.space):
            numbers = [option for option in decision.options if type(option) is int]
            if chooses_operations(plan.space, decision.id):
                option: Scalar = "conv_7x7"
                text = "conv_7x7"
            elif len(numbers) == len(decision.options):
                option, text = 2 * max(numbers), f"to {2 * max(numbers)}"
            else:
                continue
            try:
                plan.estimator.check_space(widened(plan.space, [(decision.id, option)]))
            except NasExplorerError:
                continue
            return f"{place_words(decision.id)}: {text}"
        return ""

    def _start(self, wanted: int | None) -> dict[str, Any]:
        """The architecture that a proposal begins from, by the places of its options: a trial's, else the best, else the first."""
        history, best = self.history, self.history.best
        unknown = wanted is not None and not 0 <= wanted < len(history)
        missing = f"; there is no trial {wanted}" if unknown else ""
        if wanted is not None and not unknown:
            return {"asked": wanted, "words": f"trial {wanted}", "codes": option_codes_of(self.search, wanted)}
        if best is not None:
            words = f"the best, trial {best.number}{missing}"
            return {"asked": wanted, "words": words, "codes": option_codes_of(self.search, best.number)}
        return {"asked": wanted, "words": f"the first options{missing}", "codes": [0] * len(layout(self.search.plan.space).ids)}

    def picture(self, status: Status) -> str:
        """The panel as a static SVG, for a notebook that is read without a kernel."""
        words = self.header(status)
        return steering_svg(words["name"], words["word"], words["facts"], self.options(), self.standing(status, None))


def option_codes_of(search: Search, trial: int) -> list[int]:
    """Which option a trial takes of every decision; 0 where it is not asked, so that it has a choice once it is."""
    architecture, found = search.history.architecture(trial), layout(search.plan.space)
    return [
        lookup.get(architecture[key], 0) if key in architecture else 0 for key, lookup in zip(found.ids, found.lookups, strict=True)
    ]


def off(status: Status) -> str:
    """Why a search cannot be steered now; empty if it can."""
    return WHY_OFF.get(status.phase, "")


def budget_unit(steer: Steering) -> str:
    """The limit of the budget that the panel changes."""
    return next(iter(steer.total.limits), "trials")


def _budget(steer: Steering) -> dict[str, str]:
    unit = budget_unit(steer)
    words = {"simulated_seconds": "simulated seconds", "wall_seconds": "seconds"}.get(unit, unit)
    return {"text": steer.total.text, "value": f"{steer.total.limits[unit]:g}", "unit": words}


def _undoable(steer: Steering) -> tuple[str, Scalar] | None:
    last = steer.last.edit if steer.last is not None else None
    return None if last is None or last.kind not in ("pin", "veto") or last.option is None else (last.decision, last.option)
