"""Printed slips and the runs they were printed in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from consentdesk.model.slip import ALPHABET, ID_LENGTH, PrintRun, Slip
from consentdesk.store.database import Database
from consentdesk.store.tables import event, print_run
from consentdesk.store.tables import slip as table


def new_slip_id(db: Database) -> str:
    """A slip's id that is not taken: ten Crockford letters by chance, so that nobody can guess the next.

    Of 2^50 ids two drawn before either is kept are the same once in a lifetime; `keep_run` then refuses.
    """
    while True:
        slip_id = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
        if slip(db, slip_id) is None:
            return slip_id


def keep_run(db: Database, run: PrintRun, slips: Sequence[Slip]) -> None:
    """Write down a print run with its slips, all of them or none, before anything is handed out."""
    with db.writing():
        db.office.write(print_run.insert().values(id=run.id, at=run.at, by=run.by, slips=run.slips))
        if slips:
            db.office.write(table.insert(), [_row_of(slip) for slip in slips])


def runs(db: Database) -> list[PrintRun]:
    """Every print run, oldest first."""
    rows = db.office.rows(sa.select(print_run).order_by(print_run.c.at, print_run.c.id))
    return [PrintRun(row.id, row.at, row.by, row.slips) for row in rows]


def slip(db: Database, slip_id: str) -> Slip | None:
    """The slip with this id."""
    row = db.office.one(sa.select(table).where(table.c.id == slip_id))
    return None if row is None else _slip(row)


def slips(db: Database, ids: Iterable[str]) -> dict[str, Slip]:
    """The slips with these ids, by id; an unknown id is left out."""
    return {row.id: _slip(row) for row in db.office.rows_among(sa.select(table), table.c.id, ids)}


def slips_of(db: Database, pupil: str) -> list[Slip]:
    """A pupil's slips, in the order they were printed."""
    rows = db.office.rows(
        sa.select(table)
        .join(print_run, table.c.run == print_run.c.id)
        .where(table.c.pupil == pupil)
        .order_by(print_run.c.at, table.c.id)
    )
    return [_slip(row) for row in rows]


def outstanding(db: Database, form: str, pupils: Iterable[str]) -> set[str]:
    """Those of `pupils` whose latest slip of `form` has never come back.

    A pupil for whom the form was never printed is not among them.
    """
    printed = (
        sa.select(table.c.pupil, table.c.id)
        .join(print_run, table.c.run == print_run.c.id)
        .where(table.c.form == form)
        .order_by(print_run.c.at, table.c.id)
    )
    latest = {row.pupil: row.id for row in db.office.rows_among(printed, table.c.pupil, pupils)}
    returned = sa.select(event.c.slip).where(event.c.kind == "returned")
    back = {row.slip for row in db.office.rows_among(returned, event.c.slip, latest.values())}
    return {pupil for pupil, slip_id in latest.items() if slip_id not in back}


def ended_between(db: Database, first: date, last: date, pupils: Iterable[str] | None = None) -> set[str]:
    """The pupils, all or some, of whom a slip's answers ended from the day `first` to the day before `last`."""
    ended = sa.select(table.c.pupil).where(table.c.until >= first, table.c.until < last).distinct()
    rows = db.office.rows(ended) if pupils is None else db.office.rows_among(ended, table.c.pupil, pupils)
    return {row.pupil for row in rows}


def _row_of(slip: Slip) -> dict[str, object]:
    return {name: getattr(slip, name) for name in slip.__struct_fields__}


def _slip(row: Any) -> Slip:
    return Slip(row.id, row.pupil, row.form, row.version, row.run, row.printed, row.until, row.school_class)
