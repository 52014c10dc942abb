"""The sheet of crops: exactly the slips that were shown are confirmed, and named where a yes needs it (A2, C4)."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from consentdesk.desktop.confirm_view import ConfirmView
from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.look.type import step
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.scan_page import ScanPage
from consentdesk.model.people import Guardian
from consentdesk.services.confirm_sheet import A_SHEET, take_out
from consentdesk.services.print_forms import Whom
from consentdesk.store import people
from tests.desktop.driving import (
    Watchdog,
    clipped,
    nameless,
    overlapping,
    settle,
    tab_round,
    unlock,
    until,
    visit,
)
from tests.desktop.slips import back_office, pictured
from tests.desktop.test_review_view import take, words
from tests.services.made_up import Desk


def opened(qtbot: QtBot, window: MainWindow) -> tuple[ScanPage, ConfirmView]:
    unlock(qtbot, window)
    page = cast("ScanPage", visit(qtbot, window, "scan", "confirm"))
    until(qtbot, lambda: page.confirm.rows and page.confirm.table)
    settle(qtbot, window)
    qtbot.wait(20)
    return page, page.confirm


def note_court_order(desk: Desk, name: str) -> Guardian:
    pupil = desk.pupil(name)
    guardian = people.guardians_of(desk.office.db, pupil.id)[0]
    noted = Guardian(guardian.id, pupil.id, guardian.name, "mother", "yes", "a court order")
    with desk.office.db.writing():
        people.set_guardians(desk.office.db, pupil.id, [noted])
    return noted


def test_a_row_shows_every_box_of_a_slip_beside_what_was_read(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, watchdog: Watchdog
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
        take(desk, "Ben", {"web.work": "no", "web.first-name": "yes"})
    unlock(qtbot, closed_window)
    watchdog.forget()
    page = cast("ScanPage", visit(qtbot, closed_window, "scan", "confirm"))
    view = page.confirm
    until(qtbot, lambda: view.to_confirm)
    settle(qtbot, closed_window)
    assert page.header.title.text() == "Confirm 2 of 2 clear slips"
    assert page.confirm_button.text() == "Confirm 2 slips"
    assert view.legend.text() == "1 Work on the website · 2 First name beside work"
    table = view.table
    assert table is not None
    assert [len(row.boxes) for row in table.rows] == [2, 2]
    said = {
        row.seen.name: [table.model_of_rows.index(at, column).data() for column in (2, 3)]
        for at, row in enumerate(table.rows)
    }
    assert said == {
        "Ada Okafor": ["Work on the website Yes", "First name beside work Yes"],
        "Ben O'Neill": ["Work on the website No", "First name beside work Yes"],
    }
    assert [part.title for part in view.crops.parts] == ["Signature", "Name in capitals", "Relationship"]
    table.viewport().repaint()


def test_one_button_confirms_them_and_undo_takes_it_back(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
    page, view = opened(qtbot, closed_window)
    page.confirm_button.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"yes"}
    assert page.undo()
    until(qtbot, lambda: view.rows)
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"unconfirmed"}
    assert not page.undo()


def test_a_slip_taken_out_goes_to_review_and_is_not_confirmed(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
        take(desk, "Ben", "yes")
    page, view = opened(qtbot, closed_window)
    assert view.table is not None
    view.table.choose(next(at for at, row in enumerate(view.rows) if row.seen.name == "Ada Okafor"))
    view.out.click()
    until(qtbot, lambda: page.confirm_button.text() == "Confirm 1 slip")
    page.confirm_button.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"unconfirmed"}
    assert set(words(qtbot, closed_window, "Ben").values()) == {"yes"}
    assert page.tabs["review"].text() == "Review  1"


def test_a_slip_that_needs_a_name_waits_for_it(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
        take(desk, "Ben", "yes")
        guardian = note_court_order(desk, "Ada")
    page, view = opened(qtbot, closed_window)
    assert page.confirm_button.text() == "Confirm 1 slip"
    assert view.table is not None
    assert view.table.row is not None
    assert view.table.row.seen.name == "Ada Okafor"
    assert view.who.isVisible()
    view.who.choose(guardian.id)
    assert page.confirm_button.text() == "Confirm 2 slips"
    page.confirm_button.click()
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"yes"}


def test_a_slip_whose_boxes_cannot_be_shown_is_not_confirmed_unseen(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        slip, other = desk.print_for("Ada", "web-publication"), desk.print_for("Ben", "image-use")
        desk.take(pictured(desk, other, desk.seen(slip)))
    page, _view = opened(qtbot, closed_window)
    assert not page.confirm_button.isEnabled()
    page.confirm.confirm()
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"unconfirmed"}


def test_a_sheet_is_confirmed_only_once_its_end_was_in_sight(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        rows = "".join(f"Child{n},Made-Up,5A,5\n" for n in range(A_SHEET))
        desk.import_text("First name,Last name,Class,Year\n" + rows)
        for slip in desk.print("web-publication", whom=Whom(school_class="5A")):
            desk.take(pictured(desk, slip, desk.seen(slip)))
    page, view = opened(qtbot, closed_window)
    qtbot.wait(50)
    assert not page.confirm_button.isEnabled()
    assert "to its end" in view.legend.text()
    assert view.table is not None
    view.table.scrollToBottom()
    until(qtbot, page.confirm_button.isEnabled)
    assert page.confirm_button.text() == f"Confirm {A_SHEET} slips"
    assert "to its end" not in view.legend.text()


def test_a_sheet_wider_than_the_window_is_looked_through_to_its_right_edge(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Cleo", "yes", "image-use", pupil="yes")
    unlock(qtbot, closed_window)
    closed_window.change_appearance(Appearance(theme="light", text_size=18))
    page = cast("ScanPage", visit(qtbot, closed_window, "scan", "confirm"))
    view = page.confirm
    until(qtbot, lambda: view.table is not None and view.table.goes_on_right)
    qtbot.wait(30)
    assert view.table is not None
    crops = [view.table.columnWidth(at) for at in range(2, view.table.model_of_rows.columnCount() - 1)]
    assert min(crops) >= step(9), "no crop is too small to be judged"
    assert not page.confirm_button.isEnabled()
    assert "to the right" in view.legend.text()
    view.table.horizontalScrollBar().setValue(view.table.horizontalScrollBar().maximum())
    until(qtbot, page.confirm_button.isEnabled)


def test_what_waits_no_more_is_not_confirmed(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "yes")
    page, view = opened(qtbot, closed_window)
    reading = view.rows[0].seen.reading

    closed_window.desk.ask(closed_window, lambda office: take_out(office, reading))
    page.confirm_button.click()
    until(qtbot, lambda: not view.rows)
    settle(qtbot, closed_window)
    assert set(words(qtbot, closed_window, "Ada").values()) == {"unconfirmed"}


@pytest.mark.parametrize("points", [9, 18])
def test_nothing_is_clipped_and_everything_is_reached(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, points: int
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Cleo", "yes", "image-use", pupil="yes")
        note_court_order(desk, "Cleo")
    unlock(qtbot, closed_window)
    closed_window.change_appearance(Appearance(theme="light", text_size=points))
    page = cast("ScanPage", visit(qtbot, closed_window, "scan", "confirm"))
    until(qtbot, lambda: page.confirm.rows)
    qtbot.wait(30)
    assert clipped(closed_window) == []
    assert overlapping(closed_window) == []
    assert nameless(closed_window) == []
    assert {page.confirm.table, page.confirm.out} <= tab_round(qtbot, closed_window)
