"""PDF as scanners write it, page by page: JPEG, CCITT G4 or Flate images, in strips, turned, in negative."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Literal

import numpy as np
from PIL import Image

from consentdesk.scanning.rehearsal.exposure import through_jpeg
from consentdesk.scanning.rehearsal.pen import Raster, has_colour
from consentdesk.scanning.rehearsal.scanner import Scan

_POINTS_PER_INCH = 72
_CATALOGUE, _PAGES = 1, 2
_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_LENGTHS = 273, 278, 279


@dataclass(frozen=True)
class PdfStyle:
    """How a scanner's maker chose to write PDF; all of them show the scan as it is.

    `flate` packs the pixels without loss; else grey and colour are JPEG, and one-bit is CCITT group 4.
    `strips` is the number of images that a page is cut into. `rotate` is the page's /Rotate in degrees
    clockwise. `turned` stores the image on its side and turns it back by its matrix. `negative` stores
    one-bit images inverted, with /Decode to say so.
    """

    flate: bool = False
    strips: int = 1
    rotate: Literal[0, 90, 180, 270] = 0
    turned: bool = False
    negative: bool = False


def write_pdf(scans: Iterable[Scan], path: Path, style: PdfStyle | None = None) -> int:
    """Write one page a scan, holding one at a time in memory; returns the number of pages.

    The JPEG stream of a scan that is stored whole and upright goes in unchanged. Raises OSError as any
    writing does.
    """
    style = style or PdfStyle()
    with path.open("wb") as file:
        return _write(_Objects(file), scans, style)


@dataclass
class _Objects:
    """Numbered objects written as they come; their places are all that is remembered."""

    file: IO[bytes]
    places: dict[int, int] = field(default_factory=dict)
    last: int = _PAGES

    def add(self, body: bytes, number: int | None = None) -> int:
        if number is None:
            self.last += 1
            number = self.last
        self.places[number] = self.file.tell()
        self.file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def stream(self, data: bytes, entries: str = "") -> int:
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data))


def _write(pdf: _Objects, scans: Iterable[Scan], style: PdfStyle) -> int:
    pdf.file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    kids = [_page(pdf, scanned, style) for scanned in scans]
    pdf.add(b"<< /Type /Catalog /Pages %d 0 R >>" % _PAGES, _CATALOGUE)
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    pdf.add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed), _PAGES)
    start = pdf.file.tell()
    count = pdf.last + 1
    rows = b"".join(b"%010d 00000 n \n" % pdf.places[number] for number in range(1, count))
    pdf.file.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows))
    pdf.file.write(
        b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, _CATALOGUE, start)
    )
    return len(kids)


def _page(pdf: _Objects, scanned: Scan, style: PdfStyle) -> int:
    laid = np.rot90(scanned.image, style.rotate // 90)
    width, height = (side / scanned.dpi * _POINTS_PER_INCH for side in (laid.shape[1], laid.shape[0]))
    stored = np.rot90(laid) if style.turned else laid
    upright = not (style.turned or style.rotate)
    matrix = (
        f"0 {-height:.4f} {width:.4f} 0 0 {height:.4f}"
        if style.turned
        else f"{width:.4f} 0 0 {height:.4f} 0 0"
    )

    images, drawing = [], [f"q {matrix} cm"]
    for number, (strip, top, bottom) in enumerate(_strips(stored, style.strips)):
        kept = scanned.jpeg if upright and style.strips == 1 else None
        images.append(f"/Im{number} {_image(pdf, strip, scanned.one_bit, kept, style)} 0 R")
        share = (bottom - top) / stored.shape[0]
        drawing.append(f"q 1 0 0 {share:.8f} 0 {1 - bottom / stored.shape[0]:.8f} cm /Im{number} Do Q")
    content = pdf.stream("\n".join([*drawing, "Q"]).encode())
    return pdf.add(
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width:.4f} {height:.4f}] "
        f"/Rotate {style.rotate} /Resources << /XObject << {' '.join(images)} >> >> /Contents {content} 0 R >>".encode()
    )


def _strips(stored: Raster, count: int) -> Iterator[tuple[Raster, int, int]]:
    """`stored` in `count` parts from the top, with their first row and the row after their last."""
    cuts = np.linspace(0, stored.shape[0], count + 1).astype(int).tolist()
    for top, bottom in pairwise(cuts):
        yield np.ascontiguousarray(stored[top:bottom]), top, bottom


def _image(pdf: _Objects, pixels: Raster, one_bit: bool, jpeg: bytes | None, style: PdfStyle) -> int:
    height, width = pixels.shape[:2]
    colours = "/DeviceRGB" if has_colour(pixels) else "/DeviceGray"
    depth = 1 if one_bit else 8
    entries = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} "
        f"/ColorSpace {colours} /BitsPerComponent {depth}"
    )
    if one_bit and style.negative:
        pixels = 255 - pixels
        entries += " /Decode [1 0]"
    if style.flate:
        rgb = pixels[:, :, ::-1] if has_colour(pixels) else pixels
        raw = np.packbits(pixels > 0, axis=1) if one_bit else rgb
        return pdf.stream(zlib.compress(raw.tobytes(), 6), f"{entries} /Filter /FlateDecode")
    if one_bit:
        parms = f"/DecodeParms << /K -1 /Columns {width} /Rows {height} >>"
        return pdf.stream(_group4(pixels), f"{entries} /Filter /CCITTFaxDecode {parms}")
    data = jpeg if jpeg is not None else through_jpeg(pixels, 75)[0]
    return pdf.stream(data, f"{entries} /Filter /DCTDecode")


def _group4(pixels: Raster) -> bytes:
    """`pixels` (0 black, 255 white) as a bare group 4 stream, black runs being black: PDF's default polarity.

    Pillow writes white as 1, which group 4 codes as black, so it is given the negative.
    """
    kept = io.BytesIO()
    ink = Image.fromarray(255 - pixels).convert("1", dither=Image.Dither.NONE)
    ink.save(kept, format="TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: pixels.shape[0]})
    with Image.open(kept) as tiff:
        tags = tiff.getexif()
        offset, length = tags[_STRIP_OFFSETS], tags[_STRIP_LENGTHS]
    return kept.getvalue()[offset : offset + length]
