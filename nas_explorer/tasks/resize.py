"""Bringing images to another size, with numpy alone."""

from __future__ import annotations

import numpy as np

from nas_explorer.tasks.task import Array


def resized(images: Array, sides: tuple[int, int]) -> Array:
    """(..., height, width) -> (..., *sides), float32, by linear interpolation that averages where it shrinks.

    >>> resized(np.array([[0.0, 1.0, 2.0, 3.0]]), (1, 2))
    array([[0.714..., 2.285...]], dtype=float32)
    """
    height, width = images.shape[-2:]
    columns = _weights(height, sides[0])
    rows = _weights(width, sides[1])
    return np.asarray(columns @ (images.astype(np.float32) @ rows.T), dtype=np.float32)


def _weights(old: int, new: int) -> Array:
    """(new, old): how much of every old place goes into each new one, a triangle as wide as the coarser of both steps."""
    step = old / new
    centres = (np.arange(new) + 0.5) * step - 0.5
    distance = np.abs(np.arange(old)[None, :] - centres[:, None]) / max(step, 1.0)
    weights = np.maximum(0.0, 1.0 - distance)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
