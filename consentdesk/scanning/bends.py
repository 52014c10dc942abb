"""Paper that does not lie flat: how far each place is from where it should be, and the page drawn as if it were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from consentdesk.model.layout import SlipLayout
from consentdesk.scanning.align import Matrix, corners_of, transform
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.zones import view_box

INERTIA: Final = 0.05
"""How lightly paper is held to be flat where no block says otherwise."""
_SPREAD: Final = 10.0
"""Distance in mm over which neighbouring blocks move together."""
_GRID: Final = 32
"""Distance in px of the places at which a bend is worked out."""


@dataclass(frozen=True)
class Bend:
    """How far the paper lies from where the homography puts it: at `places` (N×2 mm) it is moved by `shifts` (N×2).

    `weights` (N×2) tell how much each shift is believed, right and down: a place on the frame's left side tells
    nothing of up and down.
    """

    places: Matrix
    shifts: Matrix
    weights: Matrix

    def at(self, points: Matrix) -> Matrix:
        """The shift in mm at points (M×2 mm): what the places around say, each the less the further off it is."""
        near = nearness(points, self.places)
        return np.asarray((near @ (self.shifts * self.weights)) / (near @ self.weights + INERTIA), np.float64)


def nearness(points: Matrix, places: Matrix) -> Matrix:
    """How much each place (N×2 mm) says of each point (M×2 mm), 0 to 1: M×N."""
    far = (points**2).sum(axis=1)[:, None] + (places**2).sum(axis=1)[None, :] - 2 * points @ places.T
    return np.asarray(np.exp(far / (-2 * _SPREAD**2)), np.float64)


def drawn_flat(pixels: Pixels, layout: SlipLayout, matrix: Matrix, bend: Bend) -> Pixels:
    """The page with a slip's part drawn as if its paper lay flat; `pixels` is H×W or H×W×3, as is what returns."""
    corners = transform(matrix, corners_of(view_box(layout)))
    height, width = pixels.shape[:2]
    x0, y0 = (max(0, int(edge)) for edge in corners.min(axis=0))
    x1, y1 = (
        min(limit, int(edge) + 1) for edge, limit in zip(corners.max(axis=0), (width, height), strict=True)
    )
    if x1 - x0 < 2 or y1 - y0 < 2:
        return pixels
    xs, ys = np.arange(x0, x1 + _GRID, _GRID), np.arange(y0, y1 + _GRID, _GRID)
    spots = np.asarray(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2), np.float64)
    places = transform(np.asarray(np.linalg.inv(matrix), np.float64), spots)
    moved = transform(matrix, places + bend.at(places)) - spots
    coarse = moved.reshape(len(ys), len(xs), 2).astype(np.float32)
    # The value at the first spot belongs to its pixel's own middle, so the enlarged map is read from there on.
    to_coarse = np.array([[1 / _GRID, 0, 0], [0, 1 / _GRID, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    fine = cv2.warpAffine(coarse, to_coarse, (x1 - x0, y1 - y0), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    x, y = (np.asarray(part, np.float32) for part in cv2.split(fine))
    x += np.arange(x0, x1, dtype=np.float32)[None, :]
    y += np.arange(y0, y1, dtype=np.float32)[:, None]
    flat = pixels.copy()
    flat[y0:y1, x0:x1] = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return flat
