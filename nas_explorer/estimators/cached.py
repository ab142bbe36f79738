"""The estimator that remembers: no architecture is scored twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.protocol import Estimator, OnDemand, find_metrics, knowing
from nas_explorer.estimators.wrapping import bound, estimator_of, kept, measured_by, memory, new_memory
from nas_explorer.records import Measurement, Metric
from nas_explorer.spaces import Architecture, SearchSpace, graph_hash, plan

Key: TypeAlias = tuple[str | None, int, int]


@dataclass(frozen=True, slots=True)
class Cached:
    """Score each network once, and say the same again when it comes back, under whatever name.

    Two architectures are the same network if their graphs are, dead branches left aside, and if they have as many parameters and
    multiply-adds, dead branches included: so every metric that comes from the cache is that of the network. All measurements
    are told again, `train_seconds` too, so a budget in simulated seconds is charged as the papers do. A trial that failed or was broken
    off is not remembered. With several workers, each remembers what it scored itself; a search that is resumed begins with an empty
    memory.

    Source: Ying et al., NAS-Bench-101, ICML 2019, arXiv 1902.09635 (isomorphic cells); Weisfeiler and Leman 1968 (the hash)

    Attributes:
        estimator: by name, {"name": ..., "options": {...}}, or one of your own.

    Raises:
        UnknownName, InvalidOption: if there is no such estimator, or it has no such options.
    """

    estimator: str | Mapping[str, Any] | Estimator = "training"
    _inner: Estimator = field(init=False, repr=False, compare=False)
    _space: SearchSpace | None = field(default=None, init=False, repr=False, compare=False)
    _memory: str = field(default_factory=new_memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "estimator", kept(self.estimator))
        object.__setattr__(self, "_inner", estimator_of(self.estimator))

    @property
    def wrapped(self) -> Estimator:
        """The estimator that scores what is new."""
        return self._inner

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return self.wrapped.metrics

    @property
    def measured(self) -> tuple[Metric, ...]:
        return measured_by(self.wrapped)

    def measuring(self, names: Sequence[str]) -> Cached:
        find_metrics(self.metrics, names)
        if not isinstance(self.wrapped, OnDemand):
            return self
        more = replace(self, estimator=self.wrapped.measuring(names))
        return more if self._space is None else more.for_space(self._space)

    def check_space(self, space: SearchSpace) -> None:
        self.wrapped.check_space(space)

    def for_space(self, space: SearchSpace) -> Cached:
        """The same estimator for a search in this space, with nothing remembered yet.

        Raises:
            InvalidSpace: as `check_space`.
        """
        self.check_space(space)
        return knowing(self, _inner=bound(self.wrapped, space), _space=space, _memory=new_memory())

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        """
        Raises:
            InvalidOption: if the estimator does not know the space yet.
        """
        if self._space is None:
            raise InvalidOption("to tell networks apart, an estimator must know the space its architectures are from: "
                                "Cached(...).for_space(space); a search does this by itself")
        known: dict[Key, tuple[Measurement, ...]] = memory(self._memory, dict)
        key = key_of(self._space, architecture)
        if key in known:
            yield from known[key]
            return
        seen = []
        for measurement in self.wrapped.evaluate(architecture):
            seen.append(measurement)
            yield measurement
        known[key] = tuple(seen)


def key_of(space: SearchSpace, architecture: Architecture) -> Key:
    """Equal for architectures that are the same network.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.spaces.library.nas_bench_201 import EDGES
    >>> one, other = (Architecture({**dict.fromkeys(EDGES, "none"), "cell/0→3": "skip", edge: "skip"}) for edge in ("cell/0→1", "cell/0→2"))
    >>> key_of(nas_bench_201(), one) == key_of(nas_bench_201(), other)
    True
    """
    steps = plan(space, architecture)
    return graph_hash(steps), *steps.cost()
