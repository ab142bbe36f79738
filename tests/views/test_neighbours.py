"""Around an architecture: every single change, with what it does as a table, the run, or nobody knows."""

from __future__ import annotations

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import History, metric
from nas_explorer.spaces import Architecture
from nas_explorer.views.neighbours import neighbourhood
from tests.toys import on, story, switches

SPACE = switches(4)
ERROR = metric("validation_error")


def cell(*bits: int) -> Architecture:
    return Architecture({f"layer{i}.op": "conv_3x3" if bit else "skip" for i, bit in enumerate(bits)})


def told(*cells: Architecture) -> History:
    history = History([ERROR])
    for event in story(list(cells), [{"validation_error": 100.0 - 25 * on(c)} for c in cells]):
        history.apply(event)
    return history


def truth(architecture: Architecture) -> dict[str, float]:
    return {"validation_error": 100.0 - 25 * on(architecture)}


def test_with_a_table_every_neighbour_has_its_true_change_as_brute_force_finds_it() -> None:
    middle = cell(1, 0, 0, 1)
    found = neighbourhood(told(), SPACE, middle, "trial 3", truth)
    assert len(found.neighbours) == 4
    for i, neighbour in enumerate(found.neighbours):
        flipped = cell(*(bit ^ (k == i) for k, bit in enumerate((1, 0, 0, 1))))
        assert neighbour.architecture == flipped
        assert neighbour.difference.decision == f"layer{i}.op"
        assert neighbour.changes[0].change == truth(flipped)["validation_error"] - truth(middle)["validation_error"]
        assert neighbour.source == "true"
    assert [n.difference.decision for n in found.better] == ["layer1.op", "layer2.op"]
    assert found.sentence.startswith("2 of the 4 neighbours of trial 3 that are known have a better validation error; most where layer1")


def test_without_one_only_what_the_run_has_tried_is_known() -> None:
    found = neighbourhood(told(cell(0, 0, 0, 0), cell(1, 0, 0, 0)), SPACE, cell(0, 0, 0, 0), "trial 0")
    assert [n.source for n in found.neighbours] == ["measured", "unknown", "unknown", "unknown"]
    assert found.neighbours[0].changes[0].words == "−25.00 %"
    assert found.neighbours[1].changes[0].words == "–"
    assert "of 3 nothing is known" in found.sentence
    assert "<td" in found._repr_html_()


def test_a_local_optimum_is_called_one_in_words() -> None:
    assert neighbourhood(told(), SPACE, cell(1, 1, 1, 1), "trial 9", truth).sentence == (
        "None of the 4 neighbours of trial 9 that are known has a better validation error."
    )


def test_a_table_with_holes_leaves_its_holes_to_the_run() -> None:
    def holed(architecture: Architecture) -> dict[str, float]:
        if architecture == cell(1, 0):
            raise InvalidArchitecture("it is not in the table")
        return truth(architecture)

    found = neighbourhood(told(), switches(2), cell(0, 0), "trial 0", holed)
    assert [n.source for n in found.neighbours] == ["unknown", "true"]
