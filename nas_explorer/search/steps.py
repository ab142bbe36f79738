"""The numbers that widen a range: it goes on in its own steps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces import Scalar
from nas_explorer.spaces.values import listed

MOST = 100                         # numbers that one edit may add
CLOSE = 1e-9


def in_steps(
    offered: Sequence[Scalar], low: float | None = None, high: float | None = None, step: float | None = None
) -> tuple[Scalar, ...]:
    """The numbers between a range and its new ends, and these ends.

    A range whose numbers are equally far apart goes on so, one that multiplies (at least three numbers) goes on so; any other gets
    its new ends alone. `step`: how far apart they are to be instead.

    >>> in_steps((3, 5), high=9), in_steps((4, 8, 16), low=2, high=64), in_steps((1, 2, 5), high=9), in_steps((0, 5), high=7, step=1)
    ((7, 9), (2, 32, 64), (9,), (6, 7))

    Raises:
        InvalidOption: if the decision does not choose among numbers, or no number or too many would come.
    """
    numbers = sorted(option for option in offered if isinstance(option, (int, float)) and not isinstance(option, bool))
    if not numbers or len(numbers) < len(offered):
        raise InvalidOption(f"only a range of numbers can be widened, and this decision offers {listed(offered)}; add(...) offers one more")
    if low is None and high is None:
        raise InvalidOption("widen takes a new end, as in widen('width', high=128) or low=4")
    if step is not None and step <= 0:
        raise InvalidOption(f"the step of a range must be above zero, got {step:g}")
    up, down = _onward(numbers, step)
    below = [] if low is None else _until(down, numbers[0], lambda number: number >= low, low)
    above = [] if high is None else _until(up, numbers[-1], lambda number: number <= high, high)
    if not below and not above:
        raise InvalidOption(f"it reaches from {numbers[0]:g} to {numbers[-1]:g} already, so this would offer nothing more")
    return (*reversed(below), *above)


def _onward(numbers: Sequence[float], step: float | None) -> tuple[Callable[[float], float] | None, Callable[[float], float] | None]:
    """What comes after the last number, and before the first; None: the range has no steps."""
    apart = {step} if step is not None else _alike([b - a for a, b in itertools.pairwise(numbers)])
    if len(apart) == 1:
        (width,) = apart
        return (lambda number: number + width), (lambda number: number - width)
    factors = _alike([b / a for a, b in itertools.pairwise(numbers)]) if numbers[0] > 0 else set()
    if len(factors) == 1 and len(numbers) > 2:
        (factor,) = factors
        return (lambda number: number * factor), (lambda number: number / factor)
    return None, None


def _alike(steps: Sequence[float]) -> set[float]:
    """One of them, where all are the same but for rounding."""
    return set(steps[:1]) if all(abs(step - steps[0]) <= CLOSE * abs(steps[0]) for step in steps) else set(steps)


def _until(onward: Callable[[float], float] | None, start: float, inside: Callable[[float], bool], end: float) -> list[Scalar]:
    """From the number after the first to the end, which comes itself; whole numbers where both are."""
    if not inside(start) or end == start:
        return []
    whole = isinstance(start, int) and isinstance(end, int)
    found = [number for number in _walk(onward, start, inside, whole) if abs(number - end) > CLOSE * max(1, abs(end))]
    return [*found, end]


def _walk(onward: Callable[[float], float] | None, start: float, inside: Callable[[float], bool], whole: bool) -> Iterator[float]:
    number, count = start, 0
    while onward is not None and inside(number := round(onward(number), 12)):
        if whole and number != int(number):
            return
        if (count := count + 1) >= MOST:
            raise InvalidOption(f"this would offer more than {MOST} numbers; give a longer step, or add(...) single ones")
        yield int(number) if whole else number
