"""How long a search may go on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from nas_explorer.errors import InvalidOption


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a search; it ends at the first that is reached.

    Attributes:
        trials: how many architectures end, failed ones included.
        simulated_seconds: sum of `train_seconds` over all trials: the clock of a table, in GPU-seconds.
        wall_seconds: time at work, pauses left out.
        epochs: of a one-shot method, which trains all architectures at once.

    >>> Budget(trials=500).text
    '500 trials'

    Raises:
        InvalidOption: if there is no limit, or one that is not above zero.
    """

    trials: int | None = None
    simulated_seconds: float | None = None
    wall_seconds: float | None = None
    epochs: int | None = None

    def __post_init__(self) -> None:
        if not self.limits:
            raise InvalidOption("a budget needs a limit: Budget(trials=500), simulated_seconds=12_000 or wall_seconds=60")
        for name, value in self.limits.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value <= 0:
                raise InvalidOption(f"{name} of a budget must be a number above zero, got {value!r}")
        for name in ("trials", "epochs"):
            if (value := getattr(self, name)) is not None and not isinstance(value, int):
                raise InvalidOption(f"{name} of a budget must be a whole number, got {value!r}")

    @classmethod
    def of(cls, value: Budget | int | Mapping[str, float]) -> Budget:
        """A budget as it may be typed: `500` means 500 trials, a mapping names its limits."""
        if isinstance(value, Budget):
            return value
        if isinstance(value, Mapping):
            known = [field.name for field in fields(cls)]
            for key in value:
                if key not in known:
                    raise InvalidOption(f"a budget has no limit {key!r}; it has {', '.join(known)}")
            return cls(**value)  # type: ignore[arg-type]
        return cls(trials=value)

    @property
    def limits(self) -> dict[str, float]:
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name) is not None}

    def spent(self, trials: int, simulated_seconds: float, wall_seconds: float, epochs: float = 0.0) -> bool:
        return self.share(trials, simulated_seconds, wall_seconds, epochs) >= 1.0

    def share(self, trials: int, simulated_seconds: float, wall_seconds: float, epochs: float = 0.0) -> float:
        """How much of the budget is used, from 0 to 1: by the limit that is nearest."""
        used = {"trials": trials, "simulated_seconds": simulated_seconds, "wall_seconds": wall_seconds, "epochs": epochs}
        return min(1.0, max(used[name] / limit for name, limit in self.limits.items()))

    @property
    def text(self) -> str:
        words = {"trials": "trials", "simulated_seconds": "simulated GPU-seconds", "wall_seconds": "seconds", "epochs": "epochs"}
        return " or ".join(
            f"{limit:,g} {words[name]}" if limit < 1e6 else f"{limit:,.0f} {words[name]}" for name, limit in self.limits.items()
        )
