"""Claims about the ready spaces: each has its published size and parameter counts, can be saved and moved in."""

from __future__ import annotations

import importlib
import inspect
import json
import math

import pytest

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.spaces import (
    Architecture,
    architecture_from_json,
    cost,
    covering,
    crossover,
    decisions,
    from_indices,
    load,
    mutate,
    neighbours,
    plan,
    sample,
    size,
    to_indices,
)
from nas_explorer.spaces.compound_scaling import PUBLISHED
from nas_explorer.spaces.library.efficientnet import scaling
from tests.spaces.claims import asked_by_trace, survives

PAPERS = {                         # name -> its exact number of architectures, and what the paper says
    "darts": 1_037_664_180**2,                                                # about 10^9 a cell
    "darts_rnn": 4**8 * math.factorial(8),
    "efficientnet": (4 * 8) ** 7,
    "enas_macro": 6**12 * 2**66,                                              # as printed
    "enas_micro": (5**5 * math.factorial(6)) ** 4,                            # the paper prints (5 * 5!)^4
    "enas_rnn": 4**12 * math.factorial(11),                                   # the paper prints 4^N * N!
    "mobilenet_v2": 36**5 * 24,
    "nas_bench_101": 2**21 * 3**5,
    "nas_bench_201": 5**6,
    "nasnet": ((13**2 * 2) ** 5 * math.factorial(6) ** 2) ** 2,
    "once_for_all": (9**2 + 9**3 + 9**4) ** 5,                                # about 2 * 10^19
    "tabular_mlp": 6 * 14**2,
    "transformer": 3 * sum(9**n for n in range(1, 5)),
    "zoph_le": (16 * 4) ** 6 * 2**15,
}
OTHERS = {                         # other options of the same spaces
    ("darts", ("with_none", True)): (8**8 * 180) ** 2, ("zoph_le", ("strides", (1, 2, 3))): (16 * 4 * 3) ** 6 * 2**15,
    ("enas_micro", ("merge", "concat")): PAPERS["enas_micro"], ("efficientnet", ("searched", False)): 1,
    ("mobilenet_v2", ("searched", False)): 1, ("nasnet", ("blocks", 2)): ((13**2 * 2) ** 2 * 6**2) ** 2,
}


@pytest.mark.parametrize(("name", "wanted"), PAPERS.items())
def test_a_paper_s_space_has_its_size(name, wanted):
    assert size(load(name)) == wanted


@pytest.mark.parametrize(("drawn", "wanted"), OTHERS.items())
def test_its_variants_have_theirs_and_survive_json_and_code(drawn, wanted):
    name, (option, value) = drawn
    space = load(name, **{option: value})
    assert size(space) == wanted
    assert survives(space)


@pytest.mark.parametrize("name", PAPERS)
def test_its_definition_fits_on_one_screen(name):
    drawing = inspect.getsource(getattr(importlib.import_module(f"nas_explorer.spaces.library.{name}"), name))
    assert len(drawing.splitlines()) <= 45


@pytest.mark.parametrize("name", PAPERS)
def test_moves_stay_inside_a_paper_s_space(name, rng):
    space = load(name)
    for _ in range(5):
        architecture = sample(space, rng)
        assert from_indices(space, to_indices(space, architecture)) == architecture
        assert architecture_from_json(space, json.loads(json.dumps(dict(architecture)))) == architecture
        assert asked_by_trace(space, architecture) == set(architecture)
        child = mutate(space, architecture, rng)
        assert child != architecture
        mixed = crossover(space, architecture, child, rng)
        assert from_indices(space, to_indices(space, mixed)) == mixed
        assert next(neighbours(space, mixed)) != mixed


@pytest.mark.parametrize("name", PAPERS)
def test_a_covering_shows_every_option(name, rng):
    space = load(name)
    found = covering(space, rng)
    seen = {(key, option) for architecture in found for key, option in architecture.items()}
    assert seen == {(decision.id, option) for decision in decisions(space) for option in decision.options}
    assert len(found) <= 25
    for architecture in found:
        assert plan(space, architecture).steps


