"""Straight lines that no hand drew: a feeder's streaks, and folds that run over the whole slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.zones import EDGE, VIEW

_FOLD_LEAN: Final = tuple(np.tan(np.deg2rad(np.arange(-3.0, 3.1, 0.75))).tolist())
"""Folds run along the paper, give or take: slopes against the slip's own edges."""
_LONG: Final = 8.0
"""A line shorter than this in mm is left to be judged as ink."""
_TRUE: Final = 0.006
"""How far a streak's slope may be from that of the scan's axis."""
_EXACT, _VERY_LONG = 0.002, 25.0
"""Nor does a hand draw so long a line (mm) so exactly along that axis: not from top to bottom, and not along the
words of a slip that lies askew."""
_ASLANT: Final = 0.008
"""From this slope on a line does not run along the words."""
_DARKER: Final = 0.07
"""A line is darker than what lies beside it by this share of the form's print, though in places too pale for ink."""
_WIDE: Final = 5
"""How wide in px a line is taken away: 1.25 mm."""
_BESIDE: Final = 6
"""How far in px from a line the paper beside it is looked at."""

Floats = NDArray[np.float64]


def scanner_lines(bare: Pixels, ink: Pixels, contrast: float, to_page: Floats) -> Pixels:
    """Where streaks and folds run over a slip (H×W, 0 or 255).

    `bare` (the same) is what was added on free paper, where lines are looked for; `ink` (grey values) is everything, by
    which they are followed over print and writing; `to_page` takes px of the view to the page's.

    A streak is dirt on the glass: it runs exactly along one of the scan's own axes, and in over the slip's frame. A
    fold runs straight over the whole slip and its frame on both sides. A line that ends on the slip at both ends, or
    that runs aslant, is a pen's.
    """
    found = np.zeros_like(bare)
    points = cv2.findNonZero(bare)
    if points is None:
        return found
    places = points.reshape(-1, 2).astype(np.float64)
    for upright in (True, False):
        seen, at = (ink, places) if upright else (np.ascontiguousarray(ink.T), places[:, ::-1])
        slopes = _feed_slopes(to_page, upright)
        for start, end in _lines(at, _darker(seen, contrast), slopes, across_text=upright):
            ends = (start, end) if upright else (start[::-1], end[::-1])
            cv2.line(found, *ends, 255, _WIDE)
    return found


Line = tuple[tuple[int, int], tuple[int, int]]


def _darker(ink: Pixels, contrast: float) -> NDArray[np.bool_]:
    """Where (H×W) it is darker than the paper to the left or right, where no print is, so that a line may run there."""
    middle = cv2.blur(ink, (3, 3))
    beside = cv2.blur(ink, (3, 5))
    left, right = np.roll(beside, _BESIDE, axis=1), np.roll(beside, -_BESIDE, axis=1)
    return np.asarray(cv2.subtract(middle, cv2.min(left, right)) > _DARKER * contrast, np.bool_)


def _lines(
    points: Floats, darker: NDArray[np.bool_], streaks: Sequence[float], *, across_text: bool
) -> Iterator[Line]:
    """Lines from the view's top to its bottom: start and end (x, y) in px."""
    height, width = darker.shape
    x, y = points[:, 0], points[:, 1] - height / 2
    tried: list[tuple[float, float]] = []
    for slope in (*streaks, *_FOLD_LEAN):
        for middle in _peaks(x - slope * y, width):
            exact = _fitted(x, y, middle, slope)
            if any(abs(exact[0] - one[0]) < 1.5 and abs(exact[1] - one[1]) < 0.004 for one in tried):
                continue
            tried.append(exact)
            rows, columns = _along(*exact, height, width)
            if len(rows) < 0.9 * height:
                continue
            hit = darker[rows, columns]
            run = (0, len(rows) - 1) if _runs_through(hit) else None
            off_axis = min((abs(exact[1] - one) for one in streaks), default=1.0)
            if run is None and off_axis < _TRUE:
                run = _run_from_edge(hit)
            if run is None and off_axis < _EXACT and (across_text or abs(exact[1]) > _ASLANT):
                run = _longest_run(hit)
            if run is not None:
                first, last = run
                yield (int(columns[first]), int(rows[first])), (int(columns[last]), int(rows[last]))


