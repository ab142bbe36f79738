"""How a network is trained, as data. No torch."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeAlias

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.options import check_one_of, check_texts, check_whole_number
from nas_explorer.tasks.task import Kind

AUGMENTATIONS: Mapping[str, tuple[Kind, ...]] = {
    "shift": ("image", "spectrogram"), "flip": ("image",), "cutout": ("image", "spectrogram"),
    "time_mask": ("spectrogram",), "frequency_mask": ("spectrogram",),
}
"""What each makes sense for."""


def _check_range(name: str, value: object, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise InvalidOption(f"{name} must be a number from {least:g} to {most:g}, got {value!r:.60}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Optimiser, schedule and augmentation of a training.

    Attributes:
        optimizer: `sgd` with Nesterov's momentum, or `adamw`.
        schedule: of the learning rate over all steps: `onecycle` warms up over the first three tenths and falls to nothing as a
            cosine, `cosine` only falls, `restarts` falls four times, each time twice as long as before, and `constant` stays.
        learning_rate: the highest.
        last_learning_rate: where `cosine` and `restarts` end; the others have none.
        batch_size: examples a step; for text, sequences a step.
        label_smoothing: share of the target that is spread over all classes.
        augmentation: `shift` by up to an eighth of the side, `flip` left and right, `cutout` of a square of half the side;
            for spectrograms `time_mask` and `frequency_mask` blank up to a quarter of the frames or bands.
        gradient_clip: longest gradient; 0 does not clip.
        sequence_length: characters of text that a recurrent network sees before gradients are cut; transformers see their context.
    """

    optimizer: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = 0.1
    schedule: Literal["onecycle", "cosine", "restarts", "constant"] = "onecycle"
    momentum: float = 0.9
    weight_decay: float = 5e-4
    batch_size: int = 64
    label_smoothing: float = 0.0
    augmentation: tuple[str, ...] = ()
    gradient_clip: float = 0.0
    sequence_length: int = 32
    last_learning_rate: float = 0.0

    def __post_init__(self) -> None:
        check_one_of("optimizer", self.optimizer, ("sgd", "adamw"))
        check_one_of("schedule", self.schedule, ("onecycle", "cosine", "restarts", "constant"))
        check_whole_number("batch_size", self.batch_size, least=2)
        check_whole_number("sequence_length", self.sequence_length)
        _check_range("learning_rate", self.learning_rate, 1e-9, 1e3)
        _check_range("last_learning_rate", self.last_learning_rate, 0.0, self.learning_rate)
        if self.last_learning_rate and self.schedule not in ("cosine", "restarts"):
            raise InvalidOption(f"last_learning_rate is where a cosine ends, and the schedule is {self.schedule!r}; set schedule='cosine', "
                                "or leave it out")
        _check_range("momentum", self.momentum, 0.0, 0.9999)
        _check_range("weight_decay", self.weight_decay, 0.0, 1e3)
        _check_range("label_smoothing", self.label_smoothing, 0.0, 0.9999)
        _check_range("gradient_clip", self.gradient_clip, 0.0, 1e9)
        check_texts("augmentation", self.augmentation)
        object.__setattr__(self, "augmentation", tuple(self.augmentation))
        for name in self.augmentation:
            if name not in AUGMENTATIONS:
                raise UnknownName("augmentation", name, AUGMENTATIONS)

    def check_kind(self, kind: Kind) -> None:
        """
        Raises:
            InvalidOption: if an augmentation makes no sense for this kind of task.
        """
        for name in self.augmentation:
            if kind not in AUGMENTATIONS[name]:
                raise InvalidOption(f"augmentation {name!r} is for {' and '.join(AUGMENTATIONS[name])} tasks, and this is a {kind} task")

    def options(self) -> dict[str, Any]:
        """The fields that differ from the default, as JSON keeps them."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
                if value != getattr(Recipe(), key)}


GivenRecipe: TypeAlias = str | Mapping[str, Any]
"""What an estimator stores: a name, or the fields that differ from the default."""

BY_KIND: Mapping[Kind, Recipe] = {
    "image": Recipe(),
    "spectrogram": Recipe(),
    "text": Recipe("adamw", 3e-3, weight_decay=0.01, batch_size=32, gradient_clip=1.0),
    "table": Recipe("adamw", 1e-2, weight_decay=0.01, batch_size=32),
}
RECIPES: Mapping[str, Recipe | Mapping[Kind, Recipe]] = {
    "default": BY_KIND,
    # Dong and Yang 2020: 12 or 200 epochs in batches of 256. Their random crops of 32 from 40 are our shift by an eighth.
    "nas_bench_201": Recipe(schedule="cosine", batch_size=256, augmentation=("shift", "flip")),
    # Liu et al. 2019, the final training; its auxiliary head and path dropout belong to 600 epochs and are left out.
    "darts": Recipe(learning_rate=0.025, schedule="cosine", weight_decay=3e-4, batch_size=96, augmentation=("shift", "flip", "cutout"),
                    gradient_clip=5.0),
}


def recipe_for(given: GivenRecipe, kind: Kind) -> Recipe:
    """The recipe that a setting means for a kind of task.

    Fields given alone change the default of the kind.

    >>> recipe_for("default", "text").optimizer, recipe_for({"batch_size": 128}, "image").batch_size
    ('adamw', 128)

    Raises:
        UnknownName: if there is no recipe of this name.
        InvalidOption: if a field is none of a recipe's, out of range, or makes no sense for this kind.
    """
    if isinstance(given, str):
        if given not in RECIPES:
            raise UnknownName("recipe", given, RECIPES)
        found = RECIPES[given]
        recipe = found if isinstance(found, Recipe) else found[kind]
    else:
        recipe = _changed(BY_KIND[kind], given)
    recipe.check_kind(kind)
    return recipe


def given_recipe(recipe: object) -> GivenRecipe:
    """A recipe as an estimator stores it.

    Raises:
        InvalidOption: if it is no recipe, no name and no mapping of fields.
    """
    match recipe:
        case Recipe():
            return {**{field.name: getattr(recipe, field.name) for field in fields(Recipe)}, "augmentation": list(recipe.augmentation)}
        case str():
            return recipe
        case Mapping():
            return dict(recipe)
    raise InvalidOption(f"recipe must be a Recipe, the name of one ({', '.join(RECIPES)}) or a mapping of its fields, got {recipe!r:.100}")


def _changed(recipe: Recipe, changes: Mapping[str, Any]) -> Recipe:
    known = {field.name: getattr(recipe, field.name) for field in fields(Recipe)}
    for key in changes:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
            hint = f", did you mean {near[0]!r}?" if near else ";"
            raise InvalidOption(f"a recipe has no {key!r}{hint} it has {', '.join(known)}")
    return Recipe(**{**known, **changes})
