"""Who checks what a student has understood? Exercises with feedback, and guesses before the truth is shown.

>>> check("01.1", 15_625)
Not yet. That is the cell with six arrows. Draw the fifth node: how many arrows does it add?
>>> check("01.1", "many")
No answer of the right kind. Asked for is a whole number, and 'many' is text.
>>> bool(check("01.1", 5 ** 10))
True
"""

from __future__ import annotations

from typing import Any

from nas_explorer.course.catalog import exercise, exercises, lessons
from nas_explorer.course.check import check, require
from nas_explorer.course.feedback import Feedback, WrongAnswer
from nas_explorer.course.lesson import Exercise, Lesson

__all__ = ["Exercise", "Feedback", "Lesson", "Predict", "WrongAnswer", "check", "exercise", "exercises", "lessons", "require"]


def __getattr__(name: str) -> Any:
    if name != "Predict":
        raise AttributeError(f"nas_explorer.course has no {name!r}; it has {', '.join(__all__)}")
    from nas_explorer.widgets.predict import Predict  # loads the widgets only where one is shown

    return Predict
