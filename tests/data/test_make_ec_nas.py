"""The maker of the EC-NAS table, and what the README beside it says."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd
import pytest

from nas_explorer.data.make_ec_nas import COLUMNS, OPERATIONS, arrays, drawing
from nas_explorer.tasks.bundled import arrays as bundled


def table() -> pd.DataFrame:
    """The bundled arrays, put back into a row a training as the maker expects them."""
    known, rows = bundled("ec_nas"), []
    for vertices in (4, 5):
        names = {name: f"{name}_{vertices}" for name in COLUMNS}
        for cell in range(len(known[f"edges_{vertices}"])):
            matrix = np.zeros((vertices, vertices), dtype=int)
            pairs = [(source, target) for target in range(1, vertices) for source in range(target)]
            for (source, target), there in zip(pairs, known[f"edges_{vertices}"][cell], strict=True):
                matrix[source, target] = there
            ops = ["in", *(OPERATIONS[code] for code in known[f"operations_{vertices}"][cell]), "out"]
            for repeat in range(known[names["train_seconds"]].shape[1]):
                rows.append({"space": f"{vertices}V", "hash": f"{cell:05}", "repeat": repeat, "ops": ",".join(ops),
                             "adjacency": "|".join("".join(map(str, row)) for row in matrix),
                             "params": known[f"parameter_count_{vertices}"][cell],
                             **{theirs: known[names[ours]][cell, repeat] for ours, theirs in COLUMNS.items()}})
    return pd.DataFrame(rows)


def test_the_maker_makes_the_bundled_file() -> None:
    made = arrays(table().sample(frac=1, random_state=0))          # in any order of rows
    assert made.keys() == bundled("ec_nas").keys()
    for name, values in made.items():
        assert values.dtype == bundled("ec_nas")[name].dtype
        np.testing.assert_array_equal(values, bundled("ec_nas")[name], err_msg=name)


def test_a_small_cell_leaves_its_last_vertices_without_edges() -> None:
    assert drawing("010|001|000", "in,maxpool3x3,out", 5) == ([1, 0, 0, 0, 0, 0, 0, 1, 0, 0], [2, 0, 0])
    assert drawing("01|00", "in,out", 4) == ([0, 0, 0, 1, 0, 0], [0, 0])


def test_an_edge_that_goes_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="goes backwards"):
        drawing("010|001|100", "in,maxpool3x3,out", 4)


def test_the_readme_speaks_of_every_array() -> None:
    readme = (resources.files("nas_explorer") / "data" / "README.md").read_text(encoding="utf-8")
    assert [name for name in bundled("ec_nas") if f"`{name[:-2]}_<v>`" not in readme] == []
