"""Watching one training: a curve in the notebook, lines in a terminal, the test score at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

import nas_explorer as nas
from nas_explorer.records import Measurement, Metric, metric
from nas_explorer.views.learning_curve import learning_curve, learning_curve_svg
from nas_explorer.widgets import learning_curve as module
from tests.views.drawings import checked_svg, words_of

ERROR = metric("validation_error")


@dataclass
class Falling:
    """A training whose error halves with each epoch."""

    metric: Metric = ERROR
    epochs: int = 3
    curve: list[Measurement] = field(default_factory=list)

    def __iter__(self) -> Iterator[Measurement]:
        for epoch in range(1, self.epochs + 1):
            self.curve.append(Measurement(epoch, {"validation_error": 40.0 / 2**epoch}))
            yield self.curve[-1]

    @property
    def test(self) -> dict[str, float]:
        return {"test_error": 6.5} if len(self.curve) == self.epochs else {}


def test_a_terminal_gets_a_line_an_epoch_and_the_test_score_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    training = Falling()
    assert nas.watch(training) is training
    assert capsys.readouterr().out.splitlines() == [
        "epoch 1 of 3: validation error 20.00 %", "epoch 2 of 3: validation error 10.00 %", "epoch 3 of 3: validation error 5.00 %",
        "epoch 3 of 3: validation error 5.00 %, test error 6.50 %",
    ]


def test_a_notebook_redraws_one_place_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, str]] = []

    class Place:
        def update(self, bundle: dict[str, str], raw: bool) -> None:
            shown.append(bundle)

    monkeypatch.setattr(module, "_placed", lambda curve: Place())
    nas.watch(Falling())
    assert [bundle["text/plain"].partition(":")[0] for bundle in shown] == ["epoch 1 of 3", "epoch 2 of 3", "epoch 3 of 3", "epoch 3 of 3"]
    root = checked_svg(shown[-1]["image/svg+xml"])
    assert {"epoch", "validation error (%)", "5.00 %"} <= set(words_of(root))
    assert root.attrib["aria-label"].endswith("test error 6.50 %")


@pytest.mark.parametrize("points", [[], [(1, 0.0)], [(1, 90.0), (2, 90.0)]])
def test_a_curve_is_drawn_from_its_first_moment_on(points: list[Any]) -> None:
    curve = learning_curve([Measurement(epoch, {"validation_error": value}) for epoch, value in points], 40, ERROR, {})
    words = words_of(checked_svg(learning_curve_svg(curve, "dark")))
    assert "validation error (%)" in words
    assert "40" in words
