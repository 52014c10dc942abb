"""How events are chained: each one's hash covers the hash before it, so none can vanish or change unnoticed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.disk_errors import damaged
from consentdesk.store.tables import erasure, event

SALT_BYTES = 16
_COVERED = (
    event.c.seq, event.c.id, event.c.kind, sa.type_coerce(event.c.at, sa.String),
    sa.type_coerce(event.c.on_day, sa.String), event.c.by, event.c.pupil, event.c.slip, event.c.batch,
)  # fmt: skip
_STRIDE = 5_000


class Head(NamedTuple):
    """The end of the ledger: how many events there are, and the chain hash of the last."""

    events: int
    hash: bytes


def beginning(database: str) -> Head:
    """The head of an empty ledger; another office's chain does not fit on it."""
    return Head(0, hashlib.sha256(b"ConsentDesk ledger 1 " + database.encode()).digest())


def new_salt() -> bytes:
    """Makes the hash of a short payload say nothing once payload and salt are erased."""
    return secrets.token_bytes(SALT_BYTES)


def payload_hash(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 of the salt and the payload after it."""
    return hashlib.sha256(salt + payload).digest()


def link(previous: bytes, covered: Sequence[Any], hashed_payload: bytes) -> bytes:
    """The chain hash after `previous`.

    `covered` is seq, id, kind, at and on (as their ISO text), by, pupil, slip and batch; as a JSON array two
    different events are never written alike.
    """
    return hashlib.sha256(previous + msgspec.json.encode(covered) + hashed_payload).digest()


def head_in(office: EncryptedFile, database: str) -> Head:
    """The head as the file has it, unchecked."""
    last = office.one(sa.select(event.c.seq, event.c.chain_hash).order_by(event.c.seq.desc()).limit(1))
    return Head(last.seq, last.chain_hash) if last else beginning(database)


def check(office: EncryptedFile, since: Head, *, through: Head | None = None) -> Head:
    """Follow the chain from `since`, which is known to be right, to its end, and return the head there.

    `through` is a head that it must pass, if given.
    Raises `DamagedOffice` where an event is missing, out of place, or not as it was when it was written.
    """
    if since.events:
        at = office.one(sa.select(event.c.chain_hash).where(event.c.seq == since.events))
        if at is None or at.chain_hash != since.hash:
            raise damaged(office.path, f"was changed: event {since.events} is not the one that was written")
    erased = {row.pupil for row in office.rows(sa.select(erasure.c.pupil))}
    wanted = sa.select(
        *_COVERED, event.c.payload, event.c.salt, event.c.payload_hash, event.c.chain_hash
    ).order_by(event.c.seq)
    count, chained = since
    while True:
        batch = office.rows(wanted.where(event.c.seq > count).limit(_STRIDE))
        for row in batch:
            covered, seq = row[: len(_COVERED)], row.seq
            if seq != count + 1:
                raise damaged(office.path, f"was changed: event {count + 1} is missing from the ledger")
            chained = link(chained, covered, row.payload_hash)
            if row.chain_hash != chained or not _is_as_written(row, erased):
                raise damaged(office.path, f"was changed: event {seq} is not as it was written")
            if through and through.events == seq and through.hash != chained:
                raise damaged(office.path, f"was changed: event {seq} is not the one that was written")
            count = seq
        if len(batch) < _STRIDE:
            return Head(count, chained)


def _is_as_written(row: Any, erased: set[str]) -> bool:
    """Whether the payload is the one that was hashed, or was taken away by an erasure."""
    if row.payload is None:
        return row.salt is None and row.pupil in erased
    return bool(payload_hash(row.salt, row.payload.encode()) == row.payload_hash)
