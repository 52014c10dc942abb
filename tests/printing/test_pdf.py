"""The printed file itself: boxes where the layout says, nothing in them, codes that decode, the same bytes again."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import msgspec
import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from numpy.typing import NDArray

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Variant
from consentdesk.model.layout import Box, FormLayout
from consentdesk.model.slip import Part
from consentdesk.printing.compose import compose
from consentdesk.printing.pdf import Sheet, blank_pdf, write_forms

NAMES = ("Amelia Carter", "Zoë O’Brien-Łukasiewicz", "X")
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Maximilian-Alexander Featherstonehaugh-Cholmondeley " * 2


@pytest.fixture(params=["one sheet", "pupil's part", "large print", "right to left"])
def layout(
    request: pytest.FixtureRequest, forms: dict[str, FormDefinition], bilingual: FormDefinition
) -> FormLayout:
    """One of the kinds of paper."""
    form, variant = {
        "one sheet": (forms["image-use"], Variant()),
        "pupil's part": (forms["image-use"], Variant(stage="older", pupil_part=True)),
        "large print": (forms["internet-access"], Variant(large=True)),
        "right to left": (bilingual, Variant("ur", pupil_part=True)),
    }[request.param]
    return compose(form, variant, "Hawthorn Primary School", "K7M2")


@pytest.fixture
def plain(forms: dict[str, FormDefinition]) -> FormLayout:
    """The paper of image use, in ordinary print."""
    return compose(forms["image-use"], Variant(), "Hawthorn Primary School", "K7M2")


def printed(sheets: list[Sheet]) -> bytes:
    """The PDF of `sheets`."""
    file = io.BytesIO()
    write_forms(file, sheets)
    return file.getvalue()


def part_of(picture: NDArray[np.uint8], box: Box, dpi: int) -> NDArray[np.uint8]:
    """The pixels of `box`, in mm, of a page's picture."""
    x0, y0, x1, y1 = (round(value * dpi / 25.4) for value in (box.x0, box.y0, box.x1, box.y1))
    return picture[y0:y1, x0:x1]


def found_square(picture: NDArray[np.uint8], box: Box, dpi: int) -> Box:
    """Where the square drawn about `box` truly stands, in mm, to the middle of its lines."""
    around = box.grown(1.6)
    crop = part_of(picture, around, dpi) < 128
    left, top = (round(value * dpi / 25.4) for value in (around.x0, around.y0))
    edges = []
    for axis, start in ((0, left), (1, top)):
        dark = np.flatnonzero(crop.mean(axis=axis) > 0.5)
        near = 2.4 * dpi / 25.4
        first, last = dark[dark < near].mean(), dark[dark > crop.shape[1 - axis] - near].mean()
        edges.append(((start + first + 0.5) * 25.4 / dpi, (start + last + 0.5) * 25.4 / dpi))
    (x0, x1), (y0, y1) = edges
    return Box(x0, y0, x1, y1)


def distance(one: Box, other: Box) -> float:
    """The most that any side of one is off the other's, in mm."""
    sides = zip(msgspec.structs.astuple(one), msgspec.structs.astuple(other), strict=True)
    return max(abs(a - b) for a, b in sides)


def test_the_boxes_are_drawn_where_the_layout_says(layout, fill, render) -> None:
    picture = render(printed(fill(layout, NAMES[:1])), 300)[layout.slip.page]
    for pair in layout.slip.pairs:
        for box in (pair.yes, pair.no):
            found = found_square(picture, box, 300)
            assert distance(found, box) <= 0.1, f"{pair.purpose}: {found} for {box}"


def test_nothing_is_printed_in_a_box_or_in_a_space_to_write_in(layout, fill, render) -> None:
    picture = render(printed(fill(layout, NAMES[:1])), 300)[layout.slip.page]
    slip = layout.slip
    inside = [box.grown(-0.35) for pair in slip.pairs for box in (pair.yes, pair.no)]
    spaces = [
        slip.signature,
        slip.date,
        slip.printed_name,
        slip.relationship,
        slip.comment,
        slip.pupil_signature,
    ]
    for box in inside + [space for space in spaces if space]:
        assert part_of(picture, box, 300).min() == 255, box


def test_the_frame_is_drawn_where_the_layout_says(layout, fill, render) -> None:
    picture = render(printed(fill(layout, NAMES[:1])), 300)[layout.slip.page]
    found = found_square(picture, layout.slip.outline, 300)
    assert np.allclose(msgspec.structs.astuple(found), msgspec.structs.astuple(layout.slip.outline), atol=0.1)


def test_the_blank_is_the_printed_page_without_child_and_codes(layout, fill, render) -> None:
    sheet = fill(layout, NAMES[1:2])
    full, blank = render(printed(sheet), 150), render(blank_pdf(layout), 150)
    assert len(full) == len(blank) == len(layout.pages)
    for number, (page, one, other) in enumerate(zip(layout.pages, full, blank, strict=True)):
        own = [place.box for place in page.codes] + ([page.child] if page.child else [])
        if number == layout.slip.page:
            own += [layout.slip.child, layout.slip.typed_code, layout.slip.school_class]
        for box in own:
            assert part_of(one, box.grown(-0.2), 150).min() < 128, "each has its print"
            assert part_of(other, box.grown(-0.2), 150).min() == 255, "and the blank has none"
            part_of(one, box.grown(0.5), 150)[:] = part_of(other, box.grown(0.5), 150)
        assert np.array_equal(one, other)


