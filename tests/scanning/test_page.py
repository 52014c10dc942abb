"""One page made ready: small enough to look over, blank or not, and parts of it shown or painted over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.scanning.page import Page, around_code, is_blank, without
from consentdesk.scanning.rehearsal.strangers import letter_page


def test_a_page_is_kept_in_colour_and_searched_in_the_darkest_of_its_colours() -> None:
    pixels = np.full((2339, 1654, 3), 255, np.uint8)
    pixels[1000:1400, 800:1200] = (40, 60, 220)
    page = Page.of(pixels)
    assert page.pixels is pixels
    assert (page.grey.shape, page.grey.min()) == ((2339, 1654), 40)
    assert (page.factor, page.small.min()) == (2, 40)


@pytest.mark.parametrize(("long_side", "kept"), [(4200, 4200), (4300, 3000), (7016, 3000)])
def test_a_page_finer_than_needed_is_made_smaller(long_side: int, kept: int) -> None:
    page = Page.of(np.full((long_side, 1200), 255, np.uint8))
    assert page.grey.shape[0] == pytest.approx(kept, abs=1)


def test_the_mirror_image_of_a_page_is_mirrored_throughout() -> None:
    pixels = letter_page(np.random.default_rng(1), 150)
    page = Page.of(pixels).flipped()
    assert np.array_equal(page.grey, pixels[:, ::-1])
    assert np.array_equal(page.pixels, page.grey)


@pytest.mark.parametrize("paper", [255, 200, 130])
def test_paper_is_blank_whatever_its_shade_and_a_word_on_it_is_not(paper: int) -> None:
    page = np.full((1169, 827), paper, np.uint8)
    page[:, 400:] -= 12
    assert is_blank(page)
    cv2.putText(page, "not at home", (300, 600), cv2.FONT_HERSHEY_SIMPLEX, 1.0, paper - 80, 2)
    assert not is_blank(page)


def test_a_scanners_black_edge_is_no_ink() -> None:
    page = np.full((1169, 827), 250, np.uint8)
    page[:40] = page[:, -30:] = 5
    assert is_blank(page)


def test_a_black_page_is_not_blank() -> None:
    assert not is_blank(np.full((1169, 827), 10, np.uint8))


def test_what_was_read_is_painted_over_and_the_page_itself_is_not() -> None:
    page = Page.of(np.full((2339, 1654), 90, np.uint8))
    quad = np.array([(300.0, 400.0), (900.0, 420.0), (890.0, 1000.0), (310.0, 980.0)])
    rest = without(page, [quad])
    assert rest.grey[700, 600] == rest.small[350, 300] == 255
    assert rest.grey[410, 300] == 255, "a little beyond it too"
    assert rest.grey[200, 200] == rest.small[100, 100] == 90
    assert (page.grey == 90).all()
    assert without(page, []) is page


@pytest.mark.parametrize("at", [(5.0, 5.0), (800.0, 1200.0), (1640.0, 2330.0)])
def test_a_code_is_shown_with_what_is_round_it_even_at_the_pages_edge(at: tuple[float, float]) -> None:
    page = Page.of(letter_page(np.random.default_rng(2), 200))
    corners = np.array(at) + np.array([(0.0, 0.0), (140.0, 0.0), (140.0, 140.0), (0.0, 140.0)])
    crop = cv2.imdecode(np.frombuffer(around_code(page, corners), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert crop is not None
    assert 200 < max(crop.shape) <= 700
