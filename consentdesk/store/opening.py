"""Making and opening an office's files: the checks, in their order, before anything is read from them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from consentdesk.store import backup, chain, mark, place, schema
from consentdesk.store.chain import Head
from consentdesk.store.cipher import EncryptedFile, damaged
from consentdesk.store.database import IMAGES, OFFICE, Clock, Database, now_in_utc
from consentdesk.store.slots import derived

WHOLE_CHAIN_UP_TO = 100_000
"""Up to so many events the whole chain is followed at every opening (0.7 s); a longer one from the mark."""


def create(folder: Path, database: str, data_key: bytes, *, clock: Clock = now_in_utc) -> Database:
    """New, empty files in `folder`, with their tables and triggers.

    Raises `KnownError` where the folder lies on a network share, or the files are there or cannot be written.
    """
    place.refuse_network_share(folder)
    with ExitStack() as undo:
        office = EncryptedFile(folder / OFFICE, derived(data_key, database, OFFICE), new=True)
        undo.callback(office.close)
        images = EncryptedFile(folder / IMAGES, derived(data_key, database, IMAGES), new=True)
        undo.callback(images.close)
        schema.make(office, images)
        undo.pop_all()
    return Database(
        folder, database, data_key, derived(data_key, database, "mark"), office, images,
        chain.beginning(database), clock,
    )  # fmt: skip


def open_database(folder: Path, database: str, data_key: bytes, *, clock: Clock = now_in_utc) -> Database:
    """Open the office whose key file names `database`, and check it.

    Both checks of SQLite, the schema (migrated where it is older, after a backup), the triggers, the event
    chain and this computer's high-water mark. Raises `OfficeInUse`, `DamagedOffice`, `NewerOffice`, or another
    `KnownError` for a folder on a network share or without the right to write.
    """
    place.refuse_network_share(folder)
    with ExitStack() as undo:
        office = EncryptedFile(folder / OFFICE, derived(data_key, database, OFFICE))
        undo.callback(office.close)
        findings = office.checks()
        if findings:
            raise damaged(office.path, "is damaged")
        images = EncryptedFile(folder / IMAGES, derived(data_key, database, IMAGES))
        undo.callback(images.close)
        db = Database(
            folder, database, data_key, derived(data_key, database, "mark"), office, images,
            chain.beginning(database), clock,
        )  # fmt: skip
        schema.check_images(images)
        schema.bring_up_to_date(office, lambda revision: backup.back_up(db, _before(folder, revision, db)))
        schema.check_triggers(office)
        db.head = _checked_head(db)
        db.keep_mark(clean=False)
        undo.pop_all()
    return db


def _before(folder: Path, revision: str, db: Database) -> Path:
    return folder / "before-migrations" / f"{revision}-{db.now():%Y%m%d-%H%M%S}"


def _checked_head(db: Database) -> Head:
    """The head of the ledger, proved by the chain and by what this computer saw last."""
    seen, disproved = mark.read(db.id, db.mark_key)
    start = chain.beginning(db.id)
    if seen is None:
        db.notices.append(
            "This computer’s note of how far the office’s records had come does not fit it; the records were "
            "taken as they are."
            if disproved
            else "This computer opens this office for the first time, so it cannot tell whether newer records "
            "exist elsewhere; it took them as they are."
        )
        return chain.check(db.office, start)
    present = chain.head_in(db.office, db.id)
    if present.events < seen.events:
        lost = seen.events - present.events
        raise damaged(
            db.office.path,
            f"is older than what this computer saw: {lost} {'event is' if lost == 1 else 'events are'} missing "
            "from the ledger",
        )
    if not seen.clean or present.events <= WHOLE_CHAIN_UP_TO:
        return chain.check(db.office, start, through=seen.head)
    return chain.check(db.office, seen.head)
