"""A report as data: a title, sections of lines with a label each, and the sentences that travel with it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One line: `label` stands left of `text`; a line without a label is text alone."""

    text: str
    label: str = ""


class Section(msgspec.Struct, frozen=True):
    """Lines under a heading; `empty` is said where there are none."""

    heading: str
    lines: tuple[Line, ...]
    empty: str = "Nothing."


class Report(msgspec.Struct, frozen=True):
    """What is printed upright on A4. `as_at` is aware and shown as it stands."""

    title: str
    subtitle: str
    school: str
    as_at: datetime
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    foot: str = ""
