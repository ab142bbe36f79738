"""What one-shot methods take from the estimator besides shared weights: the score that they choose by, a recipe of their own. No torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.records import Metric

ChooseBy: TypeAlias = Literal["loss", "error"]


def choosing_metric(estimator: WeightSharing, choose_by: ChooseBy) -> Metric:
    """The score of the validation part that decides between architectures; of text both are bits a character.

    >>> choosing_metric(WeightSharing("digits"), "loss").name, choosing_metric(WeightSharing("tiny_shakespeare"), "error").name
    ('validation_loss', 'validation_bits_per_character')
    """
    first = estimator.metrics[0]
    if choose_by == "error" or estimator.data.kind == "text":
        return first
    return next(metric for metric in estimator.metrics if metric.name == "validation_loss")


def with_recipe(estimator: WeightSharing, recipe: Sequence[tuple[str, Any]]) -> WeightSharing:
    """The estimator with a method's own recipe for its weights, where that is known for images and the user gave none."""
    if recipe and estimator.recipe == "default" and estimator.data.kind in ("image", "spectrogram"):
        return replace(estimator, recipe=dict(recipe)).for_space(estimator.space)
    return estimator
