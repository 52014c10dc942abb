"""A pile through the scanners: what is said to lie on a page lies there, and can be found again."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from msgspec.structs import replace
from PIL import Image

from consentdesk.model.layout import Box
from consentdesk.scanning.rehearsal.fill_in import Filling, Part
from consentdesk.scanning.rehearsal.scan_files import ScanFile, make_scan, make_scans
from consentdesk.scanning.rehearsal.sheets import Kind, Sheet, Written, fit_one_sheet, pages_of, scan_sheet
from tests.scanning.rehearsal.test_fill_in import SLIP

DPI = 75
FILLING = Filling(
    Part("Mary O'Neill", {"web.work": "yes", "web.first-name": "no"}), "mother", None, Part("Ben", {})
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two printed pages: a dark bar across the slip's middle on the first, a black block on the second."""
    path = tmp_path_factory.mktemp("printed") / "forms.pdf"
    pages = []
    for shade, rows in ((40, slice(200, 340)), (0, slice(700, 1000))):
        page = np.full((round(297 * 100 / 25.4), round(210 * 100 / 25.4)), 255, np.uint8)
        page[rows, 60:770] = shade
        pages.append(Image.fromarray(page))
    kept = io.BytesIO()
    pages[0].save(kept, "PDF", resolution=100, save_all=True, append_images=pages[1:])
    path.write_bytes(kept.getvalue())
    return path


def written(seed: int = 1, **fields: object) -> Written:
    return Written(0, "7F3K-22QX-19AB", SLIP, FILLING, seed, **fields)


def sheet(kind: Kind, seed: int = 5, **fields: object) -> Sheet:
    slips = {"slip": (written(),), "cut": (written(1), written(2))}.get(kind, ())
    return Sheet(kind, "clean", seed, slips, **fields)


def dark(image: np.ndarray) -> float:
    """The share of a scan that is at least half dark."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    return float((grey < 160).mean())


@pytest.mark.parametrize("mode", ["grey", "colour", "one-bit"])
@pytest.mark.parametrize("kind", ["slip", "cut", "letter", "back", "stranger"])
def test_every_kind_of_sheet_is_scanned_and_told(printed: Path, kind: Kind, mode: str) -> None:
    with pdfium.PdfDocument(printed) as document:
        page_at = pages_of(document, DPI, colour=mode == "colour")
        scanned, truth = scan_sheet(page_at, sheet(kind, page=1 if kind == "letter" else 0), DPI, mode)
    assert (truth.kind, truth.level) == (kind, "clean")
    assert len(truth.slips) == {"slip": 1, "cut": 2}.get(kind, 0)
    assert scanned.one_bit == (mode == "one-bit")
    if kind == "back":
        assert dark(scanned.image) < 0.02
    else:
        assert dark(scanned.image) > 0.02


def test_a_turned_sheet_lies_on_its_side(printed: Path) -> None:
    with pdfium.PdfDocument(printed) as document:
        page_at = pages_of(document, DPI, colour=False)
        upright, _ = scan_sheet(page_at, sheet("letter"), DPI, "grey")
        turned, _ = scan_sheet(page_at, sheet("letter", turn=1), DPI, "grey")
    assert upright.image.shape[0] > upright.image.shape[1]
    assert turned.image.shape[0] < turned.image.shape[1]


def test_spoiled_codes_are_coloured_in(printed: Path) -> None:
    with pdfium.PdfDocument(printed) as document:
        page_at = pages_of(document, DPI, colour=False)
        whole, _ = scan_sheet(page_at, Sheet("slip", "clean", 5, (written(),)), DPI, "grey")
        spoiled, truth = scan_sheet(page_at, Sheet("slip", "clean", 5, (written(spoiled=True),)), DPI, "grey")
    assert truth.slips[0][1].means == {"web.work": "yes", "web.first-name": "no"}
    assert (spoiled.image < 70).sum() > (whole.image < 70).sum() + 2 * 30 * 30


FILES = (
    ScanFile("scan 1.pdf", (sheet("slip"), sheet("stranger"), sheet("cut")), DPI, "grey"),
    ScanFile("scan 2.tif", (sheet("letter"), sheet("back")), DPI, "one-bit"),
    ScanFile("scan 3.jpg", (sheet("slip", seed=7),), DPI, "colour"),
    ScanFile("scan 4.png", (sheet("slip", seed=9),), DPI, "grey"),
)


def test_files_hold_the_pages_they_are_said_to_hold_and_the_same_each_time(
    printed: Path, tmp_path: Path
) -> None:
    truths = list(make_scans(printed, FILES, tmp_path, workers=1))
    assert [truth.name for truth in truths] == [file.name for file in FILES]
    assert [[page.kind for page in truth.pages] for truth in truths] == [
        [sheet.kind for sheet in file.sheets] for file in FILES
    ]
    with pdfium.PdfDocument(tmp_path / "scan 1.pdf") as document:
        assert len(document) == 3
    with Image.open(tmp_path / "scan 2.tif") as picture:
        assert picture.n_frames == 2
    before = {file.name: (tmp_path / file.name).read_bytes() for file in FILES}
    for file in FILES:
        make_scan(printed, file, tmp_path)
    assert {file.name: (tmp_path / file.name).read_bytes() for file in FILES} == before


def test_a_name_that_is_no_scan_is_refused(printed: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no kind of scan"):
        make_scan(printed, ScanFile("scan.bmp", (sheet("slip"),), DPI, "grey"), tmp_path)


def test_only_so_many_slips_fit_on_one_sheet() -> None:
    assert fit_one_sheet([SLIP, SLIP])
    assert not fit_one_sheet([SLIP, SLIP, SLIP])
    assert not fit_one_sheet([replace(SLIP, outline=Box(0, 0, 208, 50))])
