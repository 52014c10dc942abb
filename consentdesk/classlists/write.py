"""The way out for class consent lists: XLSX, encrypted if asked for, and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msoffcrypto
import xlsxwriter

from consentdesk.classlists.values import is_unwritable, neutralised
from consentdesk.errors import KnownError
from consentdesk.model.listing import ListRow, ListTable, Tint
from consentdesk.paths import write_whole

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_PASSWORD = 255
"""As many letters as Excel accepts."""

_A4 = 9
_PUPIL_WIDTHS = (18, 40)
_PURPOSE_WIDTH = 17
_CONDITIONS_WIDTH = 45
_LINE_HEIGHT = 15.0
_FOOTER_LENGTH = 80
KEY = "Only Yes allows, and with a condition only what the condition says. Everything else means no."


def write_xlsx(path: Path, table: ListTable, *, password: str | None = None) -> None:
    """Write the list as a workbook, whole or not at all; encrypted where a password is given.

    What is encrypted never touches the disk in the clear. Raises `KnownError` where the folder is missing or
    read-only, the disk is full, or the password is empty or longer than Excel accepts.
    """
    content = _workbook(table)
    if password is not None:
        content = _encrypted(content, password)
    with write_whole(path) as part:
        part.write_bytes(content)


def write_csv(path: Path, table: ListTable) -> None:
    """Write the list as CSV, whole or not at all: UTF-8 with a byte-order mark, so that Excel sees the accents.

    The title, the moment and the notes stand above the heading, where no sorting parts them from the list.
    Cells that a spreadsheet would run as a formula start with an apostrophe. Raises `KnownError` as above.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for line in (*_top(table), ""):
        writer.writerow([neutralised(line)])
    writer.writerow([neutralised(heading) for heading in _headings(table)])
    for row in table.rows:
        words = [cell.word for cell in row.cells]
        writer.writerow(
            [neutralised(text) for text in (row.pupil, row.class_name, *words, _conditions(table, row))]
        )
    with write_whole(path) as part:
        part.write_bytes(text.getvalue().encode("utf-8-sig"))


def _headings(table: ListTable) -> list[str]:
    return ["Pupil", "Class", *(column.heading for column in table.columns), "Conditions"]


def _top(table: ListTable) -> Iterator[str]:
    """The lines above the heading: what, where, when, how many, how to read it, and the notes."""
    yield table.title
    yield table.school
    yield table.as_at_line
    yield table.counts_line
    yield KEY
    yield from table.notes


def _conditions(table: ListTable, row: ListRow) -> str:
    """Every condition of a row with its purpose, word for word (rule C8)."""
    return "; ".join(
        f"{column.heading}: {cell.condition}"
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.condition
    )


def _workbook(table: ListTable) -> bytes:
    """The workbook in memory: xlsxwriter would otherwise spread the list over temporary files."""
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": table.title, "created": table.as_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("Consent list")
        plain = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        title = book.add_format({"bold": True, "font_size": 14, "quote_prefix": True})
        bold = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "quote_prefix": True}
        )
        tints = {
            tint: book.add_format(
                {
                    "bg_color": tint.colour,
                    "border": 1,
                    "text_wrap": True,
                    "valign": "top",
                    "quote_prefix": True,
                }
            )
            for tint in Tint
        }
        heading_at = _write_top(sheet, table, title, plain)
        for place, heading in enumerate(_headings(table)):
            _put(sheet, heading_at, place, heading, bold)
        for number, row in enumerate(table.rows, start=heading_at + 1):
            _put(sheet, number, 0, row.pupil, plain)
            _put(sheet, number, 1, row.class_name, plain)
            for place, cell in enumerate(row.cells, start=2):
                _put(sheet, number, place, f"{cell.shape.glyph} {cell.word}", tints[cell.tint])
            _put(sheet, number, 2 + len(row.cells), _conditions(table, row), plain)
        _set_up(sheet, table, heading_at)
    return content.getvalue()


def _write_top(sheet: Worksheet, table: ListTable, title: Format, plain: Format) -> int:
    """Write the lines above the heading, each across the whole width; the row of the heading, from 0."""
    last = len(_headings(table)) - 1
    letters_a_line = 20 + _PURPOSE_WIDTH * len(table.columns) + _CONDITIONS_WIDTH
    number = 0
    for number, line in enumerate(_top(table)):
        style = plain if number else title
        sheet.merge_range(number, 0, number, last, "", style)
        _put(sheet, number, 0, line, style)
        lines = sum(1 + len(part) // letters_a_line for part in line.split("\n"))
        sheet.set_row(number, (_LINE_HEIGHT if number else 20.0) * lines)
    return number + 2


def _put(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Write `text` as text, whatever it looks like, without what no XML file can hold."""
    written = "".join(letter for letter in text if letter == "\n" or not is_unwritable(letter))
    if sheet.write_string(row, column, written, style):
        raise ValueError("a text was too long for a cell, or the list for a sheet")


def _set_up(sheet: Worksheet, table: ListTable, heading_at: int) -> None:
    """Frozen heading, filter, widths, and print on A4 landscape with heading, moment and page on every page."""
    last_row, last_column = heading_at + len(table.rows), len(_headings(table)) - 1
    shortest, longest = _PUPIL_WIDTHS
    names = max((len(row.pupil) for row in table.rows), default=0)
    sheet.set_column(0, 0, min(max(names + 2, shortest), longest))
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, last_column - 1, _PURPOSE_WIDTH)
    sheet.set_column(last_column, last_column, _CONDITIONS_WIDTH)
    sheet.freeze_panes(heading_at + 1, 1)
    sheet.autofilter(heading_at, 0, last_row, last_column)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_at)
    sheet.print_area(0, 0, last_row, last_column)
    title = table.title[:_FOOTER_LENGTH].replace("&", "&&")
    sheet.set_footer(f"&L{table.as_at_line}&C{title}&RPage &P of &N")


def _encrypted(content: bytes, password: str) -> bytes:
    """`content` under ECMA-376 agile encryption: AES-256 and SHA-512, 100,000 rounds for the password."""
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise KnownError(
            f"a password for a workbook has 1 to {LONGEST_PASSWORD} letters",
            "nothing was written",
            "choose another password",
        )
    sealed = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(content)).encrypt(password, sealed)
    return sealed.getvalue()
