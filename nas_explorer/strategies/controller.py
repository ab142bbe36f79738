"""The controller of Zoph & Le and of ENAS, over the decisions of any space: an LSTM that chooses one option after the other.

`reinforce` learns it from trials; a supernet's search samples paths from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor, nn

from nas_explorer.errors import InvalidOption
from nas_explorer.spaces import Architecture, Decision, Scalar, SearchSpace, decisions, from_indices, to_indices
from nas_explorer.strategies.priors import Prior, is_skip_connection

RULED_OUT = -1e9                   # added to a logit: no chance is left of it, and no logarithm is infinite
MAX_OPTIONS = 200_000              # of all decisions together; each has a row of weights in two tables

State: TypeAlias = tuple[Tensor, Tensor]                   # of one layer: (n, hidden) output, and memory
Choose: TypeAlias = Callable[[int, Tensor], Tensor]        # (decision, (n, options) probabilities) -> (n,) options


@dataclass(frozen=True, slots=True)
class Rollouts:
    """What a controller thinks of n architectures; everything but `rows` can be differentiated.

    Attributes:
        rows: (n, decisions) whole numbers, the option of each decision, -1 where it is not active.
        log_probs: (n,) natural logarithm of the architecture's probability.
        entropies: (n,) entropies of the choices on the way, in nats, added up. Its mean is the entropy of the distribution.
        sampled: (n,) of each of these entropies only the term of the option that was taken, -p log p, added up.
        skips: (n,) how far the probabilities of skip connections are from the target, KL in nats, averaged over those decided.
            ENAS adds them up over the connections into one layer, and averages over layers.
    """

    rows: Tensor
    log_probs: Tensor
    entropies: Tensor
    sampled: Tensor
    skips: Tensor


class Controller(nn.Module):
    """An autoregressive distribution over architectures.

    The LSTM walks over the decisions in the space's order; what it reads is the option it chose last. A decision that is not
    active is passed over: it moves neither the state nor the probability. Every decision has its own softmax. All n
    architectures of a batch are walked at once.

    Numbers are float64: a search resumes by asking again, and in float32 another processor could round to another option.

    >>> from nas_explorer.spaces import chain
    >>> controller = Controller(chain(), hidden=16)
    >>> rollouts = controller.sample(64, torch.Generator().manual_seed(0))
    >>> rollouts.rows.shape, bool((controller.score(rollouts.rows).log_probs == rollouts.log_probs).all())
    (torch.Size([64, 15]), True)

    Zoph and Le, arXiv 1611.01578, section 3.1; Pham et al., ENAS, arXiv 1802.03268. Both feed the option back as we do. Theirs
    has no decision that hangs on others.
    """

    def __init__(self, space: SearchSpace, hidden: int = 64, layers: int = 1, temperature: float | None = None,
                 tanh_constant: float | None = None, scale: float = 0.1, skip_target: float = 0.4, halve_skips: bool = False,
                 seed: int = 0, priors: Mapping[str, Prior] | None = None) -> None:
        """
        Args:
            hidden: units in each layer.
            temperature: logits are divided by it; None: they are not.
            tanh_constant: logits become tanh_constant * tanh(logits), so that no option is ruled out; None: they stay free.
            scale: initial weights are uniform in this range either way.
            skip_target: the share of skip connections that `Rollouts.skips` measures the distance from.
            halve_skips: measure it as the released code of ENAS does; see `skip_divergence`.
            seed: of the weights; torch's own generator is not used.
            priors: decision id -> what it believes of it from the start.

        Raises:
            InvalidOption: if the space offers too many options to learn one by one.
        """
        super().__init__()
        self.space, self.decisions = space, decisions(space)
        self.widths = [len(decision.options) for decision in self.decisions]
        total = sum(self.widths)
        if total > MAX_OPTIONS:
            raise InvalidOption(f"a controller learns every option by itself, and {space.name!r} offers {total:,}, more than "
                                f"{MAX_OPTIONS:,}; draw optional edges instead of large picks")
        self.temperature, self.tanh_constant = temperature, tanh_constant
        self.skip_target, self.halve_skips = skip_target, halve_skips
        self.asked = [_asked(decision, self.widths) for decision in self.decisions]
        self.start, self.embedding, self.softmax = (
            nn.Parameter(torch.empty(*sizes, hidden, dtype=torch.float64)) for sizes in ((), (total,), (total,)))
        # Made on no device, so that their own initial weights are not drawn from torch's global generator.
        self.cells = nn.ModuleList(nn.LSTMCell(hidden, hidden, device="meta", dtype=torch.float64) for _ in range(layers))
        self.cells.to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -scale, scale, generator=generator)
        self._masks: dict[int, Tensor] = {}
        self.priors = [(priors or {}).get(decision.id) for decision in self.decisions]
        self.biases = nn.ParameterDict({str(i): torch.tensor(prior.bias, dtype=torch.float64)
                                        for i, prior in enumerate(self.priors) if prior and prior.bias})
        self._fixed = {i: torch.tensor(prior.fixed, dtype=torch.float64) for i, prior in enumerate(self.priors) if prior and prior.fixed}

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Give every other option no chance; what was learned of it stays as it is. Decisions that are not named keep all."""
        self._masks = {}
        for i, decision in enumerate(self.decisions):
            left = offers.get(decision.id, decision.options)
            if len(left) < len(decision.options):
                mask = [0.0 if option in left else RULED_OUT for option in decision.options]
                self._masks[i] = torch.tensor(mask, dtype=torch.float64)

    def offered(self, row: Sequence[int]) -> bool:
        """Whether option indices have a chance."""
        return all(option < 0 or i not in self._masks or float(self._masks[i][option]) == 0.0 for i, option in enumerate(row))

    def sample(self, count: int, generator: torch.Generator) -> Rollouts:
        """Draw architectures; constraints of the space are not looked at."""
        draws = torch.rand(count, len(self.decisions), generator=generator, dtype=torch.float64)

        return self._walk(count, lambda decision, probabilities: _drawn(probabilities, draws[:, decision:decision + 1]))

    def best(self) -> Rollouts:
        """The likeliest option of each decision after the other, one architecture; not always the likeliest architecture."""
        return self._walk(1, lambda _, probabilities: probabilities.argmax(dim=1))

    def marginals(self, count: int, generator: torch.Generator) -> dict[str, tuple[float, ...]]:
        """How likely each option of each decision is, whatever came before: decision id -> one number an option.

        It is the mean over `count` drawn architectures of the probabilities on the way, over those in which the decision is active;
        exact for the first decision. A decision that none of them asks for is uniform.
        """
        seen: list[Tensor] = []
        draws = torch.rand(count, len(self.decisions), generator=generator, dtype=torch.float64)

        def choose(decision: int, probabilities: Tensor) -> Tensor:
            seen.append(probabilities)
            return _drawn(probabilities, draws[:, decision:decision + 1])

        with torch.no_grad():
            rows = self._walk(count, choose).rows
        found = {}
        for i, decision in enumerate(self.decisions):
            asked = seen[i][rows[:, i] >= 0]
            mean = asked.mean(dim=0) if len(asked) else torch.full((self.widths[i],), 1 / self.widths[i])
            found[decision.id] = tuple(mean.tolist())
        return found

    def chances(self, architecture: Mapping[str, Scalar]) -> dict[str, float]:
        """How likely each option of an architecture is, given those before it: by id of the decision."""
        row, seen = self.rows_of([architecture]), []

        def choose(decision: int, probabilities: Tensor) -> Tensor:
            seen.append(float(probabilities[0, row[0, decision]]))
            return row[:, decision]

        with torch.no_grad():
            self._walk(1, choose)
        return {d.id: seen[i] for i, d in enumerate(self.decisions) if row[0, i] >= 0}

    def score(self, rows: Tensor) -> Rollouts:
        """What it thinks of given architectures, as `rows_of` makes them."""
        return self._walk(len(rows), lambda decision, _: rows[:, decision])

    def rows_of(self, architectures: Sequence[Mapping[str, Scalar]]) -> Tensor:
        """(n, decisions) option indices.

        Raises:
            InvalidArchitecture: if one does not belong to the space.
        """
        return torch.tensor([to_indices(self.space, architecture) for architecture in architectures],
                            dtype=torch.int64).reshape(len(architectures), len(self.decisions))

    def architectures(self, rows: Tensor) -> list[Architecture]:
        """The architectures of rows."""
        return [from_indices(self.space, row) for row in rows.tolist()]

    def _walk(self, count: int, choose: Choose) -> Rollouts:
        """Choose every decision of all architectures, in order; what is not active changes nothing."""
        rows = torch.full((count, len(self.decisions)), -1, dtype=torch.int64)
        log_probs, entropies, sampled, skips, decided = torch.zeros(5, count, dtype=torch.float64)
        states = [(torch.zeros(count, self.start.shape[0], dtype=torch.float64),) * 2 for _ in self.cells]
        # Cut once: a slice of its own for every decision would make a gradient of the whole table each.
        embeddings, softmaxes = torch.split(self.embedding, self.widths), torch.split(self.softmax, self.widths)
        read = self.start.expand(count, -1)
        for i, decision in enumerate(self.decisions):
            active = self._active(i, rows) if decision.when else None
            states = self._step(read, states, active)
            logs = self._logits(i, states[-1][0], softmaxes[i]).log_softmax(dim=1)
            options = choose(i, logs.exp())
            options = options if active is None else options.where(active, torch.tensor(-1))
            taken = options.clamp(min=0)
            log_prob = _where(active, logs.gather(1, taken[:, None])[:, 0], 0.0)
            log_probs, sampled = log_probs + log_prob, sampled - log_prob.detach().exp() * log_prob.detach()
            entropies = entropies - _where(active, (logs.exp() * logs).sum(dim=1), 0.0)
            if is_skip_connection(decision):
                skips = skips + _where(active, skip_divergence(logs, self.skip_target, self.halve_skips), 0.0)
                decided = decided + (options >= 0)
            read = _where(active, embeddings[i][taken], read)
            rows[:, i] = options
        return Rollouts(rows, log_probs, entropies, sampled, skips / decided.clamp(min=1))

    def _active(self, decision: int, rows: Tensor) -> Tensor:
        active = torch.zeros(len(rows), dtype=torch.bool)
        for parent, allowed in self.asked[decision]:
            active = active | allowed[rows[:, parent] + 1]
        return active

    def _step(self, value: Tensor, states: Sequence[State], active: Tensor | None) -> list[State]:
        moved: list[State] = []
        for cell, state in zip(self.cells, states, strict=True):
            value, memory = cell(value, state)
            moved.append((_where(active, value, state[0]), _where(active, memory, state[1])))
        return moved

    def _logits(self, decision: int, hidden: Tensor, softmax: Tensor) -> Tensor:
        logits, prior = hidden @ softmax.T, self.priors[decision]
        if self.temperature is not None:
            logits = logits / self.temperature
        if prior is not None and prior.bias:
            logits = logits + self.biases[str(decision)]
        if self.tanh_constant is not None:
            logits = self.tanh_constant * (prior.tanh_share if prior else 1.0) * torch.tanh(logits)
        if decision in self._fixed:
            logits = logits + self._fixed[decision]
        return logits + self._masks[decision] if decision in self._masks else logits


