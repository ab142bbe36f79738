"""Watching one training: its learning curve in the notebook, redrawn after every epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from nas_explorer.records import Measurement, Metric
from nas_explorer.views.learning_curve import LearningCurve, learning_curve, learning_curve_svg


class Watched(Protocol):
    """A training that is under way while it is iterated, such as `search.retrain()` gives."""

    @property
    def metric(self) -> Metric: ...

    @property
    def epochs(self) -> int: ...

    @property
    def curve(self) -> Sequence[Measurement]: ...

    @property
    def test(self) -> Mapping[str, float]: ...

    def __iter__(self) -> Iterator[Measurement]: ...


W = TypeVar("W", bound=Watched)


def watch(training: W) -> W:
    """Run a training to its end and show its learning curve meanwhile; in a plain terminal a line an epoch.

    Returns:
        The training, over now: `network` is trained, `test` says what it is worth on examples that no search has seen.
    """
    handle = _placed(_seen(training))
    for _ in training:
        _show(handle, _seen(training))
    _show(handle, replace(_seen(training), test=training.test))
    return training


def _seen(training: Watched) -> LearningCurve:
    return learning_curve(training.curve, training.epochs, training.metric, {})


def _placed(curve: LearningCurve) -> Any:
    """The place in the notebook that is redrawn; None outside of one."""
    from IPython import get_ipython
    from IPython.display import display

    return display(_bundle(curve), raw=True, display_id=True) if hasattr(get_ipython(), "kernel") else None


def _show(handle: Any, curve: LearningCurve) -> None:
    if handle is None:
        print(curve.words)
    else:
        handle.update(_bundle(curve), raw=True)


def _bundle(curve: LearningCurve) -> dict[str, str]:
    return {"image/svg+xml": learning_curve_svg(curve), "text/plain": curve.words}
