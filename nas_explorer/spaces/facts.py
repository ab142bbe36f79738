"""What is known about a space before anything is trained: how large, how costly, what fits, what is drawn in vain.

`facts` gives a first answer at once and better ones after it; whoever shows them takes the next when there is time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from nas_explorer.spaces.estimates import Estimate
from nas_explorer.spaces.fit import Fit
from nas_explorer.spaces.quantities import AnyDevice, Quantities
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.study import Range, Study


@dataclass(frozen=True, slots=True)
class Facts:
    """
    Attributes:
        architectures: their exact number, constraints ignored.
        distinct: the number of different networks among those that obey the constraints.
        ranges: of parameter_count, macs and, with a device, latency_ms, over all architectures.
        fits: one for each limit and constraint.
        fit: all of them together.
        dead: parts of the drawing that the output never sees, in words.
        idle: decisions that changed no network wherever they were tried.
        final: whether no better answer follows.
    """

    architectures: int
    distinct: Estimate
    ranges: Mapping[str, Range]
    fits: tuple[Fit, ...] = ()
    fit: Fit | None = None
    dead: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    final: bool = False


def facts(space: SearchSpace, limits: Mapping[str, float] = MappingProxyType({}), device: AnyDevice | None = None,
          seed: int = 0) -> Iterator[Facts]:
    """Better and better facts about a finished space; the same seed gives the same ones.

    Args:
        limits: parameter_count, macs, latency_ms -> the most that is allowed.
        device: the latency of one operation in milliseconds, so that a network's is their sum; or a table of whole networks.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> first = next(facts(nas_bench_201(), {"parameter_count": 50_000}))
    >>> first.architectures, first.ranges["parameter_count"]
    (15625, Range(least=73306.0, most=1531546.0, exact=True))
    >>> first.fit.sentence
    'No architecture fits: the smallest has 0.073 M parameters, the limit is 0.05 M.'

    Raises:
        InvalidSpace: while the drawing is unfinished.
        UnknownName: if a limit is put on something else.
    """
    study = Study(space, Quantities(space, limits, device), seed)
    yield _said(study)
    workers = study.workers()
    while workers:
        for worker in list(workers):
            if next(worker, False):
                yield _said(study)
            else:
                workers.remove(worker)
    yield _said(study, final=True)


def _said(study: Study, final: bool = False) -> Facts:
    fits = study.fits()
    single, together = fits[:len(study.measured.limits)], fits[-1] if fits else None
    return Facts(study.size, study.distinct, MappingProxyType(study.ranges()), single, together, study.dead, study.idle, final)
