"""The bundled tasks: found by their files, split once, normalised on what is trained on."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

from nas_explorer import tasks
from nas_explorer.errors import InvalidOption, InvalidTask, UnknownName
from nas_explorer.tasks import BundledTask, Digits, SpokenDigits, TinyShakespeare
from nas_explorer.tasks.bundled import arrays
from nas_explorer.tasks.spoken_digits import SPEAKERS

TABLES = [name for name in tasks.names() if name != "tiny_shakespeare"]


@pytest.mark.parametrize("name", tasks.names())
def test_a_bundled_task_says_what_it_is_and_where_it_is_from(name: str) -> None:
    about = tasks.describe(name)
    assert about.summary.endswith(".")
    assert about.source
    assert isinstance(tasks.make(name), BundledTask)
    assert tasks.load(name).name == name
    assert f"## {name}.npz" in (resources.files("nas_explorer") / "data" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_class_is_in_every_part_and_training_inputs_are_normalised(name: str) -> None:
    task = tasks.load(name)
    for part in (task.train, task.validation, task.test):
        assert np.bincount(part.targets, minlength=len(task.classes)).min() > 0
        assert part.inputs.dtype == np.float32
        assert np.isfinite(part.inputs).all()
    axes = (0, 2, 3) if task.train.inputs.ndim == 4 else (0,)
    assert np.abs(task.train.inputs.mean(axis=axes)).max() < 1e-3
    assert np.abs(task.train.inputs.std(axis=axes) - 1).max() < 1e-3


def test_a_split_follows_from_its_seed_and_no_example_is_in_two_parts() -> None:
    """Digits are 1,797 different images, so equal images would be one example in two parts."""
    one, again, other = Digits().load(), Digits().load(), Digits(seed=1).load()
    assert np.array_equal(one.train.inputs, again.train.inputs)
    assert not np.array_equal(one.train.inputs, other.train.inputs)
    together = np.concatenate([part.inputs for part in (one.train, one.validation, one.test)]).reshape(1_797, -1)
    assert len(np.unique(together, axis=0)) == len(np.unique(arrays("digits")["x"].reshape(1_797, -1), axis=0)) == 1_797


def test_the_official_test_part_of_speech_is_the_first_five_takes() -> None:
    task = tasks.load("spoken_digits")
    assert np.array_equal(np.sort(task.test.targets), np.repeat(np.arange(10), 30))
    assert arrays("spoken_digits")["is_test"].sum() == 300


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_an_unseen_speaker_is_in_no_other_part(speaker: str) -> None:
    task = tasks.load("spoken_digits", split="unseen_speaker", speaker=speaker)
    assert (len(task.train), len(task.validation), len(task.test)) == (2_000, 500, 500)
    spoken = arrays("spoken_digits")
    his = spoken["y"][spoken["speaker"] == SPEAKERS.index(speaker)]
    assert np.array_equal(task.test.targets, his)


def test_text_is_cut_where_it_stands_and_targets_are_the_next_characters() -> None:
    task = TinyShakespeare(characters=10_000).load()
    text = "".join(task.classes[token] for token in task.train.inputs[:14].tolist())
    assert text == "First Citizen:"
    for part in (task.train, task.validation, task.test):
        assert np.array_equal(part.inputs[1:], part.targets[:-1])
    assert np.array_equal(task.test.inputs, TinyShakespeare().load().test.inputs)


def test_parts_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        tasks.load("digits").train.inputs[0] = 0


@pytest.mark.parametrize("given", ["digits", {"name": "digits"}, {"name": "digits", "options": {"seed": 0}}, Digits()])
def test_a_task_may_be_named_in_several_ways(given: object) -> None:
    assert tasks.as_task(given) is tasks.load("digits")


def test_what_is_no_task_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownName, match="there is no task 'digit'; did you mean 'digits'"):
        tasks.load("digit")
    with pytest.raises(InvalidOption, match="task 'digits' has no option 'sed', did you mean 'seed'"):
        tasks.load("digits", sed=1)
    with pytest.raises(InvalidTask, match=r"a task is a name \(breast_cancer, digits"):
        tasks.as_task(3)
    with pytest.raises(InvalidOption, match="speaker must be one of george"):
        SpokenDigits(speaker="anna")  # type: ignore[arg-type]
    with pytest.raises(InvalidOption, match="characters must be at most 1,003,854"):
        TinyShakespeare(characters=2_000_000)
