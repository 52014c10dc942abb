"""The whole examination of an open office: everything that can be told without asking a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import sqlalchemy as sa

from consentdesk.errors import DamagedOffice
from consentdesk.store import ledger, scan_files, schema, sweep
from consentdesk.store.database import Database
from consentdesk.store.tables import image, reading


def verify(db: Database) -> tuple[str, ...]:
    """What is wrong with the office, a sentence each; empty where all is well.

    Reads both files whole: pages against their authentication codes, the structure, the triggers, links between
    rows, the event chain from its beginning, every image against its hash, and every kept scan.
    """
    broken = tuple(f"{line}." for line in (*db.office.checks(), *db.images.checks()))
    if broken:
        # What stands on broken pages cannot be judged any further.
        return broken
    loose = [
        f"{db.office.path.name}: rows of {table} name what is not there." for table in db.office.loose_rows()
    ]
    checks: tuple[Callable[[], None], ...] = (
        lambda: schema.check_triggers(db.office),
        lambda: schema.check_images(db.images),
        lambda: ledger.check_chain(db),
    )
    found = (sentence for check in checks for sentence in _finding(check))
    return (*loose, *found, *_wrong_images(db), *scan_files.findings(db))


def _finding(check: Callable[[], None]) -> list[str]:
    try:
        check()
    except DamagedOffice as error:
        return [error.sentence]
    return []


def _wrong_images(db: Database) -> list[str]:
    """Images that changed, that the records name and that are gone, or that are not the ones an event saw."""
    present: dict[str, str] = {}
    changed = []
    for row in db.images.rows(sa.select(image.c.id, image.c.sha256)):
        data = db.images.rows(sa.select(image.c.data).where(image.c.id == row.id))[0].data
        present[row.id] = hashlib.sha256(data).hexdigest()
        if present[row.id] != row.sha256:
            changed.append(row.id)
    wanted = sweep.named_images(db)
    other = [one for one, sha256 in wanted.items() if present.get(one, sha256) != sha256]
    crops = {row.crop for row in db.office.rows(sa.select(reading.c.crop).where(reading.c.crop.is_not(None)))}
    return [
        f"{db.images.path.name}: {len(some)} {what}, the first of them {min(some)}."
        for some, what in (
            (changed, "images are not as they were kept"),
            (other, "images are not the ones that the ledger names"),
            ((wanted.keys() | crops) - present.keys(), "images that the records name are missing"),
        )
        if some
    ]
