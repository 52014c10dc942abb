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


def path_length(path: Points) -> float:
    """Length in px of a path (N×2)."""
    steps = path[1:] - path[:-1]
    return float(np.sqrt((steps * steps).sum(axis=1)).sum())


@dataclass(frozen=True)
class Branch:
    """A stretch of stroke: its path in order (N×2, x and y in px), and the junction at each end, -1 for a free end."""

    path: Points
    start: int
    end: int

    @property
    def length(self) -> float:
        """Length in px along the path."""
        return max(1.0, path_length(self.path))

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

    The mask is not empty. Spurs shorter than the stroke is wide are dropped, and junctions nearer to each other
    than that are one.
    """
    # Only the part with ink is thinned; what it yields is moved back at the end.
    ys, xs = np.nonzero(mask)
    x0, y0 = int(xs.min()), int(ys.min())
    lines = thin(mask[y0 : int(ys.max()) + 1, x0 : int(xs.max()) + 1])
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
            across, down = spur.path.astype(int).T
            lines[down, across] = False
        lines = thin(lines)
    kept = [
        Branch(branch.path + np.array([x0, y0]), branch.start, branch.end)
        for branch in branches
        if branch.length > 1.5 or branch.start < 0
    ]
    return Graph(kept, [(float(x) + x0, float(y) + y0) for x, y in centres[1:number]])


def _branches(lines: Mask, places: NDArray[np.int32]) -> list[Branch]:
    """The paths left when the junctions' surroundings are taken out, each with the junctions it touches."""
    # Px are numbered along the rows of a picture with an empty rim, so that a neighbour is one addition away.
    framed = np.pad(lines, 1)
    across = framed.shape[1]
    # Those that share a side come first, so that a path takes every px of a stair.
    steps = (-across, 1, across, -1, -across - 1, -across + 1, across + 1, across - 1)
    left = dict.fromkeys(np.flatnonzero(framed).tolist())
    near = cv2.dilate(np.pad(places, 1).astype(np.float32), np.ones((3, 3), np.uint8)).ravel()

    ends = [at for at in left if sum(at + step in left for step in steps) <= 1]
    found = []
    for first in [*ends, *left]:
        if first not in left:
            continue
        path = [first]
        del left[first]
        while True:
            onward = next((path[-1] + step for step in steps if path[-1] + step in left), None)
            if onward is None:
                break
            path.append(onward)
            del left[onward]
        ys, xs = np.divmod(np.array(path), across)
        places_met = int(near[path[0]]) - 1, int(near[path[-1]]) - 1
        found.append(Branch(np.column_stack([xs - 1, ys - 1]).astype(np.float64), *places_met))
    return found
