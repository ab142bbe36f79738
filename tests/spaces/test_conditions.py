"""Conditions in their shortest form."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.conditions import collapsed, parents_first

ANY = frozenset({0, 1})
ON = frozenset({1})


def test_a_child_of_all_options_hangs_on_what_its_parent_hangs_on():
    assert collapsed("abc", [None, {0: ON}, {1: ANY}], [2, 2, 2]) == [{}, {0: ON}, {0: ON}]
    assert collapsed("ab", [None, {0: ANY}], [2, 2]) == [{}, {}]


def test_a_parent_that_is_complete_only_after_collapsing_collapses_as_well():
    """c is asked when a=0, and by both options of b, which is asked when a=1: c is always asked."""
    assert collapsed("abc", [None, {0: ON}, {0: frozenset({0}), 1: ANY}], [2, 2, 2]) == [{}, {0: ON}, {}]


def test_alternatives_are_kept_side_by_side():
    assert collapsed("abcd", [None, None, {0: ON}, {1: ON, 2: ANY}], [2, 2, 2, 2])[3] == {1: ON, 0: ON}


def test_a_circle_is_refused_with_its_members():
    with pytest.raises(InvalidSpace, match="in a circle: a, b"):
        collapsed("ab", [{1: ANY}, {0: ANY}], [2, 2])
    with pytest.raises(InvalidSpace, match="in a circle: a, b"):
        parents_first("abc", [{1: ON}, {0: ON}, {}])


def test_parents_come_first_and_what_is_always_asked_keeps_the_order_of_the_drawing():
    assert parents_first("abcd", [{2: ON}, {}, {}, {0: ON}]) == [1, 2, 0, 3]
