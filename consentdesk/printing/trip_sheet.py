"""The sheet of an activity as PDF: A4, two-sided, groups in front, the grid behind, right in grey (P3, C8, C9)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from consentdesk.errors import KnownError
from consentdesk.model.layout import Box, Frame, Rule
from consentdesk.model.listing import Shape
from consentdesk.model.trip_sheet import SheetPupil, TripSheet
from consentdesk.printing import fonts, locked, shapes
from consentdesk.printing.blocks import (
    BOTTOM,
    FOOT,
    GREY,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Block,
    baseline,
    line_height,
    paged,
    paragraph,
    paragraphs,
    right_text,
    space,
)
from consentdesk.printing.draw import Pen
from consentdesk.printing.style import ASCENT, DESCENT, ems_to_mm
from consentdesk.printing.trip_grid import grid_blocks

_TITLE, _SUBTITLE, _BAR, _NAME, _TEXT, _SMALL = 21.0, 12.0, 13.0, 13.0, 10.0, 8.0
_PALE: Final = 0.9
_GAP: Final = 3.4
_STEP: Final = 6.6
"""From one name of a column to the next, mm."""
_NAME_COLUMN: Final = 64.0


def trip_sheet_pdf(sheet: TripSheet, password: str | None = None) -> bytes:
    """The PDF of `sheet`; a password encrypts it with AES-256.

    Raises `KnownError` where a word on it has a character that no face has.
    """
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang="en"))
    pen.describe(sheet.title)
    try:
        blocks = (*_front(sheet), *grid_blocks(sheet))
        pages = paged(blocks, *(BOTTOM - _head_height(sheet, first=first) for first in (True, False)))
        for number, page in enumerate(pages, start=1):
            pen.start_page(WIDTH, HEIGHT)
            y = _draw_head(pen, sheet, first=number == 1)
            for block in page:
                block.draw(pen, y)
                y += block.height
            _draw_foot(pen, sheet, f"Page {number} of {len(pages)}")
            pen.end_page()
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the sheet has a character that cannot be printed: {missing}",
            "nothing was written, and nobody may be photographed without the sheet",
            "look at the check on the screen, or write the name without that character",
        ) from missing
    pen.save()
    return locked.encrypted(file.getvalue(), password) if password is not None else file.getvalue()


def moment_in_words(moment: datetime) -> str:
    """A moment as it stands on paper: `4 December 2026, 09:15`."""
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _draw_head(pen: Pen, sheet: TripSheet, *, first: bool) -> float:
    y = TOP + ems_to_mm(ASCENT, _SMALL + 1)
    pen.text(LEFT, y, sheet.school, "regular", _SMALL + 1, GREY)
    as_at = f"As at {moment_in_words(sheet.as_at)}"
    right_text(pen, y, as_at, "bold", _TEXT)
    if not first:
        y += 6.0
        for line in fonts.wrap(sheet.title, "bold", _SUBTITLE, RIGHT - LEFT):
            pen.text(LEFT, y, line, "bold", _SUBTITLE)
            y += line_height(_SUBTITLE)
    return _head_height(sheet, first=first)


def _head_height(sheet: TripSheet, *, first: bool) -> float:
    """The upper edge of the first block, mm."""
    if first:
        return TOP + 7.0
    return TOP + 9.5 + len(fonts.wrap(sheet.title, "bold", _SUBTITLE, RIGHT - LEFT)) * line_height(_SUBTITLE)


def _draw_foot(pen: Pen, sheet: TripSheet, page: str) -> None:
    pen.rule(Rule(LEFT, FOOT - 4.2, RIGHT, FOOT - 4.2, width=0.15, grey=0.5))
    foot = f"As at {moment_in_words(sheet.as_at)} · hand back and shred after the activity"
    pen.text(LEFT, FOOT, foot, "regular", _SMALL, GREY)
    right_text(pen, FOOT, page, "bold", _SMALL)


def _front(sheet: TripSheet) -> list[Block]:
    """Title, permission, the banner, and the three groups."""
    count = len(sheet.pupils)
    day = f"{sheet.starts:%A} {moment_in_words(sheet.starts)} · {count} {'pupil' if count == 1 else 'pupils'}"
    facts = (
        f"{sheet.permitted}. With: {sheet.equipment.rstrip('.')}. Afterwards: {sheet.afterwards.rstrip('.')}."
    )
    places = f"Pictures for: {', '.join(sheet.headings)}."
    blocks = [
        paragraph(sheet.title, "bold", _TITLE),
        paragraph(day, "regular", _SUBTITLE),
        space(1.5),
        paragraph(facts, "regular", _TEXT),
        paragraph(places, "regular", _TEXT),
        space(2.5),
        _banner(sheet),
        space(_GAP),
    ]
    return [*blocks, *_stopped(sheet), *_limited(sheet), *_free(sheet)]


def _banner(sheet: TripSheet) -> Block:
    """Until when the sheet is good, what it replaces, and what does not count yet (rule C9)."""
    day = f"{sheet.starts:%A} {sheet.starts.day} {sheet.starts:%B %Y}"
    texts = [
        (f"Good on {day} only, with what was recorded by {moment_in_words(sheet.as_at)}.", "bold"),
    ]
    if sheet.replaces is not None:
        wrong = f" That one is wrong about {', '.join(sheet.changed)}." if sheet.changed else ""
        texts.append(
            (
                f"Replaces the sheet of {moment_in_words(sheet.replaces)}: shred it.{wrong}",
                "bold" if wrong else "regular",
            )
        )
    texts += [(note, "regular") for note in sheet.notes]
    inner = [paragraph(text, role, _TEXT, left=LEFT + 4.0, right=RIGHT - 4.0) for text, role in texts]
    height = sum(one.height for one in inner) + 5.0

    def draw(pen: Pen, y: float) -> None:
        pen.frame(Frame(Box(LEFT, y, RIGHT, y + height), 0.35, fill=1.0))
        pen.frame(Frame(Box(LEFT, y, LEFT + 1.6, y + height), 0.0, fill=0.0))
        y += 2.3
        for one in inner:
            one.draw(pen, y)
            y += one.height

    return Block(height, draw)


def _bar(text: str, shape: Shape, fill: float) -> Block:
    """The heading of a group: black for the first, so that it is found at a glance, paler for each one after it."""
    height = 8.0

    def draw(pen: Pen, y: float) -> None:
        pen.frame(Frame(Box(LEFT, y, RIGHT, y + height), 0.35, fill=fill))
        shapes.draw_shape(pen, shape, LEFT + 2.6, y + (height - shapes.SIZE) / 2)
        base = y + height / 2 + ems_to_mm((ASCENT - DESCENT) / 2 + 0.06, _BAR)
        pen.text(LEFT + 9.0, base, text, "bold", _BAR, 1.0 if fill == 0 else 0.0)

    return Block(height + 1.6, draw, holds=True, repeats=True)


def _stopped(sheet: TripSheet) -> list[Block]:
    heading = f"Do not photograph: {len(sheet.stopped)} of {len(sheet.pupils)}"
    return [_bar(heading, Shape.BARRED, 0.0), *_columns(sheet.stopped, 2, _NAME, "bold")]


def _limited(sheet: TripSheet) -> list[Block]:
    heading = f"Only for the places named: {len(sheet.limited)} of {len(sheet.pupils)}"
    blocks = [space(_GAP), _bar(heading, Shape.TICK_IN_BRACKETS, _PALE)]
    for pupil in sheet.limited:
        places = [name for name, yes in zip(sheet.headings, pupil.allowed, strict=True) if yes]
        blocks += _with_words(pupil, ", ".join(places))
    return [*blocks, *([] if sheet.limited else [_nobody()])]


def _free(sheet: TripSheet) -> list[Block]:
    heading = f"All the places asked about: {len(sheet.free)} of {len(sheet.pupils)}"
    plain = [pupil for pupil in sheet.free if not pupil.conditions]
    blocks = [space(_GAP), _bar(heading, Shape.TICK, 1.0)]
    blocks += _columns(plain, 3, _TEXT + 0.5, "regular") if plain or not sheet.free else []
    for pupil in sheet.free:
        if pupil.conditions:
            blocks += _with_words(pupil, "")
    return blocks


def _nobody() -> Block:
    return paragraph("Nobody.", "regular", _TEXT)


def _columns(pupils: Sequence[SheetPupil], columns: int, size: float, role: str) -> list[Block]:
    """Names side by side, read from left to right so that a page may end anywhere."""
    if not pupils:
        return [_nobody()]
    width = (RIGHT - LEFT) / columns
    return [_row(pupils[at : at + columns], width, size, role) for at in range(0, len(pupils), columns)]


def _row(pupils: Sequence[SheetPupil], width: float, size: float, role: str) -> Block:
    cells = [(_name_lines(pupil, role, size, width - 3.0), pupil.school_class) for pupil in pupils]
    height = max(len(lines) for lines, _ in cells) * line_height(size) + _STEP - line_height(_NAME)

    def draw(pen: Pen, y: float) -> None:
        for at, (lines, school_class) in enumerate(cells):
            x, base = LEFT + at * width, y + baseline(size)
            for number, line in enumerate(lines):
                pen.text(x, base + number * line_height(size), line, role, size)
            after = x + fonts.width(lines[-1], role, size) + 1.6
            pen.text(
                after, base + (len(lines) - 1) * line_height(size), school_class, "regular", size - 2.5, GREY
            )

    return Block(height, draw)


def _name_lines(pupil: SheetPupil, role: str, size: float, width: float) -> tuple[str, ...]:
    return fonts.wrap(
        pupil.name, role, size, width - fonts.width(pupil.school_class, "regular", size - 2.5) - 1.6
    )


def _with_words(pupil: SheetPupil, places: str) -> list[Block]:
    """A name, beside it what is allowed, and every condition in full below that."""
    name = _row([pupil], _NAME_COLUMN if places else RIGHT - LEFT, _NAME - 1.5, "bold")
    left = LEFT + (_NAME_COLUMN if places else 5.0)
    words = [
        block
        for one in pupil.conditions
        for block in paragraphs(f"{', '.join(one.purposes)}: “{one.words}”", "bold", _TEXT, left=left)
    ]
    beside = [paragraph(places, "regular", _TEXT, left=left)] if places else []
    first, rest = [*beside, *words[:1]], words[1:]
    top = 0.5 if places else name.height
    height = max(name.height, top + sum(one.height for one in first))

    def draw(pen: Pen, y: float) -> None:
        name.draw(pen, y)
        y += top
        for one in first:
            one.draw(pen, y)
            y += one.height

    blocks = [Block(height, draw), *rest]
    return [*blocks[:-1], blocks[-1]._replace(height=blocks[-1].height + 1.2)]
