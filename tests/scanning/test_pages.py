"""Scan files as pictures: whatever way they were made, a page comes out as it would be seen, or not at all."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from consentdesk.printing.locked import encrypted
from consentdesk.scanning import pages
from consentdesk.scanning.rehearsal.files import write_jpeg, write_tiff
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.scan_file import (
    MAX_FILE,
    MAX_PAGES,
    MAX_PIXELS,
    MAX_STREAM,
    SENTENCES,
    PageProblem,
    ScanFacts,
)
from tests.scanning.odd_files import (
    Raster,
    flate_image,
    huge_jpeg,
    huge_png,
    huge_tiff,
    image,
    jpeg,
    jpeg_image,
    pdf_of,
    pillow,
    stencil,
    stream,
    tiff_of,
)

DPI = 50
WIDTH, HEIGHT = 200, 280
POINTS = (WIDTH * 72 / DPI, HEIGHT * 72 / DPI)
FILL = f"{POINTS[0]} 0 0 {POINTS[1]} 0 0"


def letter_f() -> Raster:
    """A picture that looks different whichever way it is turned or mirrored."""
    picture = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for x0, y0, x1, y1 in ((40, 40, 64, 240), (40, 40, 160, 64), (40, 120, 128, 144)):
        picture[y0:y1, x0:x1] = 0
    picture[200:240, 130:170] = 0
    return picture


def in_colour() -> Raster:
    picture = np.dstack([letter_f()] * 3)
    picture[200:240, 130:170] = (30, 30, 220)
    return picture


def apart(one: Raster, other: Raster) -> float:
    """The mean difference in shades of two pictures, looked at from far away."""
    far = [
        cv2.resize(picture, (40, 56), interpolation=cv2.INTER_AREA).astype(float) for picture in (one, other)
    ]
    grey = [picture if picture.ndim == 2 else picture.mean(axis=2) for picture in far]
    return float(np.abs(grey[0] - grey[1]).mean())


def loaded(data: bytes, folder: Path, number: int = 1) -> Raster:
    """The page as the reader gets it."""
    path = folder / "scan"
    path.write_bytes(data)
    return pages.load(path, pages.facts(path).kind, number)


def refusal(data: bytes, folder: Path, number: int = 1) -> str:
    """The reason against a page."""
    with pytest.raises(PageProblem) as caught:
        loaded(data, folder, number)
    return caught.value.reason


def shown(data: bytes) -> Raster:
    """The first page as any viewer shows it."""
    document = pdfium.PdfDocument(data)
    try:
        return document[0].render(scale=DPI / 72, grayscale=True).to_numpy().copy()
    finally:
        document.close()


def test_the_picture_tells_every_turn_and_mirroring_apart() -> None:
    turned = [np.rot90(letter_f(), quarters) for quarters in range(4)]
    views = turned + [view[:, ::-1] for view in turned]
    views = [cv2.resize(np.ascontiguousarray(view), (WIDTH, HEIGHT)) for view in views]
    for at, view in enumerate(views):
        assert [apart(view, other) < 6 for other in views] == [at == number for number in range(len(views))]


# PDF as scanners write it


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "style",
    [
        pytest.param({}, id="JPEG or group 4"),
        pytest.param({"flate": True}, id="Flate"),
        pytest.param({"strips": 3}, id="strips of JPEG or group 4"),
        pytest.param({"strips": 4, "flate": True}, id="strips of Flate"),
        pytest.param({"turned": True}, id="turned back by its matrix"),
        pytest.param({"turned": True, "strips": 2}, id="turned strips"),
        pytest.param({"negative": True}, id="negative"),
        pytest.param({"negative": True, "flate": True, "turned": True}, id="negative, turned, Flate"),
    ],
)
def test_a_scanners_pdf_comes_out_upright(style: dict[str, object], rotate: int, tmp_path: Path) -> None:
    grey, colour = letter_f(), in_colour()
    path = tmp_path / "scans.pdf"
    scans = [Scan(grey, DPI), Scan(colour, DPI), Scan(grey, DPI, one_bit=True)]
    write_pdf(scans, path, PdfStyle(rotate=rotate, **style))
    assert pages.facts(path) == ScanFacts(3, "pdf")
    for number, scan in enumerate(scans, start=1):
        seen = pages.load(path, "pdf", number)
        assert seen.shape[:2] == scan.image.shape[:2] or style.get("strips")
        assert apart(seen, scan.image) < 6
        if scan is scans[1]:
            patch = seen[int(seen.shape[0] * 0.78), int(seen.shape[1] * 0.75)]
            assert patch[2] > 150
            assert patch[0] < 100


MATRICES = {
    "as it is": (1, 0, 0, 1),
    "mirrored": (-1, 0, 0, 1),
    "upside down": (1, 0, 0, -1),
    "half a turn": (-1, 0, 0, -1),
    "a quarter turn": (0, 1, -1, 0),
    "three quarter turns": (0, -1, 1, 0),
    "mirrored along one diagonal": (0, 1, 1, 0),
    "mirrored along the other": (0, -1, -1, 0),
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("way", MATRICES)
def test_an_image_is_turned_and_flipped_as_its_matrix_says(way: str, rotate: int, tmp_path: Path) -> None:
    a, b, c, d = MATRICES[way]
    width, height = POINTS if a else POINTS[::-1]
    # What is turned or flipped would lie beside the page: move it back.
    matrix = (a * width, b * height, c * width, d * height, width * (a + c < 0), height * (b + d < 0))
    data = pdf_of(
        [(f"q {' '.join(map(str, matrix))} cm /Im0 Do Q", [flate_image(letter_f())])],
        size=(width, height),
        rotate=rotate,
    )
    seen = loaded(data, tmp_path)
    viewed = shown(data)
    assert seen.shape == pytest.approx(viewed.shape[:2], abs=1)
    assert apart(seen, viewed) < 3
    assert sorted(np.unique(seen)) == [0, 255], "its own pixels, not a rendering of them"


def page_of(content: str, *images: bytes) -> bytes:
    return pdf_of([(content, images)], size=POINTS)


@pytest.mark.parametrize(
    ("data", "exact"),
    [
        pytest.param(
            page_of(f"q {FILL} cm /Im0 Do Q BT /F 12 Tf 3 Tr 20 20 Td (read by a machine) Tj ET",
                    flate_image(letter_f())),
            True, id="with an invisible layer of text"),
        pytest.param(page_of(f"q {FILL} cm /Im0 Do Q BT /F 8 Tf 5 5 Td (p1) Tj ET", flate_image(letter_f())),
                     False, id="with a stamp"),
        pytest.param(page_of(f"q {FILL} cm /Im0 Do Q", stencil(letter_f())), True, id="a stencil"),
        pytest.param(
            page_of(f"q {FILL} cm /Im0 Do Q",
                    stream(b"q 1 0 0 1 0 0 cm /In Do Q", "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources "
                           "<< /XObject << /In 4 0 R >> >>"), flate_image(letter_f())),
            False, id="inside a form object"),
        pytest.param(
            page_of(f"q -{POINTS[0]} 0 0 {POINTS[1]} {POINTS[0]} 0 cm /Im0 Do Q",
                    stream(b"q 1 0 0 1 0 0 cm /In Do Q", "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources "
                           "<< /XObject << /In 4 0 R >> >>"), flate_image(letter_f())),
            False, id="inside a form object that is mirrored"),
        pytest.param(
            page_of(f"q {FILL} cm /Im0 Do Q", image(WIDTH, HEIGHT, np.packbits(letter_f() < 128, axis=1).tobytes(),
                    "/ColorSpace [/Indexed /DeviceRGB 1 <FFFFFF000000>] /BitsPerComponent 1")),
            True, id="unpacked, in a palette"),
        pytest.param(page_of(f"q {POINTS[0] * .99} 8 -11 {POINTS[1] * .99} 6 0 cm /Im0 Do Q",
                             flate_image(letter_f())), False, id="at an odd angle"),
        pytest.param(
            page_of(f"q {FILL} cm /Im0 Do Q",
                    image(WIDTH, HEIGHT, pillow(255 - in_colour(), "JPEG", "CMYK", quality=92),
                          "/ColorSpace /DeviceCMYK /BitsPerComponent 8 /Filter /DCTDecode /Decode [1 0 1 0 1 0 1 0]")),
            False, id="in four inks"),
    ],
)  # fmt: skip
def test_a_page_is_seen_as_a_viewer_shows_it(data: bytes, exact: bool, tmp_path: Path) -> None:
    seen = loaded(data, tmp_path)
    assert apart(seen, shown(data)) < 4
    if exact:
        grey = seen if seen.ndim == 2 else seen.max(axis=2)
        assert np.array_equal(grey > 127, letter_f() > 127)


def test_a_drawn_page_is_rendered_at_200_dpi(tmp_path: Path) -> None:
    data = pdf_of([("40 w 100 100 m 300 500 l S", ())], size=(595, 842))
    seen = loaded(data, tmp_path)
    assert seen.shape[:2] == pytest.approx((842 * 200 / 72, 595 * 200 / 72), abs=1)
    assert seen.min() < 20
    assert seen.max() == 255


def test_a_page_of_strips_keeps_the_sharpness_of_its_pictures(tmp_path: Path) -> None:
    tall = np.full((1800, 1200), 255, np.uint8)
    path = tmp_path / "scans.pdf"
    for dpi, expected in ((200, 200), (600, 300), (75, 150)):
        write_pdf([Scan(tall, dpi)], path, PdfStyle(strips=3))
        seen = pages.load(path, "pdf", 1)
        assert seen.shape[0] == pytest.approx(1800 / dpi * expected, abs=2)


def test_a_poster_is_rendered_within_the_limit(tmp_path: Path) -> None:
    seen = loaded(pdf_of([("40 w 0 0 m 14000 14000 l S", ())], size=(14400, 14400)), tmp_path)
    assert MAX_PIXELS / 5 < seen.shape[0] * seen.shape[1] <= MAX_PIXELS
    assert seen.shape[0] == seen.shape[1]


def test_uneven_resolutions_of_a_fax_are_evened_out_in_pdf_too(tmp_path: Path) -> None:
    squeezed = cv2.resize(letter_f(), (WIDTH, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    seen = loaded(page_of(f"q {FILL} cm /Im0 Do Q", flate_image(squeezed)), tmp_path)
    assert seen.shape == (HEIGHT, WIDTH)
    assert apart(seen, letter_f()) < 6


def test_a_filter_whose_name_is_no_text_makes_a_page_that_cannot_be_decoded(tmp_path: Path) -> None:
    entries = "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /Flate#9aDecode"
    assert refusal(page_of("/Im0 Do", image(8, 8, b"", entries)), tmp_path) == "cannot-decode"


# TIFF, JPEG and PNG


@pytest.mark.parametrize("compression", ["lzw", "deflate"])
def test_a_scanners_tiff_comes_out_upright(compression: str, tmp_path: Path) -> None:
    grey, colour = letter_f(), in_colour()
    path = tmp_path / "scans.tif"
    write_tiff([Scan(grey, DPI), Scan(colour, DPI), Scan(grey, DPI, one_bit=True)], path, compression)
    assert pages.facts(path) == ScanFacts(3, "tiff")
    assert np.array_equal(pages.load(path, "tiff", 1), grey)
    assert np.array_equal(pages.load(path, "tiff", 2), colour)
    assert np.array_equal(pages.load(path, "tiff", 3), grey)


ORIENTATION = 0x0112


def exif_of(orientation: int) -> Image.Exif:
    told = Image.Exif()
    told[ORIENTATION] = orientation
    return told


def as_stored(picture: Raster, orientation: int) -> Raster:
    """What a camera stores with this EXIF orientation of what it saw."""
    turned = picture
    if orientation in (2, 5, 4, 7):
        turned = turned[:, ::-1]
    quarters = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}[orientation]
    return np.ascontiguousarray(np.rot90(turned, quarters))


FACE = letter_f()
PICTURES: dict[str, tuple[bytes, str]] = {
    "TIFF, group 3": (pillow(FACE, "TIFF", "1", compression="group3"), "tiff"),
    "TIFF, white is zero": (pillow(FACE, "TIFF", "L", tiffinfo={262: 0}), "tiff"),
    "TIFF, PackBits": (pillow(FACE, "TIFF", compression="packbits"), "tiff"),
    "TIFF, JPEG": (pillow(FACE, "TIFF", compression="jpeg"), "tiff"),
    "TIFF, JPEG in colour": (pillow(in_colour(), "TIFF", "RGB", compression="jpeg"), "tiff"),
    "TIFF, palette": (pillow(FACE, "TIFF", "P", compression="tiff_lzw"), "tiff"),
    "TIFF, with alpha": (pillow(FACE, "TIFF", "RGBA"), "tiff"),
    "TIFF, four inks": (pillow(in_colour(), "TIFF", "CMYK"), "tiff"),
    "JPEG": (jpeg(FACE), "jpeg"),
    "JPEG in colour": (jpeg(in_colour()), "jpeg"),
    "JPEG, progressive": (jpeg(FACE, progressive=True), "jpeg"),
    "PNG": (pillow(FACE, "PNG"), "png"),
    "PNG, one bit": (pillow(FACE, "PNG", "1"), "png"),
    "PNG, palette": (pillow(in_colour(), "PNG", "P"), "png"),
    "PNG, 16 bit": (cv2.imencode(".png", FACE.astype(np.uint16) * 257)[1].tobytes(), "png"),
    "PNG, 16 bit colour": (cv2.imencode(".png", in_colour().astype(np.uint16) * 257)[1].tobytes(), "png"),
    "PNG, alpha": (cv2.imencode(".png", np.dstack([in_colour(), np.full_like(FACE, 255)]))[1].tobytes(), "png"),
    "PNG, black where opaque": (cv2.imencode(".png", np.dstack([FACE * 0] * 3 + [255 - FACE]))[1].tobytes(), "png"),
    "PNG, grey and alpha": (pillow(FACE, "PNG", "LA"), "png"),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_comes_out_as_it_is_seen(name: str, tmp_path: Path) -> None:
    data, kind = PICTURES[name]
    path = tmp_path / "scan"
    path.write_bytes(data)
    assert pages.facts(path) == ScanFacts(1, kind)
    seen = pages.load(path, kind, 1)
    assert seen.dtype == np.uint8
    assert seen.shape in ((HEIGHT, WIDTH), (HEIGHT, WIDTH, 3))
    assert apart(seen, in_colour() if "colour" in name or "inks" in name else FACE) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_as_their_camera_says(orientation: int, tmp_path: Path) -> None:
    stored, told = as_stored(FACE, orientation), exif_of(orientation)
    for data in (pillow(stored, "JPEG", quality=92, exif=told), pillow(stored, "TIFF", exif=told)):
        seen = loaded(data, tmp_path)
        assert seen.shape == (HEIGHT, WIDTH)
        assert apart(seen, FACE) < 6


def test_a_phones_jpeg_in_colour_is_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    for orientation in (1, 3, 6, 8):
        write_jpeg(Scan(in_colour(), 72), path, orientation=orientation)
        assert apart(pages.load(path, "jpeg", 1), in_colour()) < 6


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("picture", [letter_f(), in_colour()], ids=["grey", "colour"])
def test_a_jpeg_sharper_than_need_be_is_halved_and_never_half_shown(
    picture: Raster, progressive: bool, tmp_path: Path
) -> None:
    for long_side, seen in ((5990, 5990), (6010, 3005)):
        data = jpeg(cv2.resize(picture, (long_side, 420)), progressive=progressive)
        whole = loaded(data, tmp_path)
        assert whole.shape[:2] == (420 * seen // long_side, seen)
        assert whole.ndim == picture.ndim
        assert apart(whole, picture) < 6
        for share in (0.3, 0.7, 0.99):
            assert refusal(data[: int(share * len(data))], tmp_path) == "cut-image"


@pytest.mark.parametrize(("across", "down"), [(204, 98), (204, 196), (98, 204)])
def test_a_fax_is_stretched_until_a_square_is_square(across: int, down: int, tmp_path: Path) -> None:
    top = max(across, down)
    size = (round(WIDTH * across / top), round(HEIGHT * down / top))
    squeezed = cv2.resize(FACE, size, interpolation=cv2.INTER_AREA)
    data = pillow(squeezed, "TIFF", "1", compression="group4", dpi=(across, down))
    seen = loaded(data, tmp_path)
    expected = FACE.shape if abs(across / down - 1) > 0.1 else squeezed.shape
    assert seen.shape == pytest.approx(expected, abs=1)
    assert apart(seen, FACE) < 8


@pytest.mark.parametrize("resolution", [(0, 0), (1, 0), (0, 1), (2**32 - 1, 0)])
def test_a_resolution_that_makes_no_sense_stretches_nothing(
    resolution: tuple[int, int], tmp_path: Path
) -> None:
    data = bytearray(pillow(FACE, "TIFF", dpi=(300, 100)))
    # A numerator and a denominator each; both resolutions stand in a row.
    at = data.index(struct.pack("<II", 300, 1))
    data[at : at + 8] = struct.pack("<II", *resolution)
    assert loaded(bytes(data), tmp_path).shape == FACE.shape


# Never half a picture


def cuts(data: bytes, count: int = 24) -> list[int]:
    """Where a file is cut: all over it, and at each of its last bytes."""
    everywhere = np.linspace(16, len(data) - 1, count).astype(int).tolist()
    return sorted({*everywhere, *range(len(data) - 10, len(data))})


def noisy_f() -> Raster:
    """The picture on grainy paper, so that no part of it packs into nothing."""
    rng = np.random.default_rng(1)
    grain = np.where(rng.random(FACE.shape) < 0.05, 90, rng.integers(0, 30, FACE.shape))
    return np.clip(FACE * 0.85 - grain, 0, 255).astype(np.uint8)


def directories_first() -> bytes:
    """Two such pages in a TIFF that has both directories before both pictures, as some scanners write it."""
    one_bit = np.packbits(noisy_f() > 128, axis=1).tobytes()
    sizes = {256: WIDTH, 257: HEIGHT, 258: 1, 259: 1, 262: 1, 277: 1, 278: HEIGHT, 279: len(one_bit)}
    empty = tiff_of([{**sizes, 273: 0}, {**sizes, 273: 0}])
    return tiff_of([{**sizes, 273: len(empty)}, {**sizes, 273: len(empty) + len(one_bit)}]) + one_bit * 2


def two_page_tiff(mode: str, compression: str) -> bytes:
    kept = io.BytesIO()
    both = [
        Image.fromarray(part).convert(mode, dither=Image.Dither.NONE) for part in (noisy_f(), noisy_f()[::-1])
    ]
    both[0].save(kept, "TIFF", compression=compression, save_all=True, append_images=both[1:], dpi=(DPI, DPI))
    return kept.getvalue()


def two_page_pdf(style: PdfStyle, *, one_bit: bool = False) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        page = np.where(noisy_f() > 128, 255, 0).astype(np.uint8) if one_bit else noisy_f()
        write_pdf([Scan(page, DPI, one_bit=one_bit)] * 2, folder / "whole", style)
        return (folder / "whole").read_bytes()

    return made


FORMATS: dict[str, Callable[[Path], bytes]] = {
    "JPEG": lambda _: jpeg(noisy_f()),
    "JPEG, progressive": lambda _: jpeg(noisy_f(), progressive=True),
    "JPEG in colour": lambda _: jpeg(np.dstack([noisy_f()] * 3)),
    "PNG": lambda _: pillow(noisy_f(), "PNG"),
    "PNG, one bit": lambda _: pillow(noisy_f(), "PNG", "1"),
    "TIFF, directories first": lambda _: directories_first(),
    "TIFF, group 4": lambda _: two_page_tiff("1", "group4"),
    "TIFF, LZW": lambda _: two_page_tiff("L", "tiff_lzw"),
    "TIFF, Deflate": lambda _: two_page_tiff("L", "tiff_adobe_deflate"),
    "TIFF, JPEG": lambda _: two_page_tiff("L", "jpeg"),
    "PDF, JPEG": two_page_pdf(PdfStyle()),
    "PDF, Flate": two_page_pdf(PdfStyle(flate=True)),
    "PDF, group 4": two_page_pdf(PdfStyle(), one_bit=True),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_cut_file_is_refused_or_shows_every_page_whole(name: str, tmp_path: Path) -> None:
    """Behind the last byte that matters a file may be cut without harm; all other cuts are refused."""
    data = FORMATS[name](tmp_path)
    path = tmp_path / "scan"
    path.write_bytes(data)
    facts = pages.facts(path)
    whole = [pages.load(path, facts.kind, number) for number in range(1, facts.pages + 1)]
    refusals = []
    for cut in cuts(data):
        path.write_bytes(data[:cut])
        try:
            found = pages.facts(path)
        except PageProblem as problem:
            refusals.append(problem.reason)
            continue
        assert found == facts, f"pages were lost without a word, cut at {cut} of {len(data)}"
        for number, expected in enumerate(whole, start=1):
            try:
                seen = pages.load(path, facts.kind, number)
            except PageProblem as problem:
                refusals.append(problem.reason)
            else:
                assert np.array_equal(seen, expected), f"half of page {number}, cut at {cut} of {len(data)}"
    assert len(refusals) >= 20
    assert set(refusals) <= {"cut-short", "cut-image"}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("kind", ["JPEG", "Flate", "group 4", "unpacked"])
def test_a_cut_picture_in_a_whole_pdf_is_refused(kind: str, parts: int, share: float, tmp_path: Path) -> None:
    """A renderer shows such a page without a word, the lower half grey or black."""
    picture = noisy_f()
    entries = "/ColorSpace /DeviceGray /BitsPerComponent 8"
    if kind == "JPEG":
        cut = jpeg_image(picture, jpeg(picture)[: int(share * len(jpeg(picture)))])
    elif kind == "Flate":
        packed = flate_image(picture)
        data = packed[packed.index(b"stream\n") + 7 : packed.rindex(b"\nendstream")]
        cut = image(WIDTH, HEIGHT, data[: int(share * len(data))], f"{entries} /Filter /FlateDecode")
    elif kind == "group 4":
        tiff = pillow(picture, "TIFF", "1", compression="group4", tiffinfo={278: HEIGHT, 262: 0})
        with Image.open(io.BytesIO(tiff)) as told:
            (offset,), (length,) = told.tag_v2[273], told.tag_v2[279]
        parms = f"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {WIDTH} /Rows {HEIGHT} >>"
        cut = image(
            WIDTH, HEIGHT, tiff[offset : offset + int(share * length)],
            f"/ColorSpace /DeviceGray /BitsPerComponent 1 {parms}",
        )  # fmt: skip
    else:
        cut = image(WIDTH, HEIGHT, picture.tobytes()[: int(share * picture.size)], entries)
    content = f"q {FILL} cm /Im0 Do Q" + " q 72 0 0 72 0 0 cm /Im1 Do Q" * (parts - 1)
    data = page_of(content, cut, flate_image(picture))
    assert refusal(data, tmp_path) == "cut-image"


def test_a_group_4_page_whose_writer_left_out_the_end_mark_is_read(tmp_path: Path) -> None:
    tiff = pillow(FACE, "TIFF", "1", compression="group4", tiffinfo={278: HEIGHT})
    with Image.open(io.BytesIO(tiff)) as told:
        (offset,), (length,) = told.tag_v2[273], told.tag_v2[279]
    data = tiff[offset : offset + length].removesuffix(b"\x00\x10\x01")
    parms = f"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /BlackIs1 true /Columns {WIDTH} /Rows {HEIGHT} >>"
    page = image(WIDTH, HEIGHT, data, f"/ColorSpace /DeviceGray /BitsPerComponent 1 {parms}")
    assert apart(loaded(page_of(f"q {FILL} cm /Im0 Do Q", page), tmp_path), FACE) < 6


# Limits, kept before anything is decoded

BOMBS = [
    pytest.param(huge_png(8000, 8000), id="PNG"),
    pytest.param(huge_png(2**31 - 1, 2**31 - 1), id="PNG, absurd"),
    pytest.param(huge_jpeg(60000, 60000), id="JPEG"),
    pytest.param(huge_tiff(8000, 8000), id="TIFF"),
    pytest.param(huge_tiff(2**31 - 1, 2**20), id="TIFF, absurd"),
    pytest.param(
        page_of("/Im0 Do", image(8000, 8000, zlib_zeros := b"x\x9c\x03\0\0\0\0\x01",
                "/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode")), id="PDF, Flate"),
    pytest.param(page_of("/Im0 Do", jpeg_image(FACE, huge_jpeg(9000, 9000))), id="PDF, JPEG larger than it says"),
    pytest.param(page_of("/Im0 Do /Im1 Do", flate_image(FACE), image(20000, 20000, zlib_zeros,
                "/ImageMask true /BitsPerComponent 1 /Filter /FlateDecode")), id="PDF, the second image"),
]  # fmt: skip


@pytest.mark.parametrize("data", BOMBS)
def test_over_60_megapixels_is_refused_by_the_header_alone(data: bytes, tmp_path: Path) -> None:
    """None of these holds a picture: had one been decoded, it would be `cut-image`."""
    assert len(data) < 60_000
    assert refusal(data, tmp_path) == "huge-page"


def test_just_within_the_limit_the_picture_itself_is_asked_for(tmp_path: Path) -> None:
    side = int(MAX_PIXELS**0.5)
    assert refusal(huge_png(side, side), tmp_path) == "cut-image"
    assert refusal(huge_png(side + 1, side + 1), tmp_path) == "huge-page"


def of_length(path: Path, head: bytes, length: int) -> Path:
    """A file that begins with `head` and is `length` bytes long, without taking up that space."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(length)
    return path


