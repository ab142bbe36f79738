"""NASNet's cells, and the stack of cells around them that DARTS and ENAS use as well."""

from __future__ import annotations

from collections.abc import Collection

from nas_explorer.spaces.builder import choice, loose, op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Zoph, Vasudevan, Shlens and Le, Learning Transferable Architectures, CVPR 2018, arXiv 1707.07012"


def nasnet(channels: int = 32, cells: int = 6, blocks: int = 5, classes: int = 10) -> SearchSpace:
    """Normal and reduction cell of 5 blocks: two inputs, two of 13 operations, joined by addition or side by side.

    Block b reads two of b + 1 earlier results; so a cell has (13**2 * 2)**5 * 6!**2 and the space
    ((13**2 * 2)**5 * 6!**2)**2 = 5.23e36 architectures. The paper prints no number. Its text joins the unused results
    of the blocks; the released code joins unused inputs of the cell too, and so does this drawing. `cells` is N, the
    number of normal cells in each of three stages. What was put side by side goes back to C channels by a 1x1
    convolution before it is read.
    Source: arXiv 1707.07012, section 3.1 and figure 3.

    >>> from nas_explorer.spaces import size
    >>> size(nasnet()) == ((13**2 * 2)**5 * 720**2)**2
    True
    """
    operations = ("skip", op("factorized_conv", kernel=3), op("factorized_conv", kernel=7),
                  op("dil_conv", kernel=3), op("avg_pool", kernel=3), op("max_pool", kernel=3), op("max_pool", kernel=5),
                  op("max_pool", kernel=7), op("conv", kernel=1), op("conv", kernel=3), op("sep_conv", kernel=3),
                  op("sep_conv", kernel=5), op("sep_conv", kernel=7))

    def cell(stride: int) -> Graph:
        graph = two_inputs()
        for block in range(2, blocks + 2):
            for side in "xy":
                picked = choice(*operations, name=f"{block}{side}.op")       # decided by the side, not by the edge
                graph = graph.node(f"{block}{side}", {str(source): picked for source in range(block)}, pick=1,
                                   stride=stride if block == 2 else 1)
            graph = (graph.node(f"{block}add", [f"{block}x", f"{block}y"])
                     .node(f"{block}concat", [f"{block}x", f"{block}y"], merge="concat")
                     .node(str(block), [f"{block}add", f"{block}concat"], pick=1))
        return graph.node("out", {str(result): loose() for result in range(blocks + 2)}, merge="concat")

    network = cell_stack(3 * cells + 2, (cells, 2 * cells + 1), classes)
    return SearchSpace("nasnet", network, (("normal", cell(1)), ("reduce", cell(2))), channels)


def two_inputs() -> Graph:
    """How a cell starts: the results of the two cells before it, both brought to C channels and one resolution."""
    return (Graph().input("k-2", "k-1")
            .node("0", {"k-2": "project"}, channels="C", like="k-1")
            .node("1", {"k-1": "project"}, channels="C"))


def cell_stack(layers: int, reductions: Collection[int], classes: int) -> Graph:
    """The outer network: every cell reads the two cells before it; a reduction cell doubles the channels."""
    network = (Graph().input("image")
               .node("stem", ["image"], op=op("conv", order="conv-bn", channels="3C"))
               .node("stem2", ["stem"]))                   # the first cell reads the stem twice
    previous, width = ["stem", "stem2"], 1
    for layer in range(layers):
        kind, width = ("reduce", 2 * width) if layer in reductions else ("normal", width)
        network = network.node(f"cell{layer}", previous, merge="inputs", op=op(kind, channels=f"{width}C"))
        previous = [previous[1], f"cell{layer}"]
    return (network.node("pool", previous[1:], op="global_pool")
            .node("logits", ["pool"], op=op("linear", features=classes)))
