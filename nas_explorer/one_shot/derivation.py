"""From probabilities over options to one architecture: the rule of DARTS, for any space. No torch.

Liu et al., DARTS, ICLR 2019, arXiv 1806.09055, section 2.4; released code quark0/darts, cnn/model_search.py, `genotype`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nas_explorer.spaces import Architecture, Decision, Scalar, SearchSpace, decisions
from nas_explorer.spaces.indices import from_indices, is_active

NONE = "none"
PICK = ".inputs"

Probabilities = Mapping[str, Sequence[float]]
Offers = Mapping[str, Sequence[Scalar]]


@dataclass(frozen=True, slots=True)
class Pick:
    """A node that keeps some of its edges, each of which has operations of its own to choose from.

    The edges compete by their operations, so the choice among them needs no probabilities.

    Attributes:
        edges: for each option of the pick the decisions of the edges that it keeps.
    """

    decision: Decision
    edges: tuple[tuple[str, ...], ...]


def picks_by_edges(space: SearchSpace) -> dict[str, Pick]:
    """Picks that follow from the strengths of their edges, by decision; other picks are decided like anything else.

    >>> from nas_explorer.spaces import load
    >>> list(picks_by_edges(load("darts")))[:2], list(picks_by_edges(load("darts_rnn")))
    (['normal/3.inputs', 'normal/4.inputs'], [])
    """
    known = {decision.id for decision in decisions(space)}
    found = {}
    for decision in decisions(space):
        if decision.id.endswith(PICK):
            place, _, node = decision.id.removesuffix(PICK).rpartition("/")
            prefix = f"{place}/" if place else ""
            edges = tuple(tuple(f"{prefix}{source}→{node}" for source in str(option).split("+")) for option in decision.options)
            if all(edge in known for option in edges for edge in option):
                found[decision.id] = Pick(decision, edges)
    return found


def derive(space: SearchSpace, probabilities: Probabilities, strengths: Mapping[str, float] | None = None,
           none_may_win: bool = False, offers: Offers | None = None) -> Architecture:
    """The architecture that probabilities point to.

    A node that keeps k of its edges keeps those whose best operation other than `none` is most probable, and on each of them that
    operation. The probabilities are those of a softmax over all operations, `none` included: where `none` is likely, all others
    are unlikely, and the edge is weak. Everything else takes its most probable option, of operations one other than `none`: how much
    of nothing is mixed in only scales what a norm scales back, so its strength says little (section 2.4). Ties go to the first,
    as in the released code.

    Args:
        probabilities: of every decision but the picks that follow from their edges.
        strengths: of edges by decision, 1 where left out; PC-DARTS learns them.
        none_may_win: whether an edge that no node picks may get `none`, as in the searches of NAS-Bench-201's authors.
        offers: the options that may be answered, by decision, where not all of them may.
    """
    offers = offers or {}
    picks, weights = picks_by_edges(space), strengths or {}
    in_picks = {edge for pick in picks.values() for option in pick.edges for edge in option}
    chosen: list[int] = []
    for decision in decisions(space):
        if not is_active(decision, chosen):
            chosen.append(-1)
        elif decision.id in picks:
            chosen.append(_kept(picks[decision.id], space, probabilities, weights, offers.get(decision.id)))
        else:
            counts = none_may_win and decision.id not in in_picks
            chosen.append(_best(decision, probabilities[decision.id], counts, offers.get(decision.id)))
    return from_indices(space, chosen)


def with_picks(space: SearchSpace, probabilities: Probabilities,
               strengths: Mapping[str, float] | None = None, offers: Offers | None = None) -> dict[str, tuple[float, ...]]:
    """Probabilities of every decision, so that they can be shown: an option of a pick counts the product of its edges' strengths."""
    picks, weights = picks_by_edges(space), strengths or {}
    found = {}
    for decision in decisions(space):
        if decision.id not in picks:
            found[decision.id] = tuple(probabilities[decision.id])
            continue
        strong = dict(_edge_strengths(picks[decision.id], space, probabilities, weights))
        left = (offers or {}).get(decision.id, decision.options)
        masses = [math.prod(strong[edge] for edge in edges) if option in left else 0.0
                  for option, edges in zip(decision.options, picks[decision.id].edges, strict=True)]
        total = sum(masses)
        found[decision.id] = tuple(mass / total if total > 0 else (option in left) / len(left)
                                   for option, mass in zip(decision.options, masses, strict=True))
    return found


def _kept(pick: Pick, space: SearchSpace, probabilities: Probabilities, weights: Mapping[str, float],
          left: Sequence[Scalar] | None) -> int:
    strong = dict(_edge_strengths(pick, space, probabilities, weights))
    if left is not None and len(left) < len(pick.edges):
        offered = [at for at, option in enumerate(pick.decision.options) if option in left]
        return max(offered, key=lambda at: sum(strong[edge] for edge in pick.edges[at]))
    ranked = sorted(strong, key=lambda edge: -strong[edge])[:len(pick.edges[0])]
    return next(at for at, option in enumerate(pick.edges) if set(option) == set(ranked))


def _edge_strengths(pick: Pick, space: SearchSpace, probabilities: Probabilities,
                    weights: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    by_id = {decision.id: decision for decision in decisions(space)}
    for edge in dict.fromkeys(edge for option in pick.edges for edge in option):
        own = [p for p, option in zip(probabilities[edge], by_id[edge].options, strict=True) if option != NONE]
        yield edge, weights.get(edge, 1.0) * max(own)


def _best(decision: Decision, probabilities: Sequence[float], none_counts: bool, left: Sequence[Scalar] | None) -> int:
    allowed = [at for at, option in enumerate(decision.options) if left is None or option in left]
    offered = [at for at in allowed if none_counts or decision.options[at] != NONE] or allowed
    return max(offered, key=probabilities.__getitem__)
