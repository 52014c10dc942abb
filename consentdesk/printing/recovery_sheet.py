"""The recovery sheet: a page for the safe, with the groups that open the office when passwords are lost."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.layout import A4, Box, Frame, Rule
from consentdesk.printing import fonts
from consentdesk.printing.draw import Pen
from consentdesk.printing.style import ASCENT, DESCENT, ems_to_mm

_LEFT, _RIGHT, _TOP = 24.0, A4[0] - 24.0, 26.0
_TITLE, _HEADING, _BODY, _GROUP = 26.0, 13.0, 11.5, 21.0
_LEADING = 1.4
_GREY = 0.35
_WHAT = """\
Everything that ConsentDesk keeps for your school is locked. The groups below open it when every password is \
forgotten, or when the people who knew one have left.
Whoever holds this sheet and a copy of the office’s files can read every pupil’s answers. Treat it like the key \
to the safe.
"""
_SECTIONS = {
    "Where to keep it": """\
On paper, in the school’s safe or another locked place, in a sealed envelope with today’s date on it.
Not beside the computer. Not as a photograph, a scan or an e-mail.
""",
    "How to use it": """\
Open ConsentDesk, choose the recovery sheet instead of a password, and type the groups in their order. Capital \
or small letters make no difference.
Then give yourself a new password.
""",
    "After it has been used": """\
Have ConsentDesk make a new recovery sheet, and shred this one: it has been seen.
Write down who opened the envelope, when and why.
""",
}


def write_recovery_sheet(path: Path, school: str, groups: Sequence[str], made_on: date) -> None:
    """Write the sheet for `school` as PDF, one A4 page. `groups` are printed in their order, numbered.

    Raises `KnownError` where the file cannot be written or the school's name cannot be printed.
    """
    try:
        content = _sheet(school, groups, made_on)
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the school’s name has a character that cannot be printed: {missing}",
            "nothing was written",
            "write the name without it",
        ) from missing
    with paths.write_whole(path) as part:
        part.write_bytes(content)


def _sheet(school: str, groups: Sequence[str], made_on: date) -> bytes:
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang="en"))
    pen.describe("Recovery sheet")
    pen.start_page(*A4)
    y = _TOP
    for line in fonts.wrap(school, "regular", _HEADING, _RIGHT - _LEFT):
        pen.text(_LEFT, y, line, "regular", _HEADING, _GREY)
        y += ems_to_mm(1.25, _HEADING)
    y += ems_to_mm(0.6, _TITLE)
    pen.text(_LEFT, y, "Recovery sheet", "bold", _TITLE)
    y += 4.0
    for text in _WHAT.splitlines():
        y = _paragraph(pen, text, _LEFT, y + 2.0)
    y = _groups(pen, groups, y + 7.0)
    for heading, texts in _SECTIONS.items():
        y += 10.0
        pen.text(_LEFT, y, heading, "bold", _HEADING)
        y += 1.0
        for text in texts.splitlines():
            pen.text(_LEFT + 0.6, y + 1.2 + ems_to_mm(_BODY_DROP, _BODY), "•", "regular", _BODY)
            y = _paragraph(pen, text, _LEFT + 5.0, y + 1.2)
    foot = A4[1] - 18.0
    pen.rule(Rule(_LEFT, foot - 6.0, _RIGHT, foot - 6.0, width=0.2, grey=_GREY))
    made = f"Made on {made_on.day} {made_on:%B %Y}. A newer sheet makes this one useless."
    pen.text(_LEFT, foot, made, "regular", _BODY - 1.5, _GREY)
    pen.end_page()
    pen.save()
    return file.getvalue()


_BODY_DROP = (_LEADING + ASCENT - DESCENT) / 2  # from the top of a line to its baseline, in ems


def _paragraph(pen: Pen, text: str, left: float, top: float) -> float:
    for line in fonts.wrap(text, "regular", _BODY, _RIGHT - left):
        pen.text(left, top + ems_to_mm(_BODY_DROP, _BODY), line, "regular", _BODY)
        top += ems_to_mm(_LEADING, _BODY)
    return top


def _groups(pen: Pen, groups: Sequence[str], top: float) -> float:
    """The groups in a frame, in columns, numbered row by row. Returns the frame's lower edge."""
    widest = max(fonts.width(group, "mono", _GROUP) for group in groups)
    room = _RIGHT - _LEFT - 12.0
    most = max(1, min(4, int(room / (widest + 13.0))))
    columns = next((count for count in range(most, 1, -1) if len(groups) % count == 0), most)
    rows = -(-len(groups) // columns)
    step = 13.0
    bottom = top + rows * step + 7.0
    pen.frame(Frame(Box(_LEFT, top, _RIGHT, bottom), 0.5))
    for at, group in enumerate(groups):
        row, column = divmod(at, columns)
        x = _LEFT + 6.0 + column * room / columns
        y = top + 11.5 + row * step
        number = f"{at + 1}"
        pen.text(x + 5.0 - fonts.width(number, "regular", 9), y, number, "regular", 9, _GREY)
        pen.text(x + 7.5, y, group, "mono", _GROUP)
    return bottom
