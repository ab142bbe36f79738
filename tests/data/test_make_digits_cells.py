"""The maker of the learning curves, and what the README beside it says."""

from __future__ import annotations

from importlib import resources
from typing import Any

import numpy as np

from nas_explorer.data.make_digits_cells import EPOCHS, arrays, networks, training
from nas_explorer.spaces import cost
from nas_explorer.spaces.library.digits_cells import digits_cells
from nas_explorer.tasks.bundled import arrays as bundled


def lines() -> list[dict[str, Any]]:
    """The bundled arrays, put back into a line a training as the maker writes them."""
    known = bundled("digits_cells")
    curves, ends = ("train_loss", "validation_error", "validation_loss"), ("test_error", "test_loss")
    return [{"seed": seed, "network": network, "train_seconds_per_epoch": known["train_seconds_per_epoch"][network],
             **{name: known[name][network, seed].tolist() for name in curves}, **{name: known[name][network, seed] for name in ends}}
            for seed in range(known["test_error"].shape[1]) for network in range(len(known["test_error"]))]


def test_the_maker_makes_the_bundled_file_but_for_the_clock() -> None:
    """A seed that is not complete is left out."""
    made = arrays([*lines(), {"seed": 99, "network": 0}], digits_cells())
    assert {*made, "latency_ms"} == {*bundled("digits_cells")}
    for name, values in made.items():
        assert values.dtype == bundled("digits_cells")[name].dtype
        np.testing.assert_array_equal(values, bundled("digits_cells")[name], err_msg=name)


def test_each_network_is_trained_as_its_smallest_drawing() -> None:
    chosen, which = networks(digits_cells())
    sizes = bundled("digits_cells")["parameter_count"]
    assert len(chosen) == max(which) + 1 == 99
    smallest = [min(sizes[row] for row in range(729) if which[row] == network) for network in range(99)]
    rows = [which.index(network) for network in range(99)]
    assert all(which[row] == network for network, row in enumerate(rows))
    assert [cost(digits_cells(), architecture).parameter_count for architecture in chosen] == smallest


def test_the_readme_says_what_was_trained_and_what_is_in_the_file() -> None:
    readme = (resources.files("nas_explorer") / "data" / "README.md").read_text(encoding="utf-8")
    assert [name for name in bundled("digits_cells") if f"`{name}`" not in readme] == []
    task, seeds = training(0).data, bundled("digits_cells")["test_error"].shape[1]
    words = {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}[seeds]
    assert f"from {words} seeds for {EPOCHS} epochs on {len(task.train)} digits and scored on {len(task.validation)} others" in readme