def test_every_code_decodes_at_150_dpi(layout, fill, render) -> None:
    sheets = fill(layout, NAMES)
    pictures = render(printed(sheets), 150)
    pages = [(sheet, page) for sheet in sheets for page in sheet.layout.pages]
    for (sheet, page), picture in zip(pages, pictures, strict=True):
        read = {code.text: _middle(code, 150) for code in zxingcpp.read_barcodes(picture)}
        wanted = {sheet.fill.payloads[Part(place.part)]: place.box.centre for place in page.codes}
        assert read.keys() == wanted.keys()
        assert all(np.allclose(read[text], wanted[text], atol=1.0) for text in wanted)


def _middle(code: zxingcpp.Barcode, dpi: int) -> tuple[float, float]:
    """The middle of a code that was read, in mm."""
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_left, at.bottom_right)
    return (
        sum(corner.x for corner in corners) / 4 * 25.4 / dpi,
        sum(corner.y for corner in corners) / 4 * 25.4 / dpi,
    )


def test_the_same_forms_give_the_same_bytes(layout, fill) -> None:
    assert printed(fill(layout, NAMES)) == printed(fill(layout, NAMES))
    assert blank_pdf(layout) == blank_pdf(layout)


def test_what_was_printed_before_changes_no_byte(plain, bilingual, fill) -> None:
    """Faces and their glyphs are kept between files; a file must not show it."""
    before = printed(fill(plain, NAMES))
    printed(fill(compose(bilingual, Variant("ur"), "مدرسہ", "K7M2"), ["محمد علی", "Ọ́lá"]))
    assert printed(fill(plain, NAMES)) == before


def test_every_pupil_starts_on_a_fresh_sheet(layout, fill, render) -> None:
    pages = render(printed(fill(layout, NAMES)), 20)
    assert len(pages) == len(NAMES) * len(layout.pages)
    assert len(layout.pages) % 2 == 0


def test_versions_can_follow_each_other_in_one_file(plain, forms, fill, render) -> None:
    other = compose(forms["web-publication"], Variant(), "Hawthorn Primary School", "K7M3")
    mixed = [*fill(plain, NAMES[:1]), *fill(other, NAMES[:1]), *fill(plain, NAMES[1:2])]
    alone = [picture for sheet in mixed for picture in render(printed([sheet]), 50)]
    assert all(np.array_equal(a, b) for a, b in zip(render(printed(mixed), 50), alone, strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "A<B",
        "<img src='x'> & <b>Bold</b>",
        "O’Brien-Łukasiewicz, Zoë",
        "Nguyễn Thị Minh Khai",
        "Олександр Щербак",
        "Γιώργος",
        "Adébáyọ̀",
        "X",
        "Jo%s {name} \\n",
    ],
)
def test_a_name_is_printed_as_it_is_written(plain, fill, name: str) -> None:
    """Rule D5, and markup means nothing."""
    document = pdfium.PdfDocument(io.BytesIO(printed(fill(plain, [name]))))
    page = document[0].get_textpage()
    box = plain.slip.child
    points = [value * 72 / 25.4 for value in (box.x0 - 1, 297 - box.y1 - 1, box.x1, 297 - box.y0 + 1)]
    text = page.get_text_bounded(*points)
    document.close()
    assert _bare(text) == _bare(name)


def _bare(text: str) -> str:
    """`text` without white space and without loose accents, whose order in a PDF is the viewer's affair."""
    plain = unicodedata.normalize("NFD", text.replace("\ufffe", ""))
    return "".join(letter for letter in plain if not letter.isspace() and not unicodedata.combining(letter))


@pytest.mark.parametrize("name", [LONG_NAME, "Ab " * 90, "X" * 150, "Maximilian Alexander Featherstone"])
def test_a_long_name_stays_inside_its_space(layout, fill, render, name: str) -> None:
    pictures = render(printed(fill(layout, [name])), 150), render(blank_pdf(layout), 150)
    full, blank = (pages[layout.slip.page].astype(int) for pages in pictures)
    changed = np.abs(full - blank) > 40
    slip = layout.slip
    codes = [place.box for place in layout.pages[slip.page].codes]
    for box in (slip.child, slip.school_class, slip.typed_code, *codes):
        part_of(changed, box.grown(0.3), 150)[:] = False
    assert not changed.any()
    assert (part_of(full, slip.child, 150) < 128).sum() > 100


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("王小明", r"王小明 has a character that cannot be printed: 王 \(U\+738B\)"),
        ("Amelia 🌻", r"Amelia 🌻 has a character that cannot be printed: 🌻"),
        ("Amel\u0007ia", r"\(U\+0007\)"),
        ("Am\ue123", r"\(U\+E123\)"),
        ("Name " * 400, r"too long to be printed"),
    ],
)
def test_what_cannot_be_printed_stops_the_print_before_anything_is_written(
    plain, fill, tmp_path: Path, name: str, sentence: str
) -> None:
    target = tmp_path / "forms.pdf"
    target.write_bytes(b"the print run before")
    with pytest.raises(KnownError, match=sentence):
        write_forms(target, fill(plain, ["Amelia Carter", name]))
    assert target.read_bytes() == b"the print run before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_run_without_a_form_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no form to print"):
        write_forms(tmp_path / "forms.pdf", [])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_told_in_a_sentence(plain, fill, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no folder"):
        write_forms(tmp_path / "nowhere" / "forms.pdf", fill(plain, NAMES))


def test_the_metadata_names_the_form_and_nobody(plain, fill) -> None:
    pdf = printed(fill(plain, NAMES))
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    metadata = document.get_metadata_dict()
    document.close()
    assert metadata["Title"] == "Photographs and film"
    assert not any(name.split()[0] in value for name in NAMES[:2] for value in metadata.values())
    assert b"/Lang (en)" in pdf


def test_the_print_that_is_the_same_for_every_child_is_stored_once(plain, fill) -> None:
    one, many = (len(printed(fill(plain, ["Amelia Carter"] * count))) for count in (1, 21))
    assert (many - one) / 20 < 6_000
