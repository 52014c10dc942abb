"""Letters of the office: one page each, everything on it inside its edges, and nothing left out in silence."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.layout import A4
from consentdesk.printing.office_letter import OfficeLetter, write_letter

LETTER = OfficeLetter(
    school="Made-up Primary School",
    day="2 November 2026",
    to=("The parents and carers of", "Zoë O’Example-Ünal", "Class 4B"),
    title="We have stopped what you asked us to stop",
    before=("On 2 November 2026 you told us by letter that we may no longer do the following.",),
    list_heading="No longer allowed",
    listed=("School website", "Newspapers and TV"),
    after=("We have stopped these uses.", "You need not give a reason."),
    signed="For the school office",
    foot="Please keep this letter.",
)


def written(folder: Path, **changes: object) -> tuple[str, list[tuple[float, float, float, float]]]:
    """The text of the letter's only page, and where each piece of it stands, in points from the lower left."""
    file = folder / "letter.pdf"
    write_letter(file, msgspec.structs.replace(LETTER, **changes))
    with pdfium.PdfDocument(file) as document:
        assert len(document) == 1
        page = document[0].get_textpage()
        return " ".join(page.get_text_bounded().split()), [
            page.get_rect(at) for at in range(page.count_rects())
        ]


def test_everything_is_on_the_page_in_its_order(tmp_path: Path) -> None:
    text, _ = written(tmp_path)
    parts = [
        LETTER.school, *LETTER.to, LETTER.title, *LETTER.before, LETTER.list_heading, *LETTER.listed, *LETTER.after,
        LETTER.signed,
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert LETTER.foot in text


@pytest.mark.parametrize("rows", [0, 1, 12, 20])
def test_it_stays_within_the_pages_edges_however_long_its_list(tmp_path: Path, rows: int) -> None:
    listed = tuple(
        f"Use number {at}, with some more words that may well run over the line’s end" for at in range(rows)
    )
    text, rects = written(tmp_path, listed=listed)
    assert all(f"number {at}," in text for at in range(rows))
    right, top = A4[0] / 25.4 * 72, A4[1] / 25.4 * 72
    assert all(
        left > 40 and foot > 30 and edge < right - 40 and head < top - 30 for left, foot, edge, head in rects
    )


def test_the_address_stands_in_the_window_of_an_envelope(tmp_path: Path) -> None:
    """Between 40 and 75 mm from the top, 20 to 110 mm from the left: the window of a DL envelope."""
    file = tmp_path / "letter.pdf"
    write_letter(file, LETTER)
    with pdfium.PdfDocument(file) as document:
        page = document[0].get_textpage()
        found = page.search("Zoë").get_next()
        assert found is not None
        left, foot, _, head = (edge / 72 * 25.4 for edge in page.get_charbox(found[0]))
    assert 20 <= left <= 30
    assert 40 <= A4[1] - head < A4[1] - foot <= 75


def test_the_same_letter_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.pdf", "other.pdf"):
        write_letter(tmp_path / name, LETTER)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "other.pdf").read_bytes()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"listed": ("much too long, and then some more of it " * 8,) * 14}, "does not fit a page"),
        ({"to": ("The parents of", "Ada \U00012000")}, "cannot be printed"),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_sentence(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    file = tmp_path / "letter.pdf"
    with pytest.raises(KnownError, match=sentence):
        write_letter(file, msgspec.structs.replace(LETTER, **changes))
    assert not file.exists()


def test_long_names_take_more_lines_and_run_into_nothing(tmp_path: Path) -> None:
    school = "The Saint Made-up and Saint Example Voluntary Aided Church Primary School and Nursery"
    name = "Maximiliana Wilhelmina Alexandrina O’Example-Montgomery-Ünal of the Long Lane"
    text, rects = written(tmp_path, school=school, to=("The parents and carers of", name, "Class 4B"))
    assert all(word in text for word in (*school.split(), *name.split()))
    right = A4[0] / 25.4 * 72
    assert all(edge < right - 40 for _, _, edge, _ in rects)
