"""`nas-explorer export`: the best network of a run, trained as it was, in a file of its own."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from nas_explorer.cli import main
from nas_explorer.tasks import load

SEARCH = ["search", "--space", "digits_cells", "--strategy", "random_search", "--estimator", "training", "--estimator-set", "epochs=1",
          "--trials", "2", "--run", "r", "--json"]
TABLE = ["search", "--space", "nas_bench_201", "--strategy", "random_search", "--trials", "3", "--run", "t", "--json"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def imported(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("model", Path(path).absolute())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_best_network_comes_out_as_the_search_measured_it(capsys: Capture) -> None:
    main(SEARCH)
    best = re.search(r'"best": .*?"validation_error": ([\d.]+)', capsys.readouterr().out)
    assert main(["export", "r", "--best", "--to", "model.py"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split() == ["model.py", "model.pt"]
    model, task = imported("model.py"), load("digits")
    with torch.no_grad():
        answers = model.load()(torch.tensor(task.validation.inputs)).argmax(dim=1).numpy()
    error = 100 * float((answers != task.validation.targets).mean())
    assert best is not None
    assert error == pytest.approx(float(best[1]), abs=1e-9)
    assert f"validation error {error:.2f} %" in printed.err
    for words in ("Trial ", "random_search in digits_cells", "test error", "(raw - mean) / deviation", "Classes: 0, 1, 2"):
        assert words in model.__doc__


def test_it_may_be_trained_for_longer(capsys: Capture) -> None:
    main(SEARCH)
    assert main(["export", "r", "--trial", "0", "--epochs", "2"]) == 0
    assert "epoch 2 of 2: training loss" in capsys.readouterr().err


def test_a_run_on_a_table_gives_fresh_weights_and_says_so(capsys: Capture) -> None:
    main(TABLE)
    assert main(["export", "t"]) == 0
    assert "the weights are random: estimator 'tabular' trains no network" in capsys.readouterr().err
    assert imported("model.py").load()(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize(("arguments", "message"), [
    (["t", "--trial", "7"], "--trial must be a number from 0 to 2, got 7"),
    (["t", "--epochs", "3"], "--epochs needs a run whose estimator trains, and 'tabular' does not"),
    (["t", "--to", "model.onnx"], "ends in .py"),
    (["nowhere"], "nowhere holds no run"),
])
def test_what_cannot_be_exported_is_said_in_words(arguments: list[str], message: str, capsys: Capture) -> None:
    main(TABLE)
    assert main(["export", *arguments]) != 0
    assert message in capsys.readouterr().err
