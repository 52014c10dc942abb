"""What went through the scanner: files kept before they are interpreted, pages, batches and readings (rule S3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from consentdesk.model.reading import Outcome, Problem
from consentdesk.store.database import Database
from consentdesk.store.tables import batch as batch_table
from consentdesk.store.tables import reading as reading_table
from consentdesk.store.tables import scan_file, scan_page

State = Literal["review", "waiting", "done", "duplicate", "unmatched", "refused"]
"""What a reading waits for: a person's decision, the batch's confirmation, or nothing any more."""


class ScanFile(msgspec.Struct, frozen=True):
    """A file of scans. `sha256` (hex), `pages` and `finished` are None until it is wholly kept. `size` in bytes."""

    id: str
    name: str
    size: int
    sha256: str | None
    pages: int | None
    begun: datetime
    finished: datetime | None


class ScanPage(msgspec.Struct, frozen=True):
    """What became of one page; `number` counts from 1, `details` is what the reading of it left, as JSON."""

    file: str
    number: int
    outcome: Outcome
    problem: Problem | None
    batch: int | None
    details: bytes


class Batch(msgspec.Struct, frozen=True):
    """Readings that are confirmed together: how many slips it holds, and how many of them still wait."""

    number: int
    opened: datetime
    confirmed_at: datetime | None
    confirmed_by: str | None
    slips: int
    waiting: int


class ReadingRow(msgspec.Struct, frozen=True):
    """One slip as it was read once, from place `index` of a page (or keyed: no file, page 0).

    `decision` is what the machine made of it, as JSON; `crop` the id of its image; `typed_code` what stood in
    its place where no code could be read.
    """

    id: str
    file: str | None
    page: int
    index: int
    slip: str | None
    batch: int | None
    outcome: Outcome
    signed: bool | None
    decision: bytes
    crop: str | None
    typed_code: str
    state: State
    at: datetime


# Files. Their bytes are kept, and go some time after their batch is confirmed, in `scan_files.py`.


def set_pages(db: Database, file: str, pages: int) -> None:
    """How many pages a kept scan turned out to have."""
    db.office.write(scan_file.update().where(scan_file.c.id == file).values(pages=pages))


def file_with(db: Database, sha256: str) -> ScanFile | None:
    """The scan with this content that was wholly kept before, under whatever name; the first of them."""
    return _file(db, sa.select(scan_file).where(scan_file.c.sha256 == sha256).order_by(scan_file.c.begun))


def scan_file_of(db: Database, file: str) -> ScanFile | None:
    """The scan with this id."""
    return _file(db, sa.select(scan_file).where(scan_file.c.id == file))


def _file(db: Database, wanted: sa.Select[Any]) -> ScanFile | None:
    row = db.office.one(wanted)
    if row is None:
        return None
    return ScanFile(row.id, row.name, row.size, row.sha256, row.pages, row.begun, row.finished)


# Pages and batches.


_SAME_PAGE = scan_page.delete().where(
    scan_page.c.file == sa.bindparam("file"), scan_page.c.number == sa.bindparam("number")
)


def keep_pages(db: Database, pages: Sequence[ScanPage]) -> None:
    """Write down what became of pages, each in place of what was written of it before."""
    if not pages:
        return
    at = db.now()
    rows: list[dict[str, object]] = [
        {
            "file": page.file, "number": page.number, "outcome": page.outcome.value,
            "reason": page.problem and page.problem.reason, "text": page.problem and page.problem.text,
            "batch": page.batch, "details": page.details, "at": at,
        }
        for page in pages
    ]  # fmt: skip
    with db.writing():
        db.office.write(_SAME_PAGE, rows)
        db.office.write(scan_page.insert(), rows)


def keep_page(
    db: Database,
    file: str,
    number: int,
    outcome: Outcome,
    problem: Problem | None = None,
    batch: int | None = None,
    details: bytes = b"{}",
) -> None:
    """Write down what became of one page, as `keep_pages` does."""
    keep_pages(db, [ScanPage(file, number, outcome, problem, batch, details)])


def pages_done(db: Database, file: str) -> set[int]:
    """The numbers of the pages of a scan that have their outcome."""
    rows = db.office.rows(sa.select(scan_page.c.number).where(scan_page.c.file == file))
    return {row.number for row in rows}


def pages(db: Database, batch: int | None = None, file: str | None = None) -> list[ScanPage]:
    """Every page, or those of a batch or a file, in the order of their files."""
    wanted = (
        sa.select(scan_page)
        .join(scan_file, scan_page.c.file == scan_file.c.id)
        .order_by(scan_file.c.begun, scan_page.c.file, scan_page.c.number)
    )
    if batch is not None:
        wanted = wanted.where(scan_page.c.batch == batch)
    if file is not None:
        wanted = wanted.where(scan_page.c.file == file)
    return [
        ScanPage(
            row.file, row.number, Outcome(row.outcome),
            None if row.reason is None else Problem(row.reason, row.text or ""), row.batch, row.details,
        )
        for row in db.office.rows(wanted)
    ]  # fmt: skip


def new_batch(db: Database) -> int:
    """Open a batch; its number follows the last one's."""
    with db.writing():
        row = db.office.one(sa.select(sa.func.max(batch_table.c.number)))
        number = 1 + ((row[0] if row else None) or 0)
        db.office.write(batch_table.insert().values(number=number, opened=db.now()))
    return number


