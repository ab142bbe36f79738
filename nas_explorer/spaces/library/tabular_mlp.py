"""A network for tables: dense layers, with shortcuts from the row."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, op, optional
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "nas_explorer, with the shortcuts of Cheng et al., Wide & Deep, 2016, arXiv 1606.07792"


def tabular_mlp(features: int = 30, classes: int = 2) -> SearchSpace:
    """1 to 3 dense layers of free width and activation; the second and third may also read the row itself.

    Width 16, 32 or 64 and ReLU or tanh are 6 ways for the first layer; the others may be skipped and may read the row,
    7 * 2 ways each: 6 * 14**2 = 1,176 architectures.
    Source: the drawing is ours; a shortcut from the row is the wide part of Wide & Deep.

    >>> from nas_explorer.spaces import size
    >>> size(tabular_mlp())
    1176
    """
    layer = op("dense", channels=(16, 32, 64), activation=("relu", "tanh"))
    network = Graph().input("row").node("layer1", ["row"], op=layer)
    for i in (2, 3):
        network = network.node(f"layer{i}", {f"layer{i - 1}": "skip", "row": optional()}, merge="concat",
                               op=choice("skip", layer))
    network = network.node("logits", ["layer3"], op=op("linear", features=classes))
    return SearchSpace("tabular_mlp", network, dimensions=0, resolution=1, input_channels=(features,))
