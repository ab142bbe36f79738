"""A user's own operation, written in a cell: the background kernel and the workers build networks with it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from nas_explorer.errors import InvalidOption
from nas_explorer.models import operation
from nas_explorer.records.run import Run
from nas_explorer.search import kernel
from nas_explorer.search.parcel import packed, unpacked
from nas_explorer.spaces import Graph, SearchSpace, choice, op, primitives
from nas_explorer.spaces.own_operations import OWN, own_operations

ROOT = Path(__file__).parents[2]
CELL = """
import nas_explorer as nas
from nas_explorer import models
from nas_explorer.spaces import Graph, SearchSpace, choice, op
from torch import nn

class Gain(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer
    def forward(self, x):
        return 2 * self.layer(x)

@models.operation("gain_conv", kernel=3)
def gain_conv(source, result, stride, kernel):
    if kernel == 5:
        raise RuntimeError("five is right out")
    return Gain(nn.Conv2d(source.channels, result.channels, kernel, stride, kernel // 2))

graph = Graph().input("image").node("layer", ["image"], op=choice(*(op("gain_conv", kernel=k) for k in (1, 3, 5))), channels=4)
graph = graph.node("pool", ["layer"], op="global_pool").node("logits", ["pool"], op=op("linear", features=10))
space = SearchSpace("own", graph, resolution=8, input_channels=(1,))
search = nas.Search(space, "random_search", nas.estimators.Training("digits", epochs=1), budget=6, seed=1, workers={workers}, run={run!r})
search.start()
search.wait(90)
"""


@pytest.fixture(autouse=True)
def _own_operations() -> Iterator[None]:
    """Operations that a test registers are gone after it."""
    before = dict(primitives._PRIMITIVES), dict(OWN)
    yield
    for register, kept in zip((primitives._PRIMITIVES, OWN), before, strict=True):
        for name in register.keys() - kept.keys():
            del register[name]


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a notebook's kernel."""
    manager = KernelManager()
    manager.start_kernel(cwd=str(ROOT), env={**os.environ, "JPY_PARENT_PID": str(os.getpid())})
    client = manager.blocking_client()
    client.start_channels(hb=False)
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def kill(folder: Path) -> None:
    if kernel.is_running(folder):
        os.kill(json.loads((folder / kernel.OWNER).read_text())["pid"], signal.SIGKILL)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("workers", [1, 2])
def test_an_operation_of_a_notebook_s_cell_is_known_where_the_search_runs(notebook: Any, folder: Path, workers: int) -> None:
    try:
        cell = CELL.replace("{workers}", str(workers)).replace("{run!r}", repr(str(folder)))
        reply = notebook.execute_interactive(cell, timeout=120, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok", reply["content"]
        end = time.monotonic() + 10
        while (folder / "writer.lock").exists() and kernel.is_running(folder) and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        kill(folder)
    history = Run.open(folder).history
    assert history.phase == "finished"
    options = {trial.number: trial.architecture["layer.op"] for trial in history.trials()}
    assert {"gain_conv_5x5", "gain_conv_3x3"} <= {*options.values()}
    for trial in history.trials():
        if options[trial.number] == "gain_conv_5x5":
            assert (trial.status, trial.message) == ("failed", "five is right out")
        else:
            assert trial.status == "finished"
            weights = 4 * 4 * (1 if options[trial.number] == "gain_conv_1x1" else 9) + 4
            assert trial.values["parameter_count"] == weights + (4 + 8) + 50             # and the way from 1 channel to 4, and the answer


def drawing(*names: str) -> SearchSpace:
    graph = Graph().input("image").node("layer", ["image"], op=choice(*map(op, names)), channels=2)
    return SearchSpace("drawn", graph.node("pool", ["layer"], op="global_pool").node("logits", ["pool"], op=op("linear", features=2)))


def test_only_what_a_space_draws_with_travels_and_it_arrives_with_its_cost() -> None:
    for name in ("mine", "other"):
        operation(name, cost=lambda *_: (7, 70))(lambda *_: None)                          # type: ignore[arg-type,return-value]
    space = drawing("mine", "skip")
    assert [own.name for own in own_operations(space)] == ["mine"]
    parcel = packed({"strategy": 3}, own_operations(space))
    del OWN["mine"], primitives._PRIMITIVES["mine"]
    assert unpacked(parcel) == {"strategy": 3}
    assert primitives.PRIMITIVES["mine"].cost(None, None, 1) == (7, 70)
    assert packed({}) == ""
    assert unpacked("") == {}


def test_what_cannot_travel_is_named() -> None:
    lock = threading.Lock()
    operation("locked", cost=lambda *_: (0, 0))(lambda *_: lock)                            # type: ignore[arg-type,return-value]
    with pytest.raises(InvalidOption, match=r"locked cannot be handed to another process: .*lock.*search\.events\(\) and one worker"):
        packed({}, own_operations(drawing("locked")))
