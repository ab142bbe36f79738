"""Making a space's networks read a task's inputs and answer with its classes. No torch."""

from __future__ import annotations

from dataclasses import replace

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces.graph import Graph
from nas_explorer.spaces.nodes import Node
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Choice, Op
from nas_explorer.tasks.task import Kind, Task

DIMENSIONS: dict[Kind, int] = {"image": 2, "spectrogram": 2, "text": 1, "table": 0}
READS = {2: "images", 1: "sequences", 0: "rows of numbers"}


def fit(space: SearchSpace, task: Task) -> SearchSpace:
    """The space with the task's input channels, resolution and number of classes; its decisions stay as they are.

    A space whose network ends in a `linear` operation gets as many features there as there are classes. A recurrent cell over
    (input, hidden) stays as it is: the characters' embedding and the answer are put around it where it is built.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.tasks import load
    >>> fitted = fit(nas_bench_201(), load("digits"))
    >>> fitted.input_channels, fitted.resolution
    ((1,), 8)

    Raises:
        InvalidSpace: if its networks cannot read such inputs, with what would fit.
    """
    if task.kind == "text" and is_recurrent(space):
        return space
    if space.dimensions != DIMENSIONS[task.kind] or len(space.input_channels) != 1:
        reads = READS[space.dimensions] if len(space.input_channels) == 1 else f"{len(space.input_channels)} inputs at once"
        raise InvalidSpace(f"networks of {space.name!r} read {reads}, and the task {task.name!r} has {_shown(task)}; "
                           "choose a space or a task of the other kind")
    network = _answering(space, task)
    if task.kind == "text":
        return replace(space, network=_reading(network, len(task.classes)))
    if task.kind == "table":
        return replace(space, network=network, input_channels=task.input_shape)
    if isinstance(space.resolution, Choice):
        raise InvalidSpace(f"{space.name!r} chooses its resolution, and the images of {task.name!r} have one, {task.input_shape[1]}; "
                           f"fix it with dataclasses.replace(space, resolution={task.input_shape[1]})")
    return replace(space, network=network, input_channels=task.input_shape[:1], resolution=task.input_shape[1])


def is_recurrent(space: SearchSpace) -> bool:
    """Whether the space draws a cell that maps (input, hidden), equally wide, to the next hidden state."""
    return space.dimensions == 0 and len(space.input_channels) == 2 and len(set(space.input_channels)) == 1


def _answering(space: SearchSpace, task: Task) -> Graph:
    last = space.network[space.network.output]
    if not isinstance(last.op, Op) or last.op.name != "linear":
        raise InvalidSpace(f"the network of {space.name!r} must end in a linear operation, which gets one feature a class of "
                           f"{task.name!r}; its last node {last.name!r} carries {_op_shown(last)}")
    return space.network.change(last.name, op=_with(last.op, "features", len(task.classes)))


def _reading(network: Graph, vocabulary: int) -> Graph:
    for node in network.nodes:
        if isinstance(node.op, Op) and node.op.name == "embedding":
            network = network.change(node.name, op=_with(node.op, "vocabulary", vocabulary))
    return network


def _with(operation: Op, key: str, value: int) -> Op:
    return Op(operation.name, (*(pair for pair in operation.params if pair[0] != key), (key, value)))


def _op_shown(node: Node) -> str:
    return str(node.op) if isinstance(node.op, Op) else "a choice"


def _shown(task: Task) -> str:
    what = {"image": "images of {}", "spectrogram": "spectrograms of {}", "text": "text", "table": "rows of {} numbers"}[task.kind]
    return what.format("×".join(map(str, task.input_shape)))
