"""`nas-explorer export`: the best network of a run, trained as it was, in a file of its own."""

from __future__ import annotations

import errno
import importlib.util
import re
from pathlib import Path
from typing import Any

import onnxruntime
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
    assert "the weights are random: estimator 'tabular' trains no network, and no --task says what to learn" in capsys.readouterr().err
    assert imported("model.py").load()(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


def test_one_training_goes_out_in_every_form(capsys: Capture) -> None:
    main(SEARCH)
    forms = ["--to", "model.py", "--to", "model.pt2", "--to", "model.onnx"]
    assert main(["export", "r", "--best", *forms, "--weights", "safetensors", "--retrain", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split()[-4:] == ["model.py", "model.safetensors", "model.pt2", "model.onnx"]
    x = torch.tensor(load("digits").validation.inputs[:5])
    with torch.no_grad():
        answers = imported("model.py").load()(x)
        assert torch.allclose(torch.export.load("model.pt2").module()(x), answers, atol=1e-5)
    session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(["output"], {session.get_inputs()[0].name: x.numpy()})
    assert abs(found - answers.numpy()).max() < 1e-4


def test_the_winner_on_a_table_is_trained_on_a_task_that_is_named(capsys: Capture) -> None:
    main(["search", "--space", "nas_bench_201", "--strategy", "random_search", "--trials", "1", "--seed", "3", "--run", "t", "--json"])
    assert main(["export", "t", "--retrain", "1", "--task", "digits"]) == 0
    assert "test error" in capsys.readouterr().err
    assert imported("model.py").load()(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_a_full_disk_does_not_throw_away_what_was_trained(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    main(TABLE)
    kept, tries = torch.save, []

    def full_at_first(state: object, file: Any) -> None:
        tries.append(file)
        if len(tries) < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        kept(state, file)

    monkeypatch.setattr(torch, "save", full_at_first)
    monkeypatch.setattr("nas_explorer.cli.export.WAIT_SECONDS", 0.0)
    assert main(["export", "t"]) == 0
    assert capsys.readouterr().err.count("No space left on device; name another file. It waits and goes on when it can write") == 1
    assert imported("model.py").load()(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize(("arguments", "message"), [
    (["t", "--trial", "7"], "trial must be a number from 0 to 2, got 7"),
    (["t", "--epochs", "3"], "--epochs needs something to learn, and 'tabular' trains no network; add --task digits"),
    (["t", "--to", "model.h5"], "ends in .py"),
    (["nowhere"], "nowhere holds no run"),
])
def test_what_cannot_be_exported_is_said_in_words(arguments: list[str], message: str, capsys: Capture) -> None:
    main(TABLE)
    assert main(["export", *arguments]) != 0
    assert message in capsys.readouterr().err
