"""Letters of the school's office on one page of A4: to whom, what about, paragraphs, and a list in a frame."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from reportlab.pdfgen.canvas import Canvas

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.layout import A4, Box, Frame, Rule
from consentdesk.printing import fonts
from consentdesk.printing.blocks import baseline, line_height
from consentdesk.printing.draw import Pen

_LEFT, _RIGHT = 22.0, A4[0] - 22.0
_SCHOOL_TOP, _TO_TOP, _TITLE_TOP = 18.0, 48.0, 86.0
_FOOT: Final = A4[1] - 18.0
_TITLE, _HEADING, _TEXT, _SMALL = 19.0, 12.5, 11.0, 9.0
_SIZES: Final = (1.0, 0.94, 0.88, 0.82)
"""By how much the text may shrink so that the letter fits its page."""
_GREY: Final = 0.35
_APART: Final = 2.6
_WINDOW: Final = 86.0
"""Width in mm of the window of an envelope."""
_PAD: Final = 4.5


class OfficeLetter(msgspec.Struct, frozen=True):
    """One letter: everything in it is set as it stands, in its order.

    `to`, at most three lines, stands where the window of an envelope is. `listed` are the rows of a frame under
    `list_heading`, after `before` and ahead of `after`. `signed` is who signs, over a line; `foot` stands small at
    the page's end.
    """

    school: str
    day: str
    to: tuple[str, ...]
    title: str
    before: tuple[str, ...]
    list_heading: str = ""
    listed: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    signed: str = ""
    foot: str = ""


def write_letter(path: Path, letter: OfficeLetter) -> None:
    """Write the letter as PDF. Raises `KnownError` where it does not fit a page, or the file cannot be written."""
    draw = letter_drawing(letter)
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang="en"))
    pen.describe(letter.title)
    pen.start_page(*A4)
    draw(pen)
    pen.end_page()
    pen.save()
    with paths.write_whole(path) as part:
        part.write_bytes(file.getvalue())


def letter_drawing(letter: OfficeLetter) -> Callable[[Pen], None]:
    """What draws the letter on a page that has begun.

    Raises `KnownError` where it does not fit a page, or a character in it cannot be printed.
    """
    try:
        _head(letter, None)
        for scale in _SIZES:
            if _set(letter, scale, None) <= _FOOT - 6.0:
                return lambda pen: _draw(pen, letter, scale)
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the letter has a character that cannot be printed: {missing}",
            "nothing was printed",
            "write the name without it in the list of pupils",
        ) from missing
    raise KnownError(
        f"the letter “{letter.title}” does not fit a page",
        "nothing was printed",
        "print it for fewer forms at a time",
    )


def _draw(pen: Pen, letter: OfficeLetter, scale: float) -> None:
    _head(letter, pen)
    _set(letter, scale, pen)
    if letter.foot:
        pen.rule(Rule(_LEFT, _FOOT - 5.0, _RIGHT, _FOOT - 5.0, width=0.15, grey=0.5))


def _head(letter: OfficeLetter, pen: Pen | None) -> None:
    """School, day, address and foot: the lines whose size and place do not hang on the letter's length."""
    day = fonts.width(letter.day, "regular", _TEXT)
    runs = [(_RIGHT - day, _SCHOOL_TOP, letter.day, "regular", _TEXT, _GREY)]
    y = _SCHOOL_TOP
    for at, line in enumerate(fonts.wrap(letter.school, "bold", _HEADING, _RIGHT - _LEFT - day - 8.0)):
        y = _SCHOOL_TOP + at * line_height(_HEADING)
        runs.append((_LEFT, y, line, "bold", _HEADING, 0.0))
    to = [
        (line, role)
        for text, role in zip(letter.to, ("regular", "bold", "regular"), strict=False)
        for line in fonts.wrap(text, role, _TEXT, _WINDOW)
    ]
    runs += [
        (_LEFT, _TO_TOP + at * line_height(_TEXT), line, role, _TEXT, 0.0)
        for at, (line, role) in enumerate(to)
    ]
    if letter.foot:
        runs.append((_LEFT, _FOOT, letter.foot, "regular", _SMALL, _GREY))
    for x, baseline_y, text, role, size, grey in runs:
        if pen is None:
            fonts.set_text(text, role)
        else:
            pen.text(x, baseline_y, text, role, size, grey)
    if pen is not None:
        pen.rule(Rule(_LEFT, y + 3.0, _RIGHT, y + 3.0, width=0.3))


def _set(letter: OfficeLetter, scale: float, pen: Pen | None) -> float:
    """Set the letter from its title down, and return where it ends; without a pen it is only measured."""
    text = _TEXT * scale
    y = _TITLE_TOP
    y = _lines(pen, letter.title, "bold", _TITLE * scale, y)
    y += 2.0
    for paragraph in letter.before:
        y = _lines(pen, paragraph, "regular", text, y + _APART)
    if letter.listed:
        y = _list(pen, letter, text, y + 5.0) + 2.4
    for paragraph in letter.after:
        y = _lines(pen, paragraph, "regular", text, y + _APART)
    if letter.signed:
        y += 18.0
        if pen is not None:
            pen.rule(Rule(_LEFT, y, _LEFT + 70.0, y, width=0.25))
        y = _lines(pen, letter.signed, "regular", text * 0.9, y + 0.6)
    return y


def _lines(pen: Pen | None, text: str, role: str, size: float, top: float) -> float:
    for line in fonts.wrap(text, role, size, _RIGHT - _LEFT):
        if pen is not None:
            pen.text(_LEFT, top + baseline(size), line, role, size)
        top += line_height(size)
    return top


def _list(pen: Pen | None, letter: OfficeLetter, size: float, top: float) -> float:
    """The list in its frame; returns the frame's lower edge."""
    room = _RIGHT - _LEFT - 2 * _PAD - 5.0
    rows = [fonts.wrap(row, "regular", size, room) for row in letter.listed]
    y = top + _PAD - 1.0
    placed: list[tuple[float, float, str, str]] = []
    if letter.list_heading:
        placed.append((_LEFT + _PAD, y, letter.list_heading, "bold"))
        y += line_height(size) + 1.2
    for row in rows:
        placed.append((_LEFT + _PAD, y, "•", "regular"))
        for line in row:
            placed.append((_LEFT + _PAD + 5.0, y, line, "regular"))
            y += line_height(size)
        y += 0.8
    bottom = y + _PAD - 2.0
    if pen is not None:
        pen.frame(Frame(Box(_LEFT, top, _RIGHT, bottom), 0.35, grey=0.4, fill=0.97))
        for x, at, line, role in placed:
            pen.text(x, at + baseline(size), line, role, size)
    return bottom
