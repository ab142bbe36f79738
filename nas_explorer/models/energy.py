"""Energy of a forward pass by the processor's own counters: Intel's and AMD's RAPL, as Linux shows them in files."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from nas_explorer.errors import DeviceMissing

POWERCAP = Path("/sys/class/powercap")
SECONDS = 0.5                      # the counters move about a thousand times a second, so this is known to half a percent
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Counter:
    """One processor package's counter: microjoules since some time ago, which begin at 0 again past `range_uj`."""

    path: Path
    range_uj: int

    def read(self) -> int:
        return int((self.path / "energy_uj").read_text())

    def since(self, before: int) -> int:
        """Microjoules used since a reading, less than one round ago."""
        return (self.read() - before) % (self.range_uj + 1)


def counters(root: Path = POWERCAP) -> tuple[Counter, ...]:
    """The counters of all processor packages; none if this machine shows none that may be read."""
    found = []
    for path in sorted(root.glob("intel-rapl:?")):                  # AMD's have this name too; `intel-rapl:0:0` is a part of one
        try:
            counter = Counter(path, int((path / "max_energy_range_uj").read_text()))
            counter.read()
        except (OSError, ValueError):
            continue                                                # not readable: most systems let only root read them
        found.append(counter)
    return tuple(found)


def energy_mj(network: nn.Module, *inputs: Tensor, seconds: float = SECONDS, root: Path = POWERCAP) -> float:
    """Millijoules of one forward pass on the CPU, in one thread: those of the whole processor, shared by the passes.

    What else runs meanwhile is counted as well, and so is what the processor takes when idle: measure on a quiet machine.

    Raises:
        DeviceMissing: if this machine has no counters, or does not let us read them.
    """
    found = counters_here(root)
    training, threads = network.training, torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        network.eval()
        with torch.inference_mode():
            return millijoules(lambda: network(*inputs), found, seconds)
    finally:
        torch.set_num_threads(threads)
        network.train(training)


def counters_here(root: Path = POWERCAP) -> tuple[Counter, ...]:
    """
    Raises:
        DeviceMissing: if there are none.
    """
    if not (found := counters(root)):
        raise DeviceMissing(f"energy_mj needs hardware counters, and this machine shows none in {root}. Intel's and AMD's processors have "
                            f"them on Linux (`sudo chmod a+r {root}/intel-rapl:*/energy_uj` lets programs read them); virtual machines "
                            "mostly hide them")
    return found


def millijoules(work: Callable[[], object], found: tuple[Counter, ...], seconds: float) -> float:
    """Energy of one call, over as many as fill so many seconds."""
    for _ in range(WARM_UP):
        work()
    before, end, calls = [counter.read() for counter in found], time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        work()
        calls += 1
    used = sum(counter.since(reading) for counter, reading in zip(found, before, strict=True))
    return used / 1000 / calls
