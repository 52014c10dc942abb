"""A backup tried, or put back: examined whole before anything changes, and what was there is kept beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.model.keeping_events import PutBack
from consentdesk.services.office import Office, check_account, require
from consentdesk.services.record import Happening, record
from consentdesk.store import keys, ledger, mark, opening, people, place, put_back, rotation, school, verify
from consentdesk.store.database import KEYS, OFFICE, Clock, Database, now_in_utc
from consentdesk.store.slots import Unlocked, derived

SignIn = Callable[[Path], Unlocked]
"""Opens a slot of the key file at a path."""


class BackupFacts(msgspec.Struct, frozen=True):
    """What a backup holds: whose, how far its ledger goes, and how many events this computer saw beyond it."""

    school: str
    pupils: int
    events: int
    last: datetime | None
    missing: int


class Restored(msgspec.Struct, frozen=True):
    """A backup that was put back, and the folder of what was there before, if anything was."""

    facts: BackupFacts
    aside: Path | None


def by_password(user: str | None, password: str) -> SignIn:
    """Sign in to a backup as one of its users."""
    return lambda path: keys.unlock(path, user, password)


def by_sheet(untrusted_groups: str) -> SignIn:
    """Sign in to a backup with the recovery sheet alone."""
    return lambda path: keys.unlock_with_recovery(path, untrusted_groups)


def try_backup(backup: Path, sign_in: SignIn, *, clock: Clock = now_in_utc) -> BackupFacts:
    """The restore drill: copy a backup to a passing folder of this computer, open it there, examine all of it.

    The backup and every office stay as they are. Raises `KnownError` where it could not be put back.
    """
    computer = paths.make_private_folder(paths.computer_folder())
    with tempfile.TemporaryDirectory(dir=computer, prefix="drill-") as folder:
        staged = put_back.stage(backup, Path(folder))
        with _examined(staged, sign_in, clock) as (db, _):
            return _facts(db)


def restore(
    backup: Path, folder: Path, sign_in: SignIn, *, losing: int = 0, clock: Clock = now_in_utc
) -> Restored:
    """Put a backup in place of the office in `folder`, which may be damaged, missing or older.

    It is copied and examined first; the present files are set aside. Where this computer saw more events than the
    backup holds, `losing` must say how many: that they are lost is somebody's decision. Raises `KnownError`
    where the backup is not sound, of another office, or the office is open; then nothing is changed.
    """
    place.refuse_network_share(folder)
    staged = put_back.stage(backup, folder)
    try:
        with _examined(staged, sign_in, clock) as (db, unlocked):
            facts = _facts(db)
            seen = mark.Mark(db.id, db.head.events, db.head.hash, clean=True)
            mark_key, data_key, next_key = db.mark_key, db.data_key, db.next_key
            put_back.refuse_another_office(folder, db.id)
            put_back.refuse_office_in_use(folder, derived(data_key, db.id, OFFICE))
        if facts.missing and facts.missing != losing:
            raise _would_lose(facts)
        aside = put_back.swap(folder, staged, clock())
    finally:
        put_back.drop(staged)
    try:
        mark.write(seen, mark_key)
    except OSError as error:
        raise paths.write_error(mark.place(seen.database), error) from error
    db = opening.open_database(folder, seen.database, data_key, next_key=next_key, clock=clock)
    with Office(db, unlocked.user, unlocked) as office:
        record(office, [Happening(PutBack(facts.events, facts.missing))])
    return Restored(facts, aside)


@contextmanager
def _examined(staged: Path, sign_in: SignIn, clock: Clock) -> Iterator[tuple[Database, Unlocked]]:
    """The copy of a backup, opened without regard to this computer's mark, and found sound."""
    unlocked = sign_in(staged / KEYS)
    try:
        db = opening.open_database(
            staged,
            unlocked.database,
            unlocked.data_key,
            next_key=unlocked.next_key,
            mark_counts=False,
            clock=clock,
        )
        try:
            check_account(db, unlocked)
            require(Office(db, unlocked.user, unlocked), "keep-safe")
            findings = verify.verify(db)
            if findings:
                raise _not_sound(findings[0])
            yield db, unlocked
        finally:
            db.let_go()
    except DamagedOffice as error:
        raise _not_sound(error.what) from error


def _facts(db: Database) -> BackupFacts:
    count, _ = ledger.head(db)
    seen, _ = mark.read(db.id, rotation.mark_key_of(db))
    last = ledger.events(db, count - 1) if count else []
    return BackupFacts(
        school.school(db).name,
        len(people.pupils(db, include_left=True)),
        count,
        last[-1].at if last else None,
        max(0, seen.events - count) if seen else 0,
    )


def _not_sound(why: str) -> KnownError:
    return KnownError(
        f"the backup is not sound: {why.rstrip('.')}", "nothing was changed", "try the backup before it"
    )


def _would_lose(facts: BackupFacts) -> KnownError:
    events = "event" if facts.missing == 1 else "events"
    return KnownError(
        f"this computer saw {facts.missing} {events} that the backup does not hold, and they would be lost",
        "nothing was changed",
        f"look for a newer backup, or give --accept-missing {facts.missing} to go on without them",
    )
