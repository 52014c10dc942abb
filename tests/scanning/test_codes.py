"""QR codes on a page: found at any resolution and turn, by either reader, each with its own top left first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from consentdesk.model.layout import Box
from consentdesk.scanning import codes
from consentdesk.scanning.align import corners_of
from consentdesk.scanning.codes import (
    REDUCED,
    FoundCode,
    find_code_in,
    find_codes,
    find_codes_thoroughly,
    reduced,
)
from consentdesk.scanning.rehearsal.strangers import letter_page
from tests.scanning.made_up import (
    Matrix,
    Raster,
    Version,
    about_middle,
    cover,
    moved,
    on_paper,
    quarter_turn,
    to_pixels,
    turned_by,
)

Find = Callable[[Raster], Sequence[FoundCode]]


def quickly(page: Raster) -> Sequence[FoundCode]:
    return find_codes(*reduced(page))


def thoroughly(page: Raster) -> Sequence[FoundCode]:
    return find_codes_thoroughly(page, second_reader=False)


@pytest.fixture
def by_pyzbar_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reader sees nothing."""
    monkeypatch.setattr(codes, "_by_zxing", lambda *_, **__: [])


def corners_off(found: Sequence[FoundCode], text: str, place: Box, matrix: Matrix, dpi: float) -> float:
    """How far (px) the worst corner of a code lies from where it was printed; corners in their order."""
    (code,) = [code for code in found if code.text == text]
    truth = on_paper(matrix @ to_pixels(dpi), corners_of(place))
    return float(np.abs(code.corners - truth).max())


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 600])
def test_both_codes_are_found_at_every_resolution_and_turn(few: Version, dpi: int, turn: int) -> None:
    """A reader tells corners in whole px of the picture that it searched; the frame sets them right later."""
    page, matrix = quarter_turn(few.page(dpi=dpi), turn)
    for find, px in ((quickly, reduced(page)[1]), (thoroughly, 1)):
        found = find(page)
        for text, place in zip(few.codes(), few.layout.codes, strict=True):
            assert corners_off(found, text, place, matrix, dpi) < 1.7 * px


@pytest.mark.parametrize("degrees", [-12, -5, -1, 2, 7, 12])
def test_both_codes_are_found_on_a_crooked_page(few: Version, degrees: float) -> None:
    page = few.page()
    matrix = turned_by(page, degrees) @ about_middle(page, [[0.8, 0], [0, 0.8]])
    found = quickly(moved(page, matrix))
    for text, place in zip(few.codes(), few.layout.codes, strict=True):
        assert corners_off(found, text, place, matrix, 200) < 3


def test_a_page_is_searched_at_100_dpi_of_a4(few: Version) -> None:
    for dpi, factor in ((100, 1), (150, 2), (300, 3), (600, 6)):
        small, reduced_by = reduced(few.page(dpi=dpi))
        assert reduced_by == factor
        assert max(small.shape) <= REDUCED


@pytest.mark.usefixtures("by_pyzbar_alone")
@pytest.mark.parametrize("degrees", [0, 4, 90, 97, 180, 270, 265])
def test_the_second_readers_corners_begin_at_the_codes_own_top_left(few: Version, degrees: float) -> None:
    """pyzbar gives them in no order that can be relied on; the corner without a pattern tells."""
    assert codes.second_reader_works()
    page = few.page()
    matrix = turned_by(page, degrees) @ about_middle(page, [[0.6, 0], [0, 0.6]])
    found = find_codes_thoroughly(moved(page, matrix), second_reader=True)
    for text, place in zip(few.codes(), few.layout.codes, strict=True):
        assert corners_off(found, text, place, matrix, 200) < 3


@pytest.mark.usefixtures("by_pyzbar_alone")
def test_the_second_reader_is_asked_only_where_it_is_wanted(few: Version) -> None:
    assert find_codes_thoroughly(few.page(), second_reader=False) == []
    assert len(find_codes_thoroughly(few.page(), second_reader=True)) == 3


def test_where_zbar_is_missing_the_first_reader_works_alone(
    few: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "pyzbar", None)
    assert not codes.second_reader_works()
    blank = np.full((400, 400), 255, np.uint8)
    assert find_codes_thoroughly(blank, second_reader=True) == []
    assert find_code_in(blank, (0, 0, 400, 400)) == []
    assert len(find_codes_thoroughly(few.page(), second_reader=True)) == 3


@pytest.mark.usefixtures("by_pyzbar_alone")
def test_a_code_that_the_second_reader_stumbles_over_is_a_code_not_read(
    few: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise UnicodeDecodeError("shift_jis", b"\x81", 0, 1, "made up")

    monkeypatch.setattr(codes.pyzbar, "decode", stumble)
    assert find_codes_thoroughly(few.page(), second_reader=True) == []


def test_no_code_is_found_where_there_is_none() -> None:
    page = letter_page(np.random.default_rng(2), 150, boxes=True)
    assert list(quickly(page)) == []
    assert find_codes_thoroughly(page, second_reader=True) == []


@pytest.mark.parametrize("harm", ["blurred", "pale", "coarse", "one-bit"])
def test_a_closer_look_reads_a_harmed_code(few: Version, harm: str) -> None:
    page = few.page(dpi=150)
    if harm == "blurred":
        page = cv2.GaussianBlur(page, (0, 0), 1.8)
    elif harm == "pale":
        page = (200 + page * 0.15).astype(np.uint8)
    elif harm == "coarse":
        page = cv2.resize(cv2.resize(page, None, fx=0.6, fy=0.6), page.shape[::-1])
    else:
        page = np.where(page > 170, 255, 0).astype(np.uint8)
    place = few.layout.codes[1].grown(4)
    x0, y0, x1, y1 = (round(edge * 150 / 25.4) for edge in (place.x0, place.y0, place.x1, place.y1))
    found = find_code_in(page, (x0, y0, x1, y1))
    assert corners_off(found, few.codes()[1], few.layout.codes[1], np.eye(3), 150) < 3


@pytest.mark.parametrize(
    "region", [(-50, -50, 10, 10), (10, 10, 25, 25), (5000, 5000, 6000, 6000), (300, 300, 200, 200)]
)
def test_a_look_beside_the_page_or_into_a_crack_finds_nothing(
    few: Version, region: tuple[int, int, int, int]
) -> None:
    assert find_code_in(few.page(dpi=100), region) == []


def test_a_look_that_reaches_over_the_edge_stays_on_the_page(few: Version) -> None:
    page = few.page(dpi=150)
    assert {code.text for code in find_code_in(page, (-100, 700, 9999, 9999))} >= set(few.codes())


def test_a_hidden_code_is_not_found_and_the_other_is(few: Version) -> None:
    page = few.page()
    cover(page, few.layout.codes[0], shade=90)
    texts = {code.text for code in quickly(page)}
    assert few.codes()[0] not in texts
    assert few.codes()[1] in texts
