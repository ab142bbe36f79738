from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.spaces import SearchSpace, nas_bench_201


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def nb201() -> SearchSpace:
    return nas_bench_201()
