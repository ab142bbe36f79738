"""Searches by gradients under way: DARTS, GDAS and PC-DARTS take the same two steps and differ in what runs forward."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from nas_explorer.errors import InvalidSpace, TrainingFailed
from nas_explorer.estimators.loops.batches import Batch
from nas_explorer.estimators.loops.learner import threads
from nas_explorer.estimators.weight_sharing import WeightSharing
from nas_explorer.one_shot.choosing import with_recipe
from nas_explorer.one_shot.collapse import FIRST_EPOCH, CollapseWatch
from nas_explorer.one_shot.darts_presets import Settings
from nas_explorer.one_shot.derivation import derive, picks_by_edges, with_picks
from nas_explorer.one_shot.probabilities import mean_entropy, skip_share
from nas_explorer.one_shot.protocol import Item, Progress, Scored
from nas_explorer.one_shot.runs import bilevel
from nas_explorer.one_shot.runs.alphas import Alphas
from nas_explorer.one_shot.runs.curvature import direction, dominant_eigenvalue, hessian_product
from nas_explorer.one_shot.runs.room import check_memory
from nas_explorer.spaces import Architecture, Scalar, SearchSpace, decisions

SALT = 0xDA
EPOCHS = 50                        # of the searches that the papers' numbers of epochs belong to


class Options(Protocol):
    """What the three methods' options have in common beside the settings."""

    @property
    def watch_every(self) -> int: ...
    @property
    def stop_on_collapse(self) -> bool: ...
    @property
    def less_memory(self) -> bool: ...


