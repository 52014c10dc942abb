"""One school's first term through the window alone: from an empty folder to a list that leaves it, by way of paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from consentdesk.desktop import inbox as inbox_room
from consentdesk.desktop import print_page
from consentdesk.desktop.export_page import ExportPage
from consentdesk.desktop.first_run import FirstRun
from consentdesk.desktop.home_page import HomePage
from consentdesk.desktop.look.appearance import System
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.print_page import PrintPage
from consentdesk.desktop.pupils_page import PupilsPage
from consentdesk.desktop.scan_page import ScanPage
from consentdesk.desktop.trip_page import TripPage
from consentdesk.desktop.trip_words import GroupRow
from consentdesk.desktop.workspace import Workspace
from consentdesk.model.consent import Exported, Withdrawn
from consentdesk.printing.manifest import Manifest
from consentdesk.services.office import open_office
from consentdesk.services.print_forms import print_forms
from consentdesk.store import ledger, scans
from tests.desktop.conftest import CLASS_LIST
from tests.desktop.driving import ON_A_SCREEN, PASSWORD, Watchdog, bring_forward, settle, unlock, until
from tests.journey.neat_pen import Filling, Word, blank, fill_in, printed_pages, write_scans

Shown = TypeVar("Shown")

EVERYTHING = (
    "image.in-school", "image.public-display", "image.website", "image.social-media", "image.print", "image.press",
    "image.video",
)  # fmt: skip
ALL_YES = Filling(dict.fromkeys(EVERYTHING, "yes"))
BOTH_MARKED: dict[str, Word] = {**dict.fromkeys(EVERYTHING, "yes"), "image.press": "both"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits seconds for a scanner here."""
    monkeypatch.setattr(inbox_room, "POLL_MS", 50)
    monkeypatch.setattr(inbox_room, "SETTLED_S", 0.2)


