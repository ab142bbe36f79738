"""The edits that the gestures of the steering panel mean; the browser's side is assets/widgets/src/steer_panel_wishes.ts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nas_explorer.errors import InvalidOption
from nas_explorer.search.search import Search
from nas_explorer.search.steering import Steering
from nas_explorer.spaces import Architecture, Scalar
from nas_explorer.spaces.indices import layout
from nas_explorer.views.decision_words import place_words
from nas_explorer.widgets.steer_panel_content import budget_unit

_ENDS = re.compile(r"(?:from\s+(?P<low>-?\d+(?:\.\d+)?))?\s*(?:to\s+(?P<high>-?\d+(?:\.\d+)?))?")


def give(search: Search, message: Mapping[str, Any]) -> None:
    """Hand a gesture on as an edit.

    Args:
        message: kind, and what it needs: decision and index of its option; text of a limit, of a budget or of what to offer; codes of
            an architecture. Whatever is none of ours changes nothing.

    Raises:
        NasExplorerError: in the user's words, if the search cannot follow it.
    """
    steer = search.steer
    match message.get("kind"):
        case "pin" | "veto" | "add" as kind:
            chosen = _chosen(search, message.get("decision"), message.get("option"))
            if chosen is not None:
                getattr(steer, kind)(*chosen)
        case "limit" if isinstance(message.get("text"), str):
            steer.limit(message["text"].strip())
        case "offer" if isinstance(message.get("text"), str):
            offer(steer, message["text"])
        case "budget" if isinstance(message.get("text"), str):
            steer.budget(**{budget_unit(steer): _whole(message["text"])})
        case "propose":
            architecture = _architecture(search, message.get("codes"))
            if architecture is not None:
                steer.propose(architecture)
        case "undo":
            steer.undo()
        case "clear":
            steer.clear()


def offer(steer: Steering, text: str) -> None:
    """What is typed to offer more: `0→1: conv_7x7` adds an option, `width: to 128` or `width: from 4 to 128` widens a range.

    Raises:
        InvalidOption: if it is neither.
    """
    name, sign, what = (part.strip() for part in text.partition(":"))
    if not sign or not name or not what:
        raise InvalidOption("what is offered is a decision and an option, as in 0→1: conv_7x7, or new ends, as in width: to 128; got "
                            f"{text!r:.60}")
    called = [key for key in steer.offers if place_words(key) == name.replace("->", "→")]
    decision = called[0] if len(called) == 1 else name
    ends = _ENDS.fullmatch(what)
    if ends is None or not (ends["low"] or ends["high"]):
        steer.add(decision, what)
    else:
        steer.widen(decision, low=_end(ends["low"]), high=_end(ends["high"]))


def _end(text: str | None) -> float | None:
    return None if text is None else float(text) if "." in text else int(text)


def _chosen(search: Search, decision: object, index: object) -> tuple[str, Scalar] | None:
    found = layout(search.plan.space)
    if not isinstance(decision, str) or decision not in found.places or type(index) is not int:
        return None
    options = found.offers[found.places[decision]]
    return (decision, options[index]) if 0 <= index < len(options) else None


def _whole(text: str) -> int:
    digits = text.strip().replace(",", "").replace(" ", "")
    if not digits.isdecimal():
        raise InvalidOption(f"a budget is a whole number, as in 500, got {text.strip()!r:.40}")
    return int(digits)


def _architecture(search: Search, codes: object) -> Architecture | None:
    """The one with these options; what its other options do not ask for is left out."""
    found = layout(search.plan.space)
    if not isinstance(codes, list) or len(codes) != len(found.ids):
        return None
    if not all(type(code) is int and 0 <= code < width for code, width in zip(codes, found.widths, strict=True)):
        return None
    chosen: list[int] = []
    for decision, code in zip(found.decisions, codes, strict=True):
        asked = not decision.when or any(chosen[parent] in options for parent, options in decision.when)
        chosen.append(code if asked else -1)
    return found.architecture(chosen)