class RelaxedRun:
    """`alphas` are what is searched, `learner` holds the shared weights."""

    def __init__(self, settings: Settings, options: Options, space: SearchSpace, estimator: WeightSharing, seed: int) -> None:
        """
        Raises:
            InvalidSpace, ShapeError: if the space cannot be mixed, or has constraints, which a gradient does not see.
            InvalidOption: if the memory that is free does not hold a step.
        """
        if space.constraints:
            raise InvalidSpace(f"{space.name!r} has constraints, and a search by gradients cannot keep to them; search with enas or "
                               "random_sampling, or take the constraints away")
        estimator = with_recipe(estimator, settings.recipe)
        self.settings, self.options, self.space, self.estimator = settings, options, space, estimator
        self.learner = estimator.learner(seed, affine=False, norm_pools=settings.norm_pools, partial=settings.share)
        self.supernet = self.learner.network.supernet
        self.supernet.mixture()                                # says in words what cannot be mixed
        check_memory(settings, self.learner, options.less_memory)
        self.supernet.forget = options.less_memory
        generator = torch.Generator().manual_seed(seed * 1000 + SALT)
        picks = picks_by_edges(space)
        self.alphas = Alphas({decision.id: len(decision.options) for decision in decisions(space) if decision.id not in picks},
                             self.supernet.edge_groups, settings, generator)
        self.offers: Mapping[str, Sequence[Scalar]] = {}
        self.watch = CollapseWatch(FIRST_EPOCH / EPOCHS * estimator.epochs)
        self.stopped: tuple[float, dict[str, Any]] | None = None
        self.message = ""

    @property
    def finished(self) -> bool:
        return self.stopped is not None or self.learner.epochs_done >= self.estimator.epochs

    def narrow(self, offers: Mapping[str, Sequence[Scalar]]) -> None:
        """Mix and answer these options only; what was learned of the others stays as it is."""
        self.offers = offers
        self.alphas.narrow({decision.id: [at for at, option in enumerate(decision.options) if option in offers[decision.id]]
                            for decision in decisions(self.space)})

    def score(self, architecture: Architecture) -> Mapping[str, float]:
        return self.estimator.values(self.learner, architecture)

    def epoch(self) -> Iterator[Item]:
        number = self.learner.epochs_done
        self.alphas.temperature = self._temperature(number)
        waits = number < round(self.settings.warm_up * self.estimator.epochs)
        train_losses: list[float] = []
        validation_losses: list[float] = []
        for batch in self.learner.epoch():
            if not waits:
                with threads(self.learner.thread_count):
                    validation_losses.append(self._alpha_step(batch))
            train_losses.append(self.learner.train(self.alphas.path(grad=False), batch))
            yield None
        values = {"train_loss": _mean(train_losses), "learning_rate": self.learner.optimisation.learning_rate}
        if validation_losses:
            values["validation_loss"] = _mean(validation_losses)
        if self.settings.gumbel:
            values["temperature"] = self.alphas.temperature
        yield from self._look(values)

    def _look(self, values: dict[str, float]) -> Iterator[Item]:
        """How the search stands after an epoch: what it answers, how that scores, whether it collapses."""
        epoch, answer = self.learner.epochs_done, self.answer()
        probabilities = with_picks(self.space, self.alphas.probabilities(), self.alphas.strengths(), self.offers)
        skips = skip_share(decisions(self.space), probabilities)
        if self.options.watch_every and epoch % self.options.watch_every == 0:
            values["eigenvalue"] = self.eigenvalue()
            self.watch.see(float(epoch), values["eigenvalue"], answer)
        warning = self.watch.warning(epoch, skips)
        if self.options.stop_on_collapse and self.watch.collapses:
            before = self.watch.answer_before
            fits = before is not None and all(option in self.offers.get(key, (option,)) for key, option in before[1].items())
            self.stopped = before if fits else (float(epoch), dict(answer))
            self._say_stopped()
            answer, warning = Architecture(self.stopped[1]), f"{warning}. {self.message}"
        scored = Scored(answer, self.score(answer))
        yield scored
        values |= {name: scored.values[name] for name in ("validation_error",) if name in scored.values}
        values |= {"entropy": mean_entropy(probabilities), **({} if skips is None else {"skip_share": skips})}
        yield Progress(float(epoch), values, probabilities, answer, warning)

    def answer(self) -> Architecture:
        """The architecture that the alphas point to."""
        return derive(self.space, self.alphas.probabilities(), self.alphas.strengths(), self.settings.none_may_win, self.offers)

    # ---- steps
    def _alpha_step(self, train: Batch) -> float:
        """One step of the alphas; returns the loss that they descend.

        Raises:
            TrainingFailed: if loss or alphas are no numbers any more; the alphas stay as they were.
        """
        validation = self.learner.choice_batch()
        drawn = self.alphas.draw()
        gradients, loss = self._gradients(lambda: self.learner.loss(self.alphas.path(drawn), train),
                                          lambda: self.learner.loss(self.alphas.path(drawn), validation))
        self.learner.watch.check(loss)
        if not all(bool(torch.isfinite(gradient).all()) for gradient in gradients):
            raise TrainingFailed(f"the gradient of the alphas became NaN in epoch {self.learner.epochs_done + 1} of "
                                 f"{self.estimator.epochs}; the last snapshot stands. Take a smaller learning rate in recipe=, or "
                                 "gradient_clip")
        self.alphas.step(gradients)
        return loss

    def _gradients(self, train: bilevel.Loss, validation: bilevel.Loss) -> tuple[list[Tensor], float]:
        weights, alphas = self.learner.optimisation.parameters, self.alphas.parameters
        if self.settings.order == 1:
            return bilevel.first_order(validation, weights, alphas)
        recipe = self.learner.recipe
        optimisation = self.learner.optimisation
        ahead = bilevel.Ahead(optimisation.learning_rate, recipe.momentum if recipe.optimizer == "sgd" else 0.0, recipe.weight_decay,
                              optimisation.optimizer.state)
        if self.settings.unrolled == "finite_difference":
            return bilevel.finite_difference(train, validation, weights, alphas, ahead)
        return bilevel.exact(self._twice(train), validation, weights, alphas, ahead)

    def _twice(self, loss: bilevel.Loss) -> bilevel.Loss:
        def computed() -> Tensor:
            self.supernet.twice = True
            try:
                return loss()
            finally:
                self.supernet.twice = False
        return computed

    def eigenvalue(self) -> float:
        """Of the validation loss's Hessian in the alphas, the largest in size, on one batch that is the same in every epoch."""
        generator = torch.Generator().manual_seed(SALT)
        batch = self.learner.batches.of_choice(generator)
        alphas = self.alphas.parameters
        with threads(self.learner.thread_count), bilevel.frozen(self.learner.optimisation.parameters):
            loss = self._twice(lambda: self.learner.loss(self.alphas.path({}), batch))()
            product = hessian_product(loss, alphas)
            return dominant_eigenvalue(product, direction(sum(alpha.numel() for alpha in alphas), generator, alphas[0]))

    def _temperature(self, epoch: int) -> float:
        first, last = self.settings.temperature
        return first + (last - first) * epoch / max(self.estimator.epochs - 1, 1)

    # ---- keeping
    def _say_stopped(self) -> None:
        if self.stopped is not None:
            self.message = f"stopped by stop_on_collapse: the answer is that of epoch {self.stopped[0]:g}"

    def state_dict(self) -> dict[str, Any]:
        return {"learner": self.learner.state_dict(), "alphas": self.alphas.state_dict(), "watch": self.watch.state_dict(),
                "stopped": self.stopped}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.learner.load_state_dict(state["learner"])
        self.alphas.load_state_dict(state["alphas"])
        self.watch.load_state_dict(state["watch"])
        self.stopped = state["stopped"]
        self._say_stopped()


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)
