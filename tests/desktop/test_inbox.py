"""The inbox: what comes into the folder is read, kept, checked and gone; what cannot be taken stays and says so."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from consentdesk.desktop import inbox as inbox_room
from consentdesk.desktop.inbox import Inbox
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.scan_page import ScanPage
from consentdesk.services.office import Office, add_user
from consentdesk.services.school_settings import SchoolSettings, change_school_settings
from consentdesk.store import scans
from consentdesk.store.slots import FLOOR, Role
from tests.desktop.driving import Watchdog, clipped, settle, unlock, until, visit
from tests.desktop.slips import back_office


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits seconds for a scanner here."""
    monkeypatch.setattr(inbox_room, "POLL_MS", 30)
    monkeypatch.setattr(inbox_room, "SETTLED_S", 0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where scans come in."""
    made = tmp_path / "scans"
    made.mkdir()
    return made


def watch(office_folder: Path, folder: Path, *, keep: bool = False) -> Path:
    """Set the folder to be watched; the forms that were printed, as a scanner would give them back unfilled."""
    with back_office(office_folder) as desk:
        change_school_settings(desk.office, SchoolSettings(folder, keep))
        desk.print("web-publication")
        return desk.folder / "forms 1.pdf"


def inbox_of(qtbot: QtBot, window: MainWindow) -> Inbox:
    unlock(qtbot, window)
    assert window.workspace is not None
    return cast("Inbox", window.workspace.attendants["inbox"])


def kept_pages(qtbot: QtBot, window: MainWindow) -> int:
    found: list[int] = []

    def count(office: Office) -> int:
        return len(scans.pages(office.db))

    window.desk.ask(window, count, found.append)
    until(qtbot, lambda: found)
    return found[0]


def shown(page: ScanPage) -> str:
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_a_real_scan_is_read_kept_and_gone_from_the_folder(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path
) -> None:
    forms = watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    page = cast("ScanPage", visit(qtbot, closed_window, "scan"))
    until(qtbot, lambda: inbox.checked)
    assert "nothing waiting" in page.header.line.text()
    assert str(folder)[-20:] in page.header.line.text()
    shutil.copy(forms, folder / "scan.pdf")
    qtbot.waitUntil(lambda: bool(inbox.arrivals), timeout=60_000)
    until(qtbot, lambda: inbox.task is None)
    assert list(folder.iterdir()) == []
    assert (inbox.stayed, inbox.paused) == ((), False)
    settle(qtbot, closed_window)
    assert kept_pages(qtbot, closed_window) == len(inbox.arrivals[0].pages) == 6
    until(qtbot, lambda: page.tabs["review"].text() == "Review  3")
    assert page.inbox_view.review.figure.text() == "3"
    # The same bytes once more, under another name: nothing is read twice, and the file goes all the same.
    shutil.copy(forms, folder / "again.pdf")
    qtbot.waitUntil(lambda: len(inbox.arrivals) > 1, timeout=60_000)
    assert list(folder.iterdir()) == []
    assert "came in before" in page.inbox_view.came.model_of_rows.index(0, 3).data()
    assert kept_pages(qtbot, closed_window) == 6


def test_one_set_of_workers_reads_whatever_comes_until_the_office_is_locked(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path
) -> None:
    forms = watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    workers = []
    for number in (1, 2):
        # Different bytes each time, or the second file would be known before anybody reads it.
        (folder / f"scan {number}.pdf").write_bytes(forms.read_bytes() + b"%" * number)
        qtbot.waitUntil(lambda number=number: len(inbox.arrivals) == number, timeout=60_000)
        workers.append({process.pid for process in multiprocessing.active_children()})
    assert workers[0]
    assert workers[0] == workers[1]
    closed_window.lock()
    until(qtbot, lambda: not multiprocessing.active_children())


def test_a_setting_leaves_the_files_where_they_are(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path
) -> None:
    forms = watch(office_folder, folder, keep=True)
    shutil.copy(forms, folder / "scan.pdf")
    inbox = inbox_of(qtbot, closed_window)
    qtbot.waitUntil(lambda: bool(inbox.arrivals), timeout=60_000)
    qtbot.wait(300)
    assert [path.name for path in folder.iterdir()] == ["scan.pdf"]
    assert len(inbox.arrivals) == 1
    assert inbox.files == ()


def test_what_is_no_scan_says_so_in_one_sentence_and_stays(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path
) -> None:
    watch(office_folder, folder)
    (folder / "letter.pdf").write_text("not a PDF at all", encoding="utf-8")
    (folder / "Thumbs.db").write_bytes(b"the system's own")
    inbox = inbox_of(qtbot, closed_window)
    page = cast("ScanPage", visit(qtbot, closed_window, "scan"))
    until(qtbot, lambda: inbox.stayed)
    settle(qtbot, closed_window)
    assert [one.file.path.name for one in inbox.stayed] == ["letter.pdf"]
    assert shown(page).count("letter.pdf") >= 1
    assert "Thumbs" not in shown(page)
    qtbot.wait(300)
    assert len(inbox.arrivals) == 1
    assert {path.name for path in folder.iterdir()} == {"letter.pdf", "Thumbs.db"}
    (folder / "letter.pdf").unlink()
    until(qtbot, lambda: not inbox.stayed)


def test_a_file_that_is_still_being_written_waits(
    qtbot: QtBot,
    office_folder: Path,
    closed_window: MainWindow,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_room, "SETTLED_S", 0.6)
    watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    scan = folder / "scan.pdf"
    for part in range(8):
        with scan.open("ab") as file:
            file.write(b"%PDF-1.7 and so on" * (part + 1))
        qtbot.wait(120)
        assert inbox.arrivals == ()
        assert inbox.task is None
    until(qtbot, lambda: inbox.stayed)


def test_a_share_that_goes_away_is_told_of_and_taken_up_again_by_itself(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path
) -> None:
    watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    assert closed_window.workspace is not None
    banners = closed_window.workspace.banners
    until(qtbot, lambda: inbox.checked)
    away = folder.rename(folder.with_name("away"))
    until(qtbot, lambda: not inbox.reachable)
    assert any("cannot be reached" in message and str(folder) in message for message in banners.messages)
    away.rename(folder)
    until(qtbot, lambda: inbox.reachable)
    assert not any("cannot be reached" in message for message in banners.messages)


def test_a_share_that_does_not_answer_is_told_of_too(
    qtbot: QtBot,
    office_folder: Path,
    closed_window: MainWindow,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_room, "SILENT_S", 0.0)
    watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    monkeypatch.setattr(closed_window.desk, "aside", lambda *_: None)
    until(qtbot, lambda: not inbox.reachable)


def test_an_office_that_is_busy_says_nothing_of_the_folder(
    qtbot: QtBot,
    office_folder: Path,
    closed_window: MainWindow,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    until(qtbot, lambda: inbox.checked)
    monkeypatch.setattr(closed_window.desk, "ask", lambda *_: None)
    qtbot.wait(300)
    monkeypatch.setattr(inbox_room, "SILENT_S", 0.0)
    for _ in range(5):
        inbox.look()
        qtbot.wait(40)
    assert inbox.reachable


def test_dropped_files_are_read_and_left_where_they_are(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, tmp_path: Path, folder: Path
) -> None:
    watch(office_folder, folder)
    bad = tmp_path / "holiday.docx"
    bad.write_bytes(b"PK and more")
    inbox = inbox_of(qtbot, closed_window)
    assert closed_window.workspace is not None
    closed_window.workspace.go(Place("scan", files=(bad,)))
    page = cast("ScanPage", closed_window.workspace.page)
    until(qtbot, lambda: inbox.stayed)
    settle(qtbot, closed_window)
    assert page.view == "inbox"
    assert bad.exists()
    assert "holiday.docx" in shown(page)
    for points in (10, 18):
        assert clipped(page) == [], points
    inbox.forget(inbox.stayed[0])
    assert "holiday.docx" not in [row.name for row in inbox.arrivals][1:]
    assert inbox.stayed == ()


def test_cancel_keeps_what_is_done_and_waits_for_a_word(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, folder: Path, watchdog: Watchdog
) -> None:
    forms = watch(office_folder, folder)
    inbox = inbox_of(qtbot, closed_window)
    page = cast("ScanPage", visit(qtbot, closed_window, "scan"))
    settle(qtbot, closed_window)
    watchdog.forget()
    shutil.copy(forms, folder / "scan.pdf")
    until(qtbot, lambda: inbox.task is not None)
    until(qtbot, page.inbox_view.progress.isVisible)
    page.inbox_view.progress.cancel.click()
    qtbot.waitUntil(lambda: inbox.task is None, timeout=60_000)
    assert inbox.paused
    assert page.inbox_view.paused.isVisible()
    assert (folder / "scan.pdf").exists()
    page.inbox_view.go_on.click()
    qtbot.waitUntil(lambda: bool(inbox.arrivals), timeout=60_000)
    until(qtbot, lambda: not (folder / "scan.pdf").exists())
    assert kept_pages(qtbot, closed_window) == 6


def test_a_teacher_has_no_inbox(qtbot: QtBot, office_folder: Path, closed_window: MainWindow) -> None:
    with back_office(office_folder) as desk:
        add_user(desk.office, "teacher", Role.TEACHER, "another made up", cost=FLOOR)
    failures: list[BaseException] = []
    closed_window.desk.sign_in(closed_window, office_folder, "teacher", "another made up", failures.append)
    until(qtbot, lambda: closed_window.desk.session or failures)
    assert not failures
    inbox = Inbox(closed_window.desk)
    assert not inbox.works
    inbox.look()
    assert inbox.checked is None
