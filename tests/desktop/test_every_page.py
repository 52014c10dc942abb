"""Every page of the rail, as every user may set it: nothing clipped, everything reached and named, no dead ends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from consentdesk.desktop.look.appearance import Appearance
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import PageName
from consentdesk.desktop.places import PAGES, is_there
from tests.desktop.driving import (
    Watchdog,
    clipped,
    door_of,
    focusable,
    nameless,
    overlapping,
    settle,
    tab_round,
    too_wide,
    until,
    visit,
    widgets,
)

EACH = pytest.mark.parametrize("name", [room.page for room in PAGES if is_there(room)])
SIZES = pytest.mark.parametrize("points", [9, 10, 13, 18])


@SIZES
def test_nothing_is_clipped_at_the_door(qtbot: QtBot, closed_window: MainWindow, points: int) -> None:
    closed_window.change_appearance(Appearance(theme="light", text_size=points))
    closed_window.show_door()
    door = door_of(closed_window)
    until(qtbot, door.who.box.count)
    for turn in range(2):
        qtbot.wait(20)
        assert clipped(door) == [], turn
        assert overlapping(door) == [], turn
        door.other_way.click()


@EACH
def test_nothing_is_clipped(qtbot: QtBot, window: MainWindow, name: PageName) -> None:
    for points in (9, 10, 13, 18):
        window.change_appearance(Appearance(theme="light", text_size=points))
        visit(qtbot, window, name)
        qtbot.wait(20)
        assert clipped(window) == [], points
        assert overlapping(window) == [], points
        assert too_wide(window) == [], points


@EACH
def test_the_keyboard_reaches_everything(qtbot: QtBot, window: MainWindow, name: PageName) -> None:
    page = visit(qtbot, window, name)
    qtbot.wait(20)
    page.setFocus()
    reached = tab_round(qtbot, window)
    assert [
        f"{type(one).__name__} {one.accessibleName()}" for one in focusable(window) if one not in reached
    ] == []


@EACH
def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot, window: MainWindow, name: PageName) -> None:
    visit(qtbot, window, name)
    assert nameless(window) == []


@EACH
def test_all_text_is_plain(qtbot: QtBot, window: MainWindow, name: PageName) -> None:
    visit(qtbot, window, name)
    labels = [one for one in widgets(window) if isinstance(one, QLabel)]
    assert labels
    assert [one.text() for one in labels if one.textFormat() is not Qt.TextFormat.PlainText] == []


@EACH
def test_a_page_keeps_nobody_waiting(
    qtbot: QtBot, window: MainWindow, watchdog: Watchdog, name: PageName
) -> None:
    watchdog.forget()
    visit(qtbot, window, name)
    visit(qtbot, window, "home")
    visit(qtbot, window, name)


@EACH
def test_a_page_is_reached_by_its_key(qtbot: QtBot, window: MainWindow, name: PageName) -> None:
    workspace = window.workspace
    assert workspace is not None
    keys = workspace.rooms[name].keys
    if keys.startswith("Ctrl+"):
        qtbot.keyClick(window, Qt.Key(ord(keys[-1])), Qt.KeyboardModifier.ControlModifier)
    else:
        qtbot.keyClick(window, Qt.Key.Key_F1)
    assert workspace.place.page == name
    assert workspace.rail.buttons[name].isChecked()
    settle(qtbot, window)


def test_another_look_is_worn_at_once_and_the_page_stays(qtbot: QtBot, window: MainWindow) -> None:
    visit(qtbot, window, "settings")
    for theme in ("dark", "light"):
        window.change_appearance(Appearance(theme=theme, text_size=12))
        workspace = window.workspace
        assert workspace is not None
        assert workspace.place.page == "settings"
        settle(qtbot, window)
