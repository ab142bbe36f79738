"""ENAS' micro search space: two cells."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, loose, op
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.library.nasnet import cell_stack, two_inputs
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Pham, Guan, Zoph, Le and Dean, ENAS, ICML 2018, arXiv 1802.03268"


def enas_micro(channels: int = 36, layers: int = 6, blocks: int = 5, classes: int = 10,
               merge: str = "project") -> SearchSpace:
    """Normal and reduction cell of 5 blocks; a block adds two of 5 operations on two earlier results.

    Block b reads two of b + 1 earlier results, so the four sides of the two cells have (5**5 * 6!)**4 = 2.56e25
    architectures. The paper prints (5 * 5!)**4 = 1.3e11, which is not the number of its decisions. What nobody uses is
    joined by a 1x1 convolution (`merge="project"`: one slice of weights a result, as the search's code gathers them)
    or put side by side (`merge="concat"`). Two of layers + 2 cells reduce.
    Source: arXiv 1802.03268, section 2.4; released code melodyguan/enas, src/cifar10/micro_child.py.

    >>> from nas_explorer.spaces import size
    >>> size(enas_micro()) == (5**5 * 720)**4
    True
    """
    def cell(stride: int) -> Graph:
        graph = two_inputs()
        for block in range(2, blocks + 2):
            for side in "xy":
                five = choice(op("enas_sep_conv", kernel=3), op("enas_sep_conv", kernel=5), op("avg_pool", kernel=3),
                              op("max_pool", kernel=3), "skip", name=f"{block}{side}.op")
                graph = graph.node(f"{block}{side}", {str(source): five for source in range(block)}, pick=1,
                                   stride=stride if block == 2 else 1)
            graph = graph.node(str(block), [f"{block}x", f"{block}y"])
        return graph.node("out", {str(result): loose() for result in range(blocks + 2)}, merge=merge,
                          channels="C" if merge == "project" else None)

    network = cell_stack(layers + 2, (layers // 3, 2 * (layers // 3) + 1), classes)
    return SearchSpace("enas_micro", network, (("normal", cell(1)), ("reduce", cell(2))), channels)
