"""A network as Python source that needs nothing but torch: read off its modules, whatever built them."""

from __future__ import annotations

import ast
import inspect
import keyword
import re
import sys
import textwrap
from collections.abc import Collection, Mapping, Sequence
from types import FunctionType, ModuleType

import torch
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed
from nas_explorer.models.copied_methods import Method, methods_of, unbound
from nas_explorer.models.literals import arguments, escaped, fresh, lines_of, literal
from nas_explorer.models.network import Network
from nas_explorer.models.program import Run
from nas_explorer.models.registry import result_size
from nas_explorer.spaces.shapes import Shape

PART = '''class Part(nn.Module):
    """A module whose parts are handed to it by name."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            if isinstance(part, torch.Tensor) and not isinstance(part, nn.Parameter):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)'''
LOAD = '''def build():
    """A fresh network."""
    return {root}


def load(weights=__file__.removesuffix(".py") + ".{ending}"):
    """The network with its weights, ready to predict."""
    network = build()
    network.load_state_dict({read}, assign=True)
    return network.eval()'''
READ = {"pt": "torch.load(weights, weights_only=True)", "safetensors": "load_file(weights)"}
ALWAYS = {"torch": torch, "nn": nn}
TAKEN = (*dir(nn.Module), *keyword.kwlist, "build", "load", "Part")


def source_of(network: nn.Module, note: str, weights: str = "pt") -> str:
    """One file of plain torch that computes the same.

    Branches that do not reach the output are left out.

    Args:
        note: the file's docstring.
        weights: how the file beside it keeps them, "pt" or "safetensors", which needs the package of that name.

    Raises:
        ExportFailed: if a module of the network cannot be written down, with its name and the reason.
    """
    writer = _Writer(network)
    root = writer.expression(network)
    if weights == "safetensors":
        writer.imports.add("from safetensors.torch import load_file")
    head = "\n".join(["import torch", *sorted(writer.imports), "from torch import nn"])
    constants = "\n".join(f"{name} = {value!r}" for name, value in sorted(writer.constants.items()))
    blocks = [f'"""{escaped(note)}\n"""' if "\n" in note else f'"""{escaped(note)}"""', head, *([constants] if constants else [])]
    part = [PART] if writer.needs_part else []
    load = LOAD.format(root=root, ending=weights, read=READ[weights])
    return "\n\n".join(blocks) + "\n\n\n" + "\n\n\n".join([*part, *writer.classes.values(), load]) + "\n"


def renamed_state(network: nn.Module) -> dict[str, Tensor]:
    """The network's weights under the names that `source_of` gives them."""
    new: dict[str, str] = {}
    for path, module in network.named_modules():
        if isinstance(module, Network):
            prefix = f"{path}." if path else ""
            new |= {f"{prefix}bank.{key}": f"{prefix}{name}" for key, name in attributes_of(module).items()}
    state: dict[str, Tensor] = {}
    for key, value in network.state_dict().items():
        words = key.split(".")
        end = words.index("bank") + 2 if "bank" in words else 0            # keys of a bank have no dots
        place = ".".join(words[:end])
        if not end:
            state[key] = value
        elif place in new:
            state[".".join([new[place], *words[end:]])] = value
    return state


def attributes_of(network: Network) -> dict[str, str]:
    """The name in the file of every operation that runs, by its key: its place in the drawing."""
    names: dict[str, str] = {}
    for item in network.runs:
        if item.step.kind == "op" and item.step.key not in names:
            place = _identifier(item.step.key.partition("|")[0])
            names[item.step.key] = _free([place, _identifier(f"{place}_{item.step.name}")], names.values())
    return names


