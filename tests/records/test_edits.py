"""Edits as the log holds them, and which are in force."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Edit, Steered, in_force
from nas_explorer.records.edits import given
from nas_explorer.records.events import decode, encode

EDITS = [Edit("pin", "a/0->1", "skip"), Edit("veto", "a/0→1", 3), Edit("add", "width", 0.5), Edit("limit", limit="macs <= 5"),
         Edit("budget", budget={"trials": 5}), Edit("propose", architecture={"a": True}), Edit("undo"), Edit("clear", epoch=2)]


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


def test_a_proposal_is_in_force_until_a_trial_takes_it() -> None:
    first, second, pin = Edit("propose", architecture={"a": 1}), Edit("propose", architecture={"a": 2}), Edit("pin", "b", 1)
    found = given(story(first, second, pin, Edit("undo")), [5, 25])
    assert [(one.trial, one.in_force) for one in found] == [(1, False), (1, True), (2, False), (2, False)]
    assert [one.trial for one in given(story(first, second), [5, 15, 25])] == [1, 2]
    assert in_force(given(story(first, Edit("undo")), [5, 15])) == [], "what has begun is not taken back, and nothing else is there"
