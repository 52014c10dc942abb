"""A slip found by its frame alone: however it lies, under streaks and without a corner; and never where none is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning.align import corners_of
from consentdesk.scanning.frame_lines import frames_of_lines
from consentdesk.scanning.outline import FramedSlip, find_by_lines, find_frames, match_frame
from consentdesk.scanning.rehearsal.strangers import letter_page
from consentdesk.scanning.templates import Template
from tests.scanning.made_up import (
    Matrix,
    Raster,
    Version,
    about_middle,
    answer_all,
    cover,
    hide_codes,
    laid_on_glass,
    moved,
    on_paper,
    quarter_turn,
    to_pixels,
    turned_by,
)

DPI = 150
Templates = dict[str, Template]


def spoiled(version: Version) -> Raster:
    """A slip, filled in, whose codes somebody has pasted over."""
    page = version.page(dpi=DPI)
    answer_all(page, version.layout, dpi=DPI)
    hide_codes(page, version.layout, dpi=DPI)
    return page


def by_contour(page: Raster, templates: Templates) -> list[FramedSlip]:
    known = list(templates.values())
    found = (match_frame(page, frame, known) for frame in find_frames(page))
    return [slip for slip in found if slip is not None]


def off_mm(slip: FramedSlip, version: Version, matrix: Matrix) -> float:
    """How far the worst corner of the frame lies from where it was printed, in mm."""
    corners = corners_of(version.layout.outline)
    truth = on_paper(matrix @ to_pixels(DPI), corners)
    return float(np.linalg.norm(slip.placement.to_page(corners) - truth, axis=1).max()) * 25.4 / DPI


WAYS = {
    "straight": lambda _: np.eye(3),
    "crooked": lambda page: turned_by(page, 7) @ about_middle(page, [[0.85, 0], [0, 0.85]]),
    "the other way": lambda page: turned_by(page, -4) @ about_middle(page, [[0.95, 0], [0, 0.93]]),
}


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["many", "few", "large"])
def test_a_frame_tells_the_version_and_which_way_up(
    name: str, way: str, turn: int, versions: dict[str, Version], templates: Templates
) -> None:
    version = versions[name]
    page, quarter = quarter_turn(spoiled(version), turn)
    matrix = WAYS[way](page)
    page = moved(page, matrix)
    (slip,) = by_contour(page, templates)
    lines = find_by_lines(page, list(templates.values()))
    assert lines is not None
    for found in (slip, lines):
        assert found.template.tag == version.tag
        assert off_mm(found, version, matrix @ quarter) < 0.5


def streaked(page: Raster, *lines: tuple[tuple[float, float], tuple[float, float]]) -> Raster:
    """Dark lines (mm) over everything, as dirt on a scanner's glass draws them."""
    scale = DPI / 25.4
    for start, end in lines:
        ends = [(round(x * scale), round(y * scale)) for x, y in (start, end)]
        cv2.line(page, *ends, 90, 2)
    return page


@pytest.mark.parametrize("x", [4.0, 60.0, 120.0, 204.0])
def test_streaks_over_the_whole_page_hide_no_frame(x: float, few: Version, templates: Templates) -> None:
    page = streaked(
        spoiled(few), ((x, 0), (x, 297)), ((x + 31.0, 0), (x + 31.0, 297)), ((0, 230), (210, 231))
    )
    found = find_by_lines(page, list(templates.values()))
    assert found is not None
    assert found.template.tag == few.tag
    assert off_mm(found, few, np.eye(3)) < 0.5


@pytest.mark.parametrize("shade", [255, 40])
def test_a_torn_corner_hides_no_frame(shade: int, few: Version, templates: Templates) -> None:
    page, outline = spoiled(few), few.layout.outline
    corner = np.array(
        [
            (outline.x0 - 12, outline.y0 - 12),
            (outline.x0 + 34, outline.y0 - 12),
            (outline.x0 - 12, outline.y0 + 30),
        ]
    )
    cv2.fillConvexPoly(page, np.rint(corner * DPI / 25.4).astype(np.int32), shade)
    found = find_by_lines(page, list(templates.values()))
    assert found is not None
    assert off_mm(found, few, np.eye(3)) < 0.5


