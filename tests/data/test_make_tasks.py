"""The maker of the bundled data sets makes the bundled files."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from nas_explorer.data import make_tasks as maker
from nas_explorer.tasks.bundled import arrays


@pytest.mark.parametrize("name", ["digits", "breast_cancer"])
def test_what_comes_from_scikit_learn_is_what_it_ships(name: str) -> None:
    pytest.importorskip("sklearn")
    made, bundled = getattr(maker, name)(), arrays(name)
    assert made.keys() == bundled.keys()
    assert all(np.array_equal(made[key], bundled[key]) for key in made)


def test_a_text_becomes_places_in_its_sorted_characters(tmp_path: Path) -> None:
    bundled = arrays("tiny_shakespeare")
    text = "".join(bundled["characters"][bundled["tokens"]])
    source = tmp_path / "text.gz"
    source.write_bytes(gzip.compress(text.encode("ascii"), compresslevel=1))
    made = maker.tiny_shakespeare(str(source))
    assert text.startswith("First Citizen:\nBefore we proceed any further, hear me speak.")
    assert all(np.array_equal(made[key], bundled[key]) for key in bundled)


@pytest.mark.parametrize("name", ["fashion_mnist", "spoken_digits"])
def test_other_arrays_are_left_as_they_are_and_what_else_is_there_is_left_out(name: str, tmp_path: Path) -> None:
    bundled = arrays(name)
    np.savez(tmp_path / "source.npz", more=np.zeros(3), **bundled)
    made = getattr(maker, name)(str(tmp_path / "source.npz"))
    assert made.keys() == bundled.keys()
    assert all(np.array_equal(made[key], bundled[key]) for key in made)
