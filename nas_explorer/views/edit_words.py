"""What a user changed in a running search, in the words that its drawings have: `Pin 0→1 to conv 3×3`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.records import Edit, Given
from nas_explorer.spaces import Scalar
from nas_explorer.views.decision_words import option_words, place_words


def edit_words(edit: Edit) -> str:
    """
    >>> edit_words(Edit("pin", "cell/0->1", "conv_3x3")), edit_words(Edit("limit", limit="latency_ms <= 5"))
    ('Pin 0→1 to conv 3×3', 'Limit latency_ms <= 5')
    """
    match edit.kind:
        case "pin":
            return f"Pin {place_words(edit.decision)} to {option_words(edit.option)}"
        case "veto":
            return f"Veto {option_words(edit.option)} on {place_words(edit.decision)}"
        case "add":
            return f"Offer {option_words(edit.option)} on {place_words(edit.decision)}"
        case "widen":
            return f"Widen {place_words(edit.decision)} by {', '.join(map(option_words, edit.options))}"
        case "propose":
            return f"Try {architecture_words(edit.architecture)}"
    return edit.text


def given_words(edits: Sequence[Given]) -> list[str]:
    """The edits in order, and of an undo what it took back: `Undo: Pin 0→1 to conv 3×3`."""
    words = [edit_words(one.edit) for one in edits]
    return [f"Undo: {words[one.over[0]]}" if one.edit.kind == "undo" and one.over else words[i] for i, one in enumerate(edits)]


def architecture_words(architecture: Mapping[str, Scalar]) -> str:
    """
    >>> architecture_words({"cell/0→1": "conv_3x3", "cell/0→2": "none"})
    '0→1 conv 3×3, 0→2 none'
    """
    return ", ".join(f"{place_words(key)} {option_words(option)}" for key, option in architecture.items())


def edit_lines(edits: Sequence[Given], shares_weights: bool = False) -> list[dict[str, Any]]:
    """The edits in order, in JSON's own types: when, what, and from when on it counts."""
    return [
        {
            "at": time.strftime("%H:%M:%S", time.localtime(one.at)),
            "kind": one.edit.kind,
            "text": words,
            "from": _since(one, shares_weights),
            "on": one.in_force,
        }
        for one, words in zip(edits, given_words(edits), strict=True)
    ]


def _since(one: Given, shares_weights: bool) -> str:
    if one.number is None:
        return "accepted"
    if one.edit.kind == "propose":
        return "waits for its turn" if one.in_force else f"trial {one.trial}"
    if one.edit.kind in ("undo", "clear"):
        return ""
    if shares_weights:
        since = "from the next epoch on" if one.edit.epoch is None else f"from epoch {one.edit.epoch} on"
    else:
        since = f"from trial {one.trial} on"
    return since if one.in_force else f"{since}, taken back"
