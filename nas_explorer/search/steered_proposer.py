"""The proposer of a search that a user may step into: it follows the edits in force, for every strategy.

For each space that edits have left it keeps a proposer of its own, which is told of every trial that its space can express, whoever
proposed it. So where edits are taken back, the proposer from before goes on, and has missed nothing. A proposer that can leave
options out by itself (`Narrows`) serves for all of them, and keeps what it has learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, cast

import numpy as np

from nas_explorer.errors import InvalidSpace
from nas_explorer.estimators.protocol import last_epoch
from nas_explorer.records import Edit, Steered, Trial
from nas_explorer.records.given import Force
from nas_explorer.search.constraints import within
from nas_explorer.search.plan import SearchPlan
from nas_explorer.search.steered import expressed, left, offers_under, wide_plan
from nas_explorer.spaces import Architecture, Limit, Scalar, SearchSpace, fits, lifted, projected, sample
from nas_explorer.strategies.protocol import Explains, Foresight, Narrows, Problem, Proposer, Rationing, Retracts, Strategy

SALT = 0x57EE
Offers: TypeAlias = Mapping[str, tuple[Scalar, ...]]
Key: TypeAlias = tuple[tuple[str, tuple[Scalar, ...]], ...]          # every decision, and what it offers


class SteeredProposer:
    """Asks whoever proposes in what the edits leave; what was proposed by hand comes first.

    Attributes:
        left: what counts for the next proposal.
    """

    def __init__(self, plan: SearchPlan) -> None:
        self.plan, self._drawn, self.force = plan, plan, Force()
        self.left, self._offers = left(plan, ()), offers_under(plan.space, ())
        self._base = self._begun(plan.space, plan.seed)
        self._proposers: list[tuple[Offers, Proposer]] = [(self._offers, self._base)]
        self._current = 0                                  # which of them is asked
        self._within: dict[tuple[Key, tuple[Limit, ...]], Proposer] = {}
        self._ended: list[Trial] = []
        self._owners: dict[int, int] = {}                  # of trials under way
        self._partly: set[int] = set()                     # trials under way that are not trained in full
        self._heeded = (last_epoch(plan.estimator) or 1) > 1
        self._asked, self._by_hand, self._drawn_instead = 0, False, False
        self._ask_of(self._limited())
        if isinstance(self._base, Rationing):
            self.ration = lambda: 1.0 if self._by_hand or self._drawn_instead else cast(Rationing, self._asking).ration()

    def steer(self, event: Steered) -> None:
        """Follow an edit from the next proposal on."""
        self.force.give(Edit.of(event.edit))
        self.plan = wide_plan(self._drawn, self.force.added)
        self._follow()

    def ask(self) -> Architecture:
        self._by_hand, self._drawn_instead = bool(self.left.waiting), False
        if self._by_hand:
            architecture = self.left.waiting[0]
            self.force.begin()
            self._follow()
        else:
            architecture = self._asked_of_the_strategy()
        self._asked += 1
        return architecture

    def _asked_of_the_strategy(self) -> Architecture:
        try:
            architecture = self._asking.ask()
        except InvalidSpace:                               # all children of a parent may break a rule in what edits have left
            if not self.left.space.only:
                raise
            self._drawn_instead = True
            rng = np.random.default_rng([self.plan.seed, SALT, self._asked])
            return lifted(self.left.space, sample(self.left.space, rng))
        self._owners[self._asked] = self._current
        if self._heeded and self._rationing is not None and self._rationing.ration() < 1:
            self._partly.add(self._asked)
        return architecture

    def why(self) -> Mapping[str, Any]:
        if self._by_hand:
            return {"kind": "hand", "words": "Proposed by hand."}
        if self._drawn_instead:
            return {"kind": "instead", "words": "Drawn at random: the strategy found nothing in what the edits leave."}
        return self._explaining.why() if self._explaining is not None else {}

    def tell(self, trial: Trial) -> None:
        owner, partly = self._owners.pop(trial.number, None), trial.number in self._partly
        self._partly.discard(trial.number)
        for place, (offers, proposer) in enumerate(self._proposers):
            # Whoever did not ask would take a short training for a full one.
            if place == owner or (not partly and expressed(offers, trial.architecture)):
                proposer.tell(trial)
        if not partly:
            self._ended.append(trial)

    def _follow(self) -> None:
        before = self._offers
        self.left, self._offers = left(self._drawn, self.force.edits), offers_under(self._drawn.space, self.force.edits)
        if self._offers != before:
            self._current = self._place()
            if self._current == 0 and isinstance(self._base, Narrows):
                self._base.narrow(self._offers)
        self._ask_of(self._limited())

    def _place(self) -> int:
        """Whose turn it is in the space that is left: the first one's, too, where that can leave options out, and none was added."""
        first, _ = self._proposers[0]
        if isinstance(self._base, Narrows) and first.keys() == self._offers.keys() and all(
                set(options) <= set(first[name]) for name, options in self._offers.items()):
            return 0
        known = next((place for place, (offers, _) in enumerate(self._proposers) if offers == self._offers), None)
        if known is not None:
            return known
        self._proposers.append((self._offers, self._begun_anew(self.left.space)))
        return len(self._proposers) - 1

    def _ask_of(self, proposer: Proposer) -> None:
        """Ask this one from now on. To see at every trial anew what it can do takes longer than to look its error up in a table."""
        self._asking = proposer
        self._explaining = proposer if isinstance(proposer, Explains) else None
        self._rationing = proposer if isinstance(proposer, Rationing) else None

    def _begun_anew(self, space: SearchSpace) -> Proposer:
        # By how many edits there were, and not by the number of the event: a search that was interrupted has more of those.
        seed = int(np.random.SeedSequence([self.plan.seed, self.force.count]).generate_state(1)[0])
        proposer = Lifted(self._begun(space, seed), space)
        for trial in self._ended:
            if expressed(self._offers, trial.architecture):
                proposer.tell(trial)
        return proposer

    def _begun(self, space: SearchSpace, seed: int) -> Proposer:
        known: Foresight | None = self.plan.foresight
        foresight = LiftedForesight(known, space) if known is not None and space.only else known
        return cast(Strategy, self.plan.strategy).begin(Problem(space, self.plan.objectives, seed, foresight))

    def _limited(self) -> Proposer:
        """The proposer of the space that is left, whose proposals keep the limits."""
        key, limits = tuple(self._offers.items()), self.left.limits
        if (key, limits) not in self._within:
            _, proposer = self._proposers[self._current]
            self._within[key, limits] = within(proposer, self.left.space, self.plan.estimator, limits, self.plan.seed)
        return self._within[key, limits]


class LiftedForesight:
    """What is known of architectures of a narrowed space, from what knows the whole."""

    def __init__(self, foresight: Foresight, space: SearchSpace) -> None:
        self._foresight, self._space, self.check = foresight, space, foresight.check

    def scores(self, score: str, task: str, architectures: Sequence[Architecture]) -> list[float]:
        return self._foresight.scores(score, task, [lifted(self._space, architecture) for architecture in architectures])


class Lifted:
    """Lifts what is proposed; tells what the narrowed space can express, and nothing else."""

    def __init__(self, proposer: Proposer, space: SearchSpace) -> None:
        self._proposer, self._space = proposer, space
        if isinstance(proposer, Rationing):
            self.ration = proposer.ration
        if isinstance(proposer, Retracts):
            self.retract = proposer.retract

    def ask(self) -> Architecture:
        return lifted(self._space, self._proposer.ask())

    def tell(self, trial: Trial) -> None:
        if fits(self._space, trial.architecture):
            self._proposer.tell(replace(trial, architecture=projected(self._space, trial.architecture)))

    def why(self) -> Mapping[str, Any]:
        return self._proposer.why() if isinstance(self._proposer, Explains) else {}
