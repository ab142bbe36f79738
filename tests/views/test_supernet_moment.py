"""What is shown of one snapshot: numbers as they were logged, in the order of the drawing, and words that judge them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from nas_explorer.records import SearchStarted
from nas_explorer.records.events import Snapshot, decode, encode
from nas_explorer.records.history import History
from nas_explorer.records.metric import metric
from nas_explorer.spaces import Architecture, load, names, nas_bench_201
from nas_explorer.views.palette import LIGHT
from nas_explorer.views.supernet import supernet_drawing
from nas_explorer.views.supernet_charts import chart_drawing, charts_of
from nas_explorer.views.supernet_moment import TrueRank, moment, trust, warning_words
from nas_explorer.views.supernet_picture import supernet_svg
from nas_explorer.views.supernet_svg import Shares, spoken_decision
from tests.supernet_story import snapshots
from tests.views.drawings import checked_svg

EDGES = ("cell/0→1", "cell/0→2", "cell/1→2", "cell/0→3", "cell/1→3", "cell/2→3")  # options: none, skip, conv 1×1, conv 3×3, avg pool
SPACE = nas_bench_201()
DRAWING = supernet_drawing(SPACE)


def snapshot(**more: Any) -> Snapshot:
    probabilities = dict.fromkeys(EDGES, (0.1, 0.4, 0.2, 0.25, 0.05))
    architecture = Architecture(dict.fromkeys(EDGES, "conv_3x3"))
    given = {"values": {}, "probabilities": probabilities, "architecture": architecture, "warning": "", **more}
    return Snapshot(1, 100.0, 3.5, **given)


def test_probabilities_stand_in_the_order_of_the_drawing() -> None:
    shown = moment(DRAWING, snapshot(), 0)
    assert shown["p"] == [4000, 2500, 2000, 500, 1000] * 6  # skip, conv 3×3, conv 1×1, avg pool, none
    assert shown["pick"] == [1] * 6
    assert shown["entropy"] == [pytest.approx(-sum(p * math.log2(p) for p in (0.1, 0.4, 0.2, 0.25, 0.05)), abs=1e-3)] * 6
    assert shown["epoch"] == 3.5


def test_a_decision_that_the_snapshot_does_not_tell_is_marked_and_hurts_no_other() -> None:
    partial = snapshot(probabilities={EDGES[1]: (0.0, 1.0, 0.0, 0.0, 0.0)}, architecture=Architecture({EDGES[1]: "skip"}))
    shown = moment(DRAWING, partial, 0)
    shares = Shares(DRAWING, shown)
    assert shares.of(0) == []
    assert shares.of(1) == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert shown["pick"][:3] == [-1, 0, -1]
    assert spoken_decision(DRAWING.decisions[0], shares.of(0)) == "in → 1: not weighed"


def test_true_and_one_are_different_options() -> None:
    drawing = supernet_drawing(load("enas_macro"))
    there = next(i for i, decision in enumerate(drawing.decisions) if decision.kind == "presence")
    for value, place in ((True, 0), (False, 1), (1, -1), (0, -1)):
        chosen = snapshot(probabilities={}, architecture=Architecture({drawing.decisions[there].id: value}))
        assert moment(drawing, chosen, 0)["pick"][there] == place


def test_a_rank_is_told_in_words() -> None:
    shown = moment(DRAWING, snapshot(), 0, TrueRank(11_510, 15_625, "88.02 %", "test accuracy"))
    assert shown["rank"] == {"rank": "11,510", "of": "15,625", "value": "88.02 %", "label": "test accuracy"}


@pytest.mark.parametrize(
    ("tau", "low", "count", "word", "tone"),
    [
        (0.1, -0.1, 40, "No", "err"),
        (0.29, 0.1, 40, "No", "err"),
        (0.38, 0.24, 80, "Partly", "warn"),
        (0.7, 0.55, 40, "Partly", "warn"),  # the lower end decides for green
        (0.8, 0.65, 40, "Yes", "ok"),
        (0.9, 0.8, 19, "Too few to say", ""),
    ],
)
def test_the_traffic_light(tau: float, low: float, count: int, word: str, tone: str) -> None:
    light = trust({"tau": tau, "tau_low": low, "tau_high": 1.0, "tau_count": count})
    assert light is not None
    assert (light["word"], light["tone"]) == (word, tone)
    assert f"n = {count}" in light["words"]


def test_the_light_says_how_many_pairs_are_in_order() -> None:
    light = trust({"tau": 0.38, "tau_low": 0.24, "tau_high": 0.51, "tau_count": 80}, "cells")
    assert light is not None
    assert light["text"].startswith("Of two cells that differ, the shared weights put about 69 % in their true order")
    assert light["words"] == "95 % interval 0.24 – 0.51, n = 80"


def test_without_a_tau_there_is_no_light_and_with_too_few_a_grey_one() -> None:
    assert trust({"train_loss": 1.0}) is None
    light = trust({"tau_count": 3.0})
    assert light is not None
    assert (light["word"], light["tau"]) == ("Too few to say", None)


def test_warnings_are_cut_into_finding_and_rest() -> None:
    assert warning_words("skips lead: stop. Or go on.") == {"bold": "Skips lead:", "text": "stop. Or go on."}
    assert warning_words("Something") == {"bold": "Something", "text": ""}


# ---- replay
@pytest.mark.parametrize("name", ["nas_bench_201", "enas_micro", "chain"])
def test_a_moment_shows_exactly_what_was_known_then(name: str) -> None:
    """However far the search has come since, and whether it was seen live or is read from its log."""
    space = load(name)
    drawing = supernet_drawing(space)
    live = History([metric("validation_error")])
    live.apply(SearchStarted(0, 99.0))
    seen = []
    for event in snapshots(space, 15):
        live.apply(event)
        seen.append(json.dumps(moment(drawing, live.snapshots[-1], len(live.snapshots) - 1)))
    read = History([metric("validation_error")])
    read.apply(SearchStarted(0, 99.0))
    for event in snapshots(space, 15):
        read.apply(decode(encode(event)))
    again = [moment(drawing, snapshot, number) for number, snapshot in enumerate(read.snapshots)]
    for then, now in zip(map(json.loads, seen), again, strict=True):
        assert then["entropy"] == pytest.approx(now["entropy"], abs=2e-3)  # the log keeps four digits of a probability
        assert {**then, "entropy": 0} == {**now, "entropy": 0}


def test_a_picture_of_a_moment_knows_nothing_of_later_ones() -> None:
    shown = [moment(DRAWING, s, i) for i, s in enumerate(snapshots(SPACE, 12))]
    other = [moment(DRAWING, s, i) for i, s in enumerate([*snapshots(SPACE, 12)][:5] + [*snapshots(SPACE, 12, seed=9)][5:])]
    for chart in charts_of(DRAWING, shown[-1]["values"]):
        assert chart_drawing(chart, shown[:5], 8, LIGHT, 300, 100) == chart_drawing(chart, other[:5], 8, LIGHT, 300, 100)
    assert supernet_svg("a", "Running", [], DRAWING, shown[:5], 8) == supernet_svg("a", "Running", [], DRAWING, other[:5], 8)
    assert supernet_svg("a", "Running", [], DRAWING, shown, 8) != supernet_svg("a", "Running", [], DRAWING, other, 8)


# ---- pictures
@pytest.mark.parametrize("name", names())
def test_every_space_has_a_picture(name: str) -> None:
    space = load(name)
    drawing = supernet_drawing(space)
    shown = [moment(drawing, s, i) for i, s in enumerate(snapshots(space, 3))]
    for theme in ("light", "dark"):
        checked_svg(supernet_svg(f"{name} <b>", "Running", [{"label": "Epoch", "value": "3 of 8"}], drawing, shown, 8, theme=theme))


def test_a_picture_before_the_first_snapshot_says_so() -> None:
    assert "No snapshot yet" in supernet_svg("cell · enas", "Running", [], DRAWING, [])


def test_a_snapshot_of_any_space_is_small() -> None:
    for name in names():
        assert max(len(encode(s).encode()) for s in snapshots(load(name), 2)) < 10_000


def test_charts_without_numbers_are_left_out() -> None:
    assert [chart.key for chart in charts_of(DRAWING, ["train_loss", "skip_share", "nonsense"])] == ["skip", "loss"]
    entropy = next(chart for chart in charts_of(DRAWING, ["entropy"]))
    assert entropy.bounds == (0.0, round(math.log2(5), 2))
    assert np.isclose(entropy.factor, 1 / math.log(2))


