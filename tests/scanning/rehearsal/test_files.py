"""Scan files: each opens with the right pages, sizes and pixels, and is written a page at a time."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image, ImageOps

from consentdesk.scanning.rehearsal.files import write_jpeg, write_png, write_tiff
from consentdesk.scanning.rehearsal.levels import Mode
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan, Setting, scan
from consentdesk.scanning.rehearsal.strangers import letter_page

DPI = 50
STYLES = [
    PdfStyle(flate=flate, strips=strips, rotate=rotate, turned=turned, negative=negative)
    for flate, strips, (rotate, turned, negative) in product(
        (False, True), (1, 3), ((0, False, False), (90, False, True), (180, True, False), (270, True, True))
    )
]


def page(mode: Mode, seed: int = 0) -> Scan:
    rng = np.random.default_rng(seed)
    letter = np.repeat(letter_page(rng, DPI)[:, :, None], 3, axis=2)
    letter[100:160, 40:90] = (40, 90, 220)
    return scan(letter, DPI, "clean", rng, Setting(mode=mode))


@pytest.fixture(scope="module")
def scans() -> list[Scan]:
    return [page("grey"), page("colour"), page("one-bit")]


def rendered(path: Path, number: int, like: Scan) -> np.ndarray:
    document = pdfium.PdfDocument(path)
    try:
        bitmap = document[number].render(scale=like.dpi / 72, grayscale=like.image.ndim == 2)
        seen = np.array(bitmap.to_numpy())
    finally:
        document.close()
    return seen[:, :, 0] if like.image.ndim == 2 and seen.ndim == 3 else seen


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_pdf_shows_every_scan_as_it_is(style: PdfStyle, scans: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    assert write_pdf(scans, path, style) == 3
    document = pdfium.PdfDocument(path)
    try:
        assert len(document) == 3
        assert document[0].get_rotation() == style.rotate
        for number, like in enumerate(scans):
            height, width = like.image.shape[:2]
            assert document[number].get_size() == pytest.approx(
                (width * 72 / DPI, height * 72 / DPI), abs=0.01
            )
            images = [item for item in document[number].get_objects() if isinstance(item, pdfium.PdfImage)]
            assert len(images) == style.strips
    finally:
        document.close()
    for number, like in enumerate(scans):
        seen = rendered(path, number, like)
        height, width = (min(a, b) for a, b in zip(seen.shape[:2], like.image.shape[:2], strict=True))
        # A renderer may blend neighbours where a page ends within a pixel: compare what is soft enough.
        coarse = [
            part[: height // 8 * 8, : width // 8 * 8].astype(float).reshape(height // 8, 8, width // 8, 8, -1)
            for part in (seen, like.image)
        ]
        apart = np.abs(coarse[0].mean(axis=(1, 3)) - coarse[1].mean(axis=(1, 3)))
        assert apart.mean() < 4


@pytest.mark.parametrize(
    ("style", "filters"),
    [
        (PdfStyle(), ["DCTDecode", "DCTDecode", "CCITTFaxDecode"]),
        (PdfStyle(flate=True), ["FlateDecode"] * 3),
        (PdfStyle(turned=True, negative=True), ["DCTDecode", "DCTDecode", "CCITTFaxDecode"]),
    ],
)
def test_pdf_images_are_packed_as_scanners_pack_them(
    style: PdfStyle, filters: list[str], scans: list[Scan], tmp_path: Path
) -> None:
    path = tmp_path / "scans.pdf"
    write_pdf(scans, path, style)
    document = pdfium.PdfDocument(path)
    try:
        for number, name in enumerate(filters):
            (image,) = document[number].get_objects()
            assert image.get_filters() == [name]
    finally:
        document.close()


def test_the_jpeg_stream_goes_in_unchanged(scans: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    write_pdf(scans[:1], path)
    document = pdfium.PdfDocument(path)
    try:
        (image,) = document[0].get_objects()
        size = pdfium_c.FPDFImageObj_GetImageDataRaw(image, None, 0)
        raw = (ctypes.c_ubyte * size)()
        pdfium_c.FPDFImageObj_GetImageDataRaw(image, raw, size)
    finally:
        document.close()
    assert bytes(raw) == scans[0].jpeg


def test_one_bit_pixels_survive_group_4_to_the_last(scans: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "scans.pdf"
    for negative in (False, True):
        write_pdf(scans[2:], path, PdfStyle(negative=negative))
        document = pdfium.PdfDocument(path)
        try:
            (image,) = document[0].get_objects()
            seen = image.get_bitmap().to_numpy().copy()
        finally:
            document.close()
        grey = seen if seen.ndim == 2 else seen[:, :, 0]
        assert np.array_equal(grey > 127, scans[2].image > 127)


@pytest.mark.parametrize("compression", ["lzw", "deflate"])
def test_tiff_keeps_pages_pixels_and_resolution(compression: str, scans: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "scans.tif"
    assert write_tiff(scans, path, compression) == 3
    with Image.open(path) as tiff:
        assert tiff.n_frames == 3
        for number, like in enumerate(scans):
            tiff.seek(number)
            assert tiff.info["dpi"] == (DPI, DPI)
            assert (tiff.info["compression"] == "group4") == like.one_bit
            want = like.image if like.image.ndim == 2 else like.image[:, :, ::-1]
            seen = np.asarray(tiff.convert("L") if like.image.ndim == 2 else tiff)
            assert np.array_equal(seen, want)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_jpeg_says_its_resolution_and_how_to_hold_it(
    orientation: int, scans: list[Scan], tmp_path: Path
) -> None:
    path = tmp_path / "photo.jpg"
    write_jpeg(scans[1], path, orientation=orientation)
    with Image.open(path) as photo:
        assert photo.info["dpi"] == (DPI, DPI)
        upright = ImageOps.exif_transpose(photo)
        seen = np.asarray(upright)[:, :, ::-1].astype(int)
    assert seen.shape == scans[1].image.shape
    assert np.abs(seen - scans[1].image).mean() < 4


def test_png_is_exact(scans: list[Scan], tmp_path: Path) -> None:
    for number, like in enumerate(scans):
        path = tmp_path / f"{number}.png"
        write_png(like, path)
        with Image.open(path) as png:
            assert png.mode == ("1" if like.one_bit else "L" if like.image.ndim == 2 else "RGB")
            assert png.info["dpi"] == pytest.approx((DPI, DPI), abs=0.02)
            seen = np.asarray(png.convert("L") if like.image.ndim == 2 else png)
        assert np.array_equal(seen, like.image if like.image.ndim == 2 else like.image[:, :, ::-1])


@pytest.mark.parametrize("writer", [write_pdf, write_tiff])
def test_pages_are_let_go_as_soon_as_they_are_written(writer, tmp_path: Path) -> None:
    """A thousand pages must not lie in memory together: never more than two are alive at once."""
    alive: list[int] = []
    held = 0

    def gone() -> None:
        nonlocal held
        held -= 1

    def pages() -> Iterator[Scan]:
        nonlocal held
        for _ in range(30):
            image = np.full((60, 40), 200, np.uint8)
            held += 1
            alive.append(held)
            weakref.finalize(image, gone)
            yield Scan(image, DPI)
            del image

    assert writer(pages(), tmp_path / "many") == 30
    assert max(alive) <= 2


def test_a_folder_that_is_missing_is_an_os_error(scans: list[Scan], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write_pdf(scans, tmp_path / "missing" / "scans.pdf")


def test_the_same_scans_give_the_same_file(scans: list[Scan], tmp_path: Path) -> None:
    for name in ("first.pdf", "second.pdf"):
        write_pdf(scans, tmp_path / name)
    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "second.pdf").read_bytes()
