"""A list of layers, as any framework's network can be read, as a graph: runs of layers become one operation each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nas_explorer.spaces.gestures import free_name
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Edge, Node
from nas_explorer.spaces.values import FORBIDDEN, Op, Scalar

MERGES = {"add": "sum", "cat": "concat", "mul": "product"}        # kind of a layer with several sources -> merge of the node


@dataclass(frozen=True, slots=True)
class Layer:
    """
    Attributes:
        name: where it stands in the network, "stem.0".
        kind: input, add, cat, mul, activation, or the name of a primitive.
        sources: numbers of earlier layers.
    """

    name: str
    kind: str
    sources: tuple[int, ...] = ()
    params: tuple[tuple[str, Scalar], ...] = ()


def graph_of(layers: Sequence[Layer], output: int) -> Graph:
    """The graph of all layers, each operation the only candidate of its node.

    >>> layers = [Layer("x", "input"), Layer("a", "conv", (0,), (("order", "conv"), ("channels", 8))), Layer("b", "bn", (1,)),
    ...           Layer("c", "activation", (2,), (("kind", "relu"),))]
    >>> [(node.name, str(node.op)) for node in graph_of(layers, 3).nodes]
    [('a', 'conv(order=conv-bn-relu, channels=8)')]
    """
    kept, place, output = _collapsed(layers, output)
    names: dict[int, str] = {}
    for i, layer in kept.items():
        plain = layer.name
        for sign in FORBIDDEN:
            plain = plain.replace(sign, "_")
        names[i] = free_name(set(names.values()), plain.strip("_") or layer.kind)
    nodes, edges = [], []
    for i, layer in kept.items():
        if layer.kind != "input":
            nodes.append(_node(names[i], layer))
            # x + x reads one value twice; a node can read it once, so the second edge goes by way of a node of its own.
            for source in layer.sources:
                edge = Edge(names[place[source]], names[i])
                if edge in edges:
                    between = free_name({*names.values(), *(node.name for node in nodes)}, f"{edge.source} again")
                    nodes.insert(len(nodes) - 1, Node(between))
                    edges += [Edge(edge.source, between), Edge(between, edge.target)]
                else:
                    edges.append(edge)
    inputs = tuple(names[i] for i, layer in kept.items() if layer.kind == "input")
    last = names[output]
    return Graph(inputs, tuple(nodes), tuple(edges), None if nodes and nodes[-1].name == last else last)


def _node(name: str, layer: Layer) -> Node:
    params = dict(layer.params)
    if layer.kind in MERGES:
        kind, own = params.pop("op", "skip"), tuple(params.items())
        return Node(name, Op(str(kind), own), merge=MERGES[layer.kind])
    return Node(name, Op(layer.kind, tuple(params.items())))


def _collapsed(layers: Sequence[Layer], output: int) -> tuple[dict[int, Layer], dict[int, int], int]:
    """(the layers that are left, where each value is found, where the output is)."""
    readers = Counter(source for layer in layers for source in layer.sources)
    readers[output] += 1
    kept: dict[int, Layer] = {}
    place: dict[int, int] = {}
    for i, layer in enumerate(layers):
        before = place[layer.sources[0]] if len(layer.sources) == 1 else None
        if layer.kind == "identity" and before is not None:
            place[i] = before
            readers[before] += readers[i] - 1
            continue
        joined = _joined(kept[before], layer) if before is not None and readers[before] == 1 else None
        if joined is not None and before is not None:
            kept[before], place[i] = joined, before
            readers[before] = readers[i]
        else:
            kept[i], place[i] = layer, i
    return kept, place, place[output]


def _joined(first: Layer, then: Layer) -> Layer | None:
    """Both as one operation, if there is one: convolution, batch norm and activation; dense; batch norm and ReLU."""
    params, added = dict(first.params), dict(then.params)
    if first.kind == "conv" and then.kind in ("bn", "activation"):
        words = str(params["order"]).split("-")
        if not (then.kind == "bn" and "bn" in words):
            return _with(first, order="-".join([*words, str(added.get("kind", "bn"))]))
    if first.kind == "linear" and params.get("bias", True) and then.kind == "activation":
        return replace(first, kind="dense", params=(("channels", params["features"]), ("activation", added["kind"])))
    if first.kind == "bn" and added.get("kind") == "relu":
        return replace(first, kind="bn_relu")
    if first.kind in MERGES and "op" not in params and then.kind in ("bn", "activation"):
        return replace(first, params=(("op", then.kind), *then.params))
    return None


def _with(layer: Layer, **params: Scalar) -> Layer:
    return replace(layer, params=tuple({**dict(layer.params), **params}.items()))
