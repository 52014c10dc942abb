"""A pupil's record erased for good: rows, payloads and pictures go, a counted tombstone stays (rule D3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec
import sqlalchemy as sa

from consentdesk.model.consent import Event, Returned, What
from consentdesk.model.people import Pupil
from consentdesk.store import ledger, scan_files
from consentdesk.store.activity_tables import (
    activity,
    activity_pupil,
    equipment_exception,
    image_set,
    publication,
    publication_pupil,
)
from consentdesk.store.database import Database
from consentdesk.store.tables import erasure as announced
from consentdesk.store.tables import event, guardian, image, reading, scan_file, slip
from consentdesk.store.tables import pupil as pupil_table

ERASED: Final = "[erased]"
_FREE_TEXT: Final = (
    (activity, activity.c.title),
    (activity, activity.c.equipment),
    (activity, activity.c.afterwards),
    (equipment_exception, equipment_exception.c.equipment),
    (equipment_exception, equipment_exception.c.owner),
    (publication, publication.c.what),
    (publication, publication.c.place),
    (publication, publication.c.editor),
    (image_set, image_set.c.what),
    (image_set, image_set.c.place),
    (image_set, image_set.c.attested_by),
    (image_set, image_set.c.how),
    (scan_file, scan_file.c.name),
)
"""Where people write what they like, and may have written a pupil's name."""


class Remains(NamedTuple):
    """What is held of a pupil: events that still say something, slips, pictures, and scans that they lie in."""

    events: int
    slips: tuple[str, ...]
    pictures: tuple[str, ...]
    scans: tuple[str, ...]


def remains(db: Database, pupil_id: str) -> Remains:
    """What an erasure would remove."""
    slips = [row.id for row in db.office.rows(sa.select(slip.c.id).where(slip.c.pupil == pupil_id))]
    rows = list(
        db.office.rows_among(sa.select(reading.c.crop, reading.c.file, reading.c.slip), reading.c.slip, slips)
    )
    events = ledger.events_of(db, pupil_id)
    named = {one.what.image for one in events if isinstance(one.what, Returned) and one.what.image}
    return Remains(
        sum(one.what is not None for one in events),
        tuple(slips),
        tuple(sorted(named | {row.crop for row in rows if row.crop})),
        tuple(sorted({row.file for row in rows if row.file})),
    )


def erase(db: Database, pupil: Pupil, gone: Remains, told: Event) -> None:
    """Erase a pupil in one transaction, told of by the event `told`; pictures and whole scans go after it.

    The chain still holds: it covers hashes of what was said, and their salts go too. A crash between the two
    leaves pictures that nothing names, which the next opening sweeps. Raises `KnownError` where the disk refuses.
    """
    with db.writing():
        _out_of_free_text(db, pupil)
        db.office.write(announced.insert().values(pupil=pupil.id, event=told.id))
        db.office.write(event.update().where(event.c.pupil == pupil.id).values(payload=None, salt=None))
        for slip_id in gone.slips:
            db.office.write(reading.delete().where(reading.c.slip == slip_id))
        for table in (activity_pupil, publication_pupil, guardian, slip):
            db.office.write(table.delete().where(table.c.pupil == pupil.id))
        db.office.write(pupil_table.delete().where(pupil_table.c.id == pupil.id))
        ledger.append(db, [told])
    db.office.shrink()
    with db.writing_images():
        for picture in gone.pictures:
            db.images.write(image.delete().where(image.c.id == picture))
    for scan in gone.scans:
        scan_files.remove_bytes(db, scan)
    db.images.shrink()


def events_that_name(db: Database, pupil: Pupil) -> int:
    """How many events about others, or about the school, still say the pupil's whole name."""
    whole = _finder(_whole_names(pupil))
    likely = [event.c.payload.contains(_in_json(name), autoescape=True) for name in _whole_names(pupil)]
    rows = db.office.rows(
        sa.select(event.c.payload).where(sa.or_(*likely), event.c.pupil.is_distinct_from(pupil.id))
    )
    return sum(whole(str(msgspec.to_builtins(msgspec.json.decode(row.payload, type=What)))) for row in rows)


def _out_of_free_text(db: Database, pupil: Pupil) -> None:
    """Take the name out of what was written: the whole name everywhere, each part where they were in it."""
    theirs = {
        row.id
        for link in (activity_pupil.c.activity, publication_pupil.c.publication)
        for row in db.office.rows(sa.select(link.label("id")).where(link.table.c.pupil == pupil.id))
    }
    whole, parts = _eraser(_whole_names(pupil)), _eraser(_parts(pupil))
    for table, column in _FREE_TEXT:
        for row in db.office.rows(sa.select(table.c.id, column.label("text"))):
            text = parts(whole(row.text)) if row.id in theirs else whole(row.text)
            if text != row.text:
                db.office.write(table.update().where(table.c.id == row.id).values({column: text}))


def _whole_names(pupil: Pupil) -> list[str]:
    firsts = {pupil.legal_first, pupil.preferred_first or pupil.legal_first}
    lasts = {pupil.legal_last, pupil.preferred_last or pupil.legal_last}
    return sorted({f"{first} {last}".strip() for first in firsts for last in lasts}, key=len, reverse=True)


def _parts(pupil: Pupil) -> list[str]:
    parts = (pupil.legal_first, pupil.legal_last, pupil.preferred_first, pupil.preferred_last)
    return sorted({part for part in parts if part}, key=len, reverse=True)


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    """The names as words of their own, in any case and with any blanks between their parts."""
    words = (r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _eraser(names: Sequence[str]) -> Callable[[str], str]:
    pattern = _pattern(names)
    return lambda text: pattern.sub(ERASED, text)


def _finder(names: Sequence[str]) -> Callable[[str], bool]:
    pattern = _pattern(names)
    return lambda text: pattern.search(text) is not None


def _in_json(name: str) -> str:
    """A name as it stands inside the JSON of a payload."""
    return msgspec.json.encode(name).decode()[1:-1]
