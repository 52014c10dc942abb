"""The school's own form definitions, and every form version as it was printed (rules P1, C6)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from consentdesk.model.form import FormDefinition, FormVersion, Variant
from consentdesk.model.slip import ALPHABET, TAG_LENGTH
from consentdesk.store.database import Database
from consentdesk.store.tables import form_definition, form_version


def keep_definition(db: Database, definition: FormDefinition, source_text: str, by: str) -> None:
    """Keep the school's own definition, with the text it was read from, in place of one of the same id.

    What was printed before is a version, and stays as it was.
    """
    with db.writing():
        db.office.write(form_definition.delete().where(form_definition.c.form == definition.id))
        db.office.write(
            form_definition.insert().values(
                form=definition.id,
                definition=msgspec.json.encode(definition).decode(),
                source=source_text,
                kept_at=db.now(),
                kept_by=by,
            )
        )


def kept_definitions(db: Database) -> list[FormDefinition]:
    """The school's own definitions, by id."""
    rows = db.office.rows(sa.select(form_definition.c.definition).order_by(form_definition.c.form))
    return [msgspec.json.decode(row.definition, type=FormDefinition) for row in rows]


def source_of(db: Database, form: str) -> str | None:
    """The text that the school's own definition was read from, to be edited and added again."""
    row = db.office.one(sa.select(form_definition.c.source).where(form_definition.c.form == form))
    return None if row is None else str(row.source)


def new_tag(db: Database) -> str:
    """A version's tag that is not taken: four Crockford letters."""
    while True:
        tag = "".join(secrets.choice(ALPHABET) for _ in range(TAG_LENGTH))
        if not db.office.rows(sa.select(form_version.c.tag).where(form_version.c.tag == tag)):
            return tag


def keep_version(db: Database, version: FormVersion) -> None:
    """Freeze a form as it was printed; the database refuses to change or delete it."""
    db.office.write(
        form_version.insert().values(
            tag=version.tag,
            form=version.form,
            variant=msgspec.json.encode(version.variant).decode(),
            definition=msgspec.json.encode(version.definition).decode(),
            layout=version.layout,
            pdf=version.pdf,
            sha256=version.sha256,
            kept_at=db.now(),
        )
    )


def version(db: Database, tag: str) -> FormVersion | None:
    """The form version with this tag."""
    return _first(db, form_version.c.tag == tag)


def version_of(db: Database, sha256: str) -> FormVersion | None:
    """The form version with this content."""
    return _first(db, form_version.c.sha256 == sha256)


def versions(db: Database, form: str | None = None, *, but: Collection[str] = ()) -> list[FormVersion]:
    """Every form version, or those of one form, oldest first; `but` the tags of those that are not wanted."""
    wanted = sa.select(form_version).order_by(form_version.c.kept_at, form_version.c.tag)
    if but:
        wanted = wanted.where(form_version.c.tag.not_in(but))
    if form is not None:
        wanted = wanted.where(form_version.c.form == form)
    return [_version(row) for row in db.office.rows(wanted)]


def _first(db: Database, wanted: sa.ColumnElement[bool]) -> FormVersion | None:
    row = db.office.one(sa.select(form_version).where(wanted))
    return None if row is None else _version(row)


def _version(row: Any) -> FormVersion:
    return FormVersion(
        row.tag,
        row.form,
        msgspec.json.decode(row.variant, type=Variant),
        msgspec.json.decode(row.definition, type=FormDefinition),
        row.layout,
        row.pdf,
        row.sha256,
    )
