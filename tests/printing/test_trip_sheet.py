"""The sheet on the coach (rules P3, C8, C9, A6): groups in their order on every page, no reason, right in grey."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import msgspec
import pypdfium2
import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError
from consentdesk.model.trip_sheet import SheetCondition, SheetPupil, TripSheet
from consentdesk.printing.trip_sheet import trip_sheet_pdf

HEADINGS = ("Inside school", "School website", "Newspapers and TV")
STOPPED = SheetPupil("Ada Okafor", "4B", (False, False, False))
CONDITION = SheetCondition(("Inside school",), "not <b>close</b> up")
LIMITED = SheetPupil("Ben O'Neill", "4B", (True, False, False), (CONDITION,))
FREE = SheetPupil("Cleo Ünal", "10A", (True, True, True))


def sheet(*pupils: SheetPupil, **changes: object) -> TripSheet:
    everybody = pupils or (STOPPED, LIMITED, FREE)
    made = TripSheet(
        school="Made-up School",
        title="Visit to the farm",
        starts=datetime(2026, 12, 4, 9, 15, tzinfo=UTC),
        as_at=datetime(2026, 12, 3, 14, 41, tzinfo=UTC),
        permitted="Permitted by M. Made-Up, 1 December 2026, 10:02",
        equipment="School camera 2",
        afterwards="Deleted the same day.",
        headings=HEADINGS,
        stopped=tuple(one for one in everybody if not any(one.allowed)),
        limited=tuple(one for one in everybody if any(one.allowed) and not all(one.allowed)),
        free=tuple(one for one in everybody if all(one.allowed)),
        by_class=everybody,
    )
    return msgspec.structs.replace(made, **changes)


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_p3_the_groups_stand_in_front_and_the_grid_behind() -> None:
    front, back = pages_of(trip_sheet_pdf(sheet()))
    order = [
        front.index(words)
        for words in (
            "Do not photograph: 1 of 3", "Ada Okafor", "Only for the places named: 1 of 3", "Ben O'Neill",
            "All the places asked about: 1 of 3", "Cleo Ünal",
        )
    ]  # fmt: skip
    assert order == sorted(order)
    assert "Place by place" in back
    assert all(name in back for name in ("Ada Okafor", "Ben O'Neill", "Cleo Ünal"))


def test_c9_every_page_says_as_at_and_which_of_how_many() -> None:
    pages = pages_of(trip_sheet_pdf(sheet()))
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "As at 3 December 2026, 14:41" in text


def test_c9_the_banner_says_until_when_and_what_it_replaces() -> None:
    (front, _) = pages_of(
        trip_sheet_pdf(
            sheet(
                replaces=datetime(2026, 12, 2, 9, 12, tzinfo=UTC),
                changed=("Ada Okafor",),
                notes=("1 slip has come back and did not count yet when this sheet was made.",),
            )
        )
    )
    assert "Good on Friday 4 December 2026 only" in front
    assert (
        "Replaces the sheet of 2 December 2026, 09:12: shred it. That one is wrong about Ada Okafor." in front
    )
    assert "1 slip has come back" in front


def test_c8_conditions_stand_word_for_word_on_both_sides() -> None:
    assert all("“not <b>close</b> up”" in text for text in pages_of(trip_sheet_pdf(sheet())))


def test_p3_a_group_that_goes_on_is_headed_again_on_its_next_page() -> None:
    many = [SheetPupil(f"Child{at} Made-Up", "4B", (False, False, False)) for at in range(90)]
    pages = pages_of(trip_sheet_pdf(sheet(*many)))
    naming = [text for text in pages if "Child" in text and "Place by place" not in text]
    fronts = [text for text in naming if "Do not photograph: 90 of 90" in text]
    assert len(fronts) >= 2
    assert sum(text.count("Made-Up") for text in fronts) == 90 + fronts[0].count("M. Made-Up")


def test_the_grid_is_headed_on_every_page_that_it_reaches() -> None:
    many = [SheetPupil(f"Child{at} Made-Up", "4B", (True, True, True)) for at in range(120)]
    pages = pages_of(trip_sheet_pdf(sheet(*many)))
    grids = [text for text in pages if "website" in text and "Pictures for" not in text]
    assert len(grids) >= 2


def test_nobody_in_a_group_is_said() -> None:
    front = pages_of(trip_sheet_pdf(sheet(FREE)))[0]
    assert front.count("Nobody.") == 2


def test_it_is_right_in_grey_since_the_first_group_is_black() -> None:
    """The bar over who may not be photographed is the darkest thing on the page, and no colour is on it at all."""
    page = pypdfium2.PdfDocument(trip_sheet_pdf(sheet()))[0].render(scale=1).to_pil().convert("RGB")
    red, green, blue = (channel.tobytes() for channel in page.split())
    assert red == green == blue
    rows = [red[start : start + page.width] for start in range(0, len(red), page.width)]
    assert sum(sum(pixel < 40 for pixel in row) > 0.7 * page.width for row in rows) > 15


def test_a_character_without_a_glyph_is_refused_not_left_out() -> None:
    strange = SheetPupil("Ada \U00013000", "4B", (False, False, False))
    with pytest.raises(KnownError, match="cannot be printed"):
        trip_sheet_pdf(sheet(strange))


def test_a_very_long_name_and_condition_stay_on_the_page() -> None:
    long = SheetPupil(
        "Wolfeschlegelsteinhausenbergerdorff " * 4, "4B", (True, True, False),
        (SheetCondition(("Inside school",), "please " * 900),),
    )  # fmt: skip
    text = " ".join(pages_of(trip_sheet_pdf(sheet(long))))
    assert text.count("please") == 1800
    assert len(pages_of(trip_sheet_pdf(sheet(long)))) > 3


def test_d4_with_a_password_it_is_locked_with_aes_256() -> None:
    reader = PdfReader(io.BytesIO(trip_sheet_pdf(sheet(), "three made up words")))
    assert reader.is_encrypted
    assert reader.decrypt("three made up words")


def test_the_same_sheet_is_the_same_bytes() -> None:
    assert trip_sheet_pdf(sheet()) == trip_sheet_pdf(sheet())
