"""Unlocking, what a wrong password is told, and the lock."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from consentdesk.desktop.home_page import HomePage
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.system_lock import SystemLock
from tests.desktop.driving import PASSWORD, Watchdog, door_of, unlock, until


def test_the_password_opens_the_home_page(
    qtbot: QtBot, closed_window: MainWindow, watchdog: Watchdog
) -> None:
    watchdog.forget()
    unlock(qtbot, closed_window)
    workspace = closed_window.workspace
    assert workspace is not None
    assert isinstance(workspace.page, HomePage)
    assert closed_window.desk.session is not None
    assert closed_window.desk.session.school == "Made-up School"


def test_a_wrong_password_is_told_beside_the_field(qtbot: QtBot, closed_window: MainWindow) -> None:
    door = door_of(closed_window)
    until(qtbot, door.who.box.count)
    qtbot.keyClicks(door.password.line, "not these words")
    qtbot.keyClick(door.password.line, Qt.Key.Key_Return)
    until(qtbot, lambda: door.password.error)
    assert door.password.error.startswith("The password is wrong.")
    assert closed_window.desk.session is None
    assert door.unlock.isEnabled()
    qtbot.keyClicks(door.password.line, PASSWORD)
    assert not door.password.error, "typing takes the error back"
    qtbot.keyClick(door.password.line, Qt.Key.Key_Return)
    until(qtbot, lambda: closed_window.desk.session)


def test_locking_forgets_what_was_shown(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.clipboard().setText("Ada Okafor")
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.desk.session is None
    door = door_of(window)
    assert not door.password.value
    assert QApplication.clipboard().text() == ""
    assert "Made-up School" not in window.windowTitle()
    unlock(qtbot, window)
    assert window.desk.session is not None


def test_the_password_is_shown_only_while_somebody_wants_it(qtbot: QtBot, closed_window: MainWindow) -> None:
    field = door_of(closed_window).password
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    field.show_button.click()
    assert field.line.echoMode() is QLineEdit.EchoMode.Normal
    qtbot.keyClicks(field.line, "a")
    assert field.caps.isHidden()
    qtbot.keyClicks(field.line, "B")
    assert field.caps.isVisible() is (not field.caps.isHidden())


def test_nobody_there_for_a_while_locks(window: MainWindow) -> None:
    window.idle.set_minutes(10)
    window.idle.look(now=0.0, clock=0.0)
    assert window.desk.session is not None
    window.idle.look(now=10e9, clock=1.0)
    assert window.desk.session is None


def test_the_systems_own_lock_locks_too(window: MainWindow) -> None:
    window.follow_the_systems_lock()
    (system,) = window.findChildren(SystemLock)
    system.begins(False)
    assert window.desk.session is not None
    system.begins(True)
    assert window.desk.session is None


def test_a_computer_that_slept_wakes_up_locked(window: MainWindow) -> None:
    window.idle.look(now=0.0, clock=1000.0)
    window.idle.look(now=0.0, clock=1005.0)
    assert window.desk.session is not None
    window.idle.look(now=0.0, clock=1005.0 + 3600)
    assert window.desk.session is None
