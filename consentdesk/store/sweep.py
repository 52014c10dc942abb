"""What a crash may leave of pictures and scans, and how it is removed before new work begins."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from consentdesk.model.consent import Returned, What
from consentdesk.store import scan_files
from consentdesk.store.database import Database
from consentdesk.store.tables import event, image, reading, scan_file, scan_page


def named_images(db: Database) -> dict[str, str]:
    """The images that an event names as evidence: the hash that it gives, by the image's id."""
    rows = db.office.rows(
        sa.select(event.c.payload).where(event.c.kind == "returned", event.c.payload.is_not(None))
    )
    whats = (msgspec.json.decode(row.payload, type=What) for row in rows)
    return {what.image: what.image_sha256 for what in whats if isinstance(what, Returned) and what.image}


def sweep(db: Database) -> int:
    """Remove the pictures and scans that a crash has left, and return how many there were.

    An image goes where neither reading nor event names it, a scan where it was never wholly kept and nothing
    was read from it. To be run before new work begins, and only on records known to be the newest.
    """
    kept = {row.id for row in db.images.rows(sa.select(image.c.id))}
    spare = kept - {row.crop for row in db.office.rows(sa.select(reading.c.crop))}
    if spare:
        spare -= named_images(db).keys()
    used = {row.file for row in db.office.rows(sa.select(scan_page.c.file).distinct())}
    files = db.office.rows(sa.select(scan_file.c.id, scan_file.c.finished))
    broken = {row.id for row in files if row.finished is None} - used
    held = scan_files.with_bytes(db)
    lost = (held - {row.id for row in files}) | (held & broken)
    if spare:
        with db.writing_images():
            for image_id in sorted(spare):
                db.images.write(image.delete().where(image.c.id == image_id))
        db.images.shrink()
    for file in sorted(lost):
        scan_files.remove_bytes(db, file)
    if broken:
        with db.writing():
            for file in sorted(broken):
                db.office.write(scan_file.delete().where(scan_file.c.id == file))
    return len(spare) + len(lost | broken)
