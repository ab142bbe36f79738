"""Search around a network of your own: a torch module as a space in which every operation has one candidate.

The module is traced by torch.export, so that its own Python may do what it likes, as long as values do not steer it.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import SearchSpace, cost
from nas_explorer.spaces.from_layers import Layer, graph_of
from nas_explorer.spaces.values import Scalar

ACTIVATIONS = ("relu", "relu6", "silu", "gelu", "tanh", "sigmoid", "hardswish", "leaky_relu", "elu")
PASSING = ("dropout", "dropout_", "contiguous", "clone", "detach", "alias")

Read: TypeAlias = tuple[str, dict[str, Scalar]]        # kind of layer, parameters


def space_from_module(module: nn.Module, example_input: Tensor | tuple[Tensor, ...], name: str = "network") -> SearchSpace:
    """The network as a space of one architecture, with as many parameters, ready to be widened by hand.

    Convolutions with their batch norms and activations become one operation each; dropout is training and is left out.

    >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
    >>> [str(node.op) for node in space_from_module(network, torch.zeros(1, 3, 8, 8)).network.nodes]
    ['conv_3x3(order=conv-bn-relu, channels=8)']

    Args:
        example_input: what the module takes: (batch, channels, side, side), (batch, length, channels) or (batch, features).

    Raises:
        InvalidSpace: naming every module that cannot be traced or drawn, and why.
    """
    inputs = example_input if isinstance(example_input, tuple) else (example_input,)
    with _evaluating(module):
        program = _exported(module, inputs)
    reader = _Reader(program, module)
    layers, output = reader.layers()
    first = inputs[0]
    if reader.refused:
        raise InvalidSpace(f"{len(reader.refused)} parts of the network cannot be drawn:\n" + "\n".join(reader.refused))
    if first.ndim == 4 and first.shape[2] != first.shape[3]:
        raise InvalidSpace(f"images must be square, got {tuple(first.shape)}")
    dimensions = {4: 2, 3: 1, 2: 0}.get(first.ndim)
    if dimensions is None:
        raise InvalidSpace(f"an image, a sequence or a row is needed, with its batch, got a tensor of {tuple(first.shape)}")
    channels = tuple(int(value.shape[1] if dimensions == 2 else value.shape[-1]) for value in inputs)
    space = SearchSpace(name, graph_of(layers, output), resolution=int(first.shape[2]) if dimensions == 2 else
                        int(first.shape[1]) if dimensions else 1, dimensions=dimensions, input_channels=channels)
    _check_count(space, module)
    return space


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """In evaluation mode, and back to whatever mode each part was in."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def _exported(module: nn.Module, inputs: tuple[Tensor, ...]) -> Any:
    try:
        return _export(module, inputs)
    except InvalidSpace as error:
        parts = _untraceable(module, inputs, str(error))
        raise InvalidSpace("the network cannot be traced:\n" + "\n".join(parts)) from error


def _export(module: nn.Module, inputs: tuple[Any, ...]) -> Any:
    """
    Raises:
        InvalidSpace: with the first line of what torch says.
    """
    logger = logging.getLogger("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")        # torch warns of its own deprecated parts here, and prints what it cannot trace
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        try:
            return torch.export.export(module, inputs)
        except Exception as error:             # torch raises whatever the module or its own tracer raises
            reason = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
            raise InvalidSpace(reason[:200]) from error
        finally:
            logger.setLevel(level)


def _untraceable(module: nn.Module, inputs: tuple[Tensor, ...], reason: str, path: str = "") -> list[str]:
    """The smallest parts that cannot be traced alone, each with the reason."""
    seen: dict[str, tuple[Any, ...]] = {}

    def remember(child: str) -> Callable[..., None]:
        def note(_: nn.Module, given: tuple[Any, ...]) -> None:
            seen.setdefault(child, given)
        return note

    handles = [part.register_forward_pre_hook(remember(child)) for child, part in module.named_children()]
    try:
        module(*inputs)
    except Exception as error:                 # the module's own code; the message is what its author needs
        reason = f"{type(error).__name__}: {error}"[:200]
    finally:
        for handle in handles:
            handle.remove()
    found: list[str] = []
    for child, given in seen.items():
        try:
            _export(module.get_submodule(child), given)
        except InvalidSpace as error:
            found += _untraceable(module.get_submodule(child), given, str(error), f"{path}{child}.")
    return found or [f"{path.rstrip('.') or type(module).__name__}: {reason}"]


