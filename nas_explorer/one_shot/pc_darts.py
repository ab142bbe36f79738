"""PC-DARTS: DARTS on a quarter of the channels, with a strength for every edge. torch loads when a search begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.darts import check_alphas, given
from nas_explorer.one_shot.darts_presets import PRESETS as PRESET_TABLE
from nas_explorer.one_shot.darts_presets import Settings
from nas_explorer.options import check_whole_number
from nas_explorer.spaces import SearchSpace

if TYPE_CHECKING:
    from nas_explorer.one_shot.runs.relaxed import RelaxedRun


@dataclass(frozen=True, slots=True)
class PcDarts:
    """Mix a part of the channels of every edge and let the others pass; learn a strength for every edge as well.

    The operations of an edge see the first quarter of its channels; then the channels are shuffled, so that the next edge mixes
    others. That takes a fraction of the memory, and skips gain less, as most channels skip anyway. Because an edge's
    operations are learned on so little, each edge of a node has a strength of its own (a softmax over the edges), and the choice
    of edges goes by the product of both. The alphas wait for the first 15 of 50 epochs. The text speaks of channels drawn at
    random; the released code takes the first quarter, and so does this.

    Source: Xu et al., PC-DARTS, ICLR 2020, arXiv 1907.05737; released code yuhuixu1993/PC-DARTS

    Attributes:
        share: what part of the channels is mixed: 4 for a quarter.
        learning_rate: of the alphas' Adam; none: 0.02, for searches of minutes (6e-4 in the released code).
        weight_decay: of the alphas; none: 1e-3.
        warm_up: share of the epochs in which the alphas wait; none: 0.3, which is 15 of 50.
        watch_every, stop_on_collapse, less_memory: as in DARTS.

    Raises:
        InvalidOption: if a setting is out of range.
    """

    shares_weights: ClassVar[bool] = True

    share: int = 4
    learning_rate: float | None = None
    weight_decay: float | None = None
    warm_up: float | None = None
    watch_every: int = 2
    stop_on_collapse: bool = False
    less_memory: bool = False

    def __post_init__(self) -> None:
        check_whole_number("share", self.share, least=2)
        check_alphas(self)

    def settings(self, space: SearchSpace) -> Settings:
        return given(self, replace(PRESET_TABLE["recommended"], share=self.share, warm_up=0.3), space, "recommended")

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> RelaxedRun:
        from nas_explorer.one_shot.runs.relaxed import RelaxedRun

        return RelaxedRun(self.settings(space), self, space, estimator, seed)
