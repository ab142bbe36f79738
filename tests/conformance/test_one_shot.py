"""Every one-shot method that the catalog finds goes through the same checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from nas_explorer.one_shot import CATALOG, RandomSampling, conformance
from nas_explorer.one_shot.protocol import Item
from nas_explorer.one_shot.runs.random_sampling import RandomSamplingRun
from tests.one_shot.toys import sharing

QUICK: dict[str, dict[str, Any]] = {
    "enas": {"warm_up": 0.4, "updates": 2, "architectures": 3, "candidates": 3},
    "random_sampling": {"trials": 6, "population_size": 3, "tournament_size": 2},
}
"""Options that make the checks take seconds."""


@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", CATALOG.names())
def test_a_one_shot_method_conforms(name: str, check: Callable[[conformance.Case], None]) -> None:
    check(conformance.Case(CATALOG.make(name, QUICK.get(name)), sharing()))


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_run_folder_brings_the_method_back(name: str) -> None:
    method = CATALOG.make(name, QUICK.get(name))
    spec = json.loads(json.dumps(CATALOG.spec(method)))
    assert CATALOG.make(spec["name"], spec["options"]) == method


class Forgetful(RandomSamplingRun):
    """Keeps nothing of where its batches stand."""

    def state_dict(self) -> dict[str, Any]:
        state = super().state_dict()
        state["learner"]["generator"] = RandomSamplingRun(self.settings, self.space, self.estimator, 99).learner.generator.get_state()
        return state


class Vague(RandomSamplingRun):
    """Shows probabilities of one decision only."""

    def epoch(self) -> Iterator[Item]:
        for item in super().epoch():
            if isinstance(item, conformance.Progress):
                first: Mapping[str, tuple[float, ...]] = dict(list(item.probabilities.items())[:1])
                yield conformance.Progress(item.epoch, item.values, first, item.architecture)
            else:
                yield item


@pytest.mark.parametrize(("run", "message"), [(Forgetful, "went on in another way"), (Vague, "for every decision")])
def test_a_method_that_breaks_a_rule_is_told_which(run: type[RandomSamplingRun], message: str) -> None:
    @dataclass(frozen=True)
    class Broken(RandomSampling):
        """Broken on purpose.

        Source: this test
        """

        def begin(self, space: Any, estimator: Any, seed: int) -> RandomSamplingRun:
            return run(self, space, estimator, seed)

    with pytest.raises(AssertionError, match=message):
        conformance.check_one_shot(Broken(**QUICK["random_sampling"]), sharing())
