"""What a pen added to one box: its ink, parted from the printed outline and joined again across it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.boxes import SCALE, BoxView
from consentdesk.scanning.strokes import Mask

DUST: Final = 0.06 * SCALE * SCALE
"""Ink of fewer px than this is dust, not a pen's."""
_CLEAR: Final = 0.16
"""Ink darker than this share of the form's lines is taken for a stroke; paler ink above the noise is faint."""
_SOFTENED: Final = 0.45
"""What is left of the paper's noise once a view is softened."""
_RIM: Final = 2.5
"""How deep in px the ink beside the outline's zone is looked at, on either side."""
_ASLANT: Final = 2.2
"""A stroke runs through the outline's zone over at most so many times its width."""
_BROADEST: Final = 8
"""The widest stroke in px that is drawn where one runs through the outline."""
_WHOLE: Final = 0.85
"""So large a share of a stroke's way through the outline is dark."""


@dataclass(frozen=True)
class BoxInk:
    """The ink of a box's view (masks and `soft` H×W).

    `soft` is the view's darkness, softened, `noise` (same unit) the paper's in it. `inside` and `outside` are what
    lies within and beyond the zone of the printed outline, `allowed` what is neither that zone nor other print.
    `ink` is all that is dark enough there; `own` what of it stands inside the box or hangs together with that,
    across the outline too.
    """

    soft: NDArray[np.float32]
    noise: float
    inside: Mask
    outside: Mask
    allowed: Mask
    ink: Mask
    own: Mask


def ink_in(view: BoxView, printed: Mask) -> BoxInk:
    """The ink of a view; `printed` (H×W) marks what is no pen's besides the box's own outline."""
    zone = view.line + 1.2
    depth = _depth(view)
    inside, outside = depth > zone, depth < -zone
    allowed = (inside | outside) & ~printed
    soft = np.asarray(cv2.GaussianBlur(view.ink, (0, 0), 0.9), np.float32)
    noise = view.noise * _SOFTENED
    dark = soft > max(_CLEAR, 4.5 * noise)
    ink = without_dust(dark & allowed)
    return BoxInk(soft, noise, inside, outside, allowed, ink, _belonging(ink, depth, zone, dark))


def without_dust(mask: Mask) -> Mask:
    """A mask without its smallest pieces."""
    if not mask.any():
        return mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= DUST
    return np.asarray(keep[labels], np.bool_)


def _depth(view: BoxView) -> NDArray[np.float32]:
    """How far in px each place lies within the outline's middle line; less than 0 beyond it."""
    height, width = view.ink.shape
    left, top, right, bottom = view.edges
    xs, ys = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    across, down = np.minimum(xs - left, right - xs), np.minimum(ys - top, bottom - ys)
    return np.asarray(np.minimum(across[None, :], down[:, None]), np.float32)


def _belonging(ink: Mask, depth: NDArray[np.float32], zone: float, dark: Mask) -> Mask:
    """The ink inside the box and whatever hangs together with it, across the outline."""
    inside = depth > zone
    if not (ink & inside).any():
        return np.zeros_like(ink)
    joined = _bridged(ink, depth, zone, dark)
    count, labels = cv2.connectedComponents(joined.astype(np.uint8), connectivity=8)
    touching = np.zeros(count, np.bool_)
    touching[np.unique(labels[inside & joined])] = True
    touching[0] = False
    return np.asarray(touching[labels], np.bool_)


def _bridged(ink: Mask, depth: NDArray[np.float32], zone: float, dark: Mask) -> Mask:
    """The ink, with its strokes drawn on through the outline's zone to where they come out on the other side."""
    within, beyond = _ends(ink, depth - zone), _ends(ink, -depth - zone)
    joined = ink.astype(np.uint8)
    for one, other in _facing(within, beyond, _ASLANT * (2 * zone + _RIM)):
        (x0, y0), (x1, y1) = one.at, other.at
        length = math.dist(one.at, other.at)
        steps = max(3, round(length))
        columns, rows = (np.rint(np.linspace(a, b, steps)).astype(int) for a, b in ((x0, x1), (y0, y1)))
        if dark[rows, columns].mean() >= _WHOLE:
            # Along the rim a stroke is as much wider as it runs aslant.
            straight = max(abs(x1 - x0), abs(y1 - y0)) / max(1.0, length)
            broad = int(np.clip(straight * min(one.wide, other.wide), 2, _BROADEST))
            cv2.line(joined, (round(x0), round(y0)), (round(x1), round(y1)), 1, broad)
    return joined > 0


class _End(NamedTuple):
    """Where a stroke meets the outline's zone: its middle (x, y), and how far it runs along the rim, in px."""

    at: tuple[float, float]
    wide: int


def _facing(within: Sequence[_End], beyond: Sequence[_End], furthest: float) -> list[tuple[_End, _End]]:
    """The ends of strokes, one within and one beyond, that are nearest to each other across the outline."""
    apart = np.array([[math.dist(one.at, other.at) for other in beyond] for one in within])
    if not apart.size:
        return []
    nearest = {(int(row), at) for at, row in enumerate(apart.argmin(axis=0))}
    nearest |= {(at, int(column)) for at, column in enumerate(apart.argmin(axis=1))}
    return [(within[row], beyond[at]) for row, at in nearest if apart[row, at] <= furthest]


def _ends(ink: Mask, beyond: NDArray[np.float32]) -> list[_End]:
    """The strokes that meet the outline's zone from one side; `beyond` is how far in px each place lies from it."""
    rim = (ink & (beyond > 0) & (beyond <= _RIM)).astype(np.uint8)
    if not rim.any():
        return []
    count, _, stats, middles = cv2.connectedComponentsWithStats(rim, connectivity=8)
    return [
        _End(
            (float(middles[at, 0]), float(middles[at, 1])),
            int(max(stats[at, cv2.CC_STAT_WIDTH], stats[at, cv2.CC_STAT_HEIGHT])),
        )
        for at in range(1, count)
        if stats[at, cv2.CC_STAT_AREA] > 1
    ]
