"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from nas_explorer.records import Metric, metric


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path for a run that is not there yet."""
    return tmp_path / "run"


@pytest.fixture
def objectives() -> tuple[Metric, Metric]:
    return metric("validation_error"), metric("latency_ms@raspi4")
