"""One-shot searches from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nas_explorer.cli import main
from nas_explorer.spaces import decisions, load

SEARCH = ["search", "--space", "digits_cells", "--task", "digits", "--epochs", "1", "--json"]


def test_a_search_prints_what_it_derived(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--set", "candidates=2", "--truth", "digits_cells", "--run", str(tmp_path / "run")]
    assert main([*SEARCH, "--strategy", "enas", *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    ids = {decision.id for decision in decisions(load("digits_cells"))}
    assert answer["strategy"] == "enas"
    assert answer["derived"]["probabilities"].keys() == ids
    assert answer["derived"]["architecture"].keys() == ids
    assert answer["derived"]["epoch"] == 1
    assert answer["derived"]["values"]["tau_count"] == 40
    assert -1 <= answer["derived"]["values"]["tau"] <= 1
    assert answer["trials"] <= 2
    assert main(["search", "--resume", "--run", str(tmp_path / "run"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["derived"] == answer["derived"]


def test_one_shot_methods_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["one-shot", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert {"enas", "random_sampling"} <= listed.keys()
    assert all(entry["summary"] and entry["source"] for entry in listed.values())


@pytest.mark.parametrize(("changes", "message"), [
    (["--strategy", "enas", "--set", "preset=papers"], "preset must be one of|there is no preset of ENAS 'papers'"),
    (["--strategy", "enas", "--trials", "5"], "a one-shot search ends with its epochs, 1 of them"),
    (["--strategy", "enass"], "there is no strategy 'enass'; did you mean 'enas'"),
])
def test_what_does_not_fit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: list[str], message: str) -> None:
    import re

    assert main([*SEARCH, *changes, "--run", str(tmp_path / "run")]) == 2
    assert re.search(message, capsys.readouterr().err)
