"""Pages of a PDF as pictures: a page that is one image from its own stream, any other rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from consentdesk.scanning.pictures import Pixels, check_size, decode_jpeg, jpeg_size, plain, square
from consentdesk.scanning.scan_file import MAX_PIXELS, MAX_STREAM, PageProblem

RENDER_DPI: Final = 200
"""The resolution that a drawn page is rendered at; one made of pictures uses theirs, from 150 to 300."""
_DARK_PAGE: Final = 110
"""A page darker than this on average may be a negative, so its polarity is compared with a thumbnail render."""
_END_OF_BLOCK: Final = 0x001001
"""The 24 bits that close a group 4 stream (ITU-T T.6)."""


def opened(untrusted_path: Path) -> pdfium.PdfDocument:
    """The open document. Raises `PageProblem` where it is encrypted, cut short or no PDF at all."""
    try:
        with untrusted_path.open("rb") as file:
            file.seek(max(0, untrusted_path.stat().st_size - 2048))
            # PDFium mends a file without an end by dropping pages; a dropped page would be a lost slip.
            if b"%%EOF" not in file.read():
                raise PageProblem("cut-short")
        document = pdfium.PdfDocument(untrusted_path)
        len(document)
    except pdfium.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        raise PageProblem("encrypted" if encrypted else "cut-short") from error
    except OSError as error:
        raise PageProblem("gone") from error
    return document


def load(document: pdfium.PdfDocument, number: int) -> Pixels:
    """The picture of page `number` (from 1). Raises `PageProblem`."""
    try:
        page = document[number - 1]
        try:
            return _picture(page)
        finally:
            page.close()
    except (pdfium.PdfiumError, IndexError, UnicodeError) as error:
        # The names of a broken page's filters may be no text at all.
        raise PageProblem("cannot-decode") from error


def _picture(page: pdfium.PdfPage) -> Pixels:
    images: list[pdfium.PdfImage] = []
    drawn = False
    for item in page.get_objects(max_depth=4):
        if isinstance(item, pdfium.PdfImage):
            check_size(*item.get_px_size())
            images.append(item)
        elif item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            # An invisible text layer, as OCR leaves it, does not count as drawn.
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
            drawn = drawn or mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        elif item.type != pdfium_c.FPDF_PAGEOBJ_FORM:
            drawn = True
    # One inside a form object does not know how the form is placed: that is left to the renderer.
    if len(images) == 1 and not drawn and images[0].level == 0 and _covers(images[0], page):
        pixels = _own_picture(images[0])
        if pixels is not None:
            turned = _turned(pixels, images[0].get_matrix(), page.get_rotation())
            if turned is not None:
                return _right_polarity(turned, page)
    for image in images:
        stream = _jpeg_stream(image)
        if stream is not None:
            # The renderer shows half a picture without a word, so each is decoded whole first.
            decode_jpeg(stream, turn=False)
        else:
            _check_whole(image)
    return _render(page, _best_dpi(images, drawn))


def _jpeg_stream(image: pdfium.PdfImage) -> bytes | None:
    """The image's JPEG file, where its stream is one; plain filters around it are undone."""
    if pdfium_c.FPDFImageObj_GetImageDataRaw(image, None, 0) > MAX_STREAM:
        raise PageProblem("huge-page")
    filters = list(image.get_filters())
    if not filters or filters[-1] != "DCTDecode":
        return None
    return bytes(image.get_data(decode_simple=len(filters) > 1))


def _covers(image: pdfium.PdfImage, page: pdfium.PdfPage) -> bool:
    """Whether the image fills most of the page in either direction, so that it is all there is to see."""
    left, bottom, right, top = image.get_bounds()
    box = page.get_mediabox()
    return bool((right - left) >= 0.6 * (box[2] - box[0]) and (top - bottom) >= 0.6 * (box[3] - box[1]))


def _own_picture(image: pdfium.PdfImage) -> Pixels | None:
    """The image decoded from its own stream; None where it must be rendered (four inks)."""
    stream = _jpeg_stream(image)
    if stream is not None:
        pixels = decode_jpeg(stream, turn=False)
        return None if jpeg_size(stream)[2] == 4 else pixels
    _check_whole(image)
    return _bitmap(image)


