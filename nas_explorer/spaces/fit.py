"""How many architectures keep some limits, as numbers and as a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nas_explorer.spaces.estimates import Estimate, wilson
from nas_explorer.spaces.quantities import Limit

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """What chance there is to keep some limits.

    Attributes:
        share: of all architectures that keep them.
        satisfiable: whether any does; None if none was found and none was ruled out.
        sentence: the same for a reader.
    """

    limits: tuple[Limit, ...]
    share: Estimate
    satisfiable: bool | None
    sentence: str


@dataclass(slots=True)
class Seen:
    """What was learned about one set of limits so far.

    Attributes:
        caps: column of the measured quantities -> limit.
        counted: architectures that fit, where they could be counted.
        found: whether any architecture fits that was looked at, also on a search that was no random sample.
    """

    limits: tuple[Limit, ...]
    caps: Mapping[int, float]
    counted: int | None = None
    tried: int = 0
    fitting: int = 0
    found: bool = False

    def note(self, values: Values, sampled: bool) -> None:
        """(n, quantities) of architectures that were looked at."""
        fitting = int((self.excess(values) <= 0).sum())
        self.found |= fitting > 0
        if sampled:
            self.tried += len(values)
            self.fitting += fitting

    def excess(self, values: Values) -> Values:
        """(n,) how far above its limits each is, in parts of them; 0 or less if it keeps them all."""
        over = [(values[:, column] - cap) / max(abs(cap), 1e-9) for column, cap in self.caps.items()]
        found: Values = np.max(np.array(over), axis=0)
        return found

    def fit(self, size: int, least: Mapping[str, float]) -> Fit:
        """What can be said.

        Args:
            size: the number of architectures.
            least: quantity -> the least there is, or was found.
        """
        if self.counted is None:
            share = wilson(self.fitting, self.tried)
            satisfiable = True if self.found else None
        else:
            part = self.counted / size
            share = Estimate(part, part, part, True, f"{self.counted:,} of {size:,} architectures")
            satisfiable = self.counted > 0
        return Fit(self.limits, share, satisfiable, self._sentence(share, satisfiable, least))

    def _sentence(self, share: Estimate, satisfiable: bool | None, least: Mapping[str, float]) -> str:
        if satisfiable:
            return _fitting(share)
        tightest = max(self.limits, key=lambda limit: least[limit.quantity] / limit.most if limit.most > 0 else math.inf)
        smallest, most = least[tightest.quantity], tightest.most
        words = f"has {amount(tightest.quantity, smallest)}, the limit is {amount(tightest.quantity, most, unit=False)}."
        if satisfiable is None:
            what = f"the smallest that was found {words}" if smallest > most else "each limit alone is kept by some."
            return f"No architecture that fits was found: {what}"
        return f"No architecture fits: the smallest {words}" if smallest > most else "No architecture keeps all limits at once."


def _fitting(share: Estimate) -> str:
    if share.exact:
        return "Every architecture fits." if share.value == 1 else f"{_percent(share.value)} of the architectures fit."
    if share.value == 0:
        return f"Some architectures fit, but fewer than {_percent(share.high)} of them."
    return f"About {_percent(share.value)} of the architectures fit (between {_percent(share.low)} and {_percent(share.high)})."


def _percent(share: float) -> str:
    """
    >>> _percent(0.2625), _percent(0.99999), _percent(3e-7)
    ('26.2 %', '99.9 %', '0.00003 %')
    """
    if 0.9995 <= share < 1:
        return "99.9 %"
    return f"{share * 100:.3g} %" if share == 0 or share >= 1e-4 else f"{share * 100:.{1 - math.floor(math.log10(share * 100)) - 1}f} %"


def amount(quantity: str, value: float, unit: bool = True) -> str:
    """A value in the unit of its quantity; `unit=False` where the unit was said just before.

    >>> amount("parameter_count", 73_306), amount("macs", 7_783_040), amount("latency_ms", 1.5), amount("edges of cell", 3)
    ('0.073 M parameters', '7.8 M MACs', '1.5 ms', '3 edges of cell')
    """
    name, _, where = quantity.partition(" of ")
    if name not in ("parameter_count", "macs"):
        return f"{value:.4g}" + (" ms" if name == "latency_ms" else f" {quantity}" if unit else "")
    text = f"{value:,.0f}" if value < 1_000 else f"{value / 1e6:.2g} M" if value < 10e6 else f"{value / 1e6:,.0f} M"
    words = {"parameter_count": " parameters", "macs": " MACs"}[name] + (f" of {where}" if where else "")
    return text + (words if unit else "")
