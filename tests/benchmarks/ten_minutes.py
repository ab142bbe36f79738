"""What a ten-minute search on two workers finds, beside a hand-made network of its size and a linear model.

    python -m tests.benchmarks.ten_minutes [SECONDS] [TASK ...]

For each of four tasks: a search of so many seconds (600), then the network that was best on the validation part is trained from
scratch, longer, and scored once on the test part. The hand-made network is as large as any of its kind can be made, and is trained
with the same recipe for as many epochs; scikit-learn's logistic regression learns from the same examples. For text the linear model
is what a logistic regression on the last character converges to: how often each character follows each.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nas_explorer.estimators import Training
from nas_explorer.estimators.loops.classification import Classification
from nas_explorer.estimators.loops.limits import Watch
from nas_explorer.estimators.loops.retraining import Retraining
from nas_explorer.estimators.training_recipe import recipe_for
from nas_explorer.models import count_parameters
from nas_explorer.models.language import cost_for
from nas_explorer.search.budget import Budget
from nas_explorer.search.search import Search
from nas_explorer.spaces import Architecture, SearchSpace, chain, enumerate_architectures, load
from nas_explorer.tasks.task import Task

WIDTHS = range(4, 129, 2)
STRENGTHS = (0.001, 0.01, 0.1, 1.0)             # of the linear model's regularisation; the validation part chooses


@dataclass(frozen=True)
class Course:
    """How one task is searched, and how long its winner is trained."""

    space: SearchSpace
    epochs: int
    final_epochs: int
    recipe: Mapping[str, Any]
    data_share: float = 1.0
    score: str = "error"

    def training(self, task: str, epochs: int) -> Training:
        return Training(task, epochs, self.recipe)

    def estimator(self, task: str) -> dict[str, Any]:
        full = {"name": "training", "options": {"task": task, "epochs": self.epochs, "recipe": dict(self.recipe)}}
        if self.data_share == 1:
            return full
        return {"name": "reduced", "options": {"estimator": full, "data_share": self.data_share}}


IMAGES = chain(stages=3, widths=(8, 12, 16, 24), resolution=32, input_channels=1)
COURSES = {
    "digits": Course(chain(widths=(8, 12, 16, 24, 32), resolution=8, input_channels=1), 6, 30, {}),
    "fashion_mnist": Course(IMAGES, 2, 10, {"augmentation": ["shift", "flip"]}),
    "spoken_digits": Course(IMAGES, 4, 30, {"augmentation": ["time_mask", "frequency_mask"]}),
    "tiny_shakespeare": Course(load("transformer"), 1, 8, {}, 0.05, "bits_per_character"),
}


class Plain(nn.Sequential):
    """What a textbook draws: three 3x3 convolutions with batch norm and ReLU, twice as wide and half as large each, and a mean."""

    def __init__(self, task: Task, width: int) -> None:
        layers: list[nn.Module] = []
        before = task.input_shape[0]
        for depth in range(3):
            layers += [nn.Conv2d(before, width << depth, 3, stride=1 if depth == 0 else 2, padding=1, bias=False),
                       nn.BatchNorm2d(width << depth), nn.ReLU()]
            before = width << depth
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, len(task.classes)))


def found_by_search(course: Course, task: str, seconds: float, folder: Path) -> tuple[Architecture, int]:
    from nas_explorer.estimators import CATALOG

    estimator = CATALOG.make(course.estimator(task)["name"], course.estimator(task)["options"])
    search = Search(course.space, "regularized_evolution", estimator, budget=Budget(wall_seconds=seconds), workers=2, run=folder)
    for _ in search.events():
        pass
    return search.best.architecture, search.history.ended_count


def by_hand(course: Course, name: str, size: int) -> tuple[int, float]:
    """(parameters, test score) of the hand-made network whose size is nearest."""
    training = course.training(name, course.final_epochs)
    task = training.data
    if task.kind == "text":
        standard = [one for one in enumerate_architectures(course.space)
                    if all(option == 4 for key, option in one.items() if key.endswith(("heads", "ratio")))]
        sizes = [cost_for(course.space, one, task).parameter_count for one in standard]
        nearest = int(np.argmin(np.abs(np.array(sizes) - size)))
        return sizes[nearest], trained(course, name, standard[nearest])
    torch.manual_seed(0)
    network = min((Plain(task, width) for width in WIDTHS), key=lambda one: abs(count_parameters(one) - size))
    learner = Classification(network, task, recipe_for(training.recipe, task.kind), course.final_epochs, 0,
                             Watch(course.final_epochs, None, None))
    for _ in range(course.final_epochs):
        learner.train_epoch()
    return count_parameters(network), learner.score(task.test)["error"]


def trained(course: Course, name: str, architecture: Architecture) -> float:
    retraining = Retraining(course.training(name, course.final_epochs).for_space(course.space), architecture)
    for _ in retraining:
        pass
    return retraining.test[f"test_{course.score}"]


def linear(task: Task) -> float:
    """Test error in percent of logistic regression, regularised as the validation part likes it; bits a character for text."""
    if task.kind == "text":
        counts = np.ones((len(task.classes),) * 2)
        np.add.at(counts, (task.train.inputs, task.train.targets), 1)
        chances = counts / counts.sum(axis=1, keepdims=True)
        return float(-np.log2(chances[task.test.inputs, task.test.targets]).mean())
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    parts = [(part.inputs.reshape(len(part), -1), part.targets) for part in (task.train, task.validation, task.test)]
    models = [make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=1000)).fit(*parts[0]) for c in STRENGTHS]
    return 100 * (1 - float(max(models, key=lambda model: model.score(*parts[1])).score(*parts[2])))


def run(name: str, seconds: float, folder: Path) -> None:
    course = COURSES[name]
    best, trials = found_by_search(course, name, seconds, folder)
    training = course.training(name, course.final_epochs).for_space(course.space)
    size = cost_for(training.space, best, training.data).parameter_count
    unit = "bits a character" if course.score != "error" else "% wrong"
    found = trained(course, name, best)
    hand_size, hand = by_hand(course, name, size)
    print(f"{name:17} {seconds:.0f} s, {trials} trials: found {found:.2f} {unit} with {size:,} parameters; by hand {hand:.2f} with "
          f"{hand_size:,}; linear {linear(training.data):.2f}", flush=True)


def main(seconds: str = "600", *names: str) -> None:
    torch.set_num_threads(1)
    if unknown := set(names) - set(COURSES):
        raise SystemExit(f"there is no course for {', '.join(unknown)}; there is one for {', '.join(COURSES)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names or COURSES:
            run(name, float(seconds), Path(folder) / name)


if __name__ == "__main__":
    main(*sys.argv[1:])
