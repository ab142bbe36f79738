"""Random sampling with weight sharing, the simplest one-shot method and the bar for the others. torch loads when a search begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, get_args

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.choosing import ChooseBy
from nas_explorer.options import check_one_of, check_whole_number
from nas_explorer.spaces import SearchSpace

if TYPE_CHECKING:
    from nas_explorer.one_shot.runs.random_sampling import RandomSamplingRun


@dataclass(frozen=True, slots=True)
class RandomSampling:
    """Train shared weights on architectures drawn at random, then search them by evolution.

    Every batch trains an architecture of its own, each option of a decision as often as the next, so no choice is favoured while
    the weights learn; `WeightSharing(sampling="uniform")` draws as the paper does, and leaves that to chance. After the last epoch an
    evolution scores `trials` architectures with the finished weights; no weight is trained any more. With `population_size` as large as
    `trials` it is random search on the shared weights, as Li and Talwalkar do.

    Source: Guo et al., Single Path One-Shot NAS, ECCV 2020, arXiv 1904.00420; Li and Talwalkar, UAI 2019, arXiv 1902.07638

    Attributes:
        trials: architectures that the evolution scores at the end; 1,000 in the paper.
        population_size: of the evolution; 50 in the paper.
        tournament_size: members drawn for one parent. The paper crosses and mutates the ten best, we take regularized evolution.
        choose_by: `loss` or `error` on the validation part. A paper takes the error; of a few hundred examples it has few values,
            the same for many architectures, and ranks worse.
        watched: architectures drawn anew and scored after each epoch, so that the search can be seen; 0: none.

    Raises:
        InvalidOption: if a number is out of range.
    """

    shares_weights: ClassVar[bool] = True

    trials: int = 200
    population_size: int = 50
    tournament_size: int = 10
    choose_by: ChooseBy = "loss"
    watched: int = 4

    def __post_init__(self) -> None:
        for name in ("trials", "population_size", "tournament_size"):
            check_whole_number(name, getattr(self, name))
        check_whole_number("watched", self.watched, least=0)
        check_one_of("choose_by", self.choose_by, get_args(ChooseBy))
        if self.tournament_size > self.population_size:
            raise InvalidOption(f"tournament_size must be at most population_size, got tournament_size={self.tournament_size}, "
                                f"population_size={self.population_size}")

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> RandomSamplingRun:
        from nas_explorer.one_shot.runs.random_sampling import RandomSamplingRun

        return RandomSamplingRun(self, space, estimator, seed)
