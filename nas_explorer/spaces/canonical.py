"""When are two architectures the same network? Two answers, both read from plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b

from nas_explorer.spaces.plans import Plan, Step
from nas_explorer.spaces.space import SearchSpace
from nas_explorer.spaces.tracer import plan
from nas_explorer.spaces.values import Scalar


def canonical(space: SearchSpace, architecture: Mapping[str, Scalar], graph: str = "") -> str | None:
    """The default key for caches: same key, same trained result in distribution. None: the output is dead.

    `graph` names a cell to compare alone, which is quicker where the rest of the network is fixed.
    """
    return graph_hash(plan(space, architecture, graph))


def graph_hash(steps: Plan) -> str | None:
    """Weisfeiler-Lehman hash of the pruned computation graph: equal for graphs that differ in names and order only.

    Hashes could collide for graphs that are not isomorphic; for NAS-Bench-101's 4- and 5-vertex cells none do.
    """
    kept = steps.pruned()
    if not kept.steps:
        return None
    reads = flattened(kept)
    readers: dict[int, Counter[int]] = {i: Counter() for i in reads}
    for i, sources in reads.items():
        for source, count in sources.items():
            readers[source][i] += count
    colours = {i: _digest(_label(kept.steps[i]), i == len(kept.steps) - 1) for i in reads}
    while True:
        finer = {i: _digest(colours[i], "in", *_coloured(sources, colours), "out", *_coloured(readers[i], colours))
                 for i, sources in reads.items()}
        if len(set(finer.values())) == len(set(colours.values())):     # refining only splits, so it is stable now
            return _digest(*sorted(finer.values()))
        colours = finer


def flattened(steps: Plan) -> dict[int, Counter[int]]:
    """What every step that the output needs reads, and how often.

    A sum of sums is one sum, and a merge of one value is that value. Counting instead of listing keeps this small: in a
    chain of cells that only skip, the number of terms grows fourfold with every cell.
    """
    sums: list[Counter[int]] = []                      # per step: the steps whose sum it is
    reads: list[Counter[int]] = []
    for i, step in enumerate(steps.steps):
        is_sum = step.kind == "merge" and step.name == "sum" and not step.factors
        reads.append(Counter())
        for source in step.sources:
            resolved = sums[source] if is_sum or sums[source].total() == 1 else Counter({source: 1})
            reads[i].update(resolved)
        sums.append(reads[i] if is_sum else Counter({i: 1}))
    needed = {len(reads) - 1}
    for i in reversed(range(len(reads))):
        if i in needed:
            needed.update(reads[i])
    return {i: reads[i] for i in sorted(needed)}


def expression(steps: Plan) -> str | None:
    """Hash of the formula of the output, read as a tree: equal for equal functions up to the order of sums.

    Zeros and what only zeros feed are gone, skips are transparent, a sum of sums is one sum. None: the output is dead.
    Two convolutions that read the same value count as two terms, so weights may be shared in one network and not in
    the other; use `graph_hash` where that matters (NAS-Bench-101).
    """
    terms: list[Counter[str]] = []                     # per step: a multiset of hashes; empty means zero
    for step in steps.steps:
        sources = [terms[s] for s in step.sources]
        if step.kind == "input":
            terms.append(Counter([_digest("input", step.key)]))
        elif step.kind == "zero" or not any(sources):
            terms.append(Counter())
        elif step.kind == "op":
            terms.append(Counter([_digest(_label(step), *sorted(sources[0].items()))]))
        elif step.name == "sum":
            terms.append(sum(sources, Counter()))
        else:
            parts = [_digest(*sorted(source.items())) for source in sources if source]
            terms.append(Counter([_digest(step.name, *(parts if step.name == "concat" else sorted(parts)))]))
    return _digest(*sorted(terms[-1].items())) if terms and terms[-1] else None


def _digest(*parts: object) -> str:
    return blake2b("\0".join(map(str, parts)).encode(), digest_size=10).hexdigest()


def _coloured(steps: Counter[int], colours: Mapping[int, str]) -> list[tuple[str, int]]:
    return sorted((colours[i], count) for i, count in steps.items())


def _label(step: Step) -> str:
    """What a step does, without where it stands."""
    # The size of an input tells networks apart that differ in nothing but resolution; all other sizes follow from it.
    size = step.shape.size if step.kind == "input" else ""
    return f"{step.kind} {step.name} {step.params} {step.stride} {step.shape.channels} {size}"
