"""A search as one page of HTML that needs nothing else: no network, no script, light and dark, fit for print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nas_explorer.records import History, Metric, metric, shown
from nas_explorer.spaces import SearchSpace
from nas_explorer.spaces.values import Scalar
from nas_explorer.views.axes import spoken
from nas_explorer.views.charts import curve_svg, pareto_svg
from nas_explorer.views.detail import RankFact, facts
from nas_explorer.views.diagram import diagrams, drawn
from nas_explorer.views.markup import box, document, escaped, glyph
from nas_explorer.views.numbers import column_label, column_scale
from nas_explorer.views.palette import CSS
from nas_explorer.views.pareto import ParetoView, Points, count_texts, finding, pareto_view
from nas_explorer.views.progress import clock_text, curve_finding, curve_view
from nas_explorer.views.report_style import STYLE
from nas_explorer.views.table import operation_tiles

_DRAWN = 4  # architectures in pictures
_LISTED = 60  # rows of the front
_FAILURES = 20


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """What a table with every architecture knows beyond the search. Each part may be missing.

    Attributes:
        front: (x values, y values) of the true front of the first two objectives, in the order (second, first).
        optimum: the best value of the first objective.
        rank: where an architecture stands.
    """

    front: Points | None = None
    optimum: float | None = None
    rank: Callable[[Mapping[str, Scalar]], RankFact | None] | None = None


def report_html(
    manifest: Mapping[str, Any],
    space: SearchSpace,
    history: History,
    *,
    twin: History | None = None,
    truth: KnownTruth = KnownTruth(),
    spell: Callable[[Mapping[str, Scalar]], str] | None = None,
    noun: str = "architectures",
) -> str:
    """The report of a run.

    Args:
        manifest: what the run was: `name` and any settings (strategy, estimator, budget, seed, created, versions, ...); values
            are texts, numbers, lists, or mappings such as {"name": ..., "options": {...}}.
        twin: random search with the same budget.
        spell: the official text of an architecture, where its space has one.
    """
    y, x = report_axes(history)
    view = pareto_view(history, x, y, twin=twin, truth=truth.front)
    columns = _columns(history)
    name = str(manifest.get("name", space.name))
    parts = [
        _head(name, space, history, view, noun),
        _charts(history, view, twin, truth, noun),
        _best(history, space, view, columns, truth, spell, noun),
        _front_table(history, view, columns, truth),
        _failures(history),
        _settings(manifest),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escaped(name)}</title><style>{STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def report_axes(history: History) -> tuple[Metric, Metric]:
    """(y, x): the first two objectives; of a search with one, a cost that was measured; the same twice where there is none."""
    first, *others = history.objectives
    known = ("parameter_count", "latency_ms", "macs", "train_seconds")
    beside = others or [metric(name) for name in history.metric_names if name in known and name != first.name]
    return first, beside[0] if beside else first


def _columns(history: History) -> list[Metric]:
    """The objectives, then what else was measured and is known by name."""
    more = []
    for name in ("parameter_count", "macs", "test_accuracy", "test_error", "validation_accuracy"):
        if name in history.metric_names and name not in {m.name for m in history.objectives}:
            more.append(metric(name))
    return [*history.objectives, *more]


def _section(title: str, content: str, note: str = "") -> str:
    aside = f' <span class="note">{escaped(note)}</span>' if note else ""
    return f"<section><h2>{escaped(title)}{aside}</h2>{content}</section>" if content else ""


def _list(pairs: Iterable[tuple[str, str]], kind: str) -> str:
    return f'<dl class="{kind}">{"".join(f"<div><dt>{escaped(k)}</dt><dd>{escaped(v)}</dd></div>" for k, v in pairs)}</dl>'


def _head(name: str, space: SearchSpace, history: History, view: ParetoView, noun: str) -> str:
    best = history.best
    pairs = [
        ("Trials", f"{history.finished_count:,}"),
        ("Failed", f"{history.failed_count:,}"),
        ("On the front", f"{len(view.front):,} {noun}"),
        ("Time at work", clock_text(history.elapsed())),
    ]
    if best is not None:
        first = history.objectives[0]
        pairs.insert(0, (f"Best {first.label}", f"{spoken(best.values[first.name], first.unit)}, trial {best.number}"))
    if history.simulated_seconds:
        pairs.append(("Simulated training", f"{shown(round(history.simulated_seconds))} s"))
    message = f"<p>{escaped(history.message)}</p>" if history.message else ""
    words = space.name if view.x == view.y else f"{space.name}. {finding(view)}"
    return (
        f'<header><h1>{escaped(name)}</h1><span class="chip {history.phase}">{history.phase.capitalize()}</span>'
        f"<p>{escaped(words)}</p>{message}{_list(pairs, 'numbers')}</header>"
    )


def _charts(history: History, view: ParetoView, twin: History | None, truth: KnownTruth, noun: str) -> str:
    curve = curve_view(history, history.objectives[0], twin=twin, optimum=truth.optimum, x_max=max(10.0, float(history.ended_count)))
    counts = " · ".join(filter(None, count_texts(view, noun)))
    if view.volume is not None:
        counts += f" · hypervolume {view.volume:.3f}" + (f", random {view.twin_volume:.3f}" if view.twin_volume is not None else "")
    pareto = "" if view.x == view.y else f"<figure>{pareto_svg(view, 'css', 860, 460, noun)}</figure>"
    best = f"<figure>{curve_svg(curve, 'css', 860, 260)}<figcaption>{escaped(curve_finding(curve))}</figcaption></figure>"
    return _section("Pareto front", pareto, counts) + _section("Best so far", best)


def _chosen(history: History, view: ParetoView) -> list[int]:
    """The incumbent, then members of the front spread over what the chart shows of it: its broken ends teach nothing."""
    front = [
        trial
        for trial, x, y in zip(view.front.trials.tolist(), view.front.x, view.front.y, strict=True)
        if view.x_axis.holds(x, x) and view.y_axis.holds(y, y)
    ]
    spread = [front[round(i * (len(front) - 1) / max(1, _DRAWN - 1))] for i in range(_DRAWN)] if front else []
    best = [history.best.number] if history.best else []
    return list(dict.fromkeys([*best, *reversed(spread)]))[:_DRAWN]


def _best(
    history: History,
    space: SearchSpace,
    view: ParetoView,
    columns: Sequence[Metric],
    truth: KnownTruth,
    spell: Callable[[Mapping[str, Scalar]], str] | None,
    noun: str,
) -> str:
    cards = []
    for trial in _chosen(history, view):
        architecture = history.architecture(trial)
        pairs = [(fact["label"], fact["value"]) for fact in facts(history, space, trial, columns)]
        rank = truth.rank(architecture) if truth.rank else None
        if rank:
            pairs.append((f"Rank by {rank.what}", f"{rank.rank:,} of {rank.of:,}"))
        pictures = "".join(f'<div class="diagram">{drawn(d, "css", compact=False)}</div>' for d in diagrams(space, architecture))
        word = "best so far" if history.best and trial == history.best.number else "front"
        text = f"<code>{escaped(spell(architecture))}</code>" if spell else ""
        cards.append(f'<article><h3>Trial {trial} <span class="chip">{word}</span></h3>{pictures}{_list(pairs, "facts")}{text}</article>')
    return _section(f"Best {noun}", "".join(cards))


def _front_table(history: History, view: ParetoView, columns: Sequence[Metric], truth: KnownTruth) -> str:
    trials = view.front.trials.tolist()[:_LISTED]
    if not trials:
        return ""
    scales = [column_scale(m, [history.value(trial, m.name) for trial in trials]) for m in columns]
    head = "".join(f"<th>{escaped(column_label(m, scale))}</th>" for m, scale in zip(columns, scales, strict=True))
    rows = []
    for trial in trials:
        rank = truth.rank(history.architecture(trial)) if truth.rank else None
        cells = "".join(
            f"<td>{escaped(scale.text(history.value(trial, m.name), m.unit))}</td>" for m, scale in zip(columns, scales, strict=True)
        )
        cells += f"<td>{rank.rank:,}</td>" if rank else "<td>–</td>" if truth.rank else ""
        rows.append(f'<tr><th scope="row">{trial}</th><td class="tiles">{_tiles(history.architecture(trial))}</td>{cells}</tr>')
    rank_head = "<th>True rank</th>" if truth.rank else ""
    more = len(view.front) - len(trials)
    return _section(
        "The front as a table",
        f'<table><thead><tr><th>Trial</th><th class="tiles">Operations</th>{head}{rank_head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>",
        f"{more} more" if more > 0 else "",
    )


def _tiles(architecture: Mapping[str, Scalar]) -> str:
    tiles = operation_tiles(architecture)
    content = ""
    for i, tile in enumerate(tiles):
        colour = CSS.operations[tile["family"]]
        content += box(i * 22 + 0.5, 0.5, 18, 18, colour, radius=4, fill_opacity=0.13, stroke=colour, stroke_opacity=0.38)
        content += glyph(tile["glyph"], i * 22 + 2.5, 2.5, 14, colour, CSS)
    words = ", ".join(f"{tile['edge']} {tile['label']}" for tile in tiles)
    return document(content, len(tiles) * 22, 19, words, CSS) if tiles else ""


def _failures(history: History) -> str:
    failed = history.failures
    if not failed:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{trial}</th><td class="words">{_failure(*history.failure(trial))}</td></tr>' for trial in failed[:_FAILURES]
    )
    more = len(failed) - _FAILURES
    return _section(
        "Failed trials",
        f'<table><thead><tr><th>Trial</th><th class="words">What happened</th></tr></thead><tbody>{rows}</tbody></table>',
        f"{more} more" if more > 0 else "they count as worst; the search went on",
    )


def _failure(message: str, details: str) -> str:
    raw = f"<details><summary>Details</summary><pre>{escaped(details)}</pre></details>" if details else ""
    return escaped(message) + raw


def _settings(manifest: Mapping[str, Any]) -> str:
    return _section(
        "Settings", _list([(key.replace("_", " "), _plain(value)) for key, value in manifest.items() if value is not None], "settings")
    )


def _plain(value: Any) -> str:
    """A setting in words: {"name": "tpe", "options": {"seed": 1}} is `tpe (seed=1)`."""
    if isinstance(value, Mapping) and "name" in value:
        options = ", ".join(f"{key}={_plain(v)}" for key, v in dict(value.get("options") or {}).items())
        return f"{value['name']} ({options})" if options else str(value["name"])
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(v)}" for key, v in value.items() if v is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(v) for v in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000 else str(value)
