"""What the tests of the views share: real searches, hostile names, and what a static drawing may not hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache

import numpy as np

from nas_explorer.estimators.tabular import Tabular
from nas_explorer.records import History, TrialFailed, TrialStarted, metric
from nas_explorer.spaces import SearchSpace, nas_bench_201, sample
from tests.toys import story

ERROR, PARAMS = metric("validation_error"), metric("parameter_count")
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'names'"
SPACE = nas_bench_201()


@lru_cache
def searched(count: int, seed: int, failed: int = 0) -> History:
    """Random cells with their real values, then so many failed trials. Do not change what you get."""
    rng = np.random.default_rng(seed)
    cells, table = [sample(SPACE, rng) for _ in range(count)], Tabular()
    values = [dict(next(iter(table.evaluate(cell))).values) for cell in cells]
    history = History([ERROR, PARAMS])
    for event in [e for e in story(cells, values) if e.kind != "search_finished"]:
        history.apply(event)
    for trial in range(count, count + failed):
        history.apply(TrialStarted(history.event_count, 1e6, trial, sample(SPACE, rng)))
        history.apply(TrialFailed(history.event_count, 1e6 + 1, trial, f"the loss became NaN {HOSTILE}", f"Traceback {HOSTILE}"))
    return history


def checked_svg(svg: str) -> ET.Element:
    """Parse a static SVG; assert that any reader can show it and that nothing in it can run or fetch."""
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "path", "rect", "circle", "text", "title"}
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("style", "class", "href", "id")
            assert not re.search(r"url\(|javascript:", value)
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    return root


def words_of(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter() if element.tag.endswith("}text")]


def hostile_space() -> SearchSpace:
    """A cell whose nodes, operations and own name are markup."""
    from nas_explorer.spaces import Graph, choice, op

    script = "<script>alert(1)<" + '\\script> & "q" \''
    cell = Graph().input("<b>x").node(script, {"<b>x": choice("skip", op("conv", kernel=3))})
    network = Graph().input("image").node("<i>stage", ["image"], op="<u>cell")
    return SearchSpace(HOSTILE.replace("/", "|"), network, (("<u>cell", cell),), 4)
