"""The pieces of pages: tables that read themselves out, a search that keeps up, strips, toasts, fields, plain text."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.jobs import Task
from consentdesk.desktop.look.colours import LIGHT
from consentdesk.desktop.look.signs import SignLabel, paint_sign, sign_of, sign_size
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.fields import ChoiceField, PathField, TextField, all_right
from consentdesk.desktop.pieces.flow import flowing
from consentdesk.desktop.pieces.search_box import SearchBox
from consentdesk.desktop.pieces.strips import Banner, Banners, ConfirmStrip, ProgressStrip
from consentdesk.desktop.pieces.text import set_tip, text
from consentdesk.desktop.pieces.toast import Toast
from consentdesk.desktop.tables import Column, Table, words_of
from consentdesk.model.consent import StatusWord
from consentdesk.services.progress import Progress
from tests.desktop.driving import until

ODD_NAMES = ("<b>Bobby</b><img src=x>", "ليلى حداد", "Zoë 👩‍🚀 O’Neill", "A & B", "  spaced  out  ")


def table_of(qtbot: QtBot, rows: tuple[tuple[str, StatusWord], ...]) -> Table[tuple[str, StatusWord]]:
    table: Table[tuple[str, StatusWord]] = Table(
        "Pupils",
        (
            Column("Pupil", lambda row: row[0], steps=30),
            Column(
                "Photos", lambda row: sign_of(row[1]).word, sign=lambda row: sign_of(row[1]), stretches=True
            ),
        ),
        empty="Nobody is here.",
    )
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show_rows(rows)
    table.show()
    return table


def test_a_row_is_read_out_column_by_column(qtbot: QtBot) -> None:
    table = table_of(qtbot, (("Ada Okafor", StatusWord.WITHDRAWN),))
    assert words_of(table.model_of_rows, 0) == "Pupil: Ada Okafor, Photos: Withdrawn"
    assert table.model_of_rows.headerData(0, Qt.Orientation.Vertical) is None


def test_rows_are_high_without_grid_or_numbers(qtbot: QtBot) -> None:
    table = table_of(qtbot, (("Ada Okafor", StatusWord.YES),))
    assert table.rowHeight(0) >= 40
    assert not table.showGrid()
    assert table.verticalHeader().isHidden()
    assert table.horizontalHeader().defaultAlignment() & Qt.AlignmentFlag.AlignLeft


def test_the_keyboard_chooses_opens_and_leaves(qtbot: QtBot) -> None:
    table = table_of(qtbot, (("Ada", StatusWord.YES), ("Ben", StatusWord.NO)))
    chosen, opened = [], []
    table.chosen.connect(chosen.append)
    table.opened.connect(opened.append)
    table.setFocus()
    table.choose(0)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert [row[0] for row in chosen] == ["Ada", "Ben"]
    assert [row[0] for row in opened] == ["Ben"]
    assert not table.tabKeyNavigation()


def test_the_chosen_row_stays_chosen_when_others_come(qtbot: QtBot) -> None:
    table = table_of(qtbot, (("Ada", StatusWord.YES), ("Ben", StatusWord.NO)))
    table.choose(1)
    table.show_rows(
        (("Aaron", StatusWord.NO), ("Ada", StatusWord.YES), ("Ben", StatusWord.YES)), keep=lambda row: row[0]
    )
    assert table.row == ("Ben", StatusWord.YES)
    table.show_rows((), keep=lambda row: row[0])
    assert table.row is None


def test_a_table_of_thousands_is_filled_and_painted(qtbot: QtBot) -> None:
    rows = tuple((f"Pupil {at}", StatusWord.YES) for at in range(5000))
    table = table_of(qtbot, rows)
    table.scrollToBottom()
    assert not table.grab().isNull()
    assert len(table.rows) == 5000


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_are_shown_as_they_were_typed(qtbot: QtBot, name: str) -> None:
    table = table_of(qtbot, ((name, StatusWord.YES),))
    index = table.model_of_rows.index(0, 0)
    assert index.data() == name
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"Pupil: {name}"
    assert not table.grab().isNull()
    label = text(name)
    qtbot.addWidget(label)
    assert label.text() == name
    assert label.textFormat() is Qt.TextFormat.PlainText
    button = Button(name)
    qtbot.addWidget(button)
    assert button.accessibleName() == name
    assert button.text() == name.replace("&", "&&")


def test_a_tooltip_does_not_obey_a_name(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    set_tip(label, ODD_NAMES[0])
    assert "<b>" not in label.toolTip()
    assert "&lt;b&gt;" in label.toolTip()


@pytest.mark.parametrize("status", StatusWord)
def test_a_sign_shows_its_whole_word(qtbot: QtBot, status: StatusWord) -> None:
    sign = sign_of(status)
    label = SignLabel(sign)
    qtbot.addWidget(label)
    size = sign_size(sign, QApplication.font())
    assert label.minimumSizeHint().width() >= size.width()
    assert label.accessibleName() == sign.word


def test_a_sign_is_drawn_in_ink(qtbot: QtBot) -> None:
    picture = QImage(200, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    paint_sign(painter, picture.rect().toRectF(), sign_of(StatusWord.NO), LIGHT, QApplication.font())
    painter.end()
    assert any(picture.pixelColor(x, 20).name() == LIGHT.no.tint for x in range(200))


def test_the_last_answer_counts_however_late_the_others_come(qtbot: QtBot, desk: Desk) -> None:
    gate = threading.Event()

    def search(_office: object, typed: str) -> str:
        if typed == "A":
            gate.wait()
        return typed.upper()

    box = SearchBox(desk, "Find a pupil", search)
    qtbot.addWidget(box)
    found: list[tuple[str, object]] = []
    box.found.connect(lambda typed, answer: found.append((typed, answer)))
    box.setText("A")
    box.search_now()
    box.setText("Ad")
    box.search_now()
    gate.set()
    until(qtbot, lambda: found)
    assert found == [("Ad", "AD")]


def test_typing_is_answered_by_itself_and_escape_empties(qtbot: QtBot, desk: Desk) -> None:
    box = SearchBox(desk, "Find a pupil", lambda _office, typed: len(typed))
    qtbot.addWidget(box)
    box.show()
    found: list[object] = []
    box.found.connect(lambda _typed, answer: found.append(answer))
    qtbot.keyClicks(box, "Okafor")
    until(qtbot, lambda: found)
    assert found[-1] == 6
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == ""


def test_a_job_is_followed_to_its_end(qtbot: QtBot) -> None:
    strip, owner = ProgressStrip(), QObject()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    task = Task(owner, is_job=True)
    strip.follow(task, "Reading scans")
    assert not strip.isHidden()
    task.tell(Progress(12, 40, "scans.pdf"), 200.0)
    assert strip.count.text() == "12 of 40 · about 3 minutes left"
    assert (strip.bar.value(), strip.bar.maximum()) == (12, 40)
    strip.cancel.click()
    assert task.stopping
    assert not strip.cancel.isEnabled()
    task.end()
    assert strip.isHidden()


def test_a_question_is_answered_with_no_unless_somebody_means_yes(qtbot: QtBot) -> None:
    strip, done = ConfirmStrip(), []
    qtbot.addWidget(strip)
    strip.ask("Remove Ada?", "Remove", lambda: done.append(True))
    strip.no.click()
    assert done == []
    strip.ask("Remove Ada?", "Remove", lambda: done.append(True))
    strip.yes.click()
    assert done == [True]
    assert strip.isHidden()


def test_a_banner_stays_until_its_reason_has_gone(qtbot: QtBot) -> None:
    banners, pressed = Banners(), []
    qtbot.addWidget(banners)
    assert banners.isHidden()
    banners.set("share", Banner("The share is not there.", words="Try", does=lambda: pressed.append(1)))
    banners.set("made-up", Banner("Nobody here is real.", "limited", "info"))
    assert banners.messages == ("The share is not there.", "Nobody here is real.")
    banners.findChildren(Button)[0].click()
    assert pressed == [1]
    banners.set("share", None)
    banners.set("never", None)
    assert banners.messages == ("Nobody here is real.",)


def test_a_toast_goes_by_itself_and_takes_its_undo_along(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(800, 600)
    ground.show()
    toast, undone = Toast(ground), []
    toast.say("12 slips confirmed", lambda: undone.append(1))
    assert toast.isVisible()
    assert ground.rect().contains(toast.geometry())
    assert toast.undo()
    assert undone == [1]
    assert not toast.undo()
    toast.say("Saved")
    assert toast.undo_button.isHidden()
    toast.forget()
    assert toast.isHidden()


def test_a_long_toast_wraps_within_the_window(qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(500, 400)
    ground.show()
    toast = Toast(ground)
    toast.say("a rather long message about everything that was done " * 4)
    assert ground.rect().contains(toast.geometry())


def test_a_field_says_what_is_wrong_and_takes_it_back(qtbot: QtBot) -> None:
    field = TextField("Name", hint="As on forms.", check=lambda typed: "" if typed else "Type a name.")
    qtbot.addWidget(field)
    assert not field.is_right()
    assert field.error == "Type a name."
    assert field.line.accessibleName() == "Name"
    assert field.line.accessibleDescription() == "Type a name."
    qtbot.keyClicks(field.line, "A")
    assert field.error == ""
    assert field.line.accessibleDescription() == "As on forms."
    assert field.is_right()


def test_all_fields_are_checked_and_the_first_wrong_one_is_named(qtbot: QtBot) -> None:
    fields = [TextField(str(at), check=lambda typed: "" if typed else "Empty.") for at in range(3)]
    fields[0].set_value("right")
    for field in fields:
        qtbot.addWidget(field)
    assert not all_right(*fields)
    assert [field.error for field in fields] == ["", "Empty.", "Empty."]


def test_a_choice_keeps_what_was_chosen_while_it_is_offered(qtbot: QtBot) -> None:
    field = ChoiceField("Class", [("4B", "Class 4B"), ("10A", "Class 10A")])
    qtbot.addWidget(field)
    field.choose("10A")
    field.offer([("1C", "Class 1C"), ("10A", "Class 10A")])
    assert field.value == "10A"
    field.offer([("1C", "Class 1C")])
    assert field.value == "1C"


def test_a_path_is_typed_or_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    field = PathField("File", lambda _parent: tmp_path)
    qtbot.addWidget(field)
    assert field.path is None
    field.findChildren(Button)[0].click()
    assert field.path == tmp_path
    assert isinstance(field.what, QLineEdit)


def test_a_row_breaks_where_there_is_no_room(qtbot: QtBot) -> None:
    holder = flowing(*(Button(f"Button number {at}") for at in range(4)))
    qtbot.addWidget(holder)
    holder.show()
    heights: list[int] = [holder.heightForWidth(width) for width in (2000, 300, 150)]
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < heights[2]
    holder.resize(300, heights[1])
    QApplication.processEvents()
    for button in holder.findChildren(Button):
        assert holder.rect().contains(button.geometry())
