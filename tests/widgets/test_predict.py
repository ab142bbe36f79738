"""A guess is taken once, checked, and shown beside a truth that was kept back until then."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from nas_explorer.course import Predict
from nas_explorer.errors import InvalidOption

WORDS = ("random search", "evolution", "tpe")


@pytest.fixture
def which() -> Iterator[Predict]:
    asked = Predict.choice("Which one wins?", WORDS)
    yield asked
    asked.close()


def test_the_truth_is_shown_beside_a_guess(which: Predict) -> None:
    which.guess("tpe")
    assert which.shown == {}
    which.reveal("evolution", because="It learns.", display=False)
    assert which.shown == {"truth": "evolution", "sentence": "You said tpe; it is evolution. It learns."}


def test_without_a_guess_the_truth_is_kept_back_and_never_leaves_python(which: Predict) -> None:
    which.reveal("evolution", display=False)
    assert which.waiting
    assert which.sentence == ""
    assert "evolution" not in str({name: value for name, value in which.get_state().items() if name not in ("question", "_esm", "_css")})
    which.guess("evolution")
    assert not which.waiting
    assert which.sentence == "You said evolution, and so it is."


def test_a_guess_stays_as_it_is_once_the_truth_is_shown(which: Predict) -> None:
    which.guess("tpe")
    which.guess("evolution")             # before, it may be changed
    which.reveal("tpe", display=False)
    with pytest.raises(InvalidOption, match="the truth is shown already"):
        which.guess("tpe")
    which._heard(which, {"type": "guess", "value": "tpe"}, None)
    assert which.given == "evolution"


STRANGE = (None, 3, {}, {"type": "guess"}, {"type": "guess", "value": {"a": 1}}, {"type": "guess", "value": "nobody"})


@pytest.mark.parametrize("message", STRANGE)
def test_what_a_browser_should_not_send_changes_nothing(which: Predict, message: object) -> None:
    which._heard(which, message, None)
    assert which.given is None


@pytest.mark.parametrize(("asked", "guess", "truth", "sentence"), [
    (Predict.number("How much?", 0, 100, "%"), 40, np.float64(61.2), "You said 40 %; it is 61.2 %: your guess was 21.2 % too low."),
    (Predict.number("How much?", 0, 100, "%"), 61, 60.5, "You said 61 %; it is 60.5 %: that is as close as it gets."),
    (Predict.number("How much?", 0, 10), 1, 15_625, "You said 1; it is 15,625: your guess was 15,624 too low."),
    (Predict.ranking("Sort.", "abcd"), ["b", "a", "c", "d"], list("abcd"), "You have 5 of 6 pairs in the right order."),
    (Predict.ranking("Sort.", "ab"), ["a", "b"], ("a", "b"), "You have the whole order right."),
    (Predict.curve("How?", [1, 2], 0, 1, axis="epoch"), [0.5, 0.5], np.array([0.4, 0.8]),
     "On average your curve is 0.2 off, at most 0.3, at epoch 2."),
])
def test_one_plain_sentence_compares_them(asked: Predict, guess: object, truth: object, sentence: str) -> None:
    asked.guess(guess)
    asked.reveal(truth, display=False)
    assert asked.sentence == sentence
    drawn = asked._drawn()
    assert drawn.startswith("<svg")
    assert "Your guess:" in drawn


@pytest.mark.parametrize(("asked", "guess", "message"), [
    (Predict.choice("Which?", WORDS), "darts", "one of random search, evolution, tpe is asked for, got 'darts'"),
    (Predict.number("How many?", 0, 10), 11, "a number from 0 to 10 is asked for, got 11"),
    (Predict.number("How many?", 0, 10), "five", "a number is asked for, got 'five'"),
    (Predict.number("How many?", 0, 10), True, "a number is asked for, got True"),
    (Predict.ranking("Sort.", "ab"), ["a", "a"], "all of a, b are asked for"),
    (Predict.curve("How?", [1, 2], 0, 1, axis="epoch"), [0.5], "2 numbers are asked for, one for each epoch"),
    (Predict.curve("How?", [1, 2], 0, 1), 0.5, "a list is asked for, got 0.5"),
])
def test_a_guess_of_the_wrong_kind_is_refused_in_words(asked: Predict, guess: object, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        asked.guess(guess)
    assert asked.given is None


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Predict.choice("Which?", ["one"]), "two or more different options"),
    (lambda: Predict.number("How many?", 3, 3), "least must be below most"),
    (lambda: Predict.curve("How?", [1], 0, 1), "two or more places"),
])
def test_a_question_without_a_choice_is_refused(make: object, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        make()  # type: ignore[operator]
