"""Changes to a batch of pictures that leave their class as it is; each picture gets its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor


def augmented(x: Tensor, names: Sequence[str], generator: Generator) -> Tensor:
    """(batch, channels, side, side), changed by each augmentation in turn."""
    for name in names:
        x = AUGMENT[name](x, generator)
    return x


def shift(x: Tensor, generator: Generator) -> Tensor:
    """Move every picture by up to an eighth of its side, zeros where nothing was: a random crop after padding."""
    reach = max(1, x.shape[-1] // 8)
    side = x.shape[-1]
    windows = F.pad(x, (reach,) * 4).unfold(2, side, 1).unfold(3, side, 1)      # (batch, channels, row, column, side, side)
    rows, columns = torch.randint(2 * reach + 1, (2, len(x)), generator=generator)
    return windows[torch.arange(len(x)), :, rows, columns]


def flip(x: Tensor, generator: Generator) -> Tensor:
    """Mirror half of the pictures, left and right."""
    mirrored = torch.rand(len(x), 1, 1, 1, generator=generator) < 0.5
    return torch.where(mirrored, x.flip(3), x)


def cutout(x: Tensor, generator: Generator) -> Tensor:
    """Blank a square of half the side around a random place; it may reach over the border (DeVries and Taylor 2017)."""
    reach = max(1, x.shape[-1] // 4)
    places = torch.arange(x.shape[-1])
    centres = torch.randint(x.shape[-1], (2, len(x), 1), generator=generator)
    rows, columns = ((places - centre >= -reach) & (places - centre < reach) for centre in centres)
    return x.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0.0)


def frequency_mask(x: Tensor, generator: Generator) -> Tensor:
    """Blank up to a quarter of the bands, side by side (Park et al., SpecAugment, 2019)."""
    return x.masked_fill(_band(x, generator)[:, None, :, None], 0.0)


def time_mask(x: Tensor, generator: Generator) -> Tensor:
    """Blank up to a quarter of the frames, side by side."""
    return x.masked_fill(_band(x, generator)[:, None, None, :], 0.0)


def _band(x: Tensor, generator: Generator) -> Tensor:
    """(batch, side): a random stretch of each picture."""
    side = x.shape[-1]
    width = torch.randint(side // 4 + 1, (len(x), 1), generator=generator)
    start = (torch.rand(len(x), 1, generator=generator) * (side - width + 1)).long()
    places = torch.arange(side)
    return (places >= start) & (places < start + width)


AUGMENT: Mapping[str, Callable[[Tensor, Generator], Tensor]] = {
    "shift": shift, "flip": flip, "cutout": cutout, "time_mask": time_mask, "frequency_mask": frequency_mask,
}
