"""The trip check through real widgets: who may not be photographed first, at most three actions from the door."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from consentdesk.desktop import paper, trip_page
from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.trip_page import TripPage
from consentdesk.desktop.trip_words import GroupRow, PupilRow
from consentdesk.model.consent import Exported, Restricted
from consentdesk.services.office import open_office
from consentdesk.services.record import Happening, record
from consentdesk.store import ledger, people
from tests.desktop.driving import (
    PASSWORD,
    Watchdog,
    clipped,
    nameless,
    overlapping,
    settle,
    unlock,
    until,
    visit,
)
from tests.desktop.prepared import PRESS, WEBSITE

MM = 72 / 25.4


@pytest.fixture
def office_folder(answered_once: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    return Path(shutil.copytree(answered_once, tmp_path / "office"))


def trip(qtbot: QtBot, window: MainWindow, about: str = "4B") -> TripPage:
    page = visit(qtbot, window, "trip", about)
    assert isinstance(page, TripPage)
    return page


def shown(page: TripPage) -> list[str]:
    return [row.words if isinstance(row, GroupRow) else row.pupil.name for row in page.rows.rows]


def test_three_actions_from_the_door_to_who_not_to_photograph(
    qtbot: QtBot, closed_window: MainWindow, watchdog: Watchdog
) -> None:
    watchdog.forget()
    unlock(qtbot, closed_window)  # 1: the password
    qtbot.keyClick(closed_window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)  # 2: Check a trip
    workspace = closed_window.workspace
    assert workspace is not None
    until(qtbot, lambda: isinstance(workspace.page, TripPage))
    page = workspace.page
    assert isinstance(page, TripPage)
    until(qtbot, lambda: "4B" in page.tiles.buttons)
    page.tiles.buttons["4B"].click()  # 3: the class
    until(qtbot, lambda: page.rows.rows)
    assert page.sentence.words.text() == "Do not photograph 3 of 5 pupils"
    assert shown(page)[0] == "Do not photograph"


def test_groups_stand_from_the_strictest_down_and_names_as_typed(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    assert shown(page) == [
        "Do not photograph", "ليلى حداد", "<b>Bo</b> & Co Smith", "Zoë 🎈 D'Arcy",
        "Only for some", "Ada Okafor",
        "Yes to all", "Ben O'Neill",
    ]  # fmt: skip
    assert page.sentence.why.text() == "1 no · 1 no form yet · 1 not asked"
    ada = next(row for row in page.rows.rows if isinstance(row, PupilRow) and row.pupil.name == "Ada Okafor")
    assert ada.sign.word == "Only for"
    assert ada.lines[0].words == "Inside school, School website"
    assert ada.lines[1].words.startswith("Not for Where visitors go")
    assert ada.spoken.startswith("Ada Okafor, Only for, Inside school, School website")


def test_what_the_pictures_are_for_sorts_anew(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    page.serve.click()
    for purpose, box in page.choice.boxes.items():
        if purpose != WEBSITE:
            box.click()
            settle(qtbot, window)
    assert page.serve.accessibleName() == "Pictures for: School website"
    assert not page.choice.boxes[WEBSITE].isEnabled(), "one place stays chosen"
    assert shown(page)[-3:] == ["Yes: School website", "Ada Okafor", "Ben O'Neill"]
    page.choice.boxes[PRESS].click()
    settle(qtbot, window)
    assert "Only for some" in shown(page)
    page.choice.all.click()
    settle(qtbot, window)
    assert page.serve.accessibleName() == "Pictures for: everything"


def test_a_pupil_who_is_chosen_shows_each_place(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    assert page.panel is not None
    ada = next(
        row.pupil for row in page.rows.rows if isinstance(row, PupilRow) and row.pupil.name == "Ada Okafor"
    )
    assert page.rows.choose(ada.pupil)
    settle(qtbot, window)
    assert page.panel.name.text() == "Ada Okafor"
    assert page.panel.grid.count() == 14
    until(qtbot, lambda: page.panel is not None and page.panel.picture.is_there)


def test_the_panel_leads_to_the_pupil_and_to_a_withdrawal(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    ben = next(
        row.pupil for row in page.rows.rows if isinstance(row, PupilRow) and row.pupil.name == "Ben O'Neill"
    )
    page.rows.choose(ben.pupil)
    assert page.panel is not None
    with qtbot.waitSignal(page.go) as asked:
        page.panel.withdraw.click()
    assert asked.args == [Place("pupils", f"withdraw {ben.pupil}")]


def test_filters_and_the_search_narrow_the_list(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    assert [button.text() for button in page.filters] == [
        "All  5", "Do not photograph  3", "Only for some  1", "Yes to all  1"
    ]  # fmt: skip
    page.filters[3].click()
    assert shown(page) == ["Yes to all", "Ben O'Neill"]
    page.filters[0].click()
    assert page.search()
    qtbot.keyClicks(page.box, "oneill")
    until(qtbot, lambda: shown(page) == ["Yes to all", "Ben O'Neill"])
    qtbot.keyClicks(page.box, "x")
    until(qtbot, lambda: not page.rows.rows)
    qtbot.keyClick(page.box, Qt.Key.Key_Escape)
    until(qtbot, lambda: len(shown(page)) == 8)


def test_the_arrows_pass_over_headings(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window)
    page.rows.setFocus()
    qtbot.keyClick(page.rows, Qt.Key.Key_Home)
    names = set()
    for _ in range(5):
        assert page.rows.pupil is not None
        names.add(page.rows.pupil.name)
        qtbot.keyClick(page.rows, Qt.Key.Key_Down)
    assert len(names) == 5


def test_a_class_that_returned_nothing_is_all_no(qtbot: QtBot, window: MainWindow) -> None:
    page = trip(qtbot, window, "10A")
    assert "treat all 1 as no" in page.sentence.why.text()


def test_an_unknown_class_is_said_and_others_are_offered(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.desk.failed):
        page = trip(qtbot, window, "9Z")
    assert page.stack.currentWidget() is page.tiles


def test_the_list_is_saved_and_recorded(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "trip.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page = trip(qtbot, window, "10A")
    page.save.click()
    until(qtbot, target.exists)
    assert target.read_bytes().startswith(b"%PDF")
    last: list[object] = []
    window.desk.ask(page, lambda office: ledger.events(office.db)[-1].what, last.append)
    until(qtbot, lambda: last)
    assert last == [Exported("10A", "pdf", 1, encrypted=False)]


@pytest.mark.parametrize("points", [9, 13, 18])
def test_nothing_is_clipped_with_a_pupil_chosen(qtbot: QtBot, window: MainWindow, points: int) -> None:
    window.change_appearance(Appearance(theme="dark", text_size=points))
    page = trip(qtbot, window)
    page.serve.click()
    for row in page.rows.rows:
        if isinstance(row, PupilRow):
            page.rows.choose(row.pupil.pupil)
    settle(qtbot, window)
    for wide in (False, True):
        if page.beside is not None and wide:
            page.beside.open_side()
        qtbot.wait(20)
        assert clipped(page) == [], wide
        assert overlapping(page) == [], wide
    assert nameless(page) == []


@pytest.mark.parametrize("width", [900, 1280, 1900])
def test_no_row_is_lower_than_what_it_holds(qtbot: QtBot, window: MainWindow, width: int) -> None:
    page = trip(qtbot, window)
    window.resize(width, 800)
    qtbot.wait(50)
    model, rows = page.rows.model(), page.rows
    places = [rows.visualRect(model.index(at, 0)) for at in range(model.rowCount(QModelIndex()))]
    for above, below in itertools.pairwise(places):
        assert above.bottom() < below.top() + 1
    assert all(place.height() >= 40 for place in places)


def test_a_restriction_is_a_plain_no_that_no_slip_contradicts(
    qtbot: QtBot, closed_window: MainWindow, office_folder: Path
) -> None:
    with open_office(office_folder, "head", PASSWORD) as office:
        ben = next(one for one in people.pupils(office.db) if one.legal_first == "Ben")
        record(office, [Happening(Restricted("a court order"), ben.id)])
    unlock(qtbot, closed_window)
    page = trip(qtbot, closed_window)
    said_no = [row for row in page.rows.rows if isinstance(row, PupilRow) and row.sign.word == "No"]
    assert {row.pupil.name for row in said_no} == {"Ben O'Neill", "ليلى حداد"}
    assert page.panel is not None
    for row in said_no:
        page.rows.choose(row.pupil.pupil)
        settle(qtbot, closed_window)
        assert page.panel.picture.isHidden(), "an ordinary no shows as little"


def test_a_list_that_lies_across_is_printed_across_in_its_true_size(
    qtbot: QtBot, closed_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = tmp_path / "paper.pdf"

    def choose(_parent: object, name: str, then: Callable[[QPrinter], object], *, of_a_letter: bool) -> None:
        assert (name, of_a_letter) == ("Trip list 10A", False)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(printed))
        printer.setResolution(150)
        then(printer)

    monkeypatch.setattr(trip_page, "there_is_a_printer", lambda: True)
    monkeypatch.setattr(paper, "choose_printer", choose)
    unlock(qtbot, closed_window)
    page = trip(qtbot, closed_window, "10A")
    said: list[str] = []
    page.said.connect(lambda one: said.append(one.message))
    closed_window.desk.failed.connect(lambda error: said.append(repr(error)))
    page.print.click()
    until(qtbot, lambda: said)
    assert said == ["The list went to the printer."]
    with pypdfium2.PdfDocument(printed) as pdf:
        width, height = pdf[0].get_size()
        drawn = pdf[0].render(scale=1, grayscale=True).to_numpy().squeeze()
    assert (width / MM, height / MM) == (pytest.approx(297, abs=0.2), pytest.approx(210, abs=0.2))
    inked = (drawn < 128).nonzero()
    assert inked[1].max() > 0.8 * drawn.shape[1], "it goes over the whole width of the sheet"
