"""A report as PDF: upright A4, sections of labelled lines, as at, page x of y (rules C9, D2, D4)."""

from __future__ import annotations

import io
from typing import Final

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from consentdesk.errors import KnownError
from consentdesk.model.layout import Box, Frame, Rule
from consentdesk.model.report import Line, Report, Section
from consentdesk.printing import fonts, locked
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
    right_text,
    space,
)
from consentdesk.printing.draw import Pen

_TITLE, _SUBTITLE, _HEADING, _TEXT, _SMALL = 20.0, 12.0, 13.0, 10.0, 8.0
_LABEL: Final = 52.0
_HEAD: Final = TOP + 8.0


def report_pdf(
    report: Report, password: str | None = None, attached: dict[str, bytes] | None = None
) -> bytes:
    """The PDF of `report`; a password encrypts it, with the files attached to it, with AES-256.

    Raises `KnownError` where a word in it has a character that no face has.
    """
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang="en"))
    pen.describe(report.title)
    try:
        pages = paged(_blocks(report), BOTTOM - _HEAD, BOTTOM - _HEAD)
        for number, blocks in enumerate(pages, start=1):
            pen.start_page(WIDTH, HEIGHT)
            _draw_edges(pen, report, f"Page {number} of {len(pages)}")
            y = _HEAD
            for block in blocks:
                block.draw(pen, y)
                y += block.height
            pen.end_page()
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the report has a character that cannot be printed: {missing}",
            "nothing was written",
            "write it as JSON instead, or without that character",
        ) from missing
    pen.save()
    content = _with_files(file.getvalue(), attached) if attached else file.getvalue()
    return locked.encrypted(content, password) if password is not None else content


def _with_files(pdf: bytes, attached: dict[str, bytes]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for name, content in attached.items():
        writer.add_attachment(name, content)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _draw_edges(pen: Pen, report: Report, page: str) -> None:
    moment = report.as_at
    y = TOP + baseline(_SMALL)
    pen.text(LEFT, y, report.school, "regular", _SMALL + 1, GREY)
    right_text(pen, y, f"As at {moment.day} {moment:%B %Y, %H:%M}", "bold", _TEXT)
    pen.rule(Rule(LEFT, FOOT - 4.2, RIGHT, FOOT - 4.2, width=0.15, grey=0.5))
    pen.text(LEFT, FOOT, report.foot, "regular", _SMALL, GREY)
    right_text(pen, FOOT, page, "bold", _SMALL)


def _blocks(report: Report) -> list[Block]:
    blocks = [paragraph(report.title, "bold", _TITLE)]
    if report.subtitle:
        blocks.append(paragraph(report.subtitle, "regular", _SUBTITLE))
    for note in report.notes:
        blocks += [space(1.0), paragraph(note, "regular", _TEXT)]
    for section in report.sections:
        blocks += _section(section)
    return blocks


def _section(section: Section) -> list[Block]:
    heading = paragraph(section.heading, "bold", _HEADING, left=LEFT + 3.0)

    def bar(pen: Pen, y: float) -> None:
        pen.frame(Frame(Box(LEFT, y + 0.4, LEFT + 1.2, y + heading.height), 0.0, fill=0.0))
        heading.draw(pen, y)

    blocks = [space(6.0), Block(heading.height + 1.6, bar, holds=True)]
    if not section.lines:
        return [*blocks, paragraph(section.empty, "regular", _TEXT, grey=GREY)]
    return [*blocks, *(block for line in section.lines for block in _line(line))]


def _line(line: Line) -> list[Block]:
    """The label in its column and the text beside it; a text of many lines may go on over the page."""
    if not line.label:
        return [_ruled(paragraph(line.text, "regular", _TEXT))]
    labels = fonts.wrap(line.label, "bold", _TEXT, _LABEL - 3.0)
    lines = fonts.wrap(line.text, "regular", _TEXT, RIGHT - LEFT - _LABEL)
    count = max(len(labels), len(lines))

    def draw(pen: Pen, y: float) -> None:
        for at in range(count):
            base = y + at * line_height(_TEXT) + baseline(_TEXT)
            if at < len(labels):
                pen.text(LEFT, base, labels[at], "bold", _TEXT)
            if at < len(lines):
                pen.text(LEFT + _LABEL, base, lines[at], "regular", _TEXT)

    most = int((BOTTOM - _HEAD - 20.0) / line_height(_TEXT))
    if count <= most:
        return [_ruled(Block(count * line_height(_TEXT), draw))]
    parts = [" ".join(lines[at : at + most]) for at in range(0, len(lines), most)]
    return [block for part in parts for block in _line(Line(part, line.label))]


def _ruled(block: Block) -> Block:
    """A hairline below it."""

    def draw(pen: Pen, y: float) -> None:
        block.draw(pen, y + 0.9)
        foot = y + block.height + 1.8
        pen.rule(Rule(LEFT, foot, RIGHT, foot, width=0.12, grey=0.75))

    return Block(block.height + 1.8, draw)
