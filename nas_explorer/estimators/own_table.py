"""A table of your own as a benchmark: architectures and what was measured of them, checked once, and the truth from then on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from nas_explorer.errors import InvalidArchitecture, InvalidMetric, InvalidOption
from nas_explorer.estimators.protocol import find_metrics
from nas_explorer.estimators.proxies import proxies
from nas_explorer.estimators.table_of_rows import OwnTable
from nas_explorer.options import check_one_of
from nas_explorer.records import Metric, metric
from nas_explorer.records.metric import KNOWN
from nas_explorer.spaces import Architecture, Decision, Scalar, SearchSpace, decisions, from_indices, size, to_indices
from nas_explorer.spaces.architecture import with_arrow

if TYPE_CHECKING:
    import pandas as pd

Described: TypeAlias = Metric | str                       # a Metric, the name of a known one, or "min" or "max"
ARCHITECTURE = "architecture"                             # a column of JSON objects, instead of a column a decision
SHOWN = 3                                                 # rows that a message names


def from_table(
    data: pd.DataFrame | str | os.PathLike[str],
    space: SearchSpace,
    metrics: Mapping[str, Described] | None = None,
    final: str | None = None,
    scale: Mapping[str, float] | None = None,
    duplicates: Literal["error", "mean", "first"] = "error",
    missing: Literal["fail", "error"] = "fail",
    known: Sequence[str] | None = None,
) -> OwnTable:
    """A tabular benchmark of a data frame, a CSV or a parquet file, in one call.

    A row is an architecture: a column a decision, by its id (`cell/0->1` may stand for `cell/0→1`; empty where it is not active), or
    one column `architecture` of JSON objects. All other columns are metrics if their names are known (`validation_error`,
    `latency_ms@phone`), or described in `metrics`, and must be numbers.

    Args:
        metrics: column -> a Metric, the name of a known one ("validation_accuracy"), or its direction, "min" or "max"; a column that is
            described in no way and has no known name is an error. Where given, columns of unknown names that it leaves out are ignored.
        final: the metric that counts in the end; by default test accuracy or error if there is one, else the first.
        scale: metric -> a factor, such as 100 for accuracies that are written as fractions.
        duplicates: what to do about architectures that come more than once: refuse, take the mean, or the first.
        missing: what to do about architectures of the space that the table lacks: let their trials fail, or refuse the table.
        known: metrics that are known before a trial, so that a search can be held to constraints on them, and a warm start go by them; by
            default parameters, multiply-adds, latencies, and whatever is called as a zero-cost proxy is.

    >>> import pandas as pd
    >>> from nas_explorer.spaces import Graph, SearchSpace, choice, op
    >>> network = Graph().input("image").node("layer", ["image"], op=choice("skip", op("conv", kernel=3)))
    >>> table = from_table(pd.DataFrame({"layer.op": ["skip", "conv_3x3"], "validation_error": [20.0, 10.0]}), SearchSpace("tiny", network))
    >>> table.optimum(), table.coverage
    ((Architecture(layer.op=conv_3x3), 10.0), 1.0)

    Raises:
        InvalidArchitecture: if a row is no architecture of the space, or comes twice; with the row, counted from 0.
        InvalidMetric: if a column's direction is not known, or a value is no number or cannot be in the metric's unit.
        InvalidOption: if the file cannot be read, a setting is unknown, or `missing="error"` and architectures are missing.
    """
    check_one_of("duplicates", duplicates, ("error", "mean", "first"))
    check_one_of("missing", missing, ("fail", "error"))
    frame = _frame(data)
    architectures, used = _architectures(frame, space)
    found = _metrics([str(name) for name in frame.columns if name not in used], metrics)
    values = {m.name: _numbers(frame, column, m, (scale or {}).get(m.name, 1.0)) for column, m in found.items()}
    if unknown := set(scale or {}) - set(values):
        raise InvalidOption(f"scale names {min(unknown)!r}, which is no metric of the table; it has {', '.join(values)}")
    rows, columns = _merged(architectures, values, duplicates)
    coverage = len(rows) / size(space)
    if missing == "error" and coverage < 1:
        raise InvalidOption(f"the table lacks {1 - coverage:.1%} of the {size(space):,} architectures of {space.name!r}; with "
                            "missing='fail' trials of them fail")
    named = tuple(found.values())
    return OwnTable(space, named, _final(named, final), columns, rows, coverage, _known(named, known))


def _frame(data: Any) -> pd.DataFrame:
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        frame = data
    elif isinstance(data, (str, os.PathLike)):
        path = Path(data)
        try:
            frame = _parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str, keep_default_na=False)
        except ImportError as error:
            raise InvalidOption(f"{path} cannot be read without the package pyarrow: pip install 'nas_explorer[parquet]'") from error
        except (OSError, ValueError) as error:
            raise InvalidOption(f"{path} is no table that can be read: {error}") from error
    else:
        raise InvalidOption(f"a table is a data frame, or the path of a CSV or parquet file, got {type(data).__name__}")
    if not len(frame):
        raise InvalidOption("the table has no rows")
    if len(set(frame.columns)) < len(frame.columns):
        raise InvalidOption(f"the columns of a table must differ, got {', '.join(map(str, frame.columns))}")
    return frame


def _parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path, engine="pyarrow")


def _architectures(frame: pd.DataFrame, space: SearchSpace) -> tuple[list[Architecture], set[str]]:
    """The architecture of every row, and the columns that they stand in."""
    known = {decision.id: decision for decision in decisions(space)}
    used = {str(name): known[with_arrow(str(name))] for name in frame.columns if with_arrow(str(name)) in known}
    if ARCHITECTURE in frame.columns:
        texts = frame[ARCHITECTURE].tolist()
        return [_architecture(space, row, _object(row, text)) for row, text in enumerate(texts)], {ARCHITECTURE}
    if not used:
        raise InvalidArchitecture(f"no column of the table is a decision of {space.name!r} ({', '.join(list(known)[:SHOWN])}, ...), and "
                                  f"there is no column {ARCHITECTURE!r}; it has {', '.join(map(str, frame.columns))}")
    cells = {decision: frame[name].tolist() for name, decision in used.items()}
    return [_architecture(space, row, {d.id: _option(d, column[row]) for d, column in cells.items() if not _is_empty(column[row])})
            for row in range(len(frame))], set(used)


def _object(row: int, text: Any) -> Mapping[str, Scalar]:
    try:
        found = dict(text) if isinstance(text, Mapping) else json.loads(text)
    except (TypeError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InvalidArchitecture(f"row {row}: an architecture is a JSON object of decisions and options, got {text!r:.200}")
    return found


def _architecture(space: SearchSpace, row: int, choices: Mapping[str, Scalar]) -> Architecture:
    try:
        return from_indices(space, to_indices(space, choices))
    except InvalidArchitecture as error:
        raise InvalidArchitecture(f"row {row}: {error}") from error


def _option(decision: Decision, cell: Any) -> Scalar:
    """What a cell means; a file holds texts, and pandas turns whole numbers with gaps into 3.0."""
    text = str(cell).strip()
    meant = {str(option): option for option in decision.options} | {str(option).lower(): option for option in decision.options}
    found: Scalar = meant.get(text, meant.get(text.removesuffix(".0"), cell))
    return found


def _is_empty(cell: Any) -> bool:
    return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip())


def _metrics(columns: Sequence[str], described: Mapping[str, Described] | None) -> dict[str, Metric]:
    if missing := [name for name in described or {} if name not in columns]:
        raise InvalidMetric(f"there is no column {missing[0]!r} to measure; the table has {', '.join(columns)}")
    found = {}
    for column in columns:
        if described and column in described:
            found[column] = _described(column, described[column])
        elif column.partition("@")[0] in KNOWN:
            found[column] = metric(column)
        elif described is None:
            raise InvalidMetric(f"whether more or less is better of column {column!r} is not known: say metrics={{{column!r}: 'min'}} or "
                                f"'max', give a Metric, or drop the column; known are {', '.join(KNOWN)}")
    if not found:
        raise InvalidMetric("the table has no column that measures anything")
    if len({m.name for m in found.values()}) < len(found):
        raise InvalidMetric(f"two columns are the same metric: {', '.join(f'{column} is {m.name}' for column, m in found.items())}")
    return found


def _described(column: str, what: Described) -> Metric:
    if isinstance(what, Metric):
        return what
    return Metric(column, "", what == "min", column.replace("_", " ")) if what in ("min", "max") else metric(what)


def _numbers(frame: pd.DataFrame, column: str, by: Metric, scale: float) -> npt.NDArray[np.float64]:
    import pandas as pd

    values: npt.NDArray[np.float64] = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=np.float64) * scale
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise InvalidMetric(f"{column} must be a finite number in every row, got {frame[column].iloc[bad[0]]!r:.60} in row {bad[0]}"
                            + (f", and {len(bad) - 1} more" if len(bad) > 1 else ""))
    if by.unit == "%" and (values.min() < 0 or values.max() > 100):
        at = int(np.flatnonzero((values < 0) | (values > 100))[0])
        raise InvalidMetric(f"{by.name} is in %, and row {at} has {values[at]:g}")
    if by.unit == "%" and values.max() <= 1 and values.max() > 0:
        raise InvalidMetric(f"{by.name} is in %, and no value of {column} is above 1; if these are fractions, give "
                            f"scale={{{by.name!r}: 100}}")
    if by.name.partition("@")[0] in ("parameter_count", "macs", "latency_ms", "energy_mj", "train_seconds") and values.min() < 0:
        raise InvalidMetric(f"{by.name} cannot be below 0, and row {int(values.argmin())} has {values.min():g}")
    return values


def _merged(architectures: Sequence[Architecture], values: Mapping[str, npt.NDArray[np.float64]],
            duplicates: str) -> tuple[dict[Architecture, int], dict[str, npt.NDArray[np.float64]]]:
    places: dict[Architecture, int] = {}
    place = np.array([places.setdefault(architecture, len(places)) for architecture in architectures])
    if len(places) == len(architectures):
        return places, dict(values)
    _, firsts = np.unique(place, return_index=True)
    if duplicates == "error":
        second = int(np.setdiff1d(np.arange(len(place)), firsts)[0])
        again = len(place) - len(places)
        raise InvalidArchitecture(f"row {second} is the architecture of row {firsts[place[second]]} again, one of {again} that come more "
                                  "than once; take duplicates='mean' or 'first'")
    if duplicates == "first":
        return places, {name: column[firsts] for name, column in values.items()}
    counts = np.bincount(place)
    return places, {name: np.bincount(place, weights=column) / counts for name, column in values.items()}


def _final(metrics: Sequence[Metric], name: str | None) -> Metric:
    if name is not None:
        return find_metrics(metrics, (name,))[0]
    return next((m for m in metrics if m.name.startswith(("test_accuracy", "test_error"))), metrics[0])


def _known(metrics: Sequence[Metric], given: Sequence[str] | None) -> tuple[str, ...]:
    if given is not None:
        return tuple(m.name for m in find_metrics(metrics, [given] if isinstance(given, str) else given))
    return tuple(m.name for m in metrics if m.name.partition("@")[0] == "latency_ms" or m.name in proxies())
