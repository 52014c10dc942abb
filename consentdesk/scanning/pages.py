"""Scan files into page pictures: PDF, TIFF, JPEG and PNG, within limits, and never half a picture."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from consentdesk.scanning import pdf_pages
from consentdesk.scanning.pictures import (
    MAX_FILE,
    MAX_PAGES,
    MAX_PIXELS,
    MAX_STREAM,
    PageProblem,
    Pixels,
    check_size,
    decode_jpeg,
    decode_png,
    plain,
    square,
)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_NOT_A_PICTURE = (OSError, EOFError, ValueError, SyntaxError, KeyError, TypeError, struct.error, UserWarning)
"""What Pillow raises over a broken TIFF."""
_STRIP_OFFSETS: Final = 273
_STRIP_LENGTHS: Final = 279
_TILE_OFFSETS: Final = 324
_TILE_LENGTHS: Final = 325
_CUT_DIRECTORY: Final = "Corrupt EXIF data|Truncated File Read"
"""How Pillow's warning begins over a page's directory that is not all there."""


@dataclass(frozen=True)
class ScanFacts:
    """A scan file at a glance: how many pages, and `pdf`, `tiff`, `jpeg` or `png`."""

    pages: int
    kind: str


def kind_of(untrusted_path: Path) -> str:
    """What the first bytes say the file is: `pdf`, `tiff`, `jpeg` or `png`. Raises `PageProblem`."""
    try:
        size = untrusted_path.stat().st_size
        with untrusted_path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise PageProblem("gone") from error
    if size == 0:
        raise PageProblem("empty-file")
    if size > MAX_FILE:
        raise PageProblem("too-large")
    if b"%PDF-" in head:
        return "pdf"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    raise PageProblem("not-a-scan")


def facts(untrusted_path: Path) -> ScanFacts:
    """Look at a scan file without decoding a page. Raises `PageProblem`."""
    kind = kind_of(untrusted_path)
    count = 1
    if kind == "pdf":
        with pdf_pages.opened(untrusted_path) as document:
            count = len(document)
    elif kind == "tiff":
        count = _tiff_pages(untrusted_path)
    if count == 0:
        raise PageProblem("no-pages")
    if count > MAX_PAGES:
        raise PageProblem("too-many-pages")
    return ScanFacts(count, kind)


def load(untrusted_path: Path, kind: str, number: int) -> Pixels:
    """The picture of page `number` (from 1).

    Raises `PageProblem` for a page that is cut short, over a limit or beyond decoding; nothing half-decoded
    is ever returned.
    """
    if kind == "pdf":
        return pdf_pages.load(untrusted_path, number)
    if kind == "tiff":
        return _tiff_page(untrusted_path, number - 1)
    if untrusted_path.stat().st_size > MAX_STREAM:
        raise PageProblem("huge-page")
    data = untrusted_path.read_bytes()
    return decode_png(data) if kind == "png" else decode_jpeg(data, turn=True)


@contextmanager
def _opened_tiff(path: Path) -> Iterator[TiffImageFile]:
    """The open TIFF. Raises what Pillow does, and `UserWarning` where a page's directory is cut short."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Pillow only warns, and forgets the pages that come after.
        warnings.filterwarnings("error", _CUT_DIRECTORY, UserWarning)
        # Given a path it would map the file into memory, and show a turned page that is not packed as a jumble.
        with path.open("rb") as file, Image.open(file, formats=("TIFF",)) as picture:
            yield cast("TiffImageFile", picture)


def _tiff_pages(path: Path) -> int:
    try:
        with _opened_tiff(path) as picture:
            return int(getattr(picture, "n_frames", 1))
    except Image.DecompressionBombError as error:
        raise PageProblem("huge-page") from error
    except _NOT_A_PICTURE as error:
        raise PageProblem("cut-short") from error


def _check_whole(picture: TiffImageFile, size: int) -> None:
    """Refuse a page whose strips or tiles do not all lie in the file: group 4 and JPEG would be shown in part."""
    tags = picture.tag_v2
    offsets = tags.get(_STRIP_OFFSETS) or tags.get(_TILE_OFFSETS) or ()
    lengths = tags.get(_STRIP_LENGTHS) or tags.get(_TILE_LENGTHS) or ()
    whole = len(offsets) == len(lengths) > 0
    if not whole or any(offset + length > size for offset, length in zip(offsets, lengths, strict=True)):
        raise PageProblem("cut-image")


def _tiff_page(path: Path, index: int) -> Pixels:
    try:
        with _opened_tiff(path) as picture:
            picture.seek(index)
            check_size(*picture.size)
            _check_whole(picture, path.stat().st_size)
            dpi = picture.info.get("dpi") or (1, 1)
            if picture.mode not in ("1", "L", "I;16"):
                pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
            else:
                pixels = np.asarray(picture)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PageProblem("huge-page") from error
    except _NOT_A_PICTURE as error:
        raise PageProblem("cut-image") from error
    return square(plain(pixels), float(dpi[0]), float(dpi[1]))
