"""The convolutional cells of DARTS."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.library.nasnet import cell_stack, two_inputs
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice

SOURCE = "Liu, Simonyan and Yang, DARTS, ICLR 2019, arXiv 1806.09055"


def darts(channels: int = 36, layers: int = 20, classes: int = 10, with_none: bool = False) -> SearchSpace:
    """Normal and reduction cell of 4 nodes, each with 2 incoming edges; one of 7 operations on each edge.

    A cell has 7**8 * 1 * 3 * 6 * 10 = 1,037,664,180, the space their square 1.08e18 architectures (the paper:
    about 10^9 a cell, 10^18 in all). `with_none` adds the eighth candidate that only the search has: 8**8 * 180 a cell.
    The search used channels=16 and layers=8. No auxiliary head, which is training and not architecture: the published
    cell DARTS_V2 has 3,349,342 parameters without it.
    Source: arXiv 1806.09055, section 3.1; released code quark0/darts, cnn/model.py.

    >>> from nas_explorer.spaces import size
    >>> size(darts()) == (7**8 * 180)**2
    True
    """
    operations = choice(*["none"] * with_none, op("max_pool", kernel=3), op("avg_pool", kernel=3), "skip",
                        op("sep_conv", kernel=3), op("sep_conv", kernel=5),
                        op("dil_conv", kernel=3), op("dil_conv", kernel=5))
    cells = (("normal", _cell(operations, stride=1)), ("reduce", _cell(operations, stride=2)))
    network = cell_stack(layers, (layers // 3, 2 * layers // 3), classes)
    return SearchSpace("darts", network, cells, channels)


def _cell(operations: Choice, stride: int) -> Graph:
    """Two inputs, four nodes that keep two incoming edges each, the four side by side."""
    cell = two_inputs()
    for node in range(2, 6):
        cell = cell.node(str(node), {str(source): operations for source in range(node)}, pick=2,
                         stride=stride if node == 2 else 1)          # the others follow their coarsest source
    return cell.node("out", ["2", "3", "4", "5"], merge="concat")
