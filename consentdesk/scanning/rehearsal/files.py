"""Scans as files: multi-page TIFF, JPEG and PNG with their resolution, as scanners and phones leave them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import AppendingTiffWriter

from consentdesk.scanning.rehearsal.exposure import through_jpeg
from consentdesk.scanning.rehearsal.pen import Raster, has_colour
from consentdesk.scanning.rehearsal.scanner import Scan

_ORIENTATION_TAG = 0x0112
_TURNS = {1: 0, 6: 1, 3: 2, 8: 3}
"""EXIF orientation to the quarter turns clockwise that show the picture upright."""


def write_tiff(scans: Iterable[Scan], path: Path, compression: Literal["lzw", "deflate"] = "lzw") -> int:
    """Write a page a scan, one in memory at a time, one-bit ones as group 4; returns the number of pages."""
    count = 0
    with path.open("w+b") as file, AppendingTiffWriter(file) as tiff:
        for scanned in scans:
            page, packing = (
                _picture(scanned.image),
                "tiff_lzw" if compression == "lzw" else "tiff_adobe_deflate",
            )
            if scanned.one_bit:
                page, packing = page.convert("1", dither=Image.Dither.NONE), "group4"
            page.save(tiff, format="TIFF", compression=packing, dpi=(scanned.dpi, scanned.dpi))
            tiff.newFrame()
            count += 1
    return count


def write_jpeg(scanned: Scan, path: Path, *, orientation: Literal[1, 3, 6, 8] = 1, quality: int = 85) -> None:
    """Write a JPEG with its resolution; the scan's own stream where it has one and lies upright.

    With an EXIF `orientation` other than 1 the picture is stored turned, as by a phone held sideways, and a
    viewer that obeys the tag shows the scan as it is.
    """
    turned = np.ascontiguousarray(np.rot90(scanned.image, _TURNS[orientation]))
    keep = scanned.jpeg is not None and orientation == 1
    stream = scanned.jpeg if keep and scanned.jpeg else through_jpeg(turned, quality)[0]
    # OpenCV writes a JFIF header: marker, length, "JFIF", version, and from byte 13 unit and densities.
    header = stream[:13] + struct.pack(">BHH", 1, scanned.dpi, scanned.dpi) + stream[18:20]
    exif = Image.Exif()
    exif[_ORIENTATION_TAG] = orientation
    told = exif.tobytes() if orientation != 1 else b""
    block = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told if told else b""
    path.write_bytes(header + block + stream[20:])


def write_png(scanned: Scan, path: Path) -> None:
    """Write a PNG with its resolution; one bit a pixel where the scan is one-bit."""
    picture = _picture(scanned.image)
    if scanned.one_bit:
        picture = picture.convert("1", dither=Image.Dither.NONE)
    picture.save(path, format="PNG", dpi=(scanned.dpi, scanned.dpi))


def _picture(image: Raster) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]) if has_colour(image) else image)
