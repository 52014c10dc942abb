"""Home: what waits is counted, each number leads to its work, and nothing leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from consentdesk.desktop.home_page import HomePage
from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Place
from consentdesk.services import set_up
from consentdesk.services.office import open_office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import finish
from tests.desktop.driving import PASSWORD, clipped, overlapping, settle, too_wide, unlock, until, visit
from tests.desktop.slips import back_office


@pytest.fixture
def printed(office_folder: Path, tmp_path: Path) -> Path:
    """The office, with a form at the home of each pupil of 4B."""
    with open_office(office_folder, None, PASSWORD) as office:
        finish(print_forms(office, ["image-use"], Whom(school_class="4B"), tmp_path / "forms.pdf"))
    return office_folder


@pytest.fixture
def window(qtbot: QtBot, system: System, printed: Path) -> Iterator[MainWindow]:
    made = MainWindow(system, printed)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    unlock(qtbot, made)
    yield made
    made.close()


def home_of(qtbot: QtBot, window: MainWindow) -> HomePage:
    page = visit(qtbot, window, "home")
    assert isinstance(page, HomePage)
    return page


def test_what_waits_and_who_owes_a_form(qtbot: QtBot, window: MainWindow) -> None:
    page = home_of(qtbot, window)
    until(qtbot, lambda: len(page.table.rows) == 2)
    assert [(row.school_class, row.owing, row.pupils) for row in page.table.rows] == [
        ("4B", 2, 2),
        ("10A", 0, 1),
    ]
    assert page.review.figure.text() == "0"
    assert page.review.way.isHidden(), "nothing to go to"
    assert page.tray.isHidden()
    assert page.backup.figure.text() == "Never"


def test_a_number_leads_to_its_work(qtbot: QtBot, window: MainWindow) -> None:
    page = home_of(qtbot, window)
    asked: list[Place] = []
    page.go.connect(asked.append)
    page.backup.way.click()
    assert asked == [Place("settings", "backup")]
    settle(qtbot, window)


def test_a_class_leads_to_its_pupils(qtbot: QtBot, window: MainWindow) -> None:
    page = home_of(qtbot, window)
    until(qtbot, lambda: page.table.rows)
    asked: list[Place] = []
    page.go.connect(asked.append)
    page.table.opened.emit(page.table.rows[0])
    assert asked == ([Place("pupils", "4B")] if "pupils" in page.places else [])
    settle(qtbot, window)


def test_a_school_without_pupils_is_told_where_to_begin(qtbot: QtBot, system: System, tmp_path: Path) -> None:
    from_nothing = tmp_path / "new"
    with set_up.create_office(from_nothing, "Made-up School", "head", PASSWORD)[0]:
        pass
    window = MainWindow(system, from_nothing)
    qtbot.addWidget(window)
    window.show()
    unlock(qtbot, window)
    page = home_of(qtbot, window)
    until(qtbot, page.header.line.text)
    assert page.empty.isHidden() is ("pupils" not in page.places)
    assert page.full.isHidden() is not page.empty.isHidden()
    window.close()


@pytest.mark.parametrize(("points", "columns"), [(9, 4), (10, 4), (18, 2)])
def test_four_numbers_find_room_in_every_size_of_text(
    qtbot: QtBot, closed_window: MainWindow, office_folder: Path, points: int, columns: int
) -> None:
    with back_office(office_folder) as desk:
        desk.take(desk.seen(desk.print_for("Ada", "web-publication"), "yes", codes=()))
    unlock(qtbot, closed_window)
    closed_window.change_appearance(Appearance(theme="light", text_size=points))
    closed_window.resize(1100, 800)
    page = home_of(qtbot, closed_window)
    until(qtbot, page.tray.isVisible)
    qtbot.wait(20)
    tiles = (page.review, page.confirm, page.tray, page.backup)
    assert len({tile.x() for tile in tiles}) == columns
    assert (clipped(page), overlapping(page), too_wide(closed_window)) == ([], [], [])
