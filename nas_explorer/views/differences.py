"""In which decisions two architectures of a space differ, as data and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nas_explorer.spaces import SearchSpace, decisions
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.decision_words import option_words, place_words


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision in which two architectures differ; None: that architecture does not ask for it."""

    decision: str
    first: Scalar | None
    second: Scalar | None

    @property
    def words(self) -> str:
        """
        >>> Difference("cell/0→1", "skip", "conv_3x3").words, Difference("block2.kernel", None, 3).words
        ('0→1 went from skip to conv 3×3', 'block2 kernel is new, 3')
        """
        place = place_words(self.decision)
        if self.first is None:
            return f"{place} is new, {option_words(self.second)}"
        if self.second is None:
            return f"{place} is gone, it was {option_words(self.first)}"
        return f"{place} went from {option_words(self.first)} to {option_words(self.second)}"


def differences(space: SearchSpace, first: Mapping[str, Scalar], second: Mapping[str, Scalar]) -> tuple[Difference, ...]:
    """What two architectures of a space decide otherwise, in the order of its decisions.

    >>> from nas_explorer.spaces import chain, sample
    >>> import numpy as np
    >>> one = sample(chain(), np.random.default_rng(0))
    >>> differences(chain(), one, one)
    ()
    """
    pairs = ((d.id, first.get(d.id), second.get(d.id)) for d in decisions(space))
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2] or type(pair[1]) is not type(pair[2]))
