"""Scan files into page pictures: PDF, TIFF, JPEG and PNG, within limits, and never half a picture."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final, cast

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from consentdesk.scanning import pdf_pages
from consentdesk.scanning.pictures import Pixels, check_size, decode_jpeg, decode_png, plain, square
from consentdesk.scanning.scan_file import (
    MAX_PAGES,
    MAX_PIXELS,
    MAX_STREAM,
    SINGLE,
    PageProblem,
    ScanFacts,
    kind_of,
)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_NOT_A_PICTURE = (OSError, EOFError, ValueError, SyntaxError, KeyError, TypeError, struct.error, UserWarning)
"""What Pillow raises over a broken TIFF."""
_PAGES_BETWEEN: Final = 8
"""After so many pages a PDF is opened anew: PDFium holds the streams of all that it was asked for."""
_STRIP_OFFSETS: Final = 273
_STRIP_LENGTHS: Final = 279
_TILE_OFFSETS: Final = 324
_TILE_LENGTHS: Final = 325
_CUT_DIRECTORY: Final = "Corrupt EXIF data|Truncated File Read"
"""How Pillow's warning begins over a page's directory that is not all there."""


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


class LastFile:
    """The scan file that a page was last asked of, kept open, since its other pages follow and to find one from
    the file's beginning takes the longer the more there are.

    Another file, or other bytes under its name, are opened anew.
    """

    def __init__(self) -> None:
        self._state: tuple[Path, int, int] | None = None
        self._document: pdfium.PdfDocument | None = None
        self._picture: TiffImageFile | None = None
        self._pages = 0
        self._open = ExitStack()

    def pdf(self, untrusted_path: Path) -> pdfium.PdfDocument:
        """The open document. Raises `PageProblem`."""
        if self._pages == _PAGES_BETWEEN:
            self.close()
        self._turn_to(untrusted_path)
        if self._document is None:
            self._document = self._open.enter_context(pdf_pages.opened(untrusted_path))
        self._pages += 1
        return self._document

    def tiff(self, untrusted_path: Path) -> TiffImageFile:
        """The open picture. Raises `PageProblem` where the file is gone, else what Pillow does."""
        self._turn_to(untrusted_path)
        if self._picture is None:
            # Given a path it would map the file into memory, and show a turned page that is not packed as a jumble.
            file = self._open.enter_context(untrusted_path.open("rb"))
            opened = self._open.enter_context(Image.open(file, formats=("TIFF",)))
            self._picture = cast("TiffImageFile", opened)
        return self._picture

    def close(self) -> None:
        """Let go of the file."""
        self._state = self._document = self._picture = None
        self._pages = 0
        self._open.close()

    def _turn_to(self, path: Path) -> None:
        try:
            facts = path.stat()
        except OSError as error:
            self.close()
            raise PageProblem("gone") from error
        state = (path, facts.st_size, facts.st_mtime_ns)
        if state != self._state:
            self.close()
            self._state = state


def load(untrusted_path: Path, kind: str, number: int, last: LastFile | None = None) -> Pixels:
    """The picture of page `number` (from 1); a PDF or TIFF stays open in `last`, where one is given.

    Raises `PageProblem` for a page that is cut short, over a limit or beyond decoding; nothing half-decoded
    is ever returned.
    """
    if kind in SINGLE:
        data = _bytes_of(untrusted_path)
        return decode_png(data) if kind == "png" else decode_jpeg(data, turn=True)
    file = last or LastFile()
    try:
        if kind == "pdf":
            return pdf_pages.load(file.pdf(untrusted_path), number)
        return _tiff_page(file, untrusted_path, number - 1)
    except BaseException:
        # What a broken page did to the open file is nobody else's.
        file.close()
        raise
    finally:
        if last is None:
            file.close()


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_STREAM:
            raise PageProblem("huge-page")
        return path.read_bytes()
    except OSError as error:
        raise PageProblem("gone") from error


@contextmanager
def _refused(reason: str) -> Iterator[None]:
    """Turn what Pillow says about a TIFF into a `PageProblem`, which is `reason` unless it is about its size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Pillow only warns, and forgets the pages that come after.
            warnings.filterwarnings("error", _CUT_DIRECTORY, UserWarning)
            yield
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PageProblem("huge-page") from error
    except _NOT_A_PICTURE as error:
        raise PageProblem(reason) from error


def _tiff_pages(path: Path) -> int:
    with closing(LastFile()) as file, _refused("cut-short"):
        return int(getattr(file.tiff(path), "n_frames", 1))


def _check_whole(picture: TiffImageFile, size: int) -> None:
    """Refuse a page whose strips or tiles do not all lie in the file: group 4 and JPEG would be shown in part."""
    tags = picture.tag_v2
    offsets = tags.get(_STRIP_OFFSETS) or tags.get(_TILE_OFFSETS) or ()
    lengths = tags.get(_STRIP_LENGTHS) or tags.get(_TILE_LENGTHS) or ()
    whole = len(offsets) == len(lengths) > 0
    if not whole or any(offset + length > size for offset, length in zip(offsets, lengths, strict=True)):
        raise PageProblem("cut-image")


def _tiff_page(file: LastFile, path: Path, index: int) -> Pixels:
    with _refused("cut-image"):
        picture = file.tiff(path)
        picture.seek(index)
        check_size(*picture.size)
        _check_whole(picture, path.stat().st_size)
        dpi = picture.info.get("dpi") or (1, 1)
        if picture.mode not in ("1", "L", "I;16"):
            pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
        else:
            pixels = np.asarray(picture)
    return square(plain(pixels), float(dpi[0]), float(dpi[1]))
