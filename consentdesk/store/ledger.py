"""The ledger: events are appended and read, never changed (rule C1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from consentdesk.model.consent import Event, What
from consentdesk.store import chain
from consentdesk.store.chain import Head
from consentdesk.store.database import Database
from consentdesk.store.disk_errors import damaged
from consentdesk.store.tables import SELDOM, text_of
from consentdesk.store.tables import event as table

_COLUMNS = (
    table.c.id, table.c.kind, table.c.at, table.c.on_day, table.c.by, table.c.payload,
    table.c.pupil, table.c.slip, table.c.batch, table.c.seq,
)  # fmt: skip
RULES = "rule-changed"
_read_what = msgspec.json.Decoder(What).decode


def append(db: Database, events: Iterable[Event]) -> list[Event]:
    """Put `events` at the end of the ledger, in their order, and return them with their places in it.

    Joins an open transaction. Raises `KnownError` where they cannot be saved: then none of them is.
    """
    count, chained = db.head
    kept, rows = [], []
    for event in events:
        if event.what is None:
            raise ValueError("only erasure empties an event")
        count += 1
        payload = msgspec.json.encode(event.what)
        salt = chain.new_salt()
        hashed = chain.payload_hash(salt, payload)
        covered = (
            count, event.id, event.kind, text_of(event.at), event.on.isoformat(), event.by,
            event.pupil, event.slip, event.batch,
        )  # fmt: skip
        chained = chain.link(chained, covered, hashed)
        rows.append(
            {
                "seq": count,
                "id": event.id,
                "kind": event.kind,
                "at": event.at,
                "on_day": event.on,
                "by": event.by,
                "pupil": event.pupil,
                "slip": event.slip,
                "batch": event.batch,
                "payload": payload.decode(),
                "salt": salt,
                "payload_hash": hashed,
                "chain_hash": chained,
            }
        )
        kept.append(msgspec.structs.replace(event, seq=count))
    if rows:
        with db.writing():
            db.office.write(table.insert(), rows)
            db.head = Head(count, chained)
    return kept


def _event(row: Any) -> Event:
    payload = row.payload
    return Event(
        row.id, row.kind, row.at, row.on_day, row.by, None if payload is None else _read_what(payload),
        row.pupil, row.slip, row.batch, row.seq,
    )  # fmt: skip


def _events(db: Database, wanted: sa.ColumnElement[bool], limit: int | None = None) -> list[Event]:
    rows = db.office.rows(sa.select(*_COLUMNS).where(wanted).order_by(table.c.seq).limit(limit))
    return [_event(row) for row in rows]


def events_of(db: Database, pupil: str) -> list[Event]:
    """Everything that happened about a pupil, and every change of the school's rules, in the ledger's order.

    The rules are about no pupil and hold for all, so a status hangs on them too (rule C1).
    """
    return events_of_many(db, [pupil])[pupil]


def events_of_many(db: Database, pupils: Iterable[str]) -> dict[str, list[Event]]:
    """The same for many pupils at once, by pupil; nothing but the rules for one without events."""
    found = _events_by(db, table.c.pupil, pupils)
    rules = [one for one in events_of_kind(db, RULES) if one.pupil is None]
    if not rules:
        return found
    return {pupil: sorted([*own, *rules], key=lambda one: one.seq) for pupil, own in found.items()}


def events_of_kind(db: Database, kind: str) -> list[Event]:
    """Everything of one kind, of all pupils and of none. Raises `ValueError` for a kind that happens all the time."""
    if kind in SELDOM:
        raise ValueError(f"{kind} is too frequent to be looked for by itself")
    # The index covers some rows alone, and is used only where the question says that it is about those.
    return _events(db, sa.and_(sa.text(SELDOM), table.c.kind == kind))


def _events_by(db: Database, column: sa.Column[Any], values: Iterable[str]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {value: [] for value in values}
    wanted = sa.select(*_COLUMNS).order_by(column, table.c.seq)
    for row in db.office.rows_among(wanted, column, found):
        found[getattr(row, column.name)].append(_event(row))
    return found


def events_of_slip(db: Database, slip: str) -> list[Event]:
    """Everything that happened about a slip, in the ledger's order."""
    return _events(db, table.c.slip == slip)


def events_of_slips(db: Database, slips: Iterable[str]) -> dict[str, list[Event]]:
    """The same for many slips at once, by slip; an empty list for one without events."""
    return _events_by(db, table.c.slip, slips)


def event(db: Database, event_id: str) -> Event | None:
    """The event with this id."""
    found = _events(db, table.c.id == event_id)
    return found[0] if found else None


def events_of_kinds(db: Database, kinds: Iterable[str], since_seq: int = 0) -> list[Event]:
    """What happened to the school and to no one pupil, of these kinds, after the event at `since_seq`."""
    # Events without a pupil are few among a million, and found by the pupils' index.
    return _events(db, table.c.pupil.is_(None) & table.c.kind.in_(list(kinds)) & (table.c.seq > since_seq))


def last_places(db: Database, pupils: Iterable[str] | None = None) -> dict[str, int]:
    """The place in the ledger of the last event of each pupil who has any, or of some; from an index alone."""
    wanted = sa.select(table.c.pupil, sa.func.max(table.c.seq).label("last")).group_by(table.c.pupil)
    if pupils is None:
        rows: Iterable[Any] = db.office.rows(wanted.where(table.c.pupil.is_not(None)))
    else:
        rows = db.office.rows_among(wanted, table.c.pupil, pupils)
    return {row.pupil: row.last for row in rows}


def places_until(db: Database, day: date) -> int:
    """The place of the last event of `day` or an earlier day, 0 where there is none.

    Found by halving, since days grow with places; where a computer's clock was put right in between, it may be
    the end of an earlier stretch.
    """
    low, high = 0, db.head.events
    while low < high:
        middle = (low + high + 1) // 2
        row = db.office.one(sa.select(table.c.on_day).where(table.c.seq == middle))
        if row is not None and row.on_day <= day:
            low = middle
        else:
            high = middle - 1
    return low


def events(db: Database, since_seq: int = 0, limit: int = 1000) -> list[Event]:
    """The next `limit` events after the one at `since_seq`."""
    return _events(db, table.c.seq > since_seq, limit)


def head(db: Database) -> tuple[int, bytes]:
    """How many events there are, and the chain hash of the last; moves within an open transaction."""
    return db.head


def check_chain(db: Database, from_seq: int = 0) -> None:
    """Follow the chain after the event at `from_seq` (0: all of it), and compare its end with the known head.

    Raises `DamagedOffice` where an event is missing, changed or out of place.
    """
    since = chain.beginning(db.id)
    if from_seq:
        row = db.office.one(sa.select(table.c.chain_hash).where(table.c.seq == from_seq))
        since = Head(from_seq, row.chain_hash if row else b"")
    if chain.check(db.office, since) != db.head:
        raise damaged(db.office.path, "was changed: the ledger does not end where it did")
