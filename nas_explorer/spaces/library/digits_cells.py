"""A cell space small enough to train every architecture in a coffee break."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "nas_explorer, with the cell of Dong and Yang, NAS-Bench-201, ICLR 2020, arXiv 2001.00326"


def digits_cells(channels: int = 8, classes: int = 10, resolution: int = 8) -> SearchSpace:
    """The cell of NAS-Bench-201 with 3 operations, in two stages of one cell: 3**6 = 729 architectures.

    They are 99 different networks. Each was trained on handwritten digits with five seeds; the learning curves are bundled.
    Source: the drawing is ours; the cell is that of arXiv 2001.00326.

    >>> from nas_explorer.spaces import size
    >>> size(digits_cells())
    729
    """
    operations = choice("none", "skip", op("conv", kernel=3))
    cell = Graph().input("0")
    for node in (1, 2, 3):
        cell = cell.node(str(node), {str(source): operations for source in range(node)})
    network = (Graph().input("image")
               .node("stem", ["image"], op=op("conv", order="conv-bn", channels="C"))
               .node("stage1", ["stem"], op="cell")
               .node("reduce", ["stage1"], op=op("resnet_block", channels="2C", stride=2))
               .node("stage2", ["reduce"], op=op("cell", channels="2C"))
               .node("last", ["stage2"], op="bn_relu")
               .node("pool", ["last"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("digits_cells", network, (("cell", cell),), channels, resolution=resolution, input_channels=(1,))
