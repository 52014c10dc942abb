"""An office's files without the half second that a password costs: made, opened, closed and opened again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from consentdesk.model.consent import Event, Joined, What, kind_of
from consentdesk.store import opening, school
from consentdesk.store.database import Database

DATABASE = "d" * 32
DATA_KEY = b"k" * 32
START = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)


class Clock:
    """A second passes with each look."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Drawer:
    """A folder with an office's files in it, and the databases that a test has opened from it."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    opened: list[Database] = field(default_factory=list)

    def make(self) -> Database:
        db = opening.create(self.folder, DATABASE, DATA_KEY, clock=self.clock)
        self.opened.append(db)
        school.found(db, "Made-up Primary")
        return db

    def open(self) -> Database:
        db = opening.open_database(self.folder, DATABASE, DATA_KEY, clock=self.clock)
        self.opened.append(db)
        return db

    @property
    def office(self) -> Path:
        return self.folder / "office.db"

    @property
    def images(self) -> Path:
        return self.folder / "images.db"


def let_go(db: Database) -> None:
    """Close the files without saying that this is the proper end."""
    for file in (db.office, db.images):
        if not file.closed:
            file.close()


def happened(
    db: Database, what: What | None = None, pupil: str | None = "p1", slip: str | None = None
) -> Event:
    """An event as a service would stamp it."""
    what = what or Joined("4B")
    at = db.now()
    return Event(uuid4().hex, kind_of(what), at, at.date(), "u1", what, pupil, slip)
