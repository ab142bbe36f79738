"""Lesson 06: the softmax over operations, and what is kept in the end."""

from __future__ import annotations

import math

from nas_explorer.course.answers import number, word
from nas_explorer.course.lesson import Exercise, Lesson

STRENGTH = number(
    0.5,
    {
        1.0: "Alphas may be anything; each is raised, e to the alpha, before they are divided by their sum.",
        1 / 3: "That would be three equal alphas. Raise them first: e to the power of ln 2 is 2.",
        2 / 3: "An alpha of 0 is not nothing: e to the power of 0 is 1, and there are two of them.",
        math.log(2): "That is the alpha. The strength is e to the alpha, divided by the sum of all three.",
    },
    "Raise each of the three, add them up, divide.",
    within=1e-3,
)
KEPT = word(
    "skip",
    {
        "none": "none is not allowed to win, however strong it is: who is the strongest of the others?",
        "conv_3x3": "It is weaker than another one that may win.",
        "avg_pool_3x3": "That is the weakest of all.",
    },
)
COLLAPSE = word(
    "the mixture",
    {
        "the answer": "Read the table of section 4 again: the loss that falls is not that of the single network.",
        "both": "If both got better, nothing would be wrong. Compare the last two columns of the table in section 4.",
        "neither": "Something is being minimised: which column falls from epoch to epoch?",
    },
)

LESSON = Lesson(
    "06",
    "06_darts.ipynb",
    "What if all options worked at once?",
    ("turn alphas into strengths", "say what a search by gradients really makes better", "recognise a collapse"),
    60,
    (
        Exercise("a softmax", "a number", STRENGTH, "1 + 1 + 2 = 4, and 2 of it.", lambda: (1.0, 1 / 3, 2 / 3, math.log(2))),
        Exercise("what is kept", 'the name of an operation, as in "none"', KEPT,
                 "none may not win, and skip is the strongest of the rest, by very little.", lambda: ("none", "conv_3x3", "avg_pool_3x3")),
        Exercise("what gets better", 'one of "the mixture", "the answer", "both", "neither"', COLLAPSE,
                 "The search lowers the loss of all operations together. What is cut out of it at the end was never asked.",
                 lambda: ("the answer", "both", "neither")),
    ),
)
