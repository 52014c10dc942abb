"""The office as a whole: made whole or not at all, opened by the right people, and each kept to their errands."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from consentdesk import paths
from consentdesk.errors import (
    DamagedOffice,
    KnownError,
    NewerOffice,
    NotAllowed,
    OfficeInUse,
    WrongPassword,
)
from consentdesk.model.consent import Joined, Left
from consentdesk.services import office as services
from consentdesk.services.office import Errand, Office, create_office, open_office, open_with_recovery
from consentdesk.store import cipher, images, keys, ledger, mark, reserve, school
from consentdesk.store.slots import FLOOR, Role

PASSWORD = "correct horse"
PEOPLE = {
    "Ada Head": Role.HEAD,
    "Olu Office": Role.OFFICE,
    "Tia Teacher": Role.TEACHER,
    "Sam Safe": Role.SAFEGUARDING,
}
FILES = {"office.db", "images.db", "office.keys"}


class Kept:
    """An office that lies closed in a folder, and its recovery sheet's groups."""

    def __init__(self, folder: Path, groups: tuple[str, ...]) -> None:
        self.folder = folder
        self.groups = groups

    def open(self, name: str | None = "Ada Head", password: str = PASSWORD) -> Office:
        return open_office(self.folder, name, password)

    @property
    def file_names(self) -> set[str]:
        return {
            file.name
            for file in self.folder.iterdir()
            if not file.name.endswith("-journal") and file.name != reserve.NAME
        }


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Made once; every test works on a copy."""
    folder = tmp_path_factory.mktemp("once") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSENTDESK_DATA", str(folder.parent))
        office, groups = create_office(folder, "Made-up Primary", "Ada Head", PASSWORD, cost=FLOOR)
        with office:
            for name, role in list(PEOPLE.items())[1:]:
                services.add_user(office, name, role, PASSWORD, cost=FLOOR)
    keys.previous(folder / "office.keys").unlink()
    return Kept(folder, groups)


@pytest.fixture
def kept(once: Kept, tmp_path: Path) -> Kept:
    shutil.copytree(once.folder, tmp_path / "office")
    return Kept(tmp_path / "office", once.groups)


def make(folder: Path, **parts: str) -> Office:
    values = {"school_name": "Made-up Primary", "user_name": "Ada Head", "password": PASSWORD} | parts
    return create_office(folder, values["school_name"], values["user_name"], values["password"], cost=FLOOR)[
        0
    ]


# Making an office.


def test_a_new_office_is_three_files_a_head_and_a_sheet(tmp_path: Path) -> None:
    office, groups = create_office(
        tmp_path / "new" / "office", " Made-up  Primary ", "Ada Head", PASSWORD, cost=FLOOR
    )
    with office:
        assert school.school(office.db).name == "Made-up Primary"
        assert (office.user.name, office.user.role) == ("Ada Head", Role.HEAD)
        assert services.users(office) == (office.user,)
        assert office.db.notices == []
        assert len(groups) == 8
    assert Kept(tmp_path / "new" / "office", groups).file_names == FILES


def test_what_is_made_opens_without_a_word(kept: Kept) -> None:
    with kept.open() as office:
        assert ledger.head(office.db)[0] == 0


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_folder_that_holds_an_office_is_refused_and_left_alone(kept: Kept, name: str) -> None:
    for other in FILES - {name}:
        (kept.folder / other).unlink()
    before = (kept.folder / name).read_bytes()
    with pytest.raises(KnownError, match="already holds an office"):
        make(kept.folder)
    assert (kept.folder / name).read_bytes() == before
    assert kept.file_names == {name}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"password": "seven 7"}, "at least 8 characters"),
        ({"password": ""}, "at least 8 characters"),
        ({"user_name": "  "}, "needs a name"),
        ({"school_name": ""}, "needs a name"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_made(
    tmp_path: Path, parts: dict[str, str], says: str
) -> None:
    with pytest.raises(KnownError, match=says):
        make(tmp_path / "office", **parts)
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize(
    "step", ["keys.add_recovery", "opening.create", "school.found", "paths.flush_folder"]
)
def test_an_attempt_that_fails_leaves_nothing(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    module, name = step.split(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(services, module), name, fails)
        with pytest.raises(KnownError, match="disk is full"):
            make(tmp_path / "office")
    assert list((tmp_path / "office").iterdir()) == []
    make(tmp_path / "office").db.close()


INTERRUPTED = """
import os, sys
from pathlib import Path
from consentdesk.services import office
from consentdesk.store.slots import FLOOR
office.school.found = lambda *_: os._exit(9)
office.create_office(Path(sys.argv[1]), "Made-up Primary", "Ada Head", "correct horse", cost=FLOOR)
"""


def test_an_attempt_cut_off_by_a_power_cut_is_no_office_and_is_cleared_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(folder)], check=False)  # noqa: S603 - our own words
    assert done.returncode == 9
    assert (folder / "office.keys").exists()
    with pytest.raises(KnownError, match="no office in"):
        open_office(folder, "Ada Head", PASSWORD)
    make(folder).db.close()
    open_office(folder, "Ada Head", PASSWORD).db.close()
    assert Kept(folder, ()).file_names == FILES


def test_an_office_is_not_made_on_a_network_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.place, "on_network_share", lambda _: True)
    with pytest.raises(KnownError, match="network share"):
        make(tmp_path / "office")
    assert not (tmp_path / "office").exists()


# Opening it.


def test_everyone_opens_it_under_their_own_name(kept: Kept) -> None:
    for name, role in PEOPLE.items():
        with kept.open(name.upper()) as office:
            assert (office.user.name, office.user.role) == (name, role)


def test_several_users_must_say_who_they_are(kept: Kept) -> None:
    with pytest.raises(WrongPassword, match="4 users"):
        kept.open(None)


def test_the_only_user_need_not(tmp_path: Path) -> None:
    make(tmp_path / "office").db.close()
    with open_office(tmp_path / "office", None, PASSWORD) as office:
        assert office.user.name == "Ada Head"


def test_the_recovery_sheet_opens_it_as_head(kept: Kept) -> None:
    with open_with_recovery(kept.folder, " ".join(kept.groups).lower()) as office:
        assert office.user.recovery
        services.require(office, "manage-users")
        assert office.user not in services.users(office)
        assert services.user_name(office, office.user.id) == services.RECOVERY_HOLDER


def damage(kept: Kept) -> None:
    data = bytearray((kept.folder / "office.db").read_bytes())
    data[len(data) // 2] ^= 1
    (kept.folder / "office.db").write_bytes(data)


def newer(kept: Kept) -> None:
    with kept.open() as office, office.db.office.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")


def lose_keys(kept: Kept) -> None:
    (kept.folder / "office.keys").unlink()


def lose_everything(kept: Kept) -> None:
    for name in FILES:
        (kept.folder / name).unlink()


def test_four_troubles_have_four_sentences(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "WAIT_S", 0.05)
    sentences = set()
    with pytest.raises(WrongPassword) as told:
        kept.open(password="not the password")
    sentences.add(told.value.sentence)
    with kept.open(), pytest.raises(OfficeInUse) as held:
        kept.open()
    sentences.add(held.value.sentence)
    newer(kept)
    with pytest.raises(NewerOffice) as later:
        kept.open()
    sentences.add(later.value.sentence)
    damage(kept)
    with pytest.raises(DamagedOffice) as broken:
        kept.open()
    sentences.add(broken.value.sentence)
    assert len(sentences) == 4


@pytest.mark.parametrize(
    ("trouble", "kind", "says"),
    [
        (lose_keys, DamagedOffice, r"office\.keys is missing"),
        (lose_everything, KnownError, "no office in"),
        (lambda kept: shutil.rmtree(kept.folder), KnownError, "no office in"),
    ],
)
def test_what_is_missing_is_named(kept: Kept, trouble: object, kind: type[KnownError], says: str) -> None:
    trouble(kept)  # type: ignore[operator]
    with pytest.raises(kind, match=says):
        kept.open()


def test_the_key_file_of_another_office_opens_nothing(kept: Kept, tmp_path: Path) -> None:
    make(tmp_path / "other").db.close()
    shutil.copy(tmp_path / "other" / "office.keys", kept.folder / "office.keys")
    with pytest.raises(DamagedOffice, match="belongs to another office"):
        kept.open()


def test_an_office_is_closed_at_the_end_of_its_block_and_twice_does_no_harm(kept: Kept) -> None:
    with kept.open() as office:
        ledger.append(office.db, [services.event(office, Joined("4B"), "p1")])
    services.close(office)
    seen = mark.read(office.db.id, office.db.mark_key).mark
    assert seen is not None
    assert (seen.events, seen.clean) == (1, True)
    kept.open().db.close()


def test_what_a_crash_left_in_the_images_is_swept_at_the_next_opening(kept: Kept) -> None:
    with kept.open() as office:
        left, _ = images.keep_image(office.db, b"left by a crash", "crop")
    with kept.open() as office, pytest.raises(DamagedOffice, match="lacks an image"):
        images.image(office.db, left)


def test_an_office_opens_on_a_full_disk_too(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise paths.write_error(kept.folder / "images.db", OSError(28, "No space left on device"))

    monkeypatch.setattr(services.sweep, "sweep", full)
    kept.open().db.close()


def test_nothing_is_swept_from_an_office_that_may_not_be_the_newest(kept: Kept) -> None:
    with kept.open() as office:
        left, _ = images.keep_image(office.db, b"of events that are elsewhere", "crop")
    shutil.rmtree(paths.computer_folder())
    with kept.open() as office:
        assert len(office.db.notices) == 1
        assert images.image(office.db, left)


# Users.


def test_a_user_is_added_and_signs_in(kept: Kept) -> None:
    with kept.open() as office:
        user = services.add_user(office, "Nia New", Role.TEACHER, "another one", cost=FLOOR)
        assert user in services.users(office)
    with kept.open("Nia New", "another one") as office:
        assert office.user == user


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("ada head", PASSWORD, "already a user"),
        ("Nia", "short", "at least 8"),
        (" ", PASSWORD, "needs a name"),
    ],
)
def test_a_user_who_cannot_be_is_refused(kept: Kept, name: str, password: str, says: str) -> None:
    with kept.open() as office:
        before = services.users(office)
        with pytest.raises(KnownError, match=says):
            services.add_user(office, name, Role.TEACHER, password, cost=FLOOR)
        assert services.users(office) == before


def test_a_user_whose_slot_cannot_be_written_is_not_written_down(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise paths.write_error(kept.folder / "office.keys", OSError(28, "No space left on device"))

    monkeypatch.setattr(keys, "add_user", full)
    with kept.open() as office:
        with pytest.raises(KnownError, match="disk is full"):
            services.add_user(office, "Nia New", Role.TEACHER, PASSWORD)
        assert len(services.users(office)) == 4


def test_a_removed_user_is_shut_out_and_stays_in_the_history(kept: Kept) -> None:
    with kept.open() as office:
        teacher = next(user for user in services.users(office) if user.role is Role.TEACHER)
        services.remove_user(office, teacher.id)
        assert teacher not in services.users(office)
        assert services.user_name(office, teacher.id) == "Tia Teacher"
        assert services.user_name(office, "never seen") == "somebody unknown"
    with pytest.raises(WrongPassword, match="Tia Teacher may sign in"):
        kept.open("Tia Teacher")


def test_putting_the_old_key_file_back_does_not_bring_a_removed_user_back(kept: Kept) -> None:
    before = (kept.folder / "office.keys").read_bytes()
    with kept.open() as office:
        teacher = next(user for user in services.users(office) if user.role is Role.TEACHER)
        services.remove_user(office, teacher.id)
    after = (kept.folder / "office.keys").read_bytes()
    (kept.folder / "office.keys").write_bytes(before)
    with pytest.raises(DamagedOffice, match="belongs to another office than the key file"):
        kept.open("Tia Teacher")
    (kept.folder / "office.keys").write_bytes(after)
    kept.open().db.close()


def test_a_slot_whose_account_was_closed_opens_nothing(kept: Kept) -> None:
    with kept.open() as office, office.db.writing():
        teacher = next(user for user in services.users(office) if user.role is Role.TEACHER)
        school.close_account(office.db, teacher.id)
    with pytest.raises(WrongPassword, match="may not sign in here any more"):
        kept.open("Tia Teacher")


def test_removing_somebody_changes_the_key_for_everyone_else_and_the_sheet(kept: Kept) -> None:
    with kept.open() as office:
        before = office.db.data_key
        teacher = next(user for user in services.users(office) if user.role is Role.TEACHER)
        services.remove_user(office, teacher.id)
        assert office.db.data_key != before
        # The session goes on with the new key.
        services.change_password(office, office.user.id, "a new password", cost=FLOOR)
        added = services.add_user(office, "New Teacher", Role.TEACHER, PASSWORD, cost=FLOOR)
    for sign_in in (
        lambda: kept.open("Ada Head", "a new password"),
        lambda: kept.open("Olu Office"),
        lambda: kept.open(added.name),
        lambda: open_with_recovery(kept.folder, kept.groups),
    ):
        with sign_in() as office:
            assert office.db.data_key != before
            assert office.db.notices == []


def test_nobody_removes_themselves_the_last_head_or_nobody(kept: Kept) -> None:
    with kept.open() as office:
        with pytest.raises(KnownError, match="cannot remove yourself"):
            services.remove_user(office, office.user.id)
        with pytest.raises(KnownError, match="no such user"):
            services.remove_user(office, "nobody")
    with open_with_recovery(kept.folder, kept.groups) as office:
        head = next(user for user in services.users(office) if user.role is Role.HEAD)
        with pytest.raises(KnownError, match="only head"):
            services.remove_user(office, head.id)


def test_everyone_changes_their_own_password_and_the_head_anyones(kept: Kept) -> None:
    with kept.open("Tia Teacher") as office:
        services.change_password(office, office.user.id, "a new password", cost=FLOOR)
        head = next(user for user in services.users(office) if user.role is Role.HEAD)
        with pytest.raises(NotAllowed):
            services.change_password(office, head.id, "a new password", cost=FLOOR)
        with pytest.raises(KnownError, match="at least 8"):
            services.change_password(office, office.user.id, "short", cost=FLOOR)
    with pytest.raises(WrongPassword):
        kept.open("Tia Teacher")
    with kept.open("Tia Teacher", "a new password") as office:
        teacher = office.user
    with kept.open() as office:
        services.change_password(office, teacher.id, "set by the head", cost=FLOOR)
        with pytest.raises(KnownError, match="no such user"):
            services.change_password(office, "nobody", PASSWORD, cost=FLOOR)
    kept.open("Tia Teacher", "set by the head").db.close()


def test_whoever_holds_the_sheet_gives_the_head_a_new_password(kept: Kept) -> None:
    with open_with_recovery(kept.folder, kept.groups) as office:
        head = next(user for user in services.users(office) if user.role is Role.HEAD)
        services.change_password(office, head.id, "found again", cost=FLOOR)
    kept.open(password="found again").db.close()


def test_a_new_sheet_replaces_the_old_one(kept: Kept) -> None:
    with kept.open() as office:
        groups = services.new_recovery(office)
    with pytest.raises(WrongPassword):
        open_with_recovery(kept.folder, kept.groups)
    open_with_recovery(kept.folder, groups).db.close()


# Who may do what.

ERRANDS: tuple[Errand, ...] = get_args(Errand)
FOR_THE_HEAD: set[Errand] = {"manage-users", "permit-activities", "hand-over-files", "erase-records"}


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("Ada Head", set(ERRANDS)),
        ("Olu Office", set(ERRANDS) - FOR_THE_HEAD - {"restrict-pupils", "see-restrictions"}),
        ("Tia Teacher", {"see-status", "export-lists", "plan-activities"}),
        (
            "Sam Safe",
            {
                "see-status",
                "see-reasons",
                "export-lists",
                "plan-activities",
                "restrict-pupils",
                "see-restrictions",
            },
        ),
    ],
)
def test_each_role_has_its_errands_and_no_others(kept: Kept, name: str, may: set[str]) -> None:
    with kept.open(name) as office:
        assert {errand for errand in ERRANDS if services.may(office, errand)} == may
        for errand in ERRANDS:
            if errand in may:
                services.require(office, errand)
            else:
                with pytest.raises(NotAllowed, match=rf"{name} signed in as {office.user.role} and may not"):
                    services.require(office, errand)


@pytest.mark.parametrize("name", ["Olu Office", "Tia Teacher", "Sam Safe"])
def test_only_the_head_manages_users(kept: Kept, name: str) -> None:
    with kept.open(name) as office:
        with pytest.raises(NotAllowed):
            services.add_user(office, "Nia New", Role.HEAD, PASSWORD, cost=FLOOR)
        with pytest.raises(NotAllowed):
            services.remove_user(office, office.user.id)
        with pytest.raises(NotAllowed):
            services.new_recovery(office)


# Time.


def test_events_carry_the_moment_the_schools_day_and_the_user(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no time zone by environment")
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    try:
        at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
        with open_office(kept.folder, "Ada Head", PASSWORD, clock=lambda: at) as office:
            assert office.now() == at
            assert office.today == date(2026, 7, 1)
            made = services.event(office, Left(), "p1", "S123456789", 7)
            assert (made.at, made.on, made.by) == (at, date(2026, 7, 1), office.user.id)
            assert (made.kind, made.pupil, made.slip, made.batch, made.seq) == (
                "left",
                "p1",
                "S123456789",
                7,
                0,
            )
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_opened_office_is_the_same_to_the_ledger(kept: Kept) -> None:
    with kept.open("Olu Office") as office:
        (event,) = ledger.append(office.db, [services.event(office, Joined("4B"), "p1")])
    with kept.open() as office:
        assert ledger.events_of(office.db, "p1") == [event]
        assert services.user_name(office, event.by) == "Olu Office"
