"""Augmentations do what they say to every picture, and differently to each."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, Tensor

from nas_explorer.estimators.loops.augmentation import AUGMENT, augmented, cutout, flip, frequency_mask, shift, time_mask
from nas_explorer.estimators.training_recipe import AUGMENTATIONS


@pytest.fixture
def pictures() -> Tensor:
    """64 pictures of 16x16, no pixel of which is zero."""
    return torch.rand(64, 2, 16, 16, generator=Generator().manual_seed(0)) + 1


@pytest.fixture
def generator() -> Generator:
    return Generator().manual_seed(1)


def test_there_is_one_for_every_name() -> None:
    assert AUGMENT.keys() == AUGMENTATIONS.keys()


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_it_follows_from_its_generator_and_leaves_its_input_alone(name: str, pictures: Tensor) -> None:
    before = pictures.clone()
    one, again, other = (augmented(pictures, [name], Generator().manual_seed(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(pictures, before)
    assert one.shape == pictures.shape


def test_a_shift_moves_all_that_stays_in_sight(pictures: Tensor, generator: Generator) -> None:
    moved = shift(pictures, generator)
    places = set()
    for one, other in zip(pictures, moved, strict=True):
        ways = {(i, j) for i in range(-2, 3) for j in range(-2, 3)
                if torch.equal(other[:, 2 - i:14 - i, 2 - j:14 - j], one[:, 2:14, 2:14])}
        assert len(ways) == 1
        places |= ways
    assert len(places) > 15


def test_a_flip_mirrors_about_half(pictures: Tensor, generator: Generator) -> None:
    mirrored = [torch.equal(new, old.flip(2)) for new, old in zip(flip(pictures, generator), pictures, strict=True)]
    same = [torch.equal(new, old) for new, old in zip(flip(pictures, Generator().manual_seed(1)), pictures, strict=True)]
    assert sum(mirrored) + sum(same) == 64
    assert 16 < sum(mirrored) < 48          # 4 sigma


def test_a_cutout_is_one_square_of_half_the_side_or_its_part(pictures: Tensor, generator: Generator) -> None:
    blank = (cutout(pictures, generator) == 0)
    for picture in blank:
        rows, columns = picture[0].any(dim=1).sum().item(), picture[0].any(dim=0).sum().item()
        assert 4 <= rows <= 8
        assert 4 <= columns <= 8
        assert picture[0].sum() == rows * columns
        assert torch.equal(picture[0], picture[1])


def test_masks_blank_whole_bands_or_frames(pictures: Tensor, generator: Generator) -> None:
    for mask, axis in ((frequency_mask, 1), (time_mask, 0)):
        blank = (mask(pictures, generator) == 0)[:, 0]
        whole, partly = blank.all(dim=1 + axis), blank.any(dim=1 + axis)
        assert torch.equal(whole, partly)
        assert 0 < whole.sum(dim=1).max() <= 4
