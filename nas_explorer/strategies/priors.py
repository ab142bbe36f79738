"""What the released controllers of ENAS believe before they have learned anything; no torch, and in no paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nas_explorer.spaces import Decision

CONVOLUTION_BIAS, NORMAL_CELL_BIAS = 10.0, 0.25
OPERATION_TANH = 1 / 2.5
DISTANCE = 6.0


@dataclass(frozen=True, slots=True)
class Prior:
    """A belief about one decision.

    Attributes:
        bias: one number an option, added to the logits before the tanh, and learned from there on; (): none.
        fixed: one number an option, added after the tanh, never learned; (): none.
        tanh_share: of the controller's tanh constant that counts here.
    """

    bias: tuple[float, ...] = ()
    fixed: tuple[float, ...] = ()
    tanh_share: float = 1.0


def convolution_prior(decisions: Iterable[Decision]) -> dict[str, Prior]:
    """Of the micro search: operations with weights are likelier from the start, most so in normal cells.

    The bias of 10 saturates the tanh, so what it prefers cannot be unlearned through it.

    Source: melodyguan/enas, src/cifar10/micro_controller.py

    >>> import math
    >>> from nas_explorer.spaces import decisions, load
    >>> prior = convolution_prior(decisions(load("enas_micro")))["normal/2x.op"]
    >>> odds = [math.exp(1.10 * prior.tanh_share * math.tanh(b) + f) for b, f in zip(prior.bias, prior.fixed)]
    >>> [round(one / sum(odds), 3) for one in odds]
    [0.315, 0.315, 0.123, 0.123, 0.123]
    """
    found = {}
    for decision in decisions:
        learns = ["conv" in str(option) for option in decision.options]
        if _chooses_operation(decision) and any(learns) and not all(learns):
            bias = tuple(CONVOLUTION_BIAS if one else 0.0 for one in learns)
            fixed = tuple(NORMAL_CELL_BIAS if one else -NORMAL_CELL_BIAS for one in learns)
            found[decision.id] = Prior(bias, () if decision.id.startswith("reduce") else fixed, OPERATION_TANH)
    return found


def distance_prior(decisions: Iterable[Decision]) -> dict[str, Prior]:
    """Of the recurrent search: near nodes are likelier inputs than far ones, by the squared distance over 6.

    The released code also divides what the controller reads next by the distance; that we leave out.

    Source: melodyguan/enas, src/ptb/ptb_enas_controller.py; google-research, enas_lm/src/controller.py

    >>> from nas_explorer.spaces import decisions, load
    >>> [round(number, 2) for number in distance_prior(decisions(load("enas_rnn")))["4.inputs"].fixed]       # nodes 1, 2 and 3
    [-1.5, -0.67, -0.17]
    """
    return {decision.id: Prior(fixed=tuple(-(len(decision.options) - at) ** 2 / DISTANCE for at in range(len(decision.options))))
            for decision in decisions if decision.id.endswith(".inputs")}


def is_skip_connection(decision: Decision) -> bool:
    """Whether a decision is about an optional edge: off or on."""
    return decision.id.endswith(".on") and decision.options == (False, True)


def _chooses_operation(decision: Decision) -> bool:
    return all(isinstance(option, str) for option in decision.options) and not decision.id.endswith((".inputs", ".repeat"))
