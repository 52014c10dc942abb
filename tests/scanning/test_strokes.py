"""Straight strokes in a cloud of ink, and how ink is spread round a point."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.scanning.strokes import (
    Mask,
    Segment,
    crossing,
    points_of,
    runs_round,
    stroke_width,
    strongest_line,
)

Ends = tuple[tuple[int, int], tuple[int, int]]


def inked(*lines: Ends, width: int = 5, size: int = 80) -> Mask:
    picture = np.zeros((size, size), np.uint8)
    for start, end in lines:
        cv2.line(picture, start, end, 1, width)
    return picture.astype(np.bool_)


def found(mask: Mask, gap: float = 6) -> Segment:
    ink = points_of(mask)
    line = strongest_line(ink, ink, stroke_width(mask), gap)
    assert line is not None
    return line


def ends_of(line: Segment) -> np.ndarray:
    return np.array(sorted([line.start, line.end]))


@pytest.mark.parametrize("width", [1, 3, 5, 9, 13])
@pytest.mark.parametrize("ends", [((8, 40), (72, 40)), ((40, 8), (40, 72)), ((10, 12), (68, 61))])
def test_the_width_of_a_stroke_is_that_of_the_pen(ends: Ends, width: int) -> None:
    mask = inked(ends, width=width)
    length = float(np.linalg.norm(np.subtract(*ends))) + width
    assert stroke_width(mask) == pytest.approx(mask.sum() / length, rel=0.2, abs=1.2)


def test_a_mask_without_ink_or_without_paper_has_a_width_too() -> None:
    assert stroke_width(np.zeros((20, 20), np.bool_)) == 0
    assert stroke_width(np.ones((20, 20), np.bool_)) > 10


@pytest.mark.parametrize(
    "ends",
    [
        ((8, 40), (72, 40)),
        ((40, 8), (40, 72)),
        ((10, 10), (70, 70)),
        ((70, 12), (12, 63)),
        ((20, 70), (33, 8)),
    ],
)
def test_a_straight_stroke_is_found_from_end_to_end(ends: Ends) -> None:
    line = found(inked(ends))
    assert ends_of(line) == pytest.approx(np.array(sorted(ends)), abs=3.5)
    assert line.inked > 0.95
    assert line.length == pytest.approx(float(np.linalg.norm(np.subtract(*ends))), abs=8)


def test_of_two_strokes_the_longer_is_found() -> None:
    line = found(inked(((10, 10), (70, 70)), ((60, 15), (35, 40))))
    assert ends_of(line) == pytest.approx(np.array([(10, 10), (70, 70)]), abs=3.5)


def test_a_small_break_is_bridged_and_a_wide_one_ends_the_stroke() -> None:
    mask = inked(((8, 40), (72, 40)))
    mask[:, 50:54] = False
    assert found(mask).length == pytest.approx(64, abs=6)
    mask[:, 46:58] = False
    line = found(mask)
    assert line.length == pytest.approx(40, abs=6)
    assert max(line.start[0], line.end[0]) < 48


def test_a_few_specks_are_no_stroke() -> None:
    mask = np.zeros((40, 40), np.bool_)
    mask[5, 5:9] = True
    ink = points_of(mask)
    assert strongest_line(ink, ink, 2.0, gap=4) is None


def test_points_are_told_as_x_and_y() -> None:
    mask = np.zeros((10, 20), np.bool_)
    mask[3, 17] = True
    assert points_of(mask).tolist() == [[17, 3]]


def test_distance_is_from_the_segment_not_from_its_line() -> None:
    line = Segment((0.0, 0.0), (10.0, 0.0), 1.0)
    assert line.distance(np.array([(5.0, 3.0), (13.0, 4.0), (-6.0, 8.0)])) == pytest.approx([3, 5, 10])


def test_where_two_strokes_meet() -> None:
    met = crossing(Segment((0, 0), (10, 10), 1), Segment((0, 10), (10, 0), 1))
    assert met is not None
    (x, y), along, other = met
    assert (x, y, along, other) == pytest.approx((5, 5, 0.5, 0.5))
    beyond = crossing(Segment((0, 0), (10, 0), 1), Segment((15, 5), (15, 15), 1))
    assert beyond is not None
    assert beyond[1:] == pytest.approx((1.5, -0.5))
    assert crossing(Segment((0, 0), (10, 0), 1), Segment((0, 5), (20, 5), 1)) is None


@pytest.mark.parametrize(
    ("lines", "arms"),
    [
        ((((10, 10), (70, 70)), ((70, 10), (10, 70))), 4),
        ((((40, 40), (70, 10)), ((40, 40), (15, 15))), 2),
        ((((10, 40), (70, 40)),), 2),
        ((((40, 40), (70, 40)),), 1),
        ((((10, 10), (70, 70)), ((70, 10), (10, 70)), ((40, 5), (40, 75))), 6),
        ((((5, 5), (9, 5)),), 0),
    ],
)
def test_circles_round_a_point_count_the_arms_that_leave_it(lines: tuple[Ends, ...], arms: int) -> None:
    counted, _ = runs_round(inked(*lines, width=3), (40, 40), np.array([12.0, 16.0, 20.0]))
    assert counted.tolist() == [arms] * 3


def test_beyond_the_picture_is_paper() -> None:
    assert runs_round(np.ones((20, 20), np.bool_), (10, 10), np.array([60.0]))[0].tolist() == [0]


def test_ink_below_a_point_is_told_from_ink_above_it() -> None:
    radii = np.array([12.0, 20.0])
    for lines, below in (
        ((((40, 40), (70, 10)), ((40, 40), (15, 15))), False),
        ((((40, 40), (45, 70)),), True),
    ):
        assert runs_round(inked(*lines, width=3), (40, 40), radii)[1].tolist() == [below, below]
