"""A snapshot's own encrypted file: opened with a passphrase of its own, and only for reading."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError, NewerOffice, WrongPassword
from consentdesk.model.snapshot import Snapshot
from consentdesk.store.cipher import EncryptedFile, check_cipher
from consentdesk.store.disk_errors import told
from consentdesk.store.no_dumps import refuse_core_dumps
from consentdesk.store.slots import LIGHTER, secret_bytes, stretch

LAYOUT: Final = 1
SALT_BYTES: Final = 16
"""The salt is the first bytes of a SQLCipher file, the only ones that are not encrypted."""
_LEAST_BYTES: Final = 1024

_tables: Final = sa.MetaData()
_content: Final = sa.Table("content", _tables, sa.Column("snapshot", sa.Text, nullable=False))


def _key(passphrase: str, salt: bytes) -> bytes:
    """SQLCipher's raw key and salt (Argon2id). The cost is one that any teacher's computer can pay."""
    refuse_core_dumps()
    return stretch(secret_bytes(passphrase), salt, LIGHTER) + salt


def write(path: Path, snapshot: Snapshot, passphrase: str) -> None:
    """Write `snapshot` to a new file. Raises `KnownError` where it cannot be written."""
    file = EncryptedFile(path, _key(passphrase, secrets.token_bytes(SALT_BYTES)), new=True)
    try:
        with file.writing() as connection:
            _tables.create_all(connection)
            connection.execute(_content.insert().values(snapshot=msgspec.json.encode(snapshot).decode()))
        file.set_number(LAYOUT)
    finally:
        file.close()
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
    paths.flush_to_disk(path)


def read(untrusted_path: Path, passphrase: str) -> Snapshot:
    """The snapshot in the file, which is not touched, nor anything beside it.

    Raises `WrongPassword`, `NewerOffice`, `DamagedOffice`, or another `KnownError` where there is no such file.
    """
    try:
        with untrusted_path.open("rb") as opened:
            salt = opened.read(SALT_BYTES)
            size = opened.seek(0, 2)
    except OSError as error:
        raise KnownError(
            f"{untrusted_path.name} cannot be opened ({error.strerror})", "", "check the name and the stick"
        ) from error
    if size < _LEAST_BYTES:
        raise _damaged(untrusted_path)
    # Immutable: SQLite takes no lock, and makes no journal beside the file.
    place = f"{untrusted_path.absolute().as_uri()}?mode=ro&immutable=1"
    with told(untrusted_path):
        raw = dbapi2.connect(place, uri=True, isolation_level=None)
    try:
        check_cipher(raw)
        raw.execute(f"PRAGMA key = \"x'{_key(passphrase, salt).hex()}'\"")
        raw.execute("PRAGMA cipher_memory_security = ON")
        raw.execute("PRAGMA cipher_log_level = NONE")
        try:
            layout = int(raw.execute("PRAGMA user_version").fetchone()[0])
        except dbapi2.DatabaseError as error:
            raise WrongPassword(
                f"the passphrase does not open {untrusted_path.name}, or the file is damaged",
                "nothing was changed",
                "type it again, or ask for a new snapshot",
            ) from error
        if layout > LAYOUT:
            raise NewerOffice(
                f"{untrusted_path.name} was written by a newer version of ConsentDesk",
                "nothing was changed",
                "install the newest version on this computer",
            )
        return _sound(untrusted_path, raw)
    finally:
        with suppress(dbapi2.Error):
            raw.close()


def _sound(path: Path, raw: dbapi2.Connection) -> Snapshot:
    try:
        findings = [line for (line,) in raw.execute("PRAGMA cipher_integrity_check").fetchall()]
        findings += [line for (line,) in raw.execute("PRAGMA quick_check").fetchall() if line != "ok"]
        if findings:
            raise _damaged(path)
        (text,) = raw.execute("SELECT snapshot FROM content").fetchone()
        return msgspec.json.decode(text, type=Snapshot)
    except (dbapi2.DatabaseError, msgspec.DecodeError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DamagedOffice:
    return DamagedOffice(
        f"{path.name} is damaged or no snapshot", "nothing was changed", "ask for a new snapshot"
    )
