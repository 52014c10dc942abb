"""The class consent list as data, and the words, shapes and tints that each status is shown with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from consentdesk.model.consent import StatusWord


class Shape(StrEnum):
    """The sign in front of the word, so that a cell can be told without colour and without reading.

    Only `tick` means that something is allowed. A page draws its own; `glyph` is the sign for cells of text.
    """

    TICK = "tick"
    TICK_IN_BRACKETS = "tick-in-brackets"
    CROSS = "cross"
    BARRED = "barred"
    WAITING = "waiting"
    DASH = "dash"

    @property
    def glyph(self) -> str:
        """The sign as text."""
        return _GLYPHS[self]


_GLYPHS = {
    Shape.TICK: "\u2713",
    Shape.TICK_IN_BRACKETS: "(\u2713)",
    Shape.CROSS: "\u2717",
    Shape.BARRED: "\u2298",
    Shape.WAITING: "\u2026",
    Shape.DASH: "\u2013",
}


class Tint(StrEnum):
    """The background of a cell. A plain yes has none; the rest darken as they warn, in grey as in colour."""

    QUIET = "quiet"
    LIMITED = "limited"
    OPEN = "open"
    STOP = "stop"

    @property
    def colour(self) -> str:
        """The background as `#rrggbb`; black text on it keeps a contrast of at least 7 to 1."""
        return _COLOURS[self]


_COLOURS = {Tint.QUIET: "#ffffff", Tint.LIMITED: "#fff3cd", Tint.OPEN: "#dfe3e8", Tint.STOP: "#f0b8ae"}


class ListCell(msgspec.Struct, frozen=True):
    """One pupil and purpose as shown. `condition` is the handwritten one, word for word (rule C8)."""

    word: str
    shape: Shape
    tint: Tint
    acts_as: Literal["yes", "no"]
    condition: str | None = None


class ListColumn(msgspec.Struct, frozen=True):
    """One purpose, by its id, and the words that head its column."""

    purpose: str
    heading: str


class ListRow(msgspec.Struct, frozen=True):
    """One pupil by display name, with one cell for each column of the table, in its order."""

    pupil: str
    class_name: str
    cells: tuple[ListCell, ...]


class ListCounts(msgspec.Struct, frozen=True):
    """How many pupils the list names, and of how many a slip has come back or is still out."""

    pupils: int
    returned: int
    outstanding: int


class ListTable(msgspec.Struct, frozen=True):
    """The class consent list as at one moment (rule C9).

    `as_at` carries its time zone and is shown as it stands. `notes` are whole sentences that must travel with
    the list, such as which slips were not reviewed when it was made.
    """

    title: str
    school: str
    as_at: datetime
    columns: tuple[ListColumn, ...]
    rows: tuple[ListRow, ...]
    counts: ListCounts
    notes: tuple[str, ...] = ()

    @property
    def as_at_line(self) -> str:
        """The moment in words, for the head of the list."""
        moment = self.as_at
        zone = moment.tzname() or ""
        return f"As at {moment.day} {moment:%B %Y, %H:%M} {zone}".rstrip()

    @property
    def counts_line(self) -> str:
        """The counts in words, for the head of the list."""
        counts = self.counts
        pupils = "1 pupil" if counts.pupils == 1 else f"{counts.pupils} pupils"
        return f"{pupils}: {counts.returned} returned, {counts.outstanding} outstanding"


_SHOWN: dict[StatusWord, tuple[str, Shape, Tint]] = {
    StatusWord.RESTRICTED: ("No, restricted", Shape.BARRED, Tint.STOP),
    StatusWord.WITHDRAWN: ("Withdrawn", Shape.BARRED, Tint.STOP),
    StatusWord.NO: ("No", Shape.CROSS, Tint.STOP),
    StatusWord.CONFLICTING: ("No, answers differ", Shape.CROSS, Tint.STOP),
    StatusWord.PENDING: ("Not yet, pending", Shape.WAITING, Tint.OPEN),
    StatusWord.AWAITING_REVIEW: ("Not yet, in review", Shape.WAITING, Tint.OPEN),
    StatusWord.UNSIGNED: ("Not signed", Shape.WAITING, Tint.OPEN),
    StatusWord.UNCONFIRMED: ("Not confirmed", Shape.WAITING, Tint.OPEN),
    StatusWord.EXPIRED: ("No longer, expired", Shape.DASH, Tint.OPEN),
    StatusWord.YES: ("Yes", Shape.TICK, Tint.QUIET),
    StatusWord.NO_REPLY: ("No reply", Shape.DASH, Tint.OPEN),
    StatusWord.NOT_ASKED: ("Not asked", Shape.DASH, Tint.OPEN),
}


def cell_for(status: StatusWord, condition: str | None = None) -> ListCell:
    """How `status` is shown. A condition narrows a yes, so it never looks like a plain one (rule C8)."""
    word, shape, tint = _SHOWN[status]
    if status is not StatusWord.YES:
        return ListCell(word, shape, tint, "no", condition)
    if condition:
        return ListCell("Yes, but see condition", Shape.TICK_IN_BRACKETS, Tint.LIMITED, "yes", condition)
    return ListCell(word, shape, tint, "yes")


def shown_statuses() -> tuple[tuple[StatusWord, ListCell], ...]:
    """Every status with its cell, in the order of rule C2: the key that explains a list."""
    return tuple((status, cell_for(status)) for status in StatusWord)
