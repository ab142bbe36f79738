"""Why a trial was proposed, in one sentence: what the strategy knew, checked on searches that ran."""

from __future__ import annotations

from nas_explorer.records import Event, History, SearchStarted, TrialStarted, metric
from nas_explorer.records.events import why_text
from nas_explorer.search.budget import Budget
from nas_explorer.search.evaluator import Inline
from nas_explorer.search.loop import Loop
from nas_explorer.spaces import Architecture
from nas_explorer.strategies import CATALOG, Problem, RegularizedEvolution
from nas_explorer.strategies.protocol import Strategy
from nas_explorer.views.explanation import Explanation, explain
from tests.toys import CountOff, switches

SPACE = switches()
ERROR = metric("validation_error")


def searched(strategy: Strategy, trials: int) -> History:
    history = History([ERROR])
    for event in Loop(SPACE, strategy.begin(Problem(SPACE, (ERROR,))), Inline(CountOff()), ["validation_error"], Budget(trials=trials)):
        history.apply(event)
    return history


def said(why: dict[str, object]) -> Explanation:
    history = History([ERROR])
    architecture = Architecture({f"layer{i}.op": "skip" for i in range(6)})
    events: list[Event] = [SearchStarted(0, 0.0), TrialStarted(1, 0.0, 0, architecture, why_text(why) if why else "")]
    for event in events:
        history.apply(event)
    return explain(history, SPACE, 0)


def test_a_mutation_names_its_parent_the_tournament_and_the_one_decision_that_changed() -> None:
    history = searched(RegularizedEvolution(5, 3), 30)
    for trial in range(5):
        assert explain(history, SPACE, trial).sentence == "One of the 5 random architectures that the evolution starts with."
    for trial in range(5, 30):
        found, why = explain(history, SPACE, trial), history.why(trial)
        (parent,) = found.parents
        changed = [k for k, v in history.architecture(trial).items() if history.architecture(parent)[k] != v]
        assert len(changed) == 1
        assert len(why["tournament"]) == 3
        assert set(why["tournament"]) <= set(range(trial - 5, trial))
        assert parent == min(why["tournament"], key=lambda t: history.value(t, "validation_error"))
        place = changed[0].removesuffix(".op")
        assert found.sentence.startswith(f"A mutation of trial {parent}, the best of 3 drawn from the 5 alive: {place} went from ")


def test_what_came_of_it_stands_beside_its_parent_and_so_does_its_death() -> None:
    history = searched(RegularizedEvolution(5, 3), 30)
    found = dict(explain(history, SPACE, 10).numbers)
    parent = explain(history, SPACE, 10).parents[0]
    change = history.value(10, "validation_error") - history.value(parent, "validation_error")
    assert f"{abs(change):.2f} % beside its parent" in found["Validation error"]
    assert found["Population"] == "died of age when trial 15 joined"
    assert dict(explain(history, SPACE, 29).numbers)["Population"] == "alive"


def test_tpe_says_when_it_still_draws_at_random_and_how_many_it_calls_good() -> None:
    from optuna.samplers._tpe.sampler import default_gamma

    history = searched(CATALOG.make("tpe"), 25)
    assert explain(history, SPACE, 9).sentence == "TPESampler drew it at random: it begins to model after 10 finished trials."
    found = explain(history, SPACE, 24)
    assert dict(found.numbers)["Count as good"] == str(default_gamma(24)) == "3"
    assert found.sentence == "TPESampler preferred options that the 3 best finished trials have more often than the 21 others."


def test_a_controller_says_how_likely_each_option_was() -> None:
    for name in ("reinforce_per_decision", "reinforce"):
        history = searched(CATALOG.make(name), 8)
        chances = history.why(7)["probabilities"]
        assert set(chances) == set(history.architecture(7))
        assert all(0 < p < 1 for p in chances.values())
        assert explain(history, SPACE, 7).sentence.startswith("The controller wrote it, ")


def test_a_sure_controller_is_told_from_a_uniform_one() -> None:
    sure = said({"kind": "controller", "probabilities": {f"layer{i}.op": 0.999 if i else 0.9 for i in range(6)}})
    assert "57.3 times as likely as a uniform draw" in sure.sentence  # (2 * 0.999) ** 5 * 2 * 0.9
    assert "least sure of layer0 skip (90%)" in sure.sentence
    even = said({"kind": "controller", "probabilities": {f"layer{i}.op": 0.5 for i in range(6)}})
    assert "about as likely as a uniform draw" in even.sentence


def test_random_search_and_silence_are_told_apart() -> None:
    assert said({"kind": "random"}).sentence == "Drawn at random: nothing that was seen before had a say."
    assert said({}).sentence == ""
    assert "The log does not say why" in str(said({}))
    assert said({"kind": "random", "refused": 100}).sentence.startswith("Drawn at random, after 100 proposals")


def test_words_of_a_strategy_of_ones_own_are_shown_as_they_are_and_escaped() -> None:
    found = said({"kind": "hunch", "words": "It <felt> right.", "courage": 0.7})
    assert found.sentence == "It <felt> right."
    assert found.numbers == (("Courage", "0.7"),)
    assert "It &lt;felt&gt; right." in found._repr_html_()
    assert said({"kind": "hunch"}).sentence == "The strategy calls it hunch."


def test_nonsense_in_a_log_breaks_no_explanation() -> None:
    for why in ({"kind": "mutation", "parents": [99]}, {"kind": "controller", "probabilities": {"layer0.op": "high"}}, {"kind": [1]},
                {"kind": "model", "seen": "many"}, {"kind": "mutation", "parents": "x", "tournament": 3}):
        assert isinstance(str(said(why)), str)  # type: ignore[arg-type]


def test_a_local_search_names_the_trial_whose_neighbour_it_tries() -> None:
    history = searched(CATALOG.make("local_search"), 12)
    found = [explain(history, SPACE, trial) for trial in range(1, 7)]
    assert [e.parents for e in found] == [(0,)] * 6  # a space of six switches: each architecture has six neighbours
    assert all(e.sentence.startswith("A mutation of trial 0: layer") for e in found)
    assert {"Population"} & {label for e in found for label, _ in e.numbers} == set()


def test_every_strategy_of_the_catalog_is_explained_in_a_sentence() -> None:
    for name in CATALOG.names():
        if name == "cma_es":                                 # moves numbers, of which switches have none; see its own test
            continue
        history = searched(CATALOG.make(name), 14 if name != "gp" else 4)
        for trial in range(len(history)):
            sentence = explain(history, SPACE, trial).sentence
            assert sentence.endswith("."), f"{name}, trial {trial}: {sentence!r}"
            assert "calls it" not in sentence, f"{name}, trial {trial}: {sentence!r}"
