"""A network as a traced program: of `torch.export`, and as ONNX made from that."""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models.counting import example
from nas_explorer.models.language import LanguageModel
from nas_explorer.models.network import Network


def save_program(network: nn.Module, path: Path) -> None:
    """Write a program of torch.export.

    Raises:
        ExportFailed: if torch cannot trace the network.
    """
    traced = traced_program(network)
    with open(path, "wb") as file:
        torch.export.save(traced, file)


def save_onnx(network: nn.Module, path: Path) -> None:
    """Write an ONNX file with the weights inside.

    Raises:
        ExportFailed: if torch cannot trace the network, or ONNX has no such operation.
    """
    traced = traced_program(network)
    recurrent = isinstance(network, LanguageModel)
    outputs = ("logits", "next_state") if recurrent else ("output",)
    with _quiet():
        try:
            made: Any = torch.onnx.export(traced, dynamo=True, verbose=False, input_names=_input_names(network), output_names=outputs)
        except Exception as error:                          # torch raises whatever one of its own passes raises
            raise ExportFailed(f"ONNX cannot hold the network: {_first_line(error)}; export it as .py") from error
        made.save(str(path), external_data=False)


def traced_program(network: nn.Module) -> torch.export.ExportedProgram:
    """The network as it predicts, for batches of any size. It is left as it was.

    Raises:
        ExportFailed: if torch cannot trace it.
    """
    inputs = example_inputs(network, batch=2)               # torch.export takes a size of 1 for a constant
    sizes = ({0: torch.export.Dim("batch")},) * len(inputs)
    # Training lays weights out in channels_last order, of which torch.export warns that they might be parts of something larger.
    plain: Any = copy.deepcopy(network).eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    try:
        with _quiet():
            if isinstance(network, LanguageModel):
                return torch.export.export(plain, inputs, dynamic_shapes=sizes)
            return torch.export.export(plain, inputs, dynamic_shapes=(sizes,))             # one parameter, *inputs
    except Exception as error:                              # torch raises whatever the module or its own tracer raises
        raise ExportFailed(
            f"torch.export cannot trace the network for batches of any size: {_first_line(error)}; export it as .py"
        ) from error


def example_inputs(network: nn.Module, batch: int = 1) -> tuple[Tensor, ...]:
    """Zeros that a network takes; of a recurrent language model one character and the state before it.

    Raises:
        ExportFailed: if it is no Network, so that nobody knows.
    """
    dtype = next((value.dtype for value in network.parameters()), torch.float32)
    if isinstance(network, LanguageModel):
        return torch.zeros(batch, 1, dtype=torch.long), torch.zeros(batch, network.embedding.embedding_dim, dtype=dtype)
    if not isinstance(network, Network):
        raise ExportFailed(f"torch.export needs example inputs, and nobody says what a {type(network).__name__} takes; export it as .py")
    shapes = [step.shape for step in network.plan.steps if step.kind == "input"]
    reads_tokens = any(step.kind == "op" and step.name == "embedding" for step in network.plan.steps)
    if reads_tokens:
        return tuple(torch.zeros(batch, shape.size, dtype=torch.long) for shape in shapes)
    return tuple(example(shape, batch).to(dtype) for shape in shapes)


def _input_names(network: nn.Module) -> tuple[str, ...]:
    if isinstance(network, LanguageModel):
        return "tokens", "state"
    return tuple(step.name for step in network.plan.steps if step.kind == "input") if isinstance(network, Network) else ()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without torch's warnings of its own deprecated parts, and its word on every package that ONNX could use as well."""
    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)
