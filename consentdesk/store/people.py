"""Pupils and guardians as the school holds them, found by class, by id, and by name in any spelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from consentdesk.model.people import Guardian, Pupil, class_key, class_order, fold, sort_key
from consentdesk.store.database import Database
from consentdesk.store.tables import guardian as guardian_table
from consentdesk.store.tables import pupil as table


def add_pupils(db: Database, pupils: Sequence[Pupil], guardians: Sequence[Guardian] = ()) -> None:
    """Write down new pupils with their guardians, all of them or none."""
    with db.writing():
        if pupils:
            db.office.write(table.insert(), [_row_of(pupil) for pupil in pupils])
        if guardians:
            db.office.write(guardian_table.insert(), _guardian_rows(guardians))


def update_pupil(db: Database, pupil: Pupil) -> None:
    """Keep `pupil` as they are now. Raises `KeyError` where the id is unknown."""
    if not db.office.write(table.update().where(table.c.id == pupil.id), _row_of(pupil)):
        raise KeyError(pupil.id)


def set_guardians(db: Database, pupil_id: str, guardians: Sequence[Guardian]) -> None:
    """Put `guardians`, in their order, in place of those known for the pupil."""
    if any(guardian.pupil_id != pupil_id for guardian in guardians):
        raise ValueError("a guardian belongs to one pupil")
    with db.writing():
        db.office.write(guardian_table.delete().where(guardian_table.c.pupil == pupil_id))
        if guardians:
            db.office.write(guardian_table.insert(), _guardian_rows(guardians))


def pupils(db: Database, *, school_class: str | None = None, include_left: bool = False) -> list[Pupil]:
    """The pupils on the roll by class and surname; of one class where named (`4 b` means `4B`)."""
    wanted = sa.select(table).order_by(table.c.sort_last, table.c.sort_first, table.c.id)
    if school_class is not None:
        wanted = wanted.where(table.c.class_key == class_key(school_class))
    if not include_left:
        wanted = wanted.where(table.c.has_left.is_(False))
    return _by_class(db.office.rows(wanted))


def pupil(db: Database, pupil_id: str) -> Pupil | None:
    """The pupil with this id, on the roll or not."""
    row = db.office.one(sa.select(table).where(table.c.id == pupil_id))
    return None if row is None else _pupil(row)


def pupils_named(db: Database, ids: Iterable[str]) -> dict[str, Pupil]:
    """The pupils with these ids, by id; an unknown id is left out."""
    return {row.id: _pupil(row) for row in db.office.rows_among(sa.select(table), table.c.id, ids)}


def find_pupils(db: Database, text: str) -> list[Pupil]:
    """Whom `text` may mean: an id, UPN or admission number as it stands, else every word as part of a name.

    Names match in any case, accents or not (rule D5). Those who have left are found too.
    """
    plain = text.strip()
    if not plain:
        return []
    exact = sa.or_(
        table.c.id == plain,
        table.c.upn == plain.upper(),
        table.c.upn == plain,
        table.c.admission_number == plain,
    )
    rows = db.office.rows(sa.select(table).where(exact).order_by(table.c.sort_last, table.c.sort_first))
    if not rows:
        words = (table.c.folded.contains(word, autoescape=True) for word in fold(plain).split())
        rows = db.office.rows(
            sa.select(table).where(*words).order_by(table.c.sort_last, table.c.sort_first, table.c.id)
        )
    return _by_class(rows)


def classes(db: Database) -> list[tuple[str, int]]:
    """Every class with how many pupils are in it, `4B` before `10A`; the spelling that most of it uses."""
    rows = db.office.rows(
        sa.select(table.c.class_key, table.c.class_name, sa.func.count().label("pupils"))
        .where(table.c.has_left.is_(False))
        .group_by(table.c.class_key, table.c.class_name)
        .order_by(sa.func.count().desc(), table.c.class_name)
    )
    spelling: dict[str, str] = {}
    counts: dict[str, int] = {}
    for row in rows:
        spelling.setdefault(row.class_key, row.class_name)
        counts[row.class_key] = counts.get(row.class_key, 0) + row.pupils
    return [(spelling[key], counts[key]) for key in sorted(counts, key=_class_place)]


def class_named(db: Database, name: str) -> str | None:
    """The class that `name` means (`4 b` means `4B`), in the spelling that most of it uses; None if there is none."""
    spelling = db.office.one(
        sa.select(table.c.class_name)
        .where(table.c.class_key == class_key(name), table.c.has_left.is_(False))
        .group_by(table.c.class_name)
        .order_by(sa.func.count().desc(), table.c.class_name)
        .limit(1)
    )
    return None if spelling is None else str(spelling.class_name)


def guardians_of(db: Database, pupil_id: str) -> list[Guardian]:
    """A pupil's guardians, in the order they were given."""
    return guardians_of_many(db, [pupil_id])[pupil_id]


def guardians_of_many(db: Database, pupil_ids: Iterable[str]) -> dict[str, list[Guardian]]:
    """The guardians of many pupils by pupil; an empty list for one without."""
    found: dict[str, list[Guardian]] = {pupil_id: [] for pupil_id in pupil_ids}
    wanted = sa.select(guardian_table).order_by(guardian_table.c.place)
    for row in db.office.rows_among(wanted, guardian_table.c.pupil, found):
        found[row.pupil].append(
            Guardian(
                row.id,
                row.pupil,
                row.name,
                row.relationship,
                row.responsibility,
                row.court_note,
                row.corporate,
            )
        )
    return found


def _class_place(key: str) -> tuple[object, ...]:
    """Where the class with this `class_key` stands: `4B` before `10A`, those without a class last."""
    return (not key, class_order(key))


def _by_class(rows: Iterable[Any]) -> list[Pupil]:
    """In the order of classes that people expect, which no database knows; within a class as the rows came."""
    found = list(rows)
    places = {key: _class_place(key) for key in {row.class_key for row in found}}
    return [_pupil(row) for row in sorted(found, key=lambda row: places[row.class_key])]


def _pupil(row: Any) -> Pupil:
    return Pupil(
        row.id, row.legal_first, row.legal_last, row.preferred_first, row.preferred_last, row.class_name,
        row.date_of_birth, row.year_group, row.upn, row.admission_number, row.looked_after, row.has_left,
    )  # fmt: skip


def _row_of(pupil: Pupil) -> dict[str, object]:
    last, first = sort_key(pupil)
    names = (pupil.legal_first, pupil.legal_last, pupil.preferred_first, pupil.preferred_last)
    return {
        "id": pupil.id,
        "legal_first": pupil.legal_first,
        "legal_last": pupil.legal_last,
        "preferred_first": pupil.preferred_first,
        "preferred_last": pupil.preferred_last,
        "class_name": pupil.class_name,
        "date_of_birth": pupil.date_of_birth,
        "year_group": pupil.year_group,
        "upn": pupil.upn,
        "admission_number": pupil.admission_number,
        "looked_after": pupil.looked_after,
        "has_left": pupil.left,
        "class_key": class_key(pupil.class_name),
        "sort_last": last,
        "sort_first": first,
        # Names stand apart, so that a word never matches across two of them.
        "folded": "|".join(fold(name) for name in names if name),
    }


def _guardian_rows(guardians: Iterable[Guardian]) -> list[dict[str, object]]:
    return [
        {
            "id": guardian.id,
            "pupil": guardian.pupil_id,
            "place": place,
            "name": guardian.name,
            "relationship": guardian.relationship,
            "responsibility": guardian.responsibility,
            "court_note": guardian.court_note,
            "corporate": guardian.corporate,
        }
        for place, guardian in enumerate(guardians)
    ]
