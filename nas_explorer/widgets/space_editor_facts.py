"""The facts of a space in the words and bars of the editor's lower edge, better and better while nobody draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nas_explorer.errors import NasExplorerError
from nas_explorer.search.follower import Follower
from nas_explorer.spaces import Estimate, SearchSpace, problems
from nas_explorer.spaces.cost_terms import Device
from nas_explorer.spaces.facts import Facts, facts
from nas_explorer.spaces.study import Range

Json = dict[str, Any]

REST_SECONDS = 3600.0              # between two looks at a space of which all is known
MOST_FINDINGS = 12
RANGES = (("parameter_count", "Parameters", "max_params"), ("macs", "MACs", "max_macs"), ("latency_ms", "Latency", ""))


class FactsFinder:
    """Finds the facts of the newest space on a thread of its own, and shows each better answer.

    Args:
        newest: gives the space and the version of the drawing.
        show: takes the content of the editor's `facts` trait.
    """

    def __init__(self, newest: Callable[[], tuple[SearchSpace, int]], show: Callable[[Json], None], device: Device | None = None) -> None:
        self._newest, self._show, self._device = newest, show, device
        self._version = 0
        self._space: SearchSpace | None = None
        self._answers: Iterator[Json] = iter(())
        self._extent: dict[str, float] = {}      # the most there was of each quantity in this session
        self._first = 0                          # architectures before the first edit
        self._content: Json = {}
        # A pause follows each piece of work that is as long as itself, so that the user's cells keep half of the processor.
        self._follower = Follower(self.look, period=0.0)

    def start(self) -> None:
        self._follower.start()

    def nudge(self) -> None:
        self._follower.nudge()

    def compare_from_here(self) -> None:
        """The space was replaced: what there was before is no measure for it."""
        self._first, self._extent = 0, {}

    def close(self) -> None:
        self._follower.close()

    def look(self) -> None:
        """One piece of work: the first answer about a new space, or a better one about the old."""
        space, version = self._newest()
        if version != self._version:
            self._version = version
            if space != self._space:
                self._space, self._answers = space, self._found(space)
            elif self._content:
                self._say(self._content)
        content = next(self._answers, None)
        self._follower.period = 0.0 if content is not None else REST_SECONDS
        if content is not None and self._newest()[1] == version:
            self._say(content)

    def _say(self, content: Json) -> None:
        self._content = content | {"version": self._version}
        self._show(self._content)

    def _found(self, space: SearchSpace) -> Iterator[Json]:
        """Never raises: what is wrong with a space is what there is to know about it."""
        try:
            missing = space.problems() or problems(space)
            if missing:
                yield unfinished(missing)
                return
            for found in facts(space, device=self._device):
                self._first = self._first or found.architectures
                for name, extent in found.ranges.items():
                    self._extent[name] = max(self._extent.get(name, 0.0), extent.most)
                yield fact_content(space, found, self._first, self._extent)
        except (NasExplorerError, ArithmeticError, MemoryError) as error:
            yield unfinished((str(error) or type(error).__name__,))


def fact_content(space: SearchSpace, found: Facts, before: int, extent: Mapping[str, float]) -> Json:
    cells = [architectures_cell(found.architectures, before), distinct_cell(found.distinct)]
    limits = {rule.kind: rule.limit for rule in space.constraints if rule.graph == ""}
    for name, label, kind in RANGES:
        if name in found.ranges:
            cells.append(range_cell(label, name, found.ranges[name], extent[name], kind, limits.get(kind)))
    cells.append(limits_cell(found))
    findings = [*map(_sentence, found.dead), *(f"{decision} decides nothing: every option gives the same network."
                                                                         for decision in found.idle)]
    return {"cells": cells, "findings": findings[:MOST_FINDINGS], "refining": not found.final}


# ---- one cell of the bar each
def architectures_cell(count: int, before: int) -> Json:
    note = "exactly" if count == before else f"{shown_count(before)} before your edits"
    return _cell("Architectures", shown_count(count), note)


def distinct_cell(found: Estimate) -> Json:
    """An estimate says what it is: a small space is being listed, and until that is through there is no number worth showing.

    >>> distinct_cell(Estimate(9996.4, 8639.5, 781250, False, "at least, by 3,000 drawings (Chao 1984)"))["value"]
    'about 9,996'
    """
    label = "Unique up to isomorphism"
    if found.exact:
        return _cell(label, shown_count(found.value), "exactly")
    if found.method == "not compared yet":
        return _cell(label, "…", f"being counted, at most {shown_count(found.high)}")
    if found.value >= found.high:
        return _cell(label, f"≥ {shown_count(found.low)}", f"95 %; {found.method.partition(';')[0]}")
    return _cell(label, f"about {shown_count(found.value)}", f"at least {shown_count(found.low)}, 95 %")


def range_cell(label: str, name: str, found: Range, extent: float, kind: str, limit: float | None) -> Json:
    most = max(extent, 1e-9)
    bar = {"from": found.least / most, "to": found.most / most, "limit": None if limit is None else limit / most}
    note = f"limit {shown_amount(name, limit)}" if limit is not None else "no limit" if kind else ""
    if not found.exact:
        note = f"{note}, seen so far" if note else "seen so far"
    return _cell(label, shown_range(name, found.least, found.most), note) | {
        "bar": bar, "limit": kind, "limit_text": "" if limit is None else f"{limit:.0f}"}


def limits_cell(found: Facts) -> Json:
    if found.fit is None:
        return _cell("Limits", "None set", "Press “no limit” to set one")
    if found.fit.satisfiable is None:
        return _cell("Limits", "Not known yet", found.fit.sentence) | {"tone": "warn"}
    word, tone = ("Satisfiable", "ok") if found.fit.satisfiable else ("Not satisfiable", "err")
    return _cell("Limits", word, found.fit.sentence) | {"tone": tone}


def unfinished(what: tuple[str, ...]) -> Json:
    """The same cells with nothing in them, so that nothing moves while somebody draws, and what is missing in the last."""
    more = f" And {len(what) - 1} more." if len(what) > 1 else ""
    ranges = [_cell(label, "–", "") | {"bar": {"from": 0.0, "to": 0.0, "limit": None}} for _, label, _ in RANGES[:2]]
    cells = [_cell("Architectures", "–", "the drawing is unfinished"), _cell("Unique up to isomorphism", "–", ""), *ranges,
             _cell("Limits", "Unfinished", f"{_sentence(what[0])}{more}") | {"tone": "warn"}]
    return {"cells": cells, "findings": [_sentence(finding) for finding in what[:MOST_FINDINGS]], "refining": False}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


def _cell(label: str, value: str, note: str) -> Json:
    return {"label": label, "value": value, "note": note, "tone": "", "bar": None, "limit": "", "limit_text": ""}


# ---- numbers
def shown_count(count: float) -> str:
    """
    >>> shown_count(15625), shown_count(1037664180**2), shown_count(7796.05)
    ('15,625', '1.08 × 10¹⁸', '7,796')
    """
    if count < 1e9:
        return f"{count:,.0f}"
    power = math.floor(math.log10(count))
    digits = f"{count / 10**power:.2f}"
    return f"{digits} × 10{str(power).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def shown_amount(name: str, value: float) -> str:
    """
    >>> shown_amount("parameter_count", 1_290_000), shown_amount("latency_ms", 30.0)
    ('1.29 M', '30.0 ms')
    """
    number, unit = _scaled(name, value, value)
    return f"{number} {unit}".strip()


def shown_range(name: str, least: float, most: float) -> str:
    """
    >>> shown_range("parameter_count", 73_306, 1_531_546), shown_range("macs", 7_783_040, 7_783_040)
    ('0.07 – 1.53 M', '7.78 M')
    """
    (low, _), (high, unit) = _scaled(name, least, most), _scaled(name, most, most)
    return f"{low} – {high} {unit}".strip() if low != high else f"{high} {unit}".strip()


def _scaled(name: str, value: float, beside: float) -> tuple[str, str]:
    """The number in the unit that suits the larger one beside it."""
    if name == "latency_ms":
        return f"{value:.1f}", "ms"
    scale, unit = next(((size, sign) for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")) if beside >= size), (1.0, ""))
    digits = 0 if not unit else 2 if beside / scale < 10 else 1
    return f"{value / scale:,.{digits}f}", unit
