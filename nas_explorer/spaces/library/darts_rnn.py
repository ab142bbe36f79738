"""The recurrent cell of DARTS."""

from __future__ import annotations

from nas_explorer.spaces.builder import op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Liu, Simonyan and Yang, DARTS, ICLR 2019, arXiv 1806.09055"


def darts_rnn(nodes: int = 8, hidden: int = 300) -> SearchSpace:
    """A recurrent cell of 8 nodes; each reads one earlier node through one of 4 activations; all nodes are averaged.

    Node 0 mixes the input and the last hidden state. 4**8 * 8! = 2.64e9 cells. The search has a fifth candidate, none;
    the batch norm that it puts behind every node is training and is not drawn.
    Source: arXiv 1806.09055, section 3.1 and A.1.2; released code quark0/darts, rnn/model.py.

    >>> import math
    >>> from nas_explorer.spaces import size
    >>> size(darts_rnn()) == 4**8 * math.factorial(8)
    True
    """
    highway = op("highway", activation=values("tanh", "relu", "sigmoid", "identity"))
    cell = Graph().input("x", "h").node("0", ["x", "h"], merge="concat", op=op("gate_in", channels="C"))
    for node in range(1, nodes + 1):
        cell = cell.node(str(node), [str(source) for source in range(node)], pick=1, op=highway)
    cell = cell.node("out", [str(node) for node in range(1, nodes + 1)], merge="mean")
    return SearchSpace("darts_rnn", cell, channels=hidden, dimensions=0, resolution=1, input_channels=(hidden, hidden))
