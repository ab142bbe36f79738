"""Everything that the view of a race shows, as plain data. No widget and no thread in here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nas_explorer.races.race import Race
from nas_explorer.records import shown
from nas_explorer.records.race_history import CLOCKS, Clock, RaceHistory
from nas_explorer.strategies.catalog import CATALOG as STRATEGIES
from nas_explorer.views.axes import spoken
from nas_explorer.views.palette import CSS
from nas_explorer.views.race import CLOCK_WORDS, LaneCurve, RaceLines, race_view, steady_grid
from nas_explorer.views.race_axes import RaceAxis, x_axis, y_axis
from nas_explorer.views.race_figure import lane_style
from nas_explorer.views.race_measure import Measure, What, measure
from nas_explorer.views.race_moments import moments
from nas_explorer.views.race_picture import race_svg
from nas_explorer.views.race_ranking import Ranking, ranking
from nas_explorer.views.race_table import RaceRow, race_rows
from nas_explorer.widgets.race_view_status import LIMITS, finding, percent

WHATS: dict[What, str] = {"regret": "Regret", "best": "Best so far", "hypervolume": "Hypervolume"}
CLOCK_NAMES: dict[Clock, str] = {"trials": "Trials", "seconds": "Simulated seconds", "epochs": "Epochs"}
MARKERS = ("circle", "square", "triangle", "diamond", "wedge", "plus")
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user wants to see; whatever the race has not is left out.

    Attributes:
        moment: how many events are known; None for all.
    """

    what: str = ""
    metric: str = ""
    clock: str = ""
    moment: int | None = None


