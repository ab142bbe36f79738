"""A step of DARTS on the authors' network (C=16, 8 cells), theirs beside ours with the same weights, in one session.

    python tests/benchmarks/darts_speed.py PATH_TO_QUARK0_DARTS [--batch 16] [--rounds 3] [--second] [--memory] [--skip-check]

PATH holds a checkout of https://github.com/quark0/darts; its code runs as published, with `.cuda()` made a no-op and the
deprecated `add_(scale, x)` spelled as it is today. CPU time of this process, one thread, in turns, medians. Memory is the peak of
a fresh process over what it held before the step.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from nas_explorer.models import Supernet
from nas_explorer.one_shot.runs import bilevel
from nas_explorer.spaces import decisions, load

OPERATIONS = ("none", "max_pool_3x3", "avg_pool_3x3", "skip", "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5")
ETA, MOMENTUM, DECAY = 0.025, 0.9, 3e-4


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


# ---- theirs

def their_modules(path: Path) -> tuple[Any, Any]:
    """`model_search` and `architect`, as they are but for three words that torch does not know any more."""
    sys.path.insert(0, str(path / "cnn"))
    Tensor.cuda = lambda self, *_, **__: self                                   # type: ignore[assignment]
    nn.Module.cuda = lambda self, *_, **__: self                                # type: ignore[assignment]
    import model_search

    text = (path / "cnn" / "architect.py").read_text()
    for old, new in (("theta.sub(eta, moment+dtheta)", "theta.sub(moment+dtheta, alpha=eta)"), ("add_(R, v)", "add_(v, alpha=R)"),
                     ("sub_(2*R, v)", "sub_(v, alpha=2*R)"), ("sub_(eta, ig.data)", "sub_(ig.data, alpha=eta)")):
        assert old in text, old
        text = text.replace(old, new)
    architect = types.ModuleType("architect")
    exec(compile(text, "architect.py", "exec"), architect.__dict__)
    return model_search, architect


class Theirs:
    def __init__(self, path: Path, dtype: torch.dtype, channels: int, layers: int) -> None:
        model_search, architect = their_modules(path)
        torch.manual_seed(0)
        self.model = model_search.Network(channels, 10, layers, nn.CrossEntropyLoss()).to(dtype)
        self.model.alphas_normal.data, self.model.alphas_reduce.data = (a.data.to(dtype) * 300 for a in self.model.arch_parameters())
        self.optimizer = torch.optim.SGD(self.model.parameters(), ETA, momentum=MOMENTUM, weight_decay=DECAY)
        settings = types.SimpleNamespace(momentum=MOMENTUM, weight_decay=DECAY, arch_learning_rate=3e-4, arch_weight_decay=1e-3)
        self.architect = architect.Architect(self.model, settings)

    def alpha_step(self, train: list[Tensor], validation: list[Tensor], second: bool) -> None:
        self.architect.step(*train, *validation, ETA, self.optimizer, unrolled=second)

    def weight_step(self, train: list[Tensor]) -> None:
        self.optimizer.zero_grad()
        self.model._loss(*train).backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 5)
        self.optimizer.step()


# ---- ours

class Ours:
    def __init__(self, dtype: torch.dtype, channels: int, layers: int, forget: bool = False) -> None:
        self.space = load("darts", channels=channels, layers=layers, with_none=True)
        self.supernet = Supernet(self.space, affine=False, norm_pools=True, seed=0).to(dtype)
        (stem,) = [key for key in self.supernet.bank if key.startswith("stem|")]
        self.supernet.bank[stem][1] = nn.BatchNorm2d(3 * channels, dtype=dtype)         # the only norm of theirs that learns a scale
        self.supernet.forget = forget
        self.alphas = {d.id: (1e-3 * torch.randn(len(d.options), dtype=dtype)).requires_grad_()
                       for d in decisions(self.space) if not d.id.endswith(".inputs")}
        self.optimizer = torch.optim.SGD(self.supernet.parameters(), ETA, momentum=MOMENTUM, weight_decay=DECAY, fused=True)
        self.alpha_optimizer = torch.optim.Adam(self.alphas.values(), lr=3e-4, betas=(0.5, 0.999), weight_decay=1e-3)
        self.weights = list(self.supernet.parameters())

    def loss(self, batch: list[Tensor]) -> Tensor:
        strengths = {key: alpha.softmax(0) for key, alpha in self.alphas.items()}
        return nn.functional.cross_entropy(self.supernet.mixed(strengths, batch[0]), batch[1])

    def alpha_step(self, train: list[Tensor], validation: list[Tensor], second: bool) -> None:
        alphas = list(self.alphas.values())
        if second:
            ahead = bilevel.Ahead(ETA, MOMENTUM, DECAY, self.optimizer.state)
            gradients, _ = bilevel.finite_difference(lambda: self.loss(train), lambda: self.loss(validation), self.weights, alphas, ahead)
        else:
            gradients, _ = bilevel.first_order(lambda: self.loss(validation), self.weights, alphas)
        for alpha, gradient in zip(alphas, gradients, strict=True):
            alpha.grad = gradient
        self.alpha_optimizer.step()

    def weight_step(self, train: list[Tensor]) -> None:
        self.optimizer.zero_grad()
        with bilevel.frozen(self.alphas.values()):
            self.loss(train).backward()
        nn.utils.clip_grad_norm_(self.weights, 5)
        self.optimizer.step()


def copy_weights(theirs: Theirs, ours: Ours, layers: int) -> list[tuple[nn.Parameter, nn.Parameter]]:
    """Give ours the weights and alphas of theirs.

    Returns:
        Pairs of parameters, theirs and ours.
    """
    pairs: list[tuple[nn.Parameter, nn.Parameter]] = []

    def pair(module: nn.Module, place: str, label: str = "") -> None:
        (found,) = [m for key, m in ours.supernet.bank.items() if key.startswith(f"{place}|{label}")]
        own = list(found.parameters())
        pairs.extend(zip(module.parameters(), own, strict=True))

    pair(theirs.model.stem, "stem")
    pair(theirs.model.classifier, "logits")
    for layer in range(layers):
        cell = theirs.model.cells[layer]
        kind = "reduce" if cell.reduction else "normal"
        pair(cell.preprocess0, f"cell{layer}/{kind}/k-2→0")
        pair(cell.preprocess1, f"cell{layer}/{kind}/k-1→1")
        edges = [(source, target) for target in range(2, 6) for source in range(target)]
        for (source, target), mixed in zip(edges, cell._ops, strict=True):
            for name, operation in zip(OPERATIONS, mixed._ops, strict=True):
                if list(operation.parameters()):
                    pair(operation, f"cell{layer}/{kind}/{source}→{target}", "project" if name == "skip" else name)
    return pairs


def matched(theirs: Theirs, ours: Ours, layers: int) -> tuple[list[tuple[nn.Parameter, nn.Parameter]], Callable[[], list[Tensor]]]:
    pairs = copy_weights(theirs, ours, layers)
    edges = [(source, target) for target in range(2, 6) for source in range(target)]
    with torch.no_grad():
        for theirs_one, ours_one in pairs:
            ours_one.copy_(theirs_one)
        for kind, alphas in zip(("normal", "reduce"), theirs.model.arch_parameters(), strict=True):
            for (source, target), row in zip(edges, alphas, strict=True):
                ours.alphas[f"{kind}/{source}→{target}"].copy_(row)

    def their_alpha_gradients() -> list[Tensor]:
        by_id = {f"{kind}/{source}→{target}": row for kind, alphas in zip(("normal", "reduce"), theirs.model.arch_parameters(), strict=True)
                 for (source, target), row in zip(edges, alphas.grad, strict=True)}
        return [by_id[key] for key in ours.alphas]
    return pairs, their_alpha_gradients


# ---- the two beside each other

def batch(size: int, seed: int, dtype: torch.dtype) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(size, 3, 32, 32, generator=generator, dtype=dtype), torch.randint(10, (size,), generator=generator)]


def check(path: Path) -> None:
    """Equal gradients in float64, on a smaller network of the same kind: C=4, 3 cells, which has reductions too."""
    torch.set_default_dtype(torch.float64)                  # their unrolled model has the default's type
    theirs, ours = Theirs(path, torch.float64, 4, 3), Ours(torch.float64, 4, 3)
    pairs, their_alpha_gradients = matched(theirs, ours, 3)
    train, validation = batch(4, 0, torch.float64), batch(4, 1, torch.float64)
    for second in (False, True):
        theirs.architect.optimizer.zero_grad()
        before = [alpha.detach().clone() for alpha in (*theirs.model.arch_parameters(), *ours.alphas.values())]
        theirs.alpha_step(train, validation, second)
        ours.alpha_step(train, validation, second)
        report(f"alphas, {'second' if second else 'first'} order", their_alpha_gradients(), [alpha.grad for alpha in ours.alphas.values()])
        for alpha, value in zip((*theirs.model.arch_parameters(), *ours.alphas.values()), before, strict=True):
            alpha.data.copy_(value)
    theirs.optimizer.zero_grad()
    theirs.model._loss(*train).backward()
    ours.optimizer.zero_grad()
    ours.loss(train).backward()
    report("weights", [a.grad for a, _ in pairs], [b.grad for _, b in pairs])
    torch.set_default_dtype(torch.float32)


def report(what: str, theirs: list[Tensor], ours: list[Tensor]) -> None:
    largest = max(g.abs().max().item() for g in theirs)
    worst = max((a - b).abs().max().item() for a, b in zip(theirs, ours, strict=True))
    print(f"float64 gradients of {what}: largest {largest:.3g}, largest difference {worst:.1e}")
    if worst > 1e-6 * max(largest, 1.0):
        raise SystemExit("the gradients differ")


def compare(path: Path, size: int, rounds: int, second: bool) -> None:
    theirs, ours = Theirs(path, torch.float32, 16, 8), Ours(torch.float32, 16, 8)
    matched(theirs, ours, 8)
    train, validation = batch(size, 0, torch.float32), batch(size, 1, torch.float32)

    def step(side: Theirs | Ours) -> None:
        side.alpha_step(train, validation, second)
        side.weight_step(train)

    times: dict[str, list[float]] = {"theirs": [], "ours": []}
    for _ in range(rounds + 1):                             # the first round is a warm-up
        times["theirs"].append(seconds(lambda: step(theirs)))
        times["ours"].append(seconds(lambda: step(ours)))
    medians = {name: statistics.median(each[1:] or each) for name, each in times.items()}
    print(f"batch {size}, {'second' if second else 'first'} order, {rounds} rounds: quark0/darts {medians['theirs']:.2f} s, "
          f"ours {medians['ours']:.2f} s a step, {medians['theirs'] / medians['ours']:.2f} times as fast")


def memory(path: Path, size: int) -> None:
    found = {}
    for side in ("theirs", "ours", "forget"):
        done = subprocess.run([sys.executable, __file__, str(path), "--batch", str(size), "--alone", side], capture_output=True, text=True,
                              check=True)
        found[side] = float(done.stdout.split()[-1])
        share = found[side] / found["theirs"]
        print(f"batch {size}, peak memory of a first-order step, {side}: {found[side]:,.0f} MB, {share:.2f} of theirs", flush=True)


def alone(path: Path, size: int, side: str) -> None:
    """One step of one side; prints the peak in MB over what the process held before."""
    made: Theirs | Ours = Theirs(path, torch.float32, 16, 8) if side == "theirs" else Ours(torch.float32, 16, 8, side == "forget")
    train, validation = batch(size, 0, torch.float32), batch(size, 1, torch.float32)
    small = [part[:2] for part in train]
    made.alpha_step(small, small, False)                    # optimisers and kernels are there before the peak is taken
    made.weight_step(small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made.alpha_step(train, validation, False)
    made.weight_step(train)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--second", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--skip-check", action="store_true")
    parser.add_argument("--alone", choices=("theirs", "ours", "forget"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.alone:
        alone(given.path, given.batch, given.alone)
    elif given.memory:
        memory(given.path, given.batch)
    else:
        if not given.skip_check:
            check(given.path)
        compare(given.path, given.batch, given.rounds, given.second)


if __name__ == "__main__":
    main()
