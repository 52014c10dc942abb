"""A new data key: for everyone, without their passwords, and never a moment at which no key fits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from consentdesk.errors import DamagedOffice, KnownError, WrongPassword
from consentdesk.store import backup, images, keys, ledger, opening, rotation, school, slots, verify
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.database import Database
from consentdesk.store.slots import FLOOR, Role, Unlocked, User
from tests.store.made_up import Clock, happened, let_go

HEAD = User("1" * 32, "Ada Made-Up", Role.HEAD)
CLERK = User("2" * 32, "Zoë O’Example", Role.OFFICE)
SHEET = User("3" * 32, "Holder of the recovery sheet", Role.HEAD, recovery=True)
DATABASE = "d" * 32


class Shared:
    """An office with two users and a sheet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "office.keys"
        self.opened: list[Database] = []

    def make(self) -> tuple[Database, Unlocked]:
        unlocked = keys.create(self.path, DATABASE, HEAD, "correct horse", cost=FLOOR)
        keys.add_user(self.path, unlocked, CLERK, "battery staple", cost=FLOOR)
        self.groups = keys.add_recovery(self.path, unlocked, SHEET)
        db = opening.create(self.folder, DATABASE, unlocked.data_key, clock=Clock())
        self.opened.append(db)
        school.found(db, "Made-up Primary")
        rotation.note_slots(db)
        ledger.append(db, [happened(db) for _ in range(5)])
        self.image, _ = images.keep_image(db, b"a picture" * 9000, "crop")
        return db, unlocked

    def open(self, unlocked: Unlocked) -> Database:
        db = opening.open_database(
            self.folder, DATABASE, unlocked.data_key, next_key=unlocked.next_key, clock=Clock()
        )
        self.opened.append(db)
        return db

    def sign_in(self) -> Unlocked:
        return keys.unlock(self.path, HEAD.name, "correct horse")


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    (tmp_path / "office").mkdir()
    shared = Shared(tmp_path / "office")
    yield shared
    for db in shared.opened:
        let_go(db)


def rotate(db: Database, unlocked: Unlocked, *, without: str | None = None) -> None:
    with db.writing():
        rotation.begin(db, unlocked, without=without)
    rotation.finish(db)


def test_everyone_and_the_sheet_open_the_new_key_with_what_they_know(shared: Shared) -> None:
    db, unlocked = shared.make()
    rotate(db, unlocked)
    db.close()
    for opened in (
        shared.sign_in(),
        keys.unlock(shared.path, CLERK.name, "battery staple"),
        keys.unlock_with_recovery(shared.path, shared.groups),
    ):
        assert opened.data_key != unlocked.data_key
        assert opened.next_key is None
        again = shared.open(opened)
        assert again.notices == []
        assert ledger.head(again)[0] == 5
        assert images.image(again, shared.image) == b"a picture" * 9000
        assert verify.verify(again) == ()
        again.close()


def test_the_old_key_opens_neither_file_any_more(shared: Shared) -> None:
    db, unlocked = shared.make()
    rotate(db, unlocked)
    db.close()
    for name in ("office.db", "images.db"):
        with pytest.raises(DamagedOffice):
            EncryptedFile(shared.folder / name, slots.derived(unlocked.data_key, DATABASE, name))


def test_work_goes_on_with_the_new_key_in_the_same_session(shared: Shared, tmp_path: Path) -> None:
    db, unlocked = shared.make()
    rotate(db, unlocked)
    ledger.append(db, [happened(db)])
    images.keep_image(db, b"another", "crop")
    backup.back_up(db, tmp_path / "backup")
    rotate(db, Unlocked(DATABASE, unlocked.slot, HEAD, db.data_key))
    db.close()
    assert ledger.head(shared.open(shared.sign_in()))[0] == 6
    shutil.rmtree(shared.folder)
    shutil.copytree(tmp_path / "backup", shared.folder)
    assert keys.users(shared.path) == (HEAD, CLERK)


def test_whoever_is_left_out_opens_nothing(shared: Shared) -> None:
    db, unlocked = shared.make()
    rotate(db, unlocked, without=CLERK.id)
    db.close()
    with pytest.raises(WrongPassword, match="obody called"):
        keys.unlock(shared.path, CLERK.name, "battery staple")
    assert not keys.previous(shared.path).exists()
    shared.open(shared.sign_in())


