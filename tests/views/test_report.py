"""The report: one page that needs nothing else, and keeps hostile text text."""

import re
from html.parser import HTMLParser

import pytest

from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import History, SearchFinished
from nas_explorer.spaces.library.nas_bench_201 import arch_str
from nas_explorer.views.detail import RankFact
from nas_explorer.views.report import KnownTruth, report_html
from tests.toys import story
from tests.views.drawings import ERROR, HOSTILE, PARAMS, SPACE, searched

MANIFEST = {
    "name": HOSTILE,
    "strategy": {"name": "tpe", "options": {"seed": 1}},
    "budget": {"trials": 60},
    "seed": 0,
    "versions": {"python": "3.11"},
    "task": None,
}
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Words, tags and attributes; fails on a tag that is closed wrongly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


@pytest.fixture(scope="module")
def html() -> str:
    table = Tabular()
    truth = KnownTruth(optimum=table.optimum("validation_error")[1], rank=lambda _: RankFact(12, 15625, "test accuracy", 99.9))
    return report_html(MANIFEST, SPACE, searched(60, 1, failed=2), twin=searched(60, 2), truth=truth, spell=arch_str, noun="cells")


def test_the_page_asks_for_nothing_and_runs_nothing(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert not page.tags & {"script", "link", "iframe", "img", "object", "form"}
    assert not any(name.startswith("on") or name in ("src", "href") for name, _ in page.attributes)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", html)


def test_hostile_names_and_messages_stay_words(html: str) -> None:
    words = " ".join(Page(html).words)
    assert words.count(HOSTILE) >= 3
    assert "<script" not in html


def test_it_tells_front_failures_and_settings(html: str) -> None:
    words = Page(html).words
    for expected in (
        "Pareto front",
        "Best so far",
        "Best cells",
        "The front as a table",
        "Failed trials",
        "Settings",
        "tpe (seed=1)",
        "trials 60",
        "python 3.11",
        "12 of 15,625",
    ):
        assert expected in words, expected
    assert "task" not in words


def test_it_follows_the_scheme_of_the_reader(html: str) -> None:
    assert "prefers-color-scheme:dark" in html
    assert "@media print" in html
    assert "var(--op-conv,#3b45d1)" in html


def test_a_search_with_one_objective_has_a_report() -> None:
    history = History([ERROR])
    cells = [searched(3, 1).architecture(i) for i in range(3)]
    for event in story(cells, [{"validation_error": e} for e in (30.0, 20.0, 25.0)]):
        history.apply(event)
    words = Page(report_html({"name": "one"}, SPACE, history)).words
    assert "Best so far" in words
    assert "Pareto front" not in words


def test_a_search_that_failed_at_once_has_a_report() -> None:
    history = History([ERROR, PARAMS])
    history.apply(SearchFinished(0, 1.0, "failed", message=f"the strategy raised {HOSTILE}"))
    page = Page(report_html({}, SPACE, history))
    assert f"the strategy raised {HOSTILE}" in " ".join(page.words)
    assert "No finished trial yet" in page.words
