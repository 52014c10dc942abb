"""The benchmarks' own small parts: what may be asked for, and how results are written."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from consentdesk.model.layout import Box
from tests.benchmarks.__main__ import main
from tests.benchmarks.contact_sheet import Picture, write_contact_sheet
from tests.benchmarks.crops import Crop, find_box
from tests.benchmarks.figures import Figure, line, write
from tests.benchmarks.transplant import DPI, set_in


def test_another_name_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as end:
        main(["speed"])
    assert end.value.code == 2


def test_figures_are_written_as_lines_and_as_one_file(tmp_path: Path) -> None:
    figures = [
        Figure("print", 80.0, "forms a second", goal=50),
        Figure("read", 20.0, "pages", 60.0, 3.0, 4.0),
    ]
    write(figures, tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))["figures"]
    assert [json.loads(line(figure)) for figure in figures] == written
    assert {tuple(figure) for figure in written} == {("name", "value", "unit", "floor", "ratio", "goal")}
    assert written[0]["floor"] is None


def test_a_contact_sheet_shows_the_wrong_ones_first(tmp_path: Path) -> None:
    asked = Picture(np.full((80, 120), 200, np.uint8), "unsure clean yes: tick", wrong=False)
    wrong = Picture(np.full((80, 120, 3), 90, np.uint8), "wrong yes", wrong=True)
    write_contact_sheet([asked, wrong, asked], tmp_path / "sheet.png")
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert sheet[10, 10].tolist() == [90, 90, 90]
    assert sheet[10, 246].tolist() == [200, 200, 200]
    write_contact_sheet([], tmp_path / "none.png")
    assert (cv2.imread(str(tmp_path / "none.png")) == 255).all()


def crop_with_box(x0: int, y0: int, side: int, *, digit: bool = False) -> np.ndarray:
    """A crop of 60 px with a printed box, a cross in it, and perhaps some print beside it."""
    crop = np.full((60, 60), 250, np.uint8)
    cv2.rectangle(crop, (x0, y0), (x0 + side, y0 + side), 20, 2)
    cv2.line(crop, (x0 + 8, y0 + 8), (x0 + side - 8, y0 + side - 8), 20, 2)
    cv2.line(crop, (x0 + 8, y0 + side - 8), (x0 + side - 8, y0 + 8), 20, 2)
    if digit:
        cv2.rectangle(crop, (x0 + side + 6, y0 + 4), (x0 + side + 8, y0 + side - 4), 20, -1)
    return crop


@pytest.mark.parametrize(("x0", "y0"), [(11, 12), (14, 10), (9, 14)])
def test_a_printed_box_is_found_to_the_pixel(x0: int, y0: int) -> None:
    found = find_box(crop_with_box(x0, y0, 36), phone=False)
    assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx((x0, y0, x0 + 36, y0 + 36), abs=1.2)
    assert found.lines > 0.9


@pytest.mark.parametrize("digit", [False, True])
def test_a_box_is_set_exactly_over_ours_and_brings_no_other_print(digit: bool) -> None:
    image = crop_with_box(10, 11, 36, digit=digit)
    crop = Crop("cross.png", "cross", "scan", "", image, find_box(image, phone=False))
    page = np.full((200, 200), 255, np.uint8)
    box = Box(10, 10, 15, 15)
    set_in(page, box, crop)
    per_mm = DPI / 25.4
    dark = page < 128
    left, right = np.flatnonzero(dark.any(axis=0))[[0, -1]] / per_mm
    top, bottom = np.flatnonzero(dark.any(axis=1))[[0, -1]] / per_mm
    assert (left, top, right, bottom) == pytest.approx((10, 10, 15, 15), abs=0.35)
