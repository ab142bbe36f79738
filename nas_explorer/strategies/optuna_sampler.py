"""Optuna's samplers as strategies: TPE, NSGA-II, Gaussian processes, CMA-ES and what else proposes options of decisions.

The study lives in memory: the run's log is the truth, and Optuna's storages cost 30 to 200 times more than the log.
Optuna is loaded when the first of these strategies is made.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import math
import warnings
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from nas_explorer.errors import InvalidOption
from nas_explorer.records import Metric, Trial
from nas_explorer.spaces import Architecture, decisions, from_indices, sample, to_indices
from nas_explorer.spaces.rules import holds
from nas_explorer.strategies.optuna_parameters import checked_orders, suggest
from nas_explorer.strategies.protocol import Problem, Proposer

if TYPE_CHECKING:
    import optuna

ALIASES = {"tpe": "TPESampler", "nsga2": "NSGAIISampler", "nsga3": "NSGAIIISampler", "gp": "GPSampler", "cma_es": "CmaEsSampler"}
PRESETS: Mapping[str, Mapping[str, Any]] = {"optuna_sampler": {}, **{name: {"sampler": name} for name in ALIASES}}
UNFIT = {
    "BaseSampler": "it is only a base class",
    "BaseGASampler": "it is only a base class",
    "BruteForceSampler": "it needs study.optimize to end; draw all architectures with spaces.enumerate_architectures",
    "GridSampler": "it needs a grid; draw all architectures with spaces.enumerate_architectures",
    "PartialFixedSampler": "it needs another sampler; fix an option in the space",
    "QMCSampler": "it spreads numbers, not options",
}
"""Samplers that cannot propose options one at a time, and why."""
DEFAULTS = {"GPSampler": {"warn_independent_sampling": False}, "CmaEsSampler": {"warn_independent_sampling": False, "with_margin": True}}
"""A conditional decision that a sampler does not model is drawn at random; one warning a decision and trial is too much. Without a margin
CMA-ES soon proposes one and the same whole number for ever."""
STARTUP = {"TPESampler": 10, "GPSampler": 10, "CmaEsSampler": 1}
"""After so many finished trials these samplers begin to model, if their option `n_startup_trials` says nothing else."""
MAX_REFUSALS = 100


@dataclass(frozen=True, slots=True)
class OptunaSampler:
    """Let a sampler of Optuna choose the option of every active decision.

    Conditional decisions are asked define-by-run, one fixed list of options each; `gp` models only the decisions that every
    trial had, and draws the others at random. Failed trials are told as failed, so the sampler leaves them out. With several
    trials under way, `tpe` of Optuna 5 counts those as bad ones (its constant liar), so that not all workers get the same;
    the others do not look at them.

    `cma_es` moves a normal distribution over numbers. So it searches the decisions whose options are numbers (widths, depths,
    resolutions, kernel sizes) and that are always asked, by the place of an option among them in order, and needs at least two;
    everything else is drawn at random. Of several objectives it looks at the first. It needs the package `cmaes`.

    Source: Akiba et al., Optuna, KDD 2019, arXiv 1907.10902 (TPE: Bergstra et al. 2011; NSGA-II: Deb et al. 2002; CMA-ES: Hansen,
        arXiv 1604.00772, for whole numbers with the margin of Hamano et al., arXiv 2205.13482)

    Attributes:
        sampler: `tpe`, `nsga2`, `nsga3`, `gp` (needs torch and scipy), `cma_es`, or a class of `optuna.samplers` by its name.
        options: what that class takes, besides the seed: {"n_startup_trials": 20}.

    Raises:
        InvalidOption: if there is no such sampler, it does not fit here, or it refuses the options.
    """

    SUMMARIES: ClassVar[Mapping[str, str]] = {
        "tpe": "Optuna's Tree-structured Parzen Estimator: prefers options that good trials have and bad ones have not.",
        "nsga2": "Optuna's NSGA-II: a genetic algorithm for several objectives.",
        "nsga3": "Optuna's NSGA-III: a genetic algorithm for many objectives, spread by reference points.",
        "gp": "Optuna's Bayesian optimisation with a Gaussian process; its cost grows with the cube of the trials.",
        "cma_es": "Optuna's CMA-ES: moves a normal distribution over widths, depths and other numbers to where the good ones are.",
    }

    sampler: str = "tpe"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.options, Mapping):
            raise InvalidOption(f"options must be a mapping of the sampler's settings, got {self.options!r:.60}")
        object.__setattr__(self, "options", dict(self.options))
        self.make(seed=0)

    def make(self, seed: int) -> optuna.samplers.BaseSampler:
        """The sampler itself.

        Raises:
            InvalidOption: as above.
        """
        found = _sampler_class(self.sampler)
        known = [name for name in inspect.signature(found).parameters if name != "seed"]
        for name in self.options:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
                hint = f", did you mean {near[0]!r}? It" if near else "; it"
                raise InvalidOption(f"{found.__name__} has no option {name!r}{hint} has {', '.join(known) or 'none'}")
        if found.__name__ == "CmaEsSampler" and importlib.util.find_spec("cmaes") is None:
            raise InvalidOption("CmaEsSampler needs the package cmaes, which is not installed: pip install 'nas_explorer[cma]'")
        import optuna

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", category=optuna.exceptions.ExperimentalWarning)
                sampler: optuna.samplers.BaseSampler = found(seed=seed, **{**DEFAULTS.get(found.__name__, {}), **self.options})
        except ImportError as error:
            raise InvalidOption(f"{found.__name__} needs a package that is not installed: {error}") from error
        except Exception as error:
            raise InvalidOption(f"{found.__name__} refuses {self.options}: {error}") from error
        return sampler

    def begin(self, problem: Problem) -> Proposer:
        """
        Raises:
            InvalidOption: if the space has nothing that the sampler could search.
        """
        return OptunaProposer(self.make(problem.seed), problem, self.options)


class OptunaProposer:
    """A study under way, in memory."""

    def __init__(self, sampler: optuna.samplers.BaseSampler, problem: Problem, options: Mapping[str, Any]) -> None:
        is_cma = type(sampler).__name__ == "CmaEsSampler"
        self.space, self.objectives, self.options = problem.space, problem.objectives[:1] if is_cma else problem.objectives, options
        self.orders = checked_orders(problem.space) if is_cma else {}
        self.study = _study(sampler, self.objectives)
        self.rng = np.random.default_rng(problem.seed)
        self.seen = self.asked = 0                         # finished trials; the number of the trial that was asked last
        self.refused = False
        self._open: defaultdict[Architecture, deque[int]] = defaultdict(deque)

    def ask(self) -> Architecture:
        self.refused = False
        for _ in range(MAX_REFUSALS):
            trial = self.study.ask()
            chosen = suggest(trial, self.space, self.orders)
            if holds(self.space, chosen):
                return self._propose(trial, from_indices(self.space, chosen))
            _fail(self.study, trial)
        # A sampler does not learn from what the space's rules refuse, so it could go on like this forever.
        self.refused = True
        architecture = sample(self.space, self.rng)
        return self._propose(self._entered(architecture), architecture)

    def tell(self, trial: Trial) -> None:
        waiting = self._open.get(trial.architecture)
        number = waiting.popleft() if waiting else self._entered(trial.architecture).number
        if trial.status == "failed":
            _fail(self.study, number)
        else:
            self.seen += 1
            self.study.tell(number, [trial.values[metric.name] for metric in self.objectives])

    def why(self) -> Mapping[str, Any]:
        if self.refused:
            return {"kind": "random", "refused": MAX_REFUSALS}
        return {"kind": "model", "sampler": type(self.study.sampler).__name__, "seen": self.seen, **self._model()}

    def _model(self) -> dict[str, int]:
        """What is known of the sampler's model from outside."""
        from optuna.samplers import BaseGASampler

        sampler = self.study.sampler
        if isinstance(sampler, BaseGASampler):
            return {"generation": sampler.get_trial_generation(self.study, self.study.get_trials(deepcopy=False)[self.asked])}
        startup = self.options.get("n_startup_trials", STARTUP.get(type(sampler).__name__, 0))
        if type(sampler).__name__ != "TPESampler" or self.seen < startup or "gamma" in self.options:
            return {"startup": startup} if startup else {}
        return {"startup": startup, "good": min(math.ceil(0.1 * self.seen), 25)}

    def _propose(self, trial: optuna.Trial, architecture: Architecture) -> Architecture:
        self.asked = trial.number
        self._open[architecture].append(trial.number)
        return architecture

    def _entered(self, architecture: Architecture) -> optuna.Trial:
        """A trial that the sampler did not propose: it learns from it as from its own."""
        given = {**architecture}
        for decision, index in zip(decisions(self.space), to_indices(self.space, architecture), strict=True):
            if index >= 0 and decision.id in self.orders:
                given[decision.id] = self.orders[decision.id].index(index)
        self.study.enqueue_trial(given)
        trial = self.study.ask()
        suggest(trial, self.space, self.orders)
        return trial


