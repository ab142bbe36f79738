"""One batch through one untrained network, and everything that proxies read off it: each thing is computed once, if wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Literal, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from nas_explorer.estimators.proxies import proxies
from nas_explorer.spaces import Cost

Need = Literal["codes", "gradients", "outputs", "curvature", "sensitivity"]
"""What a proxy may ask for.

codes: which ReLUs are on, for each example.
gradients: of the loss, for the weights of convolutions and linear layers.
outputs: what those layers give, with the gradients for them.
curvature: Hessian times gradient.
sensitivity: gradients of the summed logits for the inputs.
"""
RELUS = frozenset({F.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_})


def scores(network: nn.Module, inputs: Tensor, targets: Tensor, cost: Cost, names: Sequence[str]) -> dict[str, float]:
    """Proxies of one untrained network, from as few passes as they need together.

    Args:
        inputs, targets, cost: as for an Observation.
        names: of proxies.

    Raises:
        InvalidArchitecture: if a proxy has no value for this network, with the reason.
    """
    files = [proxies()[name] for name in names]
    observed = Observation(network, inputs, targets, cost, {need for file in files for need in file.NEEDS})
    return {name: float(file.score(observed)) for name, file in zip(names, files, strict=True)}


class Observation:
    """What one forward pass, and the backward passes that are needed, showed of a network in training mode.

    Every quantity below is there if it was among the needs. Layers are convolutions and linear layers; a layer that the output does not
    need has gradients of zero.

    Args:
        network: maps (batch, ...) inputs to (batch, classes) logits; its weights stay as they are, its batch norms take the batch in.
        inputs: (batch, ...).
        targets: (batch,) whole numbers.
        cost: of the network, in closed form.

    Attributes:
        weights: of each layer, without biases.
        gradients: of the mean cross entropy, one a weight.
        outputs: (batch, channels, ...) for images, and the gradients for them, one pair for each time that a layer ran.
        curvature: Hessian times gradient, one a weight.
        sensitivity: (batch, inputs) gradient of the sum of an example's logits, by the example's numbers.
        agreement: (batch, batch) at how many ReLUs two examples are both on or both off, float64.
        relu_count: ReLUs an example passes.
    """

    def __init__(self, network: nn.Module, inputs: Tensor, targets: Tensor, cost: Cost, needs: Collection[Need] = ()) -> None:
        self.network, self.inputs, self.targets, self.cost = network, inputs, targets, cost
        layers = [module for module in network.modules() if isinstance(module, (nn.modules.conv._ConvNd, nn.Linear))]
        self.weights: list[Tensor] = [layer.weight for layer in layers]
        self.gradients: list[Tensor] = []
        self.outputs: list[tuple[Tensor, Tensor]] = []
        self.curvature: list[Tensor] = []
        self.sensitivity = inputs.new_zeros(0)
        self._codes = _Codes(len(inputs))
        if needs:
            self._look(layers, frozenset(needs))

    @property
    def agreement(self) -> Tensor:
        return self._codes.agreement()

    @property
    def relu_count(self) -> int:
        return self._codes.count

    def _look(self, layers: Sequence[nn.Module], needs: frozenset[Need]) -> None:
        self.network.train()
        backward = needs - {"codes"}
        x = self.inputs.detach().requires_grad_("sensitivity" in needs)
        ran: list[Tensor] = []
        with ExitStack() as stack:
            stack.enter_context(torch.set_grad_enabled(bool(backward)))
            if "codes" in needs:
                stack.enter_context(self._codes)
            if "outputs" in needs:
                for layer in layers:
                    stack.callback(layer.register_forward_hook(lambda _, __, output: ran.append(output)).remove)
            logits = self.network(x)
        if "sensitivity" in needs:
            again = backward != {"sensitivity"}
            (found,) = torch.autograd.grad(logits.sum(), x, retain_graph=again, allow_unused=True, materialize_grads=True)
            self.sensitivity = found.flatten(1)
        if backward - {"sensitivity"}:
            self._look_at_loss(F.cross_entropy(logits, self.targets), ran, "curvature" in needs)

    def _look_at_loss(self, loss: Tensor, ran: list[Tensor], curvature: bool) -> None:
        found = torch.autograd.grad(loss, [*self.weights, *ran], create_graph=curvature, allow_unused=True, materialize_grads=True)
        gradients = found[:len(self.weights)]
        self.gradients = [gradient.detach() for gradient in gradients]
        self.outputs = [(output.detach(), gradient.detach()) for output, gradient in zip(ran, found[len(self.weights):], strict=True)]
        if curvature:
            along = cast(Tensor, sum((fixed * g).sum() for fixed, g in zip(self.gradients, gradients, strict=True)))
            self.curvature = list(torch.autograd.grad(along, self.weights, allow_unused=True, materialize_grads=True))


class _Codes(TorchFunctionMode):
    """Counts, while it is on, at how many ReLUs each two examples agree.

    With codes c of zeros and ones, a row an example, they agree at c cᵀ + (1 − c)(1 − c)ᵀ = 2 c cᵀ − s − sᵀ + n, where s are the
    sums of rows and n is their length: one matrix product a layer instead of two, and no long code is kept.
    """

    def __init__(self, batch: int) -> None:
        super().__init__()
        self.both_on = torch.zeros(batch, batch, dtype=torch.float64)
        self.on = torch.zeros(batch, dtype=torch.float64)
        self.count = 0

    def __torch_function__(self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
        if function in RELUS:
            with torch.no_grad():
                self._take(args[0])
        return function(*args, **(kwargs or {}))

    def _take(self, x: Tensor) -> None:
        code = (x > 0).flatten(1).float()      # sums of up to 2^24 ones are exact in float32
        self.both_on += code @ code.T
        self.on += code.sum(dim=1)
        self.count += code.shape[1]

    def agreement(self) -> Tensor:
        return 2 * self.both_on - self.on[:, None] - self.on[None, :] + self.count
