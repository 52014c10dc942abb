"""The whole office checked, copied to another disk, and its recovery sheet tried."""

from __future__ import annotations

import hmac
from datetime import datetime
from pathlib import Path
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.services.office import Office, require
from consentdesk.store import backup, keys, school, verify
from consentdesk.store.database import KEYS

LAST_BACKUP: Final = "last-backup"
"""The setting that says when the office was last copied, and into which folder."""
_SHEET_TRIED: Final = "recovery-sheet-tried"


def check_everything(office: Office) -> tuple[str, ...]:
    """Check both files, the whole chain of events and every picture; a sentence for each thing that is wrong."""
    require(office, "keep-safe")
    return verify.verify(office.db)


def back_up(office: Office, folder: Path) -> None:
    """Copy the office into a new folder, encrypted as it is. Raises `KnownError` where it cannot be written."""
    require(office, "keep-safe")
    backup.back_up(office.db, folder)


def note_backup(office: Office, at: datetime, folder: Path) -> None:
    """Note that the office was copied, for whoever asks how long ago that was."""
    school.set_setting(office.db, LAST_BACKUP, [at.isoformat(), str(folder)])


def try_recovery_sheet(office: Office, untrusted_groups: str) -> None:
    """The drill: see that the sheet in hand would open this office, and note the day. Nothing else changes.

    Raises `WrongPassword` that names the group where it was not copied right, or says that the sheet is an old one.
    """
    require(office, "manage-users")
    opened = keys.unlock_with_recovery(office.folder / KEYS, untrusted_groups)
    if not hmac.compare_digest(opened.data_key, office.db.data_key):
        raise KnownError(
            "the sheet opens a key that this office no longer has", "nothing was changed", "make a new sheet"
        )
    school.set_setting(office.db, _SHEET_TRIED, office.now().isoformat())


def recovery_sheet_tried(office: Office) -> datetime | None:
    """When somebody last tried the recovery sheet; None where nobody ever did."""
    match school.setting(office.db, _SHEET_TRIED):
        case str(at):
            return datetime.fromisoformat(at)
    return None
