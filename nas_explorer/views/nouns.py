"""What the architectures of a space are called in a sentence."""

from __future__ import annotations

from nas_explorer.spaces import SearchSpace, decisions


def space_noun(space: SearchSpace) -> str:
    """ "cells" where an architecture is one cell, which is how people speak of it, else "architectures".

    >>> from nas_explorer.spaces import chain, nas_bench_201
    >>> space_noun(nas_bench_201()), space_noun(chain())
    ('cells', 'architectures')
    """
    if len(space.cells) == 1 and all(d.id.startswith(f"{space.cells[0][0]}/") for d in decisions(space)):
        return "cells"
    return "architectures"
