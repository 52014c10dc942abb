"""Making and opening an office's files: the checks, in their order, before anything is read from them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from consentdesk.errors import DamagedOffice
from consentdesk.store import backup, chain, mark, place, reserve, rotation, schema
from consentdesk.store.chain import Head
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import IMAGES, OFFICE, Clock, Database, now_in_utc
from consentdesk.store.disk_errors import damaged
from consentdesk.store.slots import derived


class RolledBack(DamagedOffice):
    """The ledger is shorter than what this computer saw; `missing` says by how many events."""

    def __init__(self, path: Path, missing: int) -> None:
        events = "event is" if missing == 1 else "events are"
        super().__init__(
            f"the file {path.name} is older than what this computer saw: {missing} {events} missing "
            "from the ledger",
            "nothing was changed",
            "keep the folder as it is and put back the newest backup with restore",
        )
        self.missing = missing


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


def open_database(
    folder: Path,
    database: str,
    data_key: bytes,
    *,
    next_key: bytes | None = None,
    mark_counts: bool = True,
    clock: Clock = now_in_utc,
) -> Database:
    """Open the office whose key file names `database`, and check it.

    Both checks of SQLite, the schema (migrated where it is older, after a backup), the triggers, the event
    chain and this computer's high-water mark. With `next_key`, a change of key that was interrupted is finished.
    `mark_counts` is false for a backup that is only looked at: the chain alone is followed, and no mark written.
    Raises `OfficeInUse`, `DamagedOffice`, `NewerOffice`, or another
    `KnownError` for a folder on a network share or without the right to write.
    """
    place.refuse_network_share(folder)
    with ExitStack() as undo:
        either = (data_key, next_key) if next_key else (data_key,)
        office = _with_either(folder / OFFICE, database, either)
        undo.callback(office.close)
        findings = office.checks()
        if findings:
            raise damaged(office.path, "is damaged")
        images = _with_either(folder / IMAGES, database, either)
        undo.callback(images.close)
        db = Database(
            folder, database, data_key, derived(data_key, database, "mark"), office, images,
            chain.beginning(database), clock, next_key=next_key,
        )  # fmt: skip
        schema.check_images(images)
        schema.bring_up_to_date(office, lambda revision: backup.back_up(db, _before(folder, revision, db)))
        schema.check_triggers(office)
        db.mark_key = rotation.mark_key_of(db)
        db.head = _checked_head(db) if mark_counts else chain.check(office, chain.beginning(database))
        rotation.finish_if_possible(db)
        if mark_counts:
            db.keep_mark(clean=False)
            reserve.keep(folder)
        undo.pop_all()
    return db


def _with_either(path: Path, database: str, data_keys: tuple[bytes, ...]) -> EncryptedFile:
    """The file opened with the first of the data keys that fits: there are two while the key is being changed."""
    for data_key in data_keys[:-1]:
        try:
            return EncryptedFile(path, derived(data_key, database, path.name))
        except DamagedOffice:
            continue
    return EncryptedFile(path, derived(data_keys[-1], database, path.name))


def _before(folder: Path, revision: str, db: Database) -> Path:
    """A name for the backup before a migration; one that was cut off and tried again at once has made its own."""
    return folder / "before-migrations" / f"{revision}-{db.now():%Y%m%d-%H%M%S-%f}"


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
        raise RolledBack(db.office.path, seen.events - present.events)
    if not seen.clean or present.events <= WHOLE_CHAIN_UP_TO:
        return chain.check(db.office, start, through=seen.head)
    return chain.check(db.office, seen.head)
