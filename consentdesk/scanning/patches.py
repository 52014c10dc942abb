"""The added ink in connected patches, each measured: how long, wide, dark and straight it is, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.ink import Ink
from consentdesk.scanning.zones import KINDS, VIEW, Zones

Floats = NDArray[np.float64]
_CROFTON: Final = 0.82
"""How much shorter an outline is than the sides of its px, as a mean over all directions."""
_CORE: Final = 0.6
"""What is darker than this share of a patch's darkness is its strokes' core."""
_MANY = 4000
"""A slip with more patches than this is noise all over; the smallest are left out."""


@dataclass(frozen=True)
class Spots:
    """The px of all patches of a slip: the number of the patch each belongs to, where it lies (px), how dark it is."""

    whose: NDArray[np.int64]
    x: NDArray[np.int64]
    y: NDArray[np.int64]
    dark: Floats

    def of(self, numbers: NDArray[np.int64]) -> Spots:
        """The px of some patches."""
        chosen = self.whose == numbers[0] if len(numbers) == 1 else np.isin(self.whose, numbers)
        return Spots(self.whose[chosen], self.x[chosen], self.y[chosen], self.dark[chosen])


@dataclass(frozen=True)
class Patches:
    """N patches of added ink, one row each; sums over their px, so that patches can be put together by adding.

    `box` is left, top, right, bottom in mm from the view's top left; `sums` holds the px' number, x, y, x², y², xy
    (mm), how many of their four sides look onto paper, darkness (share of the form's print) and its square; `clear`
    is the number of px well away from print; `where` (N×KINDS) the px by what `Zones.place` says of them. `number`
    tells each patch's px among `spots`.
    """

    box: Floats
    sums: Floats
    clear: Floats
    where: Floats
    number: NDArray[np.int64]
    spots: Spots

    def __len__(self) -> int:
        return len(self.box)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int_]) -> Patches:
        """Some of them."""
        some = Patches(
            self.box[chosen],
            self.sums[chosen],
            self.clear[chosen],
            self.where[chosen],
            self.number[chosen],
            self.spots,
        )
        # What was worked out for all of them is not worked out again.
        known = self.__dict__
        some.__dict__.update({name: known[name][chosen] for name in _MEASURES if name in known})
        return some

    @staticmethod
    def joined(one: Patches, other: Patches) -> Patches:
        """Two lots of patches of one slip as one patch."""
        return Patches(
            np.concatenate([one.box, other.box]),
            np.concatenate([one.sums, other.sums]),
            np.concatenate([one.clear, other.clear]),
            np.concatenate([one.where, other.where]),
            np.concatenate([one.number, other.number]),
            one.spots,
        ).together()

    def each_with(self, one: int, others: NDArray[np.int_]) -> Patches:
        """One of them put together with each of `others` in turn."""
        low = np.minimum(self.box[one, :2], self.box[others, :2])
        high = np.maximum(self.box[one, 2:], self.box[others, 2:])
        return Patches(
            np.column_stack([low, high]),
            self.sums[one] + self.sums[others],
            self.clear[one] + self.clear[others],
            self.where[one] + self.where[others],
            self.number[others],
            self.spots,
        )

    def together(self) -> Patches:
        """All of them as one."""
        box = np.concatenate([self.box[:, :2].min(axis=0), self.box[:, 2:].max(axis=0)])
        return Patches(
            box[None],
            self.sums.sum(axis=0)[None],
            self.clear.sum(axis=0)[None],
            self.where.sum(axis=0)[None],
            self.number[:1],
            self.spots,
        )

    def bow(self) -> float:
        """How far in mm the ink of all of them spreads to either side of the parabola that fits it best.

        As a full width: no more than the stroke's own for one stroke that bends one way, a hair or a cup's rim.
        """
        along, across, bend, _ = self._parabola
        return float(np.sqrt(12 * np.mean((across - np.polyval(bend, along)) ** 2))) / VIEW

    def course(self) -> Floats:
        """The places (N×2, px) along that parabola, from end to end of their ink."""
        along, _, bend, (middle, turn) = self._parabola
        steps = np.arange(along.min(), along.max() + 1)
        return np.asarray(np.column_stack([steps, np.polyval(bend, steps)]) @ turn.T + middle)

    @cached_property
    def _parabola(self) -> tuple[Floats, Floats, Floats, tuple[Floats, Floats]]:
        """The parabola nearest to all of their ink: where px lie along and across it, its terms, how it is turned."""
        spots = self.spots.of(self.number)
        places = np.column_stack([spots.x, spots.y]).astype(np.float64)
        middle = places.mean(axis=0)
        x, y = (places - middle).T
        lean = 0.5 * np.arctan2(2 * float(x @ y), float(x @ x) - float(y @ y))
        turn = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
        along, across = ((places - middle) @ turn).T
        terms = np.column_stack([along**2, along, np.ones_like(along)])
        bend = np.linalg.lstsq(terms.T @ terms, terms.T @ across, rcond=None)[0]
        return along, across, bend, (middle, turn)

    def core_outline(self) -> float:
        """The length in mm of the outline of what is darkest in them: small letters that ran into each other part."""
        spots = self.spots.of(self.number)
        core = spots.dark > _CORE * float(self.together().dark[0])
        x, y = spots.x[core] - spots.x.min() + 1, spots.y[core] - spots.y.min() + 1
        mask = np.zeros((int(y.max()) + 2, int(x.max()) + 2), np.bool_)
        mask[y, x] = True
        # Where ink and paper meet, to the right and below; the mask has paper all round it.
        sides = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
        return float(_CROFTON * sides / VIEW)

    @cached_property
    def outline(self) -> Floats:
        """The length of each one's outline in mm, that of its holes included (Crofton's formula)."""
        return np.asarray(_CROFTON * self.sums[:, 6] / VIEW)

    @cached_property
    def area(self) -> Floats:
        """Ink in mm²."""
        return np.asarray(self.sums[:, 0] / VIEW**2)

    @cached_property
    def width(self) -> Floats:
        """Mean width of the stroke in mm: that of a strip with the same area and outline."""
        quarter = self.outline / 4
        narrow = quarter - np.sqrt(np.maximum(0, quarter**2 - self.area))
        return np.asarray(np.maximum(1 / VIEW, narrow))

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
    half = cv2.resize(ink.added[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    mask = cv2.bitwise_and(cv2.threshold(half, 0, 1, cv2.THRESH_BINARY)[1], zones.looked_at)
    # Labels of 16 bits are found four times as fast, and so many patches no view has room for.
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    large = np.flatnonzero((stats[:, 2:4].max(axis=1) >= 2) & (stats[:, 4] >= 3))
    large = large[large > 0]
    if len(large) > _MANY:
        large = large[np.argsort(stats[large, 4])[-_MANY:]]
    places = cv2.findNonZero(mask)
    if places is None or not len(large):
        return _NONE
    numbers = np.full(count, -1, np.int64)
    numbers[large] = np.arange(len(large))
    x, y = places.reshape(-1, 2).astype(np.int64).T
    whose = numbers[labels.ravel()[y * width + x]]
    kept = whose >= 0
    corners = (2 * y * ink.added.shape[1] + 2 * x)[kept]
    spots = (corners + np.array([[0], [1], [ink.added.shape[1]], [ink.added.shape[1] + 1]])).ravel()
    inked = ink.added.ravel()[spots] > 0
    box = stats[large, :4].astype(np.float64)
    box[:, 2:] += box[:, :2]
    return _measured(2 / VIEW * box, np.tile(whose[kept], 4)[inked], spots[inked], ink, zones)


def behind_boxes(
    pens: Patches, ink: Ink, zones: Zones, pair: int, elsewhere: Sequence[int], least: float
) -> Patches:
    """What was added in the small space behind a pair of boxes, all of it as one patch; none where it is bare.

    The space reaches over the slip's frame, where nobody looks else. What belongs to one of the patches numbered
    `elsewhere` is somebody else's; what reaches no further than `least` mm is left out of account.
    """
    rows, columns = zones.behind[pair]
    width = ink.added.shape[1]
    y, x = np.nonzero(ink.added[rows, columns])
    if not _reaches(x, y, least):
        return _NONE
    spots = (y + rows.start) * width + x + columns.start
    px = pens.spots
    near = (px.x >= columns.start) & (px.x < columns.stop) & (px.y >= rows.start) & (px.y < rows.stop)
    theirs = near.nonzero()[0]
    theirs = theirs[np.isin(px.whose[theirs], np.array(elsewhere, np.int64))]
    if len(theirs):
        spots = spots[~np.isin(spots, px.y[theirs] * width + px.x[theirs])]
        y, x = np.divmod(spots, width)
        if not _reaches(x, y, least):
            return _NONE
    y, x = np.divmod(spots, width)
    box = np.array([[x.min(), y.min(), x.max() + 1, y.max() + 1]]) / VIEW
    return _measured(box, np.zeros(len(spots), np.int64), spots, ink, zones)


def _reaches(x: NDArray[np.int64], y: NDArray[np.int64], least: float) -> bool:
    """Whether the diagonal of what holds some px is longer than `least` mm."""
    return len(x) > 0 and float(np.hypot(np.ptp(x) + 1, np.ptp(y) + 1)) > least * VIEW


def _measured(
    box: Floats, whose: NDArray[np.int64], spots: NDArray[np.int64], ink: Ink, zones: Zones
) -> Patches:
    """Sums over the px (`spots`, their flat places) of each patch; `whose` says which patch each belongs to."""
    count = len(box)
    width = ink.added.shape[1]
    y, x = np.divmod(spots, width)
    mm_x, mm_y = x / VIEW, y / VIEW
    darkness = ink.raw.ravel()[spots] / ink.contrast
    added = ink.added.ravel()
    sides = sum(
        (added.take(spots + step, mode="clip") == 0).astype(np.float64) for step in (-1, 1, -width, width)
    )
    values = (None, mm_x, mm_y, mm_x**2, mm_y**2, mm_x * mm_y, sides, darkness, darkness**2)
    sums = np.column_stack([np.bincount(whose, value, count) for value in values]).astype(np.float64)
    clear = np.bincount(whose, ink.near_print.ravel()[spots] == 0, count).astype(np.float64)
    rows, columns = zones.place.shape
    place = zones.place.ravel()[np.minimum(y // 2, rows - 1) * columns + np.minimum(x // 2, columns - 1)]
    where = np.bincount(whose * KINDS + place, minlength=count * KINDS).reshape(count, KINDS)
    px = Spots(whose, x, y, np.asarray(darkness, np.float64))
    return Patches(box, sums, clear, where.astype(np.float64), np.arange(count), px)


_MEASURES: Final = ("outline", "area", "width", "length", "dark", "ink", "size", "reach", "thickness", "lean")
"""What is known of each patch by itself, by name."""

_NONE: Final = Patches(
    np.zeros((0, 4)),
    np.zeros((0, 9)),
    np.zeros(0),
    np.zeros((0, KINDS)),
    np.zeros(0, np.int64),
    Spots(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)),
)
