"""The class consent list on paper: every pupil and condition, the moment, the pages, and the lock."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from consentdesk.errors import KnownError
from consentdesk.model.consent import StatusWord
from consentdesk.model.listing import (
    ListColumn,
    ListCounts,
    ListRow,
    ListTable,
    Shape,
    cell_for,
    shown_statuses,
)
from consentdesk.printing.draw import Pen
from consentdesk.printing.listing import listing_pdf, write_listing
from consentdesk.printing.shapes import SIZE, draw_shape

HEADINGS = ("Inside school", "School website", "Social media", "Film and live video")


def table(
    names: list[str],
    *,
    headings: tuple[str, ...] = HEADINGS,
    classes: tuple[str, ...] = ("4B",),
    condition: str = "",
) -> ListTable:
    """A list of `names` in each class, their statuses in turn; the first cell of the first row has the condition."""
    statuses = list(StatusWord)
    rows = []
    for class_name in classes:
        for number, name in enumerate(names):
            cells = [cell_for(statuses[(number + at) % len(statuses)]) for at in range(len(headings))]
            if condition and number == 0:
                cells[0] = cell_for(StatusWord.YES, condition)
            rows.append(ListRow(name, class_name, tuple(cells)))
    return ListTable(
        "Class consent list",
        "Hawthorn Primary School",
        datetime(2026, 11, 21, 9, 41, tzinfo=UTC),
        tuple(ListColumn(f"try.q{at}", heading) for at, heading in enumerate(headings)),
        tuple(rows),
        ListCounts(len(rows), len(rows) - 1, 1) if rows else ListCounts(0, 0, 0),
        ("3 slips have been read and not confirmed.",),
    )


def pages_of(pdf: bytes, password: str | None = None) -> list[str]:
    """The text of each page, in single spaces."""
    document = pdfium.PdfDocument(io.BytesIO(pdf), password=password)
    texts = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return texts


def test_every_pupil_word_and_count_is_on_the_list() -> None:
    names = [f"Pupil{at}, Given" for at in range(35)]
    pages = pages_of(listing_pdf(table(names)))
    assert len(pages) == 2
    whole = " ".join(pages)
    assert all(whole.count(f"{name} ") == 1 for name in names)
    for status, cell in shown_statuses():
        assert cell.word in whole, status
    for number, page in enumerate(pages, start=1):
        for wanted in (*HEADINGS, "Class 4B", "As at 21 November 2026, 09:41 UTC", f"Page {number} of 2"):
            assert wanted in page
        assert "35 pupils: 34 returned, 1 outstanding" in page
    assert "3 slips have been read and not confirmed." in pages[0]


def test_each_class_has_pages_of_its_own() -> None:
    pages = pages_of(listing_pdf(table(["Carter, Amelia"], classes=("4B", "Reception Blue"))))
    assert ["Class 4B" in page for page in pages] == [True, False]
    assert ["Class Reception Blue" in page for page in pages] == [False, True]


def test_a_condition_travels_word_for_word() -> None:
    """Rule C8; and markup means nothing."""
    condition = "only from behind & never <b>alone</b>, please: no close-ups " * 6
    pages = pages_of(listing_pdf(table(["Carter, Amelia", "Khan, Zoë"], condition=condition.strip())))
    assert f"Inside school: “{condition.strip()}”" in pages[0]
    assert pages[0].index("Carter, Amelia") < pages[0].index("only from behind") < pages[0].index("Khan, Zoë")


def test_a_condition_of_many_pages_is_never_cut() -> None:
    words = " ".join(f"word{at}" for at in range(4000))
    whole = " ".join(pages_of(listing_pdf(table(["Carter, Amelia"], condition=words))))
    assert all(f"word{at}" in whole for at in (0, 1, 2000, 3998, 3999))
    assert sum(f"word{at} " in whole or f"word{at}”" in whole for at in range(4000)) == 4000


def test_more_columns_than_fit_go_on_pages_of_their_own() -> None:
    headings = tuple(f"Purpose {at}" for at in range(30))
    pages = pages_of(listing_pdf(table(["Carter, Amelia"], headings=headings)))
    assert len(pages) == 3
    assert all("Carter, Amelia" in page for page in pages)
    assert all(sum(f"Purpose {at} " in f"{page} " for page in pages) == 1 for at in range(30))


def test_a_list_without_pupils_says_so() -> None:
    assert "There is no pupil on this list." in pages_of(listing_pdf(table([])))[0]


@pytest.mark.parametrize("columns", [1, 4, 8, 14])
def test_no_print_covers_another(columns: int) -> None:
    """Every visible letter has its own room on the page, whatever the names and headings."""
    long = "Featherstonehaugh-Cholmondeley-Okonkwo, Maximilian Alexander Bartholomew"
    headings = tuple(f"Photographs in the newsletter {at}" for at in range(columns))
    document = pdfium.PdfDocument(
        io.BytesIO(
            listing_pdf(table([long, "X", long * 2], headings=headings, condition="never alone " * 40))
        )
    )
    for page in document:
        text = page.get_textpage()
        boxes = np.array(
            [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
        )
        left, bottom, right, top = boxes.T
        assert left.min() > 30
        assert right.max() < page.get_width() - 30
        overlap = np.minimum.outer(right, right) - np.maximum.outer(left, left)
        height = np.minimum.outer(top, top) - np.maximum.outer(bottom, bottom)
        shared = np.triu((overlap > 0.5) & (height > 0.5), 1)
        assert not shared.any()
    document.close()


def test_the_signs_differ_without_colour(render) -> None:
    """In black and white, at the resolution of a poor copier, every two signs differ in a good part of their room."""
    pictures = {}
    for shape in Shape:
        file = io.BytesIO()
        pen = Pen(Canvas(file, invariant=1))
        pen.start_page(SIZE, SIZE)
        draw_shape(pen, shape, 0, 0)
        pen.end_page()
        pen.save()
        pictures[shape] = render(file.getvalue(), 150)[0] < 128
    assert all(picture.any() for picture in pictures.values())
    for one, other in combinations(Shape, 2):
        assert (pictures[one] ^ pictures[other]).mean() > 0.08, (one, other)


def test_a_password_locks_the_list_with_aes_256(tmp_path: Path) -> None:
    """Rule D4."""
    target = tmp_path / "list.pdf"
    write_listing(target, table(["Carter, Amelia"]), password="horse and staple")
    pdf = target.read_bytes()
    assert b"/V 5" in pdf
    assert b"/R 6" in pdf
    assert b"/Length 256" in pdf
    assert b"/AESV3" in pdf
    for wrong in (None, "", "horse"):
        with pytest.raises(pdfium.PdfiumError, match="password"):
            pdfium.PdfDocument(io.BytesIO(pdf), password=wrong)
    assert "Carter, Amelia" in pages_of(pdf, password="horse and staple")[0]


def test_without_a_password_the_list_opens_as_it_is(tmp_path: Path) -> None:
    write_listing(tmp_path / "list.pdf", table(["Carter, Amelia"]))
    assert "Carter, Amelia" in pages_of((tmp_path / "list.pdf").read_bytes())[0]


@pytest.mark.parametrize(
    ("names", "condition", "sentence"),
    [
        (["Carter, Amelia", "王小明"], "", "the row of 王小明 has a character that cannot be printed: 王"),
        (
            ["Carter, Amelia"],
            "only with 🌻",
            "the row of Carter, Amelia has a character that cannot be printed: 🌻",
        ),
        (["Name " * 4000], "", "too long for a list"),
    ],
)
def test_what_cannot_be_printed_stops_the_list(
    tmp_path: Path, names: list[str], condition: str, sentence: str
) -> None:
    with pytest.raises(KnownError) as raised:
        write_listing(tmp_path / "list.pdf", table(names, condition=condition))
    assert sentence in raised.value.what
    assert list(tmp_path.iterdir()) == []


def test_an_empty_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="needs a password"):
        write_listing(tmp_path / "list.pdf", table(["Carter, Amelia"]), password="")
    assert list(tmp_path.iterdir()) == []


def test_the_same_list_gives_the_same_bytes() -> None:
    assert listing_pdf(table(["Carter, Amelia"])) == listing_pdf(table(["Carter, Amelia"]))


def test_a_long_note_is_told_briefly_above_the_table_and_in_full_at_the_end() -> None:
    slips = [f"Ada Shah (slip {at:04d})" for at in range(300)]
    long = f"Not reviewed when this list was made: {', '.join(slips)}."
    first, *_, last = pages = pages_of(
        listing_pdf(msgspec.structs.replace(table(["Ada Shah"]), notes=(long,)))
    )
    assert "Not reviewed when this list was made: named at the end of this list." in first
    assert "(slip 0000)" not in first
    assert all(slip in " ".join(pages[1:]) for slip in slips)
    assert last.endswith(f"Page {len(pages)} of {len(pages)}")
