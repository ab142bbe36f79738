"""The mobile networks among which Once-for-all chooses."""

from __future__ import annotations

from nas_explorer.spaces.builder import op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "Cai, Gan, Wang, Zhang and Han, Once-for-all, ICLR 2020, arXiv 1908.09791"

UNITS = ((24, 2), (40, 2), (80, 2), (112, 1), (160, 2))           # channels, stride of the first layer


def once_for_all(resolution: int = 224, classes: int = 1000) -> SearchSpace:
    """Five units of 2, 3 or 4 layers; every layer decides its own kernel and expansion.

    (9**2 + 9**3 + 9**4)**5 = 2.18e19 architectures, the paper's 2 * 10**19. Kernel 3, 5 or 7 and expansion 3, 4 or 6.
    Weights of different kernels and widths are not shared here as they are there (elastic kernel, elastic width).
    Source: arXiv 1908.09791, section 3.2.

    >>> from nas_explorer.spaces import size
    >>> size(once_for_all()) == (9**2 + 9**3 + 9**4)**5
    True
    """
    network = Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn-silu", channels=16, stride=2))
    last = "stem"
    for unit, (channels, stride) in enumerate(UNITS, start=1):
        layer = op("mbconv", kernel=(3, 5, 7), expand=(3, 4, 6), channels=channels, stride=stride)
        network = network.node(f"unit{unit}", [last], op=layer, repeat=values(2, 3, 4), shared=False)
        last = f"unit{unit}"
    network = network.node("pool", [last], op="global_pool").node("logits", ["pool"], op=op("linear", features=classes))
    return SearchSpace("once_for_all", network, resolution=resolution)
