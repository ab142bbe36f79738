"""A small transformer that predicts the next character of a text."""

from __future__ import annotations

from nas_explorer.spaces.builder import op, values
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import SearchSpace

SOURCE = "nas_explorer, with the pre-norm blocks of Radford et al., GPT-2, 2019"


def transformer(max_layers: int = 4, vocabulary: int = 65, context: int = 64) -> SearchSpace:
    """1 to 4 blocks of attention and MLP at one of 3 widths; every block decides its own heads and MLP ratio.

    3 * (9 + 81 + 729 + 6561) = 22,140 architectures. Drawn uniformly, each of the four depths comes as often; of all
    architectures, 89 % have four blocks. Small enough to train on a CPU: 65 characters, 64 of them at a time.
    Source: the drawing is ours; a pre-norm block is that of GPT-2.

    >>> from nas_explorer.spaces import size
    >>> size(transformer())
    22140
    """
    block = (Graph().input("x")
             .node("attend", ["x"], op=op("attention", heads=(2, 4, 8)))
             .node("mixed", ["x", "attend"])
             .node("mlp", ["mixed"], op=op("mlp", ratio=(1, 2, 4)))
             .node("out", ["mixed", "mlp"]))
    network = (Graph().input("tokens")
               .node("embed", ["tokens"], op=op("embedding", vocabulary=vocabulary, channels="C"))
               .node("blocks", ["embed"], op="block", repeat=values(*range(1, max_layers + 1)), shared=False)
               .node("norm", ["blocks"], op="layer_norm")
               .node("logits", ["norm"], op=op("linear", features=vocabulary)))
    return SearchSpace("transformer", network, (("block", block),), channels=values(32, 64, 128),
                       resolution=context, dimensions=1, input_channels=(1,))
