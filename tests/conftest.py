"""What all tests share: toy problems with known answers, and the folder that doctests write to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nas_explorer.records import Metric, metric


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path for a run that is not there yet."""
    return tmp_path / "run"


@pytest.fixture
def objectives() -> tuple[Metric, Metric]:
    return metric("validation_error"), metric("latency_ms@raspi4")


@pytest.fixture(autouse=True)
def _doctest_folder(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any], tmp_path: Path) -> None:
    """Examples in docstrings may write a run to `folder`."""
    doctest_namespace["folder"] = tmp_path / "run"
    return
