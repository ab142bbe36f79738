"""Whether a step of a search fits into the memory that is free, estimated before the first one."""

from __future__ import annotations

from nas_explorer.errors import InvalidOption
from nas_explorer.estimators.loops.shared_learner import SharedLearner
from nas_explorer.models.memory import training_memory
from nas_explorer.one_shot.darts_presets import Settings

EXACT = 2.5                        # times a first-order step, which two derivatives kept at once take (measured: 2.4)
FORGET = 0.5                       # of it, where what is inside of cells is computed twice
GIGABYTE = 1e9


def check_memory(settings: Settings, learner: SharedLearner, less_memory: bool) -> None:
    """
    Raises:
        InvalidOption: if a step takes more memory than is free: how much of each, and what takes less.
    """
    needed, free = step_memory(settings, learner, less_memory), free_memory()
    if needed <= free:
        return
    ways = ["a smaller batch_size in recipe=", "fewer channels in the space"]
    if settings.unrolled == "exact" and settings.order == 2:
        ways.insert(0, 'unrolled="finite_difference"')
    elif not less_memory:
        ways.insert(0, "less_memory=True")
    if not settings.gumbel and settings.share == 1:
        ways.append("gdas or pc_darts")
    raise InvalidOption(f"a step of the mixture of {learner.space.name!r} in batches of {learner.recipe.batch_size} takes about "
                        f"{needed / GIGABYTE:.1f} GB of memory, and {free / GIGABYTE:.1f} GB are free; take {', '.join(ways)}")


def step_memory(settings: Settings, learner: SharedLearner, less_memory: bool) -> float:
    """Bytes of one step, at most: an estimate in closed form."""
    mixture = learner.network.supernet.mixture()
    length = learner.recipe.sequence_length if learner.network.around is not None else 1
    size = float(training_memory(mixture.plan, learner.recipe.batch_size * length))
    if settings.gumbel:
        return size / 2                                    # one of several options, and never all
    if settings.order == 2 and settings.unrolled == "exact":
        return size * EXACT
    return size * (FORGET if less_memory else 1.0)


def free_memory() -> int:
    """Bytes that can be taken without making others wait."""
    import psutil  # type: ignore[import-untyped]

    return int(psutil.virtual_memory().available)
