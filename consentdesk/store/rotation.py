"""A new data key for everyone, passwords unasked: both keys are kept until both files are found to have the new one."""

from __future__ import annotations

import shutil
from typing import Final

from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.logs import log
from consentdesk.store import keys, school
from consentdesk.store.database import IMAGES, KEYS, OFFICE, Database
from consentdesk.store.disk_errors import damaged
from consentdesk.store.slots import Unlocked, derived

MARK_KEY: Final = "mark-key"
"""The setting that keeps the key of the high-water marks, so that they outlive the data key they were derived from."""
SLOTS: Final = "key-slots"
"""The setting that notes the fingerprints of the key slots."""
_MARGIN_BYTES: Final = 16_000_000


def note_slots(db: Database) -> None:
    """Note what each slot's key would be sealed to; to be done whenever a slot was made by somebody signed in."""
    present = keys.fingerprints(db.folder / KEYS)
    if school.setting(db, SLOTS) != present:
        school.set_setting(db, SLOTS, present)


def note_slot(db: Database, slot: str) -> None:
    """Note the slot that somebody has just signed in with: the password has proved it."""
    noted = school.setting(db, SLOTS)
    proved = keys.fingerprints(db.folder / KEYS).get(slot)
    if isinstance(noted, dict) and proved and noted.get(slot) != proved:
        school.set_setting(db, SLOTS, noted | {slot: proved})


def begin(db: Database, unlocked: Unlocked, *, without: str | None = None) -> None:
    """Seal a new data key to every slot but that of the user `without`, within an open transaction.

    From here on it is finished, now or at the next opening. Raises `KnownError` for a slot that was exchanged.
    """
    if db.next_key is not None:
        if without:
            keys.remove_user(db.folder / KEYS, unlocked, without)
        return
    noted = school.setting(db, SLOTS)
    known = tuple(noted.values()) if isinstance(noted, dict) else None
    db.next_key = keys.begin_change(db.folder / KEYS, unlocked, known, without=without)


def finish(db: Database) -> None:
    """Give both files the new key, check them, and let go of the old key.

    Raises `KnownError` where there is no room for it; both keys are kept then. A crash at any moment leaves
    each file with one of the two keys, and both keys in every slot.
    """
    if db.next_key is None:
        return
    if school.setting(db, MARK_KEY) is None:
        school.set_setting(db, MARK_KEY, db.mark_key.hex())
    for file, name in ((db.office, OFFICE), (db.images, IMAGES)):
        key = derived(db.next_key, db.id, name)
        if file.key != key:
            _check_room(db, file.path.stat().st_size)
            file.change_key(key)
        if file.checks() or file.cut_short():
            raise damaged(file.path, "did not take its new key rightly")
    db.data_key, db.next_key = db.next_key, None
    keys.end_change(db.folder / KEYS, db.id, db.data_key)


def finish_if_possible(db: Database) -> None:
    """At an opening, finish a change of key that was interrupted; a notice where it must wait once more."""
    try:
        finish(db)
    except DamagedOffice:
        raise
    except KnownError as error:
        log.warning("the change of data key could not be finished")
        db.notices.append(f"The change of the office’s data key is not finished yet. {error.sentence}")


def mark_key_of(db: Database) -> bytes:
    """The key of the marks: derived from the first data key, and kept when that is changed."""
    kept = school.setting(db, MARK_KEY)
    return bytes.fromhex(kept) if isinstance(kept, str) else db.mark_key


def _check_room(db: Database, size: int) -> None:
    if shutil.disk_usage(db.folder).free < size + _MARGIN_BYTES:
        raise KnownError(
            f"changing the data key needs {(size + _MARGIN_BYTES) // 1_000_000} MB of free space for a while",
            "both keys are kept until then",
            "free some space and open the office again",
        )
