"""Cells out of nodes and back: the network stays the same, and what cannot become a cell is refused with the reason."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import Graph, SearchSpace, canonical, cost, load, op, optional, problems, sample, size
from nas_explorer.spaces.gestures import duplicate, set_output, set_presence
from nas_explorer.spaces.grouping import group, rename_cell, ungroup, without_cell
from nas_explorer.spaces.library.darts import darts


@pytest.fixture
def space() -> SearchSpace:
    """A chain with a diamond in its middle."""
    graph = (Graph().input("image").node("stem", ["image"], op=op("conv", channels=8))
             .node("a", ["stem"], op=op("conv", kernel=(1, 3))).node("b", {"stem": op("sep_conv", kernel=3)})
             .node("join", ["a", "b"], stride=2).node("logits", ["join"], op="global_pool"))
    return SearchSpace("diamond", graph)


def test_a_group_computes_what_its_nodes_did(space):
    grouped = group(space, "", ["a", "b", "join"], "block")
    assert grouped.network.names == ("image", "stem", "block", "logits")
    assert grouped.cell("block").inputs == ("stem",)
    assert problems(grouped) == ()
    for kernel in (1, 3):
        before, after = {"a.conv.kernel": kernel}, {"block/a.conv.kernel": kernel}
        assert canonical(space, before) == canonical(grouped, after)
        assert cost(space, before) == cost(grouped, after)


def test_a_group_of_darts_with_two_inputs_is_the_same_network(rng):
    space = darts(channels=4, layers=3)
    grouped = group(space, "", ["cell1", "cell2"])
    assert grouped.network["cell"].merge == "inputs"
    assert dict(grouped.cells)["cell"].inputs == ("stem2", "cell0")
    architecture = sample(space, rng)
    assert canonical(space, architecture) == canonical(grouped, architecture)
    back = ungroup(grouped, "", "cell")
    assert canonical(space, architecture) == canonical(back, architecture)
    assert without_cell(back, "cell").cells == space.cells


def test_a_cell_is_written_out_where_it_stands(space, rng):
    grouped = group(space, "", ["a", "b", "join"], "block")
    back = ungroup(grouped, "", "block")
    assert back.network.output == "logits"
    assert cost(back, {"a.conv.kernel": 3}) == cost(space, {"a.conv.kernel": 3})
    assert size(without_cell(back, "block")) == size(space)
    several = group(space, "", ["b"], "one").edit("", lambda g: g.edge("image", "one", op("conv", kernel=1)))
    written = ungroup(several, "", "one")                     # what merged the edges stays in front
    architecture = sample(several, rng)
    assert canonical(several, architecture) == canonical(written, architecture)


def test_the_output_may_be_in_the_group(space):
    grouped = group(space, "", ["join", "logits"])
    assert grouped.network.output == "cell"
    assert cost(grouped, {"a.conv.kernel": 3}) == cost(space, {"a.conv.kernel": 3})
    assert ungroup(grouped, "", "cell").network.output == "cell"


@pytest.mark.parametrize(("names", "message"), [
    (["a", "b"], r"^a, b were not grouped\. A cell has one output, but a, b are read outside; add a node that merges them"),
    (["stem", "join"], r"^stem, join were not grouped\. A cell has one output, but stem, join are read outside; add a node"),
    (["image"], r"^Nothing was grouped\. Choose nodes other than inputs"),
])
def test_what_has_no_single_output_is_no_cell(space, names, message):
    with pytest.raises(InvalidSpace, match=message):
        group(space, "", names)


def test_a_group_that_a_way_leaves_and_enters_again_is_refused():
    """a leads to b outside, b to c; only a is read outside, for c leads nowhere."""
    graph = set_output(Graph().input("x").node("a", ["x"]).node("b", ["a"]).node("c", ["b"]), "b")
    with pytest.raises(InvalidSpace, match=r"The cell would close a cycle: a → b → c; group what lies between as well"):
        group(SearchSpace("s", graph), "", ["a", "c"])


def test_a_taken_name_a_loose_end_and_a_repeated_cell_are_refused(space):
    with pytest.raises(InvalidSpace, match=r"There is something called conv already; try conv2"):
        group(space, "", ["a", "b", "join"], "conv")
    micro = load("enas_micro")
    with pytest.raises(InvalidSpace, match=r"is there only if nobody else reads"):
        group(micro, "normal", ["out"])
    nb201 = load("nas_bench_201")
    with pytest.raises(InvalidSpace, match=r"^Node stage1 was not written out\. Its cell is repeated"):
        ungroup(nb201, "", "stage1")
    with pytest.raises(InvalidSpace, match=r"It must carry one cell, and nothing to choose from; it carries bn_relu"):
        ungroup(nb201, "", "last")
    once = nb201.edit("", lambda g: g.change("stage2", repeat=None))
    with pytest.raises(InvalidSpace, match=r"Its cell runs with other channels \(2C\); set them to C first"):
        ungroup(once, "", "stage2")


def test_a_renamed_cell_is_renamed_where_it_is_used_and_limited():
    space = load("nas_bench_101")
    renamed = rename_cell(space, "cell", "motif")
    assert renamed.constraints[0].graph == "motif"
    assert size(renamed) == size(space)
    assert rename_cell(renamed, "motif", "cell") == space
    with pytest.raises(InvalidSpace, match=r"^Cell cell was not renamed\. Cell 'conv' has the name of an operation"):
        rename_cell(space, "cell", "conv")
    with pytest.raises(InvalidSpace, match=r"^Cell cell was not removed\. It is used in the network"):
        without_cell(space, "cell")


def test_an_optional_edge_may_enter_a_group(space):
    loose = space.edit("", lambda g: set_presence(g.edge("image", "join", optional("project")), ("stem", "b"), "optional"))
    grouped = group(loose, "", ["a", "b", "join"])
    assert grouped.cell("cell").inputs == ("stem", "image")
    assert size(grouped) == size(loose)


def test_nodes_that_nobody_reads_yet_are_grouped_by_where_they_end():
    """As they are right after they were duplicated."""
    twice = load("nas_bench_201").edit("cell", lambda cell: duplicate(cell, ["1", "2"]))
    grouped = group(twice, "cell", ["4", "5"])
    assert grouped.cell("cell2").output == "5"
    alone = twice.edit("cell", lambda cell: cell.without("4", "5"))
    with pytest.raises(InvalidSpace, match="A cell has one output, but 4, 5 are read by nobody; add a node that merges them"):
        group(alone, "cell", ["4", "5"])
