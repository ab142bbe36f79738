"""The devices that networks run on, by their names. Torch is loaded when one is used."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nas_explorer.errors import DeviceMissing, InvalidOption

if TYPE_CHECKING:
    import torch

_NAME = re.compile(r"cpu|cuda(:\d{1,2})?")


def check_device(name: object) -> None:
    """Whether this is the name of a device; it may stand in another machine than this one, such as a worker's.

    Raises:
        InvalidOption: if it is none.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidOption(f"device must be cpu, cuda, or cuda:0 and so on, got {name!r:.60}")


def torch_device(name: str) -> torch.device:
    """The device itself, where a network is about to run on it.

    >>> torch_device("cpu")
    device(type='cpu')

    Raises:
        InvalidOption: if it is no name of a device.
        DeviceMissing: if this machine has none of this name.
    """
    import torch

    check_device(name)
    if name == "cpu":
        return torch.device(name)
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    number = int(name.partition(":")[2] or 0)
    if number >= count:
        there = f"it has cuda:0 to cuda:{count - 1}" if count else "torch finds no CUDA device here, or was built without CUDA"
        raise DeviceMissing(f"device={name!r} was asked for, and this machine does not have it: {there}; take device='cpu', "
                            "or a worker on a machine that has it")
    return torch.device(name)


def machine(name: str) -> str:
    """What the device is, in words that are the same each time: `AMD EPYC, torch 2.13.0`."""
    import torch

    device = torch_device(name)
    model = torch.cuda.get_device_name(device) if device.type == "cuda" else _processor()
    return f"{model}, torch {torch.__version__.partition('+')[0]}"


def _processor(info: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name: Linux keeps it in a file, other systems know it by themselves."""
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or f"{platform.machine()} with {os.cpu_count()} processors"
