"""`nas-explorer export RUN --best --to model.py`: the network that a search found, as plain torch, a program, or ONNX."""

from __future__ import annotations

import argparse
import errno
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nas_explorer.errors import ExportFailed, InvalidOption
from nas_explorer.estimators import outcome
from nas_explorer.records import Trial
from nas_explorer.records.run import Run
from nas_explorer.search.chosen import chosen_trial
from nas_explorer.search.plan import plan_of
from nas_explorer.tasks.task import Task

WAIT_SECONDS = 2.0


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "export",
        help="write the network of a run as plain torch, a program of torch.export, or ONNX",
        description="Train the best network of a run from scratch, test it once, and write it down so that it runs without nas_explorer.",
    )
    parser.add_argument("run", help="its folder")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--best", action="store_true", help="the best trial, as by default")
    which.add_argument("--trial", type=int, metavar="NUMBER", help="another trial")
    parser.add_argument(
        "--to",
        action="append",
        metavar="FILE",
        help="model.py: plain torch; model.pt2: a program of torch.export; model.onnx: ONNX. May be given more than once",
    )
    parser.add_argument("--weights", choices=("pt", "safetensors"), default="pt", help="the file beside model.py")
    parser.add_argument(
        "--epochs", "--retrain", type=int, dest="epochs", metavar="EPOCHS", help="train for so many; by default as many as the search did"
    )
    parser.add_argument("--task", help="what to learn, where the run is on a table and trained nothing")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    from nas_explorer.models.export import writable

    opened = Run.open(arguments.run)
    targets = [writable(to, arguments.weights) for to in arguments.to or ["model.py"]]
    trial = chosen_trial(opened.history, arguments.trial)
    estimator = plan_of(opened.manifest).estimator
    if arguments.task is None and outcome.task_of(estimator) is None:
        if arguments.epochs is not None:
            raise InvalidOption(f"--epochs needs something to learn, and {opened.estimator_name!r} trains no network; add --task digits")
        network, facts = untrained(opened, trial)
    else:
        training = outcome.retraining(estimator, opened.space, trial.architecture, arguments.epochs, arguments.task)
        network, facts = trained(training)
    for target in targets:
        for path in written(network, target, "\n".join([note(opened, trial), *facts]), arguments.weights):
            print(path)
    return 0


def trained(training: Any) -> tuple[Any, list[str]]:
    """Train a trial's network from scratch, and look at the test part once.

    Returns:
        The network, and lines about it.
    """
    for seen in training:
        error = seen.values["validation_error"]
        loss = seen.values["train_loss"]
        print(f"epoch {seen.step} of {training.epochs}: training loss {loss:.4f}, validation error {error:.2f} %", file=sys.stderr)
    test, task = training.test["test_error"], training.training.data
    print(f"test error {test:.2f} %", file=sys.stderr)
    result = f"Trained for {training.epochs} epochs on {task.name}: validation error {error:.2f} %, test error {test:.2f} %."
    return training.network, [result, *reading(task)]


def untrained(run: Run, trial: Trial) -> tuple[Any, list[str]]:
    """The network with fresh weights, where the search trained none."""
    from nas_explorer.models import build

    print(f"the weights are random: estimator {run.estimator_name!r} trains no network, and no --task says what to learn", file=sys.stderr)
    return build(run.space, trial.architecture, seed=0), ["Its weights are random."]


def written(network: Any, target: Path, about: str, weights: Any) -> tuple[Path, ...]:
    """The files. Where the disk is full, wait until there is room: what was trained is not thrown away."""
    from nas_explorer.models.export import export_network

    said = False
    while True:
        try:
            return export_network(network, target, about, weights)
        except ExportFailed as error:
            if getattr(error.__cause__, "errno", None) not in (errno.ENOSPC, errno.EDQUOT):
                raise
            if not said:
                print(f"{error}. It waits and goes on when it can write; Ctrl-C gives up.", file=sys.stderr)
            said = True
            time.sleep(WAIT_SECONDS)


def note(run: Run, trial: Trial) -> str:
    """Where a network comes from."""
    values = ", ".join(f"{m.label} {trial.values[m.name]:.6g} {m.unit}".rstrip() for m in run.manifest.objectives if m.name in trial.values)
    return (f"Trial {trial.number} of a search by {run.strategy_name} in {run.space.name}: {values}.\n\n"
            f"Architecture: {json.dumps(dict(trial.architecture), ensure_ascii=False)}\n")


def reading(task: Task) -> list[str]:
    """How inputs have to come, and what the answers mean."""
    if task.kind == "text":
        return [f"Tokens are places in {json.dumps(''.join(task.classes))}."]
    means, deviations = ([round(float(value), 6) for value in array.ravel()] for array in (task.mean, task.deviation))
    return [
        f"Inputs are (raw - mean) / deviation, with mean {_one_or_all(means)} and deviation {_one_or_all(deviations)}.",
        f"Classes: {', '.join(task.classes)}.",
    ]


def _one_or_all(values: Sequence[float]) -> str:
    return str(values[0] if len(values) == 1 else list(values))
