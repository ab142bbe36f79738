"""A task from data of one's own, in one line: arrays, a torch Dataset, or a folder of images."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidTask
from nas_explorer.tasks.checks import checked_inputs, checked_labels
from nas_explorer.tasks.resize import resized
from nas_explorer.tasks.split import stratified
from nas_explorer.tasks.task import Array, Kind, Part, Task

IMAGE_FILES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def from_arrays(x: object, y: object, test: tuple[object, object] | None = None, *, name: str = "own data", kind: Kind | None = None,
                classes: Sequence[str] | int | None = None, size: int | None = None, validation_share: float = 0.2,
                test_share: float = 0.2, seed: int = 0) -> Task:
    """A task from inputs and labels.

    Args:
        x: (n, features) rows, or images (n, side, side), (n, channels, side, side) or (n, side, side, channels).
        y: (n,) labels, whole numbers from 0 or texts.
        test: inputs and labels to test on, where they are given apart; else `test_share` of the examples is put aside.
        kind: `spectrogram` for images of sound, which are augmented otherwise.
        size: side that images are brought to.

    >>> rng = np.random.default_rng(0)
    >>> print(from_arrays(rng.normal(size=(100, 4)), rng.integers(0, 2, 100)))
    own data: 60 to train, 20 to validate, 20 to test; 4, 2 classes

    Raises:
        InvalidTask: if nothing could be learned from these data; the message says what is wrong with them.
    """
    inputs = _sized(checked_inputs(x), size)
    labels, names = checked_labels(y, len(inputs), classes)
    kind = kind or ("table" if inputs.ndim == 2 else "image")
    if (kind == "table") != (inputs.ndim == 2) or kind == "text":
        raise InvalidTask(f"a task of kind {kind!r} cannot have inputs of shape {inputs.shape}")
    if test is None:
        held_out, validation, train = stratified(labels, (test_share, validation_share), seed)
        return normalised(name, kind, names, (inputs[train], labels[train]), (inputs[validation], labels[validation]),
                          (inputs[held_out], labels[held_out]), seed)
    test_inputs = _sized(checked_inputs(test[0]), size)
    if test_inputs.shape[1:] != inputs.shape[1:]:
        raise InvalidTask(f"test inputs must look like the others, {inputs.shape[1:]} each, got {test_inputs.shape[1:]}")
    test_labels, _ = checked_labels(test[1], len(test_inputs), names)
    validation, train = stratified(labels, (validation_share,), seed)
    return normalised(name, kind, names, (inputs[train], labels[train]), (inputs[validation], labels[validation]),
                      (test_inputs, test_labels), seed)


def from_dataset(dataset: Any, test: Any = None, **options: Any) -> Task:
    """A task from a torch `Dataset` whose items are (input, label); options as in `from_arrays`.

    Raises:
        InvalidTask: if it has no length, or its items are not such pairs of one shape.
    """
    both = None if test is None else _arrays_of(test)
    options.setdefault("name", type(dataset).__name__)
    return from_arrays(*_arrays_of(dataset), test=both, **options)


def from_image_folder(path: str | os.PathLike[str], size: int, *, grey: bool = False, **options: Any) -> Task:
    """A task from a folder with one folder of images a class, each image cropped to a square and brought to `size`.

    Options as in `from_arrays`. Needs Pillow.

    Raises:
        InvalidTask: if there are no classes or no images, or one cannot be read.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise InvalidTask(f"{folder} is no folder; it must hold one folder of images a class")
    if size < 1:
        raise InvalidTask(f"size must be at least 1 pixel, got {size}")
    files: dict[str, list[Path]] = {}
    for inner in sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")):
        files[inner.name] = sorted(file for file in inner.rglob("*") if file.suffix.lower() in IMAGE_FILES)
    if not files:
        raise InvalidTask(f"{folder} must hold one folder of images a class, but there is no folder in it")
    if empty := [name for name, found in files.items() if not found]:
        raise InvalidTask(f"every class must have images, but there is none in {folder / empty[0]}; known are {' '.join(IMAGE_FILES)}")
    images = np.stack([_image(file, size, grey) for found in files.values() for file in found])
    labels = np.repeat(list(files), [len(found) for found in files.values()])
    options.setdefault("name", folder.name)
    return from_arrays(images, labels, **{"classes": tuple(files), **options})


def normalised(name: str, kind: Kind, classes: tuple[str, ...], train: tuple[Array, Array], validation: tuple[Array, Array],
               test: tuple[Array, Array], seed: int) -> Task:
    """Every channel or feature with mean 0 and deviation 1 over the training examples; a constant one becomes 0."""
    axes = (0, 2, 3) if train[0].ndim == 4 else (0,)
    mean = train[0].mean(axis=axes, dtype=np.float64).astype(np.float32)
    deviation = train[0].std(axis=axes, dtype=np.float64).astype(np.float32)
    deviation[deviation == 0] = 1
    shape = (-1, 1, 1) if train[0].ndim == 4 else (-1,)

    def part(inputs: Array, labels: Array) -> Part:
        scaled = (inputs.astype(np.float32) - mean.reshape(shape)) / deviation.reshape(shape)
        return Part(np.ascontiguousarray(scaled), labels.astype(np.int64))

    return Task(name, kind, classes, part(*train), part(*validation), part(*test), mean, deviation, seed)


def _sized(inputs: Array, size: int | None) -> Array:
    if inputs.ndim == 4 and size is not None:
        return resized(inputs, (size, size))
    if inputs.ndim == 4 and inputs.shape[2] != inputs.shape[3]:
        height, width = inputs.shape[2:]
        raise InvalidTask(f"images must be square, got {height}×{width}; give size={max(height, width)} to resize them")
    return inputs


def _arrays_of(dataset: Any) -> tuple[Array, Array]:
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise InvalidTask(f"a data set must have a length and items, got {type(dataset).__name__}; collect a stream into arrays first")
    try:
        pairs = [(np.asarray(x), np.asarray(y)) for x, y in (dataset[i] for i in range(len(dataset)))]
    except (TypeError, ValueError) as error:
        raise InvalidTask(f"every item of a data set must be a pair (input, label): {error}") from error
    if not pairs:
        raise InvalidTask(f"{type(dataset).__name__} is empty")
    shapes = sorted({x.shape for x, _ in pairs})
    if len(shapes) > 1:
        raise InvalidTask(f"all inputs must have one shape, got {shapes[0]} and {shapes[1]}; resize them in the data set")
    return np.stack([x for x, _ in pairs]), np.stack([y for _, y in pairs])


def _image(file: Path, size: int, grey: bool) -> Array:
    """(channels, size, size), uint8."""
    try:
        from PIL import Image, ImageOps
    except ModuleNotFoundError:
        raise InvalidTask("reading images needs Pillow; run pip install pillow") from None
    try:
        with Image.open(file) as opened:
            square = ImageOps.fit(opened.convert("L" if grey else "RGB"), (size, size))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidTask(f"{file} cannot be read as an image: {error}") from error
    pixels = np.asarray(square)
    return pixels[None] if grey else pixels.transpose(2, 0, 1)