class _Reader:
    """Reads the steps of an exported program; what it cannot read is noted in `refused`."""

    def __init__(self, program: Any, module: nn.Module) -> None:
        self.nodes = list(program.graph.nodes)
        self.parameters: dict[str, str] = dict(program.graph_signature.inputs_to_parameters)
        self.given = set(program.graph_signature.user_inputs)
        self.refused: list[str] = []
        self.used: dict[str, str] = {}
        self.place: dict[str, int] = {}
        self.names = {parameter for parameter, _ in module.named_parameters()}

    def layers(self) -> tuple[list[Layer], int]:
        """All layers, and the number of the one that is the output."""
        found: list[Layer] = []
        output = 0
        for node in self.nodes:
            if node.op == "placeholder" and node.name in self.given:
                self.place[node.name] = len(found)
                found.append(Layer(node.name, "input"))
            elif node.op == "call_function":
                self.place[node.name] = len(found)
                found.append(self.layer(node))
            elif node.op == "output":
                output = self.output(node)
        for parameter in sorted(self.names - set(self.used)):
            self.refused.append(f"{parameter}: a parameter that no step uses")
        return found, output

    def layer(self, node: Any) -> Layer:
        """One step. A step that cannot be read passes its input on, so that all others are looked at as well."""
        path = self.path(node)
        self.note_weights(node, path)
        try:
            kind, params = self.read(node)
        except InvalidSpace as error:
            self.refused.append(f"{path}: {error}")
            kind, params = "identity", {}
        sources = tuple(self.place[value.name] for value in _values(node) if value.name in self.place)
        if not sources:
            self.refused.append(f"{path}: {_operation(node)} of values that do not come from the input")
            sources = (0,)
        several = kind in ("add", "cat", "mul")
        return Layer(path, kind, sources if several else sources[:1], tuple(params.items()))

    def read(self, node: Any) -> Read:
        """
        Raises:
            InvalidSpace: if there is no operation for it.
        """
        operation = _operation(node)
        if operation in ("conv2d", "max_pool2d", "avg_pool2d"):
            return _sliding(operation, node)
        if operation.rstrip("_") in ACTIVATIONS:
            return "activation", {"kind": operation.rstrip("_")}
        if operation.rstrip("_") == "hardtanh" and tuple(node.args[1:3]) == (0.0, 6.0):
            return "activation", {"kind": "relu6"}
        if operation in PASSING:
            return "identity", {}
        if operation in ("batch_norm", "layer_norm"):
            if node.args[1 if operation == "batch_norm" else 2] is None:
                raise InvalidSpace(f"{operation} without a learned scale")
            return ("bn" if operation == "batch_norm" else "layer_norm"), {}
        if operation == "linear":
            unbiased: dict[str, Scalar] = {} if _argument(node, 2, None) is not None else {"bias": False}
            return "linear", {"features": int(node.meta["val"].shape[-1]), **unbiased}
        if operation in ("add", "add_", "mul", "mul_", "cat"):
            return _merge(operation.rstrip("_"), node)
        return _resizing(operation, node)

    def note_weights(self, node: Any, path: str) -> None:
        for value in _values(node):
            parameter = self.parameters.get(value.name)
            if parameter in self.used:
                self.refused.append(f"{path}: {parameter} is used in {self.used[parameter]} as well; weights cannot be shared")
            elif parameter is not None:
                self.used[parameter] = path

    def output(self, node: Any) -> int:
        results = [value for value in _values(node) if value.name in self.place]
        if len(results) != 1:
            self.refused.append(f"output: a network must give one value, this one gives {len(results)}")
        return self.place[results[0].name] if results else 0

    def path(self, node: Any) -> str:
        """Where in the module the step stands: "stem.0", or "block.add" for what no module of its own does."""
        stack = list((node.meta.get("nn_module_stack") or {}).values())
        module, kind = (stack[-1][0], str(stack[-1][1])) if stack else ("", "")
        own = "torch.nn.modules" in kind and not kind.endswith(("Sequential", "ModuleList"))
        return module if own and module else ".".join(part for part in (module, _operation(node).rstrip("_")) if part)


