"""The first run: four steps from an empty folder to a school at work, and what bad input is told on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from consentdesk import paths, settings
from consentdesk.desktop.first_run import FirstRun, made_up_folder
from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.main_window import MainWindow
from consentdesk.services.office import open_office
from consentdesk.services.school_settings import school_settings
from tests.desktop.conftest import CLASS_LIST
from tests.desktop.driving import PASSWORD, clipped, nameless, overlapping, until


@pytest.fixture
def window(qtbot: QtBot, system: System, tmp_path: Path) -> Iterator[MainWindow]:
    """The window on a computer without an office."""
    made = MainWindow(system, tmp_path / "office")
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    until(qtbot, lambda: isinstance(made.centralWidget(), FirstRun))
    yield made
    made.close()


@pytest.fixture
def run(window: MainWindow) -> FirstRun:
    """Its first run."""
    shown = window.centralWidget()
    assert isinstance(shown, FirstRun)
    return shown


def fill_in(qtbot: QtBot, run: FirstRun) -> None:
    """The first two steps, as far as the recovery sheet."""
    run.welcome.set_up.click()
    qtbot.keyClicks(run.school.name.line, "Made-up School")
    qtbot.keyClick(run.school.name.line, Qt.Key.Key_Return)
    qtbot.keyClicks(run.password.user.line, "J. Shaw")
    qtbot.keyClicks(run.password.password.line, PASSWORD)
    qtbot.keyClicks(run.password.again.line, PASSWORD)
    qtbot.keyClick(run.password.again.line, Qt.Key.Key_Return)
    until(qtbot, lambda: run.stack.currentWidget() is run.sheet)


def prove_the_sheet(qtbot: QtBot, run: FirstRun) -> None:
    for place, field in zip(run.sheet._asked, run.sheet.proofs, strict=True):
        field.set_value(run.sheet._groups[place].lower())
    run.sheet.next.click()
    until(qtbot, lambda: run.stack.currentWidget() is run.list)


def test_from_an_empty_folder_to_the_home_page(
    qtbot: QtBot, window: MainWindow, run: FirstRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(qtbot, run)
    sheet = tmp_path / "recovery sheet.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(sheet), ""))
    run.sheet.save.click()
    until(qtbot, sheet.exists)
    assert sheet.read_bytes().startswith(b"%PDF")
    prove_the_sheet(qtbot, run)

    list_file = tmp_path / "list.csv"
    list_file.write_text(CLASS_LIST, encoding="utf-8")
    panel = run.list.panel
    panel.show_file(list_file)
    until(qtbot, panel.keep.isVisible)
    assert panel.keep.text() == "Add 3 pupils"
    assert len(panel.table.rows) == 3
    panel.keep.click()
    until(qtbot, lambda: run.stack.currentWidget() is run.folder)

    scans = tmp_path / "scans"
    scans.mkdir()
    run.folder.panel.folder.set_value(str(scans))
    run.folder.panel.test.click()
    until(qtbot, run.folder.panel.found.isVisible)
    assert "It works" in run.folder.panel.found.sign.word
    run.folder.next.click()
    until(qtbot, lambda: window.workspace is not None)
    window.close()

    assert settings.load() == settings.Settings(office=str(tmp_path / "office"), last_user="J. Shaw")
    with open_office(tmp_path / "office", "J. Shaw", PASSWORD) as office:
        assert school_settings(office).scan_folder == scans


def test_nothing_of_the_sheet_stays_on_the_computer(qtbot: QtBot, run: FirstRun, tmp_path: Path) -> None:
    fill_in(qtbot, run)
    groups = run.sheet._groups
    prove_the_sheet(qtbot, run)
    assert not list(paths.computer_folder().rglob("*.pdf"))
    assert not run.sheet._groups
    assert not run.sheet._sheet
    written = [file for file in (*paths.computer_folder().rglob("*"), *tmp_path.rglob("*")) if file.is_file()]
    assert written
    for file in written:
        assert groups[0].encode() not in file.read_bytes()


def test_a_sheet_that_cannot_be_read_is_not_passed(qtbot: QtBot, run: FirstRun) -> None:
    fill_in(qtbot, run)
    run.sheet.proofs[0].set_value("AAAAA")
    run.sheet.next.click()
    assert run.sheet.proofs[0].error == "That is not the group on the sheet."
    assert run.sheet.proofs[1].error == "Type this group from the sheet."
    assert run.stack.currentWidget() is run.sheet


def test_every_field_says_what_is_wrong_with_it(qtbot: QtBot, run: FirstRun, tmp_path: Path) -> None:
    run.welcome.set_up.click()
    run.school.folder.set_value("")
    run.school.next.click()
    assert run.school.name.error == "Type the name of the school."
    assert run.school.folder.error == "Choose a folder."
    run.school.name.set_value("Made-up School")
    assert run.school.name.error == ""
    run.school.folder.set_value("office")
    run.school.next.click()
    assert run.school.folder.error == "Give the whole path of the folder."
    file = tmp_path / "a file"
    file.touch()
    run.school.folder.set_value(str(file))
    run.school.next.click()
    assert run.school.folder.error.startswith("That is a file.")
    run.school.folder.set_value(str(tmp_path / "office"))
    run.school.next.click()
    run.password.password.set_value("short")
    run.password.again.set_value("shorter")
    run.password.next.click()
    assert run.password.user.error == "Type your name."
    assert run.password.password.error.startswith("A password needs at least 8 characters")
    assert run.password.again.error == "The two passwords differ."


def test_an_office_that_cannot_be_made_is_told_beside_the_field(
    qtbot: QtBot, run: FirstRun, tmp_path: Path
) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "office.db").touch()
    run.welcome.set_up.click()
    run.school.name.set_value("Made-up School")
    run.school.next.click()
    for field, value in (
        (run.password.user, "J. Shaw"),
        (run.password.password, PASSWORD),
        (run.password.again, PASSWORD),
    ):
        field.set_value(value)
    run.password.next.click()
    until(qtbot, lambda: run.password.password.error)
    assert "already holds an office" in run.password.password.error
    assert run.password.next.isEnabled()


@pytest.mark.parametrize("content", ["", "no heading\n1\n", "Forename,Surname\n"])
def test_a_list_that_is_none_is_told_beside_the_field_and_can_be_done_later(
    qtbot: QtBot, window: MainWindow, run: FirstRun, tmp_path: Path, content: str
) -> None:
    fill_in(qtbot, run)
    prove_the_sheet(qtbot, run)
    file = tmp_path / "list.csv"
    file.write_text(content, encoding="utf-8")
    run.list.panel.show_file(file)
    until(qtbot, lambda: run.list.panel.file.error)
    assert run.list.panel.keep.isHidden()
    run.list.next.click()
    run.folder.panel.folder.set_value(str(tmp_path / "missing"))
    run.folder.next.click()
    until(qtbot, lambda: run.folder.panel.folder.error)
    assert run.folder.panel.folder.error.startswith("There is no folder")
    run.folder.panel.folder.set_value("")
    run.folder.next.click()
    until(qtbot, lambda: window.workspace is not None)


@pytest.mark.parametrize("points", [9, 13, 18])
def test_nothing_of_it_is_clipped_or_nameless(qtbot: QtBot, window: MainWindow, points: int) -> None:
    window.change_appearance(Appearance(theme="light", text_size=points))
    window.show_first_run()
    run = window.centralWidget()
    assert isinstance(run, FirstRun)
    for one in (run.welcome, run.school, run.password, run.sheet, run.list, run.folder):
        run._go(one)
        qtbot.wait(20)
        assert (clipped(run), overlapping(run), nameless(run)) == ([], [], [])


def test_a_made_up_school_can_be_stopped_while_it_is_made(
    qtbot: QtBot, window: MainWindow, run: FirstRun
) -> None:
    run.welcome.try_out.click()
    until(qtbot, lambda: window.desk.job is not None)
    run.progress.cancel.click()
    until(qtbot, run.welcome.isEnabled)
    assert window.desk.session is None
    assert run.progress.isHidden()
    assert made_up_folder().is_relative_to(paths.computer_folder())
