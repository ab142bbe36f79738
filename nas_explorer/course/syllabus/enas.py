"""Lesson 05: the controller's step, what an order is worth, and cells that are good with little."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from nas_explorer.course.answers import architecture, number
from nas_explorer.course.lesson import Exercise, Lesson
from nas_explorer.estimators import DigitsCells
from nas_explorer.spaces import Architecture, SearchSpace, enumerate_architectures, load

MOST_CONVS, WORST_RANK = 2, 50
CONV = "conv_3x3"

STEP = number(
    0.1 * 0.8,
    {
        0.1 * 0.2: "That is times p. The slope of log p in the option's own logit is 1 - p: what is rare learns most.",
        0.9 * 0.8: "You left out the usual reward b: only what is better than usual is reinforced.",
        -0.1 * 0.8: "The reward is better than usual, so the option becomes likelier: the step is upwards.",
        0.1: "That is R - b alone. How does log p change with the logit?",
    },
    "Two factors: how much better than usual, and the slope of log p in the logit.",
    within=1e-6,
)
TAU = number(
    4 / 6,
    {
        5 / 6: "That is the share of pairs in the same order. The pair in the opposite order counts against it.",
        0.8: "That is Spearman's rho, which looks at the distances of ranks. Count pairs.",
        -4 / 6: "The sign is turned round: most pairs are in the same order.",
        4: "Divide by the number of pairs.",
    },
    "Write the six pairs down. How many are in the same order in both lists?",
    within=0.01,
)


@cache
def _space() -> SearchSpace:
    return load("digits_cells")


@cache
def _table() -> DigitsCells:
    return DigitsCells()


def _good_with_little(cell: Mapping[str, Any]) -> str | None:
    convs = sum(option == CONV for option in cell.values())
    rank = _table().rank(Architecture(cell)).rank
    if convs <= MOST_CONVS and rank <= WORST_RANK:
        return None
    if convs > MOST_CONVS:
        return f"It has {convs} convolutions; {MOST_CONVS} are allowed. Which arrows lead to the last node in one step?"
    if convs < MOST_CONVS:
        return f"Its true rank is {rank}. You may use {MOST_CONVS} convolutions: without them nothing is learned in the cell."
    return f"Its true rank is {rank}. Two convolutions can stand one after the other or side by side, and a skip can lead around them."


def _typical() -> tuple[Any, ...]:
    cells = list(enumerate_architectures(_space()))
    badly_placed = next(cell for cell in cells if list(cell.values()).count(CONV) == MOST_CONVS)
    without = next(cell for cell in cells if CONV not in cell.values())
    return min(cells, key=lambda cell: _table().rank(cell).rank), badly_placed, without


LESSON = Lesson(
    "05",
    "05_enas.ipynb",
    "What if all networks shared their weights?",
    ("explain a supernet and a path", "do one step of REINFORCE by hand", "say how far shared weights can be trusted"),
    60,
    (
        Exercise("one step of the controller", "a number", STEP, "What is rare and turns out well is pushed most.",
                 lambda: (0.02, 0.72, -0.08, 0.1)),
        Exercise("do the orders agree", "a number", TAU, "Five pairs in the same order, one in the opposite.",
                 lambda: (5 / 6, 0.8, -4 / 6, 4)),
        Exercise("good with two convolutions", "an architecture of digits_cells", architecture(_space, _good_with_little),
                 "Two convolutions, and among the best fifty of 729: where they stand counts.", _typical),
    ),
)