def confirm_batch(db: Database, number: int, by: str) -> None:
    """Write down who confirmed a batch, and when; the answers themselves are confirmed by events."""
    db.office.write(
        batch_table.update()
        .where(batch_table.c.number == number)
        .values(confirmed_at=db.now(), confirmed_by=by)
    )


def batches(db: Database) -> list[Batch]:
    """Every batch, oldest first."""
    waits = sa.case((reading_table.c.state == "waiting", 1), else_=0)
    rows = db.office.rows(
        sa.select(
            batch_table,
            sa.func.count(reading_table.c.slip).label("slips"),
            sa.func.coalesce(sa.func.sum(waits), 0).label("waiting"),
        )
        .outerjoin(reading_table, reading_table.c.batch == batch_table.c.number)
        .group_by(batch_table.c.number)
        .order_by(batch_table.c.number)
    )
    return [
        Batch(row.number, row.opened, row.confirmed_at, row.confirmed_by, row.slips, row.waiting)
        for row in rows
    ]


# Readings.


def keep_readings(db: Database, rows: Sequence[ReadingRow]) -> None:
    """Keep readings, all of them or none; their images were kept before."""
    if rows:
        db.office.write(reading_table.insert(), [_values(row) for row in rows])


def keep_reading(db: Database, row: ReadingRow) -> None:
    """Keep one reading, as `keep_readings` does."""
    keep_readings(db, [row])


def change_reading(db: Database, row: ReadingRow) -> None:
    """Keep a reading as it is now, in place of the one with its id: when a person has named its slip.

    Raises `KeyError` where the id is unknown.
    """
    if not db.office.write(reading_table.update().where(reading_table.c.id == row.id), _values(row)):
        raise KeyError(row.id)


def set_reading_state(db: Database, reading_id: str, state: State) -> None:
    """Move a reading on. Raises `KeyError` where the id is unknown."""
    wanted = reading_table.update().where(reading_table.c.id == reading_id)
    if not db.office.write(wanted.values(state=state)):
        raise KeyError(reading_id)


def reading(db: Database, reading_id: str) -> ReadingRow | None:
    """The reading with this id."""
    found = _readings(db, reading_table.c.id == reading_id)
    return found[0] if found else None


def readings_of(db: Database, slip: str) -> list[ReadingRow]:
    """Every reading of a slip, in the order they were made."""
    return _readings(db, reading_table.c.slip == slip)


def readings(db: Database, file: str | None = None, batch: int | None = None) -> list[ReadingRow]:
    """Every reading, or those of a file or a batch, in the order they were made."""
    wanted = []
    if file is not None:
        wanted.append(reading_table.c.file == file)
    if batch is not None:
        wanted.append(reading_table.c.batch == batch)
    return _readings(db, *wanted)


def waiting_review(db: Database) -> list[ReadingRow]:
    """The readings that wait for a person's decision."""
    return _readings(db, reading_table.c.state == "review")


def waiting_confirmation(db: Database, batch: int | None = None) -> list[ReadingRow]:
    """The clear readings that wait for their batch to be confirmed, of all batches or one."""
    wanted = [reading_table.c.state == "waiting"]
    if batch is not None:
        wanted.append(reading_table.c.batch == batch)
    return _readings(db, *wanted)


def in_tray(db: Database) -> list[ReadingRow]:
    """The readings that belong to nobody: without a usable code, or refused."""
    return _readings(db, reading_table.c.state.in_(("unmatched", "refused")))


def _readings(db: Database, *wanted: sa.ColumnElement[bool]) -> list[ReadingRow]:
    rows = db.office.rows(
        sa.select(reading_table)
        .where(*wanted)
        .order_by(reading_table.c.at, reading_table.c.file, reading_table.c.page, reading_table.c.place)
    )
    return [
        ReadingRow(
            row.id, row.file, row.page, row.place, row.slip, row.batch, Outcome(row.outcome), row.signed,
            row.decision, row.crop, row.typed_code, row.state, row.at,
        )
        for row in rows
    ]  # fmt: skip


def _values(row: ReadingRow) -> dict[str, object]:
    values = msgspec.structs.asdict(row)
    return values | {"place": values.pop("index"), "outcome": row.outcome.value}
