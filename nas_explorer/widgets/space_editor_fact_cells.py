"""The facts of a space in the words, numbers and bars of the editor's lower edge."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nas_explorer.spaces import Estimate
from nas_explorer.spaces.facts import Facts
from nas_explorer.spaces.study import Range
from nas_explorer.widgets.space_editor_board import Sheet

Json = dict[str, Any]

MOST_FINDINGS = 12
NO_BAR: Mapping[str, Any] = {"from": 0.0, "to": 0.0, "limit": None}
RANGES = (("parameter_count", "Parameters", "max_params"), ("macs", "MACs", "max_macs"))


@dataclass(frozen=True, slots=True)
class Told:
    """What the words about a space need beside its facts.

    Attributes:
        devices: whose latency can be chosen.
        before: architectures before the first edit.
        extent: the most there was of each quantity in this session.
    """

    sheet: Sheet
    devices: tuple[str, ...]
    before: int
    extent: Mapping[str, float]


def fact_content(found: Facts, told: Told) -> Json:
    space = told.sheet.space
    cells = [architectures_cell(found.architectures, told.before), distinct_cell(found.distinct)]
    limits = {rule.kind: rule.limit for rule in space.constraints if rule.graph == ""}
    cells += [range_cell(label, name, found.ranges[name], told.extent[name], kind, limits.get(kind)) for name, label, kind in RANGES]
    cells += [*latency_cells(found.ranges.get("latency_ms"), told), limits_cell(found)]
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
        "bar": bar, "limit": kind, "limit_text": "" if limit is None else f"{limit:.12g}"}


def latency_cells(found: Range | None, told: Told) -> list[Json]:
    """Latency, or how to see it; nothing where no device is known."""
    sheet, limit = told.sheet, told.sheet.latency_limit
    if found is None and not told.devices and not sheet.device:
        return []
    if found is not None:
        # Only a chosen device can be limited: the limit belongs to what the editor shows, and the space knows no device.
        kind = "max_latency_ms" if sheet.device else ""
        cell = range_cell("Latency", "latency_ms", found, told.extent["latency_ms"], kind, limit)
    elif sheet.device:
        cell = _cell("Latency", "–", "its table does not hold this space") | {"bar": NO_BAR}
    else:
        cell = _cell("Latency", "–", f"measured on {len(told.devices)} devices") | {"bar": NO_BAR}
    listed = told.devices or ((sheet.device,) if sheet.device else ())
    return [cell | {"devices": list(listed), "device": sheet.device}]


def limits_cell(found: Facts) -> Json:
    if found.fit is None:
        return _cell("Limits", "None set", "Press “no limit” to set one")
    if found.fit.satisfiable is None:
        return _cell("Limits", "Not known yet", found.fit.sentence) | {"tone": "warn"}
    word, tone = ("Satisfiable", "ok") if found.fit.satisfiable else ("Not satisfiable", "err")
    return _cell("Limits", word, found.fit.sentence) | {"tone": tone}


def unfinished(what: tuple[str, ...], sheet: Sheet) -> Json:
    """The same cells with nothing in them, so that nothing moves while somebody draws, and what is missing in the last."""
    more = f" And {len(what) - 1} more." if len(what) > 1 else ""
    ranges = [_cell(label, "–", "") | {"bar": NO_BAR} for _, label, _ in RANGES]
    if sheet.device:
        ranges.append(_cell("Latency", "–", "") | {"bar": NO_BAR, "devices": [sheet.device], "device": sheet.device})
    cells = [_cell("Architectures", "–", "the drawing is unfinished"), _cell("Unique up to isomorphism", "–", ""), *ranges,
             _cell("Limits", "Unfinished", f"{_sentence(what[0])}{more}") | {"tone": "warn"}]
    return {"cells": cells, "findings": [_sentence(finding) for finding in what[:MOST_FINDINGS]], "refining": False}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}"


def _cell(label: str, value: str, note: str) -> Json:
    return {"label": label, "value": value, "note": note, "tone": "", "bar": None, "limit": "", "limit_text": "",
            "devices": [], "device": ""}


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
