"""The images' file: pictures kept as evidence under an id and a hash, and checked when they are used."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

import sqlalchemy as sa

from consentdesk.store.database import Database
from consentdesk.store.disk_errors import damaged
from consentdesk.store.tables import image as table


class Picture(NamedTuple):
    """An encoded picture that is to be kept: its id, its SHA-256 in hex, and what it is of."""

    id: str
    sha256: str
    kind: str
    data: bytes


def picture(data: bytes, kind: str) -> Picture:
    """Give an encoded picture the id and the hash that events and readings name it by."""
    return Picture(uuid4().hex, hashlib.sha256(data).hexdigest(), kind, data)


def keep_pictures(db: Database, pictures: Sequence[Picture]) -> None:
    """Keep pictures, all of them or none.

    To be done before the events or readings that name them: a crash between the two leaves an image that
    nothing names, never a name without its image.
    """
    if pictures:
        at = db.now()
        with db.writing_images():
            db.images.write(table.insert(), [one._asdict() | {"kept_at": at} for one in pictures])


def keep_image(db: Database, data: bytes, kind: str) -> tuple[str, str]:
    """Keep one encoded picture as `keep_pictures` does; its id and its SHA-256 in hex."""
    kept = picture(data, kind)
    keep_pictures(db, [kept])
    return kept.id, kept.sha256


def image(db: Database, image_id: str) -> bytes:
    """The picture with this id. Raises `DamagedOffice` where it is gone or not as it was kept."""
    row = db.images.one(sa.select(table.c.sha256, table.c.data).where(table.c.id == image_id))
    if row is None:
        raise damaged(db.images.path, "lacks an image that the records name")
    if not hmac.compare_digest(hashlib.sha256(row.data).hexdigest(), row.sha256):
        raise damaged(db.images.path, "holds an image that is not as it was kept")
    return bytes(row.data)