def test_a_file_over_2_gb_is_refused_unopened(tmp_path: Path) -> None:
    path = of_length(tmp_path / "scan.pdf", b"%PDF-1.4\n", MAX_FILE + 1)
    with pytest.raises(PageProblem, match="too-large"):
        pages.facts(path)


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_a_picture_over_60_mb_is_refused_unread(head: bytes, tmp_path: Path) -> None:
    path = of_length(tmp_path / "scan", head, MAX_STREAM + 1)
    with pytest.raises(PageProblem, match="huge-page"):
        pages.load(path, pages.facts(path).kind, 1)


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
def test_a_file_of_over_2000_pages_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "scan"
    for count in (MAX_PAGES, MAX_PAGES + 1):
        if kind == "pdf":
            path.write_bytes(pdf_of([("", ())] * count, size=(72, 72)))
        else:
            path.write_bytes(tiff_of([{256: 8, 257: 8, 258: 1, 259: 1, 262: 1, 273: 8, 279: 8}] * count))
        if count == MAX_PAGES:
            assert pages.facts(path) == ScanFacts(MAX_PAGES, kind)
        else:
            with pytest.raises(PageProblem, match="too-many-pages"):
                pages.facts(path)


# What is no scan at all


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty-file", id="empty"),
        pytest.param(b"Dear parent,\n", "not-a-scan", id="text"),
        pytest.param(b"PK\x03\x04" + b"\0" * 60, "not-a-scan", id="a workbook"),
        pytest.param(b"GIF89a" + b"\0" * 60, "not-a-scan", id="another kind of picture"),
        pytest.param(b"\x89PNG\r\n\x1a", "not-a-scan", id="seven bytes of a PNG"),
        pytest.param(b"%PDF-1.4\n" + b"\0" * 4000, "cut-short", id="a PDF without an end"),
        pytest.param(b"%PDF-1.4\nnonsense\n%%EOF\n", "cut-short", id="a PDF without pages or sense"),
        pytest.param(pdf_of([], size=(10, 10)), "cut-short", id="a PDF without a page"),
        pytest.param(b"II*\0" + struct.pack("<I", 9999), "cut-short", id="a TIFF that points beyond its end"),
        pytest.param(b"MM\0*" + b"\xff" * 40, "cut-short", id="a TIFF of rubbish"),
        pytest.param(encrypted(page_of("", flate_image(FACE)), "made up words"), "encrypted", id="encrypted"),
    ],
)
def test_what_cannot_be_taken_has_its_reason(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(data)
    with pytest.raises(PageProblem) as caught:
        pages.facts(path)
    assert caught.value.reason == reason
    assert reason in SENTENCES


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_rubbish_behind_the_right_first_bytes_is_refused(head: bytes, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for length in (0, 1, 9, 40, 3000):
        assert refusal(head + rng.bytes(length), tmp_path) in ("cut-image", "huge-page")


def test_a_missing_file_and_a_folder_are_gone(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.pdf", tmp_path):
        with pytest.raises(PageProblem, match="gone"):
            pages.facts(path)


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(page_of("", flate_image(FACE)), tmp_path, number=2) == "cannot-decode"
    assert refusal(pillow(FACE, "TIFF"), tmp_path, number=2) == "cut-image"


def test_every_reason_is_a_clause_that_can_stand_in_a_sentence() -> None:
    for text in SENTENCES.values():
        assert text[:1].islower()
        assert not text.endswith(".")
