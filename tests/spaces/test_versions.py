"""Edits of a space: old architectures move to the new one, or it says why they cannot."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import (
    Architecture,
    Graph,
    SearchSpace,
    carry_over,
    choice,
    cost,
    diff,
    from_indices,
    op,
    optional,
    sample,
    to_indices,
    values,
)
from nas_explorer.spaces.library.darts import darts


def test_a_new_optional_edge_is_off_for_old_architectures(nb201, rng):
    new = nb201.edit("cell", lambda cell: cell.node("4", {"3": "skip", "0": optional(op("conv", kernel=(1, 3)))}))
    architecture = sample(nb201, rng)
    moved = carry_over(architecture, new)
    assert moved["cell/0→4.on"] is False
    assert "cell/0→4.conv.kernel" not in moved
    assert cost(new, moved) == cost(nb201, architecture)
    assert diff(nb201, new).added == ("cell/0→4.on", "cell/0→4.conv.kernel")
    assert diff(nb201, new).removed == diff(nb201, new).gained == diff(nb201, new).lost == ()
    assert diff(new, nb201).removed == ("cell/0→4.on", "cell/0→4.conv.kernel")


def test_an_erased_option_is_named(nb201, rng):
    fewer = nb201.edit("cell", lambda cell: cell.edge("0", "1", choice("skip", op("conv", kernel=1))))
    assert diff(nb201, fewer).lost == (("cell/0→1", ("none", "conv_3x3", "avg_pool_3x3")),)
    assert diff(fewer, nb201).gained == (("cell/0→1", ("none", "conv_3x3", "avg_pool_3x3")),)
    gone = Architecture({**sample(nb201, rng), "cell/0→1": "conv_3x3"})
    with pytest.raises(InvalidArchitecture, match=r"carry over 'cell/0→1' to .*: option 'conv_3x3' is gone; it offers"):
        carry_over(gone, fewer)


def test_an_erased_decision_is_dropped(nb201, rng):
    architecture = sample(nb201, rng)
    moved = carry_over(architecture, nb201.edit("cell", lambda cell: cell.without("0", "3")))
    assert set(architecture) - set(moved) == {"cell/0→3"}


def test_a_new_decision_without_a_neutral_option_needs_a_default():
    old = SearchSpace("s", Graph().input("x").node("a", ["x"], op=op("conv", kernel=3)))
    new = old.edit("", lambda network: network.change("a", op=op("conv", kernel=(3, 5))))
    with pytest.raises(InvalidArchitecture, match=r"kernel' to 's': the decision is new and has no neutral option; it"):
        carry_over({}, new)
    assert dict(carry_over({}, new, {"a.conv.kernel": 3})) == {"a.conv.kernel": 3}
    with pytest.raises(InvalidArchitecture, match="option 7 is gone; it offers 3, 5"):
        carry_over({}, new, {"a.conv.kernel": 7})


def test_zero_is_a_number_and_not_the_neutral_false():
    old = SearchSpace("s", Graph().input("x").node("a", ["x"], op=op("mbconv", se=0)))
    new = old.edit("", lambda network: network.change("a", op=op("mbconv", se=values(0, 0.25))))
    with pytest.raises(InvalidArchitecture, match="no neutral option"):
        carry_over({}, new)


def test_a_fixed_operation_that_becomes_one_of_several_keeps_its_parameter_s_id():
    old = SearchSpace("s", Graph().input("x").node("a", ["x"], op=op("conv", kernel=(3, 5))))
    new = old.edit("", lambda network: network.change("a", op=choice("skip", op("conv", kernel=(3, 5)))))
    assert diff(old, new).added == ("a.op",)
    assert dict(carry_over({"a.conv.kernel": 5}, new, {"a.op": "conv"})) == {"a.op": "conv", "a.conv.kernel": 5}


def test_a_rename_moves_architectures_by_position(rng):
    old = darts()
    new = old.edit("normal", lambda cell: cell.rename("2", "first"))
    architecture = sample(old, rng)
    moved = from_indices(new, to_indices(old, architecture))
    assert cost(new, moved) == cost(old, architecture)
    assert any("first" in key for key in moved)
