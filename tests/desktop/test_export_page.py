"""Exporting a list: seen before, warned about, written, locked or not, and always recorded (rules C9, D4)."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QDate, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from consentdesk.desktop.export_page import ExportPage
from consentdesk.desktop.main_window import MainWindow
from consentdesk.model.consent import Exported
from consentdesk.services.office import Office
from consentdesk.store import ledger
from tests.desktop.driving import Watchdog, settle, until, visit
from tests.services.made_up import Clock
from tests.services.made_up import Desk as MadeUp


def exports(qtbot: QtBot, window: MainWindow) -> list[Exported]:
    """What the ledger says was exported."""
    found: list[list[Exported]] = []
    window.desk.ask(
        window,
        lambda office: [one.what for one in ledger.events(office.db) if isinstance(one.what, Exported)],
        found.append,
    )
    until(qtbot, lambda: found)
    return found[0]


def shown(page: ExportPage) -> list[list[str]]:
    """The list on the screen: names and words."""
    assert page.list.table is not None
    model = page.list.table.model_of_rows
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> ExportPage:
    found = cast("ExportPage", visit(qtbot, window, "export"))
    until(qtbot, lambda: found.list.table is not None and found.list.table.rows)
    found.file.file.set_value(str(tmp_path / "list.pdf"))
    return found


def only(page: ExportPage, *purposes: str) -> None:
    """Tick these purposes alone."""
    page.options.none_button.click()
    for purpose in purposes:
        page.options.purposes[purpose].box.click()


def test_it_opens_on_the_first_class_as_it_would_be_exported(page: ExportPage) -> None:
    assert page.list.title.text() == "Consent list, class 4B"
    assert page.list.line.text().endswith("2 pupils: 0 returned, 0 outstanding")
    assert [row[:2] for row in shown(page)] == [["Ada Okafor", "Not asked"], ["Ben O'Neill", "Not asked"]]


def test_the_columns_are_the_purposes_ticked(qtbot: QtBot, page: ExportPage) -> None:
    only(page, "image.website", "web.work")
    assert page.list.table is not None
    until(qtbot, lambda: page.list.table is not None and page.list.table.model_of_rows.columnCount() == 3)
    headings = [column.heading for column in page.list.table.model_of_rows.columns]
    assert headings == ["Pupil", "School website", "Work on the website"]


def test_another_class_and_the_whole_school(qtbot: QtBot, window: MainWindow, page: ExportPage) -> None:
    visit(qtbot, window, "export", "10A")
    until(qtbot, lambda: page.list.title.text() == "Consent list, class 10A")
    page.options.school_class.box.setCurrentIndex(0)
    until(qtbot, lambda: page.list.title.text() == "Consent list, class 4B, the first class")


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_a_list_is_written_and_recorded(
    qtbot: QtBot, window: MainWindow, page: ExportPage, tmp_path: Path, kind: str, begins: bytes
) -> None:
    page.file.kinds[kind].click()  # type: ignore[index]
    assert page.file.file.value == str(tmp_path / f"list.{kind}")
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words.startswith(
        f"The list of 2 pupils is in \u2068list.{kind}\u2069. It is not locked"
    )
    assert (tmp_path / f"list.{kind}").read_bytes().startswith(begins)
    assert exports(qtbot, window) == [Exported("4B", kind, 2, False)]  # type: ignore[arg-type]


def test_the_whole_school_is_one_export(qtbot: QtBot, window: MainWindow, page: ExportPage) -> None:
    page.options.school_class.box.setCurrentIndex(0)
    settle(qtbot, window)
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert exports(qtbot, window) == [Exported("all", "pdf", 3, False)]


def test_the_name_proposed_tells_class_and_day_and_no_pupil(
    qtbot: QtBot, window: MainWindow, page: ExportPage
) -> None:
    page.file.file.set_value("")
    visit(qtbot, window, "export", "10A")
    until(qtbot, lambda: page.file.file.value)
    name = Path(page.file.file.value).name
    assert name.startswith("consent list 10A 20")
    assert name.endswith(".pdf")


def test_a_locked_file_has_its_password_asked_twice_and_forgotten(
    qtbot: QtBot, window: MainWindow, page: ExportPage, tmp_path: Path
) -> None:
    assert page.file.open_sign.sign.word == "Not locked: whoever holds the file can read it"
    page.file.lock.box.click()
    assert page.file.open_sign.isHidden()
    qtbot.keyClicks(page.file.password.line, "three made up words")
    qtbot.keyClicks(page.file.again.line, "three made up words")
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert "It is locked." in page.outcome.words
    assert b"/AESV3" in (tmp_path / "list.pdf").read_bytes()
    assert page.file.password.value == page.file.again.value == ""
    assert exports(qtbot, window) == [Exported("4B", "pdf", 2, True)]


def test_a_csv_cannot_be_locked(page: ExportPage) -> None:
    page.file.lock.box.click()
    page.file.kinds["csv"].click()
    assert not page.file.lock.box.isEnabled()
    assert page.file.password.isHidden()
    assert page.file.open_sign.sign.word.startswith("A CSV file cannot be locked")
    page.file.kinds["xlsx"].click()
    assert not page.file.password.isHidden()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Say where the list shall go."),
        ("{folder}/list", "The name of this kind of file ends in .pdf."),
        ("{folder}/list.docx", "The name of this kind of file ends in .pdf."),
        ("list.pdf", "Say the folder too, or choose it."),
        ("{folder}/missing/list.pdf", "There is no folder"),
        ("{folder}/a folder.pdf", "{folder}/a folder.pdf is a folder."),
    ],
)
def test_a_bad_place_is_said_beside_the_field(
    qtbot: QtBot, window: MainWindow, page: ExportPage, tmp_path: Path, typed: str, sentence: str
) -> None:
    (tmp_path / "a folder.pdf").mkdir()
    page.file.file.line.clear()
    qtbot.keyClicks(page.file.file.line, typed.format(folder=tmp_path))
    page.export_button.click()
    until(qtbot, lambda: page.file.file.error)
    assert page.file.file.error.startswith(sentence.format(folder=tmp_path))
    assert page.file.file.what.accessibleDescription() == page.file.file.error
    until(qtbot, page.export_button.isEnabled)
    assert exports(qtbot, window) == []


@pytest.mark.parametrize(
    ("first", "second", "wrong", "sentence"),
    [
        ("short", "short", "password", "At least 8 characters"),
        ("long enough now", "long enough then", "again", "The two passwords differ."),
    ],
)
def test_a_bad_password_is_said_beside_its_field(
    qtbot: QtBot, window: MainWindow, page: ExportPage, first: str, second: str, wrong: str, sentence: str
) -> None:
    page.file.lock.box.click()
    qtbot.keyClicks(page.file.password.line, first)
    qtbot.keyClicks(page.file.again.line, second)
    page.export_button.click()
    assert getattr(page.file, wrong).error.startswith(sentence)
    assert exports(qtbot, window) == []


def test_without_a_purpose_there_is_nothing_to_export(
    qtbot: QtBot, window: MainWindow, page: ExportPage
) -> None:
    page.options.none_button.click()
    assert page.list.isHidden()
    page.export_button.click()
    assert page.options.purposes_error.text() == "Choose at least one purpose."
    assert exports(qtbot, window) == []
    page.options.all_button.click()
    assert page.options.purposes_error.isHidden()
    assert not page.list.isHidden()


def test_an_earlier_day_is_shown_as_such_and_a_later_one_cannot_be_chosen(
    qtbot: QtBot, page: ExportPage
) -> None:
    page.options.then.box.click()
    yesterday = page.options.day_edit.date()
    until(qtbot, lambda: "23:59" in page.list.line.text())
    assert f"As at {yesterday.day()} " in page.list.line.text()
    page.options.day_edit.setDate(QDate(2100, 1, 1))
    assert page.options.day_edit.date() == yesterday
    page.options.now.box.click()
    assert page.options.day.isHidden()


def test_what_waits_is_warned_of_and_travels_with_the_list(
    qtbot: QtBot, window: MainWindow, page: ExportPage, tmp_path: Path
) -> None:
    assert page.warnings.messages == ()
    came: list[bool] = []

    def some_come_back(office: Office) -> bool:
        made = MadeUp(office, Clock(), tmp_path)
        ada, ben, _cleo = made.print("web-publication")
        made.take(made.seen(ada, "both"), made.seen(ben))
        return True

    window.desk.ask(window, some_come_back, came.append)
    until(qtbot, lambda: came)
    visit(qtbot, window, "export", "4B")
    until(qtbot, lambda: page.warnings.messages)
    assert page.warnings.messages == (
        "1 slip is not reviewed, 1 is not confirmed. They count as no, and the list says so.",
    )
    page.file.kinds["csv"].click()
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
    assert "Not reviewed when this list was made: Ada Okafor" in (tmp_path / "list.csv").read_text(
        "utf-8-sig"
    )
    visit(qtbot, window, "export", "10A")
    until(qtbot, lambda: not page.warnings.messages)


def test_stopping_leaves_nothing(qtbot: QtBot, window: MainWindow, page: ExportPage, tmp_path: Path) -> None:
    page.export_button.click()
    page.progress.cancel.click()
    until(qtbot, lambda: page.outcome.words)
    assert page.outcome.words == "Stopped. Nothing was written and nothing was recorded."
    assert list(tmp_path.glob("*list*.pdf*")) == []
    assert exports(qtbot, window) == []


def test_the_way_to_the_folder_is_shown(
    qtbot: QtBot, page: ExportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
    ways = {button.text(): button for button in page.outcome.buttons}
    ways["Open folder"].click()
    ways["Open it"].click()
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path, tmp_path / "list.pdf"]
    page.outcome.ok.click()
    assert page.outcome.isHidden()


def test_the_place_is_chosen_with_the_system_s_dialogue(
    page: ExportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "chosen"), ""))
    named = "Choose: Where to"
    next(one for one in page.findChildren(QPushButton) if one.accessibleName() == named).click()
    assert page.file.file.value == str(tmp_path / "chosen.pdf")


def test_tab_goes_from_top_to_bottom(qtbot: QtBot, page: ExportPage) -> None:
    page.export_button.setFocus()
    reached = []
    for _ in range(8):
        at = page.window().focusWidget()
        assert at is not None
        reached.append(at)
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    first = [choice.box for choice in page.options.purposes.values()][:6]
    assert reached == [page.export_button, page.options.school_class.box, *first]


def test_nothing_keeps_the_window_waiting(qtbot: QtBot, page: ExportPage, watchdog: Watchdog) -> None:
    watchdog.forget()
    page.options.school_class.box.setCurrentIndex(0)
    page.options.then.box.click()
    page.file.kinds["xlsx"].click()
    page.export_button.click()
    until(qtbot, lambda: page.outcome.words)
