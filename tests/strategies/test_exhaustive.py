"""Exhaustive search proposes everything, once."""

from __future__ import annotations

import pytest

from nas_explorer.records import metric
from nas_explorer.spaces import Constraint, chain, enumerate_architectures, size
from nas_explorer.strategies import Exhausted, Problem
from nas_explorer.strategies.exhaustive import Exhaustive
from tests.toys import switches

ERROR = (metric("validation_error"),)


@pytest.mark.parametrize("space", [switches(5), chain(stages=1)], ids=lambda space: space.name)
def test_every_architecture_is_proposed_once_and_then_it_ends(space: object) -> None:
    proposer = Exhaustive().begin(Problem(space, ERROR))  # type: ignore[arg-type]
    count = size(space)  # type: ignore[arg-type]
    asked = [proposer.ask() for _ in range(count)]
    assert asked == list(enumerate_architectures(space))  # type: ignore[arg-type]
    assert len(set(asked)) == count
    with pytest.raises(Exhausted, match=f"all {count} architectures of '{space.name}' have been proposed"):  # type: ignore[attr-defined]
        proposer.ask()


def test_what_breaks_a_constraint_is_left_out() -> None:
    space = chain(stages=1)
    fewer = type(space)(**{**{f: getattr(space, f) for f in ("name", "network", "cells", "channels", "resolution")},
                           "constraints": (Constraint("max_params", 3_000),)})
    kept = len(list(enumerate_architectures(fewer)))
    proposer = Exhaustive().begin(Problem(fewer, ERROR))
    assert len({proposer.ask() for _ in range(kept)}) == kept
    assert 0 < kept < size(fewer)
    with pytest.raises(Exhausted, match=f"all {kept} architectures"):
        proposer.ask()
