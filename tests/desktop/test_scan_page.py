"""Scan and review as one page: where one arrives, what its head and tabs say, and what it says when all is done."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.scan_page import ScanPage
from tests.desktop.driving import Watchdog, clipped, overlapping, settle, unlock, until, visit
from tests.desktop.slips import back_office
from tests.desktop.test_review_view import take


def page_of(qtbot: QtBot, window: MainWindow, about: str = "") -> ScanPage:
    page = cast("ScanPage", visit(qtbot, window, "scan", about))
    settle(qtbot, window)
    return page


def test_an_office_without_a_scan_shows_how_to_begin(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(qtbot, window)
    assert page.header.line.text() == "No scan folder is watched"
    assert page.inbox_view.empty.heading.text() == "No slips to review"
    assert page.inbox_view.choose.isVisible()
    assert not page.choose.isVisible()
    assert not page.inbox_view.tiles.isVisible()


@pytest.mark.parametrize(
    ("about", "heading"),
    [("review", "No slips to review"), ("confirm", "Nothing to confirm"), ("tray", "The tray is empty")],
)
def test_what_is_empty_says_so_and_leads_back(
    qtbot: QtBot, window: MainWindow, about: str, heading: str
) -> None:
    page = page_of(qtbot, window, about)
    assert page.stack.currentWidget() is page.nothing
    assert page.nothing.heading.text() == heading
    assert not page.confirm_button.isVisible()
    assert not page.skip.isVisible()
    page.tabs["inbox"].click()
    assert page.stack.currentWidget() is page.inbox_view


def test_the_tabs_count_what_waits_and_lead_there(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
        take(desk, "Ben", "yes")
        slip = desk.print_for("Cleo", "web-publication")
        desk.take(desk.seen(slip, "yes", codes=()))
    unlock(qtbot, closed_window)
    page = page_of(qtbot, closed_window)
    assert [tab.text() for tab in page.tabs.values()] == ["Inbox", "Review  1", "Confirm  1", "Tray  1"]
    for tile, view in (
        (page.inbox_view.review, "review"),
        (page.inbox_view.confirm, "confirm"),
        (page.inbox_view.tray, "tray"),
    ):
        assert tile.figure.text() == "1"
        tile.way.click()
        assert page.view == view
        assert page.tabs[view].isChecked()


def test_when_all_is_done_it_says_how(qtbot: QtBot, office_folder: Path, closed_window: MainWindow) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", {"web.work": "both", "web.first-name": "no"})
        take(desk, "Ben", {"web.work": "no", "web.first-name": "no"})
        take(desk, "Cleo", "yes", pupil="yes")
    unlock(qtbot, closed_window)
    page = page_of(qtbot, closed_window, "review")
    page.review.answer("yes")
    until(qtbot, lambda: page.stack.currentWidget() is page.nothing)
    settle(qtbot, closed_window)
    assert page.nothing.heading.text() == "All 3 slips done"
    said = page.nothing.sentence.text()
    assert "2 read without help, 1 decided by you." in said
    assert "still to be confirmed" in said
    page.turn("confirm")
    until(qtbot, lambda: page.confirm.to_confirm)
    while page.confirm.to_confirm:
        page.confirm_button.click()
        settle(qtbot, closed_window)
    page.turn("inbox")
    settle(qtbot, closed_window)
    assert page.inbox_view.empty.heading.text() == "All 3 slips done"
    assert "still to be confirmed" not in page.inbox_view.empty.sentence.text()


@pytest.mark.parametrize("about", ["inbox", "review", "confirm", "tray"])
def test_each_view_fits_a_small_window_with_large_text(
    qtbot: QtBot, office_folder: Path, closed_window: MainWindow, about: str, watchdog: Watchdog
) -> None:
    with back_office(office_folder) as desk:
        take(desk, "Ada", "both")
        take(desk, "Ben", "yes")
        slip = desk.print_for("Cleo", "web-publication")
        desk.take(desk.seen(slip, "yes", codes=()))
    unlock(qtbot, closed_window)
    closed_window.change_appearance(Appearance(theme="dark", text_size=18))
    closed_window.resize(1024, 700)
    watchdog.forget()
    page = page_of(qtbot, closed_window, about)
    qtbot.wait(50)
    assert clipped(page) == []
    assert overlapping(page) == []
    viewport = page.parentWidget()
    assert viewport is not None
    assert page.width() <= viewport.width()
