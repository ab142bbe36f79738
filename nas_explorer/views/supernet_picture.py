"""One moment of a supernet as one static SVG: what a reopened notebook shows where no kernel runs, and what goes into slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nas_explorer.views.markup import Drawing, box, document, fitted, glyph, group, line, text, text_width
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.picture import WIDTH, picture_header
from nas_explorer.views.supernet import SupernetDrawing
from nas_explorer.views.supernet_charts import chart_drawing, charts_of
from nas_explorer.views.supernet_moment import MISSING
from nas_explorer.views.supernet_svg import Shares, option_colour, spoken_decision, supernet_graph_drawing

_SPLIT, _HEAD, _CHART = 724.0, 48.0, 104.0
MOST_GRAPHS, MOST_CHARTS, MOST_PICKS = 2, 4, 24


def supernet_svg(
    name: str,
    phase: str,
    header_facts: Sequence[dict[str, str]],
    drawing: SupernetDrawing,
    moments: Sequence[Mapping[str, Any]],
    epochs: float | None = None,
    noun: str = "cells",
    theme: str = "light",
) -> str:
    """The graphs at the last of these moments, and the curves up to it.

    Args:
        epochs: where the axis of the curves ends; by default at the last moment.
    """
    colours = palette(theme)
    content = picture_header("Supernet", name, phase, header_facts, colours)
    if not moments:
        content += text(WIDTH / 2, 120, "No snapshot yet", colours, size=13, weight=600, anchor="middle")
        return document(_framed(content, 190.0, colours), WIDTH, 190.0, f"Supernet {name}, {phase}: no snapshot yet", colours, fluid=True)
    now = moments[-1]
    left, left_height = _graphs(drawing, now, colours)
    right, right_height = _side(drawing, moments, epochs or now["epoch"], noun, colours)
    height = _HEAD + max(left_height, right_height)
    content += group(left, y=_HEAD) + group(right, x=_SPLIT, y=_HEAD) + line(_SPLIT, _HEAD, _SPLIT, height, colours.line)
    return document(_framed(content, height, colours), WIDTH, height, _spoken(name, phase, drawing, now), colours, fluid=True)


def _framed(content: str, height: float, colours: Palette) -> str:
    return box(0.5, 0.5, WIDTH - 1, height - 1, "none", radius=8, stroke=colours.line) + content


def _spoken(name: str, phase: str, drawing: SupernetDrawing, now: Mapping[str, Any]) -> str:
    shares = Shares(drawing, now)
    edges = "; ".join(spoken_decision(decision, shares.of(i)) for i, decision in enumerate(drawing.decisions[:12]))
    return f"Supernet {name}, {phase}, epoch {now['epoch']:g}. {edges}"


def _graphs(drawing: SupernetDrawing, now: Mapping[str, Any], colours: Palette) -> tuple[str, float]:
    content, y = "", 0.0
    for graph in drawing.graphs[:MOST_GRAPHS]:
        title = "Operation probabilities" if len(drawing.graphs) == 1 else graph.title
        content += text(16, y + 24, title, colours, weight=600)
        drawn = supernet_graph_drawing(drawing, graph, now, colours)
        content += _fitted(drawn, 12, y + 34, _SPLIT - 24)
        y += 34 + drawn.height * min(1.0, (_SPLIT - 24) / drawn.width) + 8
    return content, y + 8


def _fitted(drawn: Drawing, x: float, y: float, width: float) -> str:
    scale = min(1.0, width / drawn.width)
    left = x + (width - drawn.width * scale) / 2
    return f'<g transform="translate({left:.1f} {y:.1f}) scale({scale:.3f})">{drawn.content}</g>'


# ---- the right column
def _side(
    drawing: SupernetDrawing, moments: Sequence[Mapping[str, Any]], epochs: float, noun: str, colours: Palette
) -> tuple[str, float]:
    now, width, content, y = moments[-1], WIDTH - _SPLIT, "", 0.0
    for part, height in (_warning(now, width, colours), _derived(drawing, now, width, colours), _trust(now, noun, width, colours)):
        if height:
            content += group(part, y=y) + line(0, y + height, width, y + height, colours.line)
            y += height
    known = {name for moment in moments for name in moment["values"]}
    for chart in charts_of(drawing, known)[:MOST_CHARTS]:
        title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
        content += text(16, y + 22, title, colours, weight=600)
        content += group(chart_drawing(chart, moments, epochs, colours, width - 20, _CHART).content, x=8, y=y + 28)
        y += _CHART + 34
    return content, y


def _warning(now: Mapping[str, Any], width: float, colours: Palette) -> tuple[str, float]:
    if now["warning"] is None:
        return "", 0.0
    lines = _wrapped(now["warning"]["bold"], 12, width - 32)
    height = 18.0 * len(lines) + 20
    words = "".join(text(16, 22 + 18 * i, words, colours, weight=600, fill=colours.warn) for i, words in enumerate(lines))
    return box(0.5, 0.5, width - 1, height - 1, colours.warn_bg) + words, height


def _derived(drawing: SupernetDrawing, now: Mapping[str, Any], width: float, colours: Palette) -> tuple[str, float]:
    rank = now["rank"]
    content = text(16, 24, "If derived now", colours, weight=600)
    if rank is not None:
        content += text(width - 16, 24, f"rank {rank['rank']} of {rank['of']}", colours, anchor="end", fill=colours.ink_2)
    picks = [(decision, now["pick"][i]) for i, decision in enumerate(drawing.decisions)]
    shown = [(d, d.options[pick]) for d, pick in picks if pick != MISSING and d.kind == "operation"][:MOST_PICKS]
    columns = max(1, int((width - 32) // 27))
    for place, (_, option) in enumerate(shown):
        x, y = 16 + 27 * (place % columns), 36 + 27 * (place // columns)
        colour = option_colour(option, colours)
        content += box(x, y, 22, 22, colour, radius=5, fill_opacity=0.13, stroke=colour, stroke_opacity=0.4)
        content += glyph(option.glyph, x + 3, y + 3, 16, colour, colours)
    rows = -(-len(shown) // columns)
    bottom = 36 + 27.0 * rows
    if rank is not None and rank["value"]:
        content += text(16, bottom + 14, fitted(f"{rank['label']} {rank['value']}", 11, width - 32), colours, size=11, fill=colours.ink_2)
        bottom += 20
    return content, bottom + 10


def _trust(now: Mapping[str, Any], noun: str, width: float, colours: Palette) -> tuple[str, float]:
    trust = now["trust"]
    if trust is None:
        return "", 0.0
    content = text(16, 24, "Can the ranking be trusted?", colours, weight=600)
    colour = {"err": colours.err, "warn": colours.warn, "ok": colours.ok}.get(trust["tone"], colours.ink_2)
    content += text(width - 16, 24, trust["word"], colours, weight=600, anchor="end", fill=colour)
    content += text(16, 50, f"τ {trust['shown']}", colours, size=18, weight=600)
    content += text(28 + text_width(f"τ {trust['shown']}", 18), 50, trust["words"], colours, size=11, fill=colours.ink_2)
    lines = _wrapped(trust["text"], 11, width - 32)
    content += "".join(text(16, 72 + 16 * i, words, colours, size=11, fill=colours.ink_2) for i, words in enumerate(lines))
    return content, 72 + 16.0 * len(lines) + 2


def _wrapped(words: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
