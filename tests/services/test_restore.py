"""A backup is tried and put back: with a password or the sheet alone, knowingly, and losing nothing in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError, NotAllowed, OfficeInUse, WrongPassword
from consentdesk.model.consent import Joined
from consentdesk.model.keeping_events import PutBack
from consentdesk.services import office as services
from consentdesk.services.office import create_office, open_office, open_with_recovery
from consentdesk.services.record import Happening, record
from consentdesk.services.restore import by_password, by_sheet, restore, try_backup
from consentdesk.services.safekeeping import back_up, recovery_sheet_tried, try_recovery_sheet
from consentdesk.store import images, ledger, mark, put_back
from consentdesk.store.slots import FLOOR, Role

PASSWORD = "correct horse"
AS_HEAD = by_password("Ada Head", PASSWORD)


class School:
    """An office in a folder, a backup of it with three events, and two events more in the office itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = folder / "office"
        self.backup = folder / "stick" / "backup"
        self.groups: tuple[str, ...] = ()

    def open(self) -> services.Office:
        return open_office(self.office, "Ada Head", PASSWORD)

    def events(self) -> int:
        with self.open() as office:
            return ledger.head(office.db)[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    school = School(tmp_path_factory.mktemp("restore"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(school.folder / "computer"))
        office, groups = create_office(school.office, "Made-up Primary", "Ada Head", PASSWORD, cost=FLOOR)
        with office:
            services.add_user(office, "Tia Teacher", Role.TEACHER, PASSWORD, cost=FLOOR)
            record(office, [Happening(Joined("4B"), f"p{number}") for number in range(3)])
            images.keep_image(office.db, b"a picture" * 100, "crop")
            school.backup.parent.mkdir()
            back_up(office, school.backup)
            record(office, [Happening(Joined("4B"), f"q{number}") for number in range(2)])
    return school.folder, groups


@pytest.fixture
def school(made: tuple[Path, tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    shutil.copytree(made[0], tmp_path / "all")
    monkeypatch.setenv("CONSENTDESK_DATA", str(tmp_path / "all" / "computer"))
    school = School(tmp_path / "all")
    school.groups = made[1]
    return school


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_older_backup_is_refused_with_the_number_that_would_be_lost(school: School) -> None:
    before = contents(school.office)
    with pytest.raises(KnownError, match=r"2 events that the backup does not hold.*--accept-missing 2"):
        restore(school.backup, school.office, AS_HEAD)
    with pytest.raises(KnownError, match="2 events"):
        restore(school.backup, school.office, AS_HEAD, losing=1)
    assert contents(school.office) == before
    assert school.events() == 5


def test_knowingly_it_is_put_back_and_what_was_there_is_set_aside(school: School) -> None:
    done = restore(school.backup, school.office, AS_HEAD, losing=2)
    assert (done.facts.school, done.facts.events, done.facts.missing) == ("Made-up Primary", 3, 2)
    with school.open() as office:
        assert office.db.notices == []
        last = ledger.events(office.db, 3)
        assert [event.what for event in last] == [PutBack(3, 2)]
        assert last[0].by == office.user.id
    assert done.aside is not None
    assert {file.name for file in done.aside.iterdir()} >= {"office.db", "images.db", "office.keys"}
    # And the way back from there, which loses one event: that of the first putting back.
    with pytest.raises(KnownError, match="set-aside"):
        restore(school.office / "nowhere set-aside", school.office, AS_HEAD)
    restore(done.aside, school.office, AS_HEAD)
    assert school.events() == 6


@pytest.mark.parametrize(
    "spoil",
    [
        lambda office: (office / "office.db").write_bytes(b"damaged" * 9000),
        lambda office: (office / "office.keys").write_bytes(b"damaged"),
        lambda office: (office / "images.db").unlink(),
        shutil.rmtree,
    ],
    ids=["records damaged", "slots damaged", "pictures gone", "all gone"],
)
def test_the_sheet_alone_brings_a_damaged_or_lost_office_back(
    school: School, spoil: Callable[[Path], object]
) -> None:
    spoil(school.office)
    with pytest.raises(KnownError):
        school.open()
    restore(school.backup, school.office, by_sheet(" ".join(school.groups)), losing=2)
    with open_with_recovery(school.office, school.groups) as office:
        assert ledger.head(office.db)[0] == 4


def test_another_computer_has_nothing_to_lose(school: School) -> None:
    shutil.rmtree(paths.computer_folder())
    done = restore(school.backup, school.folder / "elsewhere", AS_HEAD)
    assert (done.facts.missing, done.aside) == (0, None)
    with open_office(school.folder / "elsewhere", "Ada Head", PASSWORD) as office:
        assert office.db.notices == []


def test_a_rolled_back_folder_is_refused_and_the_newer_backup_is_the_way_back(school: School) -> None:
    with school.open() as office:
        back_up(office, school.folder / "newer")
    shutil.rmtree(school.office)
    shutil.copytree(school.backup, school.office)
    with pytest.raises(DamagedOffice, match=r"2 events are missing.*put back the newest backup with restore"):
        school.open()
    restore(school.folder / "newer", school.office, AS_HEAD)
    assert school.events() == 6


def test_the_drill_changes_nothing_and_says_what_is_there(school: School) -> None:
    before = contents(school.folder)
    facts = try_backup(school.backup, by_sheet(" ".join(school.groups)))
    assert (facts.school, facts.pupils, facts.events, facts.missing) == ("Made-up Primary", 0, 3, 2)
    assert facts.last is not None
    assert contents(school.folder) == before


@pytest.mark.parametrize("name", ["office.db", "images.db"])
def test_a_backup_that_is_not_sound_is_never_put_back(school: School, name: str) -> None:
    data = bytearray((school.backup / name).read_bytes())
    data[-3000] ^= 1
    (school.backup / name).write_bytes(data)
    before = contents(school.office)
    for way in (try_backup, lambda backup, sign_in: restore(backup, school.office, sign_in, losing=2)):
        with pytest.raises(KnownError, match="not sound"):
            way(school.backup, AS_HEAD)
    assert contents(school.office) == before


def test_what_is_no_backup_a_wrong_password_or_a_teacher_puts_nothing_back(school: School) -> None:
    (school.folder / "empty").mkdir()
    before = contents(school.office)
    with pytest.raises(KnownError, match="no backup of an office"):
        restore(school.folder / "empty", school.office, AS_HEAD)
    with pytest.raises(WrongPassword):
        restore(school.backup, school.office, by_password("Ada Head", "wrong"))
    with pytest.raises(NotAllowed):
        restore(school.backup, school.office, by_password("Tia Teacher", PASSWORD))
    assert contents(school.office) == before


def test_another_offices_backup_and_an_open_office_are_left_alone(school: School) -> None:
    other = school.folder / "other"
    create_office(other, "Elsewhere", "Ada Head", PASSWORD, cost=FLOOR)[0].db.close()
    with pytest.raises(KnownError, match="another office"):
        restore(school.backup, other, AS_HEAD, losing=2)


def test_an_office_that_is_open_elsewhere_is_not_replaced(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise OfficeInUse("this office is open in another program")

    monkeypatch.setattr(put_back, "refuse_office_in_use", held)
    before = contents(school.office)
    with pytest.raises(OfficeInUse):
        restore(school.backup, school.office, AS_HEAD, losing=2)
    assert contents(school.office) == before


class CutOffError(Exception):
    """As if the power had gone."""


@pytest.mark.parametrize("moves", range(7))
def test_a_restore_cut_off_anywhere_is_carried_on_and_loses_nothing(
    school: School, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {name: (school.office / name).read_bytes() for name in ("office.db", "images.db", "office.keys")}
    done = 0
    replace = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        nonlocal done
        if self.name in whole:
            if done == moves:
                raise CutOffError
            done += 1
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_off)
        try:
            restore(school.backup, school.office, AS_HEAD, losing=2)
        except CutOffError:
            with pytest.raises(KnownError, match="was cut off"):
                school.open()
            patch.undo()
            monkeypatch.setenv("CONSENTDESK_DATA", str(school.folder / "computer"))
            restore(school.backup, school.office, AS_HEAD, losing=2)
    assert school.events() == 4
    (aside,) = school.office.glob("set-aside*")
    assert {name: (aside / name).read_bytes() for name in whole} == whole
    assert not (school.office / put_back.SIGN).exists()


def test_the_mark_follows_the_restored_ledger(school: School) -> None:
    restore(school.backup, school.office, AS_HEAD, losing=2)
    with school.open() as office:
        seen, disproved = mark.read(office.db.id, office.db.mark_key)
        assert not disproved
        assert seen is not None
        assert seen.events == 4


def test_the_recovery_sheet_is_tried_without_changing_anything(school: School) -> None:
    with school.open() as office:
        assert recovery_sheet_tried(office) is None
        before = (school.office / "office.keys").read_bytes()
        try_recovery_sheet(office, " ".join(school.groups).lower())
        assert recovery_sheet_tried(office) is not None
        assert (school.office / "office.keys").read_bytes() == before
        services.change_data_key(office)
        try_recovery_sheet(office, " ".join(school.groups))
        services.new_recovery(office)
        with pytest.raises(WrongPassword, match="sheet is not this office’s"):
            try_recovery_sheet(office, " ".join(school.groups))
        with pytest.raises(WrongPassword, match="Group 3"):
            try_recovery_sheet(office, " ".join((*school.groups[:2], "00001", *school.groups[3:])))
