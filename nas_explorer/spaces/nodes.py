"""The two elements of a drawing: nodes and the edges between them."""

from __future__ import annotations

from dataclasses import dataclass

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.shapes import MAX_CHANNELS, channels_of
from nas_explorer.spaces.values import SKIP, Choice, Op, check_count, check_name, options_of

PRESENCES = ("always", "optional", "picked", "loose", "fallback")
MERGES = ("sum", "mean", "product", "concat", "project", "inputs")
ALIGNS = ("project", "pad", "error")
MAX_STRIDE = 64
MAX_REPEAT = 10_000


@dataclass(frozen=True, slots=True)
class Edge:
    """source -> target. The target's shape fixes the channels and the stride of the operation on the edge.

    Presence: `always`; `optional`, a decision of its own; `picked`, the target picks k of these; `loose`, only if
    nobody else uses the source; `fallback`, only if nothing else reaches the target.
    """

    source: str
    target: str
    op: Op | Choice = SKIP
    presence: str = "always"

    def __post_init__(self) -> None:
        if self.presence not in PRESENCES:
            raise InvalidSpace(f"edge {self}: presence must be one of {', '.join(PRESENCES)}, got {self.presence!r}")
        check_operation(self.op, f"edge {self}")
        if self.presence == "loose" and self.op != SKIP:
            raise InvalidSpace(f"edge {self}: a loose end carries no operation, got {self.op}")

    def __str__(self) -> str:
        return f"{self.source}→{self.target}"


@dataclass(frozen=True, slots=True)
class Node:
    """The merge of the incoming edges has `channels` and `stride`; then `op` runs, `repeat` times."""

    name: str
    op: Op | Choice = SKIP
    merge: str = "sum"                             # "inputs" hands the edges, in order, to a cell with that many inputs
    pick: int | None = None                        # so many of the "picked" edges are present
    channels: int | str | Choice | None = None     # 16, "2C", "C/4"; None: like the first source
    stride: int | Choice = 1                       # against the coarsest source drawn, so that every edge can reach us
    like: str | None = None                        # or against this node
    repeat: int | Choice | None = None             # None: once, whatever the depth multiplier
    shared: bool = True                            # False: every copy decides for itself
    align: str = "project"                         # what a plain edge does when shapes differ

    def __post_init__(self) -> None:
        check_name(self.name, "a node")
        place = f"node {self.name!r}"
        check_operation(self.op, place)
        for key, known in (("merge", MERGES), ("align", ALIGNS)):
            if getattr(self, key) not in known:
                raise InvalidSpace(f"{place}: {key} must be one of {', '.join(known)}, got {getattr(self, key)!r}")
        if not isinstance(self.shared, bool):
            raise InvalidSpace(f"{place}: shared must be True or False, got {self.shared!r}")
        check_count(self.stride, f"{place}: stride", MAX_STRIDE)
        if self.pick is not None:
            check_count(self.pick, f"{place}: pick", 1_000, fixed=True)
        if self.repeat is not None:
            check_count(self.repeat, f"{place}: repeat", MAX_REPEAT)
        for width in () if self.channels is None else options_of(self.channels):
            if isinstance(width, str):
                channels_of(width, MAX_CHANNELS if "/" in width else 1)      # only its form: C is not known here
            else:
                check_count(width, f"{place}: channels", MAX_CHANNELS)


def check_operation(what: object, place: str) -> None:
    """
    Raises:
        InvalidSpace: if it is no operation and no choice of operations.
    """
    if not all(isinstance(option, Op) for option in options_of(what)):
        raise InvalidSpace(f"{place}: op must be an operation or a choice of operations, got {what!r}")
