"""One encrypted file: opened in full armour or not at all, written whole or not at all, and every error a sentence."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from consentdesk.errors import DamagedOffice, KnownError, OfficeInUse
from consentdesk.store import cipher
from consentdesk.store.cipher import EncryptedFile

KEY = b"k" * 32

metadata = sa.MetaData()
note = sa.Table(
    "note",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    file = EncryptedFile(tmp_path / "notes.db", KEY, new=True)
    with file.writing() as connection:
        metadata.create_all(connection)
    yield file
    if not file.closed:
        file.close()


def texts(file: EncryptedFile) -> list[str]:
    return [row.text for row in file.rows(sa.select(note.c.text).order_by(note.c.id))]


def add(file: EncryptedFile, text: str) -> None:
    file.write(note.insert().values(text=text))


def reopened(file: EncryptedFile) -> EncryptedFile:
    file.close()
    return EncryptedFile(file.path, KEY)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "truncate"),
        ("synchronous", 3),
        ("fullfsync", 1),
        ("locking_mode", "exclusive"),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("auto_vacuum", 2),
        ("cipher_memory_security", "1"),
        ("cipher_log_level", "NONE"),
    ],
)
def test_it_is_open_in_full_armour_when_new_and_ever_after(
    file: EncryptedFile, setting: str, value: str | int
) -> None:
    assert file.rows(sa.text(f"PRAGMA {setting}")) == [(value,)]
    again = reopened(file)
    assert again.rows(sa.text(f"PRAGMA {setting}")) == [(value,)]
    again.close()


def test_a_library_that_cannot_encrypt_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Plain:
        """What the standard library's SQLite does: it knows no cipher and minds no key."""

        def execute(self, sql: str) -> Plain:
            asked.append(sql)
            return self

        def fetchone(self) -> None:
            return None

        def close(self) -> None:
            asked.append("close")

    monkeypatch.setattr(cipher.dbapi2, "connect", lambda *_, **__: Plain())
    with pytest.raises(KnownError, match="cannot encrypt"):
        EncryptedFile(tmp_path / "notes.db", KEY, new=True)
    assert asked == ["PRAGMA cipher_version", "close"]


@pytest.mark.parametrize("sql", ["ATTACH 'copy.db' AS copy", "VACUUM", "VACUUM INTO 'copy.db'"])
def test_no_second_file_is_ever_attached(
    file: EncryptedFile, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.path.parent)
    with pytest.raises(dbapi2.DatabaseError, match=r"not authorized|authorization denied"):
        file._raw.execute(sql)
    assert not Path("copy.db").exists()


def test_a_second_program_is_refused_at_once(file: EncryptedFile) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from consentdesk.store import cipher; from consentdesk.errors import OfficeInUse\n"
        "cipher.WAIT_S = 0.05\n"
        "try: cipher.EncryptedFile(Path(sys.argv[1]), b'k' * 32)\n"
        "except OfficeInUse as error: print(error)\n"
    )
    said = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program, str(file.path)], capture_output=True, text=True, check=True
    )
    assert "open in another program" in said.stdout
    add(file, "still ours")


def test_a_second_handle_in_the_same_program_is_refused_too(
    file: EncryptedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "WAIT_S", 0.05)
    with pytest.raises(OfficeInUse):
        EncryptedFile(file.path, KEY)


def test_what_was_written_is_there_when_opened_again(file: EncryptedFile) -> None:
    add(file, "hello")
    again = reopened(file)
    assert texts(again) == ["hello"]
    again.close()


def test_the_wrong_key_opens_nothing(file: EncryptedFile) -> None:
    file.close()
    with pytest.raises(DamagedOffice, match="belongs to another office"):
        EncryptedFile(file.path, b"x" * 32)


def test_nothing_on_the_disk_reads_as_a_database(file: EncryptedFile) -> None:
    add(file, "Marker Pupil")
    file.close()
    data = file.path.read_bytes()
    assert not data.startswith(b"SQLite format 3")
    assert b"Marker" not in data


