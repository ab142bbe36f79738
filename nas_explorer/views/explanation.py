"""Why a trial was proposed: what the strategy said of it in the log, as one plain sentence and a few numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nas_explorer.records import History, in_force
from nas_explorer.spaces import SearchSpace, decisions
from nas_explorer.views.axes import spoken
from nas_explorer.views.comparison import signed
from nas_explorer.views.decision_words import option_words, place_words
from nas_explorer.views.differences import differences
from nas_explorer.views.html_table import html_table
from nas_explorer.views.lineage import Lineage, lineage, parents_said
from nas_explorer.views.markup import escaped

Numbers = list[tuple[str, str]]
Words = Callable[[Mapping[str, Any], History, SearchSpace, int, Sequence[int]], tuple[str, Numbers]]
_MOST = 12  # members of a tournament that are listed


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a trial was proposed.

    Attributes:
        sentence: empty where the log does not say.
        numbers: (what, how much) behind the sentence, and what came of it.
        parents: numbers of the trials it was made from.
    """

    trial: int
    sentence: str
    numbers: tuple[tuple[str, str], ...] = ()
    parents: tuple[int, ...] = ()

    def __str__(self) -> str:
        words = self.sentence or "The log does not say why it was proposed."
        return "\n".join([f"Trial {self.trial}. {words}", *(f"  {label}: {value}" for label, value in self.numbers)])

    def _repr_html_(self) -> str:
        words = self.sentence or "The log does not say why it was proposed."
        table = html_table(["", ""], self.numbers, left=2) if self.numbers else ""
        return f"<div><p><b>Trial {self.trial}.</b> {escaped(words)}</p>{table}</div>"


def explain(history: History, space: SearchSpace, trial: int, known: Lineage | None = None) -> Explanation:
    """Put what the log says of a proposal into words.

    Args:
        known: the lineage of this history, where somebody has it already.
    """
    sentence, numbers, parents = _said(history, space, trial)
    numbers += _edits(history, trial) + _changes(history, trial, parents) + _death(known or lineage(history), trial)
    return Explanation(trial, sentence, tuple(numbers), parents)


def why_sentence(history: History, space: SearchSpace, trial: int) -> str:
    """The sentence alone, which costs the same however long the history is."""
    return _said(history, space, trial)[0]


def _said(history: History, space: SearchSpace, trial: int) -> tuple[str, Numbers, tuple[int, ...]]:
    why = history.why(trial)
    parents = parents_said(why, trial)
    words: Words = _KINDS.get(str(why.get("kind")), _other)
    sentence, numbers = words(why, history, space, trial, parents)
    more = [(key.replace("_", " ").capitalize(), _plain(value)) for key, value in why.items() if key not in _KNOWN]
    return sentence, numbers + more, parents


def _edits(history: History, trial: int) -> Numbers:
    """What the user had changed by then."""
    edits = [edit for edit in in_force(history.edits_before(trial)) if edit.kind not in ("propose", "budget")]
    return [("Edits in force", "; ".join(edit.text for edit in edits))] if edits else []


_KNOWN = {
    *("kind", "words", "parents", "tournament", "front", "population_size", "refused"),
    *("sampler", "seen", "startup", "good", "generation", "probabilities"),
}


def _plain(value: object) -> str:
    """What no word is known for, as it stands."""
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else f"{value}"


def _mutation(why: Mapping[str, Any], history: History, space: SearchSpace, trial: int, parents: Sequence[int]) -> tuple[str, Numbers]:
    if not parents:
        return _other(why, history, space, trial, parents)
    parent, drawn = parents[0], why.get("tournament")
    found = differences(space, history.architecture(parent), history.architecture(trial))
    changed = "; ".join(d.words for d in found) or "nothing changed"
    if not isinstance(drawn, list) or not drawn:
        return f"A mutation of trial {parent}: {changed}.", []
    several = type(why.get("front")) is int
    numbers = [("Tournament", _listed(drawn)), *([("Not dominated in it", f"{why['front']} of {len(drawn)}")] if several else [])]
    choice = "which no other of" if several else "the best of"
    size = f" from the {why['population_size']} alive" if type(why.get("population_size")) is int else ""
    drawn_words = f"{len(drawn)} drawn{size}{' dominated' if several else ''}"
    return f"A mutation of trial {parent}, {choice} {drawn_words}: {changed}.", numbers