@pytest.fixture
def geometry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the boxes of what the window prints are written down, for whoever fills them in."""
    manifest = tmp_path / "manifest.json"
    monkeypatch.setattr(print_page, "print_forms", partial(print_forms, manifest_file=manifest))
    return manifest


@pytest.fixture
def window(qtbot: QtBot, system: System, tmp_path: Path) -> Iterator[MainWindow]:
    """The window on a computer without an office, on the platform that was asked for."""
    assert QGuiApplication.platformName() == os.environ.get(ON_A_SCREEN, "offscreen")
    made = MainWindow(system, tmp_path / "office")
    qtbot.addWidget(made)
    made.resize(1280, 800)
    bring_forward(qtbot, made)
    until(qtbot, lambda: isinstance(made.centralWidget(), FirstRun))
    yield made
    made.close()


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    """Press a button as a mouse does: only where it is to be seen and may be pressed."""
    until(qtbot, lambda: button.isVisible() and button.isEnabled())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def write(qtbot: QtBot, line: QWidget, typed: str) -> None:
    line.setFocus()
    qtbot.keyClicks(line, typed)


def workspace_of(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def turn_to(qtbot: QtBot, window: MainWindow, number: int, kind: type[Shown]) -> Shown:
    """Ctrl and a number, and the page that comes."""
    key = Qt.Key(ord(str(number)))
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    workspace = workspace_of(window)
    until(qtbot, lambda: isinstance(workspace.page, kind))
    settle(qtbot, window)
    page = workspace.page
    assert isinstance(page, kind)
    return page


def test_a_school_from_its_first_day_to_the_list_that_leaves_it(
    qtbot: QtBot,
    window: MainWindow,
    geometry: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    watchdog: Watchdog,
) -> None:
    def save_as(name: str) -> Path:
        target = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
        return target

    scan_folder = tmp_path / "scans"
    scan_folder.mkdir()
    set_up_the_school(qtbot, window, save_as("recovery sheet.pdf"), scan_folder)
    print_for_everyone(qtbot, window, save_as("forms.pdf"))
    fill_in_and_scan(tmp_path / "forms.pdf", geometry, scan_folder)
    watchdog.forget()
    see_them_come_in(qtbot, window, scan_folder)
    review_the_doubtful_one(qtbot, window)
    confirm_the_clear_ones(qtbot, window)
    check_the_trip(qtbot, window, save_as("trip.pdf"))
    record_a_withdrawal(qtbot, window)
    see_it_hold_on_the_trip(qtbot, window)
    export_the_list(qtbot, window, tmp_path / "list.xlsx")
    lock_and_come_back(qtbot, window)
    watchdog.stop()
    window.close()
    see_what_was_kept(tmp_path / "office", scan_folder)


def set_up_the_school(qtbot: QtBot, window: MainWindow, sheet: Path, scan_folder: Path) -> None:
    run = window.centralWidget()
    assert isinstance(run, FirstRun)
    press(qtbot, run.welcome.set_up)
    write(qtbot, run.school.name.line, "Made-up School")
    press(qtbot, run.school.next)
    write(qtbot, run.password.user.line, "head")
    write(qtbot, run.password.password.line, PASSWORD)
    write(qtbot, run.password.again.line, PASSWORD)
    press(qtbot, run.password.next)
    until(qtbot, lambda: run.stack.currentWidget() is run.sheet)
    press(qtbot, run.sheet.save)
    until(qtbot, sheet.exists)
    for place, field in zip(run.sheet._asked, run.sheet.proofs, strict=True):
        write(qtbot, field.line, run.sheet._groups[place])
    press(qtbot, run.sheet.next)
    until(qtbot, lambda: run.stack.currentWidget() is run.list)
    list_file = sheet.with_name("class list.csv")
    list_file.write_text(CLASS_LIST, encoding="utf-8")
    run.list.panel.show_file(list_file)
    press(qtbot, run.list.panel.keep)
    until(qtbot, lambda: run.stack.currentWidget() is run.folder)
    write(qtbot, run.folder.panel.folder.line, str(scan_folder))
    press(qtbot, run.folder.panel.test)
    until(qtbot, run.folder.panel.found.isVisible)
    press(qtbot, run.folder.next)
    until(qtbot, lambda: window.workspace is not None and window.workspace.ready)
    until(qtbot, lambda: isinstance(workspace_of(window).page, HomePage))


def print_for_everyone(qtbot: QtBot, window: MainWindow, target: Path) -> None:
    page = turn_to(qtbot, window, 2, PrintPage)
    until(qtbot, lambda: page.preview.pages)
    for form, choice in page.options.forms.items():
        choice.turn(on=form == "image-use")
    press(qtbot, page.options.ways["everyone"].box)
    until(qtbot, lambda: page.header.line.text().startswith("3 slips for 3 pupils"))
    press(qtbot, page.save_button)
    until(qtbot, target.exists)
    until(qtbot, page.save_button.isEnabled)


def fill_in_and_scan(forms: Path, geometry: Path, scan_folder: Path) -> None:
    """Ada says yes to all, Ben marks both boxes of one question, Cleo and her parent say yes; one sheet is bare."""
    manifest = msgspec.json.decode(geometry.read_bytes(), type=Manifest)
    pages = printed_pages(forms)
    answers = {
        "Ada Okafor": ALL_YES,
        "Ben O'Neill": Filling(BOTH_MARKED),
        "Cleo Ünal": Filling(ALL_YES.answers, pupil_answers=ALL_YES.answers),
    }
    sheets = [
        fill_in(pages[page.page - 1], slip, answers[slip.name])
        for page in manifest.pages
        for slip in page.slips
    ]
    # A file has its name in the folder only once it is whole, as scanners that know their trade do it.
    part = scan_folder / ".coming.pdf"
    write_scans(part, [*sheets, blank()])
    part.rename(scan_folder / "scan.pdf")


def see_them_come_in(qtbot: QtBot, window: MainWindow, scan_folder: Path) -> None:
    page = turn_to(qtbot, window, 3, ScanPage)
    until(qtbot, lambda: page.inbox.arrivals and page.inbox.task is None)
    assert list(scan_folder.iterdir()) == []
    settle(qtbot, window)
    until(qtbot, lambda: page.inbox_view.review.figure.text() == "1")
    assert page.inbox_view.confirm.figure.text() == "2"
    assert page.inbox_view.came.model_of_rows.index(0, 3).data() == "1 to review, 2 read, 1 blank"


def review_the_doubtful_one(qtbot: QtBot, window: MainWindow) -> None:
    page = turn_to(qtbot, window, 3, ScanPage)
    press(qtbot, page.inbox_view.review.way)
    until(qtbot, lambda: "Ben" in page.header.line.text())
    assert page.header.title.text() == "Review slip 1 of 1"
    assert "Both boxes are marked." in page.review.panel.body.text()
    qtbot.keyClick(page.review.picture, Qt.Key.Key_Y)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: page.header.title.text() == "Review slip 1 of 1")
    qtbot.keyClick(page.review.picture, Qt.Key.Key_N)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    settle(qtbot, window)


def confirm_the_clear_ones(qtbot: QtBot, window: MainWindow) -> None:
    page = turn_to(qtbot, window, 3, ScanPage)
    press(qtbot, page.to_confirm)
    until(qtbot, lambda: page.confirm.table is not None and page.confirm.table.rows)
    look_to_the_right(qtbot, window, page)
    until(qtbot, lambda: page.confirm.to_confirm)
    while page.confirm.to_confirm:
        press(qtbot, page.confirm_button)
        settle(qtbot, window)
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)


def look_to_the_right(qtbot: QtBot, window: MainWindow, page: ScanPage) -> None:
    """The sheet with the pupils' own answers is wider than the window: nothing is confirmed unseen."""
    settle(qtbot, window)
    table = page.confirm.table
    assert table is not None
    assert table.goes_on_right
    assert not page.confirm.to_confirm
    bar = table.horizontalScrollBar()
    bar.setValue(bar.maximum())


