"""The convolutional networks of the first paper on neural architecture search by reinforcement."""

from __future__ import annotations

from collections.abc import Sequence

from nas_explorer.spaces.builder import fallback, loose, op, optional, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, arXiv 1611.01578"


def zoph_le(layers: int = 6, strides: Sequence[int] = (1,), classes: int = 10) -> SearchSpace:
    """6 layers; each decides filter height, width and number, and which earlier layers it reads side by side.

    Heights and widths are 1, 3, 5 or 7 (one decision, 16 options), filters 24, 36, 48 or 64. A layer that reads none
    reads the image; what no layer reads is joined at the end; smaller values are padded with zeros. That is
    64**6 * 2**15 = 2.25e15 architectures for 6 layers, with which the paper starts (it adds two every 1,600 samples),
    and 192**6 * 2**15 = 1.64e18 with `strides=(1, 2, 3)`.
    Source: arXiv 1611.01578, sections 3.3 and 4.1.

    >>> from nas_explorer.spaces import size
    >>> size(zoph_le()) == 64**6 * 2**15, size(zoph_le(strides=(1, 2, 3))) == 192**6 * 2**15
    (True, True)
    """
    filters = op("conv", order="conv-bn-relu", channels=(24, 36, 48, 64), stride=values(*strides),
                 kernel=tuple(f"{height}x{width}" for height in (1, 3, 5, 7) for width in (1, 3, 5, 7)))
    network = Graph().input("image")
    for layer in range(1, layers + 1):
        earlier = {f"layer{j}": optional() for j in range(1, layer)}
        network = network.node(f"layer{layer}", {"image": fallback(), **earlier}, merge="concat", align="pad", op=filters)
    ends = {f"layer{layer}": loose() for layer in range(1, layers + 1)}
    network = (network.node("ends", ends, merge="concat", align="pad")
               .node("pool", ["ends"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("zoph_le", network)