def _operation(node: Any) -> str:
    """The name of a step's operation: "conv2d"."""
    return str(node.target).removeprefix("aten.").partition(".")[0]


def _values(node: Any) -> list[Any]:
    """The steps that a step reads, those in lists too."""
    return [value for argument in (*node.args, *node.kwargs.values())
            for value in (argument if isinstance(argument, (list, tuple)) else [argument]) if isinstance(value, torch.fx.Node)]


def _sliding(operation: str, node: Any) -> Read:
    """A convolution or a pool."""
    is_conv = operation == "conv2d"
    weight = node.args[1].meta["val"].shape if is_conv else None
    kernel = tuple(weight[2:]) if weight is not None else _pair(node.args[1])
    strides = _pair(_argument(node, 3 if is_conv else 2, 1) or kernel)
    if len(set(strides)) > 1 or (is_conv and _pair(_argument(node, 5, 1)) != (1, 1)):
        raise InvalidSpace("different strides of height and width, or dilation, cannot be drawn")
    before, after = tuple(node.args[0].meta["val"].shape), tuple(node.meta["val"].shape)
    wanted = tuple(math.ceil(side / strides[0]) for side in before[2:])
    if after[2:] != wanted:
        raise InvalidSpace(f"kernel {kernel[0]} with this padding makes {after[2]}x{after[3]} of {before[2]}x{before[3]}, and only "
                           f"{wanted[0]}x{wanted[1]} can be drawn; pad by kernel // 2")
    size: Scalar = kernel[0] if kernel[0] == kernel[1] else f"{kernel[0]}x{kernel[1]}"
    stride = {"stride": strides[0]} if strides[0] > 1 else {}
    if not is_conv:
        if isinstance(size, str):
            raise InvalidSpace("a pool must be square")
        return f"{operation[:3]}_pool", {"kernel": size, **stride}
    biased, groups = _argument(node, 2, None) is not None, int(_argument(node, 6, 1))
    return "conv", {"kernel": size, **({"groups": groups} if groups > 1 else {}), "order": "conv-bias" if biased else "conv",
                    "channels": int(after[1]), **stride}


def _merge(operation: str, node: Any) -> Read:
    read = _values(node)
    shapes = {tuple(value.meta["val"].shape) for value in read}
    if operation == "cat":
        if _argument(node, 1, 0) not in (1, 1 - read[0].meta["val"].ndim):
            raise InvalidSpace("only channels can be put side by side")
    elif len(read) != 2 or len(shapes) > 1 or node.kwargs.get("alpha", 1) != 1:
        raise InvalidSpace(f"{operation} needs two values of one shape, got {', '.join(map(str, sorted(shapes)))}")
    return operation, {}


def _resizing(operation: str, node: Any) -> Read:
    """Global pooling, and what only changes how a value is stored."""
    read = _values(node)
    before = tuple(read[0].meta["val"].shape) if read else ()
    after = tuple(getattr(node.meta.get("val"), "shape", ()))
    pools = operation == "adaptive_avg_pool2d" or (operation == "mean" and sorted(d % 4 for d in node.args[1]) == [2, 3])
    if pools and len(before) == 4 and math.prod(after) == math.prod(before[:2]):
        return "global_pool", {}
    if operation in ("flatten", "view", "reshape", "squeeze") and len(before) == 4 and math.prod(before[2:]) > 1:
        raise InvalidSpace(f"flattens {before[1]} channels of {before[2]}x{before[3]}; pool globally first")
    if operation in ("flatten", "view", "reshape", "squeeze") and math.prod(before) == math.prod(after) and after[:1] == before[:1]:
        return "identity", {}
    raise InvalidSpace(f"there is no operation for {operation}")


def _argument(node: Any, index: int, default: Any) -> Any:
    return node.args[index] if len(node.args) > index else default


def _pair(value: int | Sequence[int]) -> tuple[int, int]:
    if isinstance(value, int):
        return value, value
    return (value[0], value[-1])


def _check_count(space: SearchSpace, module: nn.Module) -> None:
    """
    Raises:
        InvalidSpace: if the drawing has not as many parameters as the module.
    """
    drawn, real = cost(space, {}).parameter_count, sum(parameter.numel() for parameter in module.parameters())
    if drawn != real:
        raise InvalidSpace(f"the drawing has {drawn:,} parameters, the network has {real:,}; please report this network")
