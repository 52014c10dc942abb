"""The boxes of a slip found again by their own printed outlines, and shown upright at one fixed scale.

All boxes of a slip are as large as each other, so that their views are measured together: N boxes, H×W px each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box
from consentdesk.scanning.align import Placement
from consentdesk.scanning.pictures import Pixels, quantile

SCALE: Final = 8.0
"""Px per mm of every box's view: about 200 dpi, whatever the scan's own resolution."""
REACH: Final = 1.5
"""How far in mm a box may lie from where the slip's frame puts it (folds, crumples, uneven feed)."""
HALO: Final = 3.4
"""How much in mm is shown round a box."""
_MOVED: Final = 0.3
"""A box that lies further off than this in mm is shown anew, in the middle of its view."""
_SCREENED: Final = 12.0
"""Paper whose plainest parts vary by more than this (standard deviation, grey values) is made of dots."""
_FOOT: Final = 0.12
"""A printed line reaches as far as it is darker than this share of what is printed."""
_WIDEST: Final = 7
"""Half the width in px of the widest line that is still taken for a box's own."""

Grey = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class BoxView:
    """A box as seen, upright.

    `ink` is darkness, H×W float32, 0 the paper nearby and 1 as dark as the form's own lines; `edges` are the
    outline's left, top, right and bottom in px of the view (middles of the lines); `line` is half the outline's
    width at its foot in px; `noise` the paper's standard deviation in the same unit as `ink`; `fit` how well the
    outline was found, 0 to 1. `thickest` is how much more ink the outline's thickest side holds than its
    others: a pen may hide in it.
    """

    ink: Grey
    edges: tuple[float, float, float, float]
    line: float
    noise: float
    fit: float
    thickest: float