def test_a_dithered_scan_hides_no_frame(few: Version, templates: Templates) -> None:
    rng = np.random.default_rng(3)
    page = spoiled(few)
    page = np.where(page * 0.8 + 20 > rng.integers(0, 256, page.shape), 255, 0).astype(np.uint8)
    found = find_by_lines(page, list(templates.values()))
    assert found is not None
    assert off_mm(found, few, np.eye(3)) < 0.5


def test_two_slips_on_the_glass_are_two_frames(few: Version, templates: Templates) -> None:
    page = laid_on_glass([(spoiled(few), few.layout)] * 2, dpi=DPI)
    found = by_contour(page, templates)
    assert [slip.template.tag for slip in found] == [few.tag] * 2
    centres = [slip.placement.to_page([few.layout.outline.centre])[0] for slip in found]
    assert np.linalg.norm(centres[0] - centres[1]) * 25.4 / DPI > 90


# Frames of other people's making


def framed_letter(seed: int) -> Raster:
    """A stranger's letter with a large frame and ruled lines in it."""
    rng = np.random.default_rng(seed)
    page = letter_page(rng, DPI)
    x, y = (int(place) for place in rng.integers(40, 250, 2))
    width, height = int(rng.integers(600, 900)), int(rng.integers(400, 800))
    cv2.rectangle(page, (x, y), (x + width, y + height), 20, 3)
    for row in range(y + 60, y + height, 60):
        cv2.line(page, (x, row), (x + width, row), 60, 2)
    return page


@pytest.mark.parametrize("seed", range(6))
def test_a_strangers_frame_is_not_taken_for_a_slip(seed: int, templates: Templates) -> None:
    page = framed_letter(seed)
    assert by_contour(page, templates) == []
    assert find_by_lines(page, list(templates.values())) is None


def test_a_letter_is_not_taken_for_a_slip(versions: dict[str, Version], templates: Templates) -> None:
    large = versions["large"].page(page=0, dpi=DPI)
    rest = versions["few"].page(dpi=DPI)
    cover(rest, Box(0, versions["few"].layout.outline.y0 - 3, 210, 297), dpi=DPI)
    for page in (
        large,
        rest,
        letter_page(np.random.default_rng(2), DPI),
        np.full((1754, 1240), 255, np.uint8),
    ):
        assert by_contour(page, templates) == []
        assert find_by_lines(page, list(templates.values())) is None


def test_an_office_without_forms_takes_nothing_for_a_slip(few: Version) -> None:
    assert find_by_lines(spoiled(few), []) is None
    assert by_contour(spoiled(few), {}) == []


# Frames put together from lines


def rectangle(*corners: tuple[int, int], size: tuple[int, int] = (600, 800)) -> Raster:
    page = np.full(size, 240, np.uint8)
    cv2.polylines(page, [np.array(corners, np.int32)], True, 30, 3)
    return page


def test_a_frame_is_put_together_from_its_four_lines() -> None:
    page = rectangle((100, 100), (700, 120), (690, 500), (95, 490))
    frames = frames_of_lines(page, [1.5], most=5)
    truth = np.array([(100, 100), (700, 120), (690, 500), (95, 490)])
    assert frames[0].corners == pytest.approx(truth, abs=5)
    assert frames[0].inked > 0.9


def test_frames_of_another_shape_are_left_out() -> None:
    page = rectangle((100, 100), (700, 100), (700, 500), (100, 500))
    assert frames_of_lines(page, [0.7, 1.2, 2.0], most=5) == []


def test_a_frame_with_a_side_missing_is_none() -> None:
    page = rectangle((100, 100), (700, 100), (700, 500), (100, 500))
    page[130:470, 80:120] = 240
    assert frames_of_lines(page, [1.5], most=5) == []


def test_of_many_frames_the_best_inked_come_first() -> None:
    page = rectangle((100, 100), (700, 100), (700, 500), (100, 500))
    page[90:110, 300:420] = 240
    streaked_page = page.copy()
    cv2.line(streaked_page, (40, 0), (40, 599), 30, 3)
    frames = frames_of_lines(streaked_page, [1.5, 1.65], most=5)
    shares = [frame.inked for frame in frames]
    assert shares == sorted(shares, reverse=True)
    assert frames[0].corners[0] == pytest.approx((100, 100), abs=4)
    assert len(frames_of_lines(streaked_page, [1.5, 1.65], most=1)) == 1
