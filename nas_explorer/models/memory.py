"""How much memory the values inside of a network take, in closed form. No torch.

Weights are not counted. The peak is that of `network.run` in a forward pass that nobody differentiates: a value dies when its
last reader is done, and what an operation makes on its way lives while its next piece reads it.
"""

from __future__ import annotations

from nas_explorer.models.program import program
from nas_explorer.models.temporaries import CHAINS, PEAKS, chained, elements
from nas_explorer.spaces.plans import Plan

BYTES = 4                  # of a float32


def activation_memory(plan: Plan, batch: int = 1) -> int:
    """Bytes of the values alive at once at the worst moment of a forward pass, inputs included.

    >>> from nas_explorer.spaces import nas_bench_201, plan
    >>> from nas_explorer.spaces.library.nas_bench_201 import EDGES
    >>> activation_memory(plan(nas_bench_201(), dict.fromkeys(EDGES, "skip")))
    274432
    """
    alive: dict[int, int] = {}                   # step that made a value -> its size
    root: dict[int, int] = {}                    # step -> the step whose value it passes on
    readers: dict[int, int] = {}                 # step that made a value -> how many steps still hold it
    peak = 0
    for run in program(plan):
        step = run.step
        passes_on = step.kind in ("merge", "mix") and len(run.sources) == 1 and step.name != "mean"
        if passes_on:
            root[run.index] = root[run.sources[0]]
        else:
            root[run.index] = run.index
            inner = _inner(plan, run.index, len(run.sources))
            peak = max(peak, sum(alive.values()) + inner)
            alive[run.index] = elements(step.shape)
        readers[root[run.index]] = readers.get(root[run.index], 0) + 1 + (step.kind == "input")       # its giver holds an input
        for done in run.frees:
            readers[root[done]] -= 1
            if readers[root[done]] == 0:
                del alive[root[done]]
    return peak * BYTES * batch


def training_memory(plan: Plan, batch: int) -> int:
    """Bytes that one training step takes at most: every value on the way, and weights with gradient, momentum and update.

    Some values die before the backward pass, so this is an upper bound: a fifth to two thirds above what torch takes for images
    and transformers, and more for small rows.
    """
    values = 0
    for run in program(plan):
        step = run.step
        source = plan.steps[step.sources[0]].shape if step.sources else step.shape
        made = CHAINS[step.name](source, step.shape, dict(step.params)) if step.name in CHAINS else (elements(step.shape),)
        values += sum(made) if step.kind == "op" else elements(step.shape)
    return BYTES * (values * batch + 4 * plan.cost().parameter_count)


def _inner(plan: Plan, index: int, sources: int) -> int:
    """Floats that a step makes and holds at once, its result included."""
    step = plan.steps[index]
    if step.kind in ("merge", "mix"):
        twice = sources > 2 or step.name == "mean"         # the sum so far is read while the next is written
        return elements(step.shape) * (2 if twice and step.name != "concat" else 1)
    if step.kind != "op":
        return elements(step.shape)
    source, params = plan.steps[step.sources[0]].shape, dict(step.params)
    if step.name in PEAKS:
        return PEAKS[step.name](source, step.shape, params)
    return chained(CHAINS[step.name](source, step.shape, params)) if step.name in CHAINS else elements(step.shape)
