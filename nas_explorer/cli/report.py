"""`nas-explorer report RUN --to report.html`: one page that needs nothing else, to send or to keep."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from nas_explorer.errors import NasExplorerError, UnknownName
from nas_explorer.records import History
from nas_explorer.records.run import Run
from nas_explorer.search.kept_truth import truth_of
from nas_explorer.search.plan import SearchPlan, plan_of
from nas_explorer.search.twin import twin_of
from nas_explorer.spaces import Architecture
from nas_explorer.spaces.notation import notation
from nas_explorer.spaces.values import Scalar
from nas_explorer.views import RankFact, space_noun
from nas_explorer.views.report import KnownTruth, report_axes, report_html


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser("report", help="write a run as one offline HTML page")
    parser.add_argument("run", help="its folder")
    parser.add_argument("--to", default="report.html", metavar="FILE", help="by default report.html")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    page = report_of(Run.open(arguments.run))
    target = Path(arguments.to)
    try:
        target.write_text(page, encoding="utf-8")
    except OSError as error:
        raise NasExplorerError(f"{target} cannot be written: {error.strerror or error}; name another file with --to") from error
    print(target)
    return 0


def report_of(run: Run) -> str:
    """The page of a run; with its random twin and the truth where the estimator is a table."""
    twin, truth = None, KnownTruth()
    plan = _plan(run)
    if plan is not None and (random := twin_of(plan)) is not None:
        random.follow(run.history)
        twin, truth = random.history, _truth(plan, run.history)
    return report_html(
        _settings(run),
        run.space,
        run.history,
        twin=twin,
        truth=truth,
        noun=space_noun(run.space),
        spell=lambda architecture: notation(run.space, Architecture(architecture)),
    )


def _plan(run: Run) -> SearchPlan | None:
    """None for a run with parts of the user's own: it is reported all the same, without what only they know."""
    try:
        return plan_of(run.manifest)
    except UnknownName:
        return None


def _truth(plan: SearchPlan, history: History) -> KnownTruth:
    if (table := truth_of(plan)) is None:
        return KnownTruth()
    y, x = report_axes(history)
    points = np.array([values for _, values in table.front([x.name, y.name])]) if x != y else None

    def rank(architecture: Mapping[str, Scalar]) -> RankFact:
        found = table.rank(Architecture(architecture))
        return RankFact(found.rank, found.of, table.final_metric.label, found.percentile)

    return KnownTruth(None if points is None else (points[:, 0], points[:, 1]), table.optimum(y.name)[1], rank)


def _settings(run: Run) -> dict[str, Any]:
    manifest = run.manifest
    return {
        "name": run.folder.name,
        "space": manifest.space.get("name"),
        "strategy": manifest.strategy,
        "estimator": manifest.estimator,
        "objectives": [m.title for m in manifest.objectives],
        "budget": dict(manifest.budget),
        "seed": manifest.seed,
        "created": datetime.fromtimestamp(manifest.created).isoformat(sep=" ", timespec="minutes"),
        "versions": dict(manifest.versions),
    }
