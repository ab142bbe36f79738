"""Predict first, then reveal: the Python side of assets/widgets/src/predict.tsx.

Traits, in the browser's order: question, given, waiting, shown. The truth goes out only when it is revealed. A guess comes in as a
message, is checked here, and comes back in `given`; after the truth is shown it stays as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from nas_explorer.errors import InvalidOption
from nas_explorer.widgets.display import view_bundle
from nas_explorer.widgets.picture_output import PictureOutput
from nas_explorer.widgets.predict_picture import prediction_svg
from nas_explorer.widgets.predict_question import Question

STATIC = Path(__file__).parent / "static"


class Predict(anywidget.AnyWidget):
    """Ask for a guess, and show the truth beside it when it is known.

    `Predict.choice`, `.number`, `.ranking` and `.curve` make one; put it last in a cell. A later cell calls `reveal(truth)`. If there is
    a guess by then, both are shown at once; if not, the truth is kept back until one is made, so that Run All gives nothing away.

    >>> luck = Predict.number("How many of ten throws show heads?", least=0, most=10)
    >>> luck.guess(5)
    >>> luck.reveal(7, because="A coin has no memory.", display=False)
    >>> luck.sentence
    'You said 5; it is 7: your guess was 2 too low. A coin has no memory.'

    Attributes:
        question: what is asked, as plain data.
        given: the guess, None before there is one.
        waiting: whether the truth is known but kept back.
        shown: the truth and the sentence, once they are revealed; empty before.
    """

    _esm = STATIC / "predict.js"
    _css = STATIC / "predict.css"

    question = traitlets.Dict().tag(sync=True)
    given = traitlets.Any(None).tag(sync=True)
    waiting = traitlets.Bool(False).tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, question: Question) -> None:
        self._asked = question
        self._truth: Any = None
        self._because = ""
        self._lock = threading.RLock()           # callbacks may run on another thread than the user's cells
        super().__init__(question=asdict(question) | {"options": list(question.options), "places": list(question.places)})
        self._pictures: list[PictureOutput] = []
        self.on_msg(self._heard)

    # ---- the four kinds
    @classmethod
    def choice(cls, text: str, options: Sequence[str]) -> Predict:
        """Which of these?"""
        return cls(Question("choice", text, tuple(options)))

    @classmethod
    def number(cls, text: str, least: float, most: float, unit: str = "") -> Predict:
        """How much?"""
        return cls(Question("number", text, least=float(least), most=float(most), unit=unit))

    @classmethod
    def ranking(cls, text: str, options: Sequence[str]) -> Predict:
        """In which order?"""
        return cls(Question("ranking", text, tuple(options)))

    @classmethod
    def curve(cls, text: str, places: Sequence[Any], least: float, most: float, axis: str = "", unit: str = "") -> Predict:
        """How does it go, from place to place?"""
        return cls(Question("curve", text, least=float(least), most=float(most), unit=unit, places=tuple(map(str, places)), axis=axis))

    # ---- what a cell may do
    def guess(self, value: Any) -> None:
        """Guess by code, as the browser does by hand.

        Raises:
            InvalidOption: if it is no possible guess, or the truth is shown already.
        """
        with self._lock:
            if self.shown:
                raise InvalidOption("the truth is shown already; a guess after it would be none")
            self.given = self._asked.checked(value)
            if self.waiting:
                self._uncover()

    def reveal(self, truth: Any, because: str = "", display: bool = True) -> None:
        """Give the truth; it is shown beside the guess, as soon as there is one.

        Args:
            because: a sentence that says why.
            display: show question, guess and truth in this cell, too.

        Raises:
            InvalidOption: if the question cannot have such an answer.
        """
        with self._lock:
            self._truth, self._because = self._asked.checked(truth, bounded=False), because
            if self.given is None and not self.shown:
                self.waiting = True
            else:
                self._uncover()
        if display:
            self.show()

    @property
    def sentence(self) -> str:
        """What is said of guess and truth; empty before."""
        return str(self.shown.get("sentence", ""))

    def _uncover(self) -> None:
        sentence = f"{self._asked.compared(self.given, self._truth)} {self._because}".strip()
        self.waiting = False
        self.shown = {"truth": self._truth, "sentence": sentence}
        for picture in self._pictures:
            picture.update(self._drawn)

    # ---- how it shows
    def show(self) -> None:
        """Display it, and below it the static picture that stands for it where no kernel runs."""
        from IPython.display import display

        display(view_bundle(self), raw=True)
        picture = PictureOutput(f"{self._asked.text} {self.sentence}".strip())
        picture.display(self._drawn)
        self._pictures.append(picture)

    def _ipython_display_(self) -> None:
        self.show()

    def _drawn(self) -> str:
        return prediction_svg(self._asked, self.given, self.shown.get("truth"), self.sentence)

    # ---- the browser's side speaks
    def _heard(self, _: Predict, message: Any, __: Any) -> None:
        """A message from the browser; what is not one of ours is left alone, and what is malformed is told."""
        if not isinstance(message, dict):
            return
        if message.get("type") == "hello":
            self.send({"type": "ack", "thread": threading.current_thread().name})
        elif message.get("type") == "guess":
            try:
                self.guess(message.get("value"))
            except InvalidOption as error:
                self.send({"type": "refused", "text": str(error)})
