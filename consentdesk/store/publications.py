"""What was published with whom, and which images are held where (rules I1, I2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from consentdesk.model.activity import ImageSet, Publication
from consentdesk.store.activity_tables import image_set, publication_pupil
from consentdesk.store.activity_tables import publication as table
from consentdesk.store.database import Database


def keep_publication(db: Database, publication: Publication) -> None:
    """Write down what was published, with its pupils."""
    row = msgspec.structs.asdict(publication)
    pupils = row.pop("pupils")
    row["purposes"] = msgspec.json.encode(publication.purposes).decode()
    with db.writing():
        db.office.write(table.insert(), row)
        links = [{"publication": publication.id, "pupil": pupil} for pupil in dict.fromkeys(pupils)]
        if links:
            db.office.write(publication_pupil.insert(), links)


def publication(db: Database, publication_id: str) -> Publication | None:
    """The publication with this id."""
    found = _publications(db, db.office.rows(sa.select(table).where(table.c.id == publication_id)))
    return found[0] if found else None


def publications(db: Database) -> list[Publication]:
    """Everything that was published, the latest first."""
    return _publications(db, db.office.rows(sa.select(table).order_by(table.c.day.desc(), table.c.id)))


def publications_of(db: Database, pupil: str) -> list[Publication]:
    """Where one pupil was published, the latest first."""
    ids = sa.select(publication_pupil.c.publication).where(publication_pupil.c.pupil == pupil)
    wanted = sa.select(table).where(table.c.id.in_(ids)).order_by(table.c.day.desc(), table.c.id)
    return _publications(db, db.office.rows(wanted))


def keep_images(db: Database, images: ImageSet) -> None:
    """Write down that images are held."""
    db.office.write(image_set.insert(), msgspec.structs.asdict(images))


def change_images(db: Database, images: ImageSet) -> None:
    """Keep what is known of held images now. Raises `KeyError` where the id is unknown."""
    row = msgspec.structs.asdict(images)
    if not db.office.write(image_set.update().where(image_set.c.id == images.id), row):
        raise KeyError(images.id)


def held_images(db: Database, *, destroyed: bool | None = False) -> list[ImageSet]:
    """The images that are held, oldest first; those destroyed where True, all where None."""
    wanted = sa.select(image_set).order_by(image_set.c.taken, image_set.c.id)
    if destroyed is not None:
        is_gone = image_set.c.destroyed.is_not(None)
        wanted = wanted.where(is_gone if destroyed else image_set.c.destroyed.is_(None))
    return [
        ImageSet(
            row.id, row.what, row.place, row.held_on, row.taken, row.activity, row.destroyed, row.attested_by,
            row.how,
        )
        for row in db.office.rows(wanted)
    ]  # fmt: skip


def _publications(db: Database, rows: Iterable[Any]) -> list[Publication]:
    found = list(rows)
    pupils: dict[str, list[str]] = {row.id: [] for row in found}
    wanted = sa.select(publication_pupil).order_by(publication_pupil.c.publication, publication_pupil.c.pupil)
    for link in db.office.rows_among(wanted, publication_pupil.c.publication, pupils):
        pupils[link.publication].append(link.pupil)
    return [
        Publication(
            row.id, row.what, tuple(msgspec.json.decode(row.purposes, type=list[str])), row.place, row.day,
            row.editor, tuple(pupils[row.id]), row.activity,
        )
        for row in found
    ]  # fmt: skip
