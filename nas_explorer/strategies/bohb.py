"""BOHB: Hyperband that draws from a density of good architectures instead of at random."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nas_explorer.options import check_number, check_whole_number
from nas_explorer.spaces import Architecture, Codec, sample
from nas_explorer.spaces.codec import Rows
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.halving import HalvingProposer
from nas_explorer.strategies.option_density import OptionDensity
from nas_explorer.strategies.protocol import Problem

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "bohb": {},
    "bohb_nas_bench_201": {"samples": 4, "random_fraction": 0.0, "least_bandwidth": 0.3},
}


@dataclass(frozen=True, slots=True)
class Bohb:
    """Hyperband whose new architectures look like the good ones seen so far, and unlike the bad ones.

    The best 15 % of the trials of one length of training make one density, the others a second; of `samples` draws around good
    trials the one is proposed at which the first density is largest in relation to the second. The longest training that has enough
    trials counts: more than twice as many as there are decisions. Rations and promotions are those of `hyperband`.

    We leave the released code where its kernel for categories counts only the options it has seen; ours counts all there are.
    Its `bandwidth_factor` widens numbers only, so that it means nothing for options of decisions.

    Source: Falkner et al., BOHB, ICML 2018, arXiv 1807.01774; automl/HpBandSter, optimizers/config_generators/bohb.py

    Attributes:
        eta, rungs: as for `hyperband`.
        top_percent: of the trials that count as good.
        samples: draws of which the most promising is proposed.
        random_fraction: of the proposals that stay random.
        least_bandwidth: how likely at least a draw leaves a good trial in one decision.

    Raises:
        InvalidOption: if a setting is out of range.
    """

    SUMMARIES: ClassVar[Mapping[str, str]] = {
        "bohb_nas_bench_201": "BOHB with the settings that NAS-Bench-201 was measured with (4 samples, none of them random).",
    }

    eta: int = 3
    rungs: int = 3
    top_percent: float = 15.0
    samples: int = 64
    random_fraction: float = 1 / 3
    least_bandwidth: float = 1e-3

    def __post_init__(self) -> None:
        check_whole_number("eta", self.eta, least=2)
        check_whole_number("rungs", self.rungs)
        check_whole_number("samples", self.samples)
        check_number("top_percent", self.top_percent, "above 0 and below 100", lambda x: 0 < x < 100)
        check_number("random_fraction", self.random_fraction, "from 0 to 1", lambda x: 0 <= x <= 1)
        check_number("least_bandwidth", self.least_bandwidth, "above 0 and below 1", lambda x: 0 < x < 1)

    def begin(self, problem: Problem) -> HalvingProposer:
        return HalvingProposer(self.rungs, self.eta, problem, DensityDraws(self, problem))


class DensityDraws:
    """Draws from what is known of good trials.

    Attributes:
        trials: share of the full training -> (costs, rows of option indices) of the trials that ended there.
    """

    def __init__(self, settings: Bohb, problem: Problem) -> None:
        self.settings, self.codec, self.rng = settings, Codec(problem.space), np.random.default_rng(problem.seed)
        self.trials: defaultdict[float, tuple[list[float], list[Rows]]] = defaultdict(lambda: ([], []))
        self._fitted: tuple[OptionDensity, OptionDensity] | None = None
        self._stale, self._modelled = True, False

    def draw(self) -> Architecture:
        if self._stale:
            self._fitted, self._stale = self._fit(), False
        self._modelled = self._fitted is not None and self.rng.random() >= self.settings.random_fraction
        if self._fitted is None or not self._modelled:
            return sample(self.codec.space, self.rng)
        return self._promising(*self._fitted)

    def why(self) -> Mapping[str, Any]:
        if self._fitted is None or not self._modelled:
            return {"kind": "random"}
        good, others = (len(density.rows) for density in self._fitted)
        return {"kind": "model", "sampler": "BOHB", "seen": good + others, "good": good}

    def learn(self, architecture: Architecture, share: float, cost: float) -> None:
        costs, rows = self.trials[share]
        costs.append(cost)
        rows.append(self.codec.encode(architecture))
        self._stale = True

    def _fit(self) -> tuple[OptionDensity, OptionDensity] | None:
        """Densities of the good and of the others, at the longest training that has enough of both."""
        least = len(self.codec.widths) + 1
        for share in sorted(self.trials, reverse=True):
            costs, rows = self.trials[share]
            good = max(least, int(self.settings.top_percent * len(costs)) // 100)
            if len(costs) - good >= least:
                ordered = np.array(rows)[np.argsort(costs, kind="stable")]
                return self._density(ordered[:good]), self._density(ordered[good:])
        return None

    def _density(self, rows: Rows) -> OptionDensity:
        return OptionDensity(rows, self.codec.widths, self.settings.least_bandwidth, self.rng)

    def _promising(self, good: OptionDensity, others: OptionDensity) -> Architecture:
        drawn = good.sample(self.settings.samples, self.rng)
        odds = good.at(drawn) / np.maximum(others.at(drawn), 1e-32)
        rows = self.codec.settle(drawn)
        for i in np.argsort(-odds, kind="stable").tolist():
            if holds(self.codec.space, rows[i].tolist()):
                return self.codec.decode(rows[i])
        return sample(self.codec.space, self.rng)
