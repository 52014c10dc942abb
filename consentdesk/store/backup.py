"""A copy of the office in a folder of its own: both files encrypted, and the key slots that open them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.store import schema
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import IMAGES, KEYS, OFFICE, Database
from consentdesk.store.slots import derived
from consentdesk.store.tables import image

_AT_A_TIME = 200


def back_up(db: Database, folder: Path) -> None:
    """Copy the open office to `folder`, which must not exist, and check the copy.

    The passing full scans stay behind; the slips' images come along. Whoever can open the office now can open
    the copy, even later, when they may no longer open the office. Raises `KnownError` where it cannot be written.
    """
    if folder.exists():
        raise KnownError(
            f"{folder} exists already", "nothing was changed", "choose another name for the backup"
        )
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        paths.make_private_folder(part)
        db.office.copy_to(part / OFFICE)
        _copy_images(db, part / IMAGES)
        if (db.folder / KEYS).exists():
            shutil.copyfile(db.folder / KEYS, part / KEYS)
            paths.flush_to_disk(part / KEYS)
        for name in (OFFICE, IMAGES):
            _check(db, part / name)
            # Empty after a proper end, and no part of a backup.
            (part / f"{name}-journal").unlink(missing_ok=True)
        part.replace(folder)
        paths.flush_folder(folder.parent)
    except OSError as error:
        raise paths.write_error(folder, error) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(part, ignore_errors=True)


def _copy_images(db: Database, path: Path) -> None:
    copy = EncryptedFile(path, derived(db.data_key, db.id, IMAGES), new=True)
    try:
        schema.make_images(copy)
        last = ""
        while True:
            some = db.images.rows(
                sa.select(image).where(image.c.id > last).order_by(image.c.id).limit(_AT_A_TIME)
            )
            if not some:
                return
            copy.write(image.insert(), [dict(row._mapping) for row in some])
            last = some[-1].id
    finally:
        copy.close()


def _check(db: Database, path: Path) -> None:
    try:
        copy = EncryptedFile(path, derived(db.data_key, db.id, path.name))
        try:
            sound = not copy.checks() and not copy.cut_short()
        finally:
            copy.close()
    except DamagedOffice:
        sound = False
    if not sound:
        raise KnownError(
            "the backup did not come out right on that disk",
            "the office itself is safe",
            "try another disk or stick",
        )
