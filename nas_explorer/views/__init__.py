"""What is shown: plain data, and drawings of it. Plotly is loaded only by the function that makes a live figure."""

from nas_explorer.views.detail import RankFact, trial_detail
from nas_explorer.views.diagram import Diagram, diagram_svg, diagrams, drawn, network_diagram
from nas_explorer.views.figure_patch import pareto_patch
from nas_explorer.views.figures import figure_json, pareto_figure, pareto_plot
from nas_explorer.views.nouns import space_noun
from nas_explorer.views.operation_look import OperationLook, operation_look
from nas_explorer.views.palette import Palette, palette
from nas_explorer.views.pareto import ParetoView, count_texts, finding, pareto_summary, pareto_view
from nas_explorer.views.progress import (
    CurveView,
    best_so_far,
    budget_text,
    clock_text,
    curve_summary,
    curve_view,
    seconds_left,
)
from nas_explorer.views.table import RowBook, operation_tiles, trial_table
from nas_explorer.views.timeline import Timeline, timeline_of

__all__ = [
    "CurveView",
    "Diagram",
    "OperationLook",
    "Palette",
    "ParetoView",
    "RankFact",
    "Timeline",
    "best_so_far",
    "budget_text",
    "clock_text",
    "count_texts",
    "curve_summary",
    "curve_view",
    "diagram_svg",
    "diagrams",
    "drawn",
    "figure_json",
    "finding",
    "network_diagram",
    "operation_look",
    "RowBook",
    "operation_tiles",
    "palette",
    "pareto_figure",
    "pareto_patch",
    "pareto_plot",
    "pareto_summary",
    "pareto_view",
    "seconds_left",
    "space_noun",
    "timeline_of",
    "trial_detail",
    "trial_table",
]