def _drawn(probabilities: Tensor, draws: Tensor) -> Tensor:
    """(n,) options, from (n, options) probabilities and (n, 1) uniform numbers."""
    reached = probabilities.detach().cumsum(dim=1)[:, :-1]
    return (reached <= draws).sum(dim=1)


def _where(active: Tensor | None, value: Tensor, otherwise: Tensor | float) -> Tensor:
    """The value in rows in which the decision is active; None: in all. (n,) or (n, hidden)."""
    if active is None:
        return value
    return torch.where(active if value.dim() == 1 else active[:, None], value, otherwise)


def skip_divergence(logs: Tensor, target: float, halved: bool = False) -> Tensor:
    """KL(p || target) of Bernoulli distributions, in nats: (n, 2) log-probabilities of off and on -> (n,).

    It is 0 where connections are drawn at the target's rate.

    Args:
        halved: take p at half of the log-odds, as the released code of ENAS does: it draws from softmax([-q, q]) and takes this of
            sigmoid(q), so that a target of 0.4 leads to a rate of 0.308 (melodyguan/enas, src/cifar10/general_controller.py).
    """
    if halved:
        logs = (logs / 2).log_softmax(dim=1)
    goal = torch.tensor([1 - target, target], dtype=logs.dtype)
    return (logs.exp() * (logs - goal.log())).sum(dim=1)


def _asked(decision: Decision, widths: Sequence[int]) -> list[tuple[int, Tensor]]:
    """[(parent, which of its options ask)], with a False in front that the -1 of an inactive parent finds."""
    return [(parent, torch.tensor([False, *(option in options for option in range(widths[parent]))]))
            for parent, options in decision.when]
