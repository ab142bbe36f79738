"""DARTS: all options at once, each by its strength, and strengths that descend a gradient. torch loads when a search begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.models.fit import is_recurrent
from nas_explorer.one_shot.darts_presets import PRESETS as PRESET_TABLE
from nas_explorer.one_shot.darts_presets import RECURRENT, Preset, Settings
from nas_explorer.options import check_number, check_one_of, check_whole_number
from nas_explorer.spaces import SearchSpace

if TYPE_CHECKING:
    from nas_explorer.one_shot.runs.relaxed import RelaxedRun


@dataclass(frozen=True, slots=True)
class Darts:
    """Mix all options of every decision, and learn how much of each by gradient descent.

    An edge gives the sum of its operations, weighed by the softmax of its alphas. Every batch makes two steps: the alphas descend the
    loss on one part of the training data, then the weights descend the loss on the other. At the end the most probable
    operations are kept: see `one_shot/derivation.py`. A node that picks edges gets all of them at full strength while it searches.

    Skip connections help the shared weights to learn, so long searches often end with little else; `watch_every` measures how sharp
    the loss has become in the alphas, the sign that comes with it, and `stop_on_collapse` stops and answers as it stood before.

    The presets differ in numbers, and in what the texts leave open. All of them keep `none` in the softmax where it is offered, which
    decides how strong an edge is; batch norms learn no scale, or a small strength could be undone; they use the batch's statistics
    in both steps; pools get a norm of their own.

    `paper`: alphas begin at zero, Adam with a rate of 3e-4, betas of 0.5 and 0.999 and a decay of 1e-3; weights learn by SGD from
    0.025 to 0 along a cosine, decay 3e-4, gradients clipped at 5. Recurrent: rate 3e-3 and Adam's own betas.

    `released_code`: alphas begin at 0.001 times a normal draw, so that two seeds differ from the first step; the rate of the weights
    ends at 0.001 and not at 0. There their SGD has no correction by Nesterov; here it has.

    `recommended`: for searches of minutes. The weights learn as the estimator's recipe says, the alphas at 0.02, as 3e-4 moves them by
    less than 0.1 in the few hundred steps of a small search; they wait for a sixth of the epochs, or skips win because
    convolutions have learned nothing yet.

    Source: Liu et al., DARTS, ICLR 2019, arXiv 1806.09055; released code quark0/darts

    Attributes:
        order: 1 takes the weights as they are; 2 looks one step of theirs ahead, at twice to three times the work.
        unrolled: how order 2 takes the second derivative: by a `finite_difference` of two gradients, as the authors do, or `exact`.
        preset: `recommended`, `paper` or `released_code`; what the options left at none are.
        learning_rate: of the alphas.
        weight_decay: of the alphas.
        warm_up: share of the epochs, at least 0 and below 1, in which the alphas wait.
        watch_every: measure the curvature in the alphas after every so many epochs; 0: never. It takes some mixed steps.
        stop_on_collapse: end the search when the curvature grows by 1.3, and answer with the architecture from before.
        less_memory: keep only what passes between cells and compute the rest twice: a third of the memory, a third more time.

    Raises:
        UnknownName: if there is no such preset.
        InvalidOption: if a setting is out of range.
    """

    shares_weights: ClassVar[bool] = True

    order: Literal[1, 2] = 1
    unrolled: Literal["finite_difference", "exact"] = "finite_difference"
    preset: Preset = "recommended"
    learning_rate: float | None = None
    weight_decay: float | None = None
    warm_up: float | None = None
    watch_every: int = 2
    stop_on_collapse: bool = False
    less_memory: bool = False

    def __post_init__(self) -> None:
        check_one_of("order", self.order, (1, 2))
        check_one_of("unrolled", self.unrolled, ("finite_difference", "exact"))
        check_preset("DARTS", self.preset)
        check_alphas(self)

    def settings(self, space: SearchSpace) -> Settings:
        """The preset with the options that were given.

        >>> from nas_explorer.spaces import load
        >>> Darts(preset="paper").settings(load("darts_rnn")).learning_rate
        0.003
        """
        return given(self, replace(PRESET_TABLE[self.preset], order=self.order, unrolled=self.unrolled), space, self.preset)

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> RelaxedRun:
        from nas_explorer.one_shot.runs.relaxed import RelaxedRun

        return RelaxedRun(self.settings(space), self, space, estimator, seed)


def check_preset(method: str, preset: object) -> None:
    if preset not in PRESET_TABLE:
        raise UnknownName(f"preset of {method}", str(preset), PRESET_TABLE)


def check_alphas(settings: Any) -> None:
    """
    Raises:
        InvalidOption: if an option that the searches by gradients have in common is out of range.
    """
    for name, wanted, fits in (("learning_rate", "above 0", lambda x: x > 0), ("weight_decay", "of at least 0", lambda x: x >= 0),
                               ("warm_up", "of at least 0 and below 1", lambda x: 0 <= x < 1)):
        if getattr(settings, name) is not None:
            check_number(name, getattr(settings, name), wanted, fits)
    check_whole_number("watch_every", settings.watch_every, least=0)
    for name in ("stop_on_collapse", "less_memory"):
        if not isinstance(getattr(settings, name), bool):
            raise InvalidOption(f"{name} must be True or False, got {getattr(settings, name)!r:.60}")
    if settings.stop_on_collapse and not settings.watch_every:
        raise InvalidOption("stop_on_collapse needs measurements; set watch_every=2, for example")


def given(options: Any, settings: Settings, space: SearchSpace, preset: str) -> Settings:
    """Settings with the options that are not none."""
    if is_recurrent(space) and preset != "recommended":
        settings = replace(settings, **RECURRENT)
    names = ("learning_rate", "weight_decay", "warm_up")
    return replace(settings, **{name: getattr(options, name) for name in names if getattr(options, name) is not None})
