"""`nas-explorer export RUN --best --to model.py`: the network that a search found, as plain torch."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nas_explorer.errors import InvalidOption, RunError
from nas_explorer.estimators.training import Training
from nas_explorer.records import Trial
from nas_explorer.records.run import Run
from nas_explorer.search.plan import plan_of
from nas_explorer.tasks.task import Task


def add_to(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "export",
        help="write the network of a run as plain torch",
        description="Train the best network of a run as the search did, and write it down so that it runs without nas_explorer.",
    )
    parser.add_argument("run", help="its folder")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--best", action="store_true", help="the best trial, as by default")
    which.add_argument("--trial", type=int, metavar="NUMBER", help="another trial")
    parser.add_argument("--to", default="model.py", metavar="FILE", help="model.py: plain torch; model.pt2: a program of torch.export")
    parser.add_argument("--epochs", type=int, help="train for so many epochs; by default as many as the search did")
    parser.set_defaults(run_command=run)


def run(arguments: argparse.Namespace) -> int:
    from nas_explorer.models.export import export, writable

    opened = Run.open(arguments.run)
    writable(arguments.to)
    trial = chosen(opened, arguments.trial)
    estimator = _innermost(plan_of(opened.manifest).estimator)
    if isinstance(estimator, Training):
        network, facts = trained(estimator if arguments.epochs is None else replace_epochs(estimator, arguments.epochs), trial)
    elif arguments.epochs is not None:
        raise InvalidOption(f"--epochs needs a run whose estimator trains, and {opened.estimator_name!r} does not")
    else:
        network, facts = untrained(opened, trial)
    for path in export(network, arguments.to, "\n".join([note(opened, trial), *facts])):
        print(path)
    return 0


def chosen(run: Run, number: int | None) -> Trial:
    """The trial to export.

    Raises:
        RunError: if no trial has finished.
        InvalidOption: if there is no finished trial of this number.
    """
    history = run.history
    if number is None:
        if history.best is None:
            raise RunError(f"{run.folder} has no finished trial yet, so there is no best one to export")
        return history.best
    if not 0 <= number < len(history):
        raise InvalidOption(f"--trial must be a number from 0 to {len(history) - 1}, got {number}")
    trial = history.trial(number)
    if trial.status == "failed":
        raise InvalidOption(f"trial {number} failed ({trial.message}); choose another one")
    return trial


def replace_epochs(estimator: Training, epochs: int) -> Training:
    """The same training, longer or shorter."""
    return replace(estimator, epochs=epochs).for_space(estimator.space)


def trained(estimator: Training, trial: Trial) -> tuple[Any, list[str]]:
    """Train a trial's network again, with the seed that it had in the search, and look at the test part once.

    Returns:
        The network, and lines about it.
    """
    from nas_explorer.estimators.loops.learner import threads

    learner = estimator.learner(trial.architecture)
    with threads(estimator.threads):
        for epoch in range(1, estimator.epochs + 1):
            loss = learner.train_epoch()
            error = learner.score(estimator.data.validation)["error"]
            print(f"epoch {epoch} of {estimator.epochs}: training loss {loss:.4f}, validation error {error:.2f} %", file=sys.stderr)
        test = learner.score(estimator.data.test)["error"]
    print(f"test error {test:.2f} %", file=sys.stderr)
    result = f"Trained for {estimator.epochs} epochs on {estimator.data.name}: validation error {error:.2f} %, test error {test:.2f} %."
    return learner.network, [result, *reading(estimator.data)]


def untrained(run: Run, trial: Trial) -> tuple[Any, list[str]]:
    """The network with fresh weights, where the search trained none."""
    from nas_explorer.models import build

    print(f"the weights are random: estimator {run.estimator_name!r} trains no network", file=sys.stderr)
    return build(run.space, trial.architecture, seed=0), ["Its weights are random."]


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


def _innermost(estimator: object) -> object:
    """The estimator that others wrap."""
    while hasattr(estimator, "wrapped"):
        estimator = estimator.wrapped
    return estimator
