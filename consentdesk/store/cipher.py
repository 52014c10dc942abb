"""One encrypted file: how it is opened, written, checked, copied, and given another key."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.store.disk_errors import NOT_OPENED, damaged, no_right, told

WAIT_S: Final = 1.0
"""How long another program may hold the file before the opening gives up; a virus scanner is quicker."""

_SETTINGS: Final = (
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", 3),
    ("fullfsync", "1", 1),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
)
"""Name, value, and how the value reads back. Why each: docs/decisions/0010-encrypted-files.md."""

_IN_ONE_QUESTION: Final = 500

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def _deny_attach(action: int, *_: object) -> int:
    """No second file may be attached: that is how plaintext copies are made. VACUUM attaches one too."""
    return int(dbapi2.SQLITE_DENY if action == dbapi2.SQLITE_ATTACH else dbapi2.SQLITE_OK)


def check_cipher(raw: Any) -> None:
    """The standard library's SQLite takes a key without a word and writes plaintext: it must not come to that."""
    if not raw.execute("PRAGMA cipher_version").fetchone():
        raise KnownError(
            "this installation of ConsentDesk cannot encrypt, so it opens no office",
            "nothing was changed",
            "install ConsentDesk again",
        )


def _set(raw: Any, name: str, value: str, expected: str | int) -> None:
    raw.execute(f"PRAGMA {name} = {value}").fetchall()
    if raw.execute(f"PRAGMA {name}").fetchone() != (expected,):
        raise RuntimeError(f"SQLite did not take {name}")


def _connect(path: Path, key: bytes, *, new: bool) -> Any:
    """A connection opened in the order that docs/decisions/0010-encrypted-files.md gives."""
    raw = dbapi2.connect(str(path), isolation_level=None, timeout=WAIT_S)
    try:
        check_cipher(raw)
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute("PRAGMA cipher_memory_security = ON")
        raw.execute("PRAGMA cipher_log_level = NONE")
        if new:
            raw.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for name, value, expected in _SETTINGS:
            _set(raw, name, value, expected)
        raw.set_authorizer(_deny_attach)
        # A second program is refused here and nowhere later.
        raw.execute("BEGIN EXCLUSIVE")
        raw.execute("COMMIT")
    except BaseException:
        raw.close()
        raise
    return raw


