"""Plans: the one reading of a drawing, for architectures and for supernets."""

from __future__ import annotations

import pytest

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces import (
    Graph,
    SearchSpace,
    Shape,
    choice,
    cost,
    decisions,
    fallback,
    load,
    loose,
    op,
    optional,
    plan,
    sample,
    trace,
    values,
)
from nas_explorer.spaces.library.darts import darts
from nas_explorer.spaces.library.nas_bench_201 import from_arch_str
from nas_explorer.spaces.library.nasnet import cell_stack
from nas_explorer.spaces.traced_cells import TracedCells


def everything(space, graph=""):
    return trace(space, lambda _, options: tuple(range(len(options))), graph)


def test_shapes_follow_the_stages(nb201, rng):
    steps = plan(nb201, sample(nb201, rng)).steps
    assert steps[0].shape == Shape(3, 1, 32, 2)
    blocks = [step.shape for step in steps if step.name == "resnet_block"]
    assert blocks == [Shape(32, 2, 16, 2), Shape(64, 4, 8, 2)]
    assert steps[-1].shape == Shape(10, 4, 1, 0)
    assert Shape(10, 4, 8, 2).positions == 64


def test_keys_say_place_operation_and_shapes(nb201):
    cell = from_arch_str("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|")
    convs = [step.key for step in plan(nb201, cell).steps if "/cell/" in step.key]
    assert len(convs) == 15
    assert convs[0] == "stage1[0]/cell/0→1|conv_3x3(groups=1, order=relu-conv-bn)|16→16/1"
    assert not any("." in key for key in convs)


def test_a_supernet_weighs_every_option_by_its_decision(nb201):
    steps = everything(nb201, "cell").steps
    mixes = [step for step in steps if step.kind == "mix"]
    assert [step.key for step in mixes] == [decision.id for decision in decisions(nb201)]
    assert mixes[0].factors == tuple((("cell/0→1", frozenset({i})),) for i in (1, 2, 3, 4))       # none gives nothing
    assert len([step for step in everything(nb201).steps if step.kind == "mix"]) == 15 * 6


def test_a_plan_of_another_space_s_architecture_is_refused(nb201):
    with pytest.raises(InvalidArchitecture, match="asks for decision 'cell/0→1'"):
        plan(nb201, {})


def test_a_loose_end_is_there_when_nobody_else_takes_its_source():
    graph = (Graph().input("x").node("a", ["x"], op="conv").node("b", {"x": "skip", "a": optional()}, op="conv")
             .node("out", {"a": loose(), "b": loose()}, merge="concat"))
    space = SearchSpace("s", graph)
    channels = {on: plan(space, {"a→b.on": on}).steps[-1].shape.channels for on in (False, True)}
    assert channels == {False: 6, True: 3}
    graded = everything(SearchSpace("s", graph.change("out", merge="mean")))
    assert graded.steps[-2].factors == ((("a→b.on", frozenset({0})),), ())


def test_a_fallback_is_there_when_nothing_else_arrives():
    graph = Graph().input("x").node("a", ["x"], op="conv").node("b", {"x": fallback(), "a": optional("bn")})
    space = SearchSpace("s", graph)
    assert "bn" not in [step.name for step in plan(space, {"a→b.on": False}).steps]
    assert plan(space, {"a→b.on": True}).pruned().steps[-2].name == "bn"
    assert everything(space).steps[-2].factors == ((("a→b.on", frozenset({1})),), (("a→b.on", frozenset({0})),))


def test_none_is_a_zero_that_a_mean_counts_and_an_absent_edge_is_not_there():
    zero = SearchSpace("s", Graph().input("x").node("a", ["x"]).node("m", {"x": "skip", "a": "none"}, merge="mean"))
    absent = zero.edit("", lambda network: network.edge("a", "m", optional()))
    assert len(plan(zero, {}).steps[-2].sources) == 2
    assert [step.kind for step in plan(absent, {"a→m.on": False}).steps] == ["input", "merge"]


def test_a_repeated_cell_with_two_inputs_slides_over_its_own_outputs(rng):
    stack = darts(layers=2).edit("", lambda _: cell_stack(4, (), 10))
    short = stack.edit("", lambda _: (
        Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn", channels="3C"))
        .node("stem2", ["stem"]).node("cells", ["stem", "stem2"], merge="inputs", op="normal", repeat=4)
        .node("pool", ["cells"], op="global_pool").node("logits", ["pool"], op=op("linear", features=10))))
    architecture = sample(stack, rng)
    assert cost(stack, architecture) == cost(short, architecture)


def test_only_the_first_of_several_copies_strides():
    strided = op("conv", stride=2, channels=8)
    space = SearchSpace("s", Graph().input("x").node("a", ["x"], op=strided, repeat=values(1, 3)))
    assert {plan(space, {"a.repeat": n}).steps[-1].shape for n in (1, 3)} == {Shape(8, 2, 16, 2)}


def test_copies_that_decide_alone_have_decisions_of_their_own():
    block = Graph().input("x").node("a", {"x": choice("skip", "conv")})
    network = Graph().input("x").node("n", ["x"], op="block", repeat=2, shared=False)
    space = SearchSpace("s", network, (("block", block),))
    assert [decision.id for decision in decisions(space)] == ["n[0]/block/x→a", "n[1]/block/x→a"]
    names = [step.name for step in plan(space, {"n[0]/block/x→a": "conv", "n[1]/block/x→a": "skip"}).steps]
    assert names == ["x", "conv", "sum"]


def test_pruning_takes_away_what_the_output_never_sees(nb201):
    cell = from_arch_str("|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|none~0|nor_conv_1x1~1|none~2|")
    kept = [step.name for step in plan(nb201, cell, "cell").pruned().steps]
    assert kept == ["0", "conv", "conv", "sum"]
    assert plan(nb201, cell).cost().parameter_count > plan(nb201, cell).pruned().cost().parameter_count


@pytest.mark.parametrize("name", ["nas_bench_201", "darts", "enas_micro", "nas_bench_101", "transformer"])
def test_a_cell_that_is_copied_gives_the_steps_that_tracing_it_again_would(name, rng, monkeypatch):
    space = load(name)
    architectures = [sample(space, rng) for _ in range(3)]
    copied = [plan(space, architecture) for architecture in architectures]
    mixture = everything(space) if name != "transformer" else None
    monkeypatch.setattr(TracedCells, "copy", lambda *_: None)
    assert [plan(space, architecture) for architecture in architectures] == copied
    assert mixture is None or everything(space) == mixture
