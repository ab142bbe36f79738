"""Latency is measured until it is known well enough, and what stood in the way is said."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from nas_explorer.errors import DeviceMissing, InvalidOption
from nas_explorer.models.devices import check_device, machine, torch_device
from nas_explorer.models.stopwatch import Latency, forward_pass, median_interval, timed

QUIET = Latency(1.0, 0.98, 1.02, 1.0, 1.0, 20, 0.0)


def test_the_interval_holds_the_true_median_in_19_of_20_cases() -> None:
    """Of 1,000 samples of 40 log-normal values, seed 0: 95 % or more, and not all."""
    rng = np.random.default_rng(0)
    intervals = [median_interval(rng.lognormal(size=40).tolist()) for _ in range(1000)]
    held = sum(low <= 1.0 <= high for low, _, high in intervals)
    assert 945 <= held < 1000
    assert all(low <= middle <= high for low, middle, high in intervals)


def test_work_takes_the_time_that_it_takes() -> None:
    found = timed(lambda: time.sleep(0.002), by_cpu=False, seconds=0.5)
    assert 2.0 <= found.ms < 20.0
    assert found.low_ms <= found.ms <= found.high_ms
    assert found.cpu_ms < found.wall_ms == found.ms


def test_cpu_time_does_not_count_what_others_take() -> None:
    """Work that sleeps uses the wall's clock up and no processor, as work does that waits for one."""
    found = timed(lambda: time.sleep(0.002), seconds=0.05)
    assert found.ms == found.cpu_ms < 1.0 < found.wall_ms


def test_more_is_measured_until_the_interval_is_narrow_or_time_is_up() -> None:
    waits = iter(np.random.default_rng(0).exponential(0.002, 10_000))       # no rhythm: a sample may time any number of calls
    restless = timed(lambda: time.sleep(next(waits)), by_cpu=False, seconds=0.3)
    assert restless.samples > 10
    assert restless.known_within > 0.05
    assert "measure for longer" in replace(restless, others=0.0, cpu_ms=restless.wall_ms).problem


@pytest.mark.parametrize(("found", "problem"), [
    (QUIET, ""),
    (replace(QUIET, wall_ms=1.5), "this machine is busy: a pass took 1.5 ms by the clock on the wall and 1 ms of CPU time"),
    (replace(QUIET, others=1.0), "others used 100 % of its processors"),
    (replace(QUIET, low_ms=0.8), "known to ±11 % only, after 20 samples"),
])
def test_what_stood_in_the_way_is_said(found: Latency, problem: str) -> None:
    assert problem in found.problem
    assert bool(problem) == bool(found.problem)


def test_a_network_is_left_as_it_was() -> None:
    network, threads = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)), torch.get_num_threads()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found = forward_pass(network, (torch.zeros(1, 1, 8, 8),), "cpu", seconds=0.05)
    assert found.ms > 0
    assert network.training
    assert torch.get_num_threads() == threads
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_a_larger_convolution_takes_longer() -> None:
    small, large = (forward_pass(nn.Conv2d(c, c, 3, padding=1), (torch.zeros(1, c, 16, 16),), "cpu", seconds=0.2).ms for c in (4, 128))
    assert large > 3 * small


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:x", "CPU", "", None, 0])
def test_a_name_that_is_no_device_is_refused(name: object) -> None:
    with pytest.raises(InvalidOption, match="device must be cpu, cuda, or cuda:0 and so on, got"):
        check_device(name)


def test_cuda_asked_for_and_absent_is_an_error_in_words() -> None:
    absent = f"cuda:{torch.cuda.device_count() if torch.cuda.is_available() else 0}"
    check_device(absent)                                     # a worker elsewhere may have it
    with pytest.raises(DeviceMissing, match=f"device='{absent}' was asked for, and this machine does not have it.*take device='cpu'"):
        torch_device(absent)
    with pytest.raises(DeviceMissing):
        forward_pass(nn.Identity(), (torch.zeros(1),), absent)


def test_a_machine_has_a_name() -> None:
    assert machine("cpu") == machine("cpu")
    assert "torch" in machine("cpu")
