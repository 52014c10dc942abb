"""Broken scan files: whole ones of every kind, what is done to their bytes, and files made to do harm."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from consentdesk.printing.locked import encrypted
from consentdesk.scanning.rehearsal.files import write_jpeg, write_tiff
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from tests.scanning.made_up import MM_PER_INCH, Version
from tests.scanning.odd_files import (
    flate_image,
    huge_jpeg,
    huge_png,
    huge_tiff,
    image,
    jpeg,
    pdf_of,
    pillow,
    stencil,
    stream,
    tiff_of,
)

Raster = NDArray[np.uint8]

_DPI: Final = 110
_SMALL: Final = (260, 190)
"""Height and width of the small pictures: most of what breaks a decoder stands in the first bytes."""


class Whole(NamedTuple):
    """Whole files by their kind: `small` ones, quick to read, and `pages` with a slip on them."""

    small: dict[str, bytes]
    pages: dict[str, bytes]


def whole_files(version: Version) -> Whole:
    """One file of each kind that scanners, phones and drawing programs write; every third shows a slip's code."""
    height, width = _SMALL
    page = version.page(dpi=_DPI)
    code = version.layout.codes[0]
    left, top = (max(0, round((edge - 3) * _DPI / MM_PER_INCH)) for edge in (code.x0, code.y0))
    left, top = min(left, page.shape[1] - width), min(top, page.shape[0] - height)
    part = page[top : top + height, left : left + width].copy()
    text = page[height // 4 : height // 4 + height, width // 3 : width // 3 + width].copy()
    colour = np.ascontiguousarray(np.dstack([text, text, np.maximum(text, 90)]))
    bits = np.where(text > 140, 255, 0).astype(np.uint8)
    small = {
        "jpeg": jpeg(part),
        "jpeg progressive": jpeg(colour, progressive=True),
        "jpeg cmyk": pillow(colour, "JPEG", "CMYK"),
        "png": pillow(text, "PNG"),
        "png rgba": pillow(colour, "PNG", "RGBA"),
        "png palette": pillow(colour, "PNG", "P"),
        "png one-bit": pillow(bits, "PNG", "1"),
        "png 16-bit": cv2.imencode(".png", text.astype(np.uint16) * 257)[1].tobytes(),
        "tiff plain": pillow(text, "TIFF"),
        "tiff jpeg": pillow(colour, "TIFF", "RGB", compression="jpeg"),
        "tiff packbits": pillow(bits, "TIFF", "1", compression="packbits"),
        "pdf mask": pdf_of([(_SHOWN, [stencil(255 - bits)])], size=_POINTS),
        "pdf two images": pdf_of([(_SHOWN + " " + _SHOWN, [flate_image(text)])] * 2, size=_POINTS),
        "pdf drawn": pdf_of(
            [("BT /F 24 Tf 20 20 Td (Yes or No) Tj ET 5 5 90 90 re S", [])] * 2, size=_POINTS
        ),
    }
    grey, one_bit = Scan(part, _DPI), Scan(bits, _DPI, one_bit=True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "whole"
        styles = {
            "pdf jpeg": ([grey, grey], PdfStyle()),
            "pdf flate": ([grey], PdfStyle(flate=True, rotate=90)),
            "pdf g4": ([one_bit, one_bit], PdfStyle(negative=True)),
            "pdf strips": ([Scan(colour, _DPI)], PdfStyle(strips=3, turned=True)),
        }
        for name, (scans, style) in styles.items():
            write_pdf(scans, path, style)
            small[name] = path.read_bytes()
        small["pdf encrypted"] = encrypted(small["pdf flate"], "made up")
        for name, scans in {"tiff lzw": [grey, grey], "tiff g4": [one_bit] * 3}.items():
            write_tiff(scans, path)
            small[name] = path.read_bytes()
        write_jpeg(grey, path, orientation=6)
        small["jpeg turned"] = path.read_bytes()
        write_pdf([Scan(page, _DPI)], path)
        pages = {"page pdf": path.read_bytes(), "page jpeg": jpeg(page), "page png": pillow(page, "PNG")}
    with pdfium.PdfDocument(version.pdf) as document, pdfium.PdfDocument.new() as first:
        first.import_pages(document, [0])
        kept = io.BytesIO()
        first.save(kept)
        pages["page drawn"] = kept.getvalue()
    return Whole(small, pages)


_POINTS: Final = (190.0, 260.0)
_SHOWN: Final = "q 190 0 0 260 0 0 cm /Im0 Do Q"


# What is done to bytes

_EXTREME: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def _flipped(data: bytearray, chance: Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 5, 20, 200))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _flipped_in_head(data: bytearray, chance: Random) -> None:
    for _ in range(chance.choice((1, 2, 4))):
        data[chance.randrange(min(400, len(data)))] = chance.randrange(256)


def _cut(data: bytearray, chance: Random) -> None:
    del data[chance.randrange(len(data)) :]


def _cut_and_filled(data: bytearray, chance: Random) -> None:
    _cut(data, chance)
    data += chance.randbytes(chance.randrange(400))


def _lied(data: bytearray, chance: Random) -> None:
    """A length, count or offset that says something else: binary, or in PDF a number of decimal digits."""
    digits = [at for at in range(len(data)) if 48 <= data[at] < 58] if data[:5] == b"%PDF-" else []
    if digits and chance.random() < 0.8:
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.choice(digits)
            data[at : at + 1] = str(chance.choice((*range(10), 99, 65536, 2**31, 2**63))).encode()
            digits = [at for at in digits if at < len(data) and 48 <= data[at] < 58] or [0]
        return
    form = chance.choice(("<H", ">H", "<I", ">I"))
    at = chance.randrange(max(1, min(len(data) - 4, 600)))
    size = struct.calcsize(form)
    data[at : at + size] = struct.pack(form, chance.choice(_EXTREME) & (256**size - 1))


def _without_a_part(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 200)]


