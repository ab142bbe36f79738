"""Gestures on the space as a whole: its limits, what scales it, its name, and the device whose latency counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nas_explorer.errors import InvalidSpace, UnknownName
from nas_explorer.spaces import Choice, Constraint, problems
from nas_explorer.spaces.gestures import or_refuse
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_devices import devices
from nas_explorer.widgets.space_editor_edits import Done, graph_of, typed, value_words
from nas_explorer.widgets.space_editor_messages import Given
from nas_explorer.widgets.space_editor_words import title

LATENCY_LIMIT = "max_latency_ms"   # of the sheet: a space knows no device
LIMITS = {"max_params": "parameters", "max_macs": "MACs", "max_edges": "edges", LATENCY_LIMIT: "latency"}
SCALES = {"channels": "channel count", "width": "width", "depth": "depth", "resolution": "resolution"}


def set_limit(sheet: Sheet, given: Given) -> Done:
    """The most parameters, MACs or milliseconds of an architecture, or the most edges of one graph; empty for no limit."""
    kind, value = given.text("kind"), _amount(given)
    if kind not in LIMITS:
        raise UnknownName("limit", kind, LIMITS)
    name = graph_of(sheet, given)[0] if kind == "max_edges" else ""
    what = f"edges of {title(name)}" if kind == "max_edges" else LIMITS[kind]
    words = f"remove the limit on {what}" if value is None else f"limit {what} to {_shown(kind, value)}"
    if kind == LATENCY_LIMIT:
        return replace(sheet, latency_limit=value), words
    kept = tuple(rule for rule in sheet.space.constraints if (rule.kind, rule.graph) != (kind, name))
    new = () if value is None else (Constraint(kind, value, name),)
    return replace(sheet, space=replace(sheet.space, constraints=(*kept, *new))), words


def set_scale(sheet: Sheet, given: Given) -> Done:
    """C, the multipliers of width and depth, or the resolution, as typed: `16, 32` is a choice of the search."""
    field, value = given.text("field"), typed(given.text("value", least=0))
    if field not in SCALES:
        raise UnknownName("scale", field, SCALES)
    what = SCALES[field]
    if value is None:
        raise InvalidSpace(f"The {what} was not changed. It needs a value, or several to choose from, like 16, 32.")
    new: Any = Choice(value) if isinstance(value, tuple) else value
    space = or_refuse(f"The {what} was not changed", lambda: replace(sheet.space, **{field: new}))
    return replace(sheet, space=space), f"set the {what} of the space to {value_words(value)}"


def rename_space(sheet: Sheet, given: Given) -> Done:
    old, new = sheet.space.name, given.text("name")
    return replace(sheet, space=or_refuse("The space was not renamed", lambda: replace(sheet.space, name=new))), f"rename {old} to {new}"


def set_device(sheet: Sheet, given: Given) -> Done:
    """Show latency on a device of a table that holds this space; empty for none."""
    device = given.text("device", least=0)
    return on_device(sheet, device), f"show latency on {device}" if device else "show no latency"


def on_device(sheet: Sheet, device: str) -> Sheet:
    """
    Raises:
        InvalidSpace: if no table of latencies holds the space.
        UnknownName: if the table knows no such device.
    """
    if not device:
        return replace(sheet, device="", latency_limit=None)
    known = devices(sheet.space) if not problems(sheet.space) else ()
    if not known:
        raise InvalidSpace("The device was not chosen. No table of measured latencies holds this space.")
    if device not in known:
        raise UnknownName("device", device, known)
    return replace(sheet, device=device)


def _amount(given: Given) -> float | None:
    value = typed(given.text("value", least=0))
    if value is None:
        return None
    if isinstance(value, (bool, str, tuple)) or not 0 < value < 1e18:
        raise InvalidSpace(f"The limit was not set. It is a number above 0, got {value!r:.40}.")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(kind: str, value: float) -> str:
    return f"{value:g} ms" if kind == LATENCY_LIMIT else f"{value:,.0f}"
