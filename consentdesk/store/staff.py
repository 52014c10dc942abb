"""Staff and volunteers as the school holds them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from consentdesk.model.people import fold
from consentdesk.model.staff import StaffMember
from consentdesk.store.database import Database
from consentdesk.store.tables import staff as table


def add_staff(db: Database, member: StaffMember) -> None:
    """Write down somebody new."""
    db.office.write(table.insert(), [_row_of(member)])


def update_staff(db: Database, member: StaffMember) -> None:
    """Keep `member` as they are now. Raises `KeyError` where the id is unknown."""
    if not db.office.write(table.update().where(table.c.id == member.id), _row_of(member)):
        raise KeyError(member.id)


def staff(db: Database, *, include_left: bool = False) -> list[StaffMember]:
    """Everybody who works here, by last name; those who have left too where asked for."""
    wanted = sa.select(table)
    if not include_left:
        wanted = wanted.where(table.c.left_on.is_(None))
    return sorted(map(_member, db.office.rows(wanted)), key=lambda one: (one.sort_key, one.id))


def staff_member(db: Database, staff_id: str) -> StaffMember | None:
    """The one with this id, whether they work here still or not."""
    row = db.office.one(sa.select(table).where(table.c.id == staff_id))
    return None if row is None else _member(row)


def find_staff(db: Database, text: str) -> list[StaffMember]:
    """Whom `text` may mean: an id as it stands, else every word as part of a name, in any spelling."""
    known = staff_member(db, text.strip())
    if known is not None:
        return [known]
    words = fold(text).split()
    return [
        one for one in staff(db, include_left=True) if words and all(word in fold(one.name) for word in words)
    ]


def _member(row: Any) -> StaffMember:
    return StaffMember(row.id, row.name, row.role, row.volunteer, row.since, row.left_on)


def _row_of(member: StaffMember) -> dict[str, object]:
    return {
        "id": member.id,
        "name": member.name,
        "role": member.role,
        "volunteer": member.volunteer,
        "since": member.since,
        "left_on": member.left,
    }
