"""Every exercise of every lesson: each typical mistake gets its own hint, nothing raises, and the wrong kind is told in a sentence."""

from __future__ import annotations

import numpy as np
import pytest

import nas_explorer as nas
from nas_explorer.course import WrongAnswer, check, exercises, lessons, require

NUMBERS = sorted(exercises())
STRANGE = (object(), [object()], "gibberish", float("nan"), True, b"1", {"a": 1}, lambda: 1 / 0, np.zeros(3), 3 + 4j)


@pytest.mark.parametrize("number", NUMBERS)
def test_typical_mistakes_are_rejected_each_with_a_hint_of_its_own(number: str) -> None:
    mistakes = exercises()[number].mistakes()
    said = [check(number, mistake) for mistake in mistakes]
    assert len(mistakes) >= 3
    assert [feedback.outcome for feedback in said] == ["wrong"] * len(mistakes)
    hints = {feedback.words for feedback in said}
    assert len(hints) == len(mistakes), hints
    assert all(len(hint) > 15 for hint in hints)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("answer", STRANGE)
def test_an_answer_of_the_wrong_kind_is_told_in_a_sentence(number: str, answer: object) -> None:
    feedback = check(number, answer)
    assert not feedback
    assert feedback.outcome == "other kind"
    assert feedback.words.startswith(f"Asked for is {exercises()[number].asks}, and ")


@pytest.mark.parametrize("number", NUMBERS)
def test_dots_are_no_answer_yet(number: str) -> None:
    assert check(number, ...).outcome == "missing"
    assert check(number, None).outcome == "missing"


def test_a_graded_cell_fails_with_the_hint() -> None:
    with pytest.raises(WrongAnswer, match=r"01\.1: Not yet\. That is the cell with six arrows"):
        require("01.1", 5**6)
    with pytest.raises(AssertionError, match=r"No answer yet\."):
        check("01.1", ..., strict=True)
    require("01.1", 5**10)
    assert check("01.1", 5**10, strict=True)


def test_numbers_may_come_from_numpy() -> None:
    assert check("01.1", np.int64(5**10))
    assert check("01.1", np.array(5.0**10))
    assert check("06.1", np.float32(0.5))


def test_an_unknown_exercise_names_its_neighbour() -> None:
    with pytest.raises(nas.errors.UnknownName, match=r"there is no exercise '01\.9'; did you mean '01\.\d'\?"):
        check("01.9", 1)


def test_feedback_is_safe_to_show() -> None:
    shown = check("01.1", "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_lessons_are_in_order_and_have_two_or_three_exercises() -> None:
    numbers = [lesson.number for lesson in lessons()]
    assert numbers == sorted(set(numbers))
    assert all(lesson.notebook.startswith(lesson.number) for lesson in lessons())
    assert all(2 <= len(lesson.exercises) <= 3 for lesson in lessons())
    assert all(lesson.goals and lesson.minutes > 0 for lesson in lessons())
