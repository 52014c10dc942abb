"""Each box found again by its own printed outline, and shown upright at one fixed scale."""

from __future__ import annotations

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

Grey = NDArray[np.float32]


@dataclass(frozen=True)
class BoxView:
    """A box as seen, upright.

    `ink` is darkness, H×W float32, 0 the paper nearby and 1 as dark as the form's own lines; `edges` are the
    outline's left, top, right and bottom in px of the view (middles of the lines); `line` is half the outline's
    width at its foot in px; `noise` the paper's standard deviation in the same unit as `ink`; `fit` how well the
    outline was found, 0 to 1; `shift` how far in mm it lay from where it was expected.
    """

    ink: Grey
    edges: tuple[float, float, float, float]
    line: float
    noise: float
    fit: float
    shift: tuple[float, float]
    thickest: float
    """How much more ink the outline's thickest side holds than its others: a pen may hide in it."""


def raw_view(grey: Pixels, placement: Placement, box: Box, shift: tuple[float, float] = (0.0, 0.0)) -> Grey:
    """The box and its halo, upright at `SCALE`, as grey values (H×W float32, 0 to 255)."""
    around = box.grown(HALO).moved(*shift)
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


def expected_edges(box: Box) -> tuple[float, float, float, float]:
    """Where the outline should lie in the view, in px."""
    low = HALO * SCALE - 0.5
    return low, low, low + box.width * SCALE, low + box.height * SCALE


def find_shift(view: Grey, box: Box) -> tuple[float, float]:
    """How far (mm, right and down) the outline lies from the view's middle, by its four lines together.

    Each line shows as a peak in the median across it: what a pen adds covers less than half of a side.
    """
    left, top, right, bottom = expected_edges(box)
    reach = round(REACH * SCALE)
    dark = float(quantile(view[::3, ::3], 0.85)) - view
    shift_x, shift_y = 0.0, 0.0
    for share in (0.36, 0.8):
        middle_x, middle_y = (left + right) / 2 + shift_x, (top + bottom) / 2 + shift_y
        half_x, half_y = (right - left) / 2 * share, (bottom - top) / 2 * share
        rows = dark[max(0, round(middle_y - half_y)) : round(middle_y + half_y) + 1]
        columns = dark[:, max(0, round(middle_x - half_x)) : round(middle_x + half_x) + 1]
        shift_x = _pair_shift(quantile(rows, 0.5, 0), left, right, reach)
        shift_y = _pair_shift(quantile(columns, 0.5, 1), top, bottom, reach)
    return shift_x / SCALE, shift_y / SCALE


def _pair_shift(profile: Grey, low: float, high: float, reach: int) -> float:
    """The shift in px at which two lines, `high - low` apart, are darkest together and lighter beside."""
    soft = np.convolve(profile, np.full(3, 1 / 3, np.float32), "same")
    beside = np.minimum(np.roll(soft, 5), np.roll(soft, -5))
    peaked = np.clip(soft - np.clip(beside, 0, None), 0, None)
    shifts = np.arange(-reach, reach + 0.25, 0.5)
    xs = np.arange(len(profile), dtype=np.float64)
    at_low = np.interp(low + shifts, xs, peaked)
    at_high = np.interp(high + shifts, xs, peaked)
    # Both lines must be there; a little inertia keeps a box with no clear outline where it was expected.
    score = np.minimum(at_low, at_high) + 0.3 * (at_low + at_high) - 0.05 * np.abs(shifts)
    return float(shifts[int(score.argmax())])


def line_darkness(view: Grey, box: Box) -> tuple[float, float]:
    """The paper's brightness round a box and that of its printed lines (grey values), for the slip's own scale."""
    left, top, right, bottom = (round(edge) for edge in expected_edges(box))
    paper = float(quantile(view[::3, ::3], 0.8))
    sides = (
        view[top + 4 : bottom - 3, left - 2 : left + 3].min(axis=1),
        view[top + 4 : bottom - 3, right - 2 : right + 3].min(axis=1),
        view[top - 2 : top + 3, left + 4 : right - 3].min(axis=0),
        view[bottom - 2 : bottom + 3, left + 4 : right - 3].min(axis=0),
    )
    return paper, float(quantile(np.concatenate(sides), 0.5))


