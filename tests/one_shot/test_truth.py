"""What the shared weights are compared with: a table's ranks, by the finer of the two scores."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from nas_explorer.estimators import DigitsCells, WeightSharing
from nas_explorer.one_shot.choosing import choosing_metric
from nas_explorer.one_shot.truth import Comparison
from nas_explorer.spaces import Architecture, load


def compared(run: Any, by: str = "loss") -> dict[str, float]:
    estimator = WeightSharing("digits")
    comparison = Comparison(DigitsCells(), load("digits_cells"), choosing_metric(estimator, by), 30, 1, seed=0)  # type: ignore[arg-type]
    for _ in comparison.steps(run):
        pass
    return comparison.values


def test_losses_in_the_true_order_are_seen_where_errors_are_all_the_same() -> None:
    """A few hundred examples give few different errors; tau leaves ties out of the numerator, so by error nothing would be seen."""
    table = DigitsCells()

    def score(architecture: Architecture) -> Mapping[str, float]:
        return {"validation_error": 12.5, "validation_loss": float(table.rank(architecture).rank)}

    values = compared(SimpleNamespace(score=score))
    assert values["tau"] == pytest.approx(1.0)
    assert values["tau_count"] == 30
    assert "tau" not in compared(SimpleNamespace(score=score), by="error")
