"""A guess and the truth as a static picture, for readers of a saved notebook without a kernel."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Any

from nas_explorer.views.palette import LIGHT
from nas_explorer.widgets.predict_question import Question

WIDTH, PAD, LINE, CHARACTERS = 640, 20, 20, 88


def prediction_svg(question: Question, guess: Any, truth: Any, sentence: str) -> str:
    """A card with the question, the guess if there is one, and the truth once it is shown."""
    lines = [(line, "600", LIGHT.ink) for line in wrap(question.text, CHARACTERS - 6)]
    if guess is None and truth is None:
        lines.append(("Run this cell, and make a guess before you read on.", "400", LIGHT.ink_2))
    if guess is not None:
        lines += [(line, "400", LIGHT.ink) for line in wrap(f"Your guess: {question.worded(guess)}", CHARACTERS)]
    if truth is not None:
        lines += [(line, "400", LIGHT.ok) for line in wrap(f"The truth: {question.worded(truth)}", CHARACTERS)]
        lines += [(line, "400", LIGHT.ink_2) for line in wrap(sentence, CHARACTERS)]
    height = 2 * PAD + LINE * len(lines) - 6
    texts = "".join(
        f'<text x="{PAD}" y="{PAD + 12 + LINE * place}" font-family="{LIGHT.font}" font-size="13" font-weight="{weight}" fill="{ink}">'
        f"{escape(text)}</text>"
        for place, (text, weight, ink) in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
        f"<title>{escape(question.text)}</title>"
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8" fill="{LIGHT.bg}" stroke="{LIGHT.line}"/>{texts}</svg>'
    )
