"""Which moments of a search the browser has been told, and which come next. No widget and no thread in here."""

from __future__ import annotations

MOST = 2000  # moments that a view keeps; of a longer search every second, fourth, ... and the last
CHUNK = 150  # moments of one message


def stride_of(count: int) -> int:
    """Every how many-eth of so many snapshots is kept.

    >>> stride_of(2000), stride_of(2001), stride_of(9000)
    (1, 2, 8)
    """
    stride = 1
    while count > MOST * stride:
        stride *= 2
    return stride


class Sent:
    """Counts what has gone out; `ask` makes it go out again for a view that has just come."""

    def __init__(self) -> None:
        self.next = 0

    def ask(self, first: int) -> None:
        """Somebody lacks everything from this snapshot on."""
        self.next = max(0, min(self.next, first))

    def due(self, count: int) -> list[int]:
        """The numbers of the snapshots that go out now, when there are `count`; at most a chunk of them."""
        stride = stride_of(count)
        first = -(-self.next // stride) * stride
        numbers = list(range(first, count, stride))[:CHUNK]
        if len(numbers) < CHUNK and self.next < count and (not numbers or numbers[-1] != count - 1):
            numbers.append(count - 1)
        self.next = numbers[-1] + 1 if numbers else self.next
        return numbers

    def behind(self, count: int) -> bool:
        return self.next < count
