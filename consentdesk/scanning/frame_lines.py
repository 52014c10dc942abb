"""Frames put together from the long straight lines of a page, where a streak or a tear spoils their contours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.codes import reduced
from consentdesk.scanning.pictures import Pixels, quantile

Floats = NDArray[np.float64]

_LONG_SIDE: Final = 900
"""Longer side in px of the page on which lines are looked for: 3 px per mm of A4."""
_LEAN: Final = np.deg2rad(14)
"""No page lies more crooked than this but for quarter turns."""
_RUN: Final = 21
"""Ink that runs straight for fewer px than this is a letter's, not a line's."""
_MOST_LINES: Final = 12
_LEAST_AREA: Final = 0.06
"""Share of the page that a frame covers at least."""
_LEAST_SIDE: Final = 0.35
_LEAST_INKED: Final = 0.6
"""Share of each side, and of all four together, that is inked at least."""
_UNLIKE: Final = 0.12
"""How far a frame's sides (logarithm of their ratio) may be from what a form prints."""


class Frame(NamedTuple):
    """A possible frame: corners (4×2, px of the page), clockwise, and the share of its sides that is inked."""

    corners: Floats
    inked: float


@dataclass(frozen=True)
class _Line:
    """x = at + slope · y, or with x and y exchanged; `inked` counts its inked px up to each place along it."""

    at: float
    slope: float
    inked: NDArray[np.int64]

    def share(self, start: Floats, end: Floats) -> Floats:
        """How much of the stretches between places along the line (N each, px) is inked, 0 to 1."""
        low, high = (np.clip(np.rint(place), 0, len(self.inked) - 1).astype(int) for place in (start, end))
        return np.asarray((self.inked[high] - self.inked[low]) / np.maximum(end - start, 1.0), np.float64)


def frames_of_lines(grey: Pixels, ratios: Sequence[float], most: int) -> list[Frame]:
    """Frames whose width is to their height as one of `ratios`, the best inked first, at most so many.

    A side may be broken by a tear or a stain; a streak that crosses the frame is one line more among those that
    frames are put together from.
    """
    coarse, factor = reduced(grey)
    share = min(1.0, _LONG_SIDE / max(coarse.shape))
    ink = _thin_dark(
        np.asarray(cv2.resize(coarse, None, fx=share, fy=share, interpolation=cv2.INTER_LINEAR), np.uint8)
    )
    scale = share / factor
    uprights, levels = _lines(ink), _lines(np.ascontiguousarray(ink.T))
    if min(len(uprights), len(levels)) < 2 or not ratios:
        return []
    # Where upright i and level j cross: (x, y) at [i, j].
    met = np.array([[_meeting(upright, level) for level in levels] for upright in uprights])
    left, right = np.triu_indices(len(uprights), 1)
    top, bottom = np.triu_indices(len(levels), 1)
    level_shares = np.array(
        [line.share(met[left, at, 0], met[right, at, 0]) for at, line in enumerate(levels)]
    )
    upright_shares = np.array(
        [line.share(met[at, top, 1], met[at, bottom, 1]) for at, line in enumerate(uprights)]
    )
    # Every pair of uprights (rows) with every pair of levels (columns).
    sides = np.stack(
        [level_shares[top].T, upright_shares[right], level_shares[bottom].T, upright_shares[left]], axis=2
    )
    pairs = np.ix_(range(len(left)), range(len(top)))[0], np.arange(len(top))[None, :]
    corners = np.stack(
        [
            met[left[pairs[0]], top[pairs[1]]],
            met[right[pairs[0]], top[pairs[1]]],
            met[right[pairs[0]], bottom[pairs[1]]],
            met[left[pairs[0]], bottom[pairs[1]]],
        ],
        axis=2,
    )
    width, height = _sizes(corners)
    shape = np.log(np.maximum(width, 1.0) / np.maximum(height, 1.0))
    alike = np.abs(shape[:, :, None] - np.log(np.array(ratios))).min(axis=2) < _UNLIKE
    large = width * height > _LEAST_AREA * ink.size
    good = alike & large & (sides.min(axis=2) > _LEAST_SIDE) & (sides.mean(axis=2) > _LEAST_INKED)
    found = [
        Frame((quad + 0.5) / scale - 0.5, float(inked))
        for quad, inked in zip(corners[good], sides.mean(axis=2)[good], strict=True)
    ]
    return sorted(found, key=lambda frame: -frame.inked)[:most]


def _sizes(corners: Floats) -> tuple[Floats, Floats]:
    """Mean width and height of frames (… × 4 × 2); negative where two sides cross."""
    across, down = corners[..., 0], corners[..., 1]
    width = (across[..., 1] - across[..., 0] + across[..., 2] - across[..., 3]) / 2
    height = (down[..., 3] - down[..., 0] + down[..., 2] - down[..., 1]) / 2
    return width, height


def _thin_dark(small: Pixels) -> Pixels:
    """Where a page is darker than the paper on both sides nearby (0 or 1); large dark areas and shadows are not."""
    soft = cv2.GaussianBlur(small, (3, 3), 0.8)
    hat = cv2.subtract(cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), soft)
    # On a dithered page much is a little darker than its neighbours.
    level = max(20.0, 0.9 * float(quantile(hat[::4, ::4], 0.9)))
    return np.asarray((hat > level).astype(np.uint8), np.uint8)


def _lines(ink: Pixels) -> list[_Line]:
    """The longest lines within `_LEAN` of upright, from left to right (a Hough transform over long runs of ink)."""
    height, width = ink.shape
    wide = cv2.dilate(ink, np.ones((1, 3), np.uint8))
    runs = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((_RUN, 1), np.uint8))
    votes = round(0.25 * min(height, width))
    found = cv2.HoughLines(runs, 1, np.pi / 540, votes, min_theta=-_LEAN, max_theta=_LEAN)
    rows = np.arange(height)
    kept: list[_Line] = []
    for rho, theta in [] if found is None else found[:300, 0]:
        at, slope = float(rho / np.cos(theta)), float(-np.tan(theta))
        middle = at + slope * height / 2
        if any(
            abs(middle - line.at - line.slope * height / 2) < 5 and abs(slope - line.slope) < 0.04
            for line in kept
        ):
            continue
        columns = np.rint(at + slope * rows).astype(int)
        inside = (columns >= 0) & (columns < width)
        hit = wide[rows, columns.clip(0, width - 1)] * inside
        kept.append(_Line(at, slope, np.concatenate([[0], np.cumsum(hit, dtype=np.int64)])))
        if len(kept) == _MOST_LINES:
            break
    return sorted(kept, key=lambda line: line.at + line.slope * height / 2)


def _meeting(upright: _Line, level: _Line) -> tuple[float, float]:
    """Where an upright and a level line cross, (x, y)."""
    y = (level.at + level.slope * upright.at) / (1 - upright.slope * level.slope)
    return upright.at + upright.slope * y, y