class EncryptedFile:
    """An open SQLCipher file, held alone until `close`, used by the thread that opened it.

    While it is open no other handle of this process may open the same file, not even to read it: closing
    that handle would let go of the lock (POSIX advisory locks belong to the process).
    """

    def __init__(self, path: Path, key: bytes, *, new: bool = False) -> None:
        """Open the file at `path`, or make it where `new`. Raises `KnownError`, `OfficeInUse` or `DamagedOffice`."""
        self.path = path
        self.key = key
        if new:
            _make_private(path)
        elif not path.is_file():
            raise damaged(path, "is missing")
        elif path.stat().st_size == 0:
            raise damaged(path, "is empty")
        elif not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            # SQLite would open it for reading, and then neither hold it alone nor say so before the first save.
            raise no_right(path)
        with told(path):
            self._raw = _connect(path, key, new=new)
        self._engine = sa.create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: self._raw,
            poolclass=sa.StaticPool,
            hide_parameters=True,
        )
        # The driver begins nothing by itself (isolation_level None), so that schema changes roll back too.
        sa.event.listen(
            self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
        )
        self.closed = False
        self._open: sa.Connection | None = None
        self._spoilt = False

    @property
    def in_transaction(self) -> bool:
        """Whether a `writing` block is open."""
        return self._open is not None

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction, kept whole at the end of the block or not at all; a block within it joins it.

        Where a joined block fails, the outer one cannot be kept any more, even if the error is caught there.
        """
        if self._open is not None:
            try:
                yield self._open
            except BaseException:
                self._spoilt = True
                raise
            return
        with told(self.path), self._engine.connect() as connection:
            self._open = connection
            try:
                yield connection
                if self._spoilt:
                    raise RuntimeError("a part of this transaction failed, so the whole is not kept")
                connection.commit()
            finally:
                self._open, self._spoilt = None, False
                # A commit that failed leaves its transaction open.
                if self._raw.in_transaction:
                    self._raw.rollback()

    def rows(self, statement: sa.Executable, parameters: Parameters | None = None) -> Sequence[sa.Row[Any]]:
        """All rows of a question, asked inside the open transaction where there is one."""
        if self._open is not None:
            return self._open.execute(statement, parameters).fetchall()
        with told(self.path), self._engine.connect() as connection:
            return connection.execute(statement, parameters).fetchall()

    def rows_among(
        self, statement: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[Any]
    ) -> Iterator[sa.Row[Any]]:
        """The rows of `statement` where `column` is one of `values`, however many; ordered for each value alone."""
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), _IN_ONE_QUESTION):
            yield from self.rows(statement.where(column.in_(wanted[start : start + _IN_ONE_QUESTION])))

    def one(self, statement: sa.Executable, parameters: Parameters | None = None) -> sa.Row[Any] | None:
        """The first row of a question, or None."""
        rows = self.rows(statement, parameters)
        return rows[0] if rows else None

    def write(self, statement: sa.Executable, parameters: Parameters | None = None) -> int:
        """Carry out an INSERT, UPDATE or DELETE in a transaction; how many rows it touched."""
        with self.writing() as connection:
            return connection.execute(statement, parameters).rowcount

    def checks(self) -> list[str]:
        """What both of SQLite's checks find wrong, in technicians' words; empty where nothing is.

        The cipher's check misses a file cut at a page's edge, the quick one does not; neither knows a page
        that was put back from an older copy, for which there is the chain.
        """
        found = []
        with told(self.path):
            for check in ("cipher_integrity_check", "quick_check"):
                lines = [line for (line,) in self._raw.execute(f"PRAGMA {check}").fetchall()]
                found += [f"{self.path.name}: {line}" for line in lines if line != "ok"]
        return found

    def cut_short(self) -> bool:
        """Whether the file is not as long as it says; takes no time, however large it is."""
        with told(self.path):
            # The cipher answers for the page size, in text.
            pages, size = (
                int(self._raw.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size")
            )
        return pages * size != self.path.stat().st_size

    def triggers(self) -> dict[str, str]:
        """The triggers in the file, by name, as they were written."""
        with told(self.path):
            return dict(
                self._raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            )

    def number(self) -> int:
        """The number kept in the file's header: the layout of a file that has no migrations."""
        with told(self.path):
            return int(self._raw.execute("PRAGMA user_version").fetchone()[0])

    def set_number(self, number: int) -> None:
        """Keep `number` in the file's header."""
        with told(self.path):
            self._raw.execute(f"PRAGMA user_version = {int(number)}")

    @contextmanager
    def without_foreign_keys(self) -> Iterator[None]:
        """For a migration that rebuilds a table: links between rows are checked at its end instead of at each step."""
        self._raw.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            self._raw.execute("PRAGMA foreign_keys = ON")

    def loose_rows(self) -> list[str]:
        """The tables with rows that name a row which is not there."""
        with told(self.path):
            return sorted({row[0] for row in self._raw.execute("PRAGMA foreign_key_check").fetchall()})

    def copy_to(self, path: Path) -> None:
        """A whole copy at `path`, encrypted with the same key, made through SQLite's backup."""
        _make_private(path)
        with told(path):
            copy = dbapi2.connect(str(path), isolation_level=None)
            try:
                copy.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
                self._raw.backup(copy)
            except dbapi2.OperationalError as error:
                # The driver gives no name of SQLite's for what fails here, of whatever kind.
                if getattr(error, "sqlite_errorname", ""):
                    raise
                raise KnownError(
                    f"the copy could not be written to {path.parent} ({error})",
                    "the office itself is safe",
                    "check the room on that disk or stick, and try again",
                ) from error
            finally:
                copy.close()

    def change_key(self, key: bytes) -> None:
        """Encrypt every page anew, in one transaction: the file has the old key or the new one, and never both.

        Takes as much room again for the journal. Raises `KnownError` where that failed; the old key still opens it.
        """
        with told(self.path):
            self._raw.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"").fetchall()
            # The pragma says nothing of a failure: the file itself must answer, read anew.
            self._engine.dispose()
            self._raw.close()
            try:
                self._raw = _connect(self.path, key, new=False)
            except dbapi2.Error as error:
                if not getattr(error, "sqlite_errorname", "").startswith(NOT_OPENED):
                    raise
                self._raw = _connect(self.path, self.key, new=False)
                raise KnownError(
                    f"the key of {self.path.name} could not be changed, perhaps because the disk is full",
                    "the old key still opens it",
                    "free some space and open the office again",
                ) from error
        self.key = key

    def shrink(self) -> None:
        """Give the pages that nothing uses any more back to the disk."""
        with told(self.path):
            self._raw.execute("PRAGMA incremental_vacuum").fetchall()

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        with suppress(dbapi2.ProgrammingError):
            self._engine.dispose()
        self._raw.close()
        self.closed = True


def _make_private(path: Path) -> None:
    """An empty file that only its owner may read, for SQLite to fill."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise paths.write_error(path, error) from error
