"""What breaks a constraint is never a trial, and a search that nothing can keep does not begin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import nas_explorer as nas
from nas_explorer.errors import InvalidOption
from nas_explorer.estimators import DigitsCells, EcNas, Tabular, Training
from nas_explorer.records import Measurement, TrialFailed, TrialStarted
from nas_explorer.search.constraints import MAX_REFUSALS, limit_of, within
from nas_explorer.search.search import Search
from nas_explorer.search.twin import RandomTwin
from nas_explorer.spaces import Architecture
from nas_explorer.strategies.protocol import Explains
from tests.toys import CountOff, on, switches


@dataclass(frozen=True)
class Foreseen(CountOff):
    """Knows how many switches are on before it looks, and has looked at none that are too many."""

    most: int = 99

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        return {"latency_ms": float(on(architecture))}

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        assert on(architecture) <= self.most
        yield from CountOff.evaluate(self, architecture)


@pytest.mark.parametrize("strategy", ["random_search", "regularized_evolution", "tpe", "nsga2", "reinforce_per_decision", "reinforce"])
def test_what_breaks_a_constraint_is_no_trial_and_is_never_scored(strategy: str, folder: Path) -> None:
    """Of 64 architectures 22 keep it; the best of them has two switches on."""
    search = Search(switches(), strategy, Foreseen(most=2), budget=40, run=folder, constraints="latency_ms <= 2")
    events = list(search.events())
    assert [event for event in events if isinstance(event, TrialFailed)] == []
    proposed = [event.architecture for event in events if isinstance(event, TrialStarted)]
    assert len(proposed) == 40
    assert max(map(on, proposed)) == 2
    assert search.best.values["validation_error"] == pytest.approx(100 * 4 / 6)


def test_a_search_with_constraints_goes_on_as_if_nothing_had_been(folder: Path, tmp_path: Path) -> None:
    def search(run: Path) -> Search:
        return Search(switches(), "regularized_evolution", Foreseen(), budget=30, run=run, constraints=["latency_ms <= 3"])

    whole = [event.architecture for event in search(tmp_path / "whole").events() if isinstance(event, TrialStarted)]
    for number, _ in enumerate(broken := search(folder).events()):
        if number == 40:
            broken.close()
            break
    resumed = nas.open(folder, estimator=Foreseen())
    list(resumed.events())
    assert [resumed.history.architecture(i) for i in range(30)] == whole
    assert json.loads((folder / "run.json").read_text())["constraints"] == ["latency_ms <= 3"]


@dataclass
class Stubborn:
    """Proposes one architecture again and again, so many switches on, and says so."""

    count: int
    asked: int = 0

    def ask(self) -> Architecture:
        self.asked += 1
        return Architecture({f"layer{i}.op": "conv_3x3" if i < self.count else "skip" for i in range(6)})

    def tell(self, trial: object) -> None:
        raise AssertionError("what is refused is no trial")

    def why(self) -> Mapping[str, object]:
        return {"kind": "stubborn"}


def test_a_strategy_that_is_always_refused_gets_random_ones_and_the_log_says_so() -> None:
    stubborn = Stubborn(6)
    kept = within(stubborn, switches(), Foreseen(), (limit_of("latency_ms <= 1"),), seed=0)
    assert on(kept.ask()) <= 1
    assert stubborn.asked == MAX_REFUSALS
    assert isinstance(kept, Explains)
    assert kept.why() == {"kind": "random", "refused": MAX_REFUSALS}


def test_a_proposal_that_fits_keeps_its_own_reason() -> None:
    kept = within(Stubborn(1), switches(), Foreseen(), (limit_of("latency_ms <= 1"),), seed=0)
    assert on(kept.ask()) == 1
    assert isinstance(kept, Explains)
    assert kept.why() == {"kind": "stubborn"}


def test_a_table_and_its_random_twin_keep_the_same_constraints(folder: Path) -> None:
    search = Search("nas_bench_201", "random_search", Tabular(), budget=20, run=folder,
                    constraints=["latency_ms@raspi4 <= 10", "parameter_count <= 600_000"])
    for _ in search.events():
        pass
    twin = RandomTwin(search.plan)
    twin.follow(search.history)
    table = Tabular(also=("latency_ms@raspi4",))
    for history in (search.history, twin.history):
        rows = [table.index(history.architecture(i)) for i in range(20)]
        assert table.column("latency_ms@raspi4")[rows].max() <= 10
        assert table.column("parameter_count")[rows].max() <= 600_000


def test_cells_that_are_no_network_are_no_trial_either(folder: Path) -> None:
    """A fifth of the drawings has no path; where there is a constraint, they are refused with the others."""
    search = Search(nas.spaces.load("nas_bench_101", vertices=5), "random_search", EcNas(), budget=40, run=folder,
                    constraints="parameter_count <= 5_000_000")
    assert [event for event in search.events() if isinstance(event, TrialFailed)] == []


@pytest.mark.parametrize(("constraint", "words"), [
    ("latency_ms < 5", "a constraint is a quantity and its most, as in 'latency_ms <= 5', got 'latency_ms < 5'"),
    ("macs >= 5", "as in 'latency_ms <= 5'"),
    ("macs <= lots", "as in 'latency_ms <= 5'"),
    ("macs <= 1e999", "as in 'latency_ms <= 5'"),
    (5, "as in 'latency_ms <= 5', got 5"),
    ("validation_error <= 5", "does not know 'validation_error' by then; it knows parameter_count, macs"),
    ("latency_ms <= 5", "OnDevice.*table=models.device_table"),
    ("macs <= 1", r"none of 2,000 random architectures of 'digits_cells' keeps macs <= 1; the least that they had were macs 62112"),
])
def test_a_constraint_that_cannot_be_kept_is_refused_before_the_search_begins(constraint: object, words: str, folder: Path) -> None:
    with pytest.raises(InvalidOption, match=words):
        Search("digits_cells", "random_search", Training(epochs=1), budget=1, run=folder, constraints=[constraint])  # type: ignore[list-item]
    assert not folder.exists()


def test_our_own_table_knows_costs_before(folder: Path) -> None:
    search = Search("digits_cells", "regularized_evolution", DigitsCells(), budget=12, run=folder, constraints="parameter_count <= 9_000")
    assert [event for event in search.events() if isinstance(event, TrialFailed)] == []
    assert all(trial.values["parameter_count"] <= 9_000 for trial in search.front)


def test_a_one_shot_method_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidOption, match="trains all architectures of a space at once"):
        Search("digits_cells", "random_sampling", task="digits", epochs=1, run=folder, constraints="macs <= 1e9")
