"""The learning curve of one training as static SVG: redrawn after every epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nas_explorer.records import Measurement, Metric
from nas_explorer.views.axes import Axis, nice_axis, nice_step, spoken
from nas_explorer.views.charts import Frame, axes
from nas_explorer.views.markup import circle, document, polyline, text
from nas_explorer.views.palette import palette


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """What one training has measured.

    Attributes:
        points: (epoch, value), in order.
        epochs: how many there will be.
        metric: of the values.
        test: what it was worth on the test part, once it is over.
    """

    points: tuple[tuple[int, float], ...]
    epochs: int
    metric: Metric
    test: Mapping[str, float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """How far it has come, as one line.

        >>> from nas_explorer.records import metric
        >>> LearningCurve(((1, 31.0), (2, 12.5)), 4, metric("validation_error")).words
        'epoch 2 of 4: validation error 12.50 %'
        """
        if not self.points:
            return f"no epoch of {self.epochs} yet"
        epoch, value = self.points[-1]
        text = f"epoch {epoch} of {self.epochs}: {self.metric.label} {spoken(value, self.metric.unit)}"
        tested = self.test.get(self.metric.name.replace("validation", "test"))
        return text if tested is None else f"{text}, {self.metric.label.replace('validation', 'test')} {spoken(tested, self.metric.unit)}"


def learning_curve(curve: Sequence[Measurement], epochs: int, metric: Metric, test: Mapping[str, float]) -> LearningCurve:
    points = tuple((seen.step, seen.values[metric.name]) for seen in curve if metric.name in seen.values)
    return LearningCurve(points, epochs, metric, test)


def learning_curve_svg(curve: LearningCurve, theme: str = "light", width: float = 560, height: float = 260) -> str:
    """The curve from epoch 1 to the last there will be, and above it in words what it has come to."""
    colours = palette(theme)
    values = [value for _, value in curve.points]
    across = Axis(0.0, float(curve.epochs), max(1.0, nice_step(curve.epochs / 5)))
    up = nice_axis(min(0.0, *values) if values else 0.0, max(values, default=100.0), 5)
    frame = Frame(across, up, width, height, top=34.0)
    content = axes(frame, "epoch", curve.metric.title, colours)
    content += text(frame.left, 18, curve.words, colours, size=12, weight=600)
    if curve.points:
        path = frame.path([float(epoch) for epoch, _ in curve.points], values)
        content += polyline(path, colours.brand) + "".join(circle(x, y, 3, colours.brand, stroke=colours.bg) for x, y in path)
        content += text(path[-1][0] + 8, path[-1][1] + 4, spoken(values[-1], curve.metric.unit), colours, size=11, weight=600,
                        fill=colours.brand_ink)
    return document(content, width, height, curve.words, colours)
