"""QR codes on a page: zxing-cpp first, on a reduced page, and pyzbar as the second reader."""

from __future__ import annotations

import warnings
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from consentdesk.scanning.pictures import Pixels

try:
    from pyzbar import pyzbar
except (ImportError, OSError):
    # The zbar library of the system is missing: the first reader works alone, and `doctor` says so.
    pyzbar = None

REDUCED: Final = 1300
"""Longer side in px, at most, of the page that is searched first: 100 dpi on A4, 2.4 px a module."""
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_MODULES: Final = 29
"""Modules along one side of a version 3 symbol, the only one this program prints."""


class FoundCode(NamedTuple):
    """A QR code on the page: its text, and its corners (4×2 float64, px) from the symbol's own top left, clockwise."""

    text: str
    corners: NDArray[np.float64]


def second_reader_works() -> bool:
    """Whether pyzbar and the system's zbar library are there."""
    return pyzbar is not None


def reduced(grey: Pixels) -> tuple[Pixels, int]:
    """The page made smaller by a whole number, and that number.

    Halved as often as that goes, and the rest by neighbours: halving is over ten times faster than averaging
    any other number of pixels.
    """
    factor = -(-max(grey.shape) // REDUCED)
    if factor == 1:
        return grey, 1
    halvings = factor.bit_length() - 1
    # The last few px are left out, so that each halving comes out even.
    height, width = (side // factor >> halvings << halvings for side in grey.shape)
    small = grey[: height * factor, : width * factor]
    for _ in range(halvings):
        half = small.shape[1] // 2, small.shape[0] // 2
        small = np.asarray(cv2.resize(small, half, interpolation=cv2.INTER_AREA), np.uint8)
    if small.shape != (height, width):
        small = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return small, factor


def find_codes(small: Pixels, factor: int) -> list[FoundCode]:
    """All QR codes of a page reduced by `factor`, quickly; corners in px of the page itself."""
    return _by_zxing(small, 1 / factor, thorough=False)


def find_codes_thoroughly(grey: Pixels, *, second_reader: bool) -> list[FoundCode]:
    """All QR codes at full sharpness, for pages where the quick search missed some; pyzbar last where wanted."""
    found = _by_zxing(grey, 1.0, thorough=True)
    if not found:
        # One-bit and dithered pages have no grey to find a module's edge by; blur gives some back.
        soft = cv2.GaussianBlur(grey, (0, 0), 1.2)
        found = _by_zxing(np.asarray(soft, np.uint8), 1.0, thorough=True)
    if not found and second_reader:
        found = _by_pyzbar(grey)
    return found


def find_code_in(grey: Pixels, region: tuple[int, int, int, int]) -> list[FoundCode]:
    """Codes in a part of the page (x0, y0, x1, y1 in px), enlarged, sharpened and blurred, by both readers."""
    height, width = grey.shape
    x0, y0 = max(0, region[0]), max(0, region[1])
    x1, y1 = min(width, region[2]), min(height, region[3])
    if x1 - x0 < 20 or y1 - y0 < 20:
        return []
    part = grey[y0:y1, x0:x1]
    for scale, blur in ((1.0, 0.0), (2.0, 0.0), (1.0, 1.0), (0.5, 0.0)):
        shown = (
            part
            if scale == 1.0
            else cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        )
        if blur:
            shown = cv2.GaussianBlur(shown, (0, 0), blur)
        found = _by_zxing(np.asarray(shown, np.uint8), scale, thorough=True)
        if found:
            break
    else:
        found = _by_pyzbar(np.ascontiguousarray(part))
    return [FoundCode(code.text, code.corners + np.array([x0, y0])) for code in found]


def _by_zxing(grey: Pixels, scale: float, *, thorough: bool) -> list[FoundCode]:
    codes = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        formats=_QR,
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [FoundCode(code.text, (_corners(code.position) + 0.5) / scale - 0.5) for code in codes]


def _corners(position: Any) -> NDArray[np.float64]:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in points], np.float64)


def _by_pyzbar(grey: Pixels) -> list[FoundCode]:
    if pyzbar is None:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            decoded = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
        except (pyzbar.PyZbarError, UnicodeError, TypeError, ValueError, AssertionError):
            # Odd codes make it raise; a code that it cannot say is a code not read.
            return []
    found = []
    for code in decoded:
        corners = np.array([(point.x, point.y) for point in code.polygon], np.float64)
        if len(corners) == 4:
            found.append(FoundCode(code.data.decode("ascii", "replace"), _from_top_left(grey, corners)))
    return found


def _from_top_left(grey: Pixels, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order corners clockwise from the symbol's own top left, told by the one corner without a finder pattern."""
    centre = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0]))]
    side = _MODULES * 8
    target = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    warp = cv2.getPerspectiveTransform(around.astype(np.float32), target)
    upright = cv2.warpPerspective(grey, warp, (side, side)).astype(np.float32)
    modules = cv2.resize(upright, (_MODULES, _MODULES), interpolation=cv2.INTER_AREA)
    ring = np.ones((7, 7), np.float32)
    ring[1:6, 1:6] = -1
    ring[2:5, 2:5] = 1
    views = [modules[:7, :7], modules[:7, -7:], modules[-7:, -7:], modules[-7:, :7]]
    likeness = [float(-(ring * (view - view.mean())).sum()) for view in views]
    bottom_right = int(np.argmin(likeness))
    return np.roll(around, 2 - bottom_right, axis=0)
