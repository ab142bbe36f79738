"""A recipe is data: checked when it is made, stored as JSON, changed field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.estimators.training_recipe import BY_KIND, RECIPES, Recipe, given_recipe, recipe_for


def test_a_recipe_comes_back_from_json() -> None:
    recipe = Recipe("adamw", 0.003, augmentation=("shift", "cutout"))
    assert recipe_for(json.loads(json.dumps(given_recipe(recipe))), "image") == recipe


def test_fields_change_the_default_of_the_kind() -> None:
    for kind, default in BY_KIND.items():
        assert recipe_for({}, kind) == recipe_for("default", kind) == default
        assert recipe_for({"batch_size": 7}, kind).batch_size == 7


def test_every_named_recipe_fits_images() -> None:
    for name in RECIPES:
        assert isinstance(recipe_for(name, "image"), Recipe)


@pytest.mark.parametrize(("fields", "message"), [
    ({"learning_rate": 0}, "learning_rate must be a number from 1e-09 to 1000, got 0"),
    ({"learning_rate": "fast"}, "learning_rate must be a number"),
    ({"batch_size": 1}, "batch_size must be a whole number of at least 2"),
    ({"optimizer": "adam"}, "optimizer must be one of sgd, adamw, got 'adam'"),
    ({"schedule": "linear"}, "schedule must be one of onecycle, cosine, restarts, constant"),
    ({"last_learning_rate": 0.2}, "last_learning_rate must be a number from 0 to 0.1, got 0.2"),
    ({"last_learning_rate": 0.01}, "last_learning_rate is where a cosine ends, and the schedule is 'onecycle'; set schedule='cosine'"),
    ({"label_smoothing": 1.0}, "label_smoothing must be a number from 0 to 0.9999"),
    ({"augmentation": "flip"}, "augmentation must be a list of texts"),
    ({"augmentation": ["time_mask"]}, "augmentation 'time_mask' is for spectrogram tasks, and this is a image task"),
    ({"batchsize": 4}, "a recipe has no 'batchsize', did you mean 'batch_size'"),
])
def test_what_is_out_of_range_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        recipe_for(fields, "image")


def test_unknown_names_are_listed() -> None:
    with pytest.raises(UnknownName, match="there is no recipe 'dart'; did you mean 'darts'"):
        recipe_for("dart", "image")
    with pytest.raises(UnknownName, match="there is no augmentation 'flipp'"):
        Recipe(augmentation=("flipp",))
    with pytest.raises(InvalidOption, match="recipe must be a Recipe, the name of one"):
        given_recipe(3)
