"""Streaks and folds are told from a pen's lines by where they run, not by how dark they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from consentdesk.scanning.scanner_lines import scanner_lines

HEIGHT, WIDTH = 560, 760
UPRIGHT = np.diag([2.0, 2.0, 1.0])

Place = tuple[int, int]


def found(start: Place, end: Place, to_page: np.ndarray = UPRIGHT) -> bool:
    """Whether a dark line on an empty slip is taken for the scanner's or the paper's own."""
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.line(ink, start, end, 150, 2)
    bare = np.where(ink > 40, 255, 0).astype(np.uint8)
    lines = scanner_lines(bare, ink, 200.0, to_page)
    return bool((lines[bare > 0] > 0).mean() > 0.8)


def turned(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[2 * cos, -2 * sin, 300.0], [2 * sin, 2 * cos, 100.0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param((300, 0), (300, HEIGHT - 1), id="from top to bottom"),
        pytest.param((300, 0), (300, 200), id="in over the frame, ending on the slip"),
        pytest.param((300, 150), (300, 400), id="long and upright"),
        pytest.param((0, 200), (WIDTH - 1, 200), id="from side to side"),
    ],
)
def test_a_streak_runs_along_the_scans_own_axis(start: Place, end: Place) -> None:
    assert found(start, end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param((300, 0), (310, HEIGHT - 1), id="upright"),
        pytest.param((0, 200), (WIDTH - 1, 185), id="level"),
    ],
)
def test_a_fold_runs_over_the_whole_slip_though_not_along_the_scans_axis(start: Place, end: Place) -> None:
    assert found(start, end, turned(7))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param((200, 300), (400, 300), id="words struck out with a ruler"),
        pytest.param((20, 30), (WIDTH - 20, HEIGHT - 30), id="the whole slip crossed out"),
        pytest.param((0, 120), (WIDTH - 1, 330), id="crossed out from edge to edge"),
        pytest.param((300, 200), (306, 290), id="a short stroke"),
    ],
)
def test_a_pens_line_is_left(start: Place, end: Place) -> None:
    assert not found(start, end)


def test_a_streak_on_a_slip_that_lies_askew_follows_the_scan() -> None:
    slope = np.tan(np.radians(4))
    middle = 380
    start = (round(middle + slope * 100), HEIGHT // 2 - 100)
    end = (round(middle - slope * 130), HEIGHT // 2 + 130)
    assert found(start, end, turned(4)) != found(start, end, turned(-4))


def test_a_streak_leaves_a_slip_that_lies_askew_by_its_side() -> None:
    slope = np.tan(np.radians(8))
    start = (WIDTH - 1, HEIGHT - 300)
    end = (round(WIDTH - 1 - slope * 299), HEIGHT - 1)
    assert found(start, end, turned(8)) != found(start, end, turned(-8))


def test_letters_written_along_the_scans_axis_are_no_streak() -> None:
    """However exactly a hand keeps to its line, its letters leave gaps that dirt does not."""
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    slope = np.tan(np.radians(3))
    for column in range(150, 500, 20):
        row = round(300 + slope * column)
        cv2.line(ink, (column, row - 5), (column, row + 5), 150, 2)
        cv2.line(ink, (column, row), (column + 8, row), 150, 2)
    bare = np.where(ink > 40, 255, 0).astype(np.uint8)
    lines = scanner_lines(bare, ink, 200.0, turned(-3))
    assert not lines.any()
