"""A task of stripes that some architectures can learn and others cannot, so that the best one is known."""

from __future__ import annotations

import numpy as np

from nas_explorer import tasks
from nas_explorer.estimators import WeightSharing
from nas_explorer.spaces import Architecture, Graph, SearchSpace, choice, op
from nas_explorer.tasks import Task

BEST = Architecture({"in→look": "conv_3x3", "look→pass": "skip"})
SMALL = {"batch_size": 16, "learning_rate": 0.05}


def stripes(count: int = 160, seed: int = 0) -> Task:
    """Rows or columns of light on 6x6 pixels, in noise, anywhere: every pixel by itself is alike in both classes."""
    rng = np.random.default_rng(seed)
    lines = np.where((np.arange(6) + rng.integers(2, size=(count, 1))) % 2, 1.0, -1.0)
    images = np.repeat(lines[:, :, None], 6, axis=2)
    labels = np.arange(count) % 2
    images[labels == 1] = images[labels == 1].transpose(0, 2, 1)
    images += rng.normal(0, 0.3, images.shape)
    return tasks.from_arrays(images[:, None].astype(np.float32), labels, name="stripes", classes=("rows", "columns"), seed=0)


def looks() -> SearchSpace:
    """6 architectures; one of them can tell stripes apart: it looks with a 3x3 window, and passes on what it saw.

    Without the rectifier at the end the mean over the image would be the same for both.
    """
    network = (Graph().input("image").node("in", ["image"], op=op("conv", kernel=1, channels="C"))
               .node("look", {"in": choice("none", "skip", op("conv", kernel=3))})
               .node("pass", {"look": choice("none", "skip")})
               .node("bent", ["pass"], op="bn_relu").node("pool", ["bent"], op="global_pool")
               .node("logits", ["pool"], op=op("linear", features=2)))
    return SearchSpace("looks", network, channels=8, resolution=6, input_channels=(1,))


def sharing(epochs: int = 2, **options: object) -> WeightSharing:
    settings: dict[str, object] = {"task": stripes(), "epochs": epochs, "recipe": SMALL, **options}
    return WeightSharing(**settings).for_space(looks())                                               # type: ignore[arg-type]
