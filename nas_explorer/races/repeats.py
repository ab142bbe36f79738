"""When a search only repeats itself: it proposed one architecture so often in a row that nothing new is to be expected."""

from __future__ import annotations

MAX_REPEATS = 1_000


def repeats_text(repeated: int, searches: int) -> str:
    """
    >>> repeats_text(3, 100)
    '3 of 100 searches proposed one architecture 1,000 times in a row and were ended there'
    >>> repeats_text(0, 100)
    ''
    """
    if not repeated:
        return ""
    return f"{repeated} of {searches} searches proposed one architecture {MAX_REPEATS:,} times in a row and were ended there"
