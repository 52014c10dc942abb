"""Scan files written byte by byte: what no scanner's own library would agree to write."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Raster = NDArray[np.uint8]


# PDF


def pdf_of(
    pages: Sequence[tuple[str, Sequence[bytes]]], *, size: tuple[float, float], rotate: int = 0
) -> bytes:
    """A PDF: each page's content draws its images, numbered /Im0, /Im1 …; `size` is in points."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for content, images in pages:
        first = len(bodies) + 1
        bodies += images
        drawn = " ".join(f"/Im{at} {first + at} 0 R" for at in range(len(images)))
        bodies.append(stream(content.encode("latin-1")))
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} /Resources << "
            f"/XObject << {drawn} >> /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
            f"/Contents {len(bodies)} 0 R >>".encode()
        )
        kids.append(len(bodies))
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    objects = [b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(bodies, start=1)]
    head = b"%PDF-1.4\n"
    places = list(accumulate(map(len, objects), initial=len(head)))
    rows = b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    return (
        head
        + b"".join(objects)
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places), rows)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places), places[-1])
    )


def stream(data: bytes, entries: str = "") -> bytes:
    """The body of a PDF stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def image(width: int, height: int, data: bytes, entries: str) -> bytes:
    """The body of an image object; `entries` says how its data is packed."""
    return stream(data, f"/Type /XObject /Subtype /Image /Width {width} /Height {height} {entries}")


def flate_image(picture: Raster) -> bytes:
    """A grey image packed without loss."""
    height, width = picture.shape
    entries = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    return image(width, height, zlib.compress(picture.tobytes()), entries)


def jpeg_image(picture: Raster, data: bytes | None = None) -> bytes:
    """A grey JPEG image, or `data` in its place."""
    height, width = picture.shape
    entries = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"
    return image(width, height, jpeg(picture) if data is None else data, entries)


def stencil(picture: Raster) -> bytes:
    """The dark parts of a picture as a mask that black is poured through."""
    height, width = picture.shape
    bits = np.packbits(picture > 127, axis=1).tobytes()
    return image(
        width, height, zlib.compress(bits), "/ImageMask true /BitsPerComponent 1 /Filter /FlateDecode"
    )


# Pictures


def jpeg(picture: Raster, *, progressive: bool = False) -> bytes:
    """A JPEG of high quality."""
    wanted = [cv2.IMWRITE_JPEG_QUALITY, 92, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)]
    return cv2.imencode(".jpg", picture, wanted)[1].tobytes()


def pillow(picture: Raster, form: str, mode: str = "L", **options: object) -> bytes:
    """What Pillow writes of a grey or BGR picture in its own `mode`."""
    kept = io.BytesIO()
    plain = Image.fromarray(picture if picture.ndim == 2 else np.ascontiguousarray(picture[:, :, ::-1]))
    told = {"dither": Image.Dither.NONE} if mode == "1" else {}
    plain.convert(mode, **told).save(kept, form, **options)
    return kept.getvalue()


# Headers that promise more than anybody should decode


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def huge_jpeg(width: int, height: int) -> bytes:
    """A real JPEG whose frame header was changed to claim this size."""
    data = bytearray(jpeg(np.full((16, 16), 255, np.uint8)))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def tiff_of(directories: Sequence[dict[int, int]]) -> bytes:
    """A little-endian TIFF of bare directories, each an entry of one 32-bit number by tag; no picture data."""
    data = bytearray(b"II*\0" + struct.pack("<I", 8))
    for number, tags in enumerate(directories, start=1):
        data += struct.pack("<H", len(tags))
        for tag, value in sorted(tags.items()):
            data += struct.pack("<HHII", tag, 4, 1, value)
        data += struct.pack("<I", 0 if number == len(directories) else len(data) + 4)
    return bytes(data)


def huge_tiff(width: int, height: int) -> bytes:
    """A TIFF of one directory that claims to be of this size."""
    return tiff_of([{256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 64}])