class _Writer:
    """Collects the classes that an expression needs."""

    def __init__(self, root: nn.Module) -> None:
        self.root = root
        self.classes: dict[str, str] = {}
        self.imports: set[str] = set()
        self.constants: dict[str, object] = {}
        self.needs_part = False
        self._kinds: dict[type[nn.Module], str] = {}

    def expression(self, module: nn.Module, indent: int = 0) -> str:
        """How a module is made; lines after the first are indented by so many spaces and more."""
        kind = type(module)
        if isinstance(module, Network):
            return f"{self.planned(module)}()"
        if kind in (nn.Sequential, nn.ModuleList):
            parts = lines_of([self.expression(part, indent + 4) for part in module.children()], indent)
            if [name for name, _ in module.named_children()] == [str(i) for i in range(len(list(module.children())))]:
                return f"nn.Sequential({parts})" if kind is nn.Sequential else f"nn.ModuleList([{parts}])"
            raise ExportFailed("a Sequential whose layers have names of their own cannot be written; leave the names out")
        if kind is nn.ModuleDict:
            listed = [f"{name!r}: {self.expression(part, indent + 4)}" for name, part in module.named_children()]
            return f"nn.ModuleDict({{{lines_of(listed, indent)}}})"
        if getattr(nn, kind.__name__, None) is kind:
            return f"nn.{kind.__name__}({', '.join(arguments(module))})"
        return self.described(module, indent)

    def planned(self, network: Network) -> str:
        """Write the class of a network that follows a plan; returns its name."""
        names = attributes_of(network)
        made = [f"        self.{name} = {self.expression(network.bank[key], 8)}" for key, name in names.items()]
        inputs, lines = statements(network.runs, names)
        name = _free(["Network" if network is self.root else "Cell"], self.classes)
        init = ["    def __init__(self):", "        super().__init__()", *made]
        forward = [f"    def forward({', '.join(['self', *inputs])}):", *(f"        {line}" for line in lines)]
        taken, given = [", ".join(_size(item.step.shape) for item in items) for items in
                        ([item for item in network.runs if item.step.kind == "input"], network.runs[-1:])]
        self.classes[name] = "\n".join([f"class {name}(nn.Module):", f'    """{taken} -> {given}."""', "", *init, "", *forward])
        return name

    def described(self, module: nn.Module, indent: int) -> str:
        """A module of another class: its methods are copied, its parts are handed to it."""
        kind = type(module)
        methods = methods_of(kind)
        read = {node.attr for method in methods.values() for node in ast.walk(method[1])
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"}
        parts = [f"{name}={self.expression(part, indent + 4)}" for name, part in module.named_children()]
        parts += [f"{name}={fresh(value)}" for name, value in (*module._parameters.items(), *module._buffers.items()) if value is not None]
        plain = {name: value for name, value in vars(module).items() if name in read and name not in vars(nn.Module())}
        plain |= {name: None for name, value in (*module._parameters.items(), *module._buffers.items(), *module._modules.items())
                  if value is None}
        parts += [f"{name}={literal(value, f'{kind.__name__}.{name}')}" for name, value in plain.items()]
        if kind not in self._kinds:
            name = _free([kind.__name__], [*self.classes, "Network"])
            self._kinds[kind], self.needs_part = name, True
            self.classes[name] = self._class(name, kind, methods)
        return f"{self._kinds[kind]}({lines_of(parts, indent)})"

    def _class(self, name: str, kind: type[nn.Module], methods: Mapping[str, Method]) -> str:
        for function, tree in methods.values():
            for word in sorted(unbound(tree)):
                self._provide(word, function, kind)
        first = (inspect.getdoc(kind) or "").partition("\n")[0] if kind.__doc__ else ""
        doc = [f'    """{escaped(first)}"""', ""] if first else []
        bodies = "\n\n".join(textwrap.indent(ast.unparse(tree), "    ") for _, tree in methods.values())
        return "\n".join([f"class {name}(Part):", *doc, bodies])

    def _provide(self, word: str, function: FunctionType, kind: type[nn.Module]) -> None:
        """See to it that a name which a method reads means the same in the file."""
        value = function.__globals__.get(word)
        if word in ALWAYS and value is ALWAYS[word]:
            return
        home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") or ""
        is_known = home.partition(".")[0] == "torch" or home.partition(".")[0] in sys.stdlib_module_names
        if isinstance(value, ModuleType) and is_known:
            self.imports.add(f"import {home}" if home == word else f"import {home} as {word}")
        elif isinstance(value, (int, float, str, bool)) and self.constants.get(word, value) == value:
            self.constants[word] = value
        elif is_known and getattr(sys.modules.get(home), word, None) is value and home != "builtins":
            self.imports.add(f"from {home} import {word}")
        else:
            raise ExportFailed(f"{kind.__name__}.{function.__name__} reads {word!r}, which no file of plain torch has; "
                               "let the module keep it as an attribute, or write it in place")


def statements(runs: Sequence[Run], names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The inputs of a forward function, and its lines."""
    inputs: list[str] = []
    lines: list[str] = []
    values: dict[int, str] = {}
    for item in runs:
        step, sources = item.step, [values[source] for source in item.sources]
        if step.kind == "input":
            values[item.index] = _free([_identifier(step.name), "x"], inputs)
            inputs.append(values[item.index])
            continue
        if step.kind == "op":
            formula = f"self.{names[step.key]}({sources[0]})"
        elif step.kind == "zero":
            size = result_size(0, step.shape)[1:]
            formula = f"{sources[0]}.new_zeros(({', '.join([f'{sources[0]}.shape[0]', *map(str, size)])},))"
        elif step.name == "concat":
            formula = f"torch.cat([{', '.join(sources)}], dim={1 if step.shape.dimensions == 2 else -1})"
        else:
            formula = (" * " if step.name == "product" else " + ").join(sources)
            if step.name == "mean":
                formula = f"({formula}) / {len(step.sources)}"
        if formula in sources:                                             # a merge of one value
            values[item.index] = formula
            continue
        values[item.index] = f"x{len(lines) + 1}"
        lines.append(f"{values[item.index]} = {formula}")
    result = values[runs[-1].index]
    if lines and lines[-1].startswith(f"{result} = "):
        return inputs, [*lines[:-1], f"return {lines[-1].partition(' = ')[2]}"]
    return inputs, [*lines, f"return {result}"]


def _size(shape: Shape) -> str:
    return f"({', '.join(['batch', *map(str, result_size(0, shape)[1:])])})"


def _identifier(text: str) -> str:
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "x"
    name = f"op_{name}" if name[0].isdigit() else name
    return f"{name}_" if name in TAKEN else name


def _free(wishes: Sequence[str], taken: Collection[str]) -> str:
    """The first wish that nobody has, else the last with a number."""
    names = [*wishes, *(f"{wishes[-1]}_{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