class RaceContent:
    """Makes the data of the view."""

    def __init__(self, race: Race) -> None:
        self.race = race

    @property
    def history(self) -> RaceHistory:
        return self.race.history

    # ---- what is looked at
    def measure(self, choice: Choice) -> Measure:
        manifest = self.race.manifest
        metric = choice.metric if choice.metric in {m.name for m in manifest.metrics} else manifest.metrics[0].name
        what = choice.what if choice.what in [name for name, _ in self._whats(metric)] else None
        return measure(self.history, metric, what, manifest.optima)

    def clock(self, choice: Choice) -> Clock:
        known = [name for name, _ in self._clocks()]
        return next((clock for clock in known if clock == choice.clock), self.race.clock)

    def _whats(self, metric: str) -> list[tuple[What, str]]:
        fits = {"regret": metric in self.race.manifest.optima, "best": True, "hypervolume": self.race.manifest.objective_count > 1}
        return [(what, words) for what, words in WHATS.items() if fits[what]]

    def _clocks(self) -> list[tuple[Clock, str]]:
        """Those that have gone on, or by which the budget goes."""
        gone = {clock for clock in CLOCKS for lane in self.history.lanes.values() if lane.spent[clock].any()}
        return [(clock, CLOCK_NAMES[clock]) for clock in CLOCKS if clock in gone or clock == self.race.clock or clock == "trials"]

    def _end(self, clock: Clock) -> float:
        """Of the clock's axis: the budget; without one, where the race has come to, in steps while it runs."""
        limit = self.race.manifest.budget.get(LIMITS[clock])
        if limit is not None:
            return float(limit)
        most = max((float(lane.spent[clock].max()) for lane in self.history.lanes.values()), default=0.0)
        return most if self.history.finished or most <= 0 else _nice_above(most)

    def _lines(self, history: RaceHistory, choice: Choice) -> RaceLines:
        by, clock = self.measure(choice), self.clock(choice)
        grid = steady_grid(self.history, clock, self._end(clock))
        return race_view(history, by.metric.name, clock, by.what, self.race.manifest.optima, self.race.manifest.notes, grid)

    # ---- the plot: all of it, with what a replay needs to show a part
    def plot(self, choice: Choice) -> dict[str, Any]:
        by, clock = self.measure(choice), self.clock(choice)
        lines = self._lines(self.history, choice)
        then = moments(self.history, clock)
        end = self._end(clock)
        return {
            "what": by.what, "metric": by.metric.name, "clock": clock,
            "whats": self._whats(by.metric.name), "clocks": self._clocks(),
            "metrics": [[m.name, m.label] for m in self.race.manifest.metrics],
            "title": _title(by, clock), "caption": lines.caption, "seeds": self.race.manifest.searches,
            "x_title": CLOCK_WORDS[clock], "y_title": lines.y_title,
            "less_is_better": by.less_is_better, "log_fits": by.what == "regret",
            "x_axes": [_axis(x_axis(lines, end, log)) for log in (False, True)],
            "y_axes": [_axis(y_axis(lines, log and by.what == "regret")) for log in (False, True)],
            "lanes": [self._lane(curve) for curve in lines.lanes],
            "moments": {
                "events": then.events.tolist(), "spots": _short(then.spots), "reach": [_short(row) for row in then.reach],
                "end": float(then.spots[-1]) if self.history.finished and then.spots.size else max(end, 1.0),
            },
        }

    def _lane(self, curve: LaneCurve) -> dict[str, Any]:
        look = {"name": curve.name, **self._look(curve.name), "state": curve.state, "note": curve.note}
        return {**look, "x": _short(curve.x), "middle": _short(curve.middle), "low": _short(curve.low), "high": _short(curve.high)}

    def _look(self, name: str) -> dict[str, Any]:
        """Colour, dashes and marker: random search is grey, dashed and a cross, wherever it is drawn."""
        random = self.race.random_lane
        if name == random:
            return {"random": True, "colour": CSS.random, "dash": "dash", "marker": "cross"}
        number = [lane for lane in self.history.lanes if lane != random].index(name)
        colour, dash = lane_style(number, CSS)
        return {"random": False, "colour": colour, "dash": dash, "marker": MARKERS[number % len(MARKERS)]}

    # ---- the moment that is shown: who is ahead
    def then(self, choice: Choice) -> RaceHistory:
        return self.history if choice.moment is None else self.history.at(choice.moment)

    def ranking(self, choice: Choice) -> Ranking:
        by = self.measure(choice)
        what: What = "hypervolume" if by.what == "hypervolume" else "best"
        return ranking(self.then(choice), by.metric.name, self.clock(choice), self.race.random_lane, what)

    def rows(self, choice: Choice, ranked: Ranking) -> list[RaceRow]:
        then = self.then(choice)
        return race_rows(then, self.measure(choice), self._lines(then, choice), ranked, self.race.random_lane)

    def table(self, choice: Choice, rows: Sequence[RaceRow]) -> dict[str, Any]:
        by, history = self.measure(choice), self.then(choice)
        finite = np.concatenate([row.finals for row in rows] or [np.zeros(0)])
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        random = next((row for row in rows if row.verdict == "baseline"), None)

        def share(value: float) -> float | None:
            return None if not math.isfinite(value) else round((value - low) / (high - low), 4) if high > low else 0.5

        unit = "" if by.what == "hypervolume" else by.metric.unit
        return {
            "word": {"regret": "regret", "best": by.metric.label, "hypervolume": "hypervolume"}[by.what] + (f" ({unit})" if unit else ""),
            "ends": [shown(low, unit), shown(high, unit)] if finite.size else ["", ""],
            "random": share(random.middle) if random else None,
            "rows": [{
                "name": row.name, **self._look(row.name), "place": row.place, "middle": shown(row.middle, unit),
                "spread": _range(row.low, row.high, unit), "mean": shown(row.mean, unit),
                "interval": _range(row.mean_low, row.mean_high, unit),
                "seeds": [share(value) for value in row.finals.tolist()], "tick": share(row.middle), "trials": f"{row.trials:,.0f}",
                "speed_up": "" if row.speed_up is None else f"{row.speed_up:.1f}×",
                "beats": "" if row.beats is None else percent(row.beats),
                "verdict": row.verdict, "state": history.lanes[row.name].state, "note": history.lanes[row.name].message,
            } for row in rows],
        }

    def offers(self, phase: str) -> list[str]:
        """Strategies that may come to the race now; none while it runs."""
        if phase not in ("idle", "finished", "stopped", "interrupted"):
            return []
        return [name for name in STRATEGIES.names() if name not in self.race.manifest.lanes]

    # ---- what is measured
    def facts(self, choice: Choice) -> list[dict[str, str]]:
        by, manifest = self.measure(choice), self.race.manifest
        judge = ", ".join(m.label for m in manifest.metrics[: manifest.objective_count])
        facts = [("Metric", by.metric.title if by.what != "hypervolume" else "hypervolume of the front"), ("Searched on", judge)]
        if by.optimum is not None and by.what != "hypervolume":
            facts += [("Value", "mean over the table's trainings"), ("Best there is", spoken(by.optimum, by.metric.unit))]
        if by.what == "regret":
            facts += [("Regret", "distance from the best")]
        if by.what == "hypervolume" and by.reference:
            values = (spoken(v, m.unit) for v, m in zip(by.reference, self.history.objectives, strict=True))
            facts += [("Up to", ", ".join(values))]
        simulated = "simulated, from the table" if manifest.optima else "measured"
        facts += [("Clock", {"trials": "trials", "seconds": simulated, "epochs": "epochs of training"}[self.clock(choice)])]
        return [{"label": label, "value": value} for label, value in facts]

    def picture(self, word: str, facts: Sequence[dict[str, str]], choice: Choice, fluid: bool = True) -> str:
        """A moment as a static SVG: for a notebook that is read without a kernel, and to take along."""
        ranked = self.ranking(choice)
        rows, lines = self.rows(choice, ranked), self._lines(self.then(choice), choice)
        sentence = " ".join(finding(rows, ranked)).strip()
        end, random = self._end(self.clock(choice)), self.race.random_lane
        return race_svg(self.name, word, facts, lines, end, rows, random, sentence, fluid=fluid)

    @property
    def name(self) -> str:
        manifest = self.race.manifest
        data = str(dict(manifest.estimator.get("options") or {}).get("dataset", ""))
        return " · ".join(filter(None, (self.race.space.name, str(manifest.estimator.get("name")), data)))


def _title(by: Measure, clock: Clock) -> str:
    over = {"trials": "trials", "seconds": "time", "epochs": "epochs"}[clock]
    return f"{'Best so far' if by.what == 'best' else WHATS[by.what]} over {over}"


def _range(low: float, high: float, unit: str) -> str:
    return f"{shown(low, unit)} – {shown(high, unit)}" if math.isfinite(low) and math.isfinite(high) else ""


def _axis(axis: RaceAxis) -> dict[str, Any]:
    return {"low": axis.low, "high": axis.high, "ticks": axis.ticks, "is_log": axis.is_log}


def _short(values: Any) -> list[float | None]:
    """Six digits that count; what is infinite or unknown is None."""
    return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values.tolist()]


def _nice_above(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _NICE if step * power >= value * (1 - 1e-9))


