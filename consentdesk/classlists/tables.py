"""A class list as plain lines of cells, before anybody knows what they mean, and the heading among them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from consentdesk.classlists.headers import Header, plain_heading, understand

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_BYTES = 50_000_000
MOST_LINES = 10 * MOST_ROWS
"""Empty ones and the lines within cells among them."""
MOST_CELLS = MOST_ROWS * MOST_COLUMNS // 2
LONGEST_SAID = 60
HEADING_WITHIN = 20
"""Title lines above the heading: it stands among the first 20 lines that hold anything."""


class Line(NamedTuple):
    """One line of cells; `number` is where it starts in the file, or its row in the sheet, from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


class Table(msgspec.Struct, frozen=True):
    """The cells of a file and how they were read: `encoding` and `separator` of text, `sheet` of a workbook.

    `remarks` are sentences about the whole file that a person should see.
    """

    lines: tuple[Line, ...]
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    remarks: tuple[str, ...] = ()


class Headed(NamedTuple):
    """A table taken apart at its heading: the lines above, the heading, the lines below."""

    above: tuple[Line, ...]
    header: Header
    below: tuple[Line, ...]


def find_heading(lines: Sequence[Line]) -> Headed | None:
    """The heading: of the first 20 lines with anything in them, the one with a name and most known words.

    None where no line has a heading for a name.
    """
    best: Headed | None = None
    for place in [place for place, line in enumerate(lines) if not line.is_blank][:HEADING_WITHIN]:
        header = understand(lines[place].cells[:MOST_COLUMNS])
        if header.has_name and (best is None or len(header.columns) > len(best.header.columns)):
            best = Headed(tuple(lines[:place]), header, tuple(lines[place + 1 :]))
    return best


def likely_headings(lines: Sequence[Line]) -> tuple[str, ...]:
    """The cells of the fullest line at the top, for saying what was found where no name was among it."""
    tops = [line for line in lines if not line.is_blank][:HEADING_WITHIN]
    if not tops:
        return ()
    widest = max(tops, key=lambda line: sum(bool(cell.strip()) for cell in line.cells))
    return tuple(" ".join(cell.split()) for cell in widest.cells if cell.strip())


def said_above(lines: Sequence[Line], labels: Collection[str]) -> str:
    """What title lines say after one of `labels`, as `Class: 4B`, `Class 4B` or in two cells; else empty."""
    for line in lines:
        cells = [" ".join(cell.split()) for cell in line.cells if cell.strip()]
        for place, cell in enumerate(cells):
            label, colon, value = cell.partition(":")
            if plain_heading(label) in labels and (colon or len(cells) > place + 1):
                said = value.strip() or (cells[place + 1] if len(cells) > place + 1 else "")
                return said if len(said) <= LONGEST_SAID else ""
            words = cell.split(" ")
            if len(cells) == 1 and len(words) == 2 and plain_heading(words[0]) in labels:  # noqa: PLR2004
                return words[1] if re.search(r"\d", words[1]) else ""
    return ""
