"""How long a network takes for one forward pass on this machine, measured until it is known well enough."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil  # type: ignore[import-untyped]
import torch
from torch import Tensor, nn

from nas_explorer.models.devices import torch_device

WITHIN = 0.05                      # half the interval, in parts of the median
WARM_UP = 5
ROUND = 10                         # samples between two looks at the interval
SAMPLE_SECONDS = 2e-4              # of calls that one sample times together, so that reading the clock costs nothing
MAX_SECONDS = 1.0
BUSY = 1.2                         # wall time for one of CPU time, from which on others take the processor away


@dataclass(frozen=True, slots=True)
class Latency:
    """The time of one call, a median with its 95 % interval.

    Attributes:
        ms: of the clock that counts: CPU time of one thread on the CPU, which other programs do not disturb; wall time with more
            threads, and on CUDA.
        low_ms, high_ms: in between lies the true median, in 19 of 20 cases.
        wall_ms, cpu_ms: medians of wall and of CPU time.
        samples: how many were taken.
        others: the share of this machine's processors that other programs used meanwhile, 0 to 1.
    """

    ms: float
    low_ms: float
    high_ms: float
    wall_ms: float
    cpu_ms: float
    samples: int
    others: float

    @property
    def known_within(self) -> float:
        """Half the interval, in parts of the median."""
        return (self.high_ms - self.low_ms) / 2 / self.ms if self.ms else math.inf

    @property
    def problem(self) -> str:
        """What stood in the way of a good measurement, or nothing."""
        processors = psutil.cpu_count() or 1
        if (self.cpu_ms and self.wall_ms / self.cpu_ms > BUSY) or self.others * processors > processors - 0.5:
            return (f"this machine is busy: a pass took {self.wall_ms:.3g} ms by the clock on the wall and {self.cpu_ms:.3g} ms of CPU "
                    f"time, while others used {100 * self.others:.0f} % of its processors; wait until it is quiet")
        if self.known_within > WITHIN:
            return f"the latency is known to ±{100 * self.known_within:.0f} % only, after {self.samples} samples; measure for longer"
        return ""


def latency(network: nn.Module, *inputs: Tensor, device: str = "cpu", threads: int = 1, seconds: float = MAX_SECONDS) -> Latency:
    """Measure one forward pass, until the 95 % interval of its median is within 5 %.

    Warns where the machine is too busy for its wall time to mean anything.

    Args:
        inputs: of the batch whose latency is wanted; one image is (1, channels, side, side).
        device: `cpu`, `cuda`, `cuda:1`, ...
        threads: of torch, on the CPU.
        seconds: after so many it stops, however wide the interval is.

    Raises:
        DeviceMissing: if this machine has no such device.
    """
    found = forward_pass(network, inputs, device, threads, seconds)
    if found.problem:
        warnings.warn(found.problem, stacklevel=2)
    return found


def forward_pass(network: nn.Module, inputs: tuple[Tensor, ...], device: str, threads: int = 1, seconds: float = MAX_SECONDS) -> Latency:
    """As `latency`, without warning. The network is left where it was, in the mode it had."""
    where = torch_device(device)
    training, before = network.training, torch.get_num_threads()
    home = next(network.parameters(), torch.empty(0)).device
    torch.set_num_threads(threads)
    try:
        network.eval().to(where)
        placed = [value.to(where) for value in inputs]
        with torch.inference_mode():
            return timed(lambda: network(*placed), _wait_for(where), where.type == "cpu" and threads == 1, seconds)
    finally:
        torch.set_num_threads(before)
        network.train(training).to(home)


def timed(work: Callable[[], object], wait: Callable[[], None] = lambda: None, by_cpu: bool = True,
          seconds: float = MAX_SECONDS) -> Latency:
    """Time a piece of work again and again.

    Args:
        wait: returns when all that `work` began is done.
        by_cpu: whether CPU time counts, or wall time.
    """
    for _ in range(WARM_UP):
        work()
    calls, end, taken = _calls(work, wait), time.perf_counter() + seconds, list[tuple[float, float]]()
    busy = _Others()
    while True:
        taken += [_sample(work, wait, calls) for _ in range(ROUND)]
        low, middle, high = median_interval([cpu if by_cpu else wall for wall, cpu in taken])
        if (high - low) / 2 <= WITHIN * middle or time.perf_counter() > end:
            break
    wall, cpu = (median_interval([pair[i] for pair in taken])[1] for i in (0, 1))
    return Latency(middle, low, high, wall, cpu, len(taken), busy.share())


def median_interval(values: list[float]) -> tuple[float, float, float]:
    """The median between the two values that hold the true one in 19 of 20 cases, whatever the distribution.

    Ranks n/2 ± 0.98 √n: how many of n values lie below the median is binomial.

    >>> median_interval([5.0, 1.0, 2.0, 3.0, 4.0, 9.0, 8.0, 7.0, 6.0, 10.0])
    (2.0, 5.5, 9.0)
    """
    ordered = sorted(values)
    count = len(ordered)
    skipped = max(0, math.floor(count / 2 - 0.98 * math.sqrt(count)))
    return ordered[skipped], (ordered[(count - 1) // 2] + ordered[count // 2]) / 2, ordered[count - 1 - skipped]


def _sample(work: Callable[[], object], wait: Callable[[], None], calls: int) -> tuple[float, float]:
    """Milliseconds of wall and of CPU time for one call."""
    wait()
    wall, cpu = time.perf_counter(), time.thread_time()
    for _ in range(calls):
        work()
    wait()
    return 1e3 * (time.perf_counter() - wall) / calls, 1e3 * (time.thread_time() - cpu) / calls


def _calls(work: Callable[[], object], wait: Callable[[], None]) -> int:
    quickest = min(_sample(work, wait, 1)[0] for _ in range(3))
    return max(1, round(1e3 * SAMPLE_SECONDS / max(quickest, 1e-4)))


def _wait_for(device: torch.device) -> Callable[[], None]:
    return (lambda: torch.cuda.synchronize(device)) if device.type == "cuda" else (lambda: None)


class _Others:
    """What other programs use of the processors from now on."""

    def __init__(self) -> None:
        self._all, self._own = psutil.cpu_times(), time.process_time()

    def share(self) -> float:
        now: Any = psutil.cpu_times()
        total = sum(now) - sum(self._all)
        used = total - (now.idle - self._all.idle) - (getattr(now, "iowait", 0.0) - getattr(self._all, "iowait", 0.0))
        own = time.process_time() - self._own
        return min(1.0, max(0.0, (used - own) / total)) if total > 0 else 0.0
