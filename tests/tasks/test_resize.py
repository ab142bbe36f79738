"""Resizing keeps what it must: constants, means, and straight lines."""

from __future__ import annotations

import numpy as np
import pytest

from nas_explorer.tasks.resize import resized


@pytest.mark.parametrize("sides", [(4, 4), (8, 8), (16, 5), (3, 20)])
def test_a_constant_image_stays_constant(sides: tuple[int, int]) -> None:
    assert np.allclose(resized(np.full((2, 1, 8, 8), 5.0), sides), 5.0)


def test_the_same_size_changes_nothing() -> None:
    images = np.random.default_rng(0).random((2, 1, 6, 6))
    assert np.allclose(resized(images, (6, 6)), images)


def test_halving_averages_and_a_slope_stays_a_slope() -> None:
    slope = np.arange(16.0)[None].repeat(4, axis=0)
    steps = np.diff(resized(slope, (4, 8))[0])
    assert np.allclose(steps[1:-1], 2.0)
    checkers = np.indices((8, 8)).sum(axis=0) % 2
    assert np.allclose(resized(checkers.astype(float), (4, 4))[1:-1, 1:-1], 0.5, atol=0.01)
