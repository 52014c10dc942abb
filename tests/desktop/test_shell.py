"""The window around the pages: errors, messages, undo, dropped files, keys, one window a user, no garbage elsewhere."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from consentdesk import paths, settings
from consentdesk.desktop import alerts
from consentdesk.desktop.alone import Doorbell
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.keys_sheet import KeysSheet
from consentdesk.desktop.look.appearance import System
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place, Said
from consentdesk.desktop.pieces.strips import Banner
from consentdesk.desktop.tidy import Tidier, tidy
from consentdesk.desktop.workspace import Workspace
from consentdesk.errors import KnownError
from consentdesk.services.office import Office
from consentdesk.services.progress import Job, Progress
from tests.desktop.driving import door_of, settle, unlock, until

CLASS_OF_NOBODY = "Ada Okafor"


def workspace_of(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def alert_of(window: MainWindow) -> alerts.Alert:
    (alert,) = [one for one in window.findChildren(alerts.Alert) if one.isVisible()]
    return alert


def test_a_known_error_says_what_happened_what_is_safe_and_what_to_do() -> None:
    error = alerts.told(
        KnownError("the disk is full", "all that was saved before is safe", "free some space and try again")
    )
    assert error == alerts.Told(
        "The disk is full.", "All that was saved before is safe.", "Free some space and try again."
    )
    assert alerts.told(KnownError("scans.pdf is empty")).sentence == "scans.pdf is empty."
    assert alerts.told(KnownError("nobody", "", "did you mean Okafor?")).todo == "Did you mean Okafor?"


def test_a_bug_is_shown_calmly_and_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def stumble() -> None:
        raise ValueError(CLASS_OF_NOBODY)

    with pytest.raises(ValueError, match=CLASS_OF_NOBODY) as caught:
        stumble()
    error = alerts.told(caught.value)
    assert error.bug
    assert "ValueError at test_shell.py" in error.todo
    assert CLASS_OF_NOBODY not in error.sentence
    assert CLASS_OF_NOBODY not in caplog.text


def test_an_error_that_nobody_takes_is_shown_over_the_window(qtbot: QtBot, window: MainWindow) -> None:
    def fail(_office: Office) -> None:
        raise KnownError("the share is gone", "nothing was lost", "plug it in")

    window.desk.ask(window, fail)
    until(qtbot, lambda: window.findChildren(alerts.Alert))
    alert = alert_of(window)
    assert alert.accessibleDescription() == "The share is gone. Nothing was lost. Plug it in."
    alert.good.click()
    assert not alert.isVisible()


def test_an_error_that_comes_while_locked_waits_for_somebody(qtbot: QtBot, window: MainWindow) -> None:
    window.lock()
    window.show_error(KnownError(f"{CLASS_OF_NOBODY} could not be read"))
    assert not window.findChildren(alerts.Alert)
    unlock(qtbot, window)
    alert_of(window).good.click()


def test_locking_lets_a_job_end_and_then_closes_the_office(qtbot: QtBot, window: MainWindow) -> None:
    steps: list[int] = []

    def count(office: Office) -> Job[None]:
        for done in range(50):
            steps.append(office.today.year)
            yield Progress(done, 50, "counting")

    window.desk.run(window, count)
    window.lock()
    unlock(qtbot, window)
    assert len(steps) == 50, "whoever unlocks waits for the job"


def test_closing_the_window_keeps_what_a_job_has_done(qtbot: QtBot, closed_window: MainWindow) -> None:
    unlock(qtbot, closed_window)
    kept: list[bool] = []

    def endless(_office: Office) -> Job[None]:
        try:
            while True:
                yield Progress(0, 0, "working")
        finally:
            kept.append(True)

    closed_window.desk.run(closed_window, endless)
    until(qtbot, lambda: closed_window.desk.job)
    closed_window.close()
    assert kept == [True]


def test_undo_takes_back_what_the_message_tells_of(qtbot: QtBot, window: MainWindow) -> None:
    undone: list[bool] = []
    workspace = workspace_of(window)
    assert workspace.page is not None
    workspace.page.said.emit(Said("3 slips confirmed", lambda: undone.append(True)))
    assert workspace.toast.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]


def test_the_keys_of_a_screen_are_one_key_away(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClicks(window, "?")
    (sheet,) = window.findChildren(KeysSheet)
    assert sheet.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_page_speaks_through_the_shell(qtbot: QtBot, window: MainWindow) -> None:
    workspace = workspace_of(window)
    page = workspace.page
    assert page is not None
    page.warn("share", Banner("The scan folder cannot be reached."))
    assert "The scan folder cannot be reached." in workspace.banners.messages
    page.warn("share", None)
    assert "The scan folder cannot be reached." not in workspace.banners.messages
    page.go.emit(Place("settings"))
    assert workspace.place.page == "settings"
    settle(qtbot, window)


def test_files_dropped_anywhere_go_to_the_page_that_reads_them(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    workspace = workspace_of(window)
    if "scan" not in workspace.rooms:
        pytest.skip("this version reads no scans in the window")
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    workspace.dropEvent(event)
    assert workspace.place == Place("scan", files=(file,))
    settle(qtbot, window)
    for dialogue in window.findChildren(QDialog):
        dialogue.close()


def test_where_the_window_stood_is_kept_and_no_name_with_it(
    qtbot: QtBot, system: System, office_folder: Path
) -> None:
    window = MainWindow(system, office_folder)
    window.show()
    unlock(qtbot, window)
    window.setGeometry(30, 40, 1000, 700)
    window.close()
    again = MainWindow(system, office_folder)
    qtbot.addWidget(again)
    assert again.geometry().getRect() == (30, 40, 1000, 700)
    assert door_of(again).school.text() == "Made-up School"
    again.close()
    kept = b"".join(file.read_bytes() for file in paths.computer_folder().rglob("*") if file.is_file())
    assert b"Okafor" not in kept
    assert settings.load().last_user == "head"


def test_a_window_that_stood_on_a_screen_that_is_gone_comes_back(
    system: System, office_folder: Path, qtbot: QtBot
) -> None:
    window = MainWindow(system, office_folder)
    window.setGeometry(9000, 9000, 1000, 700)
    window.close()
    again = MainWindow(system, office_folder)
    qtbot.addWidget(again)
    assert again.x() < 9000
    again.close()


def test_a_second_start_rings_at_the_first_ones_door(qtbot: QtBot) -> None:
    first, second = Doorbell(), Doorbell()
    assert not first.somebody_is_home()
    with qtbot.waitSignal(first.rung):
        assert second.somebody_is_home()
    first.close()
    third = Doorbell()
    assert not third.somebody_is_home()
    third.close()


def test_an_office_that_is_open_elsewhere_is_told_at_the_door(
    qtbot: QtBot, system: System, office_folder: Path, desk: Desk
) -> None:
    # Locks of one process do not keep it from itself, so the other program is only played here.
    window = MainWindow(system, office_folder / "missing")
    qtbot.addWidget(window)
    door = door_of(window)
    door._refuse(
        KnownError("this office is open in another program", "nothing was changed", "close it there")
    )
    assert door.password.error.startswith("This office is open in another program.")
    window.close()


def test_garbage_is_collected_by_the_window_alone(system: object) -> None:
    tidier = Tidier()
    assert not gc.isenabled()
    things: list[list[object]] = [[] for _ in range(5000)]
    for thing in things:
        thing.append(thing)
    del things, thing
    tidy()
    assert gc.get_count()[0] < 5000
    tidier.stop()
    gc.disable()
