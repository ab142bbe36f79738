"""Shapes of what flows along the edges, and the arithmetic of channels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nas_explorer.errors import InvalidSpace

MAX_CHANNELS = 1_000_000
_EXPRESSION = re.compile(r"(\d{0,6})C(?:/(\d{1,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """channels at 1/scale of the input resolution; `size` is the side of the image or the length of the sequence."""

    channels: int
    scale: int
    size: int
    dimensions: int                # 2 image, 1 sequence, 0 vector

    @property
    def positions(self) -> int:
        """How many places share one set of weights: pixels, tokens, or 1."""
        return int(self.size**self.dimensions)


def channels_of(expression: int | str, channels: int) -> int:
    """Read an expression over C, the channels of the place where it stands.

    >>> channels_of("2C", 16), channels_of("C/4", 16), channels_of(40, 16)
    (32, 4, 40)

    Raises:
        InvalidSpace: if it is no such expression, or its value is not between 1 and 1,000,000.
    """
    value: object = expression
    if isinstance(expression, str):
        match = _EXPRESSION.fullmatch(expression)
        divisor = int(match[2] or 1) if match else 0
        if match is None or divisor == 0:
            raise InvalidSpace(f"channels must be a number or like 2C or C/4, got {expression!r}")
        value = int(match[1] or 1) * channels // divisor
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_CHANNELS:
        raise InvalidSpace(f"channels must be a whole number from 1 to {MAX_CHANNELS:,}, "
                           f"got {expression!r:.60} where C is {channels}")
    return value


def scaled_channels(channels: int, width: float, divisor: int = 8) -> int:
    """EfficientNet's rounding: to multiples of 8, never below 90 %; width 1 changes nothing.

    >>> scaled_channels(40, 1.1), scaled_channels(3, 1.0)
    (48, 3)
    """
    if width == 1.0:
        return channels
    rounded = max(divisor, int(channels * width + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels * width else rounded
