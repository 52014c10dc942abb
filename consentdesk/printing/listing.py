"""The class consent list as PDF: a row a pupil, a column a purpose; words, signs, tints (rules C8, C9)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.layout import A4, Box, Rule
from consentdesk.model.listing import ListCell, ListRow, ListTable
from consentdesk.printing import fonts, listing_notes, locked, shapes
from consentdesk.printing.draw import Pen
from consentdesk.printing.style import ASCENT, DESCENT, ems_to_mm

_WIDTH, _HEIGHT = A4[1], A4[0]
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, _WIDTH - 12.0, 11.0, _HEIGHT - 15.0
_NAME = 52.0
_NARROWEST, _WIDEST = 15.5, 42.0
_BESIDE = 24.0  # a column this wide has its words beside the sign, a narrower one below it
_PAD = 1.3
_TITLE, _CLASS, _TEXT, _SMALL = 16.0, 12.5, 9.0, 7.5
_GREY = 0.3
_BAND = "#e4e7eb"
_HAIRLINE = 0.15


class _Part(NamedTuple):
    """What is never split over two pages: a pupil's row of cells (no `line`), or one line of a condition.

    `height` in mm; `cells` is as much of it as the tint of the cells takes.
    """

    height: float
    row: ListRow
    cells: float = 0.0
    line: str = ""
    label: str = ""


class _Page(NamedTuple):
    """One page: its class, which of the table's columns it shows, and its parts from the top down."""

    class_name: str
    columns: tuple[int, ...]
    parts: tuple[_Part, ...]
    first: bool


def write_listing(path: Path, table: ListTable, password: str | None = None) -> None:
    """Write `table` as PDF (A4 across), each class on pages of its own; a password encrypts it with AES-256.

    Raises `KnownError` where the file cannot be written, or a name or condition has a character that no face
    has.
    """
    content = listing_pdf(table)
    if password is not None:
        content = locked.encrypted(content, password)
    with paths.write_whole(path) as part:
        part.write_bytes(content)


def listing_pdf(table: ListTable) -> bytes:
    """The PDF of `table`, not encrypted. Raises `KnownError` as `write_listing` does."""
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang="en"))
    pen.describe(table.title)
    try:
        pages = _pages(table)
        room = _BOTTOM - _band_top(table, first=False)
        ends = listing_notes.end_pages(table.notes, _TEXT, _RIGHT - _LEFT, room)
        count = len(pages) + len(ends)
        for number, page in enumerate(pages, start=1):
            pen.start_page(_WIDTH, _HEIGHT)
            _draw_page(pen, table, page)
            _draw_foot(pen, table, f"Page {number} of {count}")
            pen.end_page()
        for number, lines in enumerate(ends, start=len(pages) + 1):
            pen.start_page(_WIDTH, _HEIGHT)
            _draw_end(pen, table, lines)
            _draw_foot(pen, table, f"Page {number} of {count}")
            pen.end_page()
    except fonts.MissingGlyph as missing:
        raise _unprintable(table, missing) from missing
    pen.save()
    return file.getvalue()


def _unprintable(table: ListTable, missing: fonts.MissingGlyph) -> KnownError:
    character = missing.character
    whose = next(
        (
            row.pupil
            for row in table.rows
            if character in row.pupil or any(character in (cell.condition or "") for cell in row.cells)
        ),
        "",
    )
    return KnownError(
        f"{'the row of ' + whose if whose else 'the list'} has a character that cannot be printed: {missing}",
        "nothing was written",
        "export to .xlsx instead, or write it without that character",
    )


def _column_width(columns: tuple[int, ...]) -> float:
    return min(_WIDEST, (_RIGHT - _LEFT - _NAME) / max(len(columns), 1))


def _line_height(size: float) -> float:
    return ems_to_mm(listing_notes.LEADING, size)


