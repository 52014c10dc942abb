"""Class lists as text: which encoding and separator a CSV file uses, and its lines."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from itertools import islice

from consentdesk.classlists.headers import understand
from consentdesk.classlists.tables import (
    HEADING_WITHIN,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_ROWS,
    Line,
    Table,
)
from consentdesk.classlists.values import unguarded
from consentdesk.errors import KnownError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_TEXT_CONTROLS = "\t\n\r\f\v\x1a"


def read_text(untrusted_bytes: bytes, name: str) -> Table:
    """The lines of a CSV file called `name`, in whichever encoding and separator it uses.

    Raises `KnownError` where it is no text that we can read, its quotation marks do not pair up, or it is
    over the limits.
    """
    text, encoding = decode(untrusted_bytes, name)
    # Told by counting, before anything is taken apart: millions of cells or lines would take minutes.
    if text.count("\n") > MOST_LINES or any(text.count(mark) > MOST_CELLS for mark in SEPARATORS):
        raise over_limits(name)
    separator = _separator(text)
    remarks: tuple[str, ...] = ()
    if encoding == "Windows-1252":
        remarks = ("The file does not say its encoding; it was read as Windows-1252, so check the accents.",)
    return Table(
        tuple(_lines(text, separator, name)),
        encoding=encoding,
        separator=SEPARATORS[separator],
        remarks=remarks,
    )


def decode(untrusted_bytes: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding: by its byte-order mark, else UTF-8, else Windows-1252.

    Windows-1252 holds all that ISO-8859-1 can print. Raises `KnownError` where none fits.
    """
    for mark, codec, encoding in _BYTE_ORDER_MARKS:
        if untrusted_bytes.startswith(mark):
            return _decoded(untrusted_bytes, codec, name), encoding
    try:
        text, encoding = untrusted_bytes.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        text, encoding = _decoded(untrusted_bytes, "cp1252", name), "Windows-1252"
    if any(unicodedata.category(letter) == "Cc" and letter not in _TEXT_CONTROLS for letter in set(text)):
        raise _unreadable(name)
    return text.rstrip("\x1a"), encoding


def _decoded(untrusted_bytes: bytes, codec: str, name: str) -> str:
    try:
        return untrusted_bytes.decode(codec)
    except UnicodeDecodeError as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> KnownError:
    return KnownError(
        f"the file {name} is in an encoding that could not be read",
        "nothing was changed",
        "save it again as “CSV UTF-8” or as XLSX and import that",
    )


def _separator(text: str) -> str:
    """The separator under which the top of `text` makes most sense as a heading, else most cells."""

    def sense(separator: str) -> tuple[int, int]:
        try:
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            tops = list(islice(filter(any, lines), HEADING_WITHIN))
        except csv.Error:
            return (0, 0)
        headers = [understand(cells[:MOST_COLUMNS]) for cells in tops]
        return (
            max((len(header.columns) for header in headers if header.has_name), default=0),
            max((len(cells) for cells in tops), default=0),
        )

    return max(SEPARATORS, key=sense)


def _lines(text: str, separator: str, name: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = filled = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise KnownError(
                f"the file {name} is not a class list that can be read: "
                f"the quotation marks from line {before + 1} on do not pair up",
                "nothing was changed",
                "open it in a spreadsheet, check that line, save it again and import that",
            ) from error
        if cells is None:
            return
        line = Line(before + 1, tuple(unguarded(cell) for cell in cells))
        before = reader.line_num
        if line.is_blank:
            continue
        filled += 1
        if filled > MOST_ROWS or any(cell.strip() for cell in cells[MOST_COLUMNS:]):
            raise over_limits(name)
        yield line


def over_limits(name: str) -> KnownError:
    """The error for a list that is too large to be one school's."""
    return KnownError(
        f"the file {name} has more than {MOST_ROWS:,} lines or {MOST_COLUMNS} columns: no class list is so large",
        "nothing was changed",
        "export the pupils alone, or in parts",
    )