def _sampler_class(name: object) -> type[Any]:
    from optuna import samplers

    there = [known for known in dir(samplers) if known.endswith("Sampler")]
    wanted = ALIASES.get(name, name) if isinstance(name, str) else name
    if wanted in UNFIT:
        raise InvalidOption(f"sampler {name!r} does not fit here: {UNFIT[str(wanted)]}")
    if wanted not in there:
        fit = [*ALIASES, *(known for known in there if known not in UNFIT)]
        near = difflib.get_close_matches(str(name), fit, n=1, cutoff=0.5)
        hint = f", did you mean {near[0]!r}? There is" if near else "; there is"
        raise InvalidOption(f"Optuna has no sampler {name!r}{hint} {', '.join(fit)}")
    found: type[Any] = getattr(samplers, str(wanted))
    return found


def _study(sampler: optuna.samplers.BaseSampler, objectives: Sequence[Metric]) -> optuna.Study:
    """A study in memory, made without Optuna's line about it; the user's setting of Optuna's log stays as it was."""
    import optuna

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return optuna.create_study(sampler=sampler, directions=["minimize" if m.minimize else "maximize" for m in objectives])
    finally:
        optuna.logging.set_verbosity(verbosity)


def _fail(study: optuna.Study, trial: optuna.Trial | int) -> None:
    from optuna.trial import TrialState

    study.tell(trial, state=TrialState.FAIL)
