"""ENAS' macro search space: a whole network."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, op, optional
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Pham, Guan, Zoph, Le and Dean, ENAS, ICML 2018, arXiv 1802.03268"


def enas_macro(layers: int = 12, channels: int = 36, classes: int = 10) -> SearchSpace:
    """12 layers; each has one of 6 operations on the layer before it, and any earlier layers as skip connections.

    6**12 * 2**66 = 1.61e29 architectures, as the paper prints. Skips are summed and normalised, as in the released
    search; its final network puts them side by side and projects instead. The resolution halves after a third and after
    two thirds of the layers. The paper's final network has more channels (up to 256) than the 36 of the search.
    Source: arXiv 1802.03268, section 2.3; released code melodyguan/enas, src/cifar10/general_child.py.

    >>> from nas_explorer.spaces import size
    >>> size(enas_macro()) == 6**12 * 2**66
    True
    """
    operations = choice(op("conv", kernel=3), op("enas_sep_conv", kernel=3), op("conv", kernel=5),
                        op("enas_sep_conv", kernel=5), op("avg_pool", kernel=3), op("max_pool", kernel=3))
    network = Graph().input("image").node("layer0", ["image"], op=op("conv", kernel=3, order="conv-bn", channels="C"))
    for layer in range(1, layers + 1):
        skips = {f"layer{earlier}": optional() for earlier in range(layer - 1)}
        network = network.node(f"layer{layer}", {f"layer{layer - 1}": operations, **skips}, op="bn",
                               stride=2 if layer in (layers // 3 + 1, 2 * layers // 3 + 1) else 1)
    network = (network.node("pool", [f"layer{layers}"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("enas_macro", network, channels=channels)
