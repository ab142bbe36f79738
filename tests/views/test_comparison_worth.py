"""What each difference is worth: on a real table by hand, with decisions that hang on others, holes, and estimates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import History, metric
from nas_explorer.spaces import Architecture, Constraint, chain, cost, mutate, nas_bench_201, sample
from nas_explorer.spaces.library.nas_bench_201 import EDGES
from nas_explorer.spaces.library.once_for_all import once_for_all
from nas_explorer.views.comparison import Comparison, compare
from nas_explorer.views.comparison_worth import changes_between, mixture, worth_rows
from nas_explorer.views.option_effects import option_effects
from tests.toys import story, switches

SPACE, TABLE = nas_bench_201(), Tabular()
SKIPS = Architecture(dict.fromkeys(EDGES, "skip"))
TWO = Architecture({**SKIPS, "cell/0→2": "conv_3x3", "cell/1→3": "none"})
ERROR, COUNT = metric("validation_error"), metric("parameter_count")


def of(architecture: Architecture) -> Mapping[str, float]:
    return dict(next(iter(TABLE.evaluate(architecture))).values)


def looked_up(architectures: Sequence[Architecture]) -> list[Mapping[str, float]]:
    return [of(architecture) for architecture in architectures]


def held(first: Architecture, second: Architecture, look_up: Any = looked_up, **options: Any) -> Comparison:
    return compare(SPACE, first, second, (of(first), of(second)), (ERROR, COUNT), look_up=look_up, **options)


def test_two_differences_on_the_table_are_worth_what_a_hand_computes() -> None:
    conv = of(Architecture({**SKIPS, "cell/0→2": "conv_3x3"}))["validation_error"]
    none = of(Architecture({**SKIPS, "cell/1→3": "none"}))["validation_error"]
    neither, both = of(SKIPS)["validation_error"], of(TWO)["validation_error"]
    found = held(SKIPS, TWO)
    values = [row.worths[0].value for row in found.worths]
    assert values == pytest.approx([((conv - neither) + (both - none)) / 2, ((none - neither) + (both - conv)) / 2])
    assert sum(values) == pytest.approx(found.changes[0].change)
    only = of(Architecture({**SKIPS, "cell/0→2": "conv_3x3"}))["parameter_count"] - of(SKIPS)["parameter_count"]
    assert [row.worths[1].value for row in found.worths] == [only, 0.0]  # parameters are a sum: each change costs its own
    assert {worth.kind for row in found.worths for worth in row.worths} == {"exact"}


def test_a_hole_in_the_table_leaves_the_orders_that_go_around_it() -> None:
    hole = Architecture({**SKIPS, "cell/1→3": "none"})
    found = held(SKIPS, TWO, lambda some: [{} if a == hole else of(a) for a in some])
    conv = of(Architecture({**SKIPS, "cell/0→2": "conv_3x3"}))["validation_error"]
    assert [row.worths[0].value for row in found.worths] == pytest.approx(
        [conv - of(SKIPS)["validation_error"], of(TWO)["validation_error"] - conv]
    )
    blocked = held(SKIPS, TWO, lambda some: [of(a) if a in (SKIPS, TWO) else {} for a in some])
    assert {worth.kind for row in blocked.worths for worth in row.worths} == {"unknown"}
    assert "not known" in str(blocked)


def test_an_end_that_the_table_knows_otherwise_is_not_explained_by_it() -> None:
    stopped = {**of(TWO), "validation_error": 77.7}
    found = compare(SPACE, SKIPS, TWO, (of(SKIPS), stopped), (ERROR, COUNT), look_up=looked_up)
    assert [row.worths[0].kind for row in found.worths] == ["unknown", "unknown"]
    assert [row.worths[1].kind for row in found.worths] == ["exact", "exact"]


@pytest.mark.parametrize("space", [chain(), once_for_all()], ids=["chain", "once_for_all"])
def test_what_hangs_on_a_decision_changes_with_it_and_every_mixture_is_legal(space: Any) -> None:
    rng = np.random.default_rng(1)
    joined = 0
    for _ in range(8):
        first = sample(space, rng)
        second = first
        for _ in range(4):
            second = mutate(space, second, rng)
        made = changes_between(space, first, second)
        joined += sum(len(change.differences) > 1 for change in made)
        assert all(any(d.first is not None and d.second is not None for d in change.differences) for change in made)
        assert mixture(space, first, second, ()) == first
        assert mixture(space, first, second, made) == second
        for subset in itertools.chain.from_iterable(itertools.combinations(made, n) for n in range(len(made) + 1)):
            mixed = mixture(space, first, second, subset)
            assert mixed is not None
            cost(space, mixed)
    assert joined


def test_the_worths_in_a_space_with_conditions_add_up_to_the_whole_change() -> None:
    space, rng = chain(), np.random.default_rng(4)
    first, second = sample(space, rng), sample(space, rng)
    values = tuple({"parameter_count": float(cost(space, a).parameter_count)} for a in (first, second))
    rows = worth_rows(
        space, first, second, (values[0], values[1]), (COUNT,), lambda some: [{"parameter_count": cost(space, a)[0]} for a in some]
    )
    assert sum(row.worths[0].value for row in rows) == pytest.approx(values[1]["parameter_count"] - values[0]["parameter_count"])


def test_a_mixture_that_breaks_a_rule_of_the_space_is_passed_by() -> None:
    space = nas_bench_201()
    least = cost(space, TWO).parameter_count
    ruled = replace(space, constraints=(Constraint("max_params", least - 1),))
    made = changes_between(ruled, SKIPS, TWO)
    assert mixture(ruled, SKIPS, TWO, made) is None
    assert mixture(ruled, SKIPS, TWO, ()) == SKIPS


def grown() -> tuple[History, Any]:
    space, rng = switches(), np.random.default_rng(0)
    history = History((ERROR,))
    architectures = [sample(space, rng) for _ in range(60)]
    values = [{"validation_error": 50.0 - 10 * (a["layer0.op"] == "conv_3x3") + rng.normal()} for a in architectures]
    for event in story(architectures, values):
        history.apply(event)
    return history, space


def test_without_a_table_the_trials_give_an_estimate_with_its_interval_and_their_number() -> None:
    history, space = grown()
    off = Architecture(dict.fromkeys((f"layer{i}.op" for i in range(6)), "skip"))
    one = Architecture({**off, "layer0.op": "conv_3x3"})
    found = compare(space, off, one, ({"validation_error": 50.0}, {"validation_error": 41.0}), (ERROR,), history=history)
    (row,), effects = found.worths, option_effects(history, space).decisions[0]
    worth = row.worths[0]
    assert worth.kind == "estimate"
    assert worth.low < -10 < worth.high < 0
    assert worth.trials == tuple(effects.count.tolist())
    assert worth.value == pytest.approx(effects.difference[1] - effects.difference[0])
    assert f"from {worth.trials[0]} and {worth.trials[1]} trials" in str(found)
    assert "need not add up" in found._repr_html_()


def test_too_few_trials_are_not_known() -> None:
    space, history = switches(), History((ERROR,))
    off = Architecture(dict.fromkeys((f"layer{i}.op" for i in range(6)), "skip"))
    one = Architecture({**off, "layer0.op": "conv_3x3"})
    for event in story([off, one] * 5, [{"validation_error": 1.0}] * 10):
        history.apply(event)
    found = compare(space, off, one, ({"validation_error": 1.0}, {"validation_error": 2.0}), (ERROR,), history=history)
    assert found.worths[0].worths[0].kind == "unknown"
    assert math.isnan(found.worths[0].worths[0].value)
    assert "fewer than 6 finished trials" in str(found)


def test_more_changes_than_are_counted_are_drawn_and_say_how_sure_they_are() -> None:
    space = switches(12)
    first, second = (Architecture(dict.fromkeys((f"layer{i}.op" for i in range(12)), option)) for option in ("skip", "conv_3x3"))

    def squared(some: Sequence[Architecture]) -> list[Mapping[str, float]]:
        return [{"validation_error": 100.0 - sum(o == "conv_3x3" for o in a.values()) ** 2 / 2} for a in some]

    ends = squared([first, second])
    found = compare(space, first, second, (ends[0], ends[1]), (ERROR,), look_up=squared)
    worths = [row.worths[0] for row in found.worths]
    assert {worth.kind for worth in worths} == {"sampled"}
    assert sum(worth.value for worth in worths) == pytest.approx(-72.0)
    assert all(worth.low < -6.0 + 3 and worth.high > -6.0 - 3 and worth.low < worth.value < worth.high for worth in worths)
    assert "±" in str(found)
    assert "orders drawn at random" in found._repr_html_()
