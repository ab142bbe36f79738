"""The training part of a task cut in two: one teaches shared weights, the other the choice of architectures. No torch."""

from __future__ import annotations

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.training_recipe import Recipe
from nas_explorer.models.fit import is_recurrent
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.tasks.split import stratified
from nas_explorer.tasks.task import Array, Part, Task


def divided(task: Task, train_share: float, seed: int = 0) -> tuple[Part, Part]:
    """What the weights learn from, and what teaches the choice: by class, and a text where it stands, its beginning for the weights.

    >>> from nas_explorer.tasks import load
    >>> [len(part) for part in divided(load("digits"), 0.5)]
    [600, 599]

    Raises:
        InvalidTask: if a class has a single example.
    """
    if task.kind == "text":
        cut = int(len(task.train) * train_share)
        return _part(task.train, slice(cut)), _part(task.train, slice(cut, None))
    choice, weights = stratified(task.train.targets, [1 - train_share], seed)
    return _part(task.train, weights), _part(task.train, choice)


def check_batches(task: Task, space: SearchSpace, recipe: Recipe, train_share: float, seed: int) -> None:
    """
    Raises:
        InvalidOption: if a batch is larger than the data that it is drawn from.
        InvalidTask: if a class has a single example.
    """
    length = sequence_length(task, space, recipe)
    parts = dict(zip(("the weights learn from", "teach the choice"), divided(task, train_share, seed), strict=True))
    for what, part in parts.items():
        have = len(part) // length
        if recipe.batch_size > have:
            noun = "examples" if length == 1 else f"sequences of {length} characters"
            raise InvalidOption(f"batch_size must be at most {have:,}, the {noun} of {task.name!r} that {what} "
                                f"(train_share={train_share:g}), got batch_size={recipe.batch_size}; take smaller batches or more data")


def sequence_length(task: Task, space: SearchSpace, recipe: Recipe) -> int:
    """Characters of a sequence; 1 where examples stand alone. A transformer reads as many as its context holds."""
    if task.kind != "text":
        return 1
    return recipe.sequence_length if is_recurrent(space) else int(space.resolution)                    # type: ignore[arg-type]


def _part(part: Part, chosen: slice | Array) -> Part:
    return Part(part.inputs[chosen], part.targets[chosen])
