"""The whole slip shown upright at a fixed scale: for its fields, its margin and the picture kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.model.layout import Box, SlipLayout
from consentdesk.scanning.align import Placement
from consentdesk.scanning.pictures import Pixels
from consentdesk.scanning.zones import VIEW, slices, view_box

_EVIDENCE: Final = 3.2
"""Px per mm of the picture that is kept: 81 dpi."""
_JPEG_QUALITY: Final = 32
_CROP_LIMIT: Final = 36_000
"""Only the largest slips come near it; over a pile of all kinds pictures are a good deal smaller."""


@dataclass(frozen=True)
class SlipView:
    """A slip upright at `VIEW` px per mm.

    `grey` is as scanned (H×W uint8), `ink` how much darker than the paper nearby (H×W uint8, grey values), `origin`
    the view's top left in mm of the layout, `to_page` the homography from its px to the page's.
    """

    grey: Pixels
    ink: Pixels
    origin: tuple[float, float]
    to_page: NDArray[np.float64]

    def slices(self, box: Box) -> tuple[slice, slice]:
        """Where a box (mm) lies in the view, as rows and columns, kept inside."""
        return slices(box, self.origin, self.ink.shape)

    def box_of(self, x: float, y: float, width: float, height: float) -> Box:
        """A rectangle of the view (px) as a box of the layout (mm)."""
        left, top = x / VIEW + self.origin[0], y / VIEW + self.origin[1]
        return Box(left, top, left + width / VIEW, top + height / VIEW)


def warped(pixels: Pixels, placement: Placement, layout: SlipLayout) -> Pixels:
    """The slip's part of the page, upright; what lies beyond the page is white."""
    return _warped(pixels, _to_page(placement, layout), _size(layout))


def view_slip(grey: Pixels, placement: Placement, layout: SlipLayout) -> SlipView:
    """Show the slip upright and measure its ink."""
    to_page = _to_page(placement, layout)
    view = _warped(grey, to_page, _size(layout))
    around = view_box(layout)
    return SlipView(view, _ink(view), (around.x0, around.y0), to_page)


def _size(layout: SlipLayout) -> tuple[int, int]:
    around = view_box(layout)
    return round(around.width * VIEW), round(around.height * VIEW)


def _to_page(placement: Placement, layout: SlipLayout) -> NDArray[np.float64]:
    around = view_box(layout)
    to_mm = np.array(
        [[1 / VIEW, 0, around.x0 + 0.5 / VIEW], [0, 1 / VIEW, around.y0 + 0.5 / VIEW], [0, 0, 1]]
    )
    return np.asarray(placement.matrix @ to_mm, np.float64)


def _warped(pixels: Pixels, to_page: NDArray[np.float64], size: tuple[int, int]) -> Pixels:
    """Sharp scans are averaged over whole blocks of px first, so that no ink falls between two samples."""
    corners = np.array([[[0.0, 0.0], [size[0], 0], [size[0], size[1]], [0, size[1]]]])
    quad = cv2.perspectiveTransform(corners, to_page)[0]
    px = float(np.sqrt(cv2.contourArea(quad.astype(np.float32)) / (size[0] * size[1])))
    factor = int(px / 1.4)
    if factor > 1:
        low = np.maximum(np.floor(quad.min(axis=0)).astype(int) - factor, 0)
        high = np.minimum(np.ceil(quad.max(axis=0)).astype(int) + factor, pixels.shape[1::-1])
        wide, tall = ((high - low) // factor).tolist()
        if wide > 0 and tall > 0:
            x, y = low.tolist()
            part = pixels[y : y + tall * factor, x : x + wide * factor]
            pixels = np.asarray(cv2.resize(part, (wide, tall), interpolation=cv2.INTER_AREA), np.uint8)
            middle = (factor - 1) / 2
            to_part = np.array([[1, 0, -x - middle], [0, 1, -y - middle], [0, 0, factor]], np.float64)
            to_page = to_part @ to_page
    picture = cv2.warpPerspective(
        pixels,
        to_page,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return np.asarray(picture, np.uint8)


def _ink(view: Pixels) -> Pixels:
    """Paper is what is left when everything narrower than 3.5 mm is closed away: shadows and stains stay in it."""
    height, width = view.shape
    half = cv2.resize(view, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    closed = cv2.blur(cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), (5, 5))
    paper = cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(paper, view), np.uint8)


def slip_evidence(view: SlipView, pixels: Pixels) -> bytes:
    """The picture of a whole slip that is kept, in colour where the scan is."""
    height, width = view.grey.shape
    size = round(width * _EVIDENCE / VIEW), round(height * _EVIDENCE / VIEW)
    if pixels.ndim == 2:
        # So little smaller that averaging over the very px that are covered, at six times the cost, shows no more.
        return evidence(np.asarray(cv2.resize(view.grey, size, interpolation=cv2.INTER_LINEAR), np.uint8))
    step = VIEW / _EVIDENCE
    to_view = np.array([[step, 0, (step - 1) / 2], [0, step, (step - 1) / 2], [0, 0, 1]])
    return evidence(_warped(pixels, view.to_page @ to_view, size))


def evidence(picture: Pixels) -> bytes:
    """A picture kept as evidence: JPEG, in colour where it is, 36 KB at most."""
    quality = _JPEG_QUALITY
    while True:
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if not done:
            raise ValueError("the evidence picture could not be encoded")
        if len(data) <= _CROP_LIMIT or quality <= 15:
            return bytes(data)
        # One step is nearly always enough: size falls a little faster than quality.
        quality = max(15, min(quality - 4, int(quality * 0.8 * _CROP_LIMIT / len(data))))
