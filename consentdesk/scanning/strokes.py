"""The shape of pen strokes: straight lines in a cloud of ink, and how ink is spread round a point."""

from __future__ import annotations

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
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    @property
    def direction(self) -> Points:
        """Unit vector from start to end."""
        along = np.subtract(self.end, self.start)
        return np.asarray(along / max(1e-9, float(np.linalg.norm(along))), np.float64)

    def distance(self, points: Points) -> Points:
        """Distance in px of points (N×2) from the segment."""
        along = self.direction
        position = np.clip((points - self.start) @ along, 0, self.length)
        return np.asarray(np.linalg.norm(points - (np.array(self.start) + position[:, None] * along), axis=1))


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
    distances = chosen @ _NORMALS.T
    low = int(np.floor(distances.min())) - 1
    bins = int(np.ceil(distances.max())) - low + 2
    index = (np.rint(distances).astype(int) - low) + np.arange(len(_ANGLES)) * bins
    votes = (
        np.bincount(index.ravel(), minlength=bins * len(_ANGLES))
        .reshape(len(_ANGLES), bins)
        .astype(np.float32)
    )
    band = max(3, round(width) | 1)
    smooth = cv2.blur(votes, (band, 1), borderType=cv2.BORDER_CONSTANT)
    angle, at = np.unravel_index(int(smooth.argmax()), smooth.shape)
    normal, offset = _NORMALS[angle], float(at + low)
    for _ in range(2):
        near = chosen[np.abs(chosen @ normal - offset) <= width / 2 + 1.5]
        if len(near) < 6:
            return None
        middle = near.mean(axis=0)
        _, _, axes = np.linalg.svd(near - middle, full_matrices=False)
        normal = np.array([-axes[0][1], axes[0][0]])
        offset = float(middle @ normal)
    along = np.array([normal[1], -normal[0]])
    on_line = ink[np.abs(ink @ normal - offset) <= max(1.5, width / 2)]
    return _longest_run(on_line @ along, chosen @ along, along, normal * offset, gap)


def _longest_run(
    positions: Points, wanted: Points, along: Points, foot: Points, gap: float
) -> Segment | None:
    """The run along a line that holds most points, with breaks of at most `gap` px."""
    if len(positions) < 6:
        return None
    cells = np.unique(np.rint(positions).astype(int))
    breaks = np.nonzero(np.diff(cells) > gap)[0]
    starts = np.concatenate([[0], breaks + 1])
    ends = np.concatenate([breaks, [len(cells) - 1]])
    inside = [
        int(((wanted >= cells[s]) & (wanted <= cells[e])).sum()) for s, e in zip(starts, ends, strict=True)
    ]
    best = int(np.argmax(inside))
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


def angle_between(one: Segment, other: Segment) -> float:
    """The angle in degrees between two lines, 0 to 90."""
    return float(np.degrees(np.arccos(np.clip(abs(float(one.direction @ other.direction)), 0, 1))))


def runs_round(mask: Mask, centre: tuple[float, float], radii: Points) -> NDArray[np.int_]:
    """How many separate stretches of ink a circle meets, for each radius (px) round a point: a crossing number.

    Four arms are met at a cross, two at a corner. Circles that leave the picture see paper there.
    """
    turns = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    xs = np.rint(centre[0] + radii[:, None] * np.cos(turns)).astype(int)
    ys = np.rint(centre[1] + radii[:, None] * np.sin(turns)).astype(int)
    height, width = mask.shape
    inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
    hit = mask[ys.clip(0, height - 1), xs.clip(0, width - 1)] & inside
    starts = hit & ~np.roll(hit, 1, axis=1)
    return np.asarray(starts.sum(axis=1), np.int_)
