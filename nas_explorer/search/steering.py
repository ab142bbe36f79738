"""How a user steps into a search: pin or veto options, set limits and the budget, propose by hand, and take it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nas_explorer.records import Edit, Given, in_force
from nas_explorer.search.budget import Budget
from nas_explorer.search.edit_checks import options_of_decision
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.steered import Left, budget_under, expressed, left, offers_under, pins_under, vetoes_under, wide_space
from nas_explorer.search.steps import in_steps
from nas_explorer.spaces import Architecture, Limit, Op, Scalar, SearchSpace, size
from nas_explorer.spaces.architecture import with_arrow
from nas_explorer.spaces.serialize import operation_to_json

if TYPE_CHECKING:
    from nas_explorer.search.search import Search


class Steering:
    """The edits of one search. Each counts from the next proposal on, and stands in the log; trials under way finish as they are.

    A one-shot search follows pins and vetoes from its next epoch on.

    >>> from nas_explorer import Search
    >>> search = Search("nas_bench_201", "random_search", "tabular", ["validation_error"], budget=9, run=folder)
    >>> for event in search.events():
    ...     if event.kind == "trial_finished" and event.trial == 3:
    ...         steer = search.steer.pin("cell/0->1", "conv_3x3").veto("cell/0->2", "none")
    >>> [search.history.architecture(trial)["cell/0->1"] for trial in range(4, 9)]
    ['conv_3x3', 'conv_3x3', 'conv_3x3', 'conv_3x3', 'conv_3x3']

    Every method raises InvalidOption, InvalidArchitecture: in the user's words, where the search could not follow; nothing is changed
    then. RunError: if the search has not begun or has ended. KernelLost, RunInUse: if it cannot be reached from here.
    """

    def __init__(
        self, search: Search, plan: SearchPlan, handed: list[tuple[int, float, Edit]], hand_in: Callable[[Edit], Edit | None]
    ) -> None:
        """
        Args:
            plan: as the search began.
            handed: (place among all edits, Unix time, edit) of what the search has accepted and perhaps not yet written.
            hand_in: gives an edit to the search; None where it stands in the log at once.
        """
        self._search, self._plan, self._handed, self._hand_in = search, plan, handed, hand_in

    # ---- edits
    def pin(self, decision: str, option: Scalar) -> Steering:
        """Let every proposal take this option, wherever the decision is asked."""
        return self._give(Edit("pin", decision, option))

    def veto(self, decision: str, option: Scalar) -> Steering:
        """Let no proposal take this option."""
        return self._give(Edit("veto", decision, option))

    def add(self, decision: str, option: Scalar | Op) -> Steering:
        """Offer an option again that was vetoed, or one that nobody drew: a width, a kernel, an operation.

        An operation comes as drawings have it, `spaces.op("conv", kernel=7)`, or as text, "conv_7x7" or "conv(kernel=7)". With a
        parameter left open, `spaces.op("conv", kernel=(3, 5))` or "conv(kernel=3|5)", that is a decision of its own.
        """
        if not isinstance(option, Op):
            return self._give(Edit("add", decision, option))
        return self._give(Edit("add", decision, str(option), operation=operation_to_json(option)))

    def widen(self, decision: str, *, low: float | None = None, high: float | None = None, step: float | None = None) -> Steering:
        """Offer more numbers, from `low` or up to `high`: in the steps that the range has (4, 8, 16 goes on with 32), or in `step`.

        The ends that are given are offered themselves.

        >>> in_steps((4, 8, 16), high=100)
        (32, 64, 100)
        """
        offered = options_of_decision(wide_space(self._plan.space, self.in_force), with_arrow(decision))
        return self._give(Edit("widen", decision, options=in_steps(offered, low, high, step)))

    def limit(self, constraint: str) -> Steering:
        """Set what proposals may cost, as in "latency_ms <= 5"; it replaces an earlier limit of this quantity."""
        return self._give(Edit("limit", limit=constraint))

    def budget(self, trials: int | None = None, *, simulated_seconds: float | None = None, wall_seconds: float | None = None) -> Steering:
        """Set the budget of the whole search; what is not named stays."""
        named = {"trials": trials, "simulated_seconds": simulated_seconds, "wall_seconds": wall_seconds}
        return self._give(Edit("budget", budget={name: most for name, most in named.items() if most is not None}))

    def propose(self, architecture: Mapping[str, Scalar]) -> Steering:
        """Try this one next."""
        return self._give(Edit("propose", architecture=architecture))

    def undo(self) -> Steering:
        """Take back what was done last: an edit that is in force, or a clear. What has begun as a trial is not taken back."""
        return self._give(Edit("undo"))

    def clear(self) -> Steering:
        """Take back all edits."""
        return self._give(Edit("clear"))

    # ---- how it stands
    @property
    def search(self) -> Search:
        """What it steers."""
        return self._search

    @property
    def edits(self) -> list[Given]:
        """Every edit so far, in order, undoing too. What the search has accepted and not yet written has no number."""
        self._search.follow()
        written = len(self._search.history.edits)
        self._handed[:] = [(place, at, edit) for place, at, edit in self._handed if place >= written]
        return self._search.history.edits_with([(at, edit) for _, at, edit in self._handed])

    @property
    def in_force(self) -> list[Edit]:
        return in_force(self.edits)

    @property
    def space(self) -> SearchSpace:
        """What is left from the next trial on. A decision with one option left is none of it."""
        return self._left().space

    @property
    def offers(self) -> dict[str, tuple[Scalar, ...]]:
        """Decision -> the options that are left."""
        return offers_under(self._plan.space, self.in_force)

    @property
    def pins(self) -> dict[str, Scalar]:
        """Decision -> the option it is pinned to."""
        return pins_under(self.in_force)

    @property
    def vetoes(self) -> dict[str, tuple[Scalar, ...]]:
        """Decision -> the options that are vetoed."""
        return vetoes_under(self.in_force)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What proposals may cost."""
        return self._left().limits

    @property
    def total(self) -> Budget:
        """The budget of the whole search."""
        return budget_under(self._plan.budget, self.in_force)

    @property
    def waiting(self) -> list[Architecture]:
        """What was proposed by hand and has not begun."""
        return list(self._left().waiting)

    @property
    def count(self) -> int:
        """How many architectures are left; limits and constraints are not looked at."""
        return size(self.space)

    @property
    def whole(self) -> int:
        """How many there are with what was added, but without pins and vetoes."""
        return size(wide_space(self._plan.space, self.in_force))

    @property
    def fitting(self) -> int:
        """How many finished trials the space that is left can express."""
        offers, history = self.offers, self._search.history
        finished = [number for number, status in enumerate(history.statuses().tolist()) if status == 1]
        return sum(expressed(offers, history.architecture(number)) for number in finished)

    def fits(self, architecture: Mapping[str, Scalar]) -> bool:
        """Whether an architecture belongs to the space that is left."""
        return expressed(self.offers, architecture)

    @property
    def last(self) -> Given | None:
        """What an undo would take back."""
        return next((one for one in reversed(self.edits) if one.in_force or (one.edit.kind == "clear" and one.over)), None)

    def __repr__(self) -> str:
        edits = "; ".join(edit.text for edit in self.in_force) or "no edit in force"
        return f"Steering({edits}: {self.count:,} architectures left)"

    def _left(self) -> Left:
        return left(self._plan, self.in_force)

    def _give(self, edit: Edit) -> Steering:
        before = self.edits
        taken = self._hand_in(edit)
        if taken is not None:
            self._handed.append((len(before), time.time(), taken))
        return self
