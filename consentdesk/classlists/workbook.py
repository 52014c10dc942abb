"""Class lists as XLSX workbooks: which sheet holds the pupils, and its lines."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import openpyxl
from defusedxml.ElementTree import ParseError

from consentdesk.classlists.tables import MOST_COLUMNS, MOST_ROWS, Line, Table, find_heading
from consentdesk.classlists.textfile import over_limits
from consentdesk.errors import KnownError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_UNPACKED_BYTES = 60_000_000
"""Twice what 20,000 lines of forty columns take."""
MOST_PARTS = 2_000
MOST_SHEETS = 60
ROWS_OF_EXCEL = 1_048_576
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    struct.error,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What openpyxl and zipfile raise on damaged workbooks: they have no error of their own."""


def read_workbook(untrusted_bytes: bytes, name: str) -> Table:
    """The lines of the sheet that holds the pupils, in a workbook called `name`.

    Dates come as ISO text, whole numbers without a point. Of several sheets with a heading for names, the one
    with most known headings is read and the others are named in the remarks. Raises `KnownError` where the
    file is damaged, no workbook, or over the limits.
    """
    _check_size(untrusted_bytes, name)
    sheets = _sheets(untrusted_bytes, name)
    headed = [(title, lines, heading) for title, lines in sheets if (heading := find_heading(lines))]
    if not headed:
        title, lines = max(sheets, key=lambda sheet: len(sheet[1]), default=("", ()))
        return Table(lines, sheet=title)
    title, lines, _ = max(headed, key=lambda sheet: (len(sheet[2].header.columns), bool(sheet[2].below)))
    others = [other for other, _, _ in headed if other != title]
    remarks: tuple[str, ...] = ()
    if others:
        names = ", ".join(f"“{other}”" for other in others)
        remarks = (f"Only the sheet “{title}” was read; these name people too and were left out: {names}.",)
    return Table(lines, sheet=title, remarks=remarks)


def _check_size(untrusted_bytes: bytes, name: str) -> None:
    """Refuse a zip bomb by what its directory says; zipfile never unpacks more than that."""
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted_bytes)) as archive:
            parts = archive.infolist()
    except _DAMAGE as error:
        raise _damaged(name) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise over_limits(name)
    if not any(part.filename.startswith("xl/") for part in parts):
        raise KnownError(
            f"the file {name} is not an Excel workbook",
            "nothing was changed",
            "save the class list as XLSX or CSV and import that",
        )


def _sheets(untrusted_bytes: bytes, name: str) -> list[tuple[str, tuple[Line, ...]]]:
    """The visible sheets by title, with their lines that hold anything."""
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it leaves out; only the values matter here.
        warnings.simplefilter("ignore", UserWarning)
        try:
            book = openpyxl.load_workbook(io.BytesIO(untrusted_bytes), read_only=True, data_only=True)
        except _DAMAGE as error:
            raise _damaged(name) from error
        with closing(book):
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if len(visible) > MOST_SHEETS:
                raise over_limits(name)
            return [(sheet.title, tuple(_lines(sheet, name))) for sheet in visible]


def _lines(sheet: Worksheet, name: str) -> Iterator[Line]:
    filled = blank = 0
    for number, row in enumerate(_rows(sheet, name), start=1):
        if not any(row):
            blank += 1
            if blank > MOST_ROWS:
                # A formatted but empty sheet goes on to its millionth row; nobody's pupils stand below such a gap.
                return
            continue
        blank = 0
        line = Line(number, tuple(_text(value) for value in row))
        if line.is_blank:
            continue
        filled += 1
        if filled > MOST_ROWS or any(cell.strip() for cell in line.cells[MOST_COLUMNS:]):
            raise over_limits(name)
        yield line


def _rows(sheet: Worksheet, name: str) -> Iterator[tuple[object, ...]]:
    """The values of every row; openpyxl unpacks them one by one, and meets damage on the way."""
    # Both limits are given because what a workbook says of its own size is often wrong.
    rows = sheet.iter_rows(max_row=ROWS_OF_EXCEL, max_col=MOST_COLUMNS + 1, values_only=True)
    while True:
        try:
            row = next(rows, None)
        except _DAMAGE as error:
            raise _damaged(name) from error
        if row is None:
            return
        yield row


def _text(value: object) -> str:
    """A cell's value as text, dates in ISO order, so that day and month cannot be mistaken any more."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _damaged(name: str) -> KnownError:
    return KnownError(
        f"the file {name} is damaged or not a whole Excel workbook",
        "nothing was changed",
        "open it in a spreadsheet, save it again as XLSX or CSV and import that",
    )