def _listed(trials: Sequence[object]) -> str:
    more = len(trials) - _MOST
    return ", ".join(f"{t}" for t in trials[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _random(why: Mapping[str, Any], history: History, space: SearchSpace, trial: int, parents: Sequence[int]) -> tuple[str, Numbers]:
    if type(why.get("refused")) is int:
        return f"Drawn at random, after {why['refused']:,} proposals of the strategy had broken the rules of the space.", []
    if type(why.get("population_size")) is int:
        return f"One of the {why['population_size']:,} random architectures that the evolution starts with.", []
    return "Drawn at random: nothing that was seen before had a say.", []


def _model(why: Mapping[str, Any], history: History, space: SearchSpace, trial: int, parents: Sequence[int]) -> tuple[str, Numbers]:
    sampler, seen = str(why.get("sampler", "A model")), why.get("seen")
    numbers = [("Finished trials it knew", f"{seen:,}")] if type(seen) is int else []
    if type(why.get("generation")) is int:
        generation = why["generation"]
        numbers.append(("Generation", f"{generation}"))
        words = "drew it at random for its first generation" if generation == 0 else f"bred it for generation {generation}"
        return f"{sampler} {words}.", numbers
    if type(why.get("startup")) is int and type(seen) is int and seen < why["startup"]:
        return f"{sampler} drew it at random: it begins to model after {why['startup']} finished trials.", numbers
    if type(why.get("good")) is int and type(seen) is int:
        good, others = why["good"], seen - why["good"]
        numbers += [("Count as good", f"{good:,}"), ("Count as others", f"{others:,}")]
        best = "the best finished trial has" if good == 1 else f"the {good:,} best finished trials have"
        return f"{sampler} preferred options that {best} more often than the {others:,} others.", numbers
    return f"{sampler} proposed it from what it had seen.", numbers


def _controller(why: Mapping[str, Any], history: History, space: SearchSpace, trial: int, parents: Sequence[int]) -> tuple[str, Numbers]:
    given = why.get("probabilities")
    chances = {k: float(p) for k, p in given.items() if isinstance(p, (int, float)) and 0 <= p <= 1} if isinstance(given, dict) else {}
    if not chances:
        return _other(why, history, space, trial, parents)
    architecture = history.architecture(trial)
    widths = {d.id: len(d.options) for d in decisions(space)}
    ratio = sum(math.log(max(p, 1e-4) * widths.get(key, 1)) for key, p in chances.items())
    surest, least = max(chances, key=chances.__getitem__), min(chances, key=chances.__getitem__)

    def words(key: str) -> str:
        return f"{place_words(key)} {option_words(architecture.get(key))}"

    log_probability = sum(math.log(max(p, 1e-4)) for p in chances.values())
    numbers = [("log p", f"{log_probability:.2f}".replace("-", "−")), *((words(key), f"{p:.1%}") for key, p in _rarest(chances))]
    return (
        f"The controller wrote it, {_times(math.exp(min(ratio, 60.0)))} a uniform draw; it was surest of {words(surest)} "
        f"({chances[surest]:.0%}) and least sure of {words(least)} ({chances[least]:.0%}).",
        numbers,
    )


def _rarest(chances: Mapping[str, float]) -> list[tuple[str, float]]:
    """All of a small architecture in their order, the boldest choices of a large one."""
    ordered = list(chances.items())
    return ordered if len(ordered) <= _MOST else sorted(ordered, key=lambda item: item[1])[:_MOST]


def _times(ratio: float) -> str:
    """
    >>> _times(5.2), _times(1.0), _times(0.2)
    ('5.2 times as likely as', 'about as likely as', '5.0 times less likely than')
    """
    if 0.95 < ratio < 1.05:
        return "about as likely as"
    if ratio < 1:
        return f"{1 / ratio:,.1f} times less likely than"
    return f"{ratio:,.1f} times as likely as"


def _other(why: Mapping[str, Any], history: History, space: SearchSpace, trial: int, parents: Sequence[int]) -> tuple[str, Numbers]:
    words = why.get("words")
    if isinstance(words, str):
        return words, []
    return (f"The strategy calls it {why['kind']}." if "kind" in why else ""), []


_KINDS: Mapping[str, Words] = {
    "mutation": _mutation,
    "random": _random,
    "model": _model,
    "controller": _controller,
}


def _changes(history: History, trial: int, parents: Sequence[int]) -> Numbers:
    """What came of it, beside the parent."""
    found = []
    for m in history.objectives if history.status(trial) == "finished" else ():
        value, before = history.value(trial, m.name), history.value(parents[0], m.name) if parents else math.nan
        change = f" ({signed(value - before, m.unit)} beside its parent)" if not math.isnan(before) else ""
        found.append((m.label[:1].upper() + m.label[1:], f"{spoken(value, m.unit)}{change}"))
    return found


def _death(family: Lineage, trial: int) -> Numbers:
    if not family.population_size or family.ended[trial] < 0:
        return []
    died = int(family.died[trial])
    if died < 0:
        return [("Population", "alive")]
    (successor,) = [i for i, event in enumerate(family.ended.tolist()) if event == died]
    return [("Population", f"died of age when trial {successor} joined")]
