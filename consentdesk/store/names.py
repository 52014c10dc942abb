"""Everybody's name at once, folded for matching: what a search by name looks through (rule D5)."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from consentdesk.store.database import Database
from consentdesk.store.tables import pupil as table


class NameRow(NamedTuple):
    """One pupil as a search knows them: `parts` are the names they go by, `folded` all of them, apart by `|`."""

    id: str
    parts: tuple[str, ...]
    class_name: str
    left: bool
    folded: str
    numbers: tuple[str, ...]


def everybody(db: Database) -> list[NameRow]:
    """All pupils by surname, who has left at the end; their UPN and admission number are `numbers`."""
    c = table.c
    wanted = sa.select(
        c.id, c.legal_first, c.legal_last, c.preferred_first, c.preferred_last, c.class_name, c.has_left,
        c.folded, c.upn, c.admission_number,
    ).order_by(c.has_left, c.sort_last, c.sort_first, c.id)  # fmt: skip
    found = []
    for row in db.office.rows(wanted):
        parts = (row.preferred_first or row.legal_first, row.preferred_last or row.legal_last)
        numbers = tuple(one for one in (row.upn, row.admission_number) if one)
        named = tuple(part for part in parts if part)
        found.append(NameRow(row.id, named, row.class_name, row.has_left, row.folded, numbers))
    return found
