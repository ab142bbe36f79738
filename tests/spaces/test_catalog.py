"""The catalog finds ready spaces by itself, and every one that it finds is whole."""

from __future__ import annotations

import math

import pytest

from nas_explorer import spaces
from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace, UnknownName
from nas_explorer.spaces import (
    Architecture,
    decisions,
    describe,
    enumerate_architectures,
    load,
    names,
    problems,
    sample,
    size,
)
from nas_explorer.spaces.library.nas_bench_201 import EDGES, OPERATIONS, arch_str, from_arch_str
from tests.spaces.claims import survives
from tests.spaces.test_papers import PAPERS


@pytest.mark.parametrize("name", names())
def test_every_ready_space_is_whole(name):
    space, about = load(name), describe(name)
    assert space.name == about.name == name
    assert problems(space) == ()
    assert size(space) == about.size
    assert survives(space)
    assert about.summary.endswith(".")
    assert about.source
    assert load(name, **about.options) == space


def test_every_file_of_the_library_is_found():
    assert set(PAPERS) | {"chain"} <= set(names())
    assert describe("chain").size == 1_200
    assert describe("nas_bench_201").options == {"channels": 16, "cells": 5, "classes": 10, "resolution": 32}


def test_an_unknown_space_or_option_is_named_with_what_there_is():
    for ask in (load, describe):
        with pytest.raises(UnknownName, match=r"no space 'nas_bench_20'; did you mean 'nas_bench_201'.* chain, darts"):
            ask("nas_bench_20")
    with pytest.raises(InvalidOption, match="space 'chain' has no option 'stage'; it has stages, depths, kernels"):
        load("chain", stage=3)
    with pytest.raises(InvalidSpace, match="channels must be a whole number"):
        load("nas_bench_201", channels=0)


def test_options_may_be_lists_as_json_has_them():
    assert load("chain", widths=[8], kernels=[3, 5, 7], stages=3) == spaces.chain(3, kernels=(3, 5, 7), widths=(8,))


@pytest.mark.parametrize("options", [{}, {"stages": 1}, {"depths": (1, 2, 3), "stages": 1}, {"depths": (2,)},
                                     {"widths": (8,), "kernels": (3, 5, 7)}])
def test_a_chain_has_the_size_that_its_docstring_says(options):
    about = {**describe("chain").options, **options}
    layers, widths = 2 * len(about["kernels"]), len(about["widths"])
    space = load("chain", **options)
    assert size(space) == widths * sum(layers**depth for depth in about["depths"]) ** about["stages"]
    if size(space) < 2_000:
        assert len(set(enumerate_architectures(space))) == size(space)


def test_a_chain_decides_deeper_layers_only_where_they_are_there():
    asked = {decision.id: [decisions(spaces.chain())[parent].id for parent, _ in decision.when]
             for decision in decisions(spaces.chain())}
    assert asked["stage1[0].op"] == []
    assert asked["stage1[1].op"] == ["stage1.repeat"]
    assert asked["stage1[1].conv.kernel"] == ["stage1[1].op"]


def test_every_cell_of_nas_bench_201_has_one_official_string(nb201):
    strings = {arch_str(cell): cell for cell in enumerate_architectures(nb201)}
    assert len(strings) == 15_625 == math.prod([5] * 6)
    for text in list(strings)[::97]:
        assert from_arch_str(text) == strings[text]


def test_the_resnet_cell_reads_as_the_paper_writes_it():
    text = "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|none~2|"
    assert dict(from_arch_str(text)) == {
        "cell/0→1": "conv_3x3", "cell/0→2": "none", "cell/1→2": "conv_3x3",
        "cell/0→3": "skip", "cell/1→3": "none", "cell/2→3": "none"}
    assert list(OPERATIONS.values()) == ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]


def test_official_strings_serve_other_networks_around_the_same_cell(rng):
    small = load("nas_bench_201", cells=1, channels=8, classes=3)
    architecture = sample(small, rng)
    assert from_arch_str(arch_str(architecture, small), small) == architecture
    assert list(architecture) == list(EDGES)
    fewer = small.edit("cell", lambda cell: cell.without("0", "3"))
    with pytest.raises(InvalidArchitecture, match="has no decision 'cell/0→3'"):
        from_arch_str(arch_str(architecture), fewer)
    with pytest.raises(InvalidArchitecture, match="only a cell with the six edges"):
        arch_str(sample(fewer, rng), fewer)
    with pytest.raises(InvalidArchitecture, match="asks for decision"):
        arch_str(Architecture())


@pytest.mark.parametrize(("text", "message"), [
    ("", "an official string looks like"),
    ("|nor_conv_3x3~0|", "an official string looks like"),
    ("|none~0|+|none~0|none~0|+|none~0|none~1|none~2|", "an official string looks like"),
    ("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|\n", "an official string looks like"),
    ("|nor_conv_7x7~0|+|none~0|none~1|+|none~0|none~1|none~2|", "no official operation 'nor_conv_7x7'; there is: none"),
])
def test_a_wrong_official_string_is_refused(text, message):
    with pytest.raises(InvalidArchitecture, match=message):
        from_arch_str(text)
