"""A backup in place of an office's files: copied beside them first, and what was there is set aside, never deleted."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.store import keys
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import IMAGES, KEYS, OFFICE

SIGN: Final = "office.being-put-back"
"""Stands in the folder while the files change places; what lies beside it may be of the old and the new."""
_STAGED: Final = ".backup-copied"
_FILES: Final = (
    OFFICE, f"{OFFICE}-journal", IMAGES, f"{IMAGES}-journal", KEYS, f"{KEYS}.previous",
)  # fmt: skip


def stage(backup: Path, beside: Path) -> Path:
    """Copy the files of a backup into a folder of their own in `beside`, onto the disk. Raises `KnownError`."""
    missing = [name for name in (OFFICE, IMAGES, KEYS) if not (backup / name).is_file()]
    if missing:
        raise KnownError(
            f"{backup} is no backup of an office: {', '.join(missing)} is missing there",
            "nothing was changed",
            "choose the folder that holds office.db, images.db and office.keys",
        )
    paths.make_private_folder(beside)
    staged = beside / _STAGED
    shutil.rmtree(staged, ignore_errors=True)
    try:
        paths.make_private_folder(staged)
        for name in _FILES:
            if (backup / name).exists():
                shutil.copyfile(backup / name, staged / name)
                paths.flush_to_disk(staged / name)
        paths.flush_folder(staged)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise paths.write_error(staged, error) from error
    return staged


def drop(staged: Path) -> None:
    """Remove what `stage` copied."""
    shutil.rmtree(staged, ignore_errors=True)


def refuse_another_office(folder: Path, database: str) -> None:
    """Raise `KnownError` where the files in `folder` are known to be of another office than the backup's."""
    with suppress(DamagedOffice):
        if (folder / KEYS).exists() and keys.database_of(folder / KEYS) != database:
            raise KnownError(
                f"the backup is of another office than the one in {folder}",
                "nothing was changed",
                "name an empty folder with --office, or the backup of this office",
            )


def refuse_office_in_use(folder: Path, key: bytes) -> None:
    """Raise `OfficeInUse` where another program has the office in `folder` open; damage does not matter here."""
    with suppress(DamagedOffice):
        EncryptedFile(folder / OFFICE, key).close()


def swap(folder: Path, staged: Path, at: datetime) -> Path | None:
    """Set the files in `folder` aside, put the staged ones in their place; the folder of the old ones, if any were.

    A swap that was cut off is carried on by another one: what was set aside stays so. Raises `KnownError`.
    """
    sign = folder / SIGN
    try:
        if sign.exists():
            aside = folder / sign.read_text(encoding="utf-8").strip()
        else:
            aside = folder / f"set-aside {at.astimezone():%Y-%m-%d %H.%M.%S}"
            with paths.write_whole(sign) as part:
                part.write_text(aside.name, encoding="utf-8")
        paths.make_private_folder(aside)
        for name in _FILES:
            if not (folder / name).exists():
                continue
            if (aside / name).exists():
                # From a swap that was cut off: the one that was here before lies in `aside`.
                (folder / name).unlink()
            else:
                (folder / name).replace(aside / name)
        paths.flush_folder(aside)
        paths.flush_folder(folder)
        for name in _FILES:
            if (staged / name).exists():
                (staged / name).replace(folder / name)
        paths.flush_folder(folder)
        sign.unlink()
        paths.flush_folder(folder)
        drop(staged)
        if any(aside.iterdir()):
            return aside
        aside.rmdir()
    except OSError as error:
        raise paths.write_error(folder / OFFICE, error) from error
    return None
