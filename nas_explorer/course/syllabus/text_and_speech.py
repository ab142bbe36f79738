"""Lesson 09: bits, perplexity, and the size of a recurrent space."""

from __future__ import annotations

import math

from nas_explorer.course.answers import number
from nas_explorer.course.lesson import Exercise, Lesson

PROBABILITIES = (1 / 2, 1 / 4, 1 / 4, 1 / 8)
BITS = number(
    2.0,
    {
        -math.log2(sum(PROBABILITIES) / 4): "Take the logarithm of each probability first, then the mean.",
        2 * math.log(2): "That is in the natural logarithm. Bits count in powers of two.",
        8.0: "That is the sum over four characters; asked is for one.",
        -2.0: "Probabilities are below 1, so their logarithms are negative: turn the sign.",
    },
    "How many bits is each of the four? Half is one bit, a quarter two.",
    within=1e-3,
)
PERPLEXITY = number(
    2**2.5,
    {
        2.5**2: "Base and exponent are swapped: 2 to the power of the bits.",
        math.exp(2.5): "The bits count in powers of two, not of e.",
        5.0: "Not two times: 2 to the power of the bits.",
    },
    "It is 2 to the power of the bits.",
    within=0.005,
)
CELLS = number(
    4**5 * math.factorial(4),
    {
        4**5 * 5: "Each node has a choice of its own among the earlier ones: one for the second, two for the third, and so on.",
        4**4 * math.factorial(3): "Those are four nodes, the space of this notebook.",
        4**5: "You counted the curves. Which earlier node a node reads is open, too.",
        4**5 * math.factorial(5): "The first node has nothing to choose: it reads the input. The second can read one node only.",
    },
    "Multiply over the nodes: four curves each, and as many earlier nodes as there are.",
)

LESSON = Lesson(
    "09",
    "09_text_and_speech.ipynb",
    "How should a network mix what it reads with what it remembers?",
    ("read bits a character and perplexity", "count a recurrent space", "say what is the same for pictures, text and speech"),
    45,
    (
        Exercise("bits a character", "a number", BITS, "1 + 2 + 2 + 3 bits, over four characters.",
                 lambda: (-math.log2(sum(PROBABILITIES) / 4), 2 * math.log(2), 8.0, -2.0)),
        Exercise("perplexity", "a number", PERPLEXITY, "It wavers as if between five or six signs that are all as likely.",
                 lambda: (6.25, math.exp(2.5), 5.0)),
        Exercise("five nodes", "a whole number", CELLS, "4^5 curves times 1 x 2 x 3 x 4 ways to be wired.",
                 lambda: (4**5 * 5, 4**4 * 6, 4**5, 4**5 * 120)),
    ),
)
