"""Each box found again by its own outline: to a seventh of a millimetre, and doubted where there is none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from consentdesk.model.decision import FIT_FLOOR
from consentdesk.model.layout import Box
from consentdesk.scanning.boxes import HALO, REACH, SCALE, expected_edges
from tests.scanning.made_up import Raster, boxed_paper, cross, draw, inside, see, shift_of, tick

BOX = Box(5.5, 5.5, 10.5, 10.5)
NEAR_MM = 0.15

PLACES = [(0, 0), (0.4, -0.2), (-0.8, 1.1), (1.5, 0), (0, -1.5), (1.5, 1.5), (-1.5, -1.5), (-1.13, 0.37)]


def off(shift: tuple[float, float], truth: tuple[float, float]) -> float:
    return max(abs(shift[0] - truth[0]), abs(shift[1] - truth[1]))


@pytest.mark.parametrize("dpi", [150, 200, 300, 600])
@pytest.mark.parametrize("at", PLACES)
def test_a_box_is_found_where_it_is(at: tuple[float, float], dpi: int) -> None:
    paper = boxed_paper(BOX, dpi=dpi, at=at)
    view = see(paper, BOX)
    assert off(shift_of(paper, BOX), at) < NEAR_MM
    assert view.fit > 0.9
    assert np.abs(np.subtract(view.edges, expected_edges(BOX))).max() < NEAR_MM * SCALE


def test_a_box_is_looked_for_as_far_as_paper_moves() -> None:
    assert REACH == 1.5
    beyond = boxed_paper(BOX, at=(2.6, 0))
    assert off(shift_of(beyond, BOX), (0, 0)) <= REACH
    assert see(beyond, BOX).fit < FIT_FLOOR


@pytest.mark.parametrize("side", [4.5, 5.0, 7.0])
def test_boxes_of_large_print_are_found_too(side: float) -> None:
    box = Box(8 - side / 2, 8 - side / 2, 8 + side / 2, 8 + side / 2)
    paper = boxed_paper(box, at=(0.6, -0.9))
    assert off(shift_of(paper, box), (0.6, -0.9)) < NEAR_MM
    assert see(paper, box).fit > 0.9


NOISE = np.random.default_rng(5).normal(0, 12, (126, 126))
HARMS: dict[str, Callable[[Raster], Raster]] = {
    "washed out": lambda paper: (190 + paper * 0.2).astype(np.uint8),
    "dark paper": lambda paper: (paper * 0.5).astype(np.uint8),
    "out of focus": lambda paper: cv2.GaussianBlur(paper, (0, 0), 2),
    "one bit": lambda paper: np.where(paper > 150, 255, 0).astype(np.uint8),
    "grainy": lambda paper: np.clip(paper * 0.8 + 20 + NOISE, 0, 255).astype(np.uint8),
    "in a shadow's edge": lambda paper: (paper * np.linspace(0.55, 1, paper.shape[1])).astype(np.uint8),
}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("at", [(0, 0), (1.2, -0.9), (-1.4, 0.6)])
def test_a_bad_scan_hides_no_box(at: tuple[float, float], harm: str) -> None:
    paper = HARMS[harm](boxed_paper(BOX, at=at))
    assert off(shift_of(paper, BOX), at) < NEAR_MM
    assert see(paper, BOX).fit > 0.9


@pytest.mark.parametrize("at", [(0, 0), (1.2, -0.9), (-1.4, 0.6)])
def test_what_is_drawn_into_a_box_does_not_move_it(at: tuple[float, float]) -> None:
    """What a pen adds covers less than half of a side."""
    there = BOX.moved(*at)
    for lines in (
        tick(there),
        cross(there),
        [inside(there, (-0.3, 0.5), (1.4, 0.45))],
        [inside(there, (0.1, 0.1), (0.1, 0.9))],
        [inside(there, (0.2, -0.3), (0.9, -0.2), (1.2, 0.4), (0.6, 1.2))],
    ):
        paper = boxed_paper(BOX, at=at)
        draw(paper, lines)
        assert off(shift_of(paper, BOX), at) < NEAR_MM
        assert see(paper, BOX).fit > 0.85


def blank() -> Raster:
    return np.full((126, 126), 255, np.uint8)


def lines_only(*rows: int) -> Raster:
    paper = blank()
    for row in rows:
        paper[row : row + 3] = 0
    return paper


def a_word() -> Raster:
    return np.asarray(cv2.putText(blank(), "children", (2, 70), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2))


def half_a_box() -> Raster:
    paper = boxed_paper(BOX)
    paper[:, : round(7 * 126 / 16)] = 255
    paper[: round(7 * 126 / 16)] = 255
    return paper


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(blank(), id="white paper"),
        pytest.param(np.full((126, 126), 25, np.uint8), id="black"),
        pytest.param(lines_only(60), id="a line"),
        pytest.param(lines_only(42, 82), id="two lines, as far apart as a box is high"),
        pytest.param(a_word(), id="a word"),
        pytest.param(half_a_box(), id="two sides torn off"),
        pytest.param(boxed_paper(Box(6.5, 6.5, 9.5, 9.5)), id="a smaller box"),
        pytest.param(boxed_paper(Box(3.5, 3.5, 12.5, 12.5)), id="a larger box"),
    ],
)
def test_where_there_is_no_such_box_the_fit_is_low(paper: Raster) -> None:
    assert see(paper, BOX).fit < FIT_FLOOR


def test_ink_is_told_against_the_paper_nearby_and_the_forms_own_lines() -> None:
    """0 is paper and 1 as dark as print, whatever the scanner's exposure and the light across the page."""
    for harm in ("washed out", "dark paper", "in a shadow's edge"):
        paper = boxed_paper(BOX)
        draw(paper, [inside(BOX, (0.2, 0.5), (0.8, 0.5))])
        view = see(HARMS[harm](paper), BOX)
        middle = round((HALO + 2.5) * SCALE)
        assert view.ink[middle, middle] > 0.7
        assert abs(float(np.median(view.ink))) < 0.05


def test_noise_is_the_papers_own() -> None:
    assert see(boxed_paper(BOX), BOX).noise < 0.01
    grainy = see(HARMS["grainy"](boxed_paper(BOX)), BOX)
    assert 0.02 < grainy.noise < 0.12
