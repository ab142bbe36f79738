"""An event is one line of JSON, and comes back equal from it."""

import json
import math

import pytest

from nas_explorer.records import (
    Event,
    Measured,
    SearchFinished,
    SearchPaused,
    SearchResumed,
    SearchStarted,
    Snapshot,
    TrialFailed,
    TrialFinished,
    TrialStarted,
)
from nas_explorer.records.events import decode, encode, why_text
from nas_explorer.spaces import Architecture

EVERY = [
    SearchStarted(0, 1764000000.123456, resumed=True),
    TrialStarted(1, 1.5, 7, Architecture({"cell/0→1": "skip", "cell/0→2.on": False, "depth": 3, "width": 1.5})),
    TrialStarted(1, 1.5, 7, Architecture({"depth": 3}), '{"kind":"mutation","parents":[3],"größe":1.5}'),
    Measured(2, 2.5, 7, 3, {"validation_error": 12.25, "parameter_count": 73306}),
    TrialFinished(3, 3.5, 7),
    TrialFailed(4, 4.5, 8, 'the loss became "NaN"\nin epoch 3', "Traceback …"),
    SearchPaused(5, 5.5, "20 trials in a row failed"),
    SearchResumed(6, 6.5),
    SearchFinished(7, 7.5, "failed", "the strategy raised", "Traceback"),
    Snapshot(8, 8.5, 2.5, {"train_loss": 1.5}, {"cell/0→1": (0.25, 0.75)}, Architecture({"cell/0→1": "skip"}), "every edge skips"),
]


@pytest.mark.parametrize(
    "why",
    [
        {"kind": "mutation", "why": {"why": ["}", ',"why":{']}},
        {"words": 'it said ,"why":{ and no more}'},
    ],
)
def test_an_explanation_comes_back_as_it_was_however_the_line_is_spaced(why: dict[str, object]) -> None:
    event = TrialStarted(1, 1.5, 7, Architecture({"why": "skip", ',"why":{': "skip"}), why_text(why))
    line = encode(event)
    assert decode(line) == decode(line.encode() + b"\n") == event
    spaced = json.dumps(json.loads(line))
    assert json.loads(decode(spaced).why) == why  # type: ignore[union-attr]
    why_first = {"why": why, **{k: v for k, v in json.loads(line).items() if k != "why"}}
    assert decode(json.dumps(why_first, separators=(",", ":"))) == event


@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.kind)
def test_every_event_survives_its_line(event: Event) -> None:
    line = encode(event)
    assert "\n" not in line
    assert decode(line) == event
    assert json.loads(line)["event"] == event.kind


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[1]", "one JSON object"),
        ('{"n":1,"at":2,"event":"trial_exploded"}', "there is no event 'trial_exploded'; known are search_started"),
        ('{"at":2,"event":"trial_finished","trial":1}', "trial_finished lacks or misspells a field: 'n'"),
        ('{"n":1,"at":2,"event":"trial_finished","trial":1,"colour":"red"}', "unexpected keyword argument 'colour'"),
        ('{"n":1,"at":2,"event":"measured","trial":1,"step":0,"values":{"validation_error":"low"}}', "values must be numbers"),
        ('{"n":-1,"at":2,"event":"measured","trial":1,"step":0,"values":{}}', "a whole number from 0"),
        ('{"n":1,"at":2,"event":"snapshot","epoch":1,"values":{},"architecture":{}}', "misspells a field: 'probabilities'"),
        ('{"n":1,"at"', "delimiter"),
    ],
)
def test_a_line_that_is_no_event_says_what_is_wrong(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        decode(line)


def test_a_value_that_is_no_number_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(Measured(0, 1.0, 0, 0, {"validation_error": math.nan}))


def test_a_snapshot_of_a_large_space_stays_below_ten_kilobytes() -> None:
    probabilities = {f"normal/{source}→{target}": (1 / 7,) * 8 for source in range(6) for target in range(6)}
    assert len(encode(Snapshot(123456, 1764000000.123456, 49.123456789, {"train_loss": 1 / 3}, probabilities, Architecture({})))) < 10_000


def test_a_log_from_before_explanations_were_kept_is_read_as_it_is() -> None:
    line = '{"n":1,"at":1.5,"event":"trial_started","trial":0,"architecture":{"depth":3}}'
    assert decode(line) == TrialStarted(1, 1.5, 0, Architecture({"depth": 3}))
    assert encode(decode(line)) == line


def test_an_explanation_that_json_has_no_words_for_is_refused() -> None:
    with pytest.raises(TypeError, match="a mapping of names to JSON's own types, got list"):
        why_text([1])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON compliant"):
        why_text({"score": math.nan})
    with pytest.raises(ValueError, match="trial_started lacks or misspells a field: an explanation is a mapping"):
        decode('{"n":1,"at":1.5,"event":"trial_started","trial":0,"architecture":{},"why":[1]}')
