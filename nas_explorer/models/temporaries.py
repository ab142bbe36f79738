"""What operations make on their way from their source to their result: sizes in numbers, in closed form. No torch.

Two tables, kept beside the builders in operations.py and sequences.py: CHAINS for pieces that follow each other, PEAKS for
operations whose pieces hold more at once than a chain does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

from nas_explorer.spaces.shapes import Shape

INDEX = 2                  # numbers of 4 bytes that the place of a maximum takes, kept beside it

Params: TypeAlias = Mapping[str, Any]


def elements(shape: Shape) -> int:
    """Numbers in a value of this shape."""
    return shape.channels * shape.positions


def chained(sizes: Iterable[int]) -> int:
    """The most that is held when each piece reads what the one before it made; what comes in is held elsewhere.

    >>> chained([10, 20, 5])
    30
    """
    listed = [0, *sizes, 0]
    return max(a + b for a, b in pairwise(listed))


def _between(x: Shape, y: Shape) -> int:
    """As many channels as come in, at the resolution that goes out."""
    return x.channels * y.positions


def _conv(x: Shape, y: Shape, params: Params) -> list[int]:
    made, current = [], elements(x)
    for word in params["order"].split("-"):
        current = elements(y) if word == "conv" else current
        if word not in ("identity", "bias"):
            made.append(current)
    return made


def _project(x: Shape, y: Shape, params: Params) -> list[int]:
    if y.dimensions < 2:
        return [elements(y)]
    if y.scale > x.scale:
        return [elements(x), elements(y) // 2, _shifted(x), elements(y) // 2, elements(y), elements(y)]
    return [elements(x), elements(y), elements(y)]


def _shifted(x: Shape) -> int:
    return x.channels * (x.size + 1) ** 2


def _pooled(x: Shape, y: Shape, params: Params) -> list[int]:
    padded = [_shifted(x)] if params["kernel"] % 2 == 0 else []
    return [*padded, _between(x, y), *([] if x.channels == y.channels else [_between(x, y), elements(y), elements(y)])]


def _mbconv(x: Shape, y: Shape, params: Params) -> list[int]:
    hidden = x.channels * params["expand"]
    wide, after = hidden * x.positions, hidden * y.positions
    residual = [elements(y)] if x == y else []
    return [wide] * (3 if params["expand"] != 1 else 0) + [after] * (4 if params["se"] else 3) + [elements(y)] * 2 + residual


# Operation -> sizes of what its pieces make, one after the other; the last is the result.
CHAINS: Mapping[str, Callable[[Shape, Shape, Params], Iterable[int]]] = {
    "conv": _conv,
    "project": _project,
    "project_part": lambda x, y, p: [elements(x), elements(y)],
    "bn_relu": lambda x, y, p: [elements(y), elements(y)],
    "sep_conv": lambda x, y, p: [elements(x), *[_between(x, y)] * 5, elements(y), elements(y)],
    "enas_sep_conv": lambda x, y, p: [elements(x), _between(x, y), *[elements(y)] * 6],
    "dil_conv": lambda x, y, p: [elements(x), _between(x, y), elements(y), elements(y)],
    "factorized_conv": lambda x, y, p: [elements(x), x.channels * x.size * y.size, elements(y), elements(y)],
    "avg_pool": _pooled,
    "max_pool": _pooled,
    "resnet_block": lambda x, y, p: [_between(x, y), elements(y), elements(x), *[elements(y)] * 6],
    "mbconv": _mbconv,
    "dense": lambda x, y, p: [elements(y), elements(y)],
    "attention": lambda x, y, p: [elements(x), 3 * elements(x), elements(x), elements(x), elements(y)],
    "mlp": lambda x, y, p: [elements(x), *[elements(x) * p["ratio"]] * 2, elements(y)],
    "gate_in": lambda x, y, p: [2 * elements(y), elements(y), elements(y), elements(y)],
    "highway": lambda x, y, p: [2 * elements(y), elements(y), elements(y), elements(y)],
}


def _factorized_reduce(x: Shape, y: Shape, params: Params) -> int:
    if y.dimensions < 2 or y.scale == x.scale:
        return chained(_project(x, y, params))
    halves = elements(y)
    return elements(x) + max(halves + _shifted(x), halves + 2 * elements(y))


def _max_pool(x: Shape, y: Shape, params: Params) -> int:
    padded = _shifted(x) if params["kernel"] % 2 == 0 else 0
    return max(chained(_pooled(x, y, params)), padded + _between(x, y) * (1 + INDEX))


def _resnet_block(x: Shape, y: Shape, params: Params) -> int:
    shortcut, path = [_between(x, y), elements(y)], [elements(x), *[elements(y)] * 5]
    return max(chained(shortcut), elements(y) + chained(path), 3 * elements(y))


def _mbconv_peak(x: Shape, y: Shape, params: Params) -> int:
    hidden: int = x.channels * params["expand"]
    wide, after = hidden * x.positions, hidden * y.positions
    spatial = chained([*[wide] * (3 if params["expand"] != 1 else 0), *[after] * 3])
    held = 2 * after if params["se"] else after
    return max(spatial, held + hidden * bool(params["se"]), held + 2 * elements(y))


def _attention(x: Shape, y: Shape, params: Params) -> int:
    """Queries, keys and values, their mixture, the result."""
    return 4 * elements(x) + elements(y)


# Operation -> the most its pieces hold at once, where they do not just follow each other.
PEAKS: Mapping[str, Callable[[Shape, Shape, Params], int]] = {
    "project": _factorized_reduce,
    "max_pool": _max_pool,
    "resnet_block": _resnet_block,
    "mbconv": _mbconv_peak,
    "embedding": lambda x, y, p: 2 * elements(y),
    "attention": _attention,
    "gate_in": lambda x, y, p: 5 * elements(y),
    "highway": lambda x, y, p: (4 if p["activation"] == "identity" else 5) * elements(y),
}