def _repeated(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(1, 400)]
    data[start:start] = part * chance.choice((1, 2, 30))


def _blanked(data: bytearray, chance: Random) -> None:
    start = chance.randrange(len(data))
    size = min(len(data) - start, chance.randrange(1, 300))
    data[start : start + size] = bytes([chance.choice((0, 255, 32))]) * size


CHANGES: Final[dict[str, Callable[[bytearray, Random], None]]] = {
    "flipped": _flipped,
    "flipped in its head": _flipped_in_head,
    "cut": _cut,
    "cut and filled": _cut_and_filled,
    "lied": _lied,
    "without a part": _without_a_part,
    "repeated": _repeated,
    "blanked": _blanked,
}
_TOKENS: Final = (
    b"%PDF-", b"II*\0", b"MM\0*", b"II+\0", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"<svg", b"",
)  # fmt: skip


def broken(whole: dict[str, bytes], chance: Random) -> tuple[str, bytes]:
    """A file with something done to it, and what: its kind, and the change."""
    name = chance.choice(list(whole))
    data = bytearray(whole[name])
    way = chance.random()
    if way < 0.05:
        head = chance.choice(_TOKENS)
        data[: max(3, len(head))] = head
        return "swapped header", bytes(data)
    if way < 0.1:
        other = whole[chance.choice(list(whole))]
        data[chance.randrange(len(data)) :] = other[chance.randrange(len(other)) :]
        return "spliced", bytes(data)
    change = chance.choice(list(CHANGES))
    for _ in range(chance.choice((1, 1, 2))):
        if data:
            CHANGES[change](data, chance)
    return change, bytes(data)


# Files made to do harm


def _pdf_of_objects(*bodies: bytes) -> bytes:
    """A PDF of these objects without a table of where they are: readers find them by searching."""
    objects = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(bodies, start=1)
    )
    return b"%PDF-1.4\n" + objects + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def _loop_of_pages(chance: Random) -> bytes:
    return _pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [2 0 R 2 0 R] /Parent 2 0 R >>"
        % chance.choice((1, 3, 2000, 10**9)),
    )


