"""The whole slip shown upright at a fixed scale: for its fields, its margin and the picture kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.align import Placement
from consentdesk.scanning.pictures import Pixels, darkest
from consentdesk.scanning.zones import VIEW, slices, view_box

_EVIDENCE: Final = 3.75
"""Px per mm of the picture that is kept: 95 dpi."""
_JPEG_QUALITY: Final = 34
_CROP_LIMIT: Final = 30_000


@dataclass(frozen=True)
class SlipView:
    """A slip upright at `VIEW` px per mm.

    `picture` is as scanned (H×W or H×W×3 uint8), `ink` how much darker than the paper nearby (H×W uint8, grey
    values), `noise` the paper's standard deviation, `contrast` how much darker than paper the form's own lines
    are (both in grey values), `origin` the view's top left in mm of the layout.
    """

    picture: Pixels
    ink: Pixels
    noise: float
    contrast: float
    origin: tuple[float, float]

    def slices(self, box: Box) -> tuple[slice, slice]:
        """Where a box (mm) lies in the view, as rows and columns, kept inside."""
        return slices(box, self.origin, self.ink.shape)

    def box_of(self, x: int, y: int, width: int, height: int) -> Box:
        """A rectangle of the view (px) as a box of the layout (mm)."""
        left, top = x / VIEW + self.origin[0], y / VIEW + self.origin[1]
        return Box(left, top, left + width / VIEW, top + height / VIEW)


def warped(pixels: Pixels, placement: Placement, layout: SlipLayout) -> Pixels:
    """The slip's part of the page, upright; what lies beyond the page is white."""
    around = view_box(layout)
    size = (round(around.width * VIEW), round(around.height * VIEW))
    to_mm = np.array(
        [[1 / VIEW, 0, around.x0 + 0.5 / VIEW], [0, 1 / VIEW, around.y0 + 0.5 / VIEW], [0, 0, 1]]
    )
    picture = cv2.warpPerspective(
        pixels,
        placement.matrix @ to_mm,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return np.asarray(picture, np.uint8)


def view_slip(pixels: Pixels, placement: Placement, layout: SlipLayout, contrast: float) -> SlipView:
    """Show the slip upright and measure its ink; `contrast` is how much darker than paper its lines are."""
    picture = warped(pixels, placement, layout)
    grey = darkest(picture)
    # Paper is what is left when everything narrower than 4 mm is closed away: shadows and stains stay in it.
    height, width = (side // 4 * 4 for side in grey.shape)
    small = cv2.resize(grey[:height, :width], (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    soft = cv2.GaussianBlur(closed, (0, 0), 2)
    paper = cv2.resize(soft, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    ink = np.asarray(cv2.subtract(paper, grey), np.uint8)
    sample = ink[::3, ::3]
    light = sample[sample < 0.25 * contrast].astype(np.float32)
    noise = 1.48 * float(np.median(np.abs(light - np.median(light)))) if light.size else 0.1 * contrast
    around = view_box(layout)
    return SlipView(picture, ink, noise, contrast, (around.x0, around.y0))


def slip_evidence(view: SlipView) -> bytes:
    """The picture of a whole slip that is kept."""
    scale = _EVIDENCE / VIEW
    small = cv2.resize(view.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    return evidence(np.asarray(small, np.uint8))


def evidence(picture: Pixels) -> bytes:
    """A picture kept as evidence: JPEG, in colour where the scan is, about 30 KB at most."""
    quality = _JPEG_QUALITY
    while True:
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("the evidence picture could not be encoded")
        if len(data) <= _CROP_LIMIT or quality <= 15:
            return bytes(data)
        # One step is nearly always enough: size falls a little faster than quality.
        quality = max(15, min(quality - 4, int(quality * 0.8 * _CROP_LIMIT / len(data))))
