"""Spoken digits as pictures of sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nas_explorer.options import check_one_of, check_whole_number
from nas_explorer.tasks.bundled import arrays
from nas_explorer.tasks.own_data import normalised
from nas_explorer.tasks.resize import resized
from nas_explorer.tasks.split import stratified
from nas_explorer.tasks.task import Task

SPEAKERS = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")


@dataclass(frozen=True, slots=True)
class SpokenDigits:
    """Hear which digit is said: 3,000 recordings of 6 speakers, each a log-mel spectrogram of 32 bands and 32 frames.

    The bundled file has 48 frames of 16 ms; here they are 32 of 24 ms, so that the picture is square.

    Source: Jackson et al., Free Spoken Digit Dataset, https://github.com/Jakobovski/free-spoken-digit-dataset, CC BY-SA 4.0

    Attributes:
        split: `official` tests on the first 5 recordings of each digit and speaker, and validates on a fifth of the others;
            logistic regression is right on 94 to 97 %, by how it is regularised. `unseen_speaker` tests on one speaker, validates on
            another and trains on the other four, which is much harder (81 %): a network must hear the digit and not the voice.
        speaker: whom an unseen-speaker split tests on; it validates on the next one.

    >>> print(SpokenDigits().load())
    spoken_digits: 2,160 to train, 540 to validate, 300 to test; 1×32×32, 10 classes
    >>> print(SpokenDigits(split="unseen_speaker").load())
    spoken_digits: 2,000 to train, 500 to validate, 500 to test; 1×32×32, 10 classes
    """

    split: Literal["official", "unseen_speaker"] = "official"
    speaker: Literal["george", "jackson", "lucas", "nicolas", "theo", "yweweler"] = "theo"
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_of("split", self.split, ("official", "unseen_speaker"))
        check_one_of("speaker", self.speaker, SPEAKERS)
        check_whole_number("seed", self.seed, least=0)

    def load(self) -> Task:
        data = arrays("spoken_digits")
        sound = resized(data["x"][:, None], (32, 32))
        digit, speaker = data["y"].astype(np.int64), data["speaker"]
        if self.split == "official":
            train_and_validation = np.flatnonzero(~data["is_test"])
            groups = digit[train_and_validation] * len(SPEAKERS) + speaker[train_and_validation]
            chosen, rest = stratified(groups, (1 / 5,), self.seed)
            train, validation = train_and_validation[rest], train_and_validation[chosen]
            test = np.flatnonzero(data["is_test"])
        else:
            tested = SPEAKERS.index(self.speaker)
            validated = (tested + 1) % len(SPEAKERS)
            test, validation = np.flatnonzero(speaker == tested), np.flatnonzero(speaker == validated)
            train = np.flatnonzero((speaker != tested) & (speaker != validated))
        return normalised("spoken_digits", "spectrogram", tuple(map(str, range(10))), (sound[train], digit[train]),
                          (sound[validation], digit[validation]), (sound[test], digit[test]), self.seed)
