"""Lesson 08: counting drawings, and drawing by code."""

from __future__ import annotations

from typing import Any

from nas_explorer.course.answers import in_words, number
from nas_explorer.course.lesson import Exercise, Lesson, OtherKind
from nas_explorer.spaces import SearchSpace, decisions, gestures, nas_bench_201, op, size

COUNT = number(
    6 * 3 * 5**4,
    {
        5**6: "That is the space as it was. Two of the arrows have changed.",
        5 * 3 * 5**4: '"Absent" is one more possibility of an arrow: five operations, or no arrow at all.',
        4 * 3 * 5**4: '"May be absent" takes nothing away, it adds a possibility.',
        6 + 3 + 4 * 5: "Multiply: each answer on one arrow goes with each answer on the next.",
    },
    "One factor an arrow: what can stand on it, or not?",
)


def _without_pools(space: Any) -> str | None:
    if not isinstance(space, SearchSpace):
        raise OtherKind(in_words(space))
    pools = sum("avg_pool" in str(option) for decision in decisions(space) for option in decision.options)
    if pools == 6 and size(space) == 5**6:
        return "Nothing has changed. A space never does: edit() returns a new one, and so does every gesture. Did you keep it?"
    if pools:
        return f"avg_pool is still offered on {pools} of the six arrows. Go through all of cell.edges."
    if size(space) != 4**6:
        return f"No pool is left, but there are {size(space):,} architectures instead of 4^6: something else was taken away or added."
    return None


def _without(name: str, arrows: int) -> SearchSpace:
    def change(cell: Any) -> Any:
        for edge in cell.edges[:arrows]:
            kept = [option for option in edge.op.options if option != (op("avg_pool", kernel=3) if name == "avg_pool" else op(name))]
            cell = gestures.set_candidates(cell, (edge.source, edge.target), kept)
        return cell

    return nas_bench_201().edit("cell", change)


LESSON = Lesson(
    "08",
    "08_draw_a_space.ipynb",
    "What could be built?",
    ("draw a space by hand and by code", "count it", "tell drawings from networks"),
    60,
    (
        Exercise("counting", "a whole number", COUNT, "6 x 3 x 5 x 5 x 5 x 5.", lambda: (15_625, 9_375, 7_500, 29)),
        Exercise("no pools", "a search space", _without_pools, "Four operations on each of six arrows: 4,096 architectures.",
                 lambda: (nas_bench_201(), _without("avg_pool", 1), _without("skip", 6))),
    ),
)
