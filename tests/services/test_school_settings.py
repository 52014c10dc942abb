"""The school's own settings: kept in the office, changed by who may, and tried before they are trusted."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.services.office import Office
from consentdesk.services.school_settings import (
    SchoolSettings,
    back_up_now,
    change_school_settings,
    is_made_up,
    last_backup,
    note_made_up,
    school_name,
    school_settings,
    try_scan_folder,
)
from consentdesk.store.slots import Role
from tests.services.made_up import SCHOOL, Desk


def test_a_new_office_watches_no_folder_and_is_real(empty_desk: Desk) -> None:
    assert school_settings(empty_desk.office) == SchoolSettings()
    assert school_name(empty_desk.office) == SCHOOL
    assert not is_made_up(empty_desk.office)
    assert last_backup(empty_desk.office) is None


@pytest.mark.parametrize("wanted", [SchoolSettings(Path("/a scanner’s folder"), True), SchoolSettings()])
def test_what_is_set_stays_set(empty_desk: Desk, wanted: SchoolSettings) -> None:
    change_school_settings(empty_desk.office, SchoolSettings(Path("/elsewhere")))
    change_school_settings(empty_desk.office, wanted)
    assert school_settings(empty_desk.office) == wanted


def test_a_teacher_changes_no_settings(empty_desk: Desk) -> None:
    office = empty_desk.office
    teacher = Office(office.db, msgspec.structs.replace(office.user, role=Role.TEACHER), office.unlocked)
    with pytest.raises(NotAllowed):
        change_school_settings(teacher, SchoolSettings(Path("/elsewhere")))
    assert school_settings(office) == SchoolSettings()


def test_a_made_up_school_says_so_for_good(empty_desk: Desk) -> None:
    note_made_up(empty_desk.office)
    assert is_made_up(empty_desk.office)


def test_a_folder_is_tried_by_looking_into_it(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").touch()
    (tmp_path / ".hidden").touch()
    (tmp_path / "folder").mkdir()
    assert try_scan_folder(tmp_path) == 1


@pytest.mark.parametrize(
    ("name", "told"), [("missing", "there is no folder"), ("file", "is a file, not a folder")]
)
def test_a_folder_that_is_none_is_told(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError) as caught:
        try_scan_folder(tmp_path / name)
    assert told in caught.value.what


def test_a_backup_goes_into_a_folder_that_is_there(desk: Desk) -> None:
    with pytest.raises(KnownError, match="no folder"):
        back_up_now(desk.office, desk.folder / "stick")
    assert last_backup(desk.office) is None
    (desk.folder / "stick").mkdir()
    made = back_up_now(desk.office, desk.folder / "stick")
    assert last_backup(desk.office) == made
    assert (made.folder / "office.db").exists()
    assert made.folder.parent == desk.folder / "stick"
