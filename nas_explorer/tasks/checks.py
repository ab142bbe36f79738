"""What data of a user's own must hold before anything is trained on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nas_explorer.errors import InvalidTask
from nas_explorer.tasks.task import Array

MAX_CLASSES = 10_000


def checked_inputs(x: object) -> Array:
    """Numbers without gaps, as (n, channels, side, side) or (n, features).

    Grey images (n, side, side) get their one channel; channels that stand last, as in most image files, move to the front.

    Raises:
        InvalidTask: if they are no such numbers.
    """
    inputs = np.asarray(x)
    if inputs.dtype.kind not in "buif":
        raise InvalidTask(f"inputs must be numbers, got an array of {inputs.dtype}; encode texts and categories first")
    if inputs.ndim not in (2, 3, 4) or 0 in inputs.shape:
        raise InvalidTask("inputs must be rows (n, features) or images (n, side, side), (n, channels, side, side) or "
                          f"(n, side, side, channels), got shape {inputs.shape}")
    if inputs.dtype.kind == "f" and not (finite := np.isfinite(inputs)).all():
        bad = np.flatnonzero(~finite.reshape(len(inputs), -1).all(axis=1))
        raise InvalidTask(f"inputs must be finite, got NaN or infinity in {len(bad):,} of {len(inputs):,} examples, the first is "
                          f"example {bad[0]}; leave them out or fill them")
    if inputs.ndim == 3:
        inputs = inputs[:, None]
    if inputs.ndim == 4 and inputs.shape[3] in (1, 3, 4) and inputs.shape[1] not in (1, 3, 4):
        inputs = inputs.transpose(0, 3, 1, 2)
    return inputs


def checked_labels(y: object, count: int, classes: Sequence[str] | int | None = None) -> tuple[Array, tuple[str, ...]]:
    """Labels as whole numbers from 0, and the names of the classes.

    Args:
        y: whole numbers from 0, or texts.
        count: how many there must be.
        classes: the names of the classes or how many there are; None: as many as `y` shows.

    Raises:
        InvalidTask: if a label is none of the classes, or a class has no example.
    """
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.shape != (count,):
        raise InvalidTask(f"there must be one label an example, got labels of shape {labels.shape} for {count:,} examples")
    if labels.dtype.kind in "US":
        names = tuple(classes) if isinstance(classes, Sequence) else tuple(sorted(set(labels.astype(str).tolist())))
        place = {name: i for i, name in enumerate(names)}
        unknown = [label for label in labels.astype(str).tolist() if label not in place]
        if unknown:
            raise InvalidTask(f"label {unknown[0]!r} is none of the classes {', '.join(names)}")
        numbers = np.array([place[label] for label in labels.astype(str).tolist()], dtype=np.int64)
    elif labels.dtype.kind in "bui":
        numbers = labels.astype(np.int64)
        known = len(classes) if isinstance(classes, Sequence) else classes or min(int(numbers.max()) + 1, MAX_CLASSES)
        if numbers.min() < 0 or numbers.max() >= known:
            wrong = numbers[(numbers < 0) | (numbers >= known)][0]
            raise InvalidTask(f"labels must be whole numbers from 0 to {known - 1}, got {wrong}")
        names = tuple(classes) if isinstance(classes, Sequence) else tuple(map(str, range(known)))
    else:
        raise InvalidTask(f"labels must be whole numbers or texts, got {labels.dtype}; only classification is learned")
    check_classes(numbers, names)
    return numbers, names


def check_classes(numbers: Array, names: Sequence[str]) -> None:
    """
    Raises:
        InvalidTask: if there is no choice between classes, or a class has no example.
    """
    if len(names) < 2:
        raise InvalidTask(f"there must be at least two classes, got {', '.join(names) or 'none'}")
    counts = np.bincount(numbers, minlength=len(names))
    empty = [name for name, examples in zip(names, counts, strict=True) if examples == 0]
    if empty:
        more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
        raise InvalidTask(f"every class must have examples, but class {', '.join(empty[:5])}{more} of {len(names)} has none; number "
                          "the classes without gaps, or leave it out of `classes`")
