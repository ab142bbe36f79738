"""A task from data of one's own, in one line; and what is wrong with bad data, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import IterableDataset, TensorDataset

from nas_explorer.errors import InvalidTask
from nas_explorer.tasks import from_arrays, from_dataset, from_image_folder

RNG = np.random.default_rng(0)
ROWS, LABELS = RNG.normal(size=(60, 3)), np.arange(60) % 3
GREY = RNG.integers(0, 256, (60, 6, 6), dtype=np.uint8)


@pytest.mark.parametrize(("x", "shape", "kind"), [
    (ROWS, (3,), "table"),
    (GREY, (1, 6, 6), "image"),
    (np.stack([GREY] * 3, axis=1), (3, 6, 6), "image"),
    (np.stack([GREY] * 3, axis=3), (3, 6, 6), "image"),
])
def test_arrays_of_every_common_layout_become_a_task(x: Any, shape: tuple[int, ...], kind: str) -> None:
    task = from_arrays(x, LABELS)
    assert (task.input_shape, task.kind, len(task.classes)) == (shape, kind, 3)
    assert (len(task.train), len(task.validation), len(task.test)) == (36, 12, 12)


def test_channels_that_stand_last_are_moved_and_not_mixed_up() -> None:
    colours = np.stack([np.full((60, 6, 6), value) for value in (1, 2, 3)], axis=3)
    assert from_arrays(colours, LABELS).mean.tolist() == [1, 2, 3]


def test_labels_may_be_texts() -> None:
    task = from_arrays(ROWS, np.array(["dog", "ant", "cat"])[LABELS])
    assert task.classes == ("ant", "cat", "dog")


def test_a_test_part_that_is_given_stays_as_it_is() -> None:
    task = from_arrays(GREY[:40], LABELS[:40], test=(GREY[40:], LABELS[40:]))
    assert np.array_equal(task.test.targets, LABELS[40:])
    raw = task.test.inputs * task.deviation[:, None, None] + task.mean[:, None, None]
    assert np.allclose(raw[:, 0], GREY[40:], atol=1e-3)


def test_images_are_resized_where_a_size_is_given() -> None:
    assert from_arrays(RNG.random((60, 5, 9)), LABELS, size=4).input_shape == (1, 4, 4)


def test_a_constant_feature_becomes_zero() -> None:
    task = from_arrays(np.hstack([ROWS, np.full((60, 1), 7.0)]), LABELS)
    assert (task.train.inputs[:, 3] == 0).all()


WITH_NAN = ROWS.copy()
WITH_NAN[5, 1] = np.nan


@pytest.mark.parametrize(("x", "y", "options", "message"), [
    (ROWS[:, 0], LABELS, {}, r"inputs must be rows \(n, features\) or images .*got shape \(60,\)"),
    (np.zeros((60, 0)), LABELS, {}, r"got shape \(60, 0\)"),
    (np.array([["a"]] * 60), LABELS, {}, "inputs must be numbers, got an array of <U1"),
    (WITH_NAN, LABELS, {}, "got NaN or infinity in 1 of 60 examples, the first is example 5"),
    (ROWS, LABELS[:50], {}, r"one label an example, got labels of shape \(50,\) for 60 examples"),
    (ROWS, LABELS, {"classes": 2}, "labels must be whole numbers from 0 to 1, got 2"),
    (ROWS, LABELS - 1, {}, "labels must be whole numbers from 0 to 1, got -1"),
    (ROWS, LABELS, {"classes": 4}, "every class must have examples, but class 3 of 4 has none"),
    (ROWS, LABELS * 2, {}, "class 1, 3 of 5 has none"),
    (ROWS, LABELS / 2, {}, "labels must be whole numbers or texts, got float64; only classification"),
    (ROWS, np.array(["a", "b", "c"])[LABELS], {"classes": ("a", "b")}, "label 'c' is none of the classes a, b"),
    (ROWS, np.zeros(60, int), {}, "there must be at least two classes, got 0"),
    (ROWS, np.r_[np.zeros(59, int), 1], {}, "class 1 has 1 of 60 examples; each of the 3 parts"),
    (RNG.random((60, 5, 9)), LABELS, {}, "images must be square, got 5×9; give size=9"),
    (ROWS, LABELS, {"kind": "image"}, r"a task of kind 'image' cannot have inputs of shape \(60, 3\)"),
    (ROWS, LABELS, {"test": (ROWS[:, :2], LABELS)}, r"test inputs must look like the others, \(3,\) each, got \(2,\)"),
    (ROWS, LABELS, {"test_share": 0.6, "validation_share": 0.5}, "shares must be above 0 and leave something"),
])
def test_bad_data_are_refused_in_words(x: Any, y: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidTask, match=message):
        from_arrays(x, y, **options)


def test_a_torch_data_set_becomes_a_task() -> None:
    data = TensorDataset(torch.tensor(ROWS), torch.tensor(LABELS))
    task = from_dataset(data, name="rows")
    assert np.array_equal(task.train.inputs, from_arrays(ROWS, LABELS).train.inputs)
    assert from_dataset(data, test=data).test.targets.tolist() == LABELS.tolist()


class Stream(IterableDataset):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter([(0, 0)])


@pytest.mark.parametrize(("data", "message"), [
    (Stream(), "must have a length and items, got Stream"),
    (TensorDataset(torch.zeros(4, 2)), r"every item of a data set must be a pair \(input, label\)"),
    ([(np.zeros(2), 0), (np.zeros(3), 1)], r"all inputs must have one shape, got \(2,\) and \(3,\)"),
    ([], "list is empty"),
])
def test_a_data_set_that_is_none_is_refused(data: Any, message: str) -> None:
    with pytest.raises(InvalidTask, match=message):
        from_dataset(data)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes of 6 pictures of 20x10."""
    for name, value in (("day", 200), ("night", 20)):
        (tmp_path / name).mkdir()
        for i in range(6):
            Image.new("RGB", (20, 10), (value, value, i)).save(tmp_path / name / f"{i}.png")
    return tmp_path


def test_a_folder_of_images_becomes_a_task(pictures: Path) -> None:
    task = from_image_folder(pictures, size=8)
    assert (task.classes, task.input_shape, task.name) == (("day", "night"), (3, 8, 8), pictures.name)
    assert (task.train.inputs[task.train.targets == 0, 0] > task.train.inputs[task.train.targets == 1, 0]).all()
    assert from_image_folder(pictures, size=8, grey=True).input_shape == (1, 8, 8)


def test_a_folder_that_cannot_be_learned_from_is_refused(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(InvalidTask, match="is no folder"):
        from_image_folder(pictures / "nowhere", size=8)
    with pytest.raises(InvalidTask, match="but there is no folder in it"):
        from_image_folder(tmp_path_factory.mktemp("empty"), size=8)
    (pictures / "dusk").mkdir()
    with pytest.raises(InvalidTask, match=r"every class must have images, but there is none in .*dusk; known are \.png"):
        from_image_folder(pictures, size=8)
    (pictures / "dusk" / "torn.png").write_bytes(b"\x89PNG torn")
    with pytest.raises(InvalidTask, match=r"torn\.png cannot be read as an image"):
        from_image_folder(pictures, size=8)