@pytest.mark.parametrize(
    ("content", "says"), [(None, "is missing"), (b"", "is empty"), (b"not a database" * 1000, "is damaged")]
)
def test_a_file_that_is_no_database_is_damage(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "notes.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedOffice, match=says) as told:
        EncryptedFile(path, KEY)
    assert "restore the newest backup" in str(told.value)


@pytest.mark.parametrize("closed", ["notes.db", "folder"])
def test_without_the_right_to_write_it_is_not_opened_at_all(
    file: EncryptedFile, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.close()
    locked = file.path if closed == "notes.db" else file.path.parent
    monkeypatch.setattr(cipher.os, "access", lambda path, _: path != locked)
    with pytest.raises(KnownError, match="may not be written by you"):
        EncryptedFile(file.path, KEY)


def filled(file: EncryptedFile) -> bytes:
    """The bytes of a file of several pages, closed."""
    file.write(note.insert(), [{"text": f"note {number} " * 20} for number in range(400)])
    file.close()
    return file.path.read_bytes()


def test_flipped_bits_are_noticed_wherever_they_are(file: EncryptedFile) -> None:
    whole = filled(file)
    assert len(whole) > 20 * 4096
    for place in range(5, len(whole), 1999):
        file.path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert findings(file.path), f"the bit at {place}"


@pytest.mark.parametrize("cut", [1, 100, 4095, 4096, 2 * 4096, 10 * 4096 + 17])
def test_a_file_cut_short_is_noticed_at_a_pages_edge_too(file: EncryptedFile, cut: int) -> None:
    whole = filled(file)
    file.path.write_bytes(whole[:-cut])
    assert findings(file.path)


def findings(path: Path) -> list[str]:
    try:
        file = EncryptedFile(path, KEY)
    except DamagedOffice as error:
        return [error.sentence]
    try:
        return file.checks() or (["cut short"] if file.cut_short() else [])
    except DamagedOffice as error:
        return [error.sentence]
    finally:
        file.close()


def test_a_sound_file_has_no_findings(file: EncryptedFile) -> None:
    filled(file)
    assert findings(file.path) == []


def test_a_transaction_is_kept_whole_or_not_at_all(file: EncryptedFile) -> None:
    def interrupted() -> None:
        with file.writing():
            add(file, "one")
            add(file, "two")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert texts(file) == []


def test_schema_changes_roll_back_with_it(file: EncryptedFile) -> None:
    def interrupted() -> None:
        with file.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE more (a)")
            connection.exec_driver_sql("ALTER TABLE note ADD COLUMN b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert file.rows(sa.text("SELECT count(*) FROM sqlite_master WHERE name = 'more'")) == [(0,)]
    assert "b" not in file.rows(sa.text("SELECT sql FROM sqlite_master WHERE name = 'note'"))[0][0].split()


def test_a_block_within_a_block_joins_it(file: EncryptedFile) -> None:
    with file.writing():
        add(file, "outer")
        with file.writing():
            add(file, "inner")
        assert texts(file) == ["outer", "inner"]
    assert texts(file) == ["outer", "inner"]


def test_a_part_that_failed_spoils_the_whole_even_if_its_error_is_caught(file: EncryptedFile) -> None:
    def half() -> None:
        with file.writing():
            add(file, "half of something")
            raise ZeroDivisionError

    def whole() -> None:
        with file.writing():
            with suppress(ZeroDivisionError):
                half()
            add(file, "and on as if nothing had been")

    with pytest.raises(RuntimeError, match="the whole is not kept"):
        whole()
    assert texts(file) == []
    add(file, "a fresh start")
    assert texts(file) == ["a fresh start"]


def test_a_full_disk_is_told_and_loses_nothing(file: EncryptedFile) -> None:
    add(file, "before")
    pages = file.rows(sa.text("PRAGMA page_count"))[0][0]
    file._raw.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(KnownError, match="disk is full") as told:
        file.write(note.insert(), [{"text": "much " * 1000} for _ in range(100)])
    assert "all that was saved before is safe" in str(told.value)
    assert texts(file) == ["before"]
    file._raw.execute(f"PRAGMA max_page_count = {pages + 100}")
    add(file, "after some space was freed")
    assert len(texts(file)) == 2


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("SQLITE_FULL", KnownError, "disk is full"),
        ("SQLITE_READONLY_DIRECTORY", KnownError, "may not be written by you"),
        ("SQLITE_CANTOPEN", KnownError, "may not be written by you"),
        ("SQLITE_BUSY", OfficeInUse, "open in another program"),
        ("SQLITE_LOCKED", OfficeInUse, "open in another program"),
        ("SQLITE_CORRUPT_INDEX", DamagedOffice, "is damaged"),
        ("SQLITE_NOTADB", DamagedOffice, "belongs to another office"),
        ("SQLITE_IOERR_FSYNC", KnownError, "disk refused"),
    ],
)
@pytest.mark.parametrize("through_sqlalchemy", [True, False])
def test_every_known_error_is_a_sentence(
    file: EncryptedFile,
    name: str,
    kind: type[KnownError],
    says: str,
    through_sqlalchemy: bool,
) -> None:
    error = dbapi2.OperationalError("what SQLite says")
    error.sqlite_errorname = name
    raised = sa.exc.OperationalError("SELECT", {}, error) if through_sqlalchemy else error
    with pytest.raises(kind, match=says), file.writing():
        raise raised


def test_what_no_rule_knows_is_a_bug_and_passes_as_it_is(file: EncryptedFile) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        file.write(note.insert().values(text=None))


def test_an_error_never_tells_the_values(file: EncryptedFile) -> None:
    file.write(note.insert().values(id=1, text="first"))
    with pytest.raises(sa.exc.IntegrityError) as told:
        file.write(note.insert().values(id=1, text="Marker Pupil"))
    assert "Marker" not in str(told.value) + repr(told.value)


def test_deleting_wipes_the_pages(file: EncryptedFile) -> None:
    file.write(note.insert(), [{"text": "Marker Pupil"} for _ in range(500)])
    file.write(note.delete())
    file.shrink()
    file.close()
    # Decrypted by another connection: as a copy without the key's protection would show it.
    plain = dbapi2.connect(str(file.path), isolation_level=None)
    plain.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    plain.execute("ATTACH ':memory:' AS plain KEY ''")
    plain.execute("SELECT sqlcipher_export('plain')")
    copied = plain.execute("SELECT count(*) FROM plain.note").fetchone()
    plain.close()
    assert copied == (0,)
    assert file.path.stat().st_size <= 4 * 4096


def test_closing_twice_harms_nothing(file: EncryptedFile) -> None:
    file.close()
    file.close()


def test_only_its_owner_may_read_it(file: EncryptedFile) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows keeps rights in lists, not in modes")
    assert file.path.stat().st_mode & 0o077 == 0
