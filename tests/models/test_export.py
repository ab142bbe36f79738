"""An exported network: the same numbers to the last bit, in a file that knows nothing but torch."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models import build, build_for, operation
from nas_explorer.models.counting import count_parameters
from nas_explorer.models.export import export_network
from nas_explorer.models.source import renamed_state, source_of
from nas_explorer.spaces import Architecture, Graph, SearchSpace, nas_bench_201, op, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.tasks import load as load_task
from tests.models.conftest import NAMES, inputs, small

GAIN = 0.25


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packages(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.partition(".")[0] for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}}


def used(network: nn.Module, given: list[Tensor]) -> nn.Module:
    """With batch norms that have seen something, in double precision."""
    with torch.no_grad():
        network.train()(*given)
    return network.double().eval()


@pytest.mark.parametrize("name", NAMES)
def test_a_network_of_every_ready_space_comes_back_the_same(name: str, rng: np.random.Generator, tmp_path: Path) -> None:
    space = small(name)
    architecture = sample(space, rng)
    given = inputs(space, architecture)
    network = used(build(space, architecture, seed=1), given)
    source, weights = export_network(network, tmp_path / "model.py")
    text = source.read_text(encoding="utf-8")
    assert packages(text) == {"torch"}
    given = [x.double() if x.is_floating_point() else x for x in given]
    with torch.no_grad():
        assert torch.equal(imported(source).load()(*given), network(*given))
    assert weights == tmp_path / "model.pt"


def test_any_cell_of_nas_bench_201_comes_back_the_same(rng: np.random.Generator, tmp_path: Path) -> None:
    space = small("nas_bench_201")
    for _ in range(5):
        architecture = sample(space, rng)
        network = used(build(space, architecture, seed=1), inputs(space, architecture))
        x = torch.randn(3, 3, 32, 32, dtype=torch.float64)
        with torch.no_grad():
            assert torch.equal(imported(export_network(network, tmp_path / "model.py")[0]).load()(x), network(x))


def test_a_dead_cell_and_what_it_leaves_out(tmp_path: Path) -> None:
    space = small("nas_bench_201")
    dead = build(space, {**dict.fromkeys(EDGES, "none"), "cell/0→1": "conv_3x3"}, seed=0).eval()
    restored = imported(export_network(dead, tmp_path / "model.py")[0]).load()
    x = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        assert torch.equal(restored(x), dead(x))
    assert count_parameters(restored) < count_parameters(dead)


def test_a_fresh_network_trains_as_the_original_does(tmp_path: Path) -> None:
    space = small("nas_bench_201")
    network = build(space, dict.fromkeys(EDGES, "conv_3x3"), seed=0)
    restored = imported(export_network(network, tmp_path / "model.py")[0]).load()
    assert all(parameter.requires_grad for parameter in restored.parameters())
    x = torch.randn(4, 3, 32, 32)
    losses = []
    for model in (network, restored):
        F.cross_entropy(model.train()(x), torch.arange(4)).backward()
        losses.append([parameter.grad for parameter in model.parameters()])
    assert len(losses[0]) == len(losses[1])
    assert sum(float(g.abs().sum()) for g in losses[0]) == pytest.approx(sum(float(g.abs().sum()) for g in losses[1]), rel=1e-6)
    assert imported(tmp_path / "model.py").build().state_dict().keys() == renamed_state(network).keys()


def test_a_recurrent_language_model_comes_back_with_its_state(rng: np.random.Generator, tmp_path: Path) -> None:
    space = small("darts_rnn")
    network = build_for(space, sample(space, rng), load_task("tiny_shakespeare"), seed=0).double()
    tokens = torch.randint(60, (2, 7))
    restored = imported(export_network(network, tmp_path / "model.py")[0]).load()
    with torch.no_grad():
        for mine, theirs in zip(network(tokens), restored(tokens), strict=True):
            assert torch.equal(mine, theirs)


def drawing(name: str, **parameters: Any) -> SearchSpace:
    network = (Graph().input("image").node("own", ["image"], op=op(name, channels=4, **parameters)).node("pool", ["own"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=3)))
    return SearchSpace("drawing", network, channels=4, resolution=8)


class Gained(nn.Module):
    """Twice the same convolution, with a gain."""

    def __init__(self, c_in: int, c_out: int, power: float) -> None:
        super().__init__()
        self.layer, self.power = nn.Conv2d(c_in, c_out, 1), power
        self.gain = nn.Parameter(torch.full((c_out, 1, 1), GAIN))
        self.register_buffer("shift", torch.ones(1))
        self.unread = object()

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.scaled(self.layer(x))
        return F.relu(y) ** self.power + GAIN

    def scaled(self, x: Tensor) -> Tensor:
        return x * self.gain + self.get_buffer("shift")


def test_an_operation_of_one_s_own_is_copied_with_all_it_reads(tmp_path: Path) -> None:
    @operation("gained", power=1.5)
    def gained(source: Any, result: Any, stride: int, power: float) -> nn.Module:
        return Gained(source.channels, result.channels, power)

    network = build(drawing("gained", power=2.0), {}, seed=0).double().eval()
    source, _ = export_network(network, tmp_path / "model.py")
    x = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    with torch.no_grad():
        assert torch.equal(imported(source).load()(x), network(x))
    assert packages(source.read_text(encoding="utf-8")) == {"torch"}
    assert "power=2.0" in source.read_text(encoding="utf-8")


class ReadsOurs(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * len(EDGES)


class KeepsAThing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.thing = {1, 2}

    def forward(self, x: Tensor) -> Tensor:
        return x * len(self.thing)


@pytest.mark.parametrize(("module", "message"), [
    (ReadsOurs(), "ReadsOurs.forward reads 'EDGES', which no file of plain torch has"),
    (KeepsAThing(), r"KeepsAThing.thing is \{1, 2\}, which cannot be written as plain Python"),
])
def test_what_cannot_be_written_down_is_named(module: nn.Module, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match=message):
        export_network(nn.Sequential(nn.ReLU(), module), tmp_path / "model.py")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("note", ['by """\nimport os\n""" \\', 'ends with "', '""""', '\\"""\nimport os', '"a" and \'b\'\n"'])
