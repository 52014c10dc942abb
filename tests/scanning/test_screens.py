"""Dots become greys, and whatever is not made of dots is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from consentdesk.scanning.screens import without_screen
from tests.scanning.made_up import Raster, Version

GREYS = (120, 180, 215, 235)


def dotted(page: Raster, way: Image.Dither) -> Raster:
    return np.asarray(Image.fromarray(page).convert("1", dither=way).convert("L"), np.uint8)


def screened(page: Raster, size: int) -> Raster:
    """A page of black and white dots on a square grid, as scanners screen greys."""
    limits = (np.arange(size * size).reshape(size, size) * 7 % (size * size) + 0.5) * 255 / size**2
    height, width = page.shape
    return np.where(
        page > np.tile(limits, (height // size + 1, width // size + 1))[:height, :width], 255, 0
    ).astype(np.uint8)


@pytest.mark.parametrize("grey", GREYS)
@pytest.mark.parametrize("size", [2, 4])
def test_a_screens_dots_become_the_grey_they_stand_for(grey: int, size: int) -> None:
    smooth = without_screen(screened(np.full((240, 320), grey, np.uint8), size))[8:-8, 8:-8]
    assert int(np.ptp(smooth)) <= 2
    assert abs(float(smooth.mean()) - grey) < 255 / size**2


@pytest.mark.parametrize("grey", GREYS)
def test_diffused_dots_become_nearly_even(grey: int) -> None:
    page = np.full((240, 320), grey, np.uint8)
    dots = dotted(page, Image.Dither.FLOYDSTEINBERG)
    smooth = without_screen(dots)[8:-8, 8:-8]
    assert float(smooth.std()) < 0.25 * float(dots.std())
    assert abs(float(smooth.mean()) - grey) < 4


@pytest.mark.parametrize("dpi", [100, 200])
@pytest.mark.parametrize("noise", [0, 9])
def test_print_on_noisy_paper_is_left_alone(dpi: int, noise: int, many: Version) -> None:
    page = many.page(dpi=dpi)
    grains = np.random.default_rng(1).normal(0, noise, page.shape)
    noisy = (page + grains).clip(0, 255).astype(np.uint8)
    assert without_screen(noisy) is noisy


def test_a_page_that_is_black_and_white_but_has_no_dots_is_left_alone(many: Version) -> None:
    page = np.where(many.page() > 140, 255, 0).astype(np.uint8)
    assert without_screen(page) is page


@pytest.mark.parametrize("shape", [(0, 0), (5, 40), (40, 1)])
def test_scraps_are_left_alone(shape: tuple[int, int]) -> None:
    scrap = np.zeros(shape, np.uint8)
    assert without_screen(scrap) is scrap
