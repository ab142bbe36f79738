"""The cell of NAS-Bench-101: operations stand on the nodes, and any edges may be drawn, but few."""

from __future__ import annotations

from nas_explorer.spaces.builder import choice, op, optional
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.space import Constraint, SearchSpace

SOURCE = "Ying, Klein, Real, Christiansen, Murphy and Hutter, NAS-Bench-101, ICML 2019, arXiv 1902.09635"


def nas_bench_101(vertices: int = 7, max_edges: int = 9, channels: int = 128, stacks: int = 3, cells: int = 3,
                  classes: int = 10) -> SearchSpace:
    """A cell of 7 vertices, one of 3 operations on each of the 5 inner ones, and at most 9 of the 21 possible edges.

    2**21 * 3**5 = 509,607,936 drawings, of which 169,093,980 have at most 9 edges; the paper counts 423,624 different
    cells among them. Vertices add what they read, as in the paper; the released network puts the inner vertices that
    reach the output side by side and splits its channels among them, and so its parameter counts differ from ours.
    Source: arXiv 1902.09635, section 2.

    >>> from nas_explorer.spaces import size
    >>> size(nas_bench_101())
    509607936
    """
    operations = choice(op("conv", kernel=3, order="conv-bn-relu"), op("conv", kernel=1, order="conv-bn-relu"),
                        op("max_pool", kernel=3))
    inner = [str(vertex) for vertex in range(1, vertices - 1)]
    cell = Graph().input("in")
    for i, vertex in enumerate(inner):
        cell = cell.node(vertex, {source: optional() for source in ["in", *inner[:i]]}, op=operations)
    cell = cell.node("out", {source: optional() for source in ["in", *inner]})
    network = Graph().input("image").node("stem", ["image"], op=op("conv", order="conv-bn-relu", channels="C"))
    last = "stem"
    for stack in range(stacks):
        network = network.node(f"stack{stack}", [last], op=op("cell", channels=f"{2 ** stack}C"), repeat=cells,
                               stride=1 if stack == 0 else 2)
        last = f"stack{stack}"
    network = network.node("pool", [last], op="global_pool").node("logits", ["pool"], op=op("linear", features=classes))
    return SearchSpace("nas_bench_101", network, (("cell", cell),), channels,
                       constraints=(Constraint("max_edges", max_edges, "cell"),))
