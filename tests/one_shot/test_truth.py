"""What the shared weights are compared with: a table's ranks, by the finer of the two scores."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nas_explorer.estimators import DigitsCells, WeightSharing
from nas_explorer.one_shot.protocol import Run
from nas_explorer.one_shot.truth import Comparison
from nas_explorer.spaces import Architecture, load


@pytest.mark.parametrize(("sign", "tau"), [(1, 1.0), (-1, -1.0)])
def test_losses_are_what_tau_is_of_where_errors_are_all_the_same(sign: int, tau: float) -> None:
    """A few hundred examples give few different errors."""
    table = DigitsCells()

    def score(architecture: Architecture) -> Mapping[str, float]:
        return {"validation_error": 12.5, "validation_loss": float(sign * table.rank(architecture).rank)}

    run: Any = SimpleNamespace(score=score)
    comparison = Comparison(table, WeightSharing("digits").for_space(load("digits_cells")), 30, seed=0)
    for _ in comparison.steps(cast(Run, run)):
        pass
    assert comparison.values["tau"] == pytest.approx(tau)
    assert comparison.values["tau_count"] == 30
