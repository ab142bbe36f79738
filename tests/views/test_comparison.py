"""Two architectures side by side: what differs, by how much, and marked in both drawings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nas_explorer.records import metric
from nas_explorer.spaces import Architecture, chain, mutate, nas_bench_201, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.views.comparison import compare, signed
from nas_explorer.views.comparison_drawing import marked_diagrams
from nas_explorer.views.differences import Difference, differences

SPACE = nas_bench_201()
SKIPS = Architecture(dict.fromkeys(EDGES, "skip"))
ONE_CONV = Architecture({**SKIPS, "cell/0→2": "conv_3x3"})
ERROR, MACS, ACCURACY = metric("validation_error"), metric("macs"), metric("validation_accuracy")


def test_one_changed_decision_is_one_difference_in_words() -> None:
    (found,) = differences(SPACE, SKIPS, ONE_CONV)
    assert found == Difference("cell/0→2", "skip", "conv_3x3")
    assert found.words == "0→2 went from skip to conv 3×3"
    assert compare(SPACE, SKIPS, SKIPS).sentence == "The two are the same architecture."


def test_a_decision_that_only_one_of_them_asks_for_is_new_or_gone() -> None:
    space, rng = chain(), np.random.default_rng(4)
    pairs = [(parent, mutate(space, parent, rng)) for parent in (sample(space, rng) for _ in range(60))]
    found = [d for pair in pairs for d in differences(space, *pair)]
    assert {"is new," in d.words for d in found if d.first is None} == {True}
    assert {"is gone, it was" in d.words for d in found if d.second is None} == {True}
    assert {"went from" in d.words for d in found if d.first is not None and d.second is not None} == {True}


def test_true_and_one_are_not_the_same_option() -> None:
    assert Difference("x.on", False, True).words == "x on went from off to on"


def test_a_change_is_better_or_worse_by_the_direction_of_its_metric() -> None:
    found = compare(
        SPACE,
        SKIPS,
        ONE_CONV,
        ({"validation_error": 20.5, "validation_accuracy": 79.5, "macs": 10.0}, {"validation_error": 17.93, "validation_accuracy": 82.07}),
        (ERROR, ACCURACY, MACS),
        ("trial 21", "trial 26"),
    )
    error, accuracy, macs = found.changes
    assert (error.words, error.tone) == ("−2.57 %", "better")
    assert (accuracy.words, accuracy.tone) == ("+2.57 %", "better")
    assert math.isnan(macs.change)
    assert (macs.words, macs.tone) == ("–", "")
    assert found.sentence == "From trial 21 to trial 26: 0→2 went from skip to conv 3×3."


def test_a_metric_that_neither_has_is_left_out() -> None:
    assert compare(SPACE, SKIPS, ONE_CONV, ({"macs": 1.0}, {"macs": 1.0}), (ERROR, MACS)).changes[0].tone == ""


def test_what_differs_is_marked_in_both_drawings_and_nothing_else() -> None:
    ((before, after),), alike = marked_diagrams(SPACE, SKIPS, ONE_CONV)
    assert alike == 0
    for diagram in (before, after):
        marked = [(e.source, e.target) for e in diagram.graph.edges if e.marked]
        assert marked == [(0, 2)]


def test_the_boxes_of_a_chain_are_marked_too() -> None:
    space, rng = chain(), np.random.default_rng(2)
    first = sample(space, rng)
    pairs, _ = marked_diagrams(space, first, mutate(space, first, rng))
    marked = [block.marked for block in pairs[0][0].chain]
    assert any(marked)
    assert not all(marked)
    same, _ = marked_diagrams(space, first, first)
    assert not any(block.marked for block in same[0][0].chain)


@pytest.mark.parametrize("theme", ["light", "dark", "css"])
def test_the_picture_and_the_table_say_the_same_as_the_sentence(theme: str) -> None:
    found = compare(SPACE, SKIPS, ONE_CONV, ({"macs": 5.0}, {"macs": 7.0}), (MACS,), ('<b>"', "trial 2"))
    svg = found.svg(theme)
    assert svg.count("&lt;b&gt;") >= 1
    assert "<b>" not in svg
    assert "0→2 went from skip to conv 3×3" in svg
    html = found._repr_html_()
    assert "<script" not in html
    assert "+2" in html
    assert "+2" in str(found)


def test_a_change_of_nothing_has_no_direction() -> None:
    assert signed(0.0, "%") == "±0"
