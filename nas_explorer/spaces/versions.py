"""What changed between two versions of a space, and what becomes of the architectures of the old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.spaces.architecture import Architecture, with_arrows
from nas_explorer.spaces.codec import Codec
from nas_explorer.spaces.decisions import Decision, decisions
from nas_explorer.spaces.distinct import draw, sampling_weights
from nas_explorer.spaces.enumeration import enumerate_indices
from nas_explorer.spaces.estimates import Estimate, wilson
from nas_explorer.spaces.indices import is_active, layout
from nas_explorer.spaces.size import size
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.values import Scalar, listed

NEUTRAL: tuple[Scalar, ...] = (False, "none", "skip")      # the drawing as it was before the decision came
MAX_COUNTED, DRAWN = 20_000, 2_000
Changed = tuple[tuple[str, tuple[Scalar, ...]], ...]


@dataclass(frozen=True, slots=True)
class SpaceDiff:
    """Decision ids that appear, vanish, gain or lose options."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    gained: Changed
    lost: Changed


def diff(old: SearchSpace, new: SearchSpace) -> SpaceDiff:
    """What changed in the decisions. A rename is a removal and an addition."""
    before = {decision.id: decision.options for decision in decisions(old)}
    after = {decision.id: decision.options for decision in decisions(new)}
    return SpaceDiff(added=tuple(i for i in after if i not in before),
                     removed=tuple(i for i in before if i not in after),
                     gained=_only_in(after, before), lost=_only_in(before, after))


def _only_in(one: Mapping[str, tuple[Scalar, ...]], other: Mapping[str, tuple[Scalar, ...]]) -> Changed:
    both = [(i, tuple(option for option in one[i] if option not in other[i])) for i in one if i in other]
    return tuple((i, options) for i, options in both if options)


def carry_over(architecture: Mapping[str, Scalar], new: SearchSpace,
               defaults: Mapping[str, Scalar] = MappingProxyType({})) -> Architecture:
    """The same architecture in another version of the space.

    A decision that is new takes its value from `defaults`, else False, "none" or "skip" if it offers one (the drawing
    before the edit), else there is no honest answer.

    Raises:
        InvalidArchitecture: if an option it uses was erased, or a new decision has no neutral option.
    """
    known, given, defaults = layout(new), with_arrows(architecture), with_arrows(defaults)
    chosen: list[int] = []
    for decision, lookup in zip(known.decisions, known.lookups, strict=True):
        if not is_active(decision, chosen):
            chosen.append(-1)
            continue
        option = given.get(decision.id, defaults.get(decision.id, _neutral(decision)))
        if option is None or option not in lookup:
            is_gone = decision.id in given or decision.id in defaults
            why = f"option {option!r} is gone" if is_gone else "the decision is new and has no neutral option"
            raise InvalidArchitecture(f"cannot carry over {decision.id!r} to {new.name!r}: {why}; "
                                      f"it offers {listed(decision.options)}")
        chosen.append(lookup[option])
    return known.architecture(chosen)


def carried_share(old: SearchSpace, new: SearchSpace, defaults: Mapping[str, Scalar] = MappingProxyType({}),
                  seed: int = 0) -> Estimate:
    """The share of the old architectures that carry over: counted in a small space, else estimated from 2,000 of them."""
    known = layout(old)
    if size(old) <= MAX_COUNTED:
        every = [_carries(known.architecture(chosen), new, defaults) for chosen in enumerate_indices(old)]
        share = sum(every) / len(every)
        return Estimate(share, share, share, True, f"{sum(every):,} of {len(every):,} architectures")
    rows = draw(Codec(old), DRAWN, np.random.default_rng(seed), sampling_weights(old)).tolist()
    return wilson(sum(_carries(known.architecture(row), new, defaults) for row in rows), DRAWN)


def _carries(architecture: Architecture, new: SearchSpace, defaults: Mapping[str, Scalar]) -> bool:
    try:
        carry_over(architecture, new, defaults)
    except InvalidArchitecture:
        return False
    return True


def _neutral(decision: Decision) -> Scalar | None:
    kinds = {(type(option), option) for option in decision.options}        # 0 == False, but 0 layers are not neutral
    return next((option for option in NEUTRAL if (type(option), option) in kinds), None)
