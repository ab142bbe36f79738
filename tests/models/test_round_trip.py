"""One network, five forms: the module, the file of plain torch with either kind of weights, the program, and ONNX all say the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models import build, build_for
from nas_explorer.models.export import Weights, export_network
from nas_explorer.spaces import Architecture, SearchSpace, load, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.tasks import load as load_task
from tests.models.conftest import inputs, small
from tests.models.test_export import imported, packages

SPACES = ("nas_bench_201", "darts", "mobilenet_v2", "transformer", "darts_rnn", "tabular_mlp")


def tiny(name: str) -> SearchSpace:
    """Small enough to be traced in a second or two."""
    if name == "darts":
        return load("darts", channels=4, layers=3)
    space = small(name)
    return replace(space, resolution=16) if space.dimensions == 1 else space


def shallow(space: SearchSpace, rng: np.random.Generator) -> Architecture:
    """Of some, the one with the fewest blocks: tracing takes most of a test's time."""
    drawn = [sample(space, rng) for _ in range(30)]
    return min(drawn, key=lambda one: sum(int(value) for name, value in one.items() if name.endswith("repeat")))


def used(network: nn.Module, given: list[Tensor]) -> nn.Module:
    """With batch norms that have seen something."""
    with torch.no_grad():
        network.train()(*given)
    return network.eval()


def answers(network: nn.Module, given: list[Tensor]) -> list[np.ndarray]:
    with torch.no_grad():
        found = network(*given)
    return [value.numpy() for value in (found if isinstance(found, tuple) else (found,))]


def by_onnx(path: Path, given: list[Tensor]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {place.name: value.numpy() for place, value in zip(session.get_inputs(), given, strict=True)})


@pytest.mark.parametrize("name", SPACES)
def test_all_forms_agree_for_batches_of_any_size(name: str, rng: np.random.Generator, tmp_path: Path) -> None:
    space = tiny(name)
    architecture = shallow(space, rng)
    network = used(build(space, architecture, seed=1), inputs(space, architecture, batch=4))
    source, program, onnx = (export_network(network, tmp_path / f"model{ending}")[0] for ending in (".py", ".pt2", ".onnx"))
    for batch in (1, 3):
        given = inputs(space, architecture, batch)
        (truth,) = answers(network, given)
        assert truth.std() > 0                                             # a network that always says 0 would agree with anything
        np.testing.assert_array_equal(answers(imported(source).load(), given)[0], truth)
        for other in (*answers(torch.export.load(program).module(), given), *by_onnx(onnx, given)):
            np.testing.assert_allclose(other, truth, rtol=1e-4, atol=1e-5)


def test_a_language_model_goes_out_as_one_step_that_is_run_again_and_again(rng: np.random.Generator, tmp_path: Path) -> None:
    space = small("darts_rnn")
    network = build_for(space, sample(space, rng), load_task("tiny_shakespeare"), seed=0).eval()
    program, onnx = (export_network(network, tmp_path / f"model{ending}")[0] for ending in (".pt2", ".onnx"))
    tokens = torch.randint(60, (2, 5))
    whole, last = answers(network, [tokens])
    for step in (lambda given: answers(torch.export.load(program).module(), given), lambda given: by_onnx(onnx, given)):
        state, said = np.zeros((2, 20), dtype=np.float32), []
        for at in range(5):
            logits, state = step([tokens[:, at:at + 1], torch.from_numpy(np.array(state))])
            said.append(logits[:, 0])
        np.testing.assert_allclose(np.stack(said, axis=1), whole, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(state, last, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("weights", ["pt", "safetensors"])
def test_the_weights_are_read_back_as_numbers_only(weights: Weights, tmp_path: Path) -> None:
    space = tiny("nas_bench_201")
    architecture = dict.fromkeys(EDGES, "conv_3x3")
    # Training lays images and weights out in channels_last order, which safetensors cannot keep.
    network = used(build(space, architecture, seed=1), [torch.randn(4, 3, 32, 32)]).to(memory_format=torch.channels_last)
    source, beside = export_network(network, tmp_path / "model.py", weights=weights)
    assert beside.suffix == f".{weights}"
    text = source.read_text(encoding="utf-8")
    assert packages(text) == ({"torch"} if weights == "pt" else {"torch", "safetensors"})
    given = [torch.randn(2, 3, 32, 32)]
    np.testing.assert_allclose(answers(imported(source).load(), given)[0], answers(network, given)[0], rtol=1e-5, atol=1e-6)
    assert "weights_only=True" in text or "load_file(weights)" in text


def test_a_dead_cell_is_a_zero_in_every_form(tmp_path: Path) -> None:
    network = build(tiny("nas_bench_201"), dict.fromkeys(EDGES, "none"), seed=0).eval()
    program, onnx = (export_network(network, tmp_path / f"model{ending}")[0] for ending in (".pt2", ".onnx"))
    given = [torch.randn(3, 3, 32, 32)]
    for other in (*answers(torch.export.load(program).module(), given), *by_onnx(onnx, given)):
        np.testing.assert_allclose(other, answers(network, given)[0], atol=1e-6)


def test_a_disk_that_fills_up_leaves_the_network_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = tiny("tabular_mlp")
    old, new = (build(space, sample(space, np.random.default_rng(0)), seed=seed) for seed in (0, 1))
    source, weights = export_network(old, tmp_path / "model.py")

    def full(state: object, file: object) -> None:
        file.write(b"half of it")                                          # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(ExportFailed, match=r"model.py cannot be written: No space left on device; name another file"):
        export_network(new, source)
    assert sorted(tmp_path.iterdir()) == [weights, source]
    given = [torch.randn(2, 30)]
    np.testing.assert_array_equal(answers(imported(source).load(), given)[0], answers(old.eval(), given)[0])


def test_what_an_export_needs_is_said_before_anything_is_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nas_explorer.models import export as module

    monkeypatch.setattr(module, "find_spec", lambda package: None)
    with pytest.raises(ExportFailed, match=r"model.onnx needs the packages onnx and onnxscript; they come with `pip install"):
        module.writable(tmp_path / "model.onnx")
    with pytest.raises(ExportFailed, match=r"model.py needs the packages safetensors"):
        module.writable(tmp_path / "model.py", "safetensors")
    with pytest.raises(ExportFailed, match=r"weights are written as 'pt' \(.*\) or 'safetensors' \(numbers and nothing else\), got 'h5'"):
        module.writable(tmp_path / "model.py", "h5")
