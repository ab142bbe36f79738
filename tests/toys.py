"""A toy problem with a known best answer: a row of switches, and the more of them are on the better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from nas_explorer.records import Event, Measured, Measurement, Metric, SearchFinished, SearchStarted, TrialFinished, TrialStarted, metric
from nas_explorer.spaces import Architecture, Graph, SearchSpace, choice, op


def switches(count: int = 6) -> SearchSpace:
    """2 ** count architectures: each layer is a skip or a 3x3 convolution."""
    network = Graph().input("image")
    last = "image"
    for i in range(count):
        network = network.node(f"layer{i}", [last], op=choice("skip", op("conv", kernel=3)))
        last = f"layer{i}"
    return SearchSpace("switches", network, channels=4, resolution=8)


def on(architecture: Architecture) -> int:
    return sum(option == "conv_3x3" for option in architecture.values())


@dataclass(frozen=True)
class CountOff:
    """validation_error is the share of switches that are off, in percent; latency_ms how many are on."""

    epochs: int = 1
    misbehave: Callable[[Architecture], None] = field(default=lambda architecture: None, compare=False)
    metrics: tuple[Metric, ...] = (metric("validation_error"), metric("latency_ms"), metric("train_seconds"))

    def check_space(self, space: SearchSpace) -> None:
        return None

    def measuring(self, names: Sequence[str]) -> CountOff:
        return self

    def evaluate(self, architecture: Architecture) -> Iterator[Measurement]:
        self.misbehave(architecture)
        for epoch in range(self.epochs):
            error = 100.0 * (1 - on(architecture) / len(architecture)) + (self.epochs - 1 - epoch)
            yield Measurement(
                epoch + 1 if self.epochs > 1 else 0,
                {"validation_error": error, "latency_ms": float(on(architecture)), "train_seconds": 10.0 * (epoch + 1)},
            )


def story(architectures: Sequence[Architecture], values: Sequence[dict[str, float]]) -> list[Event]:
    """The events of a search that finished these trials."""
    events: list[Event] = [SearchStarted(0, 100.0)]
    for trial, (architecture, value) in enumerate(zip(architectures, values, strict=True)):
        at = 101.0 + trial
        events.append(TrialStarted(len(events), at, trial, architecture))
        events.append(Measured(len(events), at + 0.25, trial, 0, value))
        events.append(TrialFinished(len(events), at + 0.5, trial))
    return [*events, SearchFinished(len(events), 200.0, "budget")]
