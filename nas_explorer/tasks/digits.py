"""Handwritten digits of 8x8 pixels: the smallest real images."""

from __future__ import annotations

from dataclasses import dataclass

from nas_explorer.options import check_number, check_whole_number
from nas_explorer.tasks.bundled import arrays
from nas_explorer.tasks.own_data import from_arrays
from nas_explorer.tasks.task import Task


@dataclass(frozen=True, slots=True)
class Digits:
    """Tell 1,797 handwritten digits of 8x8 pixels apart; a small network trains on them in a second.

    Logistic regression is right on about 95 % of the test part.

    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI 1998, CC BY 4.0

    >>> print(Digits().load())
    digits: 1,199 to train, 299 to validate, 299 to test; 1×8×8, 10 classes

    Attributes:
        seed: of the split.
        scored_share: of the examples to validate on, and the same share to test on. With 0.4 there is less to learn from, and
            networks can be told apart: `digits_cells` is the table of such trainings.
    """

    seed: int = 0
    scored_share: float = 1 / 6

    def __post_init__(self) -> None:
        check_whole_number("seed", self.seed, least=0)
        check_number("scored_share", self.scored_share, "above 0 and below 0.5", lambda share: 0 < share < 0.5)

    def load(self) -> Task:
        data = arrays("digits")
        return from_arrays(data["x"], data["y"], name="digits", validation_share=self.scored_share,
                           test_share=self.scored_share, seed=self.seed)
