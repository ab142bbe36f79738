"""Everything that the view of a search's lineage shows, as plain data. No widget and no thread in here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from nas_explorer.errors import InvalidArchitecture
from nas_explorer.records import History, Metric
from nas_explorer.search.kept_truth import truth_of
from nas_explorer.search.questions import known_values, known_without_training
from nas_explorer.search.search import Search
from nas_explorer.views.axes import Axis, spoken
from nas_explorer.views.comparison import Comparison, compare, worth_table
from nas_explorer.views.decision_words import place_words
from nas_explorer.views.diagram import diagrams, drawn
from nas_explorer.views.differences import differences
from nas_explorer.views.explanation import why_sentence
from nas_explorer.views.lineage import Lineage, lineage, moment
from nas_explorer.views.lineage_picture import lineage_svg
from nas_explorer.views.lineage_tree import Mutation, mutations, option_tile, tree_columns, tree_words, value_axis
from nas_explorer.views.nouns import space_noun
from nas_explorer.views.numbers import Scale, column_scale
from nas_explorer.widgets.status import Status, announcement, banner, header

MOST_DIAGRAMS = 4  # pairs side by side
MOST_IN_PARTS = 8  # differences, each with what it is worth


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user has chosen.

    Attributes:
        selected: a trial, None for the best at the moment.
        compared: another that it is held against, None for its parent.
        moment: number of the trial whose end is the moment that is shown, None for now.
    """

    selected: int | None = None
    compared: int | None = None
    moment: int | None = None


