"""The school: its name and tag, its settings, the keys of its printed codes, and who has had an account."""

from __future__ import annotations

import secrets
from datetime import datetime

import msgspec
import sqlalchemy as sa

from consentdesk.model.slip import ALPHABET, SCHOOL_LENGTH, CodeKey
from consentdesk.store.database import Database
from consentdesk.store.slots import Role, User
from consentdesk.store.tables import account, code_key, office
from consentdesk.store.tables import setting as setting_table

_SECRET_BYTES = 32


class School(msgspec.Struct, frozen=True):
    """The school of an office. `tag` is six Crockford letters, drawn once; codes name the school by it."""

    name: str
    tag: str
    created: datetime


class Account(msgspec.Struct, frozen=True):
    """Someone who has signed in here: events name them by their id for ever. `removed` is None while they may."""

    user: User
    since: datetime
    removed: datetime | None


def found(db: Database, name: str) -> School:
    """Write the school into a new office, with the first key for its codes."""
    tag = "".join(secrets.choice(ALPHABET) for _ in range(SCHOOL_LENGTH))
    now = db.now()
    with db.writing():
        db.office.write(office.insert().values(id=db.id, school=name, tag=tag, created=now))
        db.office.write(
            code_key.insert().values(
                version=ALPHABET[1], secret=secrets.token_bytes(_SECRET_BYTES), created=now
            )
        )
    return School(name, tag, now)


def school(db: Database) -> School:
    """The school of this office."""
    row = db.office.rows(sa.select(office))[0]
    return School(row.school, row.tag, row.created)


def setting(db: Database, key: str, default: object = None) -> object:
    """A setting of the school, any JSON value; `default` where it was never set."""
    row = db.office.one(sa.select(setting_table.c.value).where(setting_table.c.key == key))
    return default if row is None else msgspec.json.decode(row.value)


def set_setting(db: Database, key: str, value: object) -> None:
    """Keep a setting of the school."""
    with db.writing():
        db.office.write(setting_table.delete().where(setting_table.c.key == key))
        db.office.write(setting_table.insert().values(key=key, value=msgspec.json.encode(value).decode()))


def code_keys(db: Database) -> dict[str, CodeKey]:
    """Every key that printed codes of this school may have been made with, by version.

    They are kept in the database, not made from the data key: changing that must not void the slips at home.
    """
    rows = db.office.rows(sa.select(code_key).order_by(code_key.c.created))
    return {row.version: CodeKey(row.version, row.secret) for row in rows}


def current_code_key(db: Database) -> CodeKey:
    """The key that codes are made with now: the newest."""
    return list(code_keys(db).values())[-1]


def open_account(db: Database, user: User) -> None:
    """Write down a new user."""
    db.office.write(
        account.insert().values(
            id=user.id, name=user.name, role=user.role.value, recovery=user.recovery, since=db.now()
        )
    )


def close_account(db: Database, user: str) -> None:
    """Write down that a user was removed."""
    db.office.write(account.update().where(account.c.id == user).values(removed=db.now()))


def accounts(db: Database) -> dict[str, Account]:
    """Everyone who may or might once sign in, by id, in the order they were added."""
    rows = db.office.rows(sa.select(account).order_by(account.c.since, account.c.id))
    return {
        row.id: Account(User(row.id, row.name, Role(row.role), row.recovery), row.since, row.removed)
        for row in rows
    }