def _bitmap(image: pdfium.PdfImage) -> Pixels:
    bitmap = image.get_bitmap(render=False)
    # Nothing looks into it any more: its pixels are copied.
    bitmap.warn_on_close = False
    try:
        pixels = bitmap.to_numpy()
        # A fourth channel here is padding, not transparency.
        return plain(pixels[:, :, :3] if pixels.ndim == 3 else pixels).copy()
    finally:
        bitmap.close()


def _check_whole(image: pdfium.PdfImage) -> None:
    """Refuse an image, other than a JPEG, whose stream ends too early: what is missing would be shown black."""
    if not image.get_filters(skip_simple=True):
        told = image.get_metadata()
        row = (told.width * told.bits_per_pixel + 7) // 8
        if pdfium_c.FPDFImageObj_GetImageDataDecoded(image, None, 0) < row * told.height:
            raise PageProblem("cut-image")
    elif image.get_filters()[-1] == "CCITTFaxDecode":
        stream = bytes(image.get_data(decode_simple=True)).rstrip(b"\0")
        tail = int.from_bytes(stream[-4:], "big")
        closed = tail and (tail // (tail & -tail)) & 0xFFFFFF == _END_OF_BLOCK
        if not closed and not _bitmap(image)[-1].any():
            raise PageProblem("cut-image")


def _turned(pixels: Pixels, matrix: pdfium.PdfMatrix, rotation: int) -> Pixels | None:
    """The stored picture as the page shows it; None where it is placed at an odd angle."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    if abs(b) + abs(c) <= 0.02 * (abs(a) + abs(d)):
        pixels = pixels if a > 0 else pixels[:, ::-1]
        pixels = pixels if d > 0 else pixels[::-1]
        across, down = abs(a), abs(d)
    elif abs(a) + abs(d) <= 0.02 * (abs(b) + abs(c)):
        # x on the page comes from the picture's rows and y from its columns; rows run downwards.
        pixels = pixels.transpose(1, 0, *range(2, pixels.ndim))[::-1, ::-1]
        pixels = pixels if c > 0 else pixels[:, ::-1]
        pixels = pixels if b > 0 else pixels[::-1]
        across, down = abs(c), abs(b)
    else:
        return None
    if not across or not down:
        return None
    pixels = np.ascontiguousarray(np.rot90(pixels, -rotation // 90 % 4))
    if rotation % 180:
        across, down = down, across
    return square(pixels, pixels.shape[1] / across * 72, pixels.shape[0] / down * 72)


def _right_polarity(pixels: Pixels, page: pdfium.PdfPage) -> Pixels:
    """A stencil or a negative is stored dark on bright the other way round; the renderer knows."""
    step = max(1, min(pixels.shape[:2]) // 100)
    sample = pixels[::step, ::step]
    if float(sample.mean()) >= _DARK_PAGE:
        return pixels
    width, height = page.get_size()
    thumbnail = _rendered(page, 64 / max(width, height))
    small = cv2.resize(pixels, (thumbnail.shape[1], thumbnail.shape[0]), interpolation=cv2.INTER_AREA)
    grey = small if small.ndim == 2 else small.mean(axis=2)
    shown = thumbnail.mean(axis=2)
    as_is, inverted = np.abs(grey - shown).mean(), np.abs(255 - grey - shown).mean()
    return pixels if as_is <= inverted else 255 - pixels


def _best_dpi(images: list[pdfium.PdfImage], drawn: bool) -> float:
    found = []
    for image in images:
        left, bottom, right, top = image.get_bounds()
        across, down = image.get_px_size()
        if right > left and top > bottom:
            found.append(72 * max(across / (right - left), down / (top - bottom)))
    if not found:
        return RENDER_DPI
    return float(max(min(max(found), 300), RENDER_DPI if drawn else 150))


def _render(page: pdfium.PdfPage, dpi: float) -> Pixels:
    width, height = page.get_size()
    scale = dpi / 72
    if width * height * scale * scale > MAX_PIXELS:
        # A poster, or a page whose stated size is nonsense: as sharp as the limit allows.
        scale = (MAX_PIXELS / 4 / (width * height)) ** 0.5
    return _rendered(page, scale)


def _rendered(page: pdfium.PdfPage, scale: float) -> Pixels:
    bitmap = page.render(scale=scale, rev_byteorder=False, may_draw_forms=False)
    try:
        pixels = bitmap.to_numpy()
        return np.ascontiguousarray(pixels[:, :, :3] if pixels.ndim == 3 else pixels).copy()
    finally:
        bitmap.close()
