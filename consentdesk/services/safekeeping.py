"""The whole office checked, and copied to another disk."""

from __future__ import annotations

from pathlib import Path

from consentdesk.services.office import Office, require
from consentdesk.store import backup, verify


def check_everything(office: Office) -> tuple[str, ...]:
    """Check both files, the whole chain of events and every picture; a sentence for each thing that is wrong."""
    require(office, "keep-safe")
    return verify.verify(office.db)


def back_up(office: Office, folder: Path) -> None:
    """Copy the office into a new folder, encrypted as it is. Raises `KnownError` where it cannot be written."""
    require(office, "keep-safe")
    backup.back_up(office.db, folder)
