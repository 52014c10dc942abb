"""Pictures as arrays: decoding that refuses half a picture, and square pixels."""

from __future__ import annotations

import math
import struct
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from consentdesk.scanning.scan_file import MAX_PIXELS, PageProblem

Pixels = NDArray[np.uint8]
"""A page or a part of it: uint8, H×W grey or H×W×3 BGR, white paper bright."""


_TWICE_ENOUGH: Final = 6000
"""A JPEG whose longer side is as many px (510 dpi on A4) is decoded at half its size, in half the time."""


def check_size(width: int, height: int) -> None:
    """Refuse a picture of over 60 megapixels, before it is decoded. Raises `PageProblem`."""
    if width <= 0 or height <= 0:
        raise PageProblem("cut-image")
    if width * height > MAX_PIXELS:
        raise PageProblem("huge-page")


def decode_jpeg(untrusted_data: bytes, *, turn: bool) -> Pixels:
    """A JPEG's picture, halved where it is sharper than any page need be; a cut one is refused.

    `turn` follows its EXIF orientation. Raises `PageProblem`.
    """
    width, height, channels = jpeg_size(untrusted_data)
    check_size(width, height)
    if max(width, height) >= _TWICE_ENOUGH:
        flag = cv2.IMREAD_REDUCED_GRAYSCALE_2 if channels == 1 else cv2.IMREAD_REDUCED_COLOR_2
    else:
        flag = cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR
    pixels = cv2.imdecode(
        np.frombuffer(untrusted_data, np.uint8), flag if turn else flag | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if pixels is None:
        raise PageProblem("cut-image")
    return plain(pixels)


def decode_png(untrusted_data: bytes) -> Pixels:
    """A PNG's picture; a cut one is refused. Raises `PageProblem`."""
    if len(untrusted_data) < 33 or untrusted_data[12:16] != b"IHDR":
        raise PageProblem("cut-image")
    check_size(*struct.unpack(">II", untrusted_data[16:24]))
    pixels = cv2.imdecode(np.frombuffer(untrusted_data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise PageProblem("cut-image")
    return plain(pixels)


def jpeg_size(data: bytes) -> tuple[int, int, int]:
    """Width, height (px) and channels from a JPEG's frame header, without decoding. Raises `PageProblem`."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width, channels = struct.unpack(">HHB", data[at + 5 : at + 10])
            return width, height, channels
        elif marker == 0x01 or 0xD0 <= marker <= 0xD9:
            at += 2
        else:
            at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    raise PageProblem("cut-image")


def plain(pixels: NDArray[Any]) -> Pixels:
    """Eight bits a channel, grey or BGR, transparent parts white. Raises `PageProblem` for other kinds."""
    if pixels.dtype == np.bool_:
        pixels = pixels.astype(np.uint8) * 255
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.dtype != np.uint8:
        raise PageProblem("cannot-decode")
    if pixels.ndim == 3 and pixels.shape[2] in (2, 4):
        alpha = pixels[:, :, -1:].astype(np.uint16)
        pixels = ((pixels[:, :, :-1] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    return np.ascontiguousarray(pixels)


def square(pixels: Pixels, horizontal: float, vertical: float) -> Pixels:
    """Stretch a fax-like page whose two resolutions (dpi) differ, so that a square is a square."""
    told = 1 < horizontal < math.inf and 1 < vertical < math.inf
    if not told or abs(horizontal / vertical - 1) < 0.1:
        return pixels
    top = max(horizontal, vertical)
    size = (round(pixels.shape[1] * top / horizontal), round(pixels.shape[0] * top / vertical))
    check_size(*size)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def quantile(values: NDArray[Any], share: float, axis: int | None = None) -> NDArray[Any]:
    """The value below which `share` (0 to 1) of the values lie, along `axis` or of all; the nearest, not between.

    Several times quicker on small arrays than numpy's own, which a page asks for some two hundred times.
    """
    if axis is None:
        values, axis = values.ravel(), 0
    at = round(share * (values.shape[axis] - 1))
    return np.asarray(np.partition(values, at, axis=axis).take(at, axis=axis))


def darkest(pixels: Pixels) -> Pixels:
    """Grey from the darkest of R, G and B, so that a red or a green pen does not vanish."""
    if pixels.ndim == 2:
        return pixels
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
