"""The window as a person drives it: waits, walks, and looks for what is wrong on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time
from typing import Any

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.pieces.page import Page, PageName, Place
from consentdesk.desktop.unlock_page import UnlockPage

ON_A_SCREEN = "CONSENTDESK_TEST_PLATFORM"
"""Names, in the environment, another platform of Qt than `offscreen`, for a run on a screen that somebody has given."""

PASSWORD = "made up words"
PATIENCE_MS = 60_000
"""How long a test waits before it fails; nothing is measured by it."""

LONGEST_MS = 100.0
"""What the window's own thread may work at a stretch, in CPU time."""


class Watchdog:
    """Counts the CPU time of the window's thread between two looks at its event queue, in ms."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._since = thread_time()
        self._counting = True
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        self._dispatcher = dispatcher
        dispatcher.awake.connect(self._look)
        dispatcher.aboutToBlock.connect(self._look)

    def forget(self) -> None:
        """Begin anew: what was counted so far was the test's own work."""
        self.longest, self._since = 0.0, thread_time()

    def stop(self) -> None:
        """Count no more: what comes now is the test's own work again."""
        if self._counting:
            self._counting = False
            self._look()
            self._dispatcher.awake.disconnect(self._look)
            self._dispatcher.aboutToBlock.disconnect(self._look)

    def _look(self) -> None:
        now = thread_time()
        self.longest = max(self.longest, (now - self._since) * 1000)
        self._since = now


def until(qtbot: QtBot, holds: Any) -> None:
    """Wait until `holds()` is true."""
    qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)


def bring_forward(qtbot: QtBot, window: MainWindow) -> None:
    """Show the window and give it the keyboard, as a start from the menu does; on a real screen that takes a while."""
    window.show()
    window.activateWindow()
    until(qtbot, window.isActiveWindow)


def door_of(window: MainWindow) -> UnlockPage:
    """The unlock screen that is shown."""
    door = window.centralWidget()
    assert isinstance(door, UnlockPage)
    return door


def unlock(qtbot: QtBot, window: MainWindow, password: str = PASSWORD) -> None:
    """Type the password and press Enter, and wait for the first page."""
    door = door_of(window)
    until(qtbot, door.who.box.count)
    qtbot.keyClicks(door.password.line, password)
    qtbot.keyClick(door.password.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.workspace is not None and window.workspace.ready)


def visit(qtbot: QtBot, window: MainWindow, page: PageName, about: str = "") -> Page:
    """Go to a page, and wait until the desk has nothing more to answer."""
    workspace = window.workspace
    assert workspace is not None
    workspace.go(Place(page, about))
    settle(qtbot, window)
    shown = workspace.page
    assert shown is not None
    return shown


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until every question asked so far, and those that its answers ask, are answered."""
    for _ in range(20):
        answered: list[bool] = []
        window.desk.ask(window, lambda _office: True, answered.append)
        until(qtbot, lambda answered=answered: answered)
    QApplication.processEvents()


def widgets(root: QWidget) -> Iterator[QWidget]:
    """Everything that is shown in `root`."""
    yield from (one for one in (root, *root.findChildren(QWidget)) if one.isVisibleTo(root))


def focusable(root: QWidget) -> list[QWidget]:
    """What the Tab key should reach."""
    return [
        one
        for one in widgets(root)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and one.focusProxy() is None
    ]


def nameless(root: QWidget) -> list[str]:
    """What takes the focus and has no name to be read out."""
    return [
        f"{type(one).__name__} {one.objectName()}"
        for one in focusable(root)
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text())
    ]


def tab_round(qtbot: QtBot, root: QWidget) -> set[QWidget]:
    """What the Tab key reaches, from wherever the focus is, until it comes round."""
    reached: set[QWidget] = set()
    window = root.window()
    for _ in range(400):
        at = window.focusWidget()
        if at is not None and at in reached:
            break
        if at is not None:
            reached.add(at)
        qtbot.keyClick(at or window, Qt.Key.Key_Tab)
    return reached


def clipped(root: QWidget) -> list[str]:
    """Text that does not fit its widget: labels, buttons and headings of tables, with what they say."""
    found = []
    for one in widgets(root):
        if isinstance(one, QLabel) and one.text():
            if _too_small(one):
                found.append(
                    f"label “{one.text()}”: {one.size().toTuple()} for {_wanted(one).size().toTuple()}"
                )
        elif isinstance(one, QAbstractButton) and one.text():
            hint = one.minimumSizeHint()
            if one.width() < hint.width() or one.height() < QFontMetrics(one.font()).height():
                found.append(f"button “{one.text()}”: {one.size().toTuple()} for {hint.toTuple()}")
        elif isinstance(one, QLineEdit | QComboBox):
            if one.height() < QFontMetrics(one.font()).height() + 4:
                found.append(f"field “{one.accessibleName()}”: {one.height()} px high")
        elif isinstance(one, QTableView):
            found += _clipped_headings(one)
    return found


def _wanted(label: QLabel) -> QRect:
    flags = int(label.alignment()) | (int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0)
    room = QRect(0, 0, label.contentsRect().width(), 100_000)
    return QFontMetrics(label.font()).boundingRect(room, flags, label.text())


def _too_small(label: QLabel) -> bool:
    wanted, room = _wanted(label), label.contentsRect()
    return wanted.height() > room.height() + 1 or wanted.width() > room.width() + 1


def _clipped_headings(table: QTableView) -> list[str]:
    header, model = table.horizontalHeader(), table.model()
    metrics = QFontMetrics(header.font())
    found = []
    for at in range(model.columnCount()):
        words = str(model.headerData(at, Qt.Orientation.Horizontal))
        if header.isVisible() and metrics.horizontalAdvance(words) > header.sectionSize(at):
            found.append(f"heading “{words}”: {header.sectionSize(at)} px")
    return found


def too_wide(root: QWidget) -> list[str]:
    """What is wider than the part of the screen that it scrolls in: its right edge cannot be reached."""
    return [
        f"{type(area.widget()).__name__}: {area.widget().width()} in {area.viewport().width()}"
        for area in root.findChildren(QScrollArea)
        if area.isVisibleTo(root) and area.widget().width() > area.viewport().width()
    ]


def overlapping(root: QWidget) -> list[str]:
    """Labels, buttons and fields that lie upon each other."""
    kinds = (QLabel, QAbstractButton, QLineEdit, QComboBox)
    placed = [
        (one, one.visibleRegion().boundingRect().translated(one.mapTo(root, QPoint(0, 0))))
        for one in widgets(root)
        if isinstance(one, kinds)
        and one is not root
        and not _inside(one, kinds)
        and not one.visibleRegion().isEmpty()
    ]
    return [
        f"{_said(first)} upon {_said(second)}"
        for at, (first, place) in enumerate(placed)
        for second, other in placed[at + 1 :]
        if place.adjusted(1, 1, -1, -1).intersects(other.adjusted(1, 1, -1, -1))
    ]


def _inside(widget: QWidget, kinds: tuple[type, ...]) -> bool:
    parent: QObject | None = widget.parent()
    while parent is not None:
        if isinstance(parent, kinds):
            return True
        parent = parent.parent()
    return False


def _said(widget: Any) -> str:
    words = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} “{words or widget.accessibleName()}”"
