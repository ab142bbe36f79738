"""The static picture below a view is sent when it has become another, and at no other time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nas_explorer.widgets import picture_output
from nas_explorer.widgets.dashboard import Dashboard
from nas_explorer.widgets.picture_output import EVERY_SECONDS, REST_SECONDS, PictureOutput
from tests.widgets.test_dashboard_replay import table_search


class Page:
    """What IPython gives for a displayed output; keeps what it was told."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def update(self, bundle: dict[str, str], raw: bool) -> None:
        self.sent.append(bundle["image/svg+xml"])


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[PictureOutput], Page]:
    def show(picture: PictureOutput) -> Page:
        page = Page()
        monkeypatch.setattr("IPython.display.display", lambda *_, **__: page)
        picture.display(lambda: "<svg>first</svg>")
        return page

    return show


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"at": 100.0}
    monkeypatch.setattr(picture_output.time, "monotonic", lambda: now["at"])
    return now


def test_nothing_is_drawn_before_it_is_displayed() -> None:
    PictureOutput().follow(lambda: pytest.fail("drawn"), 1, running=False)
    PictureOutput().update(lambda: pytest.fail("drawn"))


def test_of_something_quiet_it_is_sent_once_a_second_after_the_last_change(shown: Any, clock: dict[str, float]) -> None:
    page = shown(picture := PictureOutput())
    for at, of in ((0.0, "a"), (0.5, "b"), (1.0, "b"), (1.0 + REST_SECONDS, "b"), (5.0, "b"), (50.0, "b")):
        clock["at"] = 100 + at
        picture.follow(lambda of=of: f"<svg>{of}</svg>", of, running=False)
    assert page.sent == ["<svg>b</svg>"]


def test_while_it_runs_now_and_then_and_at_once_when_that_ends(shown: Any, clock: dict[str, float]) -> None:
    page = shown(picture := PictureOutput())
    for at in range(int(2.5 * EVERY_SECONDS)):
        clock["at"] = 100.0 + at
        picture.follow(lambda at=at: f"<svg>{at}</svg>", at, running=True)
    assert len(page.sent) == 2
    picture.follow(lambda: "<svg>the end</svg>", "the end", running=False)
    assert page.sent[2:] == ["<svg>the end</svg>"]


def test_one_that_looks_the_same_is_not_sent_again(shown: Any) -> None:
    page = shown(picture := PictureOutput())
    picture.update(lambda: "<svg>first</svg>")
    assert page.sent == []


def test_a_finished_search_leaves_its_notebook_alone(tmp_path: Path, shown: Any, clock: dict[str, float]) -> None:
    """Ten looks, and a moment of the past: nothing that a notebook would have to be saved for."""
    search = table_search(tmp_path / "run", budget=10)
    for _ in search.events():
        pass
    dashboard = Dashboard(search)
    dashboard.follower.close()
    page = shown(dashboard.picture)
    for look in range(10):
        clock["at"] += 1.0
        dashboard.moment = 5 if look > 5 else None
        dashboard.look()
    assert len(page.sent) == 1
    dashboard.close()
