"""The school's own settings, kept inside its office: its name, where scans arrive, when it was last backed up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from consentdesk.errors import KnownError
from consentdesk.services.office import Office, require
from consentdesk.services.safekeeping import LAST_BACKUP, back_up, note_backup
from consentdesk.store import school

_SCAN_FOLDER: Final = "scan-folder"
_KEEP_SCANS: Final = "keep-scan-files"
_MADE_UP: Final = "made-up"


POST: Final = "post"
SCANS: Final = "scans"
"""Beside the office of a made-up school: where its scans wait, and the folder that they come into."""


class SchoolSettings(msgspec.Struct, frozen=True):
    """What the school has set.

    `scan_folder` is where the scanner puts its files, None where nobody has said. A file taken from it is
    removed once it is kept and verified, unless `keep_scan_files`: it is plaintext on a share.
    """

    scan_folder: Path | None = None
    keep_scan_files: bool = False


def school_name(office: Office) -> str:
    """The school's name, as it is printed on forms."""
    return school.school(office.db).name


def school_settings(office: Office) -> SchoolSettings:
    """The settings, or their defaults."""
    folder = school.setting(office.db, _SCAN_FOLDER)
    return SchoolSettings(
        Path(folder) if isinstance(folder, str) and folder else None,
        school.setting(office.db, _KEEP_SCANS) is True,
    )


def change_school_settings(office: Office, settings: SchoolSettings) -> None:
    """Keep the settings. Raises `KnownError` where the role does not include it."""
    require(office, "change-settings")
    with office.db.writing():
        school.set_setting(office.db, _SCAN_FOLDER, str(settings.scan_folder) if settings.scan_folder else "")
        school.set_setting(office.db, _KEEP_SCANS, settings.keep_scan_files)


def is_made_up(office: Office) -> bool:
    """Whether the school is made up, which the window says all the time."""
    return school.setting(office.db, _MADE_UP) is True


def note_made_up(office: Office) -> None:
    """Note that nobody in this school is real."""
    with office.db.writing():
        school.set_setting(office.db, _MADE_UP, True)


def try_scan_folder(folder: Path) -> int:
    """How many files lie in `folder` now. Raises `KnownError` where it is not there or may not be read."""
    try:
        return sum(path.is_file() and not path.name.startswith(".") for path in folder.iterdir())
    except NotADirectoryError as error:
        raise KnownError(
            f"{folder} is a file, not a folder", "nothing was changed", "choose a folder"
        ) from error
    except FileNotFoundError as error:
        raise KnownError(
            f"there is no folder {folder}", "nothing was changed", "make it, or check that the share is there"
        ) from error
    except OSError as error:
        raise KnownError(
            f"the folder {folder} cannot be read ({error.strerror or 'unknown reason'})",
            "nothing was changed",
            "check that the share is reachable and that you may read it",
        ) from error


class Backup(msgspec.Struct, frozen=True):
    """When the office was last copied (aware, UTC), and into which folder."""

    at: datetime
    folder: Path


def back_up_now(office: Office, place: Path) -> Backup:
    """Copy the office into a new folder in `place`, named for the moment, and note it.

    Raises `KnownError` where `place` is not there or cannot be written: a stick that is not plugged in must
    not become a folder of this computer's own disk.
    """
    if not place.is_dir():
        raise KnownError(
            f"there is no folder {place}", "nothing was copied", "plug the stick in, or choose another folder"
        )
    at = office.now()
    made = Backup(at, place / f"ConsentDesk backup {at.astimezone():%Y-%m-%d %H.%M.%S}")
    back_up(office, made.folder)
    note_backup(office, at, made.folder)
    return made


def last_backup(office: Office) -> Backup | None:
    """The last backup that was made from the window; None where there never was one."""
    match school.setting(office.db, LAST_BACKUP):
        case [str(at), str(folder)]:
            return Backup(datetime.fromisoformat(at), Path(folder))
    return None
