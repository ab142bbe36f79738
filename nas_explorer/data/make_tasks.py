"""Make the bundled data sets of tasks/: `python make_tasks.py FASHION_MNIST_NPZ SPOKEN_DIGITS_NPZ SHAKESPEARE_GZ [FOLDER]`.

Digits and breast_cancer come out of scikit-learn's wheel, which only this script needs. What the three files hold, and where
they come from, is told in the README beside this file.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Any

import numpy as np


def digits() -> dict[str, Any]:
    """1,797 images of 8x8 with 17 grey values, in the order of scikit-learn."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    x, y = load_digits(return_X_y=True)
    return {"x": x.reshape(-1, 8, 8).astype(np.uint8), "y": y.astype(np.uint8)}


def breast_cancer() -> dict[str, Any]:
    """569 rows of 30 numbers, with their names."""
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    return {"x": table.data, "y": table.target.astype(np.uint8), "features": np.array(table.feature_names, dtype=np.str_),
            "classes": np.array(table.target_names, dtype=np.str_)}


def fashion_mnist(source: str) -> dict[str, Any]:
    with np.load(source) as arrays:
        return {name: arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")}


def spoken_digits(source: str) -> dict[str, Any]:
    with np.load(source) as arrays:
        return {name: arrays[name] for name in ("x", "y", "speaker", "speakers", "is_test")}


def tiny_shakespeare(source: str) -> dict[str, Any]:
    """Every character as its place in the sorted list of those there are."""
    text = gzip.decompress(Path(source).read_bytes()).decode("ascii")
    characters = sorted(set(text))
    place = {character: i for i, character in enumerate(characters)}
    return {"tokens": np.array([place[character] for character in text], dtype=np.uint8), "characters": np.array(characters)}


def main(fashion: str, spoken: str, shakespeare: str, folder: str | None = None) -> None:
    target = Path(folder) if folder else Path(__file__).parent
    made = {"digits": digits(), "breast_cancer": breast_cancer(), "fashion_mnist": fashion_mnist(fashion),
            "spoken_digits": spoken_digits(spoken), "tiny_shakespeare": tiny_shakespeare(shakespeare)}
    for name, arrays in made.items():
        path = target / f"{name}.npz"
        np.savez_compressed(path, **arrays)
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
