"""Photographs of clothes, 28x28 and grey."""

from __future__ import annotations

from dataclasses import dataclass

from nas_explorer.options import check_whole_number
from nas_explorer.tasks.bundled import arrays
from nas_explorer.tasks.own_data import from_arrays
from nas_explorer.tasks.task import Task

CLASSES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


@dataclass(frozen=True, slots=True)
class FashionMnist:
    """Tell ten kinds of clothes apart on 7,500 grey photographs of 28x28 pixels.

    The first 600 of each class of the training set, 5,000 of them to train and 1,000 to validate, and the first 150 of each class
    of the test set. Logistic regression is right on 84.5 % of the test part.

    Source: Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017, arXiv 1708.07747, MIT License

    >>> print(FashionMnist().load())
    fashion_mnist: 5,000 to train, 1,000 to validate, 1,500 to test; 1×28×28, 10 classes
    """

    seed: int = 0

    def __post_init__(self) -> None:
        check_whole_number("seed", self.seed, least=0)

    def load(self) -> Task:
        data = arrays("fashion_mnist")
        return from_arrays(data["x_train"], data["y_train"], (data["x_test"], data["y_test"]), name="fashion_mnist",
                           classes=CLASSES, validation_share=1 / 6, seed=self.seed)
