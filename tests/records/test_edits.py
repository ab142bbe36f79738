"""Edits as the log holds them, and which are in force."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Edit, Steered, in_force
from nas_explorer.records.events import decode, encode
from nas_explorer.records.given import Force, given
from nas_explorer.spaces import op
from nas_explorer.spaces.serialize import operation_to_json

EDITS = [Edit("pin", "a/0->1", "skip"), Edit("veto", "a/0→1", 3), Edit("add", "width", 0.5), Edit("limit", limit="macs <= 5"),
         Edit("budget", budget={"trials": 5}), Edit("propose", architecture={"a": True}), Edit("undo"), Edit("clear", epoch=2),
         Edit("undo", back=0, epoch=0), Edit("widen", "width", options=(4, 0.5)),
         Edit("add", "a/0→1", "conv", operation=operation_to_json(op("conv", kernel=(3, 5))))]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.kind)
def test_an_edit_goes_into_the_log_and_comes_back(edit: Edit) -> None:
    event = Steered(7, 12.5, edit.plain)
    assert decode(encode(event)) == event
    assert Edit.of(event.edit) == edit


@pytest.mark.parametrize(("plain", "words"), [
    (5, "an edit has a kind"),
    ({"kind": "dance"}, "an edit of a search is one of pin, veto, add"),
    ({"kind": "pin", "decision": "a"}, "pin lacks option"),
    ({"kind": "pin", "decision": "", "option": 1}, "pin takes a decision and one of its options"),
    ({"kind": "pin", "decision": "a", "option": [1]}, "pin takes a decision and one of its options"),
    ({"kind": "undo", "mood": 1}, "an edit has a kind"),
    ({"kind": "budget", "budget": {"trials": "many"}}, "a budget names its limits"),
    ({"kind": "propose", "architecture": [1]}, "an architecture is a mapping"),
    ({"kind": "undo", "epoch": -1}, "the epoch of an edit is a whole number"),
    ({"kind": "undo", "back": "all"}, "the place of what is taken back is a whole number"),
    ({"kind": "widen", "decision": "a", "options": ["b"]}, "widen takes a decision and the numbers"),
    ({"kind": "widen", "decision": "a", "options": []}, "widen takes a decision and the numbers"),
    ({"kind": "add", "decision": "a", "option": "conv", "operation": 5}, "an operation that is added is a mapping"),
    ({"kind": "add", "decision": "a", "option": "conv", "operation": {"op": 5}}, "operation"),
    ({"kind": "add", "decision": "a", "option": "pool", "operation": {"op": "conv"}}, "'pool' is not the label of conv"),
])
def test_what_is_no_edit_is_refused(plain: object, words: str) -> None:
    with pytest.raises(InvalidOption, match=words):
        Edit.of(plain)
    with pytest.raises(ValueError, match=words):
        decode(encode(Steered(0, 0.0, plain)))                 # type: ignore[arg-type]


def story(*edits: Edit) -> list[Steered]:
    """Edits as events 10, 20, ..."""
    return [Steered(10 * (i + 1), 0.0, edit.plain) for i, edit in enumerate(edits)]


def test_undo_takes_back_the_last_one_that_is_in_force() -> None:
    pin, veto, undo = Edit("pin", "a", 1), Edit("veto", "b", 2), Edit("undo")
    assert in_force(given(story(pin, veto, undo), [])) == [pin]
    assert in_force(given(story(pin, veto, undo, undo), [])) == []
    assert in_force(given(story(pin, undo, veto), [])) == [veto]
    assert in_force(given(story(pin, veto, Edit("clear")), [])) == []


def test_a_clear_is_taken_back_as_a_whole_and_what_came_before_it_after_that() -> None:
    pin, veto, clear, waits = Edit("pin", "a", 1), Edit("veto", "b", 2), Edit("clear"), Edit("propose", architecture={"a": 1})
    force, found = Force(), []
    for edit in (pin, waits, clear, veto):
        force.give(edit)
    while force.last is not None:
        force.give(Edit("undo", back=force.last))
        found.append(force.edits)
    assert found == [[], [pin, waits], [pin], []]
    undone = given(story(pin, waits, clear, veto, Edit("undo", back=3), Edit("undo", back=2)), [])
    assert in_force(undone) == [pin, waits]
    assert [one.over for one in undone] == [(), (), (), (), (3,), (2,)]
    assert given(story(pin, veto, clear), [])[2].over == (0, 1)


def test_an_undo_takes_back_what_it_names_or_nothing() -> None:
    """The trial may have begun between the press of the key and the loop's next question."""
    pin, first, clear = Edit("pin", "a", 1), Edit("propose", architecture={"a": 1}), Edit("clear")
    assert in_force(given(story(pin, first, Edit("undo", back=1)), [25])) == [pin]
    assert in_force(given(story(pin, clear, first, Edit("undo", back=2)), [35])) == []


def test_the_undo_of_an_early_log_still_passes_over_a_clear() -> None:
    """It named nothing. After a clear it could be given only for what came later, or came too late for that."""
    pin, veto, clear, first = Edit("pin", "a", 1), Edit("veto", "b", 2), Edit("clear"), Edit("propose", architecture={"a": 1})
    assert in_force(given(story(pin, clear, veto, Edit("undo")), [])) == []
    assert in_force(given(story(pin, clear, first, Edit("undo")), [35])) == []


def test_a_proposal_is_in_force_until_a_trial_takes_it() -> None:
    first, second, pin = Edit("propose", architecture={"a": 1}), Edit("propose", architecture={"a": 2}), Edit("pin", "b", 1)
    found = given(story(first, second, pin, Edit("undo")), [5, 25])
    assert [(one.trial, one.in_force) for one in found] == [(1, False), (1, True), (2, False), (2, False)]
    assert [one.trial for one in given(story(first, second), [5, 15, 25])] == [1, 2]
    assert in_force(given(story(first, Edit("undo")), [5, 15])) == [], "what has begun is not taken back, and nothing else is there"
