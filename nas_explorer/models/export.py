"""Out with the best: a network as one file of plain torch with its weights beside it, as a program of `torch.export`, or as ONNX."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import torch
from torch import nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models.exported_program import save_onnx, save_program
from nas_explorer.models.source import renamed_state, source_of

KINDS = {
    ".py": "plain torch, with its weights in a file beside it",
    ".pt2": "a program of torch.export",
    ".onnx": "ONNX, for other runtimes",
}
Weights = Literal["pt", "safetensors"]
WEIGHTS = {"pt": "a state_dict that torch reads", "safetensors": "numbers and nothing else"}
NEEDS = {".onnx": ("onnx", "onnxscript"), "safetensors": ("safetensors",)}


def export_network(network: nn.Module, to: str | os.PathLike[str], note: str = "", weights: Weights = "pt") -> tuple[Path, ...]:
    """Write a network down, so that it runs where nas_explorer is not installed.

    `model.py` comes with `model.pt` or `model.safetensors` beside it: `model.load()` is the network with its weights, ready to predict.
    `model.pt2` is read by `torch.export.load("model.pt2").module()`, `model.onnx` by onnxruntime and its like; both take batches of any
    size. Of a recurrent language model these two hold one step: a character and the state so far, to logits and the state to go on with.

    What stood under the name before is replaced once the new files are whole, so a full disk costs nothing.

    Args:
        network: from `build` or `build_for`, trained or not; other modules as far as they can be written down.
        to: ends in .py, .pt2 or .onnx.
        note: what the network is; the docstring of the .py file.
        weights: of a .py file.

    Returns:
        The files that were written.

    Raises:
        ExportFailed: if a part of the network cannot be written down, or the file cannot, or a package is missing.
    """
    path = writable(to, weights)
    paths = (path, path.with_suffix(f".{weights}")) if path.suffix == ".py" else (path,)
    text = source_of(network, note or "A network in plain torch.", weights) if path.suffix == ".py" else ""
    try:
        with whole(*paths) as scratch:
            if path.suffix == ".py":
                scratch[0].write_text(text, encoding="utf-8")
                _save_weights(network, scratch[1], weights)
            else:
                (save_program if path.suffix == ".pt2" else save_onnx)(network, scratch[0])
    except OSError as error:
        raise ExportFailed(f"{path} cannot be written: {error.strerror or error}; name another file") from error
    return paths


def writable(to: str | os.PathLike[str], weights: str = "pt") -> Path:
    """The path, if a network can be written there: to be asked before a long training.

    Raises:
        ExportFailed: if the ending means nothing, there is no such folder, or a package is missing.
    """
    path = Path(to)
    if path.suffix not in KINDS:
        *most, last = (f"{suffix} ({what})" for suffix, what in KINDS.items())
        raise ExportFailed(f"the name of an exported network ends in {', '.join(most)} or {last}, got {str(to)!r}")
    if weights not in WEIGHTS:
        kinds = " or ".join(f"{kind!r} ({what})" for kind, what in WEIGHTS.items())
        raise ExportFailed(f"weights are written as {kinds}, got {weights!r}")
    if not path.parent.is_dir():
        raise ExportFailed(f"{path} cannot be written: there is no folder {path.parent}; make it, or name another file")
    missing = [package for package in NEEDS.get(path.suffix if path.suffix != ".py" else weights, ()) if find_spec(package) is None]
    if missing:
        raise ExportFailed(f"{path} needs the packages {' and '.join(missing)}; they come with `pip install 'nas_explorer[export]'`")
    return path


@contextmanager
def whole(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Scratch files that take these names once all are written; after an error they are gone, and what was there before stays."""
    scratch = tuple(path.with_name(f".{path.name}.{os.getpid()}.new") for path in paths)
    try:
        yield scratch
        for part, path in zip(scratch, paths, strict=True):
            os.replace(part, path)
    finally:
        for part in scratch:
            part.unlink(missing_ok=True)


def _save_weights(network: nn.Module, path: Path, kind: Weights) -> None:
    state = {name: value.detach().cpu() for name, value in renamed_state(network).items()}
    if kind == "pt":
        with open(path, "wb") as file:
            torch.save(state, file)
        return
    from safetensors.torch import save

    # It keeps no strides: a weight in channels_last order has to be laid out plainly.
    path.write_bytes(save({name: value.contiguous() for name, value in state.items()}))
