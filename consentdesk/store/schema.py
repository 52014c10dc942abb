"""Which schema `office.db` has, and how an older one is brought to this program's, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from consentdesk.errors import DamagedOffice, NewerOffice
from consentdesk.store import triggers
from consentdesk.store.activity_tables import in_office
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.disk_errors import damaged
from consentdesk.store.tables import in_images

REVISIONS: Final = ("0001", "0002", "0003")
"""Every schema that a released program has written, oldest first."""
HEAD: Final = REVISIONS[-1]

IMAGES_LAYOUT: Final = 1
"""The layout of `images.db`, kept in its header."""

MIGRATIONS: Final = Path(__file__).with_name("migrations")
VERSIONS: Final = MIGRATIONS / "versions"

_version = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def newer(path: Path) -> NewerOffice:
    """The error for a file that a newer program has written."""
    return NewerOffice(
        f"the file {path.name} was written by a newer version of ConsentDesk",
        "nothing was changed",
        "install the newest version on this computer",
    )


def make(office: EncryptedFile, images: EncryptedFile) -> None:
    """All tables and triggers in two new files."""
    with office.writing() as connection:
        in_office.create_all(connection)
        _version.create(connection)
        connection.execute(_version.insert().values(version_num=HEAD))
        _make_triggers(connection)
    make_images(images)


def make_images(images: EncryptedFile) -> None:
    """The tables of a new file for images."""
    with images.writing() as connection:
        in_images.create_all(connection)
    images.set_number(IMAGES_LAYOUT)


def check_images(images: EncryptedFile) -> None:
    """Raise `NewerOffice` or `DamagedOffice` where the images' file has another layout than this program's."""
    layout = images.number()
    if layout > IMAGES_LAYOUT:
        raise newer(images.path)
    if layout != IMAGES_LAYOUT or images.triggers():
        raise damaged(images.path, "is not as ConsentDesk made it")
    if images.cut_short():
        raise damaged(images.path, "is cut short")


def revision(office: EncryptedFile) -> str:
    """The schema that the file has. Raises `NewerOffice` for one that this program does not know."""
    try:
        row = office.one(sa.select(_version.c.version_num))
    except sa.exc.OperationalError as error:
        raise damaged(office.path, "is not the database of an office") from error
    if row is None:
        raise damaged(office.path, "is not the database of an office")
    return str(row.version_num)


def bring_up_to_date(
    office: EncryptedFile,
    before: Callable[[str], object],
    *,
    revisions: tuple[str, ...] = REVISIONS,
    versions: tuple[Path, ...] = (VERSIONS,),
) -> bool:
    """Migrate the file to the last of `revisions`; whether there was anything to do.

    `before` is called with the present revision first, to keep a backup. Schema and rows change in one
    transaction: what fails leaves the file as it was. Raises `NewerOffice` for a schema that is not known.
    """
    present = revision(office)
    if present == revisions[-1]:
        return False
    if present not in revisions:
        raise newer(office.path)
    before(present)
    migrate(office, revisions[-1], versions)
    return True


def migrate(office: EncryptedFile, to: str, versions: tuple[Path, ...]) -> None:
    """Run the steps in the folders `versions` up to the revision `to`, in one transaction with the triggers."""
    # A quarter of a second, which only a migration should cost.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", _literal(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_literal(folder) for folder in versions))
    with office.without_foreign_keys(), office.writing() as connection:
        for name in office.triggers():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        # Rebuilding a table drops its triggers without a word, so all are made again, whatever was done.
        _make_triggers(connection)
        loose = office.loose_rows()
        if loose:
            raise RuntimeError(f"the migration left loose rows in {', '.join(loose)}")


def check_triggers(office: EncryptedFile) -> None:
    """Raise `DamagedOffice` where the triggers in the file are not exactly the ones on the list."""
    wrong = triggers.differences(office.triggers())
    if wrong:
        raise tampered(office, wrong)


def tampered(office: EncryptedFile, wrong: tuple[str, ...]) -> DamagedOffice:
    """The error for triggers that are missing, changed or strange."""
    return damaged(
        office.path, f"was changed: its rules against changing records differ ({', '.join(wrong)})"
    )


def _make_triggers(connection: sa.Connection) -> None:
    for sql in triggers.TRIGGERS.values():
        connection.exec_driver_sql(sql)


def _literal(path: Path) -> str:
    """A path for Alembic's settings, in which a percent sign has a meaning."""
    return str(path).replace("%", "%%")
