"""Whether a space is the one that a table was made of, or offers less of it."""

from __future__ import annotations

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import SearchSpace, decisions


def check_drawn_as(space: SearchSpace, reference: SearchSpace, fits: str) -> None:
    """A space may offer fewer options and ask for other classes; all else must be as in the reference, or its networks are others.

    Args:
        fits: what the table holds, for the message.

    Raises:
        InvalidSpace: if it is not, with what differs.
    """
    known = {decision.id: decision.options for decision in decisions(reference)}
    offered = {decision.id: decision.options for decision in decisions(space)}
    if offered.keys() != known.keys():
        raise InvalidSpace(f"{space.name!r} decides on {', '.join(sorted(offered.keys() ^ known.keys())[:3])} otherwise; {fits}")
    for name, options in offered.items():
        if unknown := [option for option in options if option not in known[name]]:
            raise InvalidSpace(f"{space.name!r} offers {unknown[0]!r} on {name}; the table holds {', '.join(map(str, known[name]))}")
    if _drawn(space) != _drawn(reference):
        raise InvalidSpace(f"the network of {space.name!r} differs from the table's, so its numbers would not be the table's; {fits}")


def _drawn(space: SearchSpace) -> object:
    """How cells and network are joined and scaled, whatever is offered."""
    cells = [(name, [(node.name, node.merge) for node in cell.nodes], [(edge.source, edge.target, edge.presence) for edge in cell.edges])
             for name, cell in space.cells]
    scales = space.channels, space.width, space.depth, space.resolution, space.input_channels
    return cells, scales, [node for node in space.network.nodes if node.name != "logits"]