def test_darts_published_cells_have_the_published_parameters():
    """Counts of the authors' own code without auxiliary head, C=36, 20 cells: DARTS_V2 and DARTS_V1."""
    v2 = {"normal": (("sep_conv_3x3", 0, "sep_conv_3x3", 1), ("sep_conv_3x3", 0, "sep_conv_3x3", 1),
                     ("sep_conv_3x3", 1, "skip", 0), ("skip", 0, "dil_conv_3x3", 2)),
          "reduce": (("max_pool_3x3", 0, "max_pool_3x3", 1), ("skip", 2, "max_pool_3x3", 1),
                     ("max_pool_3x3", 0, "skip", 2), ("skip", 2, "max_pool_3x3", 1))}
    v1 = {"normal": (("sep_conv_3x3", 1, "sep_conv_3x3", 0), ("skip", 0, "sep_conv_3x3", 1),
                     ("skip", 0, "sep_conv_3x3", 1), ("sep_conv_3x3", 0, "skip", 2)),
          "reduce": (("max_pool_3x3", 0, "max_pool_3x3", 1), ("skip", 2, "max_pool_3x3", 0),
                     ("max_pool_3x3", 0, "skip", 2), ("skip", 2, "avg_pool_3x3", 0))}
    space = load("darts")
    assert cost(space, genotype(v2)) == (3_349_342, 528_359_040)
    assert cost(space, genotype(v1)) == (3_169_414, 500_987_520)


def genotype(cells) -> Architecture:
    chosen = {}
    for cell, nodes in cells.items():
        for node, (first, i, second, j) in enumerate(nodes, start=2):
            if node > 2:                               # node 2 takes both inputs there are: nothing to decide
                chosen[f"{cell}/{node}.inputs"] = "+".join(map(str, sorted((i, j))))
            chosen |= {f"{cell}/{i}→{node}": first, f"{cell}/{j}→{node}": second}
    return Architecture(chosen)


def test_enas_published_kind_of_networks_have_the_parameters_of_the_closed_form():
    """All separable 3x3 with every second skip; and five blocks of sep 3x3 on the older and identity on the newer input."""
    macro = {f"layer{i - 1}→layer{i}": "enas_sep_conv_3x3" for i in range(1, 13)}
    macro |= {f"layer{j}→layer{i}.on": j % 2 == 0 for i in range(2, 13) for j in range(i - 1)}
    assert cost(load("enas_macro"), macro).parameter_count == 83_926
    micro = {}
    for cell in ("normal", "reduce"):
        for block in range(2, 7):
            micro |= {f"{cell}/{block}x.inputs": "0", f"{cell}/{block}y.inputs": "1",
                      f"{cell}/{block}x.op": "enas_sep_conv_3x3", f"{cell}/{block}y.op": "skip"}
    assert cost(load("enas_micro", merge="concat"), micro).parameter_count == 1_629_046


@pytest.mark.parametrize(("model", "published"), [
    ("b0", 5_288_548), ("b1", 7_794_184), ("b2", 9_109_994), ("b3", 12_233_232), ("b4", 19_341_616), ("b5", 30_389_784),
    ("b6", 43_040_704), ("b7", 66_347_960)])
def test_efficientnets_have_the_known_parameters(model, published):
    """B0 as published (5.3 M); the others as other implementations count them, and as table 2 rounds them."""
    assert cost(load("efficientnet", model=model, searched=False), {}).parameter_count == published


def test_compound_scaling_by_the_table_and_by_the_formula_are_two_things():
    assert pytest.approx(1.920, abs=0.001) == PUBLISHED.cost
    assert scaling("b7") == (2.0, 3.1, 600)
    assert [scaling("b0", phi)[2] for phi in (0, 0.5, 1, 2, 6)] == [224, 240, 258, 296, 518]
    assert scaling("b0", 2)[:2] == (pytest.approx(1.21), pytest.approx(1.44))
    with pytest.raises(UnknownName, match=r"no EfficientNet 'b9'.*b0, b1"):
        load("efficientnet", model="b9")
    with pytest.raises(InvalidOption, match="phi must be from 0 to 16, got -1"):
        load("efficientnet", phi=-1)


def test_mobilenet_v2_itself_is_one_of_its_space():
    alone = cost(load("mobilenet_v2", searched=False), {})
    assert alone == (3_504_872, 300_774_272)
    same: dict[str, int] = {}
    for stage, (channels, repeat) in enumerate(((24, 2), (32, 3), (64, 4), (96, 3), (160, 3), (320, 1)), start=2):
        same |= {f"stage{stage}.mbconv.kernel": 3, f"stage{stage}.mbconv.expand": 6, f"stage{stage}.mbconv.channels": channels,
                 f"stage{stage}.repeat": repeat}
    assert cost(load("mobilenet_v2"), same) == alone


def test_a_nasnet_block_adds_or_puts_side_by_side(rng):
    """What was put side by side costs a 1x1 convolution more, back to C channels."""
    space = load("nasnet", cells=1)
    adding = {f"{cell}/{block}.inputs": f"{block}add" for cell in ("normal", "reduce") for block in range(2, 7)}
    architecture = dict(sample(space, rng)) | adding
    joined = architecture | {"normal/2.inputs": "2concat"}
    names = [step.name for step in plan(space, joined, "normal").steps]
    assert names.count("project") == [step.name for step in plan(space, architecture, "normal").steps].count("project") + 1
    assert cost(space, joined).parameter_count > cost(space, architecture).parameter_count
