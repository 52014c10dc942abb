"""Where a slip lies on the page: known movements of the paper are found again to a third of a millimetre."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning.align import Placement, corners_of, place_by_codes, tighten, transform
from consentdesk.scanning.codes import find_codes, reduced
from tests.scanning.made_up import (
    Matrix,
    Raster,
    Version,
    about_middle,
    answer_all,
    cover,
    draw,
    moved,
    on_paper,
    quarter_turn,
    to_pixels,
    turned_by,
)

NEAR_MM = 0.3
"""What is found again may be this far off anywhere on the slip; a box is then looked for within 1.5 mm."""


def placed(page: Raster, version: Version, use: tuple[int, ...] = (0, 1)) -> Placement | None:
    """The slip as found by those of its codes that can be read, out of `use`."""
    found = {code.text: code.corners for code in find_codes(*reduced(page))}
    seen = [(at, found[text]) for at, text in enumerate(version.codes()) if at in use and text in found]
    assert len(seen) == len(use)
    first = place_by_codes(version.layout, seen)
    # As far as the reader looks from one code, and from two.
    return (
        None if first is None else tighten(page, version.layout, first, reach=7.0 if len(seen) == 1 else 3.0)
    )


def off_mm(found: Placement | None, version: Version, matrix: Matrix, dpi: float) -> float:
    """The largest error anywhere on the slip; `matrix` is what was done to the page's pixels."""
    assert found is not None
    outline = version.layout.outline
    xs, ys = np.meshgrid(np.linspace(outline.x0, outline.x1, 9), np.linspace(outline.y0, outline.y1, 7))
    places = np.column_stack([xs.ravel(), ys.ravel()])
    truth = on_paper(matrix @ to_pixels(dpi), places)
    worst = np.linalg.norm(found.to_page(places) - truth, axis=1).max()
    return float(worst) / found.px_per_mm(outline.centre)


def scaled(page: Raster, across: float, down: float) -> Matrix:
    return about_middle(page, [[across, 0], [0, down]])


def seen_askew(page: Raster, *shares: tuple[float, float]) -> Matrix:
    """The page as a camera sees it that does not look straight down: its corners move by shares of its size."""
    height, width = page.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    there = corners + np.array(shares, np.float32) * (width, height)
    return cv2.getPerspectiveTransform(corners, there.astype(np.float32))


FLAT = {
    "as printed": lambda _: np.eye(3),
    "printed at 94 %": lambda page: scaled(page, 0.94, 0.94),
    "printed at 97 %": lambda page: scaled(page, 0.97, 0.97),
    "printed at 104 %": lambda page: scaled(page, 1.04, 1.04),
    "2 % wider": lambda page: scaled(page, 1.02, 1.0),
    "2 % shorter": lambda page: scaled(page, 1.0, 0.98),
    "sheared by 2 %": lambda page: about_middle(page, [[1, 0.02], [0, 1]]),
    "10° anticlockwise": lambda page: turned_by(page, -10) @ scaled(page, 0.8, 0.8),
    "3° clockwise": lambda page: turned_by(page, 3),
    "10° clockwise": lambda page: turned_by(page, 10) @ scaled(page, 0.8, 0.8),
    "crooked, small and stretched": lambda page: turned_by(page, -6) @ scaled(page, 0.83, 0.85),
}
LEANING = {
    "camera to the left": lambda page: seen_askew(page, (0, 0), (-0.08, 0.03), (-0.08, -0.03), (0, 0)),
    "camera below": lambda page: seen_askew(page, (0.07, 0), (-0.07, 0), (0, 0), (0, 0)),
    "camera above": lambda page: seen_askew(page, (0, 0), (0, 0), (-0.07, -0.05), (0.07, -0.05)),
    "camera at a corner": lambda page: seen_askew(page, (0.04, 0.02), (-0.01, 0), (0, 0), (0, -0.02)),
}


@pytest.mark.parametrize("way", [*FLAT, *LEANING])
@pytest.mark.parametrize("version", ["many", "few"])
def test_with_both_codes_a_slip_is_found_wherever_it_lies(
    version: str, way: str, versions: dict[str, Version]
) -> None:
    printed = versions[version]
    for dpi in (150, 200):
        page = printed.page(dpi=dpi)
        matrix = (FLAT | LEANING)[way](page)
        found = placed(moved(page, matrix), printed)
        assert off_mm(found, printed, matrix, dpi) < NEAR_MM
        assert found is not None
        assert found.fit > 0.95


@pytest.mark.parametrize("turn", range(4))
def test_it_is_found_whichever_way_up(turn: int, few: Version) -> None:
    page, matrix = quarter_turn(few.page(), turn)
    assert off_mm(placed(page, few), few, matrix, 200) < NEAR_MM


