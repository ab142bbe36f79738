"""What travels to another process of ours by memory: a user's own strategy, estimator and operations. Never read from a file."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

import cloudpickle

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces.own_operations import OwnOperation, register

OPERATIONS = "operations"


def packed(parts: Mapping[str, Any], operations: tuple[OwnOperation, ...] = ()) -> str:
    """Parts by name and operations as text; empty where there are none.

    Raises:
        InvalidOption: if something cannot be sent, with its name.
    """
    if not parts and not operations:
        return ""
    try:
        return b64encode(cloudpickle.dumps({**parts, OPERATIONS: operations})).decode()
    except Exception as error:              # pickling runs the user's own code
        names = ", ".join([*parts, *(operation.name for operation in operations)])
        raise InvalidOption(
            f"{names} cannot be handed to another process: {error}. Search with search.events() and one worker, which stays in this one"
        ) from error


def unpacked(parcel: str) -> dict[str, Any]:
    """The parts; the operations are registered on the way."""
    if not parcel:
        return {}
    parts: dict[str, Any] = cloudpickle.loads(b64decode(parcel))
    for operation in parts.pop(OPERATIONS):
        register(operation)
    return parts
