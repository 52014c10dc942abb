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
_UNBROKEN, _UNBROKEN_BY_WORDS = 0.6, 0.8
"""Such a line is dark in this share of itself; along the words, where a row of letters is too, in more."""
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
        for start, end in _lines(at, seen, contrast, slopes, across_text=upright):
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
    points: Floats, ink: Pixels, contrast: float, streaks: Sequence[float], *, across_text: bool
) -> Iterator[Line]:
    """Lines from the view's top to its bottom: start and end (x, y) in px."""
    height, width = ink.shape
    x, y = points[:, 0], points[:, 1] - height / 2
    tried: list[tuple[float, float]] = []
    darker: NDArray[np.bool_] | None = None
    slopes = (*streaks, *_FOLD_LEAN)
    for slope, middles in zip(slopes, _peaks(x, y, slopes, width), strict=True):
        for middle in middles:
            exact = _fitted(x, y, middle, slope)
            if any(abs(exact[0] - one[0]) < 1.5 and abs(exact[1] - one[1]) < 0.004 for one in tried):
                continue
            tried.append(exact)
            rows, columns = _along(*exact, height, width)
            if len(rows) < _VERY_LONG * VIEW:
                continue
            if darker is None:
                darker = _darker(ink, contrast)
            whole = len(rows) > 0.9 * height
            run = _line_among(darker[rows, columns], exact[1], streaks, whole=whole, across_text=across_text)
            if run is not None:
                first, last = run
                yield (int(columns[first]), int(rows[first])), (int(columns[last]), int(rows[last]))


def _line_among(
    hit: NDArray[np.bool_], slope: float, streaks: Sequence[float], *, whole: bool, across_text: bool
) -> tuple[int, int] | None:
    """Where a streak or a fold runs along a straight line that is dark where `hit` says so: first and last place.

    A line that is not `whole` leaves the slip by the side, which on a slip that lies askew only streaks do.
    """
    if whole and _runs_through(hit):
        return 0, len(hit) - 1
    off_axis = min((abs(slope - one) for one in streaks), default=1.0)
    run = _run_from_edge(hit) if off_axis < _TRUE else None
    if run is None and off_axis < _EXACT and (across_text or abs(slope) > _ASLANT):
        run = _longest_run(hit, _UNBROKEN if across_text else _UNBROKEN_BY_WORDS)
    return run


def _fitted(x: Floats, y: Floats, middle: float, slope: float) -> tuple[float, float]:
    """The line drawn tight on the points near it: where it crosses the middle row, and its slope."""
    for near in (4.0, 2.0):
        off = x - middle - slope * y
        close = np.abs(off) <= near
        along, across = y[close], off[close]
        if len(along) < 10 or float(np.ptp(along)) < 10:
            break
        # Least squares by hand, some thirty times as fast as numpy's own for so few terms.
        centred = along - along.mean()
        turn = float(centred @ across) / float(centred @ centred)
        middle, slope = middle + float(across.mean()) - turn * float(along.mean()), slope + turn
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


def _peaks(x: Floats, y: Floats, slopes: Sequence[float], width: int) -> Iterator[list[float]]:
    """For each slope where enough points lie on one line, two px wide: places across, strongest first, none beside
    another.
    """
    across = np.rint(x - np.array(slopes)[:, None] * y).astype(np.int64).clip(0, width)
    bins = across + np.arange(len(slopes))[:, None] * (width + 1)
    counts = np.bincount(bins.ravel(), minlength=len(slopes) * (width + 1)).reshape(len(slopes), width + 1)
    for pairs in counts[:, :-1] + counts[:, 1:]:
        enough = np.flatnonzero(pairs >= _LONG * VIEW)
        found: list[float] = []
        for at in enough[np.argsort(-pairs[enough])][:6].tolist():
            if all(abs(at + 0.5 - other) > 3 for other in found):
                found.append(at + 0.5)
        yield found


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


def _longest_run(hit: NDArray[np.bool_], unbroken: float) -> tuple[int, int] | None:
    """The longest dark run of a line, breaks over a line of print left out of account.

    None where it is short, or dark in less than the share `unbroken` of itself.
    """
    at = np.flatnonzero(hit)
    if not len(at):
        return None
    parts = np.split(at, np.flatnonzero(np.diff(at) > 4 * VIEW) + 1)
    longest = max(parts, key=len)
    first, last = int(longest[0]), int(longest[-1])
    long_enough = last - first > _VERY_LONG * VIEW and len(longest) > unbroken * (last - first)
    return (first, last) if long_enough else None


def _runs_through(hit: NDArray[np.bool_]) -> bool:
    """Whether a line is dark nearly everywhere from over the frame on one side to over the frame on the other."""
    shares = np.add.reduceat(hit, np.arange(12) * len(hit) // 12, dtype=np.int64) / (len(hit) / 12)
    edge = round(EDGE * VIEW)
    beyond = max(float(hit[:edge].mean()), float(hit[-edge:].mean()))
    ends = min(float(hit[: 2 * edge].mean()), float(hit[-2 * edge :].mean()))
    return bool(np.median(shares) > 0.55 and (shares > 0.3).sum() >= 9 and ends > 0.35 and beyond > 0.2)