def test_the_mark_outlives_the_key(shared: Shared, tmp_path: Path) -> None:
    """A whole folder from before the change, keys included, is still found to be old."""
    db, unlocked = shared.make()
    db.close()
    shutil.copytree(shared.folder, tmp_path / "old")
    db = shared.open(unlocked)
    rotate(db, unlocked)
    ledger.append(db, [happened(db)])
    db.close()
    shutil.rmtree(shared.folder)
    shutil.copytree(tmp_path / "old", shared.folder)
    with pytest.raises(DamagedOffice, match="1 event is missing"):
        shared.open(shared.sign_in())


STEPS: tuple[tuple[str, Callable[[pytest.MonkeyPatch, Callable[..., None]], None]], ...] = (
    ("before the first file", lambda patch, fail: patch.setattr(EncryptedFile, "change_key", fail)),
    ("before the checks", lambda patch, fail: patch.setattr(EncryptedFile, "checks", fail)),
    ("before the slots", lambda patch, fail: patch.setattr(rotation.keys, "end_change", fail)),
    ("with the second file", lambda patch, fail: patch.setattr(rotation, "_check_room", second(fail))),
)


def second(fail: Callable[..., None]) -> Callable[..., None]:
    met = []

    def at_the_second(*arguments: object) -> None:
        met.append(arguments)
        if len(met) == 2:
            fail()

    return at_the_second


@pytest.mark.parametrize(("when", "spoil"), STEPS, ids=[when for when, _ in STEPS])
def test_a_change_that_is_cut_off_is_finished_at_the_next_opening(
    shared: Shared,
    when: str,
    spoil: Callable[[pytest.MonkeyPatch, Callable[..., None]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class CutOffError(Exception):
        pass

    def cut_off(*_: object) -> None:
        raise CutOffError

    db, unlocked = shared.make()
    with monkeypatch.context() as patch:
        spoil(patch, cut_off)
        with pytest.raises(CutOffError):
            rotate(db, unlocked)
    let_go(db)
    with_both = shared.sign_in()
    assert with_both.data_key == unlocked.data_key
    assert with_both.next_key is not None
    again = shared.open(with_both)
    assert again.notices == []
    assert again.data_key == with_both.next_key
    assert ledger.head(again)[0] == 5
    again.close()
    settled = shared.sign_in()
    assert (settled.data_key, settled.next_key) == (with_both.next_key, None)


def test_without_room_both_keys_stay_and_the_office_opens_all_the_same(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, unlocked = shared.make()
    with monkeypatch.context() as patch:
        patch.setattr(rotation.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
        with pytest.raises(KnownError, match="free space"):
            rotate(db, unlocked)
        ledger.append(db, [happened(db)])
        keys.change_password(
            shared.path,
            Unlocked(DATABASE, unlocked.slot, HEAD, db.data_key, db.next_key),
            CLERK,
            "new staple",
            cost=FLOOR,
        )
        db.close()
        again = shared.open(shared.sign_in())
        assert "not finished yet" in again.notices[0]
        assert ledger.head(again)[0] == 6
        again.close()
    clerk = keys.unlock(shared.path, CLERK.name, "new staple")
    shared.open(clerk).close()
    assert shared.sign_in().next_key is None


def test_a_slot_that_somebody_exchanged_is_not_given_the_new_key(shared: Shared, tmp_path: Path) -> None:
    db, unlocked = shared.make()
    stranger = keys.create(tmp_path / "strange", DATABASE, CLERK, "stranger’s own", cost=FLOOR)
    theirs = keys._read(tmp_path / "strange").slots[0]
    contents = keys._read(shared.path)
    mine, _, sheet = contents.slots
    keys._write(shared.path, keys._holding(DATABASE, (mine, theirs, sheet)))
    before = shared.path.read_bytes()
    with pytest.raises(KnownError, match=r"key of Zoë O’Example in office\.keys is not the one"):
        rotate(db, unlocked)
    assert stranger.data_key != db.data_key
    assert shared.path.read_bytes() == before
    assert db.next_key is None


def test_a_rekeying_that_the_disk_refuses_leaves_the_old_key(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, unlocked = shared.make()
    new = b"n" * 32

    class Deaf:
        """A connection that takes every pragma but this one, as SQLite does on a full disk: without a word."""

        def __init__(self, raw: object) -> None:
            self.raw = raw

        def __getattr__(self, name: str) -> object:
            return getattr(self.raw, name)

        def execute(self, sql: str) -> object:
            return self.raw.execute("SELECT 1" if "rekey" in sql else sql)  # type: ignore[attr-defined]

    db.office._raw = Deaf(db.office._raw)
    with pytest.raises(KnownError, match="old key still opens it"):
        db.office.change_key(new)
    assert db.office.key != new
    ledger.append(db, [happened(db)])
    db.close()
    assert ledger.head(shared.open(unlocked))[0] == 6
