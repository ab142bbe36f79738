"""The tree as columns, and as a picture: every number in them is one of the log."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from nas_explorer.records import History, metric
from nas_explorer.search.budget import Budget
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.strategies import Problem, RegularizedEvolution
from nas_explorer.views.comparison import compare
from nas_explorer.views.lineage import lineage, moment
from nas_explorer.views.lineage_picture import lineage_svg
from nas_explorer.views.lineage_tree import Mutation, mutations, option_tile, tree_columns, value_axis
from tests.toys import CountOff, switches

ERROR = metric("validation_error")
SPACE = switches()
FACTS = [{"label": "Born", "value": "40"}]


def evolved(trials: int = 40) -> History:
    history = History([ERROR])
    proposer = RegularizedEvolution(5, 3).begin(Problem(SPACE, (ERROR,), 1))
    for event in Loop(SPACE, proposer, Inline(CountOff()), ["validation_error"], Budget(trials=trials)):
        history.apply(event)
    return history


def test_a_mutation_is_the_decision_in_which_child_and_parent_differ() -> None:
    history = evolved()
    found = lineage(history)
    steps = mutations(history, SPACE, found)
    assert steps[:5] == [None] * 5
    for trial, step in enumerate(steps[5:], start=5):
        (parent,) = found.parents[trial]
        assert step is not None
        key = f"{step.place}.op"
        assert (history.architecture(parent)[key], history.architecture(trial)[key], step.more) == (step.before, step.after, 0)
    assert mutations(history, SPACE, found, first=38) == steps[38:]


def test_equal_mutations_are_kept_once_and_every_trial_points_to_its_own() -> None:
    history = evolved()
    found = lineage(history)
    steps = mutations(history, SPACE, found)
    columns = tree_columns(history, found, steps, value_axis(history))
    assert len(columns["changes"]) == len({step for step in steps if step is not None})
    for place, step in zip(columns["change"], steps, strict=True):
        assert (place == -1) if step is None else columns["changes"][place]["words"] == step.words


def test_a_number_is_shown_as_itself_and_an_operation_by_its_sign() -> None:
    assert option_tile(16) == {"family": "", "glyph": "", "label": "16", "edge": ""}
    assert option_tile("conv_3x3")["glyph"] == "op-c3"
    assert option_tile(None)["label"] == "not asked"
    assert Mutation("depth", None, 3, more=2).words == "depth not asked to 3 and 2 more"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("events", [0, 7, 60, 121])
def test_the_picture_is_sound_at_every_moment(theme: str, events: int) -> None:
    history = evolved()
    found = lineage(history)
    tree = {**tree_columns(history, found, mutations(history, SPACE, found), value_axis(history)), "words": ""}
    then = moment(found, events)
    pair = (0, 1, compare(SPACE, history.architecture(0), history.architecture(1), titles=("a", "b")))
    svg = lineage_svg("<name>", "Finished", FACTS, tree, found, then, pair if events else None, theme)
    root = ET.fromstring(svg)
    circles = root.findall(".//{http://www.w3.org/2000/svg}circle")
    assert len(circles) >= len(then.born - then.running)
    assert ("Path to the best" in svg) == (then.incumbent is not None and len(found.line(then.incumbent)) > 1)
    assert "<name>" not in svg


def test_the_words_of_a_search_without_a_tree_stand_in_its_picture() -> None:
    history = History([ERROR])
    found = lineage(history)
    tree = {**tree_columns(history, found, [], value_axis(history)), "words": "there is no tree: & so on"}
    svg = lineage_svg("x", "Idle", [], tree, found, moment(found, 0))
    assert "there is no tree: &amp; so on" in svg
