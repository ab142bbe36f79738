"""The estimator that looks at the clock: how quick a network is on this machine, beside what another estimator measures of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nas_explorer.errors import InvalidOption, InvalidSpace
from nas_explorer.estimators.outcome import task_of
from nas_explorer.estimators.protocol import Estimator, OnDemand, find_metrics, foreseen, knowing
from nas_explorer.estimators.wrapping import bound, estimator_of, kept, measured_by
from nas_explorer.models.devices import check_device
from nas_explorer.models.fit import fit
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.spaces import Architecture, SearchSpace
from nas_explorer.tasks.catalog import as_task

LATENCY, ENERGY = metric("latency_ms"), metric("energy_mj")


@dataclass(frozen=True, slots=True)
class OnDevice:
    """Measure how long a network takes for one example on this machine, before another estimator scores it.

    On the CPU that is the CPU time of one thread, which other programs hardly disturb; on CUDA, time by the clock on the wall. Each
    is a median whose 95 % interval is within 5 %, or as near as a second of measuring allows. With a table nothing is measured: a network's
    latency is predicted, is the same each time, and is known before it is built, so that a search can be limited by it. For text,
    a recurrent cell's latency is that of one character.

    Source: Tan et al., MnasNet: Platform-Aware Neural Architecture Search for Mobile, CVPR 2019, arXiv 1807.11626 (measured);
        Cai et al., ProxylessNAS, ICLR 2019, arXiv 1812.00332 (predicted from a table of operations)

    Attributes:
        estimator: who scores it, by name, {"name": ..., "options": {...}}, or one of your own.
        device: `cpu`, `cuda`, `cuda:0`, ...
        table: a latency table, from `models.device_table(space, task)`, or the file that it was saved in.
        energy: measure `energy_mj` too, by the processor's counters; where a machine has none, its trials fail and say so.

    Raises:
        UnknownName, InvalidOption: if there is no such estimator or device, or the table is none or one of another device.
    """

    estimator: str | Mapping[str, Any] | Estimator = "training"
    device: str = "cpu"
    table: str | Mapping[str, Any] | None = None
    energy: bool = False
    _inner: Estimator = field(init=False, repr=False, compare=False)
    _table: Any = field(default=None, init=False, repr=False, compare=False)          # a DeviceTable, whose file loads torch
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "estimator", kept(self.estimator))
        object.__setattr__(self, "_inner", estimator_of(self.estimator))
        check_device(self.device)
        if not isinstance(self.energy, bool):
            raise InvalidOption(f"energy must be True or False, got {self.energy!r:.60}")
        if self.energy and self.device != "cpu":
            raise InvalidOption(f"energy is read from the processor's counters, so only for device='cpu', got device={self.device!r}")
        if self.table is not None:
            self._take(self.table)
        if twice := [m.name for m in self.added if m in self.wrapped.metrics]:
            raise InvalidOption(f"the estimator inside measures {', '.join(twice)} already")

    def _take(self, given: object) -> None:
        """Keep a table as plain data, so that a run folder holds all of it."""
        from nas_explorer.models.latency_table import DeviceTable, load_table, table_from_json

        found = (given if isinstance(given, DeviceTable) else load_table(given) if isinstance(given, (str, os.PathLike))
                 else table_from_json(given))
        if found.device != self.device:
            raise InvalidOption(f"the table is of device {found.device!r}, and device={self.device!r} was asked for")
        object.__setattr__(self, "table", found.to_json())
        object.__setattr__(self, "_table", found)

    @property
    def wrapped(self) -> Estimator:
        """The estimator that scores."""
        return self._inner

    @property
    def added(self) -> tuple[Metric, ...]:
        """What this one measures."""
        return (LATENCY, ENERGY) if self.energy else (LATENCY,)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return (*self.wrapped.metrics, *self.added)

    @property
    def measured(self) -> tuple[Metric, ...]:
        return (*measured_by(self.wrapped), *self.added)

    def measuring(self, names: Sequence[str]) -> OnDevice:
        find_metrics(self.metrics, names)
        if not isinstance(self.wrapped, OnDemand):
            return self
        more = replace(self, estimator=self.wrapped.measuring([name for name in names if name not in {m.name for m in self.added}]))
        return more if self._space is None else more.for_space(self._space)

    def check_space(self, space: SearchSpace) -> None:
        self.wrapped.check_space(space)
        if self._table is not None and self._table.space != self._fitted(space):
            raise InvalidSpace(f"the latency table is of {self._table.space.name!r} at other shapes or with other options than "
                               f"{space.name!r} has here; make one with models.device_table(space, task), the task that is trained on")

    def for_space(self, space: SearchSpace) -> OnDevice:
        """The same estimator for architectures of this space.

        Raises:
            InvalidSpace: as `check_space`.
        """
        self.check_space(space)
        return knowing(self, _inner=bound(self.wrapped, space), _space=space)

    def foresee(self, architecture: Architecture) -> Mapping[str, float]:
        """What the estimator inside knows without scoring; with a table, the latency too."""
        known = dict(foreseen(self.wrapped, architecture))
        return known if self._table is None else {**known, LATENCY.name: self._table.predict(architecture).value}

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """Look at the clock, then score: every measurement has the latency.

        Raises:
            InvalidOption: if the estimator does not know the space yet.
            DeviceMissing: if this machine has no such device, or no counters of energy.
        """
        own = self._clocked(architecture)
        for measurement in self.wrapped.evaluate(architecture):
            yield Measurement(measurement.step, {**measurement.values, **own})

    def _clocked(self, architecture: Architecture) -> dict[str, float]:
        from nas_explorer.models.energy import energy_mj
        from nas_explorer.models.network import build
        from nas_explorer.models.profiles import inputs_of
        from nas_explorer.models.stopwatch import forward_pass

        if self._space is None:
            raise InvalidOption("to build networks, an estimator must know the space its architectures are from: "
                                "OnDevice(...).for_space(space); a search does this by itself")
        if self._table is not None and not self.energy:
            return {LATENCY.name: self._table.predict(architecture).value}
        network = build(self._fitted(self._space), architecture, seed=0)
        inputs = inputs_of(network.plan)
        found = {LATENCY.name: forward_pass(network, inputs, self.device).ms if self._table is None
                 else self._table.predict(architecture).value}
        return found | ({ENERGY.name: energy_mj(network, *inputs)} if self.energy else {})

    def _fitted(self, space: SearchSpace) -> SearchSpace:
        """The space with the inputs and classes of the task that is trained on, where there is one."""
        task = task_of(self.wrapped)
        return space if task is None else fit(space, as_task(task))