def raw_view(grey: Pixels, placement: Placement, box: Box, shift: Sequence[float] = (0.0, 0.0)) -> Grey:
    """The box and its halo, upright at `SCALE`, as grey values (H×W float32, 0 to 255)."""
    around = box.grown(HALO).moved(shift[0], shift[1])
    size = (round(around.width * SCALE), round(around.height * SCALE))
    to_mm = np.array(
        [[1 / SCALE, 0, around.x0 + 0.5 / SCALE], [0, 1 / SCALE, around.y0 + 0.5 / SCALE], [0, 0, 1]]
    )
    view = cv2.warpPerspective(
        grey,
        placement.matrix @ to_mm,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(view, np.float32)


def centred_views(grey: Pixels, placement: Placement, boxes: Sequence[Box]) -> Grey:
    """Every box in the middle of its view, found by its outline (N×H×W float32, grey values)."""
    views = np.stack([raw_view(grey, placement, box) for box in boxes])
    shifts = find_shifts(views, boxes[0])
    for at in np.flatnonzero(np.abs(shifts).max(axis=1) > _MOVED).tolist():
        views[at] = raw_view(grey, placement, boxes[at], shifts[at])
    return views


def expected_edges(box: Box) -> tuple[float, float, float, float]:
    """Where the outline should lie in the view, in px."""
    low = HALO * SCALE - 0.5
    return low, low, low + box.width * SCALE, low + box.height * SCALE


def find_shifts(views: Grey, box: Box) -> Numbers:
    """How far (mm, right and down; N×2) each outline lies from the middle of its view, by its four lines together.

    Each line shows as a peak in the median across it: what a pen adds covers less than half of a side.
    """
    left, top, right, bottom = expected_edges(box)
    count = len(views)
    paper = quantile(views[:, ::3, ::3].reshape(count, -1), 0.85, 1)
    dark = paper[:, None, None] - views
    upright = dark.swapaxes(1, 2)
    shifts = np.zeros((count, 2))
    for share in (0.36, 0.8):
        across = _stripes(dark, (top + bottom) / 2 + shifts[:, 1], (bottom - top) / 2 * share)
        down = _stripes(upright, (left + right) / 2 + shifts[:, 0], (right - left) / 2 * share)
        shifts = np.column_stack([_pair_shifts(across, left, right), _pair_shifts(down, top, bottom)])
    return shifts / SCALE


def _stripes(dark: Grey, middles: Numbers, half: float) -> Grey:
    """The median over a stripe of rows in each view (N×W): `half` px to either side of its middle."""
    reach = round(half)
    rows = np.rint(middles).astype(int)[:, None] + np.arange(-reach, reach + 1, 2)
    picked = dark[np.arange(len(dark))[:, None], rows.clip(0, dark.shape[1] - 1)]
    return quantile(picked, 0.5, 1)


def _pair_shifts(profiles: Grey, low: float, high: float) -> Numbers:
    """The shift in px at which two lines, `high - low` apart, are darkest together and lighter beside (N)."""
    reach = round(REACH * SCALE)
    soft = cv2.blur(profiles, (3, 1), borderType=cv2.BORDER_CONSTANT)
    beside = np.minimum(np.roll(soft, 5, axis=1), np.roll(soft, -5, axis=1))
    peaked = np.clip(soft - np.clip(beside, 0, None), 0, None)
    shifts = np.arange(-reach, reach + 0.25, 0.5)

    def at(places: Numbers) -> Numbers:
        first = np.floor(places).astype(int).clip(0, peaked.shape[1] - 2)
        onward = places - first
        return np.asarray(peaked[:, first] * (1 - onward) + peaked[:, first + 1] * onward)

    at_low, at_high = at(low + shifts), at(high + shifts)
    # Both lines must be there; a little inertia keeps a box with no clear outline where it was expected.
    score = np.minimum(at_low, at_high) + 0.3 * (at_low + at_high) - 0.05 * np.abs(shifts)
    return np.asarray(shifts[score.argmax(axis=1)], np.float64)


def without_dots(views: Grey, *, one_bit: bool) -> Grey:
    """The views, blurred until strokes show where the scan is made of dots.

    Screened paper is told by the texture of its plainest third, in blocks of 6 px, the slip's median over its boxes.
    """
    height, width = views.shape[1] // 6 * 6, views.shape[2] // 6 * 6
    some = views[::3, :height, :width]
    blocks = some.reshape(len(some), height // 6, 6, width // 6, 6)
    plain = quantile(blocks.std(axis=(2, 4)).reshape(len(some), -1), 0.3, 1)
    screened = float(quantile(plain, 0.5)) > _SCREENED
    if not screened and not one_bit:
        return views
    blur = 2.0 if screened else 0.8
    return np.stack([np.asarray(cv2.GaussianBlur(view, (0, 0), blur), np.float32) for view in views])


def contrast_of(views: Grey, box: Box) -> float:
    """How much darker than paper the slip's printed lines are (grey values): its boxes' median."""
    left, top, right, bottom = (round(edge) for edge in expected_edges(box))
    papers = quantile(views[:, ::3, ::3].reshape(len(views), -1), 0.8, 1)
    sides = (
        views[:, top + 4 : bottom - 3, left - 2 : left + 3].min(axis=2),
        views[:, top + 4 : bottom - 3, right - 2 : right + 3].min(axis=2),
        views[:, top - 2 : top + 3, left + 4 : right - 3].min(axis=1),
        views[:, bottom - 2 : bottom + 3, left + 4 : right - 3].min(axis=1),
    )
    lines = quantile(np.concatenate(sides, axis=1), 0.5, 1)
    return max(8.0, float(np.median(papers - lines)))


def see_boxes(views: Grey, box: Box, contrast: float) -> list[BoxView]:
    """Measure centred views; `contrast` is how much darker than paper the slip's printed lines are (grey values)."""
    left, top, right, bottom = expected_edges(box)
    papers, noise = _papers(views)
    ink = np.clip((papers - views) / contrast, -0.5, 1.5).astype(np.float32)
    rows = ink[:, round(top) + 5 : round(bottom) - 4]
    columns = ink[:, :, round(left) + 5 : round(right) - 4].swapaxes(1, 2)
    across, down = quantile(rows, 0.5, 1), quantile(columns, 0.5, 1)
    profiles = np.stack([across, down, across, down], axis=1)
    expected = np.array([left, top, right, bottom])
    edges, halves = _lines_at(profiles, expected)
    fits = np.stack(
        [_side_fits(side, edges[:, at]) for at, side in enumerate((rows, columns, rows, columns))], axis=1
    )
    # One side may be lost under a crease or a tear; two may not.
    fit = np.sort(fits, axis=1)[:, :2].mean(axis=1)
    line = np.sort(halves, axis=1)[:, 2]
    masses = np.sort(_masses(profiles, edges), axis=1)
    thickest = masses[:, 3] / np.maximum(0.5, masses[:, 1])
    return [
        BoxView(
            ink[at],
            (float(edges[at, 0]), float(edges[at, 1]), float(edges[at, 2]), float(edges[at, 3])),
            float(line[at]),
            float(noise[at]) / contrast,
            float(fit[at]),
            float(thickest[at]),
        )
        for at in range(len(views))
    ]


def _papers(views: Grey) -> tuple[Grey, Numbers]:
    """The paper's brightness across each view (planes, N×H×W) and its noise (N), from its own brighter pixels."""
    count, height, width = views.shape
    # Every fourth pixel either way is plenty for a plane.
    seen = views[:, ::4, ::4]
    ys, xs = np.mgrid[0 : seen.shape[1], 0 : seen.shape[2]]
    basis = np.stack([np.ones(ys.size), xs.ravel() * 4 / width - 0.5, ys.ravel() * 4 / height - 0.5])
    values = seen.reshape(count, -1).astype(np.float64)
    level = quantile(values, 0.7, 1)[:, None]
    bright = values >= level - 25
    spread = 1.48 * _median_where(np.abs(values - level), bright)[:, None]
    weights = (values >= level - np.maximum(8.0, 2.5 * spread)).astype(np.float64)
    system = np.einsum("kp,np,lp->nkl", basis, weights, basis, optimize=True) + 1e-6 * np.eye(3)
    planes = np.linalg.solve(system, ((weights * values) @ basis.T)[..., None])[..., 0]
    noise = 1.48 * _median_where(np.abs(values - planes @ basis), weights > 0)
    along_x = planes[:, :1] + planes[:, 1:2] * (np.arange(width) / width - 0.5)
    along_y = planes[:, 2:] * (np.arange(height) / height - 0.5)
    return (along_x[:, None, :] + along_y[:, :, None]).astype(np.float32), noise


def _median_where(values: Numbers, chosen: NDArray[np.bool_]) -> Numbers:
    """The median of each row's chosen values; every row has some."""
    ordered = np.sort(np.where(chosen, values, np.inf), axis=1)
    middle = (chosen.sum(axis=1) - 1) // 2
    return np.asarray(ordered[np.arange(len(ordered)), middle], np.float64)


def _side_fits(sides: Grey, edges: Numbers) -> Numbers:
    """The share of a side along which its line is seen; `sides` is N × the side's length × across it."""
    columns = np.rint(edges).astype(int)[:, None] + np.arange(-2, 3)
    near = sides[np.arange(len(sides))[:, None], :, columns.clip(0, sides.shape[2] - 1)]
    return np.asarray((near.max(axis=1) > 0.45).mean(axis=1), np.float64)


def _masses(profiles: Grey, edges: Numbers) -> Numbers:
    """How much ink each printed line holds across its width (N×4), from the median profiles across it."""
    columns = np.rint(edges).astype(int)[:, :, None] + np.arange(-6, 7)
    near = np.take_along_axis(profiles, columns.clip(0, profiles.shape[2] - 1), axis=2)
    return np.asarray(np.clip(near, 0, None).sum(axis=2), np.float64)


def _lines_at(profiles: Grey, expected: Numbers) -> tuple[Numbers, Numbers]:
    """Printed lines near the edges expected, in the median profiles across them (N×4×L).

    Their middles and half their widths at the foot (N×4 each, px). A line that hides in other ink is taken to lie
    where it should, as wide as it is drawn.
    """
    count, sides, length = profiles.shape
    flat = profiles.reshape(-1, length)
    rows = np.arange(len(flat))
    told = np.tile(expected, count)
    columns = np.rint(told).astype(int)[:, None] + np.arange(-7, 8)
    near = flat[rows[:, None], columns.clip(0, length - 1)]
    peak = columns[rows, (near - 0.02 * np.abs(columns - told[:, None])).argmax(axis=1)]
    start, end = peak.copy(), peak.copy()
    for edge, step in ((start, -1), (end, 1)):
        grows = np.ones(len(flat), np.bool_)
        for _ in range(2 * _WIDEST):
            onward = (edge + step).clip(0, length - 1)
            next_ink = flat[rows, onward]
            grows &= (next_ink > _FOOT) & (next_ink <= flat[rows, edge] + 0.05)
            edge[grows] = onward[grows]
    half = (end - start + 1) / 2
    hidden, dim = half > _WIDEST + 0.5, flat[rows, peak] < 0.3
    middle = np.where(hidden | dim, told, (start + end) / 2)
    half = np.where(dim, 2.2, np.where(hidden, 3.0, np.maximum(1.4, half)))
    return middle.reshape(count, sides), half.reshape(count, sides)
