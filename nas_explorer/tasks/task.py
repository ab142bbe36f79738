"""A task: what a network is to learn, as arrays. Train and validation are open to a search, test only to who asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidTask

Array = npt.NDArray[Any]
Kind = Literal["image", "spectrogram", "text", "table"]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some examples of a task.

    Attributes:
        inputs: float32 (n, channels, side, side) images, (n, features) rows; whole numbers (n,) for text, one a character.
        targets: (n,) whole numbers, the class of each example; for text the character that follows.
    """

    inputs: Array
    targets: Array

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.targets):
            raise InvalidTask(f"there must be one label an example, got {len(self.inputs):,} examples and {len(self.targets):,} labels")
        for array in (self.inputs, self.targets):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a network is to learn.

    Attributes:
        name: as a report shows it.
        kind: decides which spaces fit and which augmentations make sense.
        classes: their names; the characters of a text.
        train, validation: what a search may see.
        mean, deviation: of the raw training inputs, one a channel or feature; `inputs` are (raw - mean) / deviation.
        seed: of the split.
    """

    name: str
    kind: Kind
    classes: tuple[str, ...]
    train: Part
    validation: Part
    held_out: Part = field(repr=False)
    mean: Array = field(default_factory=lambda: np.zeros(1, np.float32), repr=False)
    deviation: Array = field(default_factory=lambda: np.ones(1, np.float32), repr=False)
    seed: int = 0

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one example: (channels, side, side), (features,), or () for a character of a text."""
        return tuple(self.train.inputs.shape[1:])

    @property
    def test(self) -> Part:
        """The examples that no search has seen. Look once, when the architecture is chosen."""
        return self.held_out

    def __str__(self) -> str:
        sizes = f"{len(self.train):,} to train, {len(self.validation):,} to validate, {len(self.held_out):,} to test"
        shape = "×".join(map(str, self.input_shape)) or "characters"
        return f"{self.name}: {sizes}; {shape}, {len(self.classes)} classes"
