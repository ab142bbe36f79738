"""Lesson 04: regret, luck by a formula, and what a difference proves."""

from __future__ import annotations

from nas_explorer.course.answers import number, word
from nas_explorer.course.lesson import Exercise, Lesson

REGRET = number(
    0.49,
    {
        15.6: "That is the best that was found. Regret is how far it is from the best there is.",
        15.11: "That is the best there is. How far away is what was found?",
        18.2 - 15.11: "That is the regret at the start. After all trials the best so far is lower.",
        15.11 - 15.6: "Regret is never below 0: nothing is better than the best there is.",
    },
    "Take the least error found by then, and the least error there is.",
    within=1e-3,
)
FOUND = number(
    1 - (1 - 100 / 15_625) ** 300,
    {
        (1 - 100 / 15_625) ** 300: "That is the probability that all 300 miss. Asked is for at least one hit.",
        300 * 100 / 15_625: "A probability cannot be above 1: several draws may hit, and then they were counted several times.",
        100 / 15_625: "That is one draw.",
        100 / 300: "How large is the whole space? One draw hits with probability 100 / 15,625.",
    },
    "First the probability that one draw misses, then that all do.",
    within=0.01,
)
SURE = word(
    "cannot tell",
    {
        "a": "Most differences are below 0, but not 95 % of them on one side: 0 lies within the interval.",
        "b": "The differences are A minus B, of errors: below 0 speaks for A. And how surely?",
        "equal": "Nothing says that they are equal. More seeds might well show a difference.",
    },
)

LESSON = Lesson(
    "04",
    "04_strategies_race.ipynb",
    "Which strategy wins, and is that luck?",
    ("read regret curves with bands", "say how sure a ranking is", "compute what random search must reach"),
    60,
    (
        Exercise("regret", "a number", REGRET, "Regret only falls, and 0 is the end of it.", lambda: (15.6, 15.11, 3.09, -0.49)),
        Exercise("luck by a formula", "a number", FOUND, "Six times of seven. Random search is no weak opponent.",
                 lambda: ((1 - 100 / 15_625) ** 300, 1.92, 0.0064, 1 / 3)),
        Exercise("who is better", 'one of "A", "B", "equal", "cannot tell"', SURE,
                 "0 lies within the interval, so with these seeds either may be the better.", lambda: ("A", "B", "equal")),
    ),
)
