"""Several objectives as one: MnasNet's soft and hard reward, and hard limits, for strategies that look at one number."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, get_args

from nas_explorer.errors import InvalidOption
from nas_explorer.options import check_number, check_one_of
from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture
from nas_explorer.strategies.given_strategies import explained, kept, strategy_of
from nas_explorer.strategies.protocol import Problem, Proposer, Rationing, Retracts, Strategy
from nas_explorer.strategies.rewards import mnasnet_reward, reward_of

Kind = Literal["soft", "hard", "limit"]
EXPONENTS = {"soft": (-0.07, -0.07), "hard": (0.0, -1.0)}
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "scalarized": {}, "mnasnet_soft": {"kind": "soft"}, "mnasnet_hard": {"kind": "hard"}, "limited": {"kind": "limit"},
}
REWARD = Metric("mnasnet_reward", "", False, "MnasNet reward")
FIRST = 10                         # trials whose median is the target where none is given


@dataclass(frozen=True, slots=True)
class Scalarized:
    """Weigh the first objective, an accuracy or error in %, against the second, a cost, and let another strategy climb that one number.

    `soft`: accuracy * (cost / target) ** -0.07, so that twice the latency is worth 5 % of the accuracy, on either side of the target.
    `hard`: the accuracy up to the target, accuracy * target / cost above it. `limit`: the first objective itself; a trial above the
    limit counts as failed. Every trial keeps its own values, so the Pareto front of the run is that of the objectives. Further
    objectives, and with `limit` further limits, may be named. With one objective there is nothing to weigh, and it is passed on.

    Source: Tan et al., MnasNet, CVPR 2019, arXiv 1807.11626, section 3 and Figure 3

    Attributes:
        strategy: who searches: a name, {"name": ..., "options": {...}}, or a strategy of your own.
        kind: soft, hard or limit.
        target: of the second objective, in its unit: 75 ms in the paper. None: the median of the first ten trials.
        limits: metric -> the most it may be (the least where more is better), for objectives other than the second; for `limit` only.

    Raises:
        UnknownName, InvalidOption: if there is no such strategy or kind, or a number is out of range.
    """

    SUMMARIES: ClassVar[Mapping[str, str]] = {
        "mnasnet_soft": "MnasNet's soft reward: twice the latency is worth 5 % of the accuracy, on either side of the target.",
        "mnasnet_hard": "MnasNet's hard reward: the accuracy up to the target, and less in proportion above it.",
        "limited": "The first objective alone; trials above a limit of another count as failed.",
    }

    strategy: str | Mapping[str, Any] | Strategy = "regularized_evolution"
    kind: Kind = "soft"
    target: float | None = None
    limits: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "strategy", kept(self.strategy))
        check_one_of("kind", self.kind, get_args(Kind))
        if self.target is not None:
            check_number("target", self.target, "above 0, or none", lambda x: x > 0)
        for name, limit in (self.limits or {}).items():
            check_number(f"the limit of {name}", limit, "that is finite", lambda _: True)
        if self.limits and self.kind != "limit":
            raise InvalidOption(f"limits go with kind='limit', got kind={self.kind!r}")

    def begin(self, problem: Problem) -> Proposer:
        """
        Raises:
            InvalidOption: if the first objective is not in %, the second is none that is to be small, or a limit is of no objective.
        """
        first, *others = problem.objectives
        inner = strategy_of(self.strategy)
        if not others:
            return inner.begin(problem)
        names = [m.name for m in others]
        if unknown := [name for name in self.limits or {} if name not in names]:
            raise InvalidOption(f"there is no objective {unknown[0]!r} to limit besides the first; there is {', '.join(names)}")
        if self.kind == "limit":
            return Scalar(self, problem, first, inner.begin(replace(problem, objectives=(first,))))
        if first.unit != "%" or not others[0].minimize:
            raise InvalidOption(f"kind={self.kind!r} needs an accuracy or error in % and then a cost that is to be small, got "
                                f"{first.name} and {others[0].name}")
        return Scalar(self, problem, REWARD, inner.begin(replace(problem, objectives=(REWARD,))))


class Scalar:
    """A search under way, which tells the inner one a single number."""

    def __init__(self, settings: Scalarized, problem: Problem, shown: Metric, inner: Proposer) -> None:
        self.settings, self.objectives, self.shown, self.inner = settings, problem.objectives, shown, inner
        self.seen: list[float] = []
        if isinstance(inner, Rationing):
            self.ration = inner.ration
        if isinstance(inner, Retracts):
            self.retract = inner.retract

    def ask(self) -> Architecture:
        return self.inner.ask()

    def why(self) -> Mapping[str, Any]:
        return explained(self.inner)

    def tell(self, trial: Trial) -> None:
        self.inner.tell(self._scalar(trial))

    def target(self) -> float:
        if self.settings.target is not None:
            return self.settings.target
        return statistics.median(self.seen) if self.seen else math.inf

    def _scalar(self, trial: Trial) -> Trial:
        values = [trial.values.get(m.name, math.nan) for m in self.objectives]
        if trial.status == "failed" or not all(map(math.isfinite, values)):
            return replace(trial, status="failed")
        if len(self.seen) < FIRST:
            self.seen.append(values[1])
        if self.settings.kind == "limit":
            return self._limited(trial, dict(zip([m.name for m in self.objectives], values, strict=True)))
        accuracy = reward_of(self.objectives[0], values[0], "accuracy")
        reward = mnasnet_reward(accuracy, values[1], self.target(), *EXPONENTS[self.settings.kind])
        return replace(trial, values={self.shown.name: reward})

    def _limited(self, trial: Trial, values: Mapping[str, float]) -> Trial:
        second = self.objectives[1]
        limits = {second.name: self.target(), **(self.settings.limits or {})}
        over = [m.name for m in self.objectives[1:] if m.name in limits and m.is_better(limits[m.name], values[m.name])]
        if not over:
            return trial
        return replace(trial, status="failed", message=f"{over[0]} is {values[over[0]]:g}, the limit is {limits[over[0]]:g}")
