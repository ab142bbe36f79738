"""The methods of a module's class as syntax trees, without types: what a file of plain torch can copy."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from types import FunctionType
from typing import TypeAlias

from torch import nn

from nas_explorer.errors import ExportFailed

Method: TypeAlias = tuple[FunctionType, ast.FunctionDef]


def methods_of(kind: type[nn.Module]) -> dict[str, Method]:
    """`forward` and what it calls of the class's own, each with its syntax tree.

    Raises:
        ExportFailed: if there is no source to copy, or a method is decorated.
    """
    found: dict[str, Method] = {}
    waiting = ["forward"]
    while waiting:
        name = waiting.pop(0)
        function = getattr(kind, name, None)
        if name in found or (name in vars(nn.Module) and name != "forward") or not isinstance(function, FunctionType):
            continue
        found[name] = function, _tree(function, kind)
        waiting += sorted({node.attr for node in ast.walk(found[name][1]) if isinstance(node, ast.Attribute)})
    return found


def _tree(function: FunctionType, kind: type[nn.Module]) -> ast.FunctionDef:
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise ExportFailed(f"the source of {kind.__name__}.{function.__name__} cannot be found ({error}); write the class in a file or a "
                           "cell of a notebook") from error
    (tree,) = ast.parse(text).body
    plain = _Plain().visit(tree)
    if not isinstance(plain, ast.FunctionDef) or plain.decorator_list:
        raise ExportFailed(f"{kind.__name__}.{function.__name__} is decorated; a plain method can be written down")
    return ast.fix_missing_locations(plain)


class _Plain(ast.NodeTransformer):
    """Takes types away: annotations, and `cast(Type, value)`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg):
            if argument is not None:
                argument.annotation = None
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return node.args[1] if isinstance(node.func, ast.Name) and node.func.id == "cast" and len(node.args) == 2 else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value is not None else None


def unbound(tree: ast.FunctionDef) -> set[str]:
    """Names that a function reads and does not make."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    made |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return {node.id for node in names if isinstance(node.ctx, ast.Load)} - made - set(dir(builtins))