def trip_of_4b(qtbot: QtBot, window: MainWindow) -> TripPage:
    page = turn_to(qtbot, window, 4, TripPage)
    if page.stack.currentWidget() is page.tiles:
        press(qtbot, page.tiles.buttons["4B"])
    until(qtbot, lambda: page.rows.rows)
    settle(qtbot, window)
    return page


def shown(page: TripPage) -> list[str]:
    return [row.words if isinstance(row, GroupRow) else row.pupil.name for row in page.rows.rows]


def check_the_trip(qtbot: QtBot, window: MainWindow, target: Path) -> None:
    page = trip_of_4b(qtbot, window)
    assert shown(page) == ["Only for some", "Ben O'Neill", "Yes to all", "Ada Okafor"]
    press(qtbot, page.save)
    until(qtbot, target.exists)


def record_a_withdrawal(qtbot: QtBot, window: MainWindow) -> None:
    page = turn_to(qtbot, window, 5, PupilsPage)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    write(qtbot, page.finder.box, "okaf")
    until(qtbot, lambda: [one.name for one in page.finder.pupils.rows] == ["Ada Okafor"])
    qtbot.keyClick(page.finder.box, Qt.Key.Key_Down)
    view = page.view
    assert view is not None
    until(qtbot, lambda: view.record is not None and view.record.name == "Ada Okafor")
    press(qtbot, view.withdraw)
    press(qtbot, view.strip.all)
    press(qtbot, view.strip.go_on)
    press(qtbot, view.strip.confirm.yes)
    until(qtbot, view.after.isVisible)
    settle(qtbot, window)
    assert view.timeline.entries[0].title.text() == "Consent withdrawn"


def see_it_hold_on_the_trip(qtbot: QtBot, window: MainWindow) -> None:
    page = trip_of_4b(qtbot, window)
    assert shown(page) == ["Do not photograph", "Ada Okafor", "Only for some", "Ben O'Neill"]


def export_the_list(qtbot: QtBot, window: MainWindow, target: Path) -> None:
    page = turn_to(qtbot, window, 6, ExportPage)
    until(qtbot, lambda: page.list.table is not None and page.list.table.rows)
    press(qtbot, page.file.kinds["xlsx"])
    page.file.file.set_value(str(target))
    press(qtbot, page.file.lock.box)
    write(qtbot, page.file.password.line, "three made up words")
    write(qtbot, page.file.again.line, "three made up words")
    press(qtbot, page.export_button)
    until(qtbot, lambda: page.outcome.words)
    assert "It is locked." in page.outcome.words


def lock_and_come_back(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.workspace is None)
    unlock(qtbot, window)


def see_what_was_kept(office_folder: Path, scan_folder: Path) -> None:
    assert (office_folder.parent / "trip.pdf").read_bytes().startswith(b"%PDF")
    assert (office_folder.parent / "list.xlsx").read_bytes().startswith(b"\xd0\xcf\x11\xe0"), "encrypted"
    assert list(scan_folder.iterdir()) == []
    with open_office(office_folder, "head", PASSWORD) as office:
        events = ledger.events(office.db)
        exported = [event.what for event in events if isinstance(event.what, Exported)]
        assert exported == [
            Exported("4B", "pdf", 2, encrypted=False), Exported("4B", "xlsx", 2, encrypted=True),
        ]  # fmt: skip
        (withdrawn,) = [event.what for event in events if isinstance(event.what, Withdrawn)]
        assert set(withdrawn.purposes) == set(EVERYTHING)
        assert len(scans.pages(office.db)) == 4
        assert scans.waiting_review(office.db) == scans.waiting_confirmation(office.db) == []
