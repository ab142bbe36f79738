"""What is asked before the truth is shown: which guesses are possible, and how a guess and the truth read side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from nas_explorer.errors import InvalidOption

Kind = Literal["choice", "number", "ranking", "curve"]
STEPS = 100  # positions of a slider


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its possible guesses.

    Args:
        kind: "choice" (one of the options), "number", "ranking" (the options in order) or "curve" (a number at each place).
        text: the question, in one sentence.
        options: of a choice or a ranking.
        least, most: of a number or a curve.
        unit: stands behind a number.
        places: where a curve has its points, as labels.
        axis: what the places are, as in "epoch".
    """

    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    least: float = 0.0
    most: float = 1.0
    unit: str = ""
    places: tuple[str, ...] = ()
    axis: str = ""

    def __post_init__(self) -> None:
        if self.kind in ("choice", "ranking") and (len(self.options) < 2 or len(set(self.options)) < len(self.options)):
            raise InvalidOption(f"a {self.kind} needs two or more different options, got {list(self.options)}")
        if self.kind in ("number", "curve") and not (math.isfinite(self.least) and math.isfinite(self.most) and self.least < self.most):
            raise InvalidOption(f"least must be below most, and both finite, got {self.least} and {self.most}")
        if self.kind == "curve" and len(self.places) < 2:
            raise InvalidOption(f"a curve needs two or more places, got {list(self.places)}")

    def checked(self, value: Any, bounded: bool = True) -> Any:
        """A guess or a truth in the form that is kept; `bounded` holds it to least and most, as a guess must.

        Raises:
            InvalidOption: if it is none that this question can have.
        """
        if self.kind == "choice":
            if not isinstance(value, str) or value not in self.options:
                raise InvalidOption(f"one of {', '.join(self.options)} is asked for, got {value!r}")
            return value
        if self.kind == "ranking":
            given = _list(value)
            if sorted(map(repr, given)) != sorted(map(repr, self.options)):
                raise InvalidOption(f"all of {', '.join(self.options)} are asked for, in an order, got {value!r}")
            return given
        if self.kind == "curve":
            numbers = _list(value)
            if len(numbers) != len(self.places):
                raise InvalidOption(f"{len(self.places)} numbers are asked for, one for each {self.axis or 'place'}, got {value!r}")
            return [self._number(number, bounded) for number in numbers]
        return self._number(value, bounded)

    def _number(self, value: Any, bounded: bool) -> float:
        try:
            number = float("nan") if isinstance(value, (str, bool)) else float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not math.isfinite(number):
            raise InvalidOption(f"a number is asked for, got {value!r}")
        if bounded and not self.least <= number <= self.most:
            raise InvalidOption(f"a number from {self.least:g} to {self.most:g} is asked for, got {value!r}")
        return number

    def worded(self, value: Any) -> str:
        """
        >>> Question("number", "How many?", most=100, unit="%").worded(61.25)
        '61.2 %'
        """
        if self.kind == "choice":
            return str(value)
        if self.kind == "ranking":
            return ", ".join(value)
        if self.kind == "curve":
            return ", ".join(f"{number:.3g}" for number in value)
        return f"{short(value)} {self.unit}".rstrip()

    def compared(self, guess: Any, truth: Any) -> str:
        """One plain sentence on a guess and the truth; None for no guess."""
        if guess is None:
            return f"It is {self.worded(truth)}." if self.kind != "curve" else "This is how it went."
        sentences: dict[Kind, Callable[[Any, Any], str]] = {
            "choice": self._same, "number": self._off, "ranking": self._pairs, "curve": self._distance}
        return sentences[self.kind](guess, truth)

    def _same(self, guess: str, truth: str) -> str:
        return f"You said {guess}, and so it is." if guess == truth else f"You said {guess}; it is {truth}."

    def _off(self, guess: float, truth: float) -> str:
        off = guess - truth
        said = f"You said {self.worded(guess)}; it is {self.worded(truth)}"
        if abs(off) <= (self.most - self.least) / STEPS:
            return f"{said}: that is as close as it gets."
        return f"{said}: your guess was {self.worded(abs(off))} too {'high' if off > 0 else 'low'}."

    def _pairs(self, guess: Sequence[str], truth: Sequence[str]) -> str:
        place = {name: i for i, name in enumerate(truth)}
        pairs = list(combinations(guess, 2))
        right = sum(place[first] < place[second] for first, second in pairs)
        return "You have the whole order right." if right == len(pairs) else f"You have {right} of {len(pairs)} pairs in the right order."

    def _distance(self, guess: Sequence[float], truth: Sequence[float]) -> str:
        away = [abs(one - other) for one, other in zip(guess, truth, strict=True)]
        worst = max(range(len(away)), key=away.__getitem__)
        where = f"{self.axis} {self.places[worst]}".strip()
        return f"On average your curve is {self._with_unit(sum(away) / len(away))} off, at most {self._with_unit(away[worst])}, at {where}."

    def _with_unit(self, number: float) -> str:
        return f"{short(number)} {self.unit}".rstrip()


def short(number: float) -> str:
    """
    >>> short(15625.0), short(0.123456), short(61.25)
    ('15,625', '0.123', '61.2')
    """
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def _list(value: Any) -> list[Any]:
    if isinstance(value, (str, dict)) or not hasattr(value, "__iter__"):
        raise InvalidOption(f"a list is asked for, got {value!r}")
    return list(value)
