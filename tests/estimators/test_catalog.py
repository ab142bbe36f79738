"""The catalog of estimators."""

from __future__ import annotations

import pytest

from nas_explorer import estimators
from nas_explorer.errors import InvalidOption
from nas_explorer.estimators import CATALOG
from nas_explorer.estimators.tabular import Tabular


def test_options_from_a_terminal_become_what_the_estimator_takes() -> None:
    options = CATALOG.parse("tabular", {"dataset": "cifar100", "epochs": "200", "also": "test_error, latency_ms@fpga"})
    assert CATALOG.make("tabular", options) == Tabular(dataset="cifar100", epochs=200, also=("test_error", "latency_ms@fpga"))


@pytest.mark.parametrize(("options", "message"), [
    ({"epochs": "100"}, "epochs must be one of 12, 200, got '100'"),
    ({"data": "cifar100"}, "estimator 'tabular' has no option 'data', did you mean 'dataset'[?]"),
])
def test_options_that_mean_nothing_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        CATALOG.parse("tabular", options)


def test_the_class_is_found_by_its_name() -> None:
    assert estimators.Tabular is Tabular
    with pytest.raises(AttributeError, match="has no attribute 'Tabulator'"):
        estimators.Tabulator  # noqa: B018