def _fitted(x: Floats, y: Floats, middle: float, slope: float) -> tuple[float, float]:
    """The line drawn tight on the points near it: where it crosses the middle row, and its slope."""
    for near in (4.0, 2.0):
        off = x - middle - slope * y
        close = np.abs(off) <= near
        if int(close.sum()) < 10 or float(np.ptp(y[close])) < 10:
            break
        turn, shift = np.polyfit(y[close], off[close], 1)
        middle, slope = middle + float(shift), slope + float(turn)
    return middle, slope


def _feed_slopes(to_page: Floats, upright: bool) -> list[float]:
    """The slopes, of the scan's axes that are nearest to the view's upright one, in px right for each px down."""
    turned = np.linalg.inv(to_page[:2, :2] / to_page[2, 2])
    slopes = []
    for axis in ((1.0, 0.0), (0.0, 1.0)):
        dx, dy = turned @ axis
        right, down = (dx, dy) if upright else (dy, dx)
        if abs(right) < 0.25 * abs(down):
            slopes.append(float(right / down))
    return slopes


def _peaks(across: Floats, width: int) -> list[float]:
    """Where enough points lie on one line, two px wide: places across, strongest first, none beside another."""
    counts = np.bincount(np.clip(np.rint(across), 0, width).astype(np.int64), minlength=width + 1)
    pairs = counts[:-1] + counts[1:]
    found: list[float] = []
    for at in np.argsort(pairs)[::-1][:6]:
        if pairs[at] < _LONG * VIEW:
            break
        if all(abs(at + 0.5 - other) > 3 for other in found):
            found.append(float(at) + 0.5)
    return found


def _along(
    middle: float, slope: float, height: int, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.arange(height)
    columns = np.rint(middle + slope * (rows - height / 2)).astype(np.int64)
    inside = (columns >= 0) & (columns < width)
    return rows[inside], columns[inside]


def _run_from_edge(hit: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The dark run of a line that comes in over the slip's frame, first and last place; None where it does not."""
    edge = round(EDGE * VIEW)
    for turned in (False, True):
        line = hit[::-1] if turned else hit
        # The line may break for a moment, over print; its end is where of 4 mm most are bare.
        share = np.convolve(line, np.full(16, 1 / 16), "full")[15:]
        bare = np.flatnonzero(share < 0.4)
        last = int(bare[0]) - 1 if len(bare) else len(line) - 1
        if last > edge + _LONG * VIEW:
            return (len(hit) - 1 - last, len(hit) - 1) if turned else (0, last)
    return None


def _longest_run(hit: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The longest dark run of a line, breaks over a line of print left out of account; None where it is short."""
    at = np.flatnonzero(hit)
    if not len(at):
        return None
    parts = np.split(at, np.flatnonzero(np.diff(at) > 4 * VIEW) + 1)
    longest = max(parts, key=len)
    first, last = int(longest[0]), int(longest[-1])
    long_enough = last - first > _VERY_LONG * VIEW and len(longest) > 0.6 * (last - first)
    return (first, last) if long_enough else None


def _runs_through(hit: NDArray[np.bool_]) -> bool:
    """Whether a line is dark nearly everywhere from over the frame on one side to over the frame on the other."""
    shares = np.array([part.mean() for part in np.array_split(hit, 12)])
    edge = round(EDGE * VIEW)
    beyond = max(float(hit[:edge].mean()), float(hit[-edge:].mean()))
    ends = min(float(hit[: 2 * edge].mean()), float(hit[-2 * edge :].mean()))
    return bool(np.median(shares) > 0.55 and (shares > 0.3).sum() >= 9 and ends > 0.35 and beyond > 0.2)
