"""Gradients through one step of the weights: a quadratic whose answer is written down, and the weights come back."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from nas_explorer.one_shot.runs.bilevel import Ahead, exact, finite_difference, first_order, frozen

# L_train = (w - alpha)^2 / 2 + alpha w and L_val = (w - 2)^2 / 2 + 3 alpha, elementwise sums: dL_train/dw = w, so w' = w (1 - rate), and
# d2 L_train / dalpha dw = 0 in the first; with c alpha w in place of alpha w it is c - 1.
COUPLING = torch.tensor([3.0, -2.0, 0.5], dtype=torch.float64)


class Toy:
    def __init__(self) -> None:
        self.w = torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64, requires_grad=True)
        self.alpha = torch.tensor([0.2, 0.3, -0.4], dtype=torch.float64, requires_grad=True)

    def train(self) -> Tensor:
        return ((self.w - self.alpha).square() / 2 + COUPLING * self.alpha * self.w).sum()

    def validation(self) -> Tensor:
        return ((self.w - 2.0).square() / 2 + 3.0 * self.alpha * self.w).sum()

    def closed_form(self, ahead: Ahead, buffer: Tensor) -> tuple[Tensor, Tensor]:
        """dL_val(w'(alpha), alpha)/dalpha with w' = w - rate (momentum buffer + dL_train/dw + decay w), and w'."""
        w, alpha = self.w.detach(), self.alpha.detach()
        gradient = w - alpha + COUPLING * alpha
        w_ahead = w - ahead.rate * (ahead.momentum * buffer + gradient + ahead.decay * w)
        return 3.0 * w_ahead - ahead.rate * (COUPLING - 1.0) * (w_ahead - 2.0 + 3.0 * alpha), w_ahead


@pytest.mark.parametrize("way", [finite_difference, exact])
@pytest.mark.parametrize(("momentum", "decay"), [(0.0, 0.0), (0.9, 3e-2)])
def test_the_unrolled_gradient_of_a_quadratic_is_its_closed_form(way: object, momentum: float, decay: float) -> None:
    toy = Toy()
    buffer = torch.tensor([0.5, 0.1, -0.2], dtype=torch.float64)
    ahead = Ahead(0.1, momentum, decay, {toy.w: {"momentum_buffer": buffer}} if momentum else {})
    wanted, _ = toy.closed_form(ahead, buffer)
    (found,), _ = way(toy.train, toy.validation, [toy.w], [toy.alpha], ahead)                         # type: ignore[operator]
    assert torch.allclose(found, wanted, atol=1e-9)                    # the loss is quadratic, so a finite difference is exact too


@pytest.mark.parametrize("way", [finite_difference, exact])
def test_the_weights_come_back_to_the_last_bit_and_need_gradients_as_before(way: object) -> None:
    toy = Toy()
    before = toy.w.detach().clone()
    way(toy.train, toy.validation, [toy.w], [toy.alpha], Ahead(0.1))                                  # type: ignore[operator]
    assert torch.equal(toy.w, before)
    assert toy.w.requires_grad
    assert toy.alpha.requires_grad
    assert toy.w.grad is None
    assert toy.alpha.grad is None


def test_they_come_back_after_an_error_too() -> None:
    toy = Toy()
    before = toy.w.detach().clone()

    def broken() -> Tensor:
        raise RuntimeError("no validation")

    with pytest.raises(RuntimeError, match="no validation"):
        finite_difference(toy.train, broken, [toy.w], [toy.alpha], Ahead(0.1))
    assert torch.equal(toy.w, before)


def test_the_first_order_takes_the_weights_as_they_are() -> None:
    toy = Toy()
    (found,), loss = first_order(toy.validation, [toy.w], [toy.alpha])
    assert torch.equal(found, 3.0 * toy.w.detach())
    assert loss == pytest.approx(toy.validation().item())


def test_with_a_rate_of_zero_the_second_order_is_the_first() -> None:
    toy = Toy()
    (second,), _ = exact(toy.train, toy.validation, [toy.w], [toy.alpha], Ahead(0.0))
    assert torch.allclose(second, first_order(toy.validation, [toy.w], [toy.alpha])[0][0])


def test_finite_and_exact_agree_on_a_curved_loss() -> None:
    generator = torch.Generator().manual_seed(0)
    w = torch.randn(5, generator=generator, dtype=torch.float64).requires_grad_()
    alpha = torch.randn(5, generator=generator, dtype=torch.float64).requires_grad_()

    def train() -> Tensor:
        return torch.sin(w * alpha.softmax(0)).sum() + w.square().sum() / 3

    def validation() -> Tensor:
        return torch.cos(w - 0.3).sum() * alpha.softmax(0)[0]

    (near,), _ = finite_difference(train, validation, [w], [alpha], Ahead(0.3, decay=0.1))
    (true,), _ = exact(train, validation, [w], [alpha], Ahead(0.3, decay=0.1))
    assert torch.allclose(near, true, atol=1e-6)
    assert not torch.allclose(true, first_order(validation, [w], [alpha])[0][0], atol=1e-3)


def test_a_loss_that_does_not_depend_on_the_weights_has_no_second_part() -> None:
    toy = Toy()
    (found,), _ = finite_difference(toy.train, lambda: toy.alpha.square().sum(), [toy.w], [toy.alpha], Ahead(0.1))
    assert torch.equal(found, 2 * toy.alpha.detach())


def test_frozen_tensors_thaw_and_others_stay_frozen() -> None:
    a, b = torch.zeros(1, requires_grad=True), torch.zeros(1)
    with frozen([a, b]):
        assert not a.requires_grad
    assert a.requires_grad
    assert not b.requires_grad
