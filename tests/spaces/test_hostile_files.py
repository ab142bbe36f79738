"""A thousand damaged or hostile space files: each is read as a space or refused in words, quickly; names stay texts."""

from __future__ import annotations

import copy
import json
import random
import time

import pytest

from nas_explorer.errors import InvalidSpace
from nas_explorer.spaces import load, names, problems, size, space_from_json, to_code, to_json

ORIGINALS = [json.dumps(to_json(load(name))) for name in names() if name != "nasnet"]
HOSTILE = ["<script>alert(1)</script>", "'); import os; os.abort(); ('", "\"\"\"", "\\", "\x00", "\u202e", "a/b", "→", "", " ", "0",
           "__class__", "x" * 10_000, 10**400, -1, 0, 1e308, float("nan"), float("inf"), True, False, None, [], {}, [[]], {"op": "conv"},
           {"choice": []}, {"choice": [{"op": "skip"}] * 50}, {"palette": "operations"}, {"palette": "operations", "name": ""},
           {"op": "conv", "kernel": 10**9}, {"op": "conv", "palette": 3}, "2C", "999999C", "C/9999999", {"choice": list(range(200))}]


def nested(depth, rng: random.Random):
    value = {"op": "skip"}
    for _ in range(depth):
        value = rng.choice([[value], {"choice": [value]}, {"op": value}])
    return value


def damaged(data, rng: random.Random):
    """One to three parts replaced, erased, doubled or moved."""
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        places = list(_places(data))
        holder, key = rng.choice(places)
        gesture = rng.randrange(5)
        if gesture == 0:
            holder[key] = copy.deepcopy(rng.choice(HOSTILE))
        elif gesture == 1:
            del holder[key]
        elif gesture == 2:
            other, place = rng.choice(places)
            holder[key] = copy.deepcopy(other[place]) if place in (other if isinstance(other, dict) else range(len(other))) else 3
        elif gesture == 3 and isinstance(holder, list):
            holder.extend(copy.deepcopy(holder[key]) for _ in range(rng.choice([1, 40])))
        else:
            holder[key] = nested(rng.choice([2, 50]), rng)
        if not list(_places(data)):
            break
    return data


def _places(data):
    for key, inner in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


@pytest.mark.parametrize("part", range(10))
def test_a_hundred_damaged_files_are_spaces_or_refused(part):
    rng, spaces, slowest = random.Random(part), 0, 0.0
    for _ in range(100):
        data = damaged(json.loads(rng.choice(ORIGINALS)), rng)
        started = time.perf_counter()
        try:
            space = space_from_json(data)
            found = problems(space)
        except InvalidSpace as error:
            assert 0 < len(str(error)) < 3_000                     # noqa: PT017  (either outcome is right)
        else:
            spaces += 1
            assert all(isinstance(what, str) for what in found)
            assert space_from_json(json.loads(json.dumps(to_json(space)))) == space
            drawn = {}
            exec(to_code(space), drawn)
            assert drawn["space"] == space
            if not found:
                assert size(space) >= 1
        slowest = max(slowest, time.perf_counter() - started)
    assert 2 < spaces < 98
    assert slowest < 3


def test_ten_thousand_nodes_are_read_or_refused_in_time():
    nodes = [{"name": f"n{i}"} for i in range(9_999)]
    edges = [{"source": f"n{i - 1}" if i else "x", "target": f"n{i}"} for i in range(9_999)]
    data = {"format": 1, "name": "long", "network": {"inputs": ["x"], "nodes": nodes, "edges": edges}}
    started = time.perf_counter()
    assert size(space_from_json(data)) == 1
    with pytest.raises(InvalidSpace, match="at most 10,000 entries are read"):
        space_from_json({**data, "network": {"inputs": ["x"], "nodes": [*nodes, *nodes]}})
    assert time.perf_counter() - started < 5
