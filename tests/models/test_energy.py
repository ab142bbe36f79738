"""Energy is read from the processor's counters, which are files; a machine without them says so."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from nas_explorer.errors import DeviceMissing
from nas_explorer.models.energy import Counter, counters, energy_mj, millijoules

RANGE = 262_143_328_850


def package(root: Path, name: str, energy_uj: int | str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "max_energy_range_uj").write_text(f"{RANGE}\n")
    (folder / "energy_uj").write_text(f"{energy_uj}\n")
    return folder


def test_packages_are_counted_and_their_parts_are_not(tmp_path: Path) -> None:
    for name in ("intel-rapl:0", "intel-rapl:1", "intel-rapl:0:0"):
        package(tmp_path, name, 5)
    package(tmp_path, "intel-rapl:2", "not readable")
    assert [counter.path.name for counter in counters(tmp_path)] == ["intel-rapl:0", "intel-rapl:1"]


def test_a_counter_that_began_again_at_zero_is_understood(tmp_path: Path) -> None:
    counter = Counter(package(tmp_path, "intel-rapl:0", 40), RANGE)
    assert counter.since(15) == 25
    assert counter.since(RANGE - 9) == 50


def test_energy_is_shared_by_the_passes(tmp_path: Path) -> None:
    """Every pass takes 300 millijoules from each of two packages."""
    folders = [package(tmp_path, f"intel-rapl:{i}", 0) for i in range(2)]
    found = counters(tmp_path)

    def work() -> None:
        for folder in folders:
            path = folder / "energy_uj"
            path.write_text(str(int(path.read_text()) + 300_000))

    assert millijoules(work, found, 0.01) == pytest.approx(600)


def test_a_machine_without_counters_says_so(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match=r"energy_mj needs hardware counters, and this machine shows none in .*virtual machines mostly"):
        energy_mj(nn.Identity(), torch.zeros(1), root=tmp_path)


def test_a_network_is_left_as_it_was(tmp_path: Path) -> None:
    package(tmp_path, "intel-rapl:0", 7)
    network, threads = nn.Linear(2, 2), torch.get_num_threads()
    assert energy_mj(network, torch.zeros(1, 2), seconds=0.01, root=tmp_path) == 0.0
    assert network.training
    assert torch.get_num_threads() == threads
