"""What a student hears about an answer: a sentence that says yes, or where to look again."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from nas_explorer.errors import NasExplorerError

Outcome = Literal["right", "wrong", "other kind", "missing"]
HEADS = {"right": "Right.", "wrong": "Not yet.", "other kind": "No answer of the right kind.", "missing": "No answer yet."}
SIGNS = {"right": "✓", "wrong": "✗", "other kind": "?", "missing": "…"}
# JupyterLab's own colours, so that every theme can be read; the second is for pages without them.
COLOURS = {
    "right": "var(--jp-success-color1, #388e3c)",
    "wrong": "var(--jp-error-color1, #d32f2f)",
    "other kind": "var(--jp-warn-color1, #f57c00)",
    "missing": "var(--jp-border-color1, #bdbdbd)",
}


class WrongAnswer(NasExplorerError, AssertionError):
    """An answer that must be right is not; a graded cell fails with it."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """How an answer was judged; true if it is right, and a coloured card in a notebook."""

    exercise: str
    outcome: Outcome
    words: str

    def __bool__(self) -> bool:
        return self.outcome == "right"

    def __repr__(self) -> str:
        return f"{HEADS[self.outcome]} {self.words}".rstrip()

    def _repr_html_(self) -> str:
        return (
            f'<div role="status" style="border-left: 4px solid {COLOURS[self.outcome]}; padding: 6px 12px; margin: 4px 0; max-width: 76ch;'
            ' color: var(--jp-ui-font-color1, inherit); background: var(--jp-layout-color2, transparent);'
            ' font: 400 14px/20px var(--jp-ui-font-family, sans-serif)">'
            f'<b><span aria-hidden="true">{SIGNS[self.outcome]}</span> {HEADS[self.outcome]}</b> {escape(self.words)}</div>'
        )
