"""The table to steer by: what it says of options, and that it never says better without being sure."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nas_explorer.records import Edit, Given, History, metric
from nas_explorer.records.events import Snapshot
from nas_explorer.spaces import Architecture, load, nas_bench_201, sample
from nas_explorer.views.edit_words import edit_lines
from nas_explorer.views.option_effects import option_effects
from nas_explorer.views.option_table import RuledOut, option_table
from nas_explorer.views.steering_picture import steering_svg
from tests.toys import CountOff, story, switches
from tests.views.drawings import checked_svg

SPACE = switches(6)


def searched(count: int, seed: int = 0) -> History:
    rng = np.random.default_rng(seed)
    architectures = [sample(SPACE, rng) for _ in range(count)]
    history = History([metric("validation_error")])
    for event in story(architectures, [dict(next(CountOff().evaluate(a)).values) for a in architectures]):
        history.apply(event)
    return history


def test_options_that_all_decisions_share_are_columns() -> None:
    table = option_table(nas_bench_201(), None, RuledOut())
    assert [tile["label"] for tile in table["columns"]] == ["none", "skip", "conv 1×1", "conv 3×3", "avg pool 3×3"]
    assert (table["place"], len(table["rows"])) == ("Edge", 6)
    mixed = option_table(load("mobilenet_v2"), None, RuledOut())
    assert mixed["columns"] is None
    json.dumps(mixed, allow_nan=False)


def test_every_estimate_has_its_count_and_its_interval_beside_it() -> None:
    rng = np.random.default_rng(0)
    architectures = [sample(SPACE, rng) for _ in range(200)]
    history = History([metric("validation_error")])
    values = [{"validation_error": float(rng.normal(50 - 20 * (a["layer0.op"] == "skip"), 3))} for a in architectures]
    for event in story(architectures, values):
        history.apply(event)
    table = option_table(SPACE, option_effects(history, SPACE), RuledOut())
    cells = [cell for row in table["rows"] for cell in row["cells"]]
    assert all(cell["n"].startswith("n = ") and " to " in cell["interval"] for cell in cells)
    skip, conv = table["rows"][0]["cells"]  # the one decision that matters
    assert (skip["tone"], conv["tone"]) == ("better", "worse")
    assert skip["text"].startswith("−")
    assert "below that of all trials; 95 % interval −" in skip["words"]
    json.dumps(table, allow_nan=False)


def test_few_trials_are_called_few_and_never_better() -> None:
    table = option_table(SPACE, option_effects(searched(8), SPACE), RuledOut())
    few = [cell for row in table["rows"] for cell in row["cells"] if cell["few"]]
    assert few
    assert {cell["tone"] for cell in few} == {""}
    assert all("too few to be sure" in cell["words"] or "no finished trial" in cell["words"] for cell in few)


def test_an_interval_that_holds_zero_is_unsure() -> None:
    tones = {
        cell["tone"]
        for seed in range(3)
        for row in option_table(SPACE, option_effects(searched(24, seed), SPACE), RuledOut())["rows"]
        for cell in row["cells"]
    }
    assert "unsure" in tones


def test_pinned_vetoed_and_out_are_told_apart() -> None:
    ruled = RuledOut({"layer0.op": "skip"}, {"layer1.op": ("conv_3x3",)}, ("layer1.op", "conv_3x3"))
    rows = option_table(SPACE, None, ruled)["rows"]
    assert [[cell["state"] for cell in row["cells"]] for row in rows[:3]] == [["pinned", "out"], ["open", "vetoed"], ["open", "open"]]
    assert [cell["undo"] for row in rows[:2] for cell in row["cells"]] == [False, False, False, True]


def test_of_shared_weights_the_probabilities_of_now_are_shown() -> None:
    chances = {f"layer{i}.op": (0.25, 0.75) for i in range(6)}
    snapshot = Snapshot(0, 0.0, 3.0, {}, chances, Architecture({f"layer{i}.op": "skip" for i in range(6)}))
    table = option_table(SPACE, snapshot, RuledOut())
    assert table["chances"]
    assert [cell["text"] for cell in table["rows"][0]["cells"]] == ["25%", "75%"]
    assert table["caption"] == "probability of each option now, after epoch 3"


@pytest.mark.parametrize(
    ("given", "text", "since"),
    [
        (Given(4, 0.0, Edit("pin", "cell/0→1", "conv_3x3"), 8, True), "Pin 0→1 to conv 3×3", "from trial 8 on"),
        (Given(4, 0.0, Edit("veto", "cell/0→1", "skip"), 8, False), "Veto skip on 0→1", "from trial 8 on, taken back"),
        (Given(None, 0.0, Edit("add", "cell/0→1", "skip"), 8, True), "Offer skip on 0→1", "accepted"),
        (Given(4, 0.0, Edit("propose", architecture={"layer0.op": "skip"}), 9, False), "Try layer0 skip", "trial 9"),
        (Given(4, 0.0, Edit("propose", architecture={"layer0.op": "skip"}), 9, True), "Try layer0 skip", "waits for its turn"),
        (Given(4, 0.0, Edit("undo"), 8, False), "Undo", ""),
    ],
)  # fmt: skip
def test_an_edit_says_what_and_from_when_on(given: Given, text: str, since: str) -> None:
    (line,) = edit_lines([given])
    assert (line["text"], line["from"], line["on"]) == (text, since, given.in_force)


def test_the_picture_is_safe_and_holds_what_is_left() -> None:
    standing = {"left": "32", "of": "of 64 architectures", "fitting": "3 of 9 fit. More.", "edits": edit_lines(
        [Given(4, 0.0, Edit("pin", "layer0.op", "skip"), 8, True)])}  # fmt: skip
    for space, known in ((SPACE, option_effects(searched(60), SPACE)), (load("mobilenet_v2"), None)):
        svg = steering_svg("<toy> & co", "Running", [], option_table(space, known, RuledOut({"layer0.op": "skip"})), standing)
        root = checked_svg(svg)
        assert "Pin layer0 to skip" in "".join(root.itertext())
