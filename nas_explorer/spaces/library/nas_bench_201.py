"""NAS-Bench-201, and its official way to write an architecture."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces.architecture import Architecture
from nas_explorer.spaces.builder import choice, op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.indices import from_indices, to_indices
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar

SOURCE = "Dong and Yang, NAS-Bench-201, ICLR 2020, arXiv 2001.00326"

# Our label -> the name in the official strings, in the order of the official codes 0 to 4.
OPERATIONS: Mapping[str, str] = {
    "none": "none",
    "skip": "skip_connect",
    "conv_1x1": "nor_conv_1x1",
    "conv_3x3": "nor_conv_3x3",
    "avg_pool_3x3": "avg_pool_3x3",
}
_LABELS = {official: label for label, official in OPERATIONS.items()}
EDGES = tuple(f"cell/{source}→{target}" for target in (1, 2, 3) for source in range(target))
_ARCH_STR = re.compile("[+]".join(r"\|" + "".join(rf"(\w+)~{source}\|" for source in range(target))
                                 for target in (1, 2, 3)))


def nas_bench_201(channels: int = 16, cells: int = 5, classes: int = 10, resolution: int = 32) -> SearchSpace:
    """A cell of 4 nodes with one of 5 operations on each of its 6 edges, stacked in three stages.

    The tables were trained with the default channels and cells; ImageNet16-120 has 120 classes and resolution 16.

    >>> from nas_explorer.spaces import size
    >>> size(nas_bench_201())
    15625
    """
    operations = choice("none", "skip", op("conv", kernel=1), op("conv", kernel=3), op("avg_pool", kernel=3))
    cell = Graph().input("0")
    for node in (1, 2, 3):
        cell = cell.node(str(node), {str(source): operations for source in range(node)})
    network = (Graph().input("image")
               .node("stem", ["image"], op=op("conv", order="conv-bn", channels="C"))
               .node("stage1", ["stem"], op="cell", repeat=cells)
               .node("reduce1", ["stage1"], op=op("resnet_block", channels="2C", stride=2))
               .node("stage2", ["reduce1"], op=op("cell", channels="2C"), repeat=cells)
               .node("reduce2", ["stage2"], op=op("resnet_block", channels="4C", stride=2))
               .node("stage3", ["reduce2"], op=op("cell", channels="4C"), repeat=cells)
               .node("last", ["stage3"], op="bn_relu")
               .node("pool", ["last"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("nas_bench_201", network, (("cell", cell),), channels, resolution=resolution)


def arch_str(architecture: Mapping[str, Scalar], space: SearchSpace | None = None) -> str:
    """The official string of an architecture, of this space or of another whose cell has the same edges.

    >>> architecture = from_arch_str("|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|")
    >>> arch_str(architecture)
    '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|'

    Raises:
        InvalidArchitecture: if it does not belong to the space.
    """
    used = space or _standard()
    checked = from_indices(used, to_indices(used, architecture))
    names = [OPERATIONS.get(str(checked.get(edge))) for edge in EDGES]
    if None in names:
        raise InvalidArchitecture("only a cell with the six edges of NAS-Bench-201 has an official string, "
                                  f"got {architecture}")
    parts = iter(names)
    nodes = ["|" + "|".join(f"{next(parts)}~{source}" for source in range(target)) + "|" for target in (1, 2, 3)]
    return "+".join(nodes)


def from_arch_str(text: str, space: SearchSpace | None = None) -> Architecture:
    """The architecture of an official string.

    Raises:
        InvalidArchitecture: if the text is no such string, or the space offers no such operation.
    """
    match = _ARCH_STR.fullmatch(text)
    if match is None:
        raise InvalidArchitecture("an official string looks like |op~0|+|op~0|op~1|+|op~0|op~1|op~2|, "
                                  f"got {text!r:.200}")
    for name in match.groups():
        if name not in _LABELS:
            raise InvalidArchitecture(f"there is no official operation {name!r}; there is: {', '.join(_LABELS)}")
    used = space or _standard()
    labels = [_LABELS[name] for name in match.groups()]
    return from_indices(used, to_indices(used, dict(zip(EDGES, labels, strict=True))))


@functools.cache
def _standard() -> SearchSpace:
    return nas_bench_201()
