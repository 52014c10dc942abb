"""Pen strokes thinned to their middle lines, as a small graph: branches between ends and junctions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.strokes import Mask, Points

_AROUND: Final = np.array([[1, 2, 4], [128, 0, 8], [64, 32, 16]], np.float32)
"""Weights that number the eight neighbours of a px, clockwise from its top left."""
_STEPS: Final = ((0, -1), (1, 0), (0, 1), (-1, 0), (-1, -1), (1, -1), (1, 1), (-1, 1))
"""To the neighbours of a px; those that share a side come first, so that a path takes every px of a stair."""


def _tables() -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """For each pattern of neighbours: whether the first and the second pass take the px away, and whether three or
    more strokes leave it (Zhang and Suen, A fast parallel algorithm for thinning digital patterns, 1984)."""
    first, second, meeting = (np.zeros(256, np.bool_) for _ in range(3))
    for pattern in range(256):
        # In the order that the paper counts them: from the one above, clockwise.
        around = [pattern >> bit & 1 for bit in (1, 2, 3, 4, 5, 6, 7, 0)]
        changes = sum(a == 0 and b == 1 for a, b in zip(around, around[1:] + around[:1], strict=True))
        meeting[pattern] = changes >= 3
        if not (2 <= sum(around) <= 6 and changes == 1):
            continue
        up, right, down, left = around[0], around[2], around[4], around[6]
        first[pattern] = up * right * down == 0 and right * down * left == 0
        second[pattern] = up * right * left == 0 and up * down * left == 0
    return first, second, meeting


_FIRST, _SECOND, _MEETING = _tables()


def _patterns(lines: NDArray[np.float32]) -> NDArray[np.uint8]:
    numbers = cv2.filter2D(lines, cv2.CV_32F, _AROUND, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(numbers.astype(np.uint8), np.uint8)


def thin(mask: Mask) -> Mask:
    """The middle lines, one px wide, of what is in a mask."""
    lines = np.pad(mask, 1).astype(np.float32)
    while True:
        before = lines.sum()
        for table in (_FIRST, _SECOND):
            lines[table[_patterns(lines)] & (lines > 0)] = 0
        if lines.sum() == before:
            return np.asarray(lines[1:-1, 1:-1] > 0, np.bool_)


@dataclass(frozen=True)
class Branch:
    """A stretch of stroke: its path in order (N×2, x and y in px), and the junction at each end, -1 for a free end."""

    path: Points
    start: int
    end: int

    @property
    def length(self) -> float:
        """Length in px along the path."""
        return float(np.linalg.norm(np.diff(self.path, axis=0), axis=1).sum()) if len(self.path) > 1 else 1.0

    @property
    def is_loop(self) -> bool:
        """Whether it leaves a junction and comes back to it."""
        return self.start >= 0 and self.start == self.end


@dataclass(frozen=True)
class Graph:
    """The strokes of a mark: its branches, and where its junctions are (x, y)."""

    branches: list[Branch]
    junctions: list[tuple[float, float]] = field(default_factory=list)

    def at(self, junction: int) -> list[Branch]:
        """The branches that meet at a junction."""
        return [branch for branch in self.branches if junction in (branch.start, branch.end)]


def graph_of(mask: Mask, width: float) -> Graph:
    """The strokes in a mask as a graph, with thinning's artefacts mended for strokes of `width` px.

    Spurs shorter than the stroke is wide are dropped, and junctions nearer to each other than that are one.
    """
    lines = thin(mask)
    for _ in range(2):
        # Two lines that cross in a block of four px have no px with three changes.
        block = cv2.erode(np.pad(lines, 1).astype(np.uint8), np.ones((2, 2), np.uint8))[1:-1, 1:-1]
        crossings = (lines & _MEETING[_patterns(lines.astype(np.float32))]) | (block > 0)
        radius = max(1, round(0.5 * width))
        blobs = cv2.dilate(crossings.astype(np.uint8), np.ones((2 * radius + 1, 2 * radius + 1), np.uint8))
        number, places, _, centres = cv2.connectedComponentsWithStats(blobs, connectivity=8)
        branches = _branches(lines & (blobs == 0), np.asarray(places, np.int32))
        spurs = [
            branch
            for branch in branches
            if (branch.start < 0) != (branch.end < 0) and branch.length + radius < max(4.0, 0.8 * width)
        ]
        if not spurs:
            break
        for spur in spurs:
            xs, ys = spur.path.astype(int).T
            lines[ys, xs] = False
        lines = thin(lines)
    junctions = [(float(x), float(y)) for x, y in centres[1:number]]
    return Graph([branch for branch in branches if branch.length > 1.5 or branch.start < 0], junctions)


def _branches(lines: Mask, places: NDArray[np.int32]) -> list[Branch]:
    """The paths left when the junctions' surroundings are taken out, each with the junctions it touches."""
    height, width = lines.shape
    left = {(int(x), int(y)) for y, x in zip(*np.nonzero(lines), strict=True)}

    def neighbours(at: tuple[int, int]) -> list[tuple[int, int]]:
        return [(at[0] + dx, at[1] + dy) for dx, dy in _STEPS if (at[0] + dx, at[1] + dy) in left]

    def junction_near(at: tuple[int, int]) -> int:
        x, y = at
        around = places[max(0, y - 1) : min(height, y + 2), max(0, x - 1) : min(width, x + 2)]
        return int(around.max()) - 1

    found = []
    ends = sorted(at for at in left if len(neighbours(at)) <= 1)
    for first in [*ends, *sorted(left)]:
        if first not in left:
            continue
        path = [first]
        left.discard(first)
        while True:
            onward = neighbours(path[-1])
            if not onward:
                break
            path.append(onward[0])
            left.discard(onward[0])
        start, end = junction_near(path[0]), junction_near(path[-1])
        found.append(Branch(np.array(path, np.float64), start, end))
    return found