def _drawing(content: bytes, extra: bytes = b"", size: int = 600) -> bytes:
    return _pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources 5 0 R >>"
        % (size, size),
        stream(content),
        b"<< /XObject << /X 6 0 R >> /Pattern << /P 6 0 R >> >>",
        extra or b"null",
    )


def _draws_itself(chance: Random) -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    return _drawing(b"/X Do", stream(b"/X Do " * chance.randrange(1, 9), form.decode()))


def _tiled(chance: Random) -> bytes:
    """A pattern of tiny tiles over a large page: the renderer would be at it for minutes."""
    step = chance.choice((0.01, 0.05, 0.5))
    tile = (
        f"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep {step} /YStep {step}"
        " /Resources << >>"
    )
    return _drawing(b"/Pattern cs /P scn 0 0 600 600 re f", stream(b"0 0 5 5 re S " * 40, tile))


def _inflating(chance: Random) -> bytes:
    """A page's image, small by its own word, that inflates to some hundred megabytes."""
    packed = zlib.compress(bytes(1 << 20))[2:-4]
    data = zlib.compress(bytes(chance.choice((20, 120)) << 20), 1) if chance.random() < 0.5 else packed * 60
    entries = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    return pdf_of([(_SHOWN, [image(*chance.choice(((9, 9), (7000, 8000))), data, entries)])], size=_POINTS)


def _many_pages(chance: Random) -> bytes:
    count = chance.choice((1999, 2001, 70_000))
    return tiff_of([{256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 278: 8, 279: 64}] * count)


def _circle_of_directories(chance: Random) -> bytes:
    data = bytearray(tiff_of([{256: 8, 257: 8, 258: 8, 262: 1, 273: 8, 279: 64}] * 3))
    data[-4:] = struct.pack("<I", chance.choice((8, 0xFFFFFFFF, 9)))
    return bytes(data)


def _scans_without_end(chance: Random) -> bytes:
    """A progressive JPEG whose scans are given again and again."""
    data = jpeg(np.full((64, 64), 200, np.uint8), progressive=True)
    scans = data[data.index(b"\xff\xda") : -2]
    return data[:-2] + scans * chance.choice((10, 400)) + data[-2:]


def _nearly_too_large(chance: Random) -> bytes:
    page = np.zeros((chance.choice((7_700, 8_000)), 7_600), np.uint8)
    kept = io.BytesIO()
    Image.fromarray(page).save(kept, "PNG", compress_level=1)
    return kept.getvalue()


_SIZES: Final = (0, 1, 20_000, 65_535)
BOMBS: Final[dict[str, tuple[float, Callable[[Random], bytes]]]] = {
    "huge png": (9, lambda chance: huge_png(*chance.choices((*_SIZES, 2**31 - 1), k=2))),
    "huge jpeg": (9, lambda chance: huge_jpeg(*chance.choices(_SIZES, k=2))),
    "huge tiff": (9, lambda chance: huge_tiff(*chance.choices((*_SIZES, 2**31 - 1), k=2))),
    "loop of pages": (6, _loop_of_pages),
    "circle of directories": (6, _circle_of_directories),
    "scans without end": (4, _scans_without_end),
    "draws itself": (1, _draws_itself),
    "huge sheet": (4, lambda chance: _drawing(b"0 0 9 9 re f", size=chance.choice((0, 14_400, 10**9)))),
    "nested without end": (
        3,
        lambda chance: _drawing(b"q " * chance.choice((1000, 90_000)) + b"0 0 9 9 re f"),
    ),
    "many pages": (1, _many_pages),
    "inflating": (1, _inflating),
    "nearly too large": (0.6, _nearly_too_large),
    "tiled": (0.3, _tiled),
}
"""How often each comes up beside the others, and what makes it; the last ones cost seconds each."""


def bomb(chance: Random) -> tuple[str, bytes]:
    """A file made to do harm, and its name."""
    name = chance.choices(list(BOMBS), [weight for weight, _ in BOMBS.values()])[0]
    return name, BOMBS[name][1](chance)