def see_box(view: Grey, box: Box, contrast: float, shift: tuple[float, float]) -> BoxView:
    """Measure a centred view: `contrast` is how much darker than paper the slip's printed lines are (grey values)."""
    left, top, right, bottom = expected_edges(box)
    paper, noise = _paper(view)
    ink = np.clip((paper - view) / max(contrast, 1.0), -0.5, 1.5).astype(np.float32)
    rows = ink[round(top) + 5 : round(bottom) - 4]
    columns = ink[:, round(left) + 5 : round(right) - 4]
    across, down = quantile(rows, 0.5, 0), quantile(columns, 0.5, 1)
    found = [_line_at(across, left), _line_at(down, top), _line_at(across, right), _line_at(down, bottom)]
    edges = (found[0][0], found[1][0], found[2][0], found[3][0])
    fits = [
        _side_fit(rows, edges[0]),
        _side_fit(columns.T, edges[1]),
        _side_fit(rows, edges[2]),
        _side_fit(columns.T, edges[3]),
    ]
    # One side may be lost under a crease or a tear; two may not.
    fit = float(np.mean(sorted(fits)[:2]))
    line = max(half for _, half in found)
    masses = sorted(
        _mass(profile, edge) for profile, edge in zip((across, down, across, down), edges, strict=True)
    )
    thickest = masses[3] / max(0.5, masses[1])
    return BoxView(ink, edges, line, noise / max(contrast, 1.0), fit, shift, thickest)


def _mass(profile: Grey, edge: float) -> float:
    """How much ink a printed line holds across its width, from the median profile across it."""
    at = round(edge)
    return float(np.clip(profile[max(0, at - 6) : at + 7], 0, None).sum())


def _paper(view: Grey) -> tuple[Grey, float]:
    """The paper's brightness across a view (a plane, H×W) and its noise, from its own brighter pixels."""
    height, width = view.shape
    # Every third pixel either way is plenty for a plane.
    thinned = view[::3, ::3]
    level = float(quantile(thinned, 0.7))
    spread = float(quantile(np.abs(thinned[thinned >= level - 25] - level), 0.5)) * 1.48
    ys, xs = np.nonzero(thinned >= level - max(8.0, 2.5 * spread))
    if len(xs) < 50:
        return np.full_like(view, level), spread
    values = thinned[ys, xs]
    ys, xs = ys * 3, xs * 3
    system = np.column_stack([np.ones(len(xs)), xs / width - 0.5, ys / height - 0.5])
    plane = np.linalg.solve(system.T @ system + 1e-6 * np.eye(3), system.T @ values)
    rest = values - system @ plane
    noise = float(quantile(np.abs(rest), 0.5)) * 1.48
    along_x = plane[0] + plane[1] * (np.arange(width) / width - 0.5)
    along_y = plane[2] * (np.arange(height) / height - 0.5)
    return (along_x[None, :] + along_y[:, None]).astype(np.float32), noise


def _side_fit(across: Grey, edge: float) -> float:
    """The share of a side along which its line is seen: dark at the line; `across` has the side's length first."""
    at = round(edge)
    line = across[:, max(0, at - 2) : at + 3].max(axis=1)
    return float((line > 0.45).mean())


def _line_at(profile: Grey, edge: float) -> tuple[float, float]:
    """A printed line near `edge` in the median profile across it: its middle, and half its width at the foot (px).

    A line that hides in other ink is taken to lie where it should, as wide as it is drawn.
    """
    at = round(edge)
    low = max(0, at - 7)
    window = profile[low : at + 8]
    peak = int(np.argmax(window - 0.02 * np.abs(np.arange(len(window)) + low - edge)))
    if window[peak] < 0.3:
        return edge, 2.2
    foot = 0.12
    start = end = peak
    while start > 0 and foot < window[start - 1] <= window[start] + 0.05:
        start -= 1
    while end < len(window) - 1 and foot < window[end + 1] <= window[end] + 0.05:
        end += 1
    half = (end - start + 1) / 2
    if half > 4.5:
        return edge, 3.0
    return low + (start + end) / 2, max(1.4, half)
