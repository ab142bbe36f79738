"""What one training may take: seconds and memory. And what its losses may be: numbers."""

from __future__ import annotations

import math
import os
import time

from nas_explorer.errors import TrainingFailed

MEGABYTE = 1_000_000


class Watch:
    """Looks at a training after every step.

    Args:
        epochs: of the whole training, for messages.
        time_limit: seconds of training, time between epochs not counted; None: no limit.
        memory_limit_mb: how much more memory the process may have than when the training began; None: no limit.
    """

    def __init__(self, epochs: int, time_limit: float | None, memory_limit_mb: float | None) -> None:
        self.epochs, self.time_limit, self.memory_limit_mb = epochs, time_limit, memory_limit_mb
        self.epoch = 0
        self.seconds = 0.0
        self._since = 0.0
        self._memory_before = resident_bytes() if memory_limit_mb is not None else 0

    def __enter__(self) -> Watch:
        """An epoch begins."""
        self.epoch += 1
        self._since = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._since

    def check(self, loss: float) -> None:
        """
        Raises:
            TrainingFailed: if the loss is no number, or a limit is passed.
        """
        at = f"in epoch {self.epoch} of {self.epochs}"
        if not math.isfinite(loss):
            raise TrainingFailed(f"the loss became {'NaN' if math.isnan(loss) else 'infinite'} {at}")
        seconds = self.seconds + time.perf_counter() - self._since
        if self.time_limit is not None and seconds > self.time_limit:
            raise TrainingFailed(f"the training took more than its limit of {self.time_limit:g} seconds, {at}")
        if self.memory_limit_mb is not None:
            taken = (resident_bytes() - self._memory_before) / MEGABYTE
            if taken > self.memory_limit_mb:
                raise TrainingFailed(f"the training took {taken:,.0f} MB of memory, more than its limit of {self.memory_limit_mb:,.0f} MB, "
                                     f"{at}")


def resident_bytes() -> int:
    """Memory that this process has now."""
    import psutil  # type: ignore[import-untyped]

    return int(psutil.Process(os.getpid()).memory_info().rss)
