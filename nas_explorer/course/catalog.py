"""All lessons of the course: every file of syllabus/ holds one, in a `LESSON`; there is no list to keep."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from nas_explorer.course import syllabus
from nas_explorer.course.lesson import Exercise, Lesson
from nas_explorer.errors import UnknownName


@cache
def lessons() -> tuple[Lesson, ...]:
    """The lessons in the order in which they are read.

    >>> [lesson.number for lesson in lessons()][:3]
    ['01', '02', '03']
    """
    modules = (importlib.import_module(f"{syllabus.__name__}.{module.name}") for module in pkgutil.iter_modules(syllabus.__path__))
    return tuple(sorted((module.LESSON for module in modules), key=lambda lesson: lesson.number))


def exercises() -> dict[str, Exercise]:
    """Number -> exercise: "05.2" is the second one of the fifth lesson."""
    return {f"{lesson.number}.{place}": exercise for lesson in lessons() for place, exercise in enumerate(lesson.exercises, start=1)}


def exercise(number: str) -> Exercise:
    """
    Raises:
        UnknownName: if there is no such exercise.
    """
    known = exercises()
    if number not in known:
        raise UnknownName("exercise", number, known)
    return known[number]