@pytest.mark.parametrize("way", FLAT)
@pytest.mark.parametrize("code", [0, 1])
def test_one_code_is_enough_on_a_flat_page(code: int, way: str, many: Version) -> None:
    """Its 18 mm tell turn, scale and place; the frame, up to 7 mm away by then, tells the rest."""
    page = many.page()
    matrix = FLAT[way](page)
    assert off_mm(placed(moved(page, matrix), many, (code,)), many, matrix, 200) < NEAR_MM


def test_what_is_written_on_the_slip_does_not_move_it(many: Version) -> None:
    page = many.page()
    answer_all(page, many.layout)
    outline = many.layout.outline
    draw(page, [[(outline.x0 - 4, y), (outline.x1 + 4, y + 9)] for y in (150, 190, 230)])
    draw(page, [[(outline.x0 + 0.8, outline.y0), (outline.x0 + 0.8, outline.y1 - 90)]])
    assert off_mm(placed(page, many), many, np.eye(3), 200) < NEAR_MM


@pytest.mark.parametrize("shade", [255, 60])
@pytest.mark.parametrize("code", [0, 1])
def test_a_torn_corner_takes_one_code_and_nothing_else(code: int, shade: int, few: Version) -> None:
    page, place = few.page(), few.layout.codes[code]
    corner = Box(place.x0 - 1, 0, 210, place.y1 + 1) if code == 0 else Box(0, place.y0 - 1, place.x1 + 1, 297)
    cover(page, corner, shade=shade)
    matrix = turned_by(page, 2)
    found = placed(moved(page, matrix), few, (1 - code,))
    assert off_mm(found, few, matrix, 200) < NEAR_MM
    assert found is not None
    assert 0.7 < found.fit < 0.98, "part of the frame is gone, and the fit says so"


def test_a_side_that_is_folded_under_is_outvoted(many: Version) -> None:
    page, outline = many.page(), many.layout.outline
    cover(page, Box(0, outline.y0 + 30, outline.x0 + 4, outline.y1 - 40))
    assert off_mm(placed(page, many), many, np.eye(3), 200) < NEAR_MM


def test_where_there_is_no_frame_the_fit_says_so(few: Version) -> None:
    codes = [(at, on_paper(to_pixels(200), corners_of(box))) for at, box in enumerate(few.layout.codes)]
    first = place_by_codes(few.layout, codes)
    assert first is not None
    for page in (np.full((2339, 1654), 255, np.uint8), np.full((2339, 1654), 0, np.uint8)):
        assert tighten(page, few.layout, first, reach=3.0).fit < 0.1


def test_a_mirrored_page_is_refused(few: Version) -> None:
    """No scanner mirrors; a code that seems to be is misread, or the page was made to deceive."""
    mirrored = np.diag([-1.0, 1.0, 1.0])
    mirrored[0, 2] = 1653
    seen = [
        (at, on_paper(mirrored @ to_pixels(200), corners_of(box))) for at, box in enumerate(few.layout.codes)
    ]
    assert place_by_codes(few.layout, seen) is None


def test_codes_that_contradict_each_other_are_refused(few: Version) -> None:
    first, second = (on_paper(to_pixels(200), corners_of(box)) for box in few.layout.codes)
    on_its_head, elsewhere = np.roll(second, 2, axis=0), np.add(first, (300, 100))
    for odd in (on_its_head, elsewhere):
        assert place_by_codes(few.layout, [(0, first), (1, odd)]) is None


def test_a_code_that_was_read_inaccurately_does_not_bend_the_slip(few: Version) -> None:
    """Of two codes that no camera could have seen so, a turn, a scale and a place are believed."""
    first, second = (on_paper(to_pixels(200), corners_of(box)) for box in few.layout.codes)
    matrix = place_by_codes(few.layout, [(0, first), (1, np.roll(second, 1, axis=0))])
    assert matrix is not None
    assert matrix[2] == pytest.approx([0, 0, 1])
    assert transform(matrix, corners_of(few.layout.codes[0])) == pytest.approx(first, abs=25)


def test_scale_is_told_where_it_is_asked_for() -> None:
    leaning = np.array([[8.0, 0, 10], [0, 8.0, 20], [0, 0.002, 1]])
    placement = Placement(leaning, 1.0)
    assert placement.px_per_mm((0, 0)) == pytest.approx(8, rel=0.02)
    assert placement.px_per_mm((0, 200)) < 6
    assert placement.to_page([(0, 0)]) == pytest.approx(np.array([[10, 20]]))
    assert transform(np.eye(3), np.array([[3.0, 4.0]])) == pytest.approx(np.array([[3, 4]]))