def _column_sets(count: int) -> list[tuple[int, ...]]:
    """The columns in as few sets as pages are wide enough for, about equally many in each."""
    most = int((_RIGHT - _LEFT - _NAME) / _NARROWEST)
    sets = max(1, -(-count // most))
    share = max(1, -(-count // sets))
    return [tuple(range(start, min(start + share, count))) for start in range(0, max(count, 1), share)]


def _pages(table: ListTable) -> list[_Page]:
    pages: list[_Page] = []
    for class_name, group in groupby(table.rows, key=lambda row: row.class_name):
        rows = list(group)
        for columns in _column_sets(len(table.columns)):
            for parts in _fill_pages(table, columns, rows, starts=not pages):
                pages.append(_Page(class_name, columns, parts, first=not pages))
    return pages or [_Page("", (), (), first=True)]


def _fill_pages(
    table: ListTable, columns: tuple[int, ...], rows: list[ListRow], *, starts: bool
) -> Iterator[tuple[_Part, ...]]:
    """The parts of each page. A pupil's conditions stay with the row, unless they fill more than a page."""
    whole = _BOTTOM - _body_top(table, columns, first=False)
    left = _BOTTOM - _body_top(table, columns, first=starts)
    page: list[_Part] = []
    for row in rows:
        parts = _parts(table, row, columns)
        together = sum(part.height for part in parts)
        for at, part in enumerate(parts):
            needed = together if at == 0 and together <= whole else part.height
            if needed > left:
                yield tuple(page)
                page, left = [], whole
            if part.height > whole:
                raise KnownError(
                    f"the name {row.pupil[:40]}… is too long for a list",
                    "nothing was written",
                    "shorten it in the list of pupils, or export to .xlsx",
                )
            page.append(part)
            left -= part.height
    yield tuple(page)


def _word_size(width: float) -> float:
    return _TEXT if width >= _BESIDE else _SMALL


def _cell_lines(cell: ListCell, width: float) -> tuple[str, ...]:
    room = width - 2 * _PAD - (shapes.SIZE + 1.2 if width >= _BESIDE else 0)
    return fonts.wrap(cell.word, "regular", _word_size(width), room)


def _name_lines(row: ListRow) -> tuple[str, ...]:
    return fonts.wrap(row.pupil, "bold", _TEXT, _NAME - 2 * _PAD)


def _heading_lines(table: ListTable, columns: tuple[int, ...]) -> list[tuple[str, ...]]:
    width = _column_width(columns)
    size = min(_TEXT, _word_size(width) + 0.5)
    return [fonts.wrap(table.columns[at].heading, "bold", size, width - 2 * _PAD) for at in columns]


def _parts(table: ListTable, row: ListRow, columns: tuple[int, ...]) -> list[_Part]:
    width = _column_width(columns)
    height = len(_name_lines(row)) * _line_height(_TEXT)
    for at in columns:
        words = len(_cell_lines(row.cells[at], width)) * _line_height(_word_size(width))
        height = max(height, shapes.SIZE, words if width >= _BESIDE else words + shapes.SIZE + 0.5)
    parts = [_Part(height + 2 * _PAD, row, height + 2 * _PAD)]
    for at in columns:
        condition = row.cells[at].condition
        if condition:
            label = f"{table.columns[at].heading}: "
            room = _RIGHT - _condition_left(label) - _PAD
            for number, line in enumerate(fonts.wrap(f"“{condition}”", "regular", _TEXT, room)):
                parts.append(_Part(_line_height(_TEXT), row, 0.0, line, label if number == 0 else ""))
    if len(parts) > 1:
        parts[0] = parts[0]._replace(height=parts[0].height + _PAD)
        parts[-1] = parts[-1]._replace(height=parts[-1].height + _PAD)
    return parts


def _condition_left(label: str) -> float:
    return _LEFT + _NAME + _PAD + fonts.width(label, "bold", _TEXT) + 1.2


def _note_lines(table: ListTable) -> list[str]:
    return listing_notes.brief_lines(table.notes, _TEXT, _RIGHT - _LEFT)


def _band_top(table: ListTable, *, first: bool) -> float:
    top = _TOP + ems_to_mm(1.2, _TITLE) + ems_to_mm(1.25, _CLASS) + 2.0
    notes = len(_note_lines(table)) if first else 0
    return top + (notes * _line_height(_TEXT) + 2.0 if notes else 0.0)


def _body_top(table: ListTable, columns: tuple[int, ...], *, first: bool) -> float:
    deepest = max((len(lines) for lines in _heading_lines(table, columns)), default=1)
    return _band_top(table, first=first) + deepest * _line_height(_TEXT) + 2 * _PAD


def _draw_page(pen: Pen, table: ListTable, page: _Page) -> None:
    _draw_head(pen, table, page)
    y = _body_top(table, page.columns, first=page.first)
    _draw_band(pen, table, page.columns, _band_top(table, first=page.first), y)
    for at, part in enumerate(page.parts):
        if part.line or part.label:
            _draw_condition(pen, part, y)
        else:
            _draw_row(pen, part, page.columns, y)
        y += part.height
        if at + 1 == len(page.parts) or not page.parts[at + 1].line:
            pen.rule(Rule(_LEFT, y, _table_right(page.columns), y, width=_HAIRLINE, grey=0.45))
    if not page.parts:
        pen.text(_LEFT, y + 5, "There is no pupil on this list.", "regular", _TEXT)


def _draw_end(pen: Pen, table: ListTable, lines: list[str]) -> None:
    _draw_head(pen, table, _Page("", (), (), first=False))
    y = _band_top(table, first=False)
    for line in lines:
        y += _line_height(_TEXT)
        pen.text(_LEFT, y, line, "regular", _TEXT)


def _draw_foot(pen: Pen, table: ListTable, page_label: str) -> None:
    foot = _HEIGHT - 8.0
    pen.text(_LEFT, foot, f"{table.title} · {table.as_at_line}", "regular", _SMALL, _GREY)
    _right_text(pen, _RIGHT, foot, page_label, "regular", _SMALL, _GREY)


def _right_text(
    pen: Pen, right: float, y: float, text: str, role: str, size: float, grey: float = 0.0
) -> None:
    pen.text(right - fonts.width(text, role, size), y, text, role, size, grey)


def _draw_head(pen: Pen, table: ListTable, page: _Page) -> None:
    y = _TOP + ems_to_mm(ASCENT, _TITLE)
    pen.text(_LEFT, y, table.title, "bold", _TITLE)
    _right_text(pen, _RIGHT, y, table.as_at_line, "bold", _TEXT + 1)
    y += ems_to_mm(1.25, _CLASS) + 0.8
    school = f"Class {page.class_name} · {table.school}" if page.class_name else table.school
    pen.text(_LEFT, y, school, "regular", _CLASS)
    _right_text(pen, _RIGHT, y, table.counts_line, "regular", _TEXT + 1)
    y += 2.6
    if page.first:
        for line in _note_lines(table):
            y += _line_height(_TEXT)
            pen.text(_LEFT, y, line, "regular", _TEXT)


def _table_right(columns: tuple[int, ...]) -> float:
    return _LEFT + _NAME + _column_width(columns) * len(columns) if columns else _RIGHT


def _draw_band(pen: Pen, table: ListTable, columns: tuple[int, ...], top: float, bottom: float) -> None:
    width = _column_width(columns)
    size = min(_TEXT, _word_size(width) + 0.5)
    pen.fill(Box(_LEFT, top, _table_right(columns), bottom), _BAND)
    base = bottom - _PAD - ems_to_mm(DESCENT, size)
    pen.text(_LEFT + _PAD, base, "Pupil", "bold", _TEXT)
    x = _LEFT + _NAME
    for lines in _heading_lines(table, columns):
        for at, line in enumerate(reversed(lines)):
            pen.text(x + _PAD, base - at * _line_height(size), line, "bold", size)
        x += width


def _draw_row(pen: Pen, part: _Part, columns: tuple[int, ...], top: float) -> None:
    width = _column_width(columns)
    size = _word_size(width)
    first = top + _PAD + ems_to_mm(ASCENT, _TEXT) + 0.2
    for at, line in enumerate(_name_lines(part.row)):
        pen.text(_LEFT + _PAD, first + at * _line_height(_TEXT), line, "bold", _TEXT)
    x = _LEFT + _NAME
    for column in columns:
        cell = part.row.cells[column]
        # The tint leaves a white seam, so that neighbours of one tint stay two cells.
        pen.fill(Box(x + 0.2, top + 0.2, x + width - 0.2, top + part.cells - 0.2), cell.tint.colour)
        shapes.draw_shape(pen, cell.shape, x + _PAD, top + _PAD)
        beside = width >= _BESIDE
        words_x = x + _PAD + (shapes.SIZE + 1.2 if beside else 0.0)
        words_y = first if beside else top + _PAD + shapes.SIZE + 0.5 + ems_to_mm(ASCENT, size)
        for at, line in enumerate(_cell_lines(cell, width)):
            pen.text(words_x, words_y + at * _line_height(size), line, "regular", size)
        x += width


def _draw_condition(pen: Pen, part: _Part, top: float) -> None:
    baseline = top + ems_to_mm(ASCENT, _TEXT)
    if part.label:
        pen.text(_LEFT + _NAME + _PAD, baseline, part.label, "bold", _TEXT)
        pen.text(_condition_left(part.label), baseline, part.line, "regular", _TEXT)
    else:
        pen.text(_LEFT + _NAME + _PAD + 4, baseline, part.line, "regular", _TEXT)
