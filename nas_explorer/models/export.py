"""Out with the best: a network as one file of plain torch with its weights beside it, or as a program of `torch.export`."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models.counting import example
from nas_explorer.models.language import LanguageModel
from nas_explorer.models.network import Network
from nas_explorer.models.source import renamed_state, source_of

KINDS = {".py": "plain torch, with its weights in a .pt file beside it", ".pt2": "a program of torch.export"}


def export(network: nn.Module, to: str | os.PathLike[str], note: str = "") -> tuple[Path, ...]:
    """Write a network down, so that it runs where nas_explorer is not installed.

    `model.py` comes with `model.pt` beside it: `model.load()` is the network with its weights, ready to predict. `model.pt2` is read by
    `torch.export.load("model.pt2").module()`, and takes batches of any size.

    Args:
        network: from `build` or `build_for`, trained or not; other modules as far as they can be written down.
        to: ends in .py or .pt2.
        note: what the network is; the docstring of the .py file.

    Returns:
        The files that were written.

    Raises:
        ExportFailed: if a part of the network cannot be written down, or the file cannot.
    """
    path = writable(to)
    try:
        return _as_source(network, path, note or "A network in plain torch.") if path.suffix == ".py" else _as_program(network, path)
    except OSError as error:
        raise ExportFailed(f"{path} cannot be written: {error.strerror or error}; name another file") from error


def writable(to: str | os.PathLike[str]) -> Path:
    """The path, if a network can be written there: to be asked before a long training.

    Raises:
        ExportFailed: if the ending means nothing, or there is no such folder.
    """
    path = Path(to)
    if path.suffix not in KINDS:
        kinds = " or ".join(f"{suffix} ({what})" for suffix, what in KINDS.items())
        raise ExportFailed(f"the name of an exported network ends in {kinds}, got {str(to)!r}")
    if not path.parent.is_dir():
        raise ExportFailed(f"{path} cannot be written: there is no folder {path.parent}; make it, or name another file")
    return path


def _as_source(network: nn.Module, path: Path, note: str) -> tuple[Path, ...]:
    source, weights = source_of(network, note), path.with_suffix(".pt")
    path.write_text(source, encoding="utf-8")
    with open(weights, "wb") as file:
        torch.save({name: value.detach().cpu() for name, value in renamed_state(network).items()}, file)
    return path, weights


def _as_program(network: nn.Module, path: Path) -> tuple[Path, ...]:
    inputs = example_inputs(network, batch=2)              # torch.export takes a size of 1 for a constant
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        program = _traced(network, inputs)
    finally:
        for part, mode in modes:
            part.training = mode
    with open(path, "wb") as file:
        torch.export.save(program, file)
    return (path,)


def _traced(network: nn.Module, inputs: tuple[Tensor, ...]) -> Any:
    sizes = ({0: torch.export.Dim("batch")},) * len(inputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                    # torch warns of its own deprecated parts here
        try:
            return torch.export.export(network, inputs, dynamic_shapes=(sizes,))           # one parameter, *inputs
        except Exception as error:                         # torch raises whatever the module or its own tracer raises
            reason = str(error).partition("\n")[0][:200]
            raise ExportFailed(f"torch.export cannot trace the network for batches of any size: {reason}; export it as .py") from error


def example_inputs(network: nn.Module, batch: int = 1) -> tuple[Tensor, ...]:
    """Zeros that a network takes.

    Raises:
        ExportFailed: if it is no Network, so that nobody knows.
    """
    dtype = next((value.dtype for value in network.parameters()), torch.float32)
    if isinstance(network, LanguageModel):
        raise ExportFailed("a recurrent cell runs once a character, and torch.export would fix their number; export it as .py")
    if not isinstance(network, Network):
        raise ExportFailed(f"torch.export needs example inputs, and nobody says what a {type(network).__name__} takes; export it as .py")
    shapes = [step.shape for step in network.plan.steps if step.kind == "input"]
    reads_tokens = any(step.kind == "op" and step.name == "embedding" for step in network.plan.steps)
    if reads_tokens:
        return tuple(torch.zeros(batch, shape.size, dtype=torch.long) for shape in shapes)
    return tuple(example(shape, batch).to(dtype) for shape in shapes)