def test_a_note_from_somebody_else_stays_a_note(note: str) -> None:
    tree = ast.parse(source_of(build(small("chain"), sample(small("chain"), np.random.default_rng(0)), seed=0), note))
    assert (ast.get_docstring(tree, clean=False) or "").strip() == note.strip()
    assert packages(ast.unparse(tree)) == {"torch"}


def test_names_in_a_drawing_become_names_in_python() -> None:
    network = (Graph().input("class").node("1 1", ["class"], op=op("conv", channels=4)).node("1-1", ["1 1"], op=op("conv", channels=4))
               .node("forward", ["1-1"], op="global_pool").node("logits", ["forward"], op=op("linear", features=3)))
    text = source_of(build(SearchSpace("odd", network, channels=4, resolution=8), {}, seed=0), "odd")
    for line in ("self.op_1_1 = ", "self.op_1_1_conv", "self.forward_ = ", "def forward(self, class_):"):
        assert line in text


def test_a_program_of_torch_export_takes_batches_of_any_size(tmp_path: Path) -> None:
    network = build(nas_bench_201(channels=4, cells=1), Architecture(dict.fromkeys(EDGES, "avg_pool_3x3")), seed=0)
    (path,) = export_network(network, tmp_path / "model.pt2")
    assert network.training
    program = torch.export.load(path).module()
    network.eval()
    for count in (1, 3):
        x = torch.randn(count, 3, 32, 32)
        with torch.no_grad():
            assert torch.allclose(program(x), network(x), atol=1e-6)


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    network = build(small("chain"), sample(small("chain"), np.random.default_rng(0)), seed=0)
    with pytest.raises(ExportFailed, match=r"ends in .py \(plain torch.*\), .pt2 .* or .onnx .*, got 'model.h5'"):
        export_network(network, "model.h5")
    with pytest.raises(ExportFailed, match=r"there is no folder .*missing; make it, or name another file"):
        export_network(network, tmp_path / "missing" / "model.py")
    with pytest.raises(ExportFailed, match=r"nobody says what a Linear takes; export it as .py"):
        export_network(nn.Linear(2, 2), tmp_path / "model.pt2")
