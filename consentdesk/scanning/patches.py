"""The added ink in connected patches, each measured: how long, wide, dark and straight it is, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.ink import Ink
from consentdesk.scanning.zones import KINDS, VIEW, Zones

Floats = NDArray[np.float64]
_MANY = 4000
"""A slip with more patches than this is noise all over; the smallest are left out."""


@dataclass(frozen=True)
class Patches:
    """N patches of added ink, one row each; sums over their px, so that patches can be put together by adding.

    `box` is left, top, right, bottom in mm from the view's top left; `sums` holds the px' number, x, y, x², y², xy
    (mm), their depth (px to the stroke's edge), darkness (share of the form's print) and its square; `clear` is the
    number of px well away from print; `where` (N×KINDS) the px by what `Zones.place` says of them.
    """

    box: Floats
    sums: Floats
    clear: Floats
    where: Floats

    def __len__(self) -> int:
        return len(self.box)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int_]) -> Patches:
        """Some of them."""
        return Patches(self.box[chosen], self.sums[chosen], self.clear[chosen], self.where[chosen])

    @staticmethod
    def joined(one: Patches, other: Patches) -> Patches:
        """Two lots of patches as one patch."""
        pairs = (
            (one.box, other.box),
            (one.sums, other.sums),
            (one.clear, other.clear),
            (one.where, other.where),
        )
        return Patches(*(np.concatenate(pair) for pair in pairs)).together()

    def each_with(self, one: int, others: NDArray[np.int_]) -> Patches:
        """One of them put together with each of `others` in turn."""
        low = np.minimum(self.box[one, :2], self.box[others, :2])
        high = np.maximum(self.box[one, 2:], self.box[others, 2:])
        return Patches(
            np.column_stack([low, high]),
            self.sums[one] + self.sums[others],
            self.clear[one] + self.clear[others],
            self.where[one] + self.where[others],
        )

    def together(self) -> Patches:
        """All of them as one."""
        box = np.concatenate([self.box[:, :2].min(axis=0), self.box[:, 2:].max(axis=0)])
        return Patches(
            box[None],
            self.sums.sum(axis=0)[None],
            self.clear.sum(axis=0)[None],
            self.where.sum(axis=0)[None],
        )

    @cached_property
    def area(self) -> Floats:
        """Ink in mm²."""
        return np.asarray(self.sums[:, 0] / VIEW**2)

    @cached_property
    def width(self) -> Floats:
        """Mean width of the stroke in mm: four times the mean distance to its edge."""
        return np.asarray(
            np.maximum(1.0, 4 * (self.sums[:, 6] / np.maximum(1, self.sums[:, 0]) - 0.5)) / VIEW
        )

    @cached_property
    def length(self) -> Floats:
        """Length of the stroke in mm, all its turns included."""
        return self.area / self.width

    @cached_property
    def dark(self) -> Floats:
        """How dark the stroke is at its core, 1 as dark as the form's print: a mean with darkness for its weight."""
        return np.asarray(self.sums[:, 8] / np.maximum(1e-6, self.sums[:, 7]))

    @cached_property
    def ink(self) -> Floats:
        """How much ink a stroke holds: the width in mm that it would have as dark as the form's print."""
        return np.asarray(self.sums[:, 7] / VIEW**2 / np.maximum(1e-6, self.length))

    @cached_property
    def size(self) -> Floats:
        """The longer side of what holds it, in mm."""
        return np.asarray((self.box[:, 2:] - self.box[:, :2]).max(axis=1))

    @cached_property
    def reach(self) -> Floats:
        """The diagonal of what holds it, in mm."""
        return np.asarray(np.hypot(*(self.box[:, 2:] - self.box[:, :2]).T))

    @cached_property
    def _spread(self) -> tuple[Floats, Floats, Floats]:
        """Variances of the ink's places along x and y, and their covariance, in mm²."""
        number = np.maximum(1, self.sums[:, 0])
        x, y, xx, yy, xy = (self.sums[:, at] / number for at in range(1, 6))
        return xx - x * x, yy - y * y, xy - x * y

    @cached_property
    def thickness(self) -> Floats:
        """How far in mm the ink spreads to either side of the straight line that fits it best, as a full width."""
        a, b, c = self._spread
        least = (a + b) / 2 - np.sqrt(((a - b) / 2) ** 2 + c * c)
        return np.asarray(np.sqrt(12 * np.maximum(0, least)))

    @cached_property
    def lean(self) -> Floats:
        """The angle in radians between that line and the nearer of the paper's edges."""
        a, b, c = self._spread
        turn = np.abs(0.5 * np.arctan2(2 * c, a - b))
        return np.asarray(np.minimum(turn, np.pi / 2 - turn))

    def within(self, first: int, last: int) -> Floats:
        """The px of each whose place is from `first` to before `last`."""
        return np.asarray(self.where[:, first:last].sum(axis=1))


