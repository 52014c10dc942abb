"""What happens to the office's files and keys, as the ledger keeps it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec


class KeyChanged(msgspec.Struct, frozen=True, tag="key-changed"):
    """The data key was changed for everyone; `removed` is the user who was shut out by it, if any."""

    removed: str = ""


class PutBack(msgspec.Struct, frozen=True, tag="put-back"):
    """A backup took the place of the office's files: `events` were in it, `missing` more had been seen here."""

    events: int
    missing: int


class SnapshotIssued(msgspec.Struct, frozen=True, tag="snapshot-issued"):
    """A snapshot was given out: what held for these pupils and purposes at one moment (rules C9, D4)."""

    snapshot: str
    of: str
    as_at: datetime
    until: date
    purposes: tuple[str, ...]
    pupils: tuple[str, ...]


class SnapshotRecalled(msgspec.Struct, frozen=True, tag="snapshot-recalled"):
    """What became of a snapshot that was asked back."""

    snapshot: str
    outcome: Literal["deleted", "not-found"]
    note: str = ""


KeepingWhat = KeyChanged | PutBack | SnapshotIssued | SnapshotRecalled
"""None of these changes what a pupil's consent is."""
