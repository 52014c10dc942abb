"""Settings: users, the folder for scans, forms, backups and the look, each through its own widgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from consentdesk import paths
from consentdesk.desktop.look import appearance
from consentdesk.desktop.look.colours import DARK, colours_in
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.settings_forms import FormsCard
from consentdesk.desktop.settings_look import LookCard
from consentdesk.desktop.settings_page import SettingsPage
from consentdesk.desktop.settings_safety import BackupCard
from consentdesk.desktop.settings_scans import ScansCard
from consentdesk.desktop.settings_users import UsersCard
from consentdesk.store.slots import Role
from tests.desktop.driving import door_of, settle, unlock, until, visit


def page_of(qtbot: QtBot, window: MainWindow) -> SettingsPage:
    page = visit(qtbot, window, "settings")
    assert isinstance(page, SettingsPage)
    until(qtbot, lambda: "appearance" in page.cards)
    settle(qtbot, window)
    return page


def toast_of(window: MainWindow) -> str:
    assert window.workspace is not None
    return window.workspace.toast.message.text()


def test_a_teacher_is_added_and_signs_in_with_less(qtbot: QtBot, window: MainWindow) -> None:
    card = page_of(qtbot, window).cards["users"]
    assert isinstance(card, UsersCard)
    card.add.click()
    card.keep.click()
    assert card.name.error == "Type a name."
    card.name.set_value("A. Teacher")
    card.role.choose(Role.TEACHER)
    card.password.set_value("three small words")
    card.again.set_value("three small words")
    card.keep.click()
    until(qtbot, lambda: len(card.table.rows) == 2)
    assert "may sign in now" in toast_of(window)
    assert card.form.isHidden()
    assert card.password.value == ""

    window.lock()
    door = door_of(window)
    until(qtbot, lambda: door.who.box.count() == 2)
    door.who.choose("A. Teacher")
    unlock(qtbot, window, "three small words")
    page = page_of(qtbot, window)
    assert set(page.cards) == {"users", "appearance"}
    own = page.cards["users"]
    assert isinstance(own, UsersCard)
    own.set_password.click()
    own.password.set_value("four rather small words")
    own.again.set_value("four rather small words")
    own.keep.click()
    until(qtbot, lambda: toast_of(window) == "The password is set.")
    window.lock()
    door = door_of(window)
    until(qtbot, lambda: door.who.box.count() == 2)
    door.who.choose("A. Teacher")
    unlock(qtbot, window, "four rather small words")


def test_a_name_twice_is_told_beside_the_field(qtbot: QtBot, window: MainWindow) -> None:
    card = page_of(qtbot, window).cards["users"]
    assert isinstance(card, UsersCard)
    card.add.click()
    card.name.set_value("head")
    card.password.set_value("three small words")
    card.again.set_value("three small words")
    card.keep.click()
    until(qtbot, lambda: card.name.error)
    assert len(card.table.rows) == 1


def test_removing_a_user_is_asked_about_first(qtbot: QtBot, window: MainWindow) -> None:
    card = page_of(qtbot, window).cards["users"]
    assert isinstance(card, UsersCard)
    card.table.choose(0)
    assert not card.remove.isEnabled(), "nobody removes themselves"
    card.add.click()
    card.name.set_value("B. Office")
    card.password.set_value("three small words")
    card.again.set_value("three small words")
    card.keep.click()
    until(qtbot, lambda: len(card.table.rows) == 2)
    card.table.choose([user.name for user in card.table.rows].index("B. Office"))
    card.remove.click()
    assert card.sure.isVisible()
    card.sure.no.click()
    settle(qtbot, window)
    assert len(card.table.rows) == 2
    card.remove.click()
    card.sure.yes.click()
    until(qtbot, lambda: len(card.table.rows) == 1)


def test_a_new_recovery_sheet_is_written_where_somebody_says(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = page_of(qtbot, window).cards["users"]
    assert isinstance(card, UsersCard)
    target = tmp_path / "sheet.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    card.recovery.click()
    card.sure.yes.click()
    until(qtbot, target.exists)
    assert target.read_bytes().startswith(b"%PDF")


def test_the_folder_for_scans_is_tried_before_it_is_kept(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    card = page_of(qtbot, window).cards["scans"]
    assert isinstance(card, ScansCard)
    panel = card.panel
    for typed, told in (
        ("scans", "Give the whole path"),
        (str(tmp_path / "missing"), "There is no folder"),
        (str(Path(__file__)), "is a file, not a folder"),
    ):
        panel.folder.set_value(typed)
        card.save.click()
        until(qtbot, lambda: panel.folder.error)
        assert told in panel.folder.error
    panel.folder.set_value(str(tmp_path))
    panel.keep_files.setChecked(True)
    card.save.click()
    until(qtbot, lambda: toast_of(window) == "The folder for scans is saved.")
    window.lock()
    unlock(qtbot, window)
    again = page_of(qtbot, window).cards["scans"]
    assert isinstance(again, ScansCard)
    assert again.panel.folder.value == str(tmp_path)
    assert again.panel.keep_files.isChecked()


def test_a_form_of_the_schools_own_is_added(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    card = page_of(qtbot, window).cards["forms"]
    assert isinstance(card, FormsCard)
    assert len(card.table.rows) == 3
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("id = 3\n", encoding="utf-8")
    card.file.set_value(str(wrong))
    card.add.click()
    until(qtbot, lambda: card.file.error)
    right = tmp_path / "own.toml"
    shipped = paths.shipped("forms", "web-publication.toml").read_text(encoding="utf-8")
    right.write_text(shipped, encoding="utf-8")
    card.file.set_value(str(right))
    card.add.click()
    until(qtbot, lambda: any(form.own for form in card.table.rows))
    assert len(card.table.rows) == 3


def test_a_backup_is_made_checked_and_remembered(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    card = page_of(qtbot, window).cards["backup"]
    assert isinstance(card, BackupCard)
    assert "no backup yet" in card.last.text()
    card.copy.click()
    assert card.place.error
    card.place.set_value(str(tmp_path / "missing"))
    card.copy.click()
    until(qtbot, lambda: card.copy.isEnabled() and card.place.error)
    stick = tmp_path / "stick"
    stick.mkdir()
    card.place.set_value(str(stick))
    card.copy.click()
    until(qtbot, lambda: "Last backup today" in card.last.text())
    (made,) = stick.iterdir()
    assert (made / "office.db").exists()
    card.check.click()
    until(qtbot, lambda: card.found.text() == "Everything is sound.")


def test_the_look_that_is_chosen_is_worn_and_kept(qtbot: QtBot, window: MainWindow) -> None:
    card = page_of(qtbot, window).cards["appearance"]
    assert isinstance(card, LookCard)
    card.theme.choose("dark")
    assert colours_in(QApplication.palette()) == DARK
    again = page_of(qtbot, window).cards["appearance"]
    assert isinstance(again, LookCard)
    assert again.theme.value == "dark"
    again.minutes.choose(5)
    again.letters.setChecked(False)
    kept = appearance.load()
    assert (kept.theme, kept.idle_minutes, kept.letter_keys) == ("dark", 5, False)
