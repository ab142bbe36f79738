"""MobileNetV2's stages of inverted residuals, with what mobile searches vary in them."""

from __future__ import annotations

from nas_explorer.spaces.builder import op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Sandler, Howard, Zhu, Zhmoginov and Chen, MobileNetV2, CVPR 2018, arXiv 1801.04381"

# Table 2 of the paper: expansion, channels, repeats, stride of the first block.
STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def mobilenet_v2(searched: bool = True, width: float = 1.0, resolution: int = 224, classes: int = 1000) -> SearchSpace:
    """Seven stages; in all but the first, kernel, expansion, width and number of blocks are free.

    Kernel 3 or 5, expansion 3 or 6, channels a quarter less or more, one block less or more: 12 * 2 ways for the
    stages with one block and 12 * 3 for the others, 36**5 * 24 = 1,451,188,224 architectures. The paper has one
    network, which is among them and comes alone with `searched=False`: 3,504,872 parameters, 300.8 M MACs.
    Source: arXiv 1801.04381, table 2. What is varied follows Tan et al., MnasNet, CVPR 2019, arXiv 1807.11626.

    >>> from nas_explorer.spaces import cost, size
    >>> size(mobilenet_v2()), cost(mobilenet_v2(searched=False), {}).parameter_count
    (1451188224, 3504872)
    """
    network = Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn-relu6", channels=32, stride=2))
    last = "stem"
    for stage, (expand, channels, repeat, stride) in enumerate(STAGES, start=1):
        free = searched and stage > 1
        widths = (channels * 3 // 4, channels, channels * 5 // 4)
        block = op("mbconv", kernel=(3, 5) if free else 3, expand=(3, 6) if free else expand, se=0, activation="relu6",
                   channels=widths if free else channels, stride=stride)
        repeats = values(*range(max(1, repeat - 1), repeat + 2)) if free else repeat
        network = network.node(f"stage{stage}", [last], op=block, repeat=repeats)
        last = f"stage{stage}"
    network = (network.node("head", [last], op=op("conv", kernel=1, order="conv-bn-relu6", channels=1280))
               .node("pool", ["head"], op="global_pool").node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("mobilenet_v2", network, width=width, resolution=resolution)
