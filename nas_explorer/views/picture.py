"""One picture that sums a search up: what a reopened notebook shows where no kernel runs, and what goes into slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nas_explorer.views.charts import curve_drawing, pareto_drawing
from nas_explorer.views.diagram import Diagram, diagram_drawing
from nas_explorer.views.markup import Drawing, box, circle, document, fitted, group, line, text, text_width
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.pareto import ParetoView, count_texts, finding
from nas_explorer.views.progress import CurveView

WIDTH, HEIGHT = 1040.0, 624.0
_SPLIT, _FOOT, _HEAD = 626.0, 408.0, 48.0  # x of the right column, y of its lower half, y below the header
_STATE = {"running": "brand_ink", "finished": "ok", "failed": "err", "paused": "warn", "stopped": "ink_2"}


@dataclass(frozen=True, slots=True)
class Selected:
    """The architecture that the picture shows: its title, drawings, and facts as {"label", "value"}."""

    title: str
    diagrams: Sequence[Diagram]
    facts: Sequence[dict[str, str]]
    note: str = ""  # beside the title: "rank 12 of 15,625"


def picture_svg(
    name: str,
    phase: str,
    header_facts: Sequence[dict[str, str]],
    view: ParetoView,
    curve: CurveView,
    selected: Selected | None = None,
    theme: str = "light",
    noun: str = "architectures",
) -> str:
    """The summary of a search as one SVG that is as wide as its page.

    Args:
        name: of the search, `nas_bench_201 · regularized_evolution`.
        phase: running, paused, finished, stopped, failed or idle.
        header_facts: {"label", "value"} at the right of the header.
    """
    colours = palette(theme)
    content = box(0.5, 0.5, WIDTH - 1, HEIGHT - 1, "none", radius=8, stroke=colours.line)
    content += picture_header("Search", name, phase, header_facts, colours)
    content += line(_SPLIT, _HEAD, _SPLIT, HEIGHT, colours.line) + line(_SPLIT, _FOOT, WIDTH, _FOOT, colours.line)
    content += group(_pareto_panel(view, colours, noun), y=_HEAD)
    content += group(_selected_panel(selected, colours), x=_SPLIT, y=_HEAD)
    content += group(text(16, 24, "Best so far", colours, weight=600), x=_SPLIT, y=_FOOT)
    content += group(curve_drawing(curve, colours, WIDTH - _SPLIT - 24, HEIGHT - _FOOT - 40).content, x=_SPLIT + 12, y=_FOOT + 34)
    return document(content, WIDTH, HEIGHT, f"{name}, {phase}. {finding(view)}", colours, fluid=True)


def picture_header(title: str, name: str, phase: str, facts: Sequence[dict[str, str]], colours: Palette) -> str:
    """What is shown, its name and state at the left, numbers at the right, and a line below."""
    content, x = "", WIDTH - 16
    for fact in reversed(facts):
        content += text(x, 29, fact["value"], colours, weight=600, anchor="end")
        x -= text_width(fact["value"], 12) * 1.07 + 5
        content += text(x, 29, fact["label"], colours, anchor="end", fill=colours.ink_2)
        x -= text_width(fact["label"], 12) + 16
    colour = getattr(colours, _STATE.get(phase, "ink_2"))
    chip = text_width(phase, 11) + 30
    room = x - 24 - text_width(title, 15) * 1.07 - chip - 20
    shown = fitted(name, 12, max(room, 60))
    start = 20 + text_width(title, 15) * 1.07
    content += text(16, 30, title, colours, size=15, weight=600)
    content += text(start, 30, shown, colours, fill=colours.ink_2)
    at = start + text_width(shown, 12) + 12
    content += box(at, 15, chip, 20, colours.sub_2, radius=10) + circle(at + 12, 25, 3.5, colour)
    content += text(at + 21, 29, phase.capitalize(), colours, size=11, weight=500, fill=colour)
    return content + line(0, _HEAD, WIDTH, _HEAD, colours.line)


def _pareto_panel(view: ParetoView, colours: Palette, noun: str) -> str:
    counts = " · ".join(filter(None, count_texts(view, noun)))
    content = text(16, 24, "Pareto front", colours, weight=600)
    content += text(16 + text_width("Pareto front", 12) + 16, 24, counts, colours, fill=colours.ink_2)
    if view.volume is not None:
        words = f"Hypervolume {view.volume:.3f}" + (f", random {view.twin_volume:.3f}" if view.twin_volume is not None else "")
        content += text(_SPLIT - 16, 24, words, colours, anchor="end", fill=colours.ink_2)
    chart = pareto_drawing(view, colours, _SPLIT - 24, HEIGHT - _HEAD - 48, noun)
    return content + group(chart.content, x=12, y=38)


def _selected_panel(selected: Selected | None, colours: Palette) -> str:
    width, height = WIDTH - _SPLIT, _FOOT - _HEAD
    if selected is None:
        return text(width / 2, height / 2, "No finished trial yet", colours, size=13, weight=600, anchor="middle")
    content = text(16, 24, selected.title, colours, weight=600)
    content += text(width - 16, 24, selected.note, colours, anchor="end", fill=colours.ink_2) if selected.note else ""
    drawings = [diagram_drawing(diagram, colours, compact=True) for diagram in selected.diagrams[:2]]
    content += _fitted_drawings(drawings, 12, 36, width - 24, height - 100)
    step = (width - 32) / max(1, len(selected.facts[:5]))
    for i, fact in enumerate(selected.facts[:5]):
        content += text(16 + i * step, height - 34, fitted(fact["label"], 11, step - 6), colours, size=11, fill=colours.ink_2)
        content += text(16 + i * step, height - 16, fact["value"], colours, size=13, weight=600)
    return content + line(0, height - 56, width, height - 56, colours.line)


def _fitted_drawings(drawings: Sequence[Drawing], x: float, y: float, width: float, height: float) -> str:
    """Below each other, centred, made smaller where they would not fit, never larger."""
    total = sum(drawing.height for drawing in drawings)
    scale = min([1.0, height / max(total, 1.0)] + [width / drawing.width for drawing in drawings])
    content, at = "", y + (height - total * scale) / 2
    for drawing in drawings:
        left = x + (width - drawing.width * scale) / 2
        content += f'<g transform="translate({left:.1f} {at:.1f}) scale({scale:.3f})">{drawing.content}</g>'
        at += drawing.height * scale
    return content
