"""Lesson 07: what growing costs, and what fits on a chip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from nas_explorer.course.answers import architecture, number
from nas_explorer.course.lesson import Exercise, Lesson
from nas_explorer.estimators import Tabular
from nas_explorer.spaces import Architecture, nas_bench_201

MOST_PARAMETERS, MOST_MACS, MOST_ERROR = 200_000, 30_000_000, 22.0
COST = 1.2 * 1.1**2 * 1.15**2
_space = cache(nas_bench_201)
GROWN = number(
    COST**3,
    {
        COST: "That is one step. At phi = 3 each factor is raised to the power of three.",
        3 * COST: "Three steps multiply: each makes it that many times dearer.",
        (1.2 * 1.1 * 1.15) ** 3: "Width and resolution count twice: w squared, r squared.",
        8: "The published factors only come near 2. Compute it with these.",
    },
    "Depth once, width squared, resolution squared; then the third power of all of it.",
    within=0.01,
)
TWICE = number(
    16,
    {
        4: "That is one of the two. The width doubles the channels that are read *and* those that are made; the side counts twice, too.",
        8: "One of the two counts only once in this. Height and width of the picture both double, and so do both numbers of channels.",
        2: "Each of the two counts squared.",
    },
    "Put both into the formula of section 1 and divide.",
)


@cache
def _table() -> Tabular:
    return Tabular("nas_bench_201", dataset="cifar10")


def _fits_and_is_good(cell: Mapping[str, Any]) -> str | None:
    values = next(iter(_table().evaluate(Architecture(cell)))).values
    parameters, macs, error = values["parameter_count"], values["macs"], values["validation_error"]
    if parameters > MOST_PARAMETERS:
        return f"It has {parameters:,.0f} parameters, more than {MOST_PARAMETERS:,}. With constraints a search proposes only what fits."
    if macs > MOST_MACS:
        return f"It needs {macs:,.0f} multiply-adds, more than {MOST_MACS:,}."
    if error >= 50:
        return f"It fits, but has {error:.1f} % errors: no convolution learns on a way from the first node to the last."
    if error >= MOST_ERROR:
        return f"It fits, with {error:.1f} % errors. About one in a hundred is better: search with more trials."
    return None


def _typical() -> tuple[Any, ...]:
    edges = ("0→1", "0→2", "1→2", "0→3", "1→3", "2→3")
    empty = {f"cell/{edge}": "none" for edge in edges}
    return _table().optimum("validation_error")[0], Architecture(empty), Architecture(empty | {"cell/0→3": "conv_1x1"})


LESSON = Lesson(
    "07",
    "07_for_a_device.ipynb",
    "What is the best network that fits?",
    ("tell a wish from a limit", "count what growing costs", "say why latency is measured"),
    60,
    (
        Exercise("growing by a rule", "a number", GROWN, "A little more than seven times, where doubling would make it eight.",
                 lambda: (COST, 3 * COST, (1.2 * 1.1 * 1.15) ** 3, 8)),
        Exercise("twice of two things", "a number", TWICE, "Four times for the width, four times for the side.", lambda: (4, 8, 2)),
        Exercise("fits, and is good", "an architecture of nas_bench_201", architecture(_space, _fits_and_is_good),
                 "Only 120 of the 15,625 networks fit and err so little.", _typical),
    ),
)
