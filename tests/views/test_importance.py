"""Importance finds the decision that an objective hangs on, and which of its options was best."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nas_explorer.errors import InvalidMetric, InvalidOption, RunError
from nas_explorer.records import History, Metric, metric
from nas_explorer.records.importance import importances
from nas_explorer.spaces import Architecture, SearchSpace, chain, decisions, enumerate_architectures, sample
from nas_explorer.views.importance import importance
from tests.toys import story, switches

SPACE = switches(4)
ERROR, ACCURACY = metric("validation_error"), metric("validation_accuracy")


def told(values: list[tuple[Architecture, float]], objective: Metric = ERROR) -> History:
    history = History([objective])
    for event in story([a for a, _ in values], [{objective.name: value} for _, value in values]):
        history.apply(event)
    return history


ONE_DECIDES = [(a, 10.0 if a["layer2.op"] == "conv_3x3" else 60.0) for a in enumerate_architectures(SPACE)]


@pytest.mark.parametrize("method", ["ped_anova", "fanova"])
def test_an_objective_of_one_decision_only_gives_it_all_the_importance(method: str) -> None:
    if method == "fanova":
        pytest.importorskip("sklearn")
    shares = importances(told(ONE_DECIDES), SPACE, method=method)  # type: ignore[arg-type]
    assert next(iter(shares)) == "layer2.op"
    assert shares["layer2.op"] > 0.99
    assert sum(shares.values()) == pytest.approx(1.0)


def test_a_metric_to_maximise_is_maximised() -> None:
    """The best tenth of 64 architectures: all that have every one of the first four on; only those matter."""
    space = switches(6)
    values = [(a, float(sum(a[f"layer{i}.op"] == "conv_3x3" for i in range(4)))) for a in enumerate_architectures(space)]
    shares = importances(told(values, ACCURACY), space)
    assert {key for key, share in shares.items() if share > 0.1} == {f"layer{i}.op" for i in range(4)}
    assert max(shares["layer4.op"], shares["layer5.op"]) < 0.01


def test_fanova_is_about_the_share_of_the_variance_that_each_decision_explains() -> None:
    """Of 3a + 4b, the variances are as 9 to 16. Optuna gives every option a column of its own, which blurs them a little."""
    pytest.importorskip("sklearn")
    values = [(a, 3.0 * (a["layer0.op"] == "skip") + 4.0 * (a["layer1.op"] == "skip")) for a in enumerate_architectures(SPACE)]
    shares = importances(told(values * 8), SPACE, method="fanova")
    assert shares["layer0.op"] == pytest.approx(9 / 25, abs=0.07)
    assert shares["layer1.op"] == pytest.approx(16 / 25, abs=0.07)


def test_the_effects_are_means_over_the_trials_that_have_an_option() -> None:
    found = importance(told(ONE_DECIDES), SPACE)
    first = found.decisions[0]
    assert [(e.option, e.count, e.mean) for e in first.effects] == [("conv_3x3", 8, 10.0), ("skip", 8, 60.0)]
    assert found.sentence == "layer2 matters most for validation error, 100% by PED-ANOVA; conv 3×3 was best, 10.00 % on average."
    assert "layer2" in found.svg("dark")
    assert "<script" not in found._repr_html_()


def test_decisions_under_others_are_judged_by_the_trials_that_asked_for_them() -> None:
    space: SearchSpace = chain()
    rng = np.random.default_rng(0)
    conditional = next(d.id for d in decisions(space) if d.when and len(d.options) > 1)
    cells = list(itertools.islice((a for a in iter(lambda: sample(space, rng), None) if a is not None), 300))
    options = {d.id: d.options for d in decisions(space)}
    values = [(a, 50.0 if conditional not in a else 10.0 + 80.0 * (a[conditional] != options[conditional][0])) for a in cells]
    shares = importances(told(values), space)
    assert set(shares) == set(options)
    assert next(iter(shares)) == conditional


def test_too_few_trials_and_wrong_words_are_refused() -> None:
    with pytest.raises(RunError, match="importance needs 10 finished trials, and there are 3; let the search go on"):
        importances(told(ONE_DECIDES[:3]), SPACE)
    with pytest.raises(InvalidOption, match="method must be one of ped_anova, fanova, got 'shap'"):
        importances(told(ONE_DECIDES), SPACE, method="shap")  # type: ignore[arg-type]
    with pytest.raises(InvalidMetric, match="macs is no objective of this run; there is validation_error"):
        importances(told(ONE_DECIDES), SPACE, metric("macs"))
