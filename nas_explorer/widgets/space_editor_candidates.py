"""Gestures on what may stand at an edge or node: switch candidates, offer more, set their parameters."""

from __future__ import annotations

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Op, gestures
from nas_explorer.spaces.values import options_of
from nas_explorer.views.operation_look import operation_look
from nas_explorer.widgets.space_editor_board import Sheet
from nas_explorer.widgets.space_editor_edits import (
    Done,
    edited,
    host_in,
    host_of,
    host_words,
    offering,
    palette_operation,
    slots_of,
    typed,
    value_words,
)
from nas_explorer.widgets.space_editor_messages import Given
from nas_explorer.widgets.space_editor_palette import merged


def toggle(sheet: Sheet, given: Given) -> Done:
    """Switch a candidate by its slot; a slot stays where it is."""
    name, graph, host = host_of(sheet, given)
    slots = slots_of(sheet, name, graph, host)
    op, on = slots[given.whole("index", most=len(slots) - 1)], options_of(gestures.operation_of(graph, host))
    kept = [slot for slot in slots if (slot in on) != (slot == op)]
    done = edited(sheet, name, lambda g, to: gestures.set_candidates(g, host_in(host, to), kept))
    words = f"turn {'off' if op in on else 'on'} {operation_look(str(op)).label} on {host_words(graph, host)}"
    return offering(done, name, host, slots), words


def offer(sheet: Sheet, given: Given) -> Done:
    """Add an operation of the palette to what stands at a place; `only` puts it there alone."""
    name, graph, host = host_of(sheet, given)
    slots, op = slots_of(sheet, name, graph, host), palette_operation(sheet, given.text("key"))
    kept = [op] if "only" in given and given.flag("only") else [*options_of(gestures.operation_of(graph, host)), op]
    if kept != [op] and op in kept[:-1]:
        raise InvalidSpace(f"{operation_look(str(op)).label} was not added. It stands on {host_words(graph, host)} already.")
    if isinstance(host, str) and kept[:-1] == [Op("skip")]:
        kept = [op]                              # a node that only merges gets its first operation
    slots = merged(() if kept == [op] else slots, kept)
    done = edited(sheet, name, lambda g, to: gestures.set_candidates(g, host_in(host, to), [slot for slot in slots if slot in kept]))
    return offering(done, name, host, slots), f"offer {operation_look(str(op)).label} on {host_words(graph, host)}"


def set_parameter(sheet: Sheet, given: Given) -> Done:
    """A parameter of the candidate in a slot, as typed: `3, 5` is a choice, empty goes back to the default."""
    name, graph, host = host_of(sheet, given)
    slots, key = slots_of(sheet, name, graph, host), given.text("parameter")
    index = given.whole("index", most=len(slots) - 1)
    old, value = slots[index], typed(given.text("value", least=0))
    if old not in options_of(gestures.operation_of(graph, host)):
        raise InvalidSpace(f"{operation_look(str(old)).label} was not changed. It is turned off; turn it on first.")
    done = edited(sheet, name, lambda g, to: gestures.set_parameter(g, host_in(host, to), str(old), key, value))
    now = options_of(gestures.operation_of(done.space.cell(name), host))
    new = next((op for op in now if op not in slots), old)
    words = "its default" if value is None else value_words(value)
    return (offering(done, name, host, tuple(new if i == index else slot for i, slot in enumerate(slots))),
            f"set {key} of {operation_look(str(old)).label} to {words}")
