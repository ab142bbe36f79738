"""Lesson 02: what a network costs, and how fine a measurement is."""

from __future__ import annotations

from nas_explorer.course.answers import number
from nas_explorer.course.lesson import Exercise, Lesson

PARAMETERS = number(
    5 * 5 * 16 * 32,
    {
        5 * 16 * 32: "The window has 5 rows *and* 5 columns.",
        5 * 5 * 16: "That makes one channel. It makes 32, each with weights of its own.",
        3 * 3 * 16 * 32: "That is the window of 3 x 3.",
        5 * 5 * (16 + 32): "Every one of the 16 channels is read for every one of the 32: multiply them.",
    },
    "Three factors: points of the window, channels that are read, channels that are made.",
)
MACS = number(
    5 * 5 * 16 * 32 * 16 * 16,
    {
        5 * 5 * 16 * 32: "Those are the parameters. Each is used once at every point of the result.",
        5 * 5 * 16 * 32 * 16: "The result is 16 points wide *and* 16 high.",
        5 * 5 * 16 * 32 * 8 * 8: "That would be a picture of 8 x 8 points.",
    },
    "Take the parameters, and multiply by the points of the result.",
)
PICTURES = number(
    2,
    {
        0.67: "That is the difference in percent. How many of the 299 pictures is it?",
        200: "0.67 % of 299 is 0.67 / 100 * 299.",
        67: "There are 299 pictures, and 67 of them would be 22 %.",
        1: "One picture is a third of a percent.",
    },
    "Multiply the share by the number of pictures.",
    within=0.01,
)

LESSON = Lesson(
    "02",
    "02_train_real_networks.ipynb",
    "What if nobody knows the answer?",
    ("say what training, validation and test pictures are for", "count parameters and MACs by hand", "say when a difference is luck"),
    60,
    (
        Exercise("parameters of a convolution", "a whole number", PARAMETERS, "25 points, 16 channels read, 32 made.",
                 lambda: (2_560, 400, 4_608, 1_200)),
        Exercise("MACs of the same", "a whole number", MACS, "Work grows with the picture; the memory for the weights does not.",
                 lambda: (12_800, 204_800, 819_200)),
        Exercise("how many pictures", "a whole number", PICTURES,
                 "Two pictures of 299: another start of the same training differs by more than that.",
                 lambda: (0.67, 200, 67, 1)),
    ),
)
