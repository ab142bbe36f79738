"""Images in channels-last memory, seen with other sides and more channels without copying them."""

from __future__ import annotations

import torch
from torch import Tensor


def channels_last(x: Tensor) -> Tensor:
    """An image whose channels stand side by side in memory; other values as they are."""
    return x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x


def fold(x: Tensor, times: int) -> Tensor:
    """Neighbours in a row become channels: (batch, C, H, W) -> (batch, times * C, H, W / times), the first neighbour's C first."""
    batch, channels, height, width = x.shape
    return x.permute(0, 2, 3, 1).reshape(batch, height, width // times, times * channels).permute(0, 3, 1, 2)


def split(x: Tensor) -> Tensor:
    """Even and odd rows become images, even and odd columns channels: (batch, C, H, W) -> (2 * batch, 2 * C, H / 2, W / 2)."""
    batch, channels, height, width = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(batch, height // 2, 2, width * channels).permute(2, 0, 1, 3)
    return rows.reshape(2 * batch, height // 2, width // 2, 2 * channels).permute(0, 3, 1, 2)
