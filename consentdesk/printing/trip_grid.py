"""The grid of an activity's sheet: a row a pupil, a column a purpose, conditions below the row that they narrow."""

from __future__ import annotations

from typing import Final

from consentdesk.model.layout import Box, Frame, Rule
from consentdesk.model.listing import Shape
from consentdesk.model.trip_sheet import SheetPupil, TripSheet
from consentdesk.printing import fonts, shapes
from consentdesk.printing.blocks import (
    LEFT,
    RIGHT,
    Block,
    baseline,
    line_height,
    paragraph,
    paragraphs,
    space,
)
from consentdesk.printing.draw import Pen

_NAME_WIDTH: Final = 58.0
_WIDEST: Final = 24.0
_HEAD, _TEXT, _SMALL = 13.0, 10.0, 8.0
_ROW: Final = 6.4
_NO: Final = 0.87


def grid_blocks(sheet: TripSheet) -> list[Block]:
    """The grid on a side of its own, by class and surname, with its heading on each page that it reaches."""
    pupils = sheet.by_class
    if not pupils:
        return []
    key = (
        ("Place by place", "bold", _HEAD),
        (
            "A tick allows, a tick in brackets allows as the words below it say; everything else is a no.",
            "regular",
            _TEXT,
        ),
    )
    blocks = [space(0.0, side=True)]
    for text, role, size in key:
        blocks.append(paragraph(text, role, size)._replace(holds=True))
    blocks += [space(2.0), _headings(sheet)]
    for pupil in pupils:
        blocks += _row(sheet, pupil)
    return blocks


def _column(sheet: TripSheet) -> float:
    return min(_WIDEST, (RIGHT - LEFT - _NAME_WIDTH) / max(1, len(sheet.headings)))


def _headings(sheet: TripSheet) -> Block:
    width = _column(sheet)
    cells = [fonts.wrap(name, "bold", _SMALL, width - 0.8) for name in sheet.headings]
    height = max(len(lines) for lines in cells) * line_height(_SMALL) + 2.0

    def draw(pen: Pen, y: float) -> None:
        foot = y + height
        for at, lines in enumerate(cells):
            x = LEFT + _NAME_WIDTH + at * width
            for up, line in enumerate(reversed(lines)):
                base = foot - 1.0 - (up + 1) * line_height(_SMALL) + baseline(_SMALL)
                pen.text(x + (width - fonts.width(line, "bold", _SMALL)) / 2, base, line, "bold", _SMALL)
        pen.rule(Rule(LEFT, foot, LEFT + _NAME_WIDTH + width * len(cells), foot, width=0.4))

    return Block(height, draw, holds=True, repeats=True)


def _row(sheet: TripSheet, pupil: SheetPupil) -> list[Block]:
    """A pupil's signs, then every condition word for word."""
    width = _column(sheet)
    room = _NAME_WIDTH - fonts.width(pupil.school_class, "regular", _SMALL) - 4.0
    lines = fonts.wrap(pupil.name, "regular", _TEXT, room)
    height = _ROW + (len(lines) - 1) * line_height(_TEXT)
    table_right = LEFT + _NAME_WIDTH + width * len(sheet.headings)

    def draw(pen: Pen, y: float) -> None:
        pen.rule(Rule(LEFT, y, table_right, y, width=0.12, grey=0.6))
        base = y + 0.9 + baseline(_TEXT)
        for at, line in enumerate(lines):
            pen.text(LEFT, base + at * line_height(_TEXT), line, "regular", _TEXT)
        after = LEFT + fonts.width(lines[-1], "regular", _TEXT) + 1.6
        pen.text(
            after, base + (len(lines) - 1) * line_height(_TEXT), pupil.school_class, "regular", _SMALL, 0.33
        )
        for at, (name, yes) in enumerate(zip(sheet.headings, pupil.allowed, strict=True)):
            x = LEFT + _NAME_WIDTH + at * width
            if not yes:
                # A seam of white, so that two noes beside each other stay two cells.
                pen.frame(Frame(Box(x + 0.2, y + 0.2, x + width - 0.2, y + height - 0.2), 0.0, fill=_NO))
            shape = Shape.CROSS if not yes else Shape.TICK_IN_BRACKETS if pupil.narrowed(name) else Shape.TICK
            shapes.draw_shape(pen, shape, x + (width - shapes.SIZE) / 2, y + (height - shapes.SIZE) / 2)

    words = [
        block
        for one in pupil.conditions
        for block in paragraphs(
            f"{', '.join(one.purposes)}: “{one.words}”",
            "bold",
            _TEXT - 0.5,
            left=LEFT + 5.0,
            right=max(table_right, LEFT + 150.0),
        )
    ]
    if words:
        words[-1] = words[-1]._replace(height=words[-1].height + 1.2)
    return [Block(height, draw, holds=bool(words)), *words]
