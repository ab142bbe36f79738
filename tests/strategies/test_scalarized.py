"""MnasNet's rewards and hard limits, against their formulas."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial, metric
from nas_explorer.spaces import Architecture, nas_bench_201, sample
from nas_explorer.strategies import Problem
from nas_explorer.strategies.rewards import mnasnet_reward
from nas_explorer.strategies.scalarized import Scalar, Scalarized

TWO = (metric("validation_error"), metric("latency_ms"))
POSITIVE = st.floats(0.1, 1e4)


@given(st.floats(0.01, 1.0), POSITIVE, POSITIVE, st.sampled_from([(-0.07, -0.07), (0.0, -1.0)]))
def test_slower_is_never_better_and_at_the_target_the_reward_is_the_accuracy(accuracy: float, cost: float, target: float,
                                                                             exponents: tuple[float, float]) -> None:
    assert mnasnet_reward(accuracy, target, target, *exponents) == accuracy
    assert mnasnet_reward(accuracy, cost * 1.1, target, *exponents) <= mnasnet_reward(accuracy, cost, target, *exponents)


def test_the_soft_reward_is_where_five_per_cent_come_from() -> None:
    """1.05 * 2 ** -0.07 = 1.0003."""
    assert mnasnet_reward(0.75 * 1.05, 150, 75) == pytest.approx(mnasnet_reward(0.75, 75, 75), rel=5e-4)
    assert mnasnet_reward(0.75, 37.5, 75) > 0.75                                   # faster than the target pays as well
    assert mnasnet_reward(0.75, 37.5, 75, 0.0, -1.0) == 0.75                       # not so the hard one


@dataclass(frozen=True)
class Listening:
    """Draw the same, and keep what it is told.

    Source: these tests
    """

    heard: list[Trial] = field(default_factory=list, compare=False)

    def begin(self, problem: Problem) -> Listening.Proposer:
        self.heard.clear()
        return Listening.Proposer(self, problem)

    class Proposer:
        def __init__(self, settings: Listening, problem: Problem) -> None:
            import numpy as np
            self.settings, self.problem, self.rng = settings, problem, np.random.default_rng(0)

        def ask(self) -> Architecture:
            return sample(self.problem.space, self.rng)

        def tell(self, trial: Trial) -> None:
            self.settings.heard.append(trial)


def told(strategy: Scalarized, inner: Listening, *values: tuple[float, ...], objectives: tuple[Metric, ...] = TWO) -> list[Trial]:
    proposer = strategy.begin(Problem(nas_bench_201(), objectives))
    assert isinstance(proposer, Scalar)
    for number, row in enumerate(values):
        proposer.tell(Trial(number, proposer.ask(), "finished", dict(zip([m.name for m in objectives], row, strict=True))))
    return inner.heard


@pytest.mark.parametrize(("kind", "expected"), [("soft", [0.8, 0.8 * 2 ** -0.07, 0.9 * 0.5 ** -0.07]), ("hard", [0.8, 0.4, 0.9])])
def test_the_inner_strategy_is_told_the_reward(kind: str, expected: list[float]) -> None:
    inner = Listening()
    heard = told(Scalarized(inner, kind, target=10.0), inner, (20.0, 10.0), (20.0, 20.0), (10.0, 5.0))  # type: ignore[arg-type]
    assert [trial.values["mnasnet_reward"] for trial in heard] == pytest.approx(expected)
    assert all(trial.status == "finished" for trial in heard)


def test_a_trial_above_a_limit_is_told_as_failed_with_the_reason() -> None:
    inner, three = Listening(), (*TWO, metric("test_accuracy"))
    strategy = Scalarized(inner, "limit", target=10.0, limits={"test_accuracy": 70.0})
    heard = told(strategy, inner, (20.0, 10.0, 80.0), (20.0, 10.5, 80.0), (5.0, 9.0, 69.0), objectives=three)
    assert [trial.status for trial in heard] == ["finished", "failed", "failed"]
    assert [trial.message for trial in heard] == ["", "latency_ms is 10.5, the limit is 10", "test_accuracy is 69, the limit is 70"]
    assert heard[0].values["validation_error"] == 20.0


def test_without_a_target_it_is_the_median_of_the_first_ten() -> None:
    inner = Listening()
    rows = [(20.0, float(cost)) for cost in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000)]
    told(strategy := Scalarized(inner, "hard"), inner, *rows)
    assert inner.heard[10].values["mnasnet_reward"] == pytest.approx(0.8 * 5.5 / 1000)
    assert strategy.target is None


def test_failures_stay_failures() -> None:
    inner = Listening()
    proposer = Scalarized(inner, target=5.0).begin(Problem(nas_bench_201(), TWO))
    proposer.tell(Trial(0, proposer.ask(), "failed", {}, "out of memory"))
    assert inner.heard[0].status == "failed"
    assert inner.heard[0].message == "out of memory"


def test_it_searches_below_the_limit() -> None:
    """Evolution on the table, with at most 12 ms on a Raspberry Pi, which few random architectures keep."""
    from nas_explorer.estimators.tabular import Tabular

    objectives = (metric("validation_error"), metric("latency_ms@raspi4"))
    table = Tabular(also=("latency_ms@raspi4",))
    proposer = Scalarized({"name": "regularized_evolution", "options": {"population_size": 20, "tournament_size": 5}}, "limit",
                          target=12.0).begin(Problem(nas_bench_201(), objectives, 1))
    within = []
    for number in range(300):
        architecture = proposer.ask()
        (seen,) = table.evaluate(architecture)
        proposer.tell(Trial(number, architecture, "finished", seen.values))
        within.append(seen.values["latency_ms@raspi4"] <= 12.0)
    assert sum(within[150:]) / 150 > 2.5 * float((table.column("latency_ms@raspi4") <= 12.0).mean())


@pytest.mark.parametrize(("strategy", "objectives", "message"), [
    (Scalarized(), (metric("latency_ms"), metric("macs")), "an accuracy or error in % and then a cost that is to be small, got latency_ms"),
    (Scalarized(), (metric("validation_error"), metric("test_accuracy")), "got validation_error and test_accuracy"),
    (Scalarized(kind="limit", limits={"macs": 5}), TWO, "no objective 'macs' to limit besides the first; there is latency_ms"),
])
def test_objectives_that_do_not_fit_are_refused(strategy: Scalarized, objectives: tuple[Metric, ...], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        strategy.begin(Problem(nas_bench_201(), objectives))


@pytest.mark.parametrize(("options", "message"), [
    ({"kind": "gentle"}, "kind must be one of soft, hard, limit"), ({"target": 0}, "target must be a number above 0, or none"),
    ({"limits": {"macs": 5}}, "limits go with kind='limit', got kind='soft'"),
    ({"kind": "limit", "limits": {"macs": "few"}}, "the limit of macs must be a number that is finite"),
])
def test_settings_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        Scalarized(**options)  # type: ignore[arg-type]
