"""A small chain of convolutions for lessons and quick tests: width, depth, and for every layer operation and kernel."""

from __future__ import annotations

from collections.abc import Sequence

from nas_explorer.spaces.builder import choice, op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "nas_explorer: a small space in the manner of MnasNet's stages"


def chain(stages: int = 2, depths: Sequence[int] = (1, 2), kernels: Sequence[int] = (3, 5),
          widths: Sequence[int] = (8, 16, 32), classes: int = 10, resolution: int = 32,
          input_channels: int = 3) -> SearchSpace:
    """A stem and stages of 1 or 2 layers, each a plain or a separable convolution; every stage halves the image.

    With w widths, k kernels and depths d the size is w * (sum over d of (2k)**d) ** stages: 3 * (4 + 16)**2 = 1,200.
    The second layer of a stage decides only where the depth asks for it, and a kernel hangs on its operation.

    >>> from nas_explorer.spaces import decisions, size
    >>> size(chain())
    1200
    >>> [decision.id for decision in decisions(chain())][:4]
    ['channels', 'stage1.repeat', 'stage1[0].op', 'stage2.repeat']
    """
    layer = choice(op("conv", kernel=values(*kernels)), op("sep_conv", kernel=values(*kernels)))
    network = Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn", channels="C"))
    last = "stem"
    for stage in range(1, stages + 1):
        network = network.node(f"stage{stage}", [last], op=layer, channels=f"{2 ** (stage - 1)}C",
                               stride=1 if stage == 1 else 2, repeat=values(*depths), shared=False)
        last = f"stage{stage}"
    network = (network.node("last", [last], op="bn_relu")
               .node("pool", ["last"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("chain", network, channels=values(*widths), resolution=resolution,
                       input_channels=(input_channels,))
