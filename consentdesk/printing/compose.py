"""A form on paper: the letter above its tear-off slip on one sheet, or on sheets of their own."""

from __future__ import annotations

from msgspec.structs import replace

from consentdesk.errors import KnownError
from consentdesk.model.form import FormDefinition, Variant
from consentdesk.model.layout import A4, CodePlace, FormLayout, PageLayout, TextRun
from consentdesk.model.slip import Part
from consentdesk.printing import fonts, letter, slip_sheet
from consentdesk.printing.mirror import mirrored
from consentdesk.printing.slip_sheet import SlipSheet
from consentdesk.printing.style import (
    LARGE,
    LARGE_TIGHT,
    LETTER_SIZES,
    ORDINARY,
    SLIP_SIZES,
    Drawing,
    Style,
    ems_to_mm,
    text_box,
)
from consentdesk.printing.wording import Wording, is_right_to_left, wording

_EDGE = 10.0  # nothing is drawn nearer to the paper's edge than this, in mm
_CUT = 7.0  # from the cut line down to the slip's frame
_MOST_LETTER_PAGES = 6


def compose(definition: FormDefinition, variant: Variant, school: str, tag: str) -> FormLayout:
    """The pages of one pupil's form, for the school of that name and the version `tag`.

    The letter stands above the slip and goes on behind the letter, never behind the slip, so that cutting the
    slip off loses nothing. Where that does not fit, the letter takes whole sheets and the slip the next one.
    The number of pages is even. The same input gives the same layout.

    Raises `KnownError` where the wording cannot be printed: no such language, nothing asked, a missing
    reference or glyph, or a slip that does not fit a page.
    """
    words = wording(definition, variant)
    style = LARGE if variant.large else ORDINARY
    try:
        layout = _one_sheet(words, style, school, tag) or _own_sheet(definition, words, style, school, tag)
        return mirrored(layout) if is_right_to_left(words.language) else layout
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the form {definition.id} has a character that cannot be printed: {missing}",
            "nothing was printed",
            "write that word without it",
        ) from missing


def _one_sheet(words: Wording, style: Style, school: str, tag: str) -> FormLayout | None:
    """Letter and slip on one sheet, or None."""
    slip = _slip_at_foot(words, style, school, tag, page=0, highest=A4[1] * 0.4)
    if slip is None:
        return None
    bottom = slip.layout.outline.y0 - _CUT
    for scale in LETTER_SIZES:
        front, back = Drawing(), Drawing()
        top, _ = letter.head(front, words, style, school, carries_child=False)
        behind = letter.running_head(back, words, style, school)
        pages = letter.flow(words, style, scale, [(top + 2, bottom - 4), (behind, bottom - 4)])
        if pages is not None:
            _cut_line(front, words, style, bottom)
            first = _page(front, slip, letter_code=True, texts=pages[0])
            second = _page(back, letter_code=True, texts=pages[1]) if pages[1] else PageLayout()
            return _layout(words, style, (first, second), slip)
    return None


def _own_sheet(definition: FormDefinition, words: Wording, style: Style, school: str, tag: str) -> FormLayout:
    """The letter on sheets of its own, then the slip on one whose back is blank."""
    pages = _letter_sheets(words, style, school)
    if pages is None:
        raise KnownError(
            f"the letter of the form {definition.id} is longer than {_MOST_LETTER_PAGES} pages",
            "nothing was printed",
            "shorten the letter, the rules or the title",
        )
    slip = _slip_at_foot(words, style, school, tag, page=len(pages), highest=_EDGE)
    if slip is None and style is LARGE:
        slip = _slip_at_foot(words, LARGE_TIGHT, school, tag, page=len(pages), highest=_EDGE)
    if slip is None:
        raise KnownError(
            f"the form {definition.id} has too many questions, or too long ones, for one slip",
            "nothing was printed",
            "shorten the wording, or make two forms of it",
        )
    if slip.layout.outline.y0 - _CUT > _EDGE + 5:
        _cut_line(slip.drawing, words, style, slip.layout.outline.y0 - _CUT)
    return _layout(words, style, (*pages, _page(slip.drawing, slip), PageLayout()), slip)


def _letter_sheets(words: Wording, style: Style, school: str) -> list[PageLayout] | None:
    """The pages of a letter by itself, an even number of them; None where it is too long."""
    bottom = A4[1] - 15
    for count in range(2, _MOST_LETTER_PAGES + 1, 2):
        drawings = [Drawing() for _ in range(count)]
        top, child = letter.head(drawings[0], words, style, school, carries_child=True)
        later = [(letter.running_head(drawing, words, style, school), bottom) for drawing in drawings[1:]]
        texts = letter.flow(words, style, 1.0, [(top + 2, bottom), *later])
        if texts is not None:
            pages = [
                _page(drawing, letter_code=True, texts=more) if more else PageLayout()
                for drawing, more in zip(drawings, texts, strict=True)
            ]
            return [replace(pages[0], child=child), *pages[1:]]
    return None


def _slip_at_foot(
    words: Wording, style: Style, school: str, tag: str, page: int, highest: float
) -> SlipSheet | None:
    """The slip at the foot of its page, shrunk a little if need be; None where it reaches above `highest`."""
    for scale in SLIP_SIZES:
        height = slip_sheet.lay_slip(words, style, scale, school, tag, page, 0.0).height
        top = round(A4[1] - _EDGE - height, 3)
        if top >= highest:
            return slip_sheet.lay_slip(words, style, scale, school, tag, page, top)
    return None


def _cut_line(drawing: Drawing, words: Wording, style: Style, y: float) -> None:
    size = min(style.label, 12)
    text = words.labels.cut_here
    drawing.rule(0.0, y, A4[0], y, width=0.25, dash=1.6)
    below = y + 1.0 + ems_to_mm(0.74, size)
    scissors = drawing.text(slip_sheet.LEFT, below, "✂", size * 1.25, font="symbol")
    drawing.text(text_box(scissors).x1 + 1.5, below, text, size, grey=0.35)


def _page(
    drawing: Drawing,
    slip: SlipSheet | None = None,
    *,
    letter_code: bool = False,
    texts: list[TextRun] | None = None,
) -> PageLayout:
    codes: list[CodePlace] = [CodePlace(Part.LETTER.value, letter.CODE_BOX)] if letter_code else []
    parts = [drawing]
    if slip is not None:
        codes += [
            CodePlace(part.value, box)
            for part, box in zip((Part.FIRST, Part.SECOND), slip.layout.codes, strict=True)
        ]
        if slip.drawing is not drawing:
            parts.append(slip.drawing)
    return PageLayout(
        texts=(*(text for part in parts for text in part.texts), *(texts or ())),
        rules=tuple(rule for part in parts for rule in part.rules),
        frames=tuple(frame for part in parts for frame in part.frames),
        codes=tuple(codes),
    )


def _layout(words: Wording, style: Style, pages: tuple[PageLayout, ...], slip: SlipSheet) -> FormLayout:
    return FormLayout(pages, slip.layout, title=words.title, language=words.language, name_size=style.name)
