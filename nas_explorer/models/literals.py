"""Values and modules of torch as they are written in Python."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from nas_explorer.errors import ExportFailed


def arguments(module: nn.Module) -> Iterator[str]:
    """What a module of torch was made with, as it is written; what is as by default is left out.

    >>> from torch import nn
    >>> list(arguments(nn.Conv2d(3, 16, (3, 3), padding=1, bias=False)))
    ['3', '16', '3', 'padding=1', 'bias=False']

    Raises:
        ExportFailed: if it does not keep what it was made with.
    """
    for parameter in list(inspect.signature(type(module).__init__).parameters.values())[1:]:
        name = parameter.name
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY) or name in ("device", "dtype") or name[0] == "_":
            continue
        if not hasattr(module, name):
            raise ExportFailed(f"nn.{type(module).__name__} does not say with which {name} it was made")
        value = getattr(module, name)
        value = _short(value is not None if name == "bias" and not isinstance(value, bool) else value)
        if parameter.default is parameter.empty:
            yield literal(value, name)
        elif value != parameter.default:
            yield f"{name}={literal(value, name)}"


def _short(value: Any) -> Any:
    """3 for (3, 3)."""
    return value[0] if isinstance(value, tuple) and len(value) in (1, 2) and len(set(value)) == 1 else value


def literal(value: object, what: str) -> str:
    """A plain value as Python writes it.

    Raises:
        ExportFailed: if it is no number, text, truth value, nothing, or row of them.
    """
    if isinstance(value, (tuple, list)):
        inner = [literal(part, what) for part in value]
        return f"[{', '.join(inner)}]" if isinstance(value, list) else f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    if isinstance(value, float) and not (abs(value) < float("inf")):
        return f'float("{value}")'
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    raise ExportFailed(f"{what} is {value!r:.60}, which cannot be written as plain Python; keep numbers, texts or modules there")


def fresh(value: Tensor) -> str:
    """How a parameter or buffer of this shape is made."""
    made = f"torch.zeros({tuple(value.shape)!r}" + (")" if value.dtype is torch.float32 else f", dtype={value.dtype})")
    return f"nn.Parameter({made})" if isinstance(value, nn.Parameter) else made


def lines_of(parts: Sequence[str], indent: int) -> str:
    """Parts of a call: in one line if they are few and short, else one a line."""
    is_short = len(parts) < 2 or sum(map(len, parts)) < 60
    if is_short and not any("\n" in part for part in parts):
        return ", ".join(parts)
    space = " " * (indent + 4)
    return "\n" + "".join(f"{space}{part},\n" for part in parts) + " " * indent


def escaped(text: str) -> str:
    """A text that cannot end the docstring it stands in."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'{safe[:-1]}\\"' if safe.endswith('"') else safe
