"""The collapse is seen: eigenvalues against the full Hessian, and the rule that stops a search."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from nas_explorer.one_shot.collapse import BACK, CollapseWatch
from nas_explorer.one_shot.runs.curvature import direction, dominant_eigenvalue, hessian_product


def test_power_iteration_finds_the_eigenvalue_of_the_full_hessian() -> None:
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(3, generator=generator, dtype=torch.float64).requires_grad_()
    b = torch.randn(4, generator=generator, dtype=torch.float64).requires_grad_()

    def loss(a: Tensor, b: Tensor) -> Tensor:
        return torch.exp(a.softmax(0)).prod() * torch.sin(b).sum() + (a.sum() * b.square().sum()) ** 2 / 10

    full = torch.autograd.functional.hessian(loss, (a, b))
    matrix = torch.cat([torch.cat([block.reshape(len(x), -1) for block in row], 1) for x, row in zip((a, b), full, strict=True)])
    product = hessian_product(loss(a, b), [a, b])
    v = direction(7, generator, a)
    assert torch.allclose(product(v), matrix @ v)
    found = dominant_eigenvalue(product, v, products=500, tolerance=1e-12)
    assert found == pytest.approx(torch.linalg.eigvalsh(matrix).abs().max().item(), rel=1e-6)


def test_a_straight_loss_has_no_curvature() -> None:
    a, b = torch.ones(3, requires_grad=True), torch.ones(2, requires_grad=True)
    assert dominant_eigenvalue(hessian_product(a.sum() * 2, [a, b]), torch.ones(5)) == 0.0


def watched(eigenvalues: list[float], first_epoch: float = 10.0) -> CollapseWatch:
    watch = CollapseWatch(first_epoch)
    for at, eigenvalue in enumerate(eigenvalues):
        watch.see(2.0 * (at + 1), eigenvalue, {"edge": f"answer {at}"})
    return watch


def test_steady_curvature_is_no_collapse() -> None:
    watch = watched([1.0] * 12)
    assert watch.growth == pytest.approx(1.0)
    assert not watch.collapses
    assert watch.warning(24.0, 0.3) == ""


def test_growth_beyond_1_3_is_a_collapse_and_the_answer_is_that_of_eight_epochs_before() -> None:
    watch = watched([1.0] * 6 + [1.5] * 4)
    assert watch.growth == pytest.approx((1.0 + 4 * 1.5) / 5)              # four of five measurements in the last window, none before
    assert watch.collapses
    assert watch.answer_before == (12.0, {"edge": "answer 5"})
    assert watch.epochs[-1] - watch.answer_before[0] == 2 * BACK
    assert "1.40 times as sharp in the alphas since epoch 12" in watch.warning(20.0, None)


def test_nothing_is_said_before_there_is_enough_to_compare() -> None:
    assert watched([1.0, 1.0, 5.0, 9.0, 9.0, 9.0]).growth is None           # the average before has less than three
    assert watched([1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0], first_epoch=16.0).growth is None
    assert watched([1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 9.0]).collapses


def test_many_skips_are_told_in_plain_words() -> None:
    watch = watched([])
    assert watch.warning(12.0, 5 / 6).startswith("83% of the choices lean to a skip connection: the search collapses")
    assert watch.warning(2.0, 5 / 6) == ""                                 # alphas have hardly moved


def test_it_goes_on_from_its_state() -> None:
    watch, other = watched([1.0] * 6 + [1.5] * 4), CollapseWatch(10.0)
    other.load_state_dict(watch.state_dict())
    assert other == watch
