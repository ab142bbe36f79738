"""The latency table of a device: its operations are measured once, and any network is predicted as their sum."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.models.device_fit import Accuracy, accuracy_of, fitted
from nas_explorer.models.devices import check_device, machine
from nas_explorer.models.fit import fit
from nas_explorer.models.network import build
from nas_explorer.models.profiles import inputs_of, operation_key, parts, profile
from nas_explorer.models.stopwatch import forward_pass
from nas_explorer.spaces import Estimate, Plan, Scalar, SearchSpace, Shape, plan, sample, space_from_json, to_json
from nas_explorer.tasks.task import Task

FORMAT = 1
FEWEST = 8                         # networks to fit and judge by, half and half
Z = 1.96                           # of an interval that holds in 19 of 20 cases


@dataclass(frozen=True, slots=True)
class DeviceTable:
    """What the parts of a space's networks take on one device.

    A network is predicted as `base_ms + scale * (the sum of its parts)`, where both numbers were fitted to whole networks: parts
    measured alone find their data in the cache, and do not pay for what holds them together. It serves as the `device` of
    `nas.SpaceEditor` and of `spaces.facts` too.

    Attributes:
        space: whose networks, fitted to the task's inputs.
        device: `cpu`, `cuda:0`, ...
        machine: what that was, in words.
        threads: of torch.
        parts_ms: of an operation at its shapes, or of a place where values meet -> milliseconds.
        base_ms, scale: see above.
        accuracy: how good the predictions are.
    """

    space: SearchSpace
    device: str
    machine: str
    threads: int
    parts_ms: Mapping[str, float]
    base_ms: float
    scale: float
    accuracy: Accuracy

    def predict(self, architecture: Mapping[str, Scalar]) -> Estimate:
        """The latency of an architecture in milliseconds, with its 95 % interval.

        Raises:
            InvalidArchitecture: if it does not belong to the space.
        """
        steps = plan(self.space, architecture)
        value = self.base_ms + self.scale * self._sum(steps)
        off = Z * self.accuracy.spread * value
        return Estimate(value, max(0.0, value - off), value + off, False, f"sum of parts, measured on {self.machine}")

    def __call__(self, name: str, source: Shape, shape: Shape, stride: int, params: Mapping[str, object]) -> float:
        """The milliseconds that one operation adds to a network.

        Raises:
            InvalidSpace: if no network of the space has this operation at these shapes.
        """
        return self.scale * self._known(operation_key(name, source, shape, stride, params))

    def _sum(self, steps: Plan) -> float:
        return math.fsum(map(self._known, parts(steps)))

    def _known(self, key: str) -> float:
        if key not in self.parts_ms:
            raise InvalidSpace(f"the latency table of {self.space.name!r} on {self.machine} has no {key!r}; "
                               "make one for this space with models.device_table(space)")
        return self.parts_ms[key]

    def to_json(self) -> dict[str, Any]:
        """As plain data, which `table_from_json` takes back."""
        return {"format": FORMAT, **{field.name: getattr(self, field.name) for field in fields(self)}, "space": to_json(self.space),
                "parts_ms": dict(self.parts_ms), "accuracy": asdict(self.accuracy)}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as a JSON file, which `load_table` reads."""
        Path(path).write_text(json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def device_table(space: SearchSpace, task: Task | None = None, device: str = "cpu", architectures: int = 24, threads: int = 1,
                 seed: int = 0) -> DeviceTable:
    """Measure this device for a space: every operation at every shape once, then some whole networks.

    Half of the networks fit the two numbers that turn sums into latencies, the other half say how good the predictions are.
    It takes a second or two for small networks. Warns where the machine was busy.

    Args:
        task: whose inputs the networks read; by default as the space is drawn.
        architectures: whole networks, at least 8.
        threads: of torch, on the CPU.

    Raises:
        InvalidOption: if there are too few architectures to fit and judge.
        DeviceMissing: if this machine has no such device.
    """
    if isinstance(architectures, bool) or not isinstance(architectures, int) or architectures < FEWEST:
        raise InvalidOption(f"architectures must be a whole number of at least {FEWEST}, got {architectures!r:.60}")
    space, rng = fit(space, task) if task else space, np.random.default_rng(seed)
    measured = profile(space, device, threads)
    known = {key: found.ms for key, found in measured.items()}
    networks = [build(space, sample(space, rng), seed=seed) for _ in range(architectures)]
    whole = [forward_pass(network, inputs_of(network.plan), device, threads) for network in networks]
    problems = [found.problem for found in (*measured.values(), *whole) if "busy" in found.problem]
    if len(problems) > len(measured) / 4:
        warnings.warn(f"{problems[0]}. {len(problems)} of {len(measured) + len(whole)} measurements were disturbed", stacklevel=2)
    sums = np.array([math.fsum(known[key] for key in parts(network.plan)) for network in networks])
    half = architectures // 2
    taken = np.array([found.ms for found in whole])
    base, scale = fitted(sums[:half], taken[:half])
    return DeviceTable(space, device, machine(device), threads, known, base, scale,
                       accuracy_of(base + scale * sums[half:], taken[half:]))


def load_table(path: str | os.PathLike[str]) -> DeviceTable:
    """Read what `save` wrote.

    Raises:
        InvalidOption: if the file is no latency table.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidOption(f"{path} is no latency table: {error}") from error
    return table_from_json(data)


def table_from_json(data: object) -> DeviceTable:
    """
    Raises:
        InvalidOption: if this is no latency table, or one of a newer version.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise InvalidOption(f"this is no latency table of format {FORMAT}, as DeviceTable.save writes it; got {data!r:.80}")
    try:
        check_device(data["device"])
        parts_ms = {str(key): float(value) for key, value in data["parts_ms"].items()}
        return DeviceTable(space_from_json(data["space"]), data["device"], str(data["machine"]), int(data["threads"]), parts_ms,
                           float(data["base_ms"]), float(data["scale"]), Accuracy(**data["accuracy"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidOption(f"this latency table is damaged: {type(error).__name__}: {error}; make it anew") from error
