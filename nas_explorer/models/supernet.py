"""All architectures of a space in one network that shares its weights: what ENAS samples from and DARTS relaxes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor, nn

from nas_explorer.errors import InvalidArchitecture, InvalidOption, InvalidSpace, ShapeError, UnknownName
from nas_explorer.models.mixing.mixture import Mixture
from nas_explorer.models.mixing.partly import edge_groups, partly
from nas_explorer.models.network import Bank, Network, run
from nas_explorer.models.program import Run, program
from nas_explorer.models.shared_plans import mixture, shared_plans
from nas_explorer.spaces import Architecture, Plan, Scalar, SearchSpace, decisions, plan
from nas_explorer.spaces.indices import to_indices
from nas_explorer.spaces.values import listed

MAX_PROGRAMS = 256                 # of single architectures, kept for when they come again; a large one takes 130 kB


class ChosenWeights(dict[str, Tensor]):
    """Weights of which only the chosen options count: `mixed` computes nothing else.

    A weight may be 1 and still have a gradient (straight through), as GDAS does. A decision without weights keeps all its options.

    Attributes:
        chosen: decision id -> place of its option.
    """

    def __init__(self, weights: Mapping[str, Tensor], chosen: Mapping[str, int]) -> None:
        super().__init__(weights)
        self.chosen = dict(chosen)


class Supernet(nn.Module):
    """Shared weights for a space: `single` runs one architecture, `mixed` the weighted sum of all.

    Weights are shared wherever place, operation and shapes agree, so a path is the same to the last bit as the network of its
    architecture alone with the weights copied. Only weights that the output needs get a gradient.

    >>> from nas_explorer.spaces import nas_bench_201
    >>> from nas_explorer.spaces.library.nas_bench_201 import EDGES
    >>> supernet = Supernet(nas_bench_201(channels=4, cells=1), seed=0)
    >>> x = torch.zeros(2, 3, 32, 32)
    >>> supernet.single(dict.fromkeys(EDGES, "conv_3x3"), x).shape
    torch.Size([2, 10])
    >>> supernet.mixed({edge: torch.full((5,), 0.2) for edge in EDGES}, x).shape
    torch.Size([2, 10])

    Attributes:
        edge_groups: of a partial supernet, `<node>.edges` -> the decisions of its edges, which may have strengths of their own.
        forget: whether `mixed` keeps only what passes between the cells, and computes the rest again in the backward pass: a third of
            the memory, a third more time.
        twice: whether what `mixed` gives is to be differentiated twice, which takes torch's own operations and more time.
    """

    forget = False
    twice = False

    def __init__(self, space: SearchSpace, affine: bool = True, architectures: Iterable[Mapping[str, Scalar]] | None = None,
                 seed: int | None = None, norm_pools: bool = False, partial: int = 1) -> None:
        """
        Args:
            affine: whether batch norms learn a scale and a shift; DARTS searches without.
            norm_pools: whether a batch norm without scale and shift stands behind every pool, as in the search of DARTS: where
                operations are mixed, a pool's small numbers would be held for a small strength.
            partial: let only this part of the channels through the operations that an edge mixes, 4 for a quarter, as PC-DARTS does;
                such a supernet has no networks to extract, and runs a single path as the part of the mixture that it is.
            architectures: those that are to share weights, for spaces in which shapes depend on many decisions. None: all.
            seed: of the weights; the generator that torch uses elsewhere is left as it was. None: from that generator.

        Raises:
            ShapeError: if shapes depend on too many decisions to hold weights for all architectures.
            InvalidArchitecture: if one does not belong to the space.
        """
        super().__init__()
        self.space, self.bank = space, Bank(affine, norm_pools)
        self._offers: dict[str, Sequence[Scalar]] = {decision.id: decision.options for decision in decisions(space)}
        self.edge_groups: dict[str, tuple[str, ...]] = {}
        self._programs: dict[Architecture, tuple[Run, ...]] = {}
        self.partial = partial
        self._mixture: Mixture | None = None
        self._refusal: ShapeError | InvalidSpace = ShapeError("it holds the architectures that it was given, not all of the space")
        with torch.random.fork_rng(devices=[], enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed)
            if architectures is None:
                self._hold_all()
            else:
                self.hold(architectures)

    def hold(self, architectures: Iterable[Mapping[str, Scalar]]) -> list[nn.Parameter]:
        """Build the weights that these architectures need and that are not here yet.

        Returns:
            The new parameters, for an optimizer that is there already: `optimizer.add_param_group({"params": new})`.

        Raises:
            InvalidArchitecture: if one does not belong to the space.
        """
        before = set(self.bank)
        for architecture in architectures:
            self.bank.hold(plan(self.space, architecture))
        return [parameter for key in self.bank if key not in before for parameter in self.bank[key].parameters()]

    def single(self, architecture: Mapping[str, Scalar], *inputs: Tensor) -> Tensor:
        """Run one architecture.

        Args:
            inputs: one tensor an input of the network, (batch, channels, height, width) or (batch, ..., channels).

        Raises:
            InvalidArchitecture: if it does not belong to the space, or needs weights that the supernet does not hold.
        """
        if self.partial > 1:
            indices = zip((decision.id for decision in decisions(self.space)), to_indices(self.space, architecture), strict=True)
            return self.mixture().run_chosen({key: index for key, index in indices if index >= 0}, {}, inputs)
        return run(self._program(architecture), self.bank, inputs)

    def mixed(self, weights: Mapping[str, Tensor], *inputs: Tensor) -> Tensor:
        """Run everything: an operation counts P(operation), an edge P(edge is there), a repeat the sum of P(r) times depth r.

        Args:
            weights: decision id -> (options,) probabilities. A decision that is left out counts 1: all its options are added at
                full strength, as DARTS does with the choice of inputs (`.inputs`). `ChosenWeights` run the chosen options only.
            inputs: as of `single`.

        Raises:
            ShapeError: if options give different shapes, in words; or weights are not one number an option.
            InvalidSpace: if the space has one architecture only.
            UnknownName: if weights are given for a decision that the space does not ask for.
        """
        mixture = self.mixture()
        for decision_id, given in weights.items():
            if decision_id not in self._offers:
                raise UnknownName("decision", decision_id, self._offers)
            _check_weights(decision_id, self._offers[decision_id], given)
        if isinstance(weights, ChosenWeights):
            return mixture.run_chosen(weights.chosen, weights, inputs)
        return mixture.run_plainly(weights, inputs) if self.twice else mixture.run(weights, inputs, self.forget)

    def mixture(self) -> Mixture:
        """What `mixed` runs.

        Raises:
            ShapeError, InvalidSpace: if nothing can be mixed, in words.
        """
        if self._mixture is None:
            raise type(self._refusal)(f"this supernet of {self.space.name!r} cannot mix: {self._refusal}")
        return self._mixture

    def extract(self, architecture: Mapping[str, Scalar]) -> Network:
        """The network of one architecture alone, with a copy of the shared weights: to retrain, to export, to compare.

        Raises:
            InvalidArchitecture: as `single`.
            InvalidOption: if the supernet is partial.
        """
        if self.partial > 1:
            raise InvalidOption("a supernet whose edges mix a part of the channels holds no whole network; train the architecture anew")
        steps = self._plan(architecture)
        with torch.random.fork_rng(devices=[]):
            network = Network(steps, self.bank.affine, self.bank.norm_pools)
        for key in network.bank:
            network.bank[key] = copy.deepcopy(self.bank[key])
        return network.train(self.training)

    def _hold_all(self) -> None:
        try:
            steps = partly(mixture(self.space), self.partial)
        except (ShapeError, InvalidSpace) as error:
            if self.partial > 1:
                raise
            self._refusal = error
            for part in shared_plans(self.space):
                self.bank.hold(part)
        else:
            self.bank.hold(steps)
            self.edge_groups = edge_groups(steps)
            self._offers |= self.edge_groups
            self._mixture = Mixture(steps, self.bank)

    def _program(self, architecture: Mapping[str, Scalar]) -> tuple[Run, ...]:
        key = architecture if isinstance(architecture, Architecture) else Architecture(architecture)
        found = self._programs.get(key)
        if found is None:
            found = program(self._plan(key))
            if len(self._programs) >= MAX_PROGRAMS:
                del self._programs[next(iter(self._programs))]
            self._programs[key] = found
        return found

    def _plan(self, architecture: Mapping[str, Scalar]) -> Plan:
        steps = plan(self.space, architecture)
        missing = next((step.key for step in steps.steps if step.kind == "op" and step.key not in self.bank), None)
        if missing is not None:
            raise InvalidArchitecture(f"this supernet of {self.space.name!r} has no weights for {missing!r}; "
                                      "hold the architecture before you train")
        return steps


def _check_weights(decision_id: str, options: Sequence[Scalar], given: Tensor) -> None:
    if given.shape != (len(options),):
        raise ShapeError(f"weights of {decision_id!r} must be {len(options)} numbers, one for each of {listed(options)}, got a tensor of "
                         f"{tuple(given.shape)}")