class LineageContent:
    """Makes the data of the view; keeps what is dear to make again."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.noun = space_noun(search.plan.space)
        self.strategy = search.run.strategy_name
        self._known: tuple[Lineage, list[Mutation | None]] | None = None
        self._axis: Axis | None = None
        self._truth = truth_of(search.plan)

    @property
    def history(self) -> History:
        return self.search.history

    @property
    def family(self) -> Lineage:
        """Of everything that is known by now."""
        return self._grown()[0]

    def _grown(self) -> tuple[Lineage, list[Mutation | None]]:
        """The lineage and what each child changed; what was read before is not read again."""
        known = self._known
        if known is None or known[0].events != self.history.event_count:
            family = lineage(self.history, known[0] if known else None)
            before = known[1] if known else []
            known = self._known = family, before + mutations(self.history, self.search.plan.space, family, len(before))
        return known

    def tree(self) -> dict[str, Any]:
        family, changes = self._grown()
        self._axis = value_axis(self.history, self._axis)
        words = tree_words(self.history, family, self.strategy)
        return {**tree_columns(self.history, family, changes, self._axis), "words": words, "noun": self.noun}

    def header(self, status: Status) -> dict[str, Any]:
        """The dashboard's, with births and deaths in the place of times."""
        words, family = header(self.search, status), self.family
        dead = int((family.died >= 0).sum())
        facts = [{"label": "Born", "value": f"{len(self.history):,}"}]
        if family.population_size:
            facts.insert(0, {"label": "Population", "value": f"{family.population_size:,}"})
            facts.append({"label": "Dead", "value": f"{dead:,}"})
        return {**words, "title": "Lineage", "facts": facts, "reattach": f'nas.LineageView("{self.search.folder}")'}

    def banner(self, status: Status) -> dict[str, Any] | None:
        said = banner(self.search, status, None, self.history.failed_count)
        best = self.history.best
        if said is None or said["bold"] != "Done." or best is None or not self.family.is_tree:
            return said
        steps = len(self.family.line(best.number)) - 1
        first = self.history.objectives[0]
        value = spoken(best.values[first.name], first.unit)
        way = f"{steps} mutation{'s lead' if steps > 1 else ' leads'} to the best" if steps else "No mutation was better than this one"
        return {**said, "text": f"{way}, trial {best.number}, {first.label} {value}."}

    def announcement(self, status: Status) -> str:
        return announcement(self.search, status)

    # ---- the chosen one, beside its parent or another
    def events_at(self, choice: Choice) -> int:
        """How many events were known at the moment that is shown: all until the next trial began."""
        family = self.family
        if choice.moment is None or not 0 <= choice.moment < len(self.history) - 1:
            return family.events
        return int(family.began[choice.moment + 1])

    def shown(self, choice: Choice) -> tuple[int | None, int | None]:
        """(the trial that is shown, the one before it on the left); nothing that was not born at that moment."""
        family = self.family
        then = moment(family, self.events_at(choice))
        chosen = choice.selected if choice.selected in then.born else then.incumbent
        if chosen is None:
            return None, None
        if choice.compared in then.born and choice.compared != chosen:
            return chosen, choice.compared
        return chosen, family.parents[chosen][0] if family.parents[chosen] else None

    def detail(self, choice: Choice) -> dict[str, Any] | None:
        """The panel beside the tree."""
        chosen, other = self.shown(choice)
        if chosen is None:
            return None
        why = why_sentence(self.history, self.search.plan.space, chosen)
        own = {"trial": chosen, "why": why, "second": self._side(chosen, "Trial"), "message": self.history.failure(chosen)[0]}
        if other is None:
            return {**own, "title": "No parent" if self.family.is_tree else "One trial", "first": None, **self._alone(chosen)}
        if other not in self.family.parents[chosen]:
            own["why"] = f"Trial {chosen}: {why}" if why else ""
            return {**own, "title": "Two architectures", "first": self._side(other, "Trial"), **self._beside(other, chosen)}
        sides = {"first": self._side(other, "Parent"), "second": self._side(chosen, "Child")}
        return {**own, "title": "One mutation", **sides, **self._beside(other, chosen)}

    def _side(self, trial: int, word: str) -> dict[str, Any]:
        return {"trial": trial, "word": word, "status": self.history.status(trial), "rank": self._rank(trial)}

    def _alone(self, trial: int) -> dict[str, Any]:
        found = diagrams(self.search.plan.space, self.history.architecture(trial))
        return {
            "pairs": [["", drawn(diagram, "css")] for diagram in found[:MOST_DIAGRAMS]],
            "changes": [],
            "rows": _rows(self._comparison(trial, trial), alone=True),
            "worths": None,
        }

    def _beside(self, first: int, second: int) -> dict[str, Any]:
        found = self._comparison(first, second, in_parts=True)
        changes = [(place_words(d.decision), option_tile(d.first), option_tile(d.second)) for d in found.differences]
        return {
            "pairs": [[drawn(a, "css"), drawn(b, "css")] for a, b in found.diagrams[:MOST_DIAGRAMS]],
            "changes": [{"place": place, "before": before, "after": after} for place, before, after in changes],
            "rows": _rows(found),
            "worths": worth_table(found),
        }

    def _comparison(self, first: int, second: int, in_parts: bool = False) -> Comparison:
        one, other = self.history.trial(first), self.history.trial(second)
        space = self.search.plan.space
        values = known_values(space, one), known_values(space, other)
        # One difference is worth the whole change, and very many would be neither read in a panel nor quick to know.
        asked = in_parts and 2 <= len(differences(space, one.architecture, other.architecture)) <= MOST_IN_PARTS
        look_up, history = (known_without_training(space, self.search.plan.estimator), self.history) if asked else (None, None)
        return compare(space, one.architecture, other.architecture, values, self._metrics(), look_up=look_up, history=history)

    def _metrics(self) -> tuple[Metric, ...]:
        costs = [m for m in self.search.run.manifest.metrics if m.name in ("parameter_count", "macs")]
        return tuple(dict.fromkeys((*self.history.objectives, *costs)))

    def _rank(self, trial: int) -> str:
        if self._truth is None:
            return ""
        try:
            return f"{self._truth.rank(self.history.architecture(trial)).rank:,}"
        except InvalidArchitecture:  # a table with holes
            return ""

    def picture(self, status: Status, choice: Choice) -> str:
        """The moment that is shown as a static SVG, for a notebook that is read without a kernel."""
        words = self.header(status)
        chosen, other = self.shown(choice)
        pair = None if chosen is None or other is None else (other, chosen, self._comparison(other, chosen))
        tree, at = self.tree(), self.events_at(choice)
        return lineage_svg(words["name"], words["word"], words["facts"], tree, self.family, moment(self.family, at), pair)


def _rows(found: Comparison, alone: bool = False) -> list[dict[str, str]]:
    """The metrics of both, with the change from the first to the second; of one that stands alone there is none."""
    rows = []
    for c in found.changes:
        label = c.metric.label[:1].upper() + c.metric.label[1:]
        scale = Scale() if c.metric.unit else column_scale(c.metric, [c.first, c.second])
        first, second, change = (_scaled(value, scale, c.metric) for value in (c.first, c.second, c.change))
        sign = "+" if c.change > 0 else ""
        beside = {"first": first, "change": "±0" if c.change == 0 else sign + change, "tone": c.tone}
        rows.append({"label": label, "second": second, **({"first": "", "change": "", "tone": ""} if alone else beside)})
    return rows


def _scaled(value: float, scale: Scale, metric: Metric) -> str:
    """A value or a change in its row's scale: `0.83 M`."""
    return "–" if math.isnan(value) else f"{scale.text(value, metric.unit)} {scale.sign}{metric.unit}".rstrip()
