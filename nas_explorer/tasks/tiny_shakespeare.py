"""The plays of Shakespeare, character by character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.options import check_whole_number
from nas_explorer.tasks.bundled import arrays
from nas_explorer.tasks.task import Part, Task


@dataclass(frozen=True, slots=True)
class TinyShakespeare:
    """Say which of 65 characters comes next in 1.1 million characters of Shakespeare's plays.

    The text is cut where it stands: nine tenths to train, then a twentieth each to validate and to test, always the same.

    Source: Karpathy, char-rnn, 2015, https://github.com/karpathy/char-rnn; the text is in the public domain

    Attributes:
        characters: how many of the 1,003,854 training characters to use, from the start; fewer make epochs shorter.

    >>> print(TinyShakespeare().load())
    tiny_shakespeare: 200,000 to train, 55,769 to validate, 55,769 to test; characters, 65 classes
    """

    characters: int = 200_000

    def __post_init__(self) -> None:
        check_whole_number("characters", self.characters, least=1_000)
        if self.characters > 1_003_854:
            raise InvalidOption(f"characters must be at most 1,003,854, a tenth is not for training, got {self.characters:,}")

    def load(self) -> Task:
        data = arrays("tiny_shakespeare")
        tokens = data["tokens"]
        train_end, validation_end = len(tokens) * 18 // 20, len(tokens) * 19 // 20
        spans = (0, min(self.characters, train_end)), (train_end, validation_end - 1), (validation_end, len(tokens) - 1)
        train, validation, test = (Part(tokens[start:stop].astype(np.int64), tokens[start + 1:stop + 1].astype(np.int64))
                                   for start, stop in spans)
        return Task("tiny_shakespeare", "text", tuple(data["characters"].tolist()), train, validation, test)
