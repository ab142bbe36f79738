"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nas_explorer.records import Metric, metric


@pytest.hookimpl(wrapper=True)  # so that it comes before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """A file's tests run in one process, and all that drive a browser in the same: two at once would wait for each other."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group("browser" if item.get_closest_marker("browser") else str(item.path)))
    return (yield)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path for a run that is not there yet."""
    return tmp_path / "run"


@pytest.fixture
def objectives() -> tuple[Metric, Metric]:
    return metric("validation_error"), metric("latency_ms@raspi4")
