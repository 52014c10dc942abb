"""What SQLite says about disk, rights, locks and damage, in sentences for a person: the one place for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from consentdesk.errors import DamagedOffice, KnownError, OfficeInUse
from consentdesk.store.reserve import DiskFull

_FULL = "SQLITE_FULL"
_NO_RIGHT = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
_HELD = ("SQLITE_BUSY", "SQLITE_LOCKED")
_BROKEN = "SQLITE_CORRUPT"
NOT_OPENED = "SQLITE_NOTADB"
_DISK = "SQLITE_IOERR"


def damaged(path: Path, why: str) -> DamagedOffice:
    """The error for a file of the office that fails a check; `why` ends the sentence that names the file."""
    return DamagedOffice(
        f"the file {path.name} {why}",
        "nothing was changed",
        "keep the folder as it is and restore the newest backup",
    )


def no_right(path: Path) -> KnownError:
    """The error for a file that this user may not write."""
    return KnownError(
        f"{path} may not be written by you",
        "nothing was changed",
        "ask your technician for the right to write in that folder",
    )


def _sentence(path: Path, name: str) -> KnownError | None:
    """The error that a person is told for SQLite's error `name`; None where it is a bug of ours."""
    if name.startswith(_FULL):
        return DiskFull(
            f"the disk is full, so nothing more was saved in {path.name}",
            "all that was saved before is safe",
            "free some space and try again",
        )
    if name.startswith(_NO_RIGHT):
        return no_right(path)
    if name.startswith(_HELD):
        return OfficeInUse(
            "this office is open in another program",
            "nothing was changed",
            "close ConsentDesk there, or wait until it is done, and try again",
        )
    if name.startswith(_BROKEN):
        return damaged(path, "is damaged")
    if name.startswith(NOT_OPENED):
        return damaged(path, "is damaged, or belongs to another office than the key file beside it")
    if name.startswith(_DISK):
        return KnownError(
            f"the disk refused to read or write {path.name}",
            "all that was saved before is safe",
            "check the disk or stick, and try again",
        )
    return None


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says about disk, rights, locks and damage into sentences; the rest are bugs and pass."""
    try:
        yield
    except dbapi2.Error as error:
        known = _sentence(path, getattr(error, "sqlite_errorname", ""))
        if known is None:
            raise
        raise known from error
    except sa.exc.DBAPIError as error:
        known = _sentence(path, getattr(error.orig, "sqlite_errorname", ""))
        if known is None:
            raise
        raise known from error
