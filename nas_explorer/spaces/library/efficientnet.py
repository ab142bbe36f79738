"""EfficientNet: the stages that MnasNet's search chose among, and the compound scaling of the result."""

from __future__ import annotations

from nas_explorer.errors import UnknownName
from nas_explorer.spaces.builder import op, values
from nas_explorer.spaces.compound_scaling import PUBLISHED
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Tan and Le, EfficientNet, ICML 2019, arXiv 1905.11946"

# B0, table 1 of the paper: kernel, stride, expansion, channels, repeats.
STAGES = ((3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3), (5, 1, 6, 112, 3), (5, 2, 6, 192, 4),
          (3, 1, 6, 320, 1))
# The released code's table: width, depth, resolution. It is not the formula at phi = 0 ... 7.
MODELS = {"b0": (1.0, 1.0, 224), "b1": (1.0, 1.1, 240), "b2": (1.1, 1.2, 260), "b3": (1.2, 1.4, 300),
          "b4": (1.4, 1.8, 380), "b5": (1.6, 2.2, 456), "b6": (1.8, 2.6, 528), "b7": (2.0, 3.1, 600)}


def efficientnet(model: str = "b0", phi: float | None = None, searched: bool = True, classes: int = 1000) -> SearchSpace:
    """Seven stages; in each, kernel 3 or 5, expansion 3 or 6, squeeze-and-excitation or not, and 1 to 4 blocks.

    32**7 = 3.44e10 architectures. EfficientNet-B0 comes alone with `searched=False` (5,288,548 parameters), and so do
    B1 to B7. `model` scales by the table of the released code, `phi` by the formula of the paper instead: depth
    1.2**phi, width 1.1**phi, resolution 1.15**phi. They differ: B1 is near phi = 0.5, B3 near phi = 2, and from there
    the table runs ahead. The product 1.2 * 1.1**2 * 1.15**2 is 1.92, about 2: each phi doubles the MACs.
    Source: arXiv 1905.11946; released code tensorflow/tpu, efficientnet_builder.py; MnasNet, arXiv 1807.11626.

    >>> from nas_explorer.spaces import cost, size
    >>> size(efficientnet()) == 32**7, cost(efficientnet("b0", searched=False), {}).parameter_count
    (True, 5288548)
    """
    width, depth, resolution = scaling(model, phi)
    network = Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn-silu", channels=32, stride=2))
    last = "stem"
    for stage, (kernel, stride, expand, channels, repeat) in enumerate(STAGES, start=1):
        block = op("mbconv", kernel=(3, 5) if searched else kernel, expand=(3, 6) if searched else expand,
                   se=(0, 0.25) if searched else 0.25, channels=channels, stride=stride)
        network = network.node(f"stage{stage}", [last], op=block, repeat=values(1, 2, 3, 4) if searched else repeat)
        last = f"stage{stage}"
    network = (network.node("head", [last], op=op("conv", kernel=1, order="conv-bn-silu", channels=1280))
               .node("pool", ["head"], op="global_pool").node("logits", ["pool"], op=op("linear", features=classes)))
    return SearchSpace("efficientnet", network, width=width, depth=depth, resolution=resolution)


def scaling(model: str, phi: float | None = None) -> tuple[float, float, int]:
    """Width, depth and resolution: of a model by the table, or by the formula where `phi` is given.

    >>> scaling("b3"), scaling("b0", phi=1)
    ((1.2, 1.4, 300), (1.1, 1.2, 258))
    """
    if phi is None:
        if model not in MODELS:
            raise UnknownName("EfficientNet", model, MODELS)
        return MODELS[model]
    depth, width, resolution = PUBLISHED.at(phi)
    return width, depth, round(224 * resolution)