def patches_of(ink: Ink, zones: Zones) -> Patches:
    """The added ink in patches; what stands where nobody looks is left out, and so is dust."""
    height, width = zones.place.shape
    added = ink.added[: 2 * height, : 2 * width]
    half = cv2.resize(added, (width, height), interpolation=cv2.INTER_AREA)
    mask = cv2.bitwise_and(cv2.threshold(half, 0, 1, cv2.THRESH_BINARY)[1], zones.looked_at)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = np.flatnonzero((stats[:, 2:4].max(axis=1) >= 2) & (stats[:, 4] >= 3))
    large = large[large > 0]
    if len(large) > _MANY:
        large = large[np.argsort(stats[large, 4])[-_MANY:]]
    numbers = np.full(count, -1, np.int64)
    numbers[large] = np.arange(len(large))
    points = cv2.findNonZero(added)
    if points is None:
        return _NONE
    x, y = points.reshape(-1, 2).astype(np.int64).T
    whose = numbers[labels[y // 2, x // 2]]
    kept = whose >= 0
    x, y, whose = x[kept], y[kept], whose[kept]
    box = stats[large, :4].astype(np.float64)
    box[:, 2:] += box[:, :2]
    return _measured(2 / VIEW * box, whose, x, y, ink, zones)


def behind_boxes(ink: Ink, zones: Zones, pair: int) -> Patches:
    """What was added in the small space behind a pair of boxes, all of it as one patch; none where it is bare."""
    rows, columns = zones.behind[pair]
    ys, xs = np.nonzero(ink.added[rows, columns])
    if not len(xs):
        return _NONE
    x, y = xs + columns.start, ys + rows.start
    box = np.array([[x.min(), y.min(), x.max() + 1, y.max() + 1]]) / VIEW
    return _measured(box, np.zeros(len(x), np.int64), x, y, ink, zones)


def _measured(
    box: Floats, whose: NDArray[np.int64], x: NDArray[np.int64], y: NDArray[np.int64], ink: Ink, zones: Zones
) -> Patches:
    """Sums over the px (x, y) of each patch; `whose` says which patch each belongs to."""
    count = len(box)
    height, width = zones.place.shape
    mm_x, mm_y = x / VIEW, y / VIEW
    depth = ink.depth[y, x]
    darkness = ink.raw[y, x] / ink.contrast
    values = (None, mm_x, mm_y, mm_x**2, mm_y**2, mm_x * mm_y, depth, darkness, darkness**2)
    sums = np.column_stack([np.bincount(whose, value, count) for value in values]).astype(np.float64)
    clear = np.bincount(whose, ink.near_print[y, x] == 0, count).astype(np.float64)
    place = zones.place[np.minimum(y // 2, height - 1), np.minimum(x // 2, width - 1)]
    where = np.bincount(whose * KINDS + place, minlength=count * KINDS).reshape(count, KINDS)
    return Patches(box, sums, clear, where.astype(np.float64))


_NONE: Final = Patches(np.zeros((0, 4)), np.zeros((0, 9)), np.zeros(0), np.zeros((0, KINDS)))
