"""A copy of the office in a folder of its own: both files encrypted, and the key slots that open them."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.store import schema
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import IMAGES, KEYS, OFFICE, Database
from consentdesk.store.tables import image

_AT_A_TIME = 50


class Copied(NamedTuple):
    """How many of the pictures of a backup are copied."""

    done: int
    total: int


def back_up(db: Database, folder: Path) -> None:
    """Copy the open office to `folder` at one go, as `copying` does bit by bit."""
    for _ in copying(db, folder):
        pass


def copying(db: Database, folder: Path) -> Generator[Copied, None, None]:
    """Copy the open office to `folder`, which must not exist, and check the copy; work may go on between the steps.

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
        yield from _copy_images(db, part / IMAGES)
        if (db.folder / KEYS).exists():
            shutil.copyfile(db.folder / KEYS, part / KEYS)
            paths.flush_to_disk(part / KEYS)
        for name, key in ((OFFICE, db.office.key), (IMAGES, db.images.key)):
            _check(part / name, key)
            # Empty after a proper end, and no part of a backup.
            (part / f"{name}-journal").unlink(missing_ok=True)
        part.replace(folder)
        paths.flush_folder(folder.parent)
    except OSError as error:
        raise paths.write_error(folder, error) from error
    finally:  # a stick may be gone by now
        with suppress(OSError):
            shutil.rmtree(part, ignore_errors=True)


def _copy_images(db: Database, path: Path) -> Iterator[Copied]:
    """The pictures, after the records: what those name is among them, and what came since does no harm."""
    total = db.images.rows(sa.select(sa.func.count()).select_from(image))[0][0]
    copy = EncryptedFile(path, db.images.key, new=True)
    try:
        schema.make_images(copy)
        last, done = "", 0
        while True:
            yield Copied(done, max(done, total))
            some = db.images.rows(
                sa.select(image).where(image.c.id > last).order_by(image.c.id).limit(_AT_A_TIME)
            )
            if not some:
                return
            copy.write(image.insert(), [dict(row._mapping) for row in some])
            last = some[-1].id
            done += len(some)
    finally:
        copy.close()


def _check(path: Path, key: bytes) -> None:
    try:
        copy = EncryptedFile(path, key)
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
