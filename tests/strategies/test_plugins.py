"""A strategy of an installed package is in the catalog by its entry point."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nas_explorer.catalog import Catalog
from nas_explorer.errors import InvalidOption, UnknownName
from nas_explorer.spaces import nas_bench_201
from nas_explorer.strategies import CATALOG, Strategy
from nas_explorer.strategies.conformance import check_strategy

SOURCE = '''
from dataclasses import dataclass
import numpy as np
from nas_explorer.spaces import sample

@dataclass(frozen=True)
class Twice:
    """Draw everything twice.

    Source: a package of a stranger
    """
    times: int = 2
    def begin(self, problem):
        return Drawn(self, problem)

class Drawn:
    def __init__(self, settings, problem):
        self.settings, self.space, self.rng, self.left = settings, problem.space, np.random.default_rng(problem.seed), []
    def ask(self):
        if not self.left:
            self.left = [sample(self.space, self.rng)] * self.settings.times
        return self.left.pop()
    def tell(self, trial):
        pass

no_class = 3
'''
ENTRY_POINTS = """[nas_explorer.strategies]
twice = stranger_strategies:Twice
no_class = stranger_strategies:no_class
gone = stranger_strategies:NotThere
random_search = stranger_strategies:Twice
"""


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog[Strategy]:
    """A catalog in a process where a stranger's package is installed."""
    (tmp_path / "stranger_strategies.py").write_text(SOURCE, encoding="utf-8")
    info = tmp_path / "stranger_strategies-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger-strategies\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "stranger_strategies", raising=False)
    return Catalog("strategy", CATALOG.package, CATALOG.skip)


def test_it_is_listed_made_described_and_brought_back_like_ours(catalog: Catalog[Strategy]) -> None:
    assert "twice" in catalog.names()
    strategy = catalog.make("twice", catalog.parse("twice", {"times": "3"}))
    check_strategy(strategy, nas_bench_201())
    assert catalog.describe("twice").summary == "Draw everything twice."
    assert catalog.spec(strategy) == {"name": "twice", "options": {"times": 3}}
    assert catalog.make(**catalog.spec(strategy)) == strategy


def test_a_name_of_ours_stays_ours(catalog: Catalog[Strategy]) -> None:
    assert type(catalog.make("random_search")) is type(CATALOG.make("random_search"))


@pytest.mark.parametrize(("name", "message"), [
    ("gone", "strategy 'gone' of stranger-strategies cannot be loaded: AttributeError: .*NotThere"),
    ("no_class", "strategy 'no_class' of stranger-strategies must be a frozen dataclass, stranger_strategies:no_class is 3"),
])
def test_a_damaged_package_is_named_and_hides_no_other(catalog: Catalog[Strategy], name: str, message: str) -> None:
    with pytest.raises(InvalidOption, match=message):
        catalog.make(name)
    assert "stranger-strategies" in catalog.describe(name).summary
    assert len([catalog.describe(name) for name in catalog.names()]) > 10


def test_an_unknown_name_lists_theirs_too(catalog: Catalog[Strategy]) -> None:
    with pytest.raises(UnknownName, match="did you mean 'twice'"):
        catalog.make("twise")
