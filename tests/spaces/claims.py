"""What tests of several files ask of a space."""

from __future__ import annotations

import json

from nas_explorer.spaces import space_from_json, to_code, to_json, trace


def survives(space) -> bool:
    """The space comes back from JSON text and from its own code."""
    drawn = {}
    exec(to_code(space), drawn)
    return space_from_json(json.loads(json.dumps(to_json(space)))) == space == drawn["space"]


def asked_by_trace(space, architecture) -> set[str]:
    """The decisions that the drawing really asks for: an independent check of the conditions between decisions."""
    asked = set()

    def select(decision_id, options):
        asked.add(decision_id)
        return (options.index(architecture[decision_id]),)

    trace(space, select)
    return asked
