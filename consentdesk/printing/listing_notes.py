"""The notes of a consent list: short ones above the first table, long ones in full on pages at the end (rule C9)."""

from __future__ import annotations

from collections.abc import Sequence

from consentdesk.printing import fonts
from consentdesk.printing.style import ems_to_mm

LEADING = 1.18
_MOST_LINES = 2


def brief_lines(notes: Sequence[str], size: float, width: float) -> list[str]:
    """The lines above the first table: each note, or where it is long what it is about and where it stands.

    `size` in points, `width` in mm.
    """
    lines: list[str] = []
    for note in notes:
        whole = fonts.wrap(note, "regular", size, width)
        if len(whole) > _MOST_LINES:
            whole = fonts.wrap(f"{_subject(note)}: named at the end of this list.", "regular", size, width)
        lines += whole
    return lines


def end_pages(notes: Sequence[str], size: float, width: float, height: float) -> list[list[str]]:
    """The lines of each page at the end, for the notes that are too long to stand above the table."""
    lines: list[str] = []
    for note in notes:
        whole = fonts.wrap(note, "regular", size, width)
        if len(whole) > _MOST_LINES:
            lines += [*whole, ""]
    fit = max(1, int(height / ems_to_mm(LEADING, size)))
    return [lines[at : at + fit] for at in range(0, len(lines), fit)]


def _subject(note: str) -> str:
    """What a note is about: its words before the colon that opens its list."""
    return note.split(":", maxsplit=1)[0]
