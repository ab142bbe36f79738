"""ENAS' recurrent cell."""

from __future__ import annotations

from nas_explorer.spaces.builder import loose, op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Pham, Guan, Zoph, Le and Dean, ENAS, ICML 2018, arXiv 1802.03268"


def enas_rnn(nodes: int = 12, hidden: int = 300) -> SearchSpace:
    """A recurrent cell of 12 nodes; each reads one earlier node through one of 4 activations; loose ends are averaged.

    The first node reads the input and the last hidden state. 4**12 * 11! = 6.70e14 cells; the paper prints 4**N * N!,
    about 10**15 for N = 12, though the first node has nothing to choose from. Nodes are highways without bias.
    Source: arXiv 1802.03268, section 2.2; released code melodyguan/enas, src/ptb/ptb_enas_child.py.

    >>> import math
    >>> from nas_explorer.spaces import size
    >>> size(enas_rnn()) == 4**12 * math.factorial(11)
    True
    """
    highway = op("highway", activation=values("tanh", "relu", "sigmoid", "identity"))
    cell = (Graph().input("x", "h")
            .node("xh", ["x", "h"], merge="concat", op=op("gate_in", channels="C"))
            .node("1", ["xh"], op=highway))
    for node in range(2, nodes + 1):
        cell = cell.node(str(node), [str(source) for source in range(1, node)], pick=1, op=highway)
    cell = cell.node("out", {str(node): loose() for node in range(1, nodes + 1)}, merge="mean")
    return SearchSpace("enas_rnn", cell, channels=hidden, dimensions=0, resolution=1, input_channels=(hidden, hidden))
