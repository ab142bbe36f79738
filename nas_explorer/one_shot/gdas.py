"""GDAS: one option a decision, drawn anew for every batch, with a gradient for all. torch loads when a search begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.darts import check_alphas, given
from nas_explorer.one_shot.darts_presets import PRESETS as PRESET_TABLE
from nas_explorer.one_shot.darts_presets import Settings
from nas_explorer.options import check_number
from nas_explorer.spaces import SearchSpace

if TYPE_CHECKING:
    from nas_explorer.one_shot.runs.relaxed import RelaxedRun


@dataclass(frozen=True, slots=True)
class Gdas:
    """Draw one operation for every edge of every batch, run only these, and let the alphas learn from the draw.

    Noise is added to the alphas (Gumbel's), and the largest wins; its strength is 1, with the gradient of a softmax at a
    temperature that falls from 10 to 0.1. So a step costs about as much as one architecture and not as much as all of them. Alphas
    and weights learn in turns as in DARTS, from a draw of their own. As in the released code every edge of a node is there while
    it searches, and picks follow from the strengths at the end; only the operation that was drawn passes a gradient on. Where a single
    edge feeds a layer that can scale it back, the strength of what was drawn has next to no gradient: in a plain chain there is nothing
    to learn from.

    For the same reason the edges into one node compete: what makes one of them stronger makes the others weaker, and what is pushed
    down raises `none`, which passes no gradient of its own and so never learns that it cuts the cell off. On `digits_cells` `none`
    won so many edges that one operation was left of the cell, in five of five seeds (four times a convolution, a network of the
    middle, once a skip), and in three of three searches of 80 epochs. So the answer holds no `none`, as in DARTS and in the authors' search
    of its space; their search of NAS-Bench-201 lets it win, and `none_may_win=True` does.

    Source: Dong and Yang, Searching for a Robust Neural Architecture in Four GPU Hours, CVPR 2019, arXiv 1910.04465

    Attributes:
        learning_rate: of the alphas' Adam; none: 0.02, for searches of minutes (3e-4 in the released search of 250 epochs).
        weight_decay: of the alphas; none: 1e-3.
        warm_up: share of the epochs in which the alphas wait; none: 0.3, so that convolutions have learned something when they are
            compared (the released code does not wait).
        first_temperature, last_temperature: of the draws; they fall by the same amount every epoch.
        none_may_win: whether the answer may hold `none` on an edge that no node picks.
        watch_every: as in DARTS; 0: never, because it takes the mixture of all, which this method avoids.
        stop_on_collapse, less_memory: as in DARTS.

    Raises:
        InvalidOption: if a setting is out of range.
    """

    shares_weights: ClassVar[bool] = True

    learning_rate: float | None = None
    weight_decay: float | None = None
    warm_up: float | None = None
    first_temperature: float = 10.0
    last_temperature: float = 0.1
    none_may_win: bool = False
    watch_every: int = 0
    stop_on_collapse: bool = False
    less_memory: bool = False

    def __post_init__(self) -> None:
        check_alphas(self)
        for name in ("first_temperature", "last_temperature"):
            check_number(name, getattr(self, name), "above 0", lambda x: x > 0)
        if not isinstance(self.none_may_win, bool):
            raise InvalidOption(f"none_may_win must be True or False, got {self.none_may_win!r:.60}")

    def settings(self, space: SearchSpace) -> Settings:
        base = replace(PRESET_TABLE["recommended"], gumbel=True, none_may_win=self.none_may_win, warm_up=0.3,
                       temperature=(self.first_temperature, self.last_temperature))
        return given(self, base, space, "recommended")

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> RelaxedRun:
        from nas_explorer.one_shot.runs.relaxed import RelaxedRun

        return RelaxedRun(self.settings(space), self, space, estimator, seed)
