"""The images' file: pictures kept as evidence under an id and a hash, and checked when they are used."""

from __future__ import annotations

import hashlib
import hmac
from uuid import uuid4

import sqlalchemy as sa

from consentdesk.store.cipher import damaged
from consentdesk.store.database import Database
from consentdesk.store.tables import image as table


def keep_image(db: Database, data: bytes, kind: str) -> tuple[str, str]:
    """Keep an encoded picture, `kind` saying what of; its id and its SHA-256 in hex.

    To be done before the event or reading that names it: a crash between the two leaves an image that nothing
    names, never a name without its image.
    """
    image_id, sha256 = uuid4().hex, hashlib.sha256(data).hexdigest()
    db.images.write(table.insert().values(id=image_id, kind=kind, sha256=sha256, kept_at=db.now(), data=data))
    return image_id, sha256


def image(db: Database, image_id: str) -> bytes:
    """The picture with this id. Raises `DamagedOffice` where it is gone or not as it was kept."""
    row = db.images.one(sa.select(table.c.sha256, table.c.data).where(table.c.id == image_id))
    if row is None:
        raise damaged(db.images.path, "lacks an image that the records name")
    if not hmac.compare_digest(hashlib.sha256(row.data).hexdigest(), row.sha256):
        raise damaged(db.images.path, "holds an image that is not as it was kept")
    return bytes(row.data)
