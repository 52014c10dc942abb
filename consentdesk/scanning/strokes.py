"""The shape of pen strokes: straight lines in a cloud of ink, and how ink is spread round a point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]

_ANGLES: Final = np.deg2rad(np.arange(0, 180, 4.0))
_NORMALS: Final = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])


@dataclass(frozen=True)
class Segment:
    """A straight stroke: its two ends (x, y in px), and the share of its length that is inked."""

    start: tuple[float, float]
    end: tuple[float, float]
    inked: float

    @property
    def length(self) -> float:
        """Length in px."""
        return math.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @property
    def direction(self) -> Points:
        """Unit vector from start to end."""
        along = np.subtract(self.end, self.start)
        return np.asarray(along / max(1e-9, float(np.linalg.norm(along))), np.float64)

    def distance(self, points: Points) -> Points:
        """Distance in px of points (N×2) from the segment."""
        (x0, y0), (x1, y1) = self.start, self.end
        length = max(1e-9, self.length)
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        xs, ys = points[:, 0] - x0, points[:, 1] - y0
        position = np.clip(xs * dx + ys * dy, 0, length)
        return np.asarray(np.hypot(xs - position * dx, ys - position * dy))


def points_of(mask: Mask) -> Points:
    """The places of a mask's pixels as (x, y), N×2."""
    ys, xs = np.nonzero(mask)
    return np.column_stack([xs, ys]).astype(np.float64)


def stroke_width(mask: Mask) -> float:
    """The mean width in px of the strokes in a mask: four times the mean distance to the background."""
    if not mask.any():
        return 0.0
    # Beyond the picture is paper: without an edge of it a mask that is all ink has no width at all.
    framed = np.pad(mask.astype(np.uint8), 1)
    distance = cv2.distanceTransform(framed, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return float(max(1.0, 4 * (distance[mask].mean() - 0.5)))


def strongest_line(chosen: Points, ink: Points, width: float, gap: float) -> Segment | None:
    """The straight stroke that holds most of the `chosen` points, as long as `ink` follows it.

    A Hough transform over `chosen`, tightened by total least squares; then the longest run along it whose
    breaks are at most `gap` px. None where there are too few points.
    """
    if len(chosen) < 8:
        return None
    # Every second px votes as well as all of them, where there are many.
    voters = chosen[::2] if len(chosen) > 150 else chosen
    index = np.rint(voters @ _NORMALS.T).astype(np.int32)
    low = int(index.min())
    bins = int(index.max()) - low + 1
    index += np.arange(len(_ANGLES), dtype=np.int32) * bins - low
    votes = np.bincount(index.ravel(), minlength=bins * len(_ANGLES)).reshape(len(_ANGLES), bins)
    band = max(3, round(width) | 1)
    smooth = cv2.blur(votes.astype(np.float32), (band, 1), borderType=cv2.BORDER_CONSTANT)
    angle, at = divmod(int(smooth.argmax()), bins)
    normal, offset = _NORMALS[angle], float(at + low)
    for _ in range(2):
        near = chosen[np.abs(chosen @ normal - offset) <= width / 2 + 1.5]
        if len(near) < 6:
            return None
        normal, offset = _fitted(near)
    along = np.array([normal[1], -normal[0]])
    on_line = ink[np.abs(ink @ normal - offset) <= max(1.5, width / 2)]
    return _longest_run(on_line @ along, chosen @ along, along, normal * offset, gap)


def _fitted(points: Points) -> tuple[Points, float]:
    """The line nearest to points by total least squares: its unit normal and its offset in px."""
    middle_x, middle_y = points.mean(axis=0)
    xs, ys = points[:, 0] - middle_x, points[:, 1] - middle_y
    lean = 0.5 * math.atan2(2 * float(xs @ ys), float(xs @ xs) - float(ys @ ys))
    normal = np.array([-math.sin(lean), math.cos(lean)])
    return normal, float(middle_x * normal[0] + middle_y * normal[1])


def _longest_run(
    positions: Points, wanted: Points, along: Points, foot: Points, gap: float
) -> Segment | None:
    """The run along a line that holds most points, with breaks of at most `gap` px."""
    if len(positions) < 6:
        return None
    low = math.floor(float(positions.min()))
    cells = np.flatnonzero(np.bincount((positions - low + 0.5).astype(np.int64))) + low
    breaks = np.flatnonzero(np.diff(cells) > gap)
    starts, ends = [0, *(breaks + 1)], [*breaks, len(cells) - 1]
    best = 0
    if len(starts) > 1:
        held = [
            int(((wanted >= cells[s]) & (wanted <= cells[e])).sum())
            for s, e in zip(starts, ends, strict=True)
        ]
        best = held.index(max(held))
    first, last = int(cells[starts[best]]), int(cells[ends[best]])
    inked = (ends[best] - starts[best] + 1) / (last - first + 1)
    start, end = foot + along * first, foot + along * last
    return Segment((float(start[0]), float(start[1])), (float(end[0]), float(end[1])), float(inked))


def crossing(one: Segment, other: Segment) -> tuple[tuple[float, float], float, float] | None:
    """Where two lines meet: the point, and its place along each segment (0 start, 1 end); None if parallel."""
    d1, d2 = np.subtract(one.end, one.start), np.subtract(other.end, other.start)
    cross = float(d1[0] * d2[1] - d1[1] * d2[0])
    if abs(cross) < 1e-6 * max(1.0, one.length * other.length):
        return None
    between = np.subtract(other.start, one.start)
    t = float(between[0] * d2[1] - between[1] * d2[0]) / cross
    u = float(between[0] * d1[1] - between[1] * d1[0]) / cross
    return (one.start[0] + t * d1[0], one.start[1] + t * d1[1]), t, u


_TURNS: Final = np.linspace(0, 2 * np.pi, 72, endpoint=False)
_ROUND: Final = np.cos(_TURNS), np.sin(_TURNS)
_BELOW: Final = (np.deg2rad(15) < _TURNS) & (np.deg2rad(165) > _TURNS)


def runs_round(
    mask: Mask, centre: tuple[float, float], radii: Points
) -> tuple[NDArray[np.int_], NDArray[np.bool_]]:
    """For each radius (px) round a point, how many stretches of ink the circle meets, and whether any lies below.

    A crossing number: four arms are met at a cross, two at a corner. Circles that leave the picture see paper there.
    """
    height, width = mask.shape
    xs = (centre[0] + radii[:, None] * _ROUND[0] + 0.5).astype(np.intp)
    ys = (centre[1] + radii[:, None] * _ROUND[1] + 0.5).astype(np.intp)
    inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
    hit = mask[ys.clip(0, height - 1), xs.clip(0, width - 1)] & inside
    starts = hit & ~np.roll(hit, 1, axis=1)
    return starts.sum(axis=1), hit[:, _BELOW].any(axis=1)
