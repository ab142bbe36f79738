"""Operations as the browser draws them, and the palette of all that may be put on a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nas_explorer.spaces import Op, Scalar, SearchSpace
from nas_explorer.spaces.primitives import PRIMITIVES, STRUCTURAL
from nas_explorer.views.operation_look import operation_look
from nas_explorer.widgets.space_editor_words import as_typed

Json = dict[str, Any]

HIDDEN = {"project_part", "enas_sep_conv", *STRUCTURAL}     # a slice of another, and one that reads like sep_conv
_GROUPS = (
    ("Convolution", (("conv", 1), ("conv", 3), ("conv", 5))),
    ("Separable", (("sep_conv", 3), ("sep_conv", 5), ("dil_conv", 3), ("dil_conv", 5), ("mbconv", 3))),
    ("Pooling", (("avg_pool", 3), ("max_pool", 3), ("global_pool", None))),
    ("Identity", (("skip", None), ("none", None))),
    ("Dense", (("attention", None), ("linear", None), ("dense", None), ("mlp", None))),
)


def palette_operations(space: SearchSpace) -> tuple[tuple[str, Op], ...]:
    """(group, operation) of everything that may be dragged onto the drawing: the primitives, then the space's cells."""
    found = [(group, _preset(name, kernel)) for group, presets in _GROUPS for name, kernel in presets]
    listed = {op.name for _, op in found}
    found += [("Other", Op(name)) for name in PRIMITIVES if name not in listed | HIDDEN]
    return (*found, *(("Cells", Op(name)) for name, _ in space.cells))


def _preset(name: str, kernel: Scalar | None) -> Op:
    return Op(name) if kernel is None else Op(name, (("kernel", kernel),))


def drawn_palette(space: SearchSpace) -> list[Json]:
    cells = {name for name, _ in space.cells}
    return [{"group": group, "key": str(op)} | drawn_operation(op, cells) for group, op in palette_operations(space)]


def drawn_operation(op: Op, cells: set[str]) -> Json:
    is_cell = op.name in cells
    look = operation_look(str(op))
    return {"name": op.name, "cell": is_cell, "family": look.family, "glyph": look.glyph, "label": op.name if is_cell else look.label,
            "details": "" if is_cell else look.details, "params": _params(op, is_cell)}


def _params(op: Op, is_cell: bool) -> list[Json]:
    """Every parameter an operation knows, with its options: one is a fixed value, several are a decision."""
    given = dict(op.params)
    known: Mapping[str, Any] = PRIMITIVES[op.name].defaults if op.name in PRIMITIVES else {}
    names = [*known, *(key for key in given if key not in known)]
    if is_cell and "channels" not in names:
        names.append("channels")
    return [{"name": key, "text": as_typed(given.get(key, known.get(key))), "given": key in given} for key in names]


def merged(slots: Sequence[Op], on: Iterable[Op]) -> tuple[Op, ...]:
    """The slots, with every operation that has none yet at the end."""
    return (*slots, *(op for op in on if op not in slots))
