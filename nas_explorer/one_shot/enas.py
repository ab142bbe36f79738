"""ENAS: a controller that learns which architectures are good while all of them learn in shared weights. torch loads later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, get_args

from nas_explorer.errors import UnknownName
from nas_explorer.estimators.weight_sharing import BatchNorm, WeightSharing
from nas_explorer.one_shot.choosing import ChooseBy
from nas_explorer.one_shot.enas_presets import PRESETS as PRESET_TABLE
from nas_explorer.one_shot.enas_presets import Preset, Reward, Settings, kind_of
from nas_explorer.options import check_number, check_one_of, check_whole_number
from nas_explorer.spaces import SearchSpace

if TYPE_CHECKING:
    from nas_explorer.one_shot.runs.enas import EnasRun


@dataclass(frozen=True, slots=True)
class Enas:
    """A controller draws architectures, shared weights learn on them, and the controller learns which of them do well.

    The two take turns. For an epoch every batch trains an architecture that the controller drew. Then the weights stand still, and
    the controller makes some steps of REINFORCE, with how it does on one batch as the reward. Weights learn from one part of
    the training data, rewards are of the other. After each epoch some architectures are drawn and scored on the validation part;
    the best of them is the answer so far, as in section 2.4 of the paper.

    Every option left at none is what `preset` says, by the kind of space: whole networks with skip connections (macro), cells
    (micro, and any other space), recurrent cells. All presets begin from one table, `one_shot/enas_presets.py`.

    `recommended` is for searches of minutes. In the first three quarters of the epochs only the weights learn, on fair draws
    (`WeightSharing.sampling`): a controller that learns from the start prefers what learns fastest, then trains nothing else, and so
    finds itself confirmed. Then plain Adam at 0.005, 20 updates of 10 architectures an epoch; the baseline is the average of
    *earlier* rewards, so that the gradient is unbiased, and a short one, because rewards rise while the weights learn; advantages are
    divided by their deviation, so that the reward's scale is no setting; skip connections are drawn at the wanted rate, 0.4. Rewards
    are likelihoods and the answer is chosen by the loss, because a batch of 64 has 65 accuracies only, and most of the last ones are
    alike. On `digits_cells`, 20 epochs, the mean true error of the answer over five seeds is 7.4 %. With a warm-up of half, the
    controller's own draws, 10 updates and accuracies it was 11.3 %, and the controller was to blame for little of that: the best of
    all 99 networks by those shared weights had 11.0 %. What is left is the ranking of shared weights: their best of all 99 now has
    7.1 %, and the best there is 5.1 %.

    `paper` has the numbers of the text: 100 units, temperature 5, tanh constant 2.5 (cells 2.5 and 1.10), Adam at 3.5e-4, 2,000 updates of
    one architecture an epoch, entropy weight 0.1 (recurrent 1e-4). The text does not say what batch norms use for a reward; here
    it is the batch's own statistics. 2,000 updates take long: set `updates` lower for small tasks.

    `released_code` does what melodyguan/enas and google-research/enas_lm do: no temperature and tanh 1.5 or 1.10 (recurrent 5 and
    2.25); Adam with a first moment of 0 and an epsilon of 1e-3, which is far slower where gradients are small; the baseline takes a
    reward in before the advantage is taken from it, and starts at 0, so that the first rewards all look good; 50 updates of 20
    architectures, or 30 of 10; weights by SGD along a cosine from 0.05 to 0.0005 that begins anew after 10, 30 and 70 of 150 epochs
    (to 0.001 in the paper); entropy as a bonus of the reward, of the sampled terms alone or in full; a skip target of 0.4 that
    leads to a rate of 0.308, because rate and penalty use different scales; cells prefer convolutions from the start, and
    recurrent cells near nodes; batch norms use running averages in macro searches and the batch's statistics in cells. Not copied
    are its slips: that the operation of a macro layer has no effect while it searches, and that gradients are not clipped where it
    says so.

    Source: Pham et al., Efficient Neural Architecture Search via Parameter Sharing, ICML 2018, arXiv 1802.03268

    Attributes:
        preset: `recommended`, `paper` or `released_code`; what the options below are, where they are none.
        learning_rate: of the controller's Adam.
        warm_up: share of the epochs in which only the weights learn, at least 0 and below 1; 0 in paper and code.
        updates: of the controller after each later epoch of the weights.
        architectures: drawn and rewarded for one update.
        baseline_decay: of the moving average of rewards, at least 0 and below 1.
        entropy_weight: how much the controller is paid for staying undecided, a nat each.
        temperature: the controller's logits are divided by it; 0: they are not.
        tanh_constant: bounds its logits, so that no option is ruled out; 0: they are free.
        hidden_units: of its LSTM.
        skip_weight: pulls the share of optional edges towards `skip_target`; 0: it does not.
        skip_target: that share, above 0 and below 1.
        batch_norm: which statistics batch norms use for rewards and scores: `batch`, `running` or `refit`, as in WeightSharing.
        reward: of a batch: its `accuracy`, or the `likelihood` of its true classes, exp(-loss). Of text it is always a constant over
            the perplexity, which is the same.
        choose_by: `loss` or `error` of the validation part, by which the best candidate is the answer.
        candidates: architectures drawn and scored on the validation part after each epoch.

    Raises:
        UnknownName: if there is no such preset.
        InvalidOption: if a setting is out of range.
    """

    shares_weights: ClassVar[bool] = True

    preset: Preset = "recommended"
    learning_rate: float | None = None
    warm_up: float | None = None
    updates: int | None = None
    architectures: int | None = None
    baseline_decay: float | None = None
    entropy_weight: float | None = None
    temperature: float | None = None
    tanh_constant: float | None = None
    hidden_units: int | None = None
    skip_weight: float | None = None
    skip_target: float | None = None
    batch_norm: BatchNorm | None = None
    reward: Reward | None = None
    choose_by: ChooseBy | None = None
    candidates: int = 10

    def __post_init__(self) -> None:
        if self.preset not in PRESET_TABLE:
            raise UnknownName("preset of ENAS", self.preset, PRESET_TABLE)
        check_whole_number("candidates", self.candidates)
        for name in self._changed("updates", "architectures", "hidden_units"):
            check_whole_number(name, getattr(self, name))
        for name in self._changed("learning_rate"):
            check_number(name, getattr(self, name), "above 0", lambda x: x > 0)
        for name in self._changed("entropy_weight", "temperature", "tanh_constant", "skip_weight"):
            check_number(name, getattr(self, name), "of at least 0", lambda x: x >= 0)
        for name in self._changed("baseline_decay", "warm_up"):
            check_number(name, getattr(self, name), "of at least 0 and below 1", lambda x: 0 <= x < 1)
        for name in self._changed("skip_target"):
            check_number(name, getattr(self, name), "above 0 and below 1", lambda x: 0 < x < 1)
        for name, offered in (("batch_norm", BatchNorm), ("reward", Reward), ("choose_by", ChooseBy)):
            if getattr(self, name) is not None:
                check_one_of(name, getattr(self, name), get_args(offered))

    def _changed(self, *names: str) -> list[str]:
        return [name for name in names if getattr(self, name) is not None]

    def settings(self, space: SearchSpace) -> Settings:
        """The preset for this kind of space, with the options that were given.

        >>> from nas_explorer.spaces import load
        >>> Enas("released_code", temperature=5.0).settings(load("enas_macro")).tanh_constant
        1.5
        """
        changes = {name: getattr(self, name) for name in self._changed(*OPTIONS)}
        for name in ("temperature", "tanh_constant"):
            if changes.get(name) == 0:
                changes[name] = None
        return replace(PRESET_TABLE[self.preset][kind_of(space)], **changes)

    def begin(self, space: SearchSpace, estimator: WeightSharing, seed: int) -> EnasRun:
        from nas_explorer.one_shot.runs.enas import EnasRun

        return EnasRun(self.settings(space), self.candidates, space, estimator, seed)


OPTIONS = ("learning_rate", "warm_up", "updates", "architectures", "baseline_decay", "entropy_weight", "temperature", "tanh_constant",
           "hidden_units", "skip_weight", "skip_target", "batch_norm", "reward", "choose_by")
