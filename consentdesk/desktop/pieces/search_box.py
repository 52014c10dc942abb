"""A search box: 50 ms after the last key it asks, off the window's thread, and only the last answer counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.icons import paint_icon
from consentdesk.desktop.look.type import step

DEBOUNCE_MS: Final = 50

Search = Callable[[Any, str], object]
"""Looks something up: the open office and what was typed in, what was found out; on the desk's thread."""


class SearchBox(QLineEdit):
    """`found` carries what `search` answered to what was typed last. Escape empties the box, Down leaves it."""

    found = Signal(str, object)
    down = Signal()

    def __init__(self, desk: Desk, name: str, search: Search) -> None:
        super().__init__()
        self._desk = desk
        self._search = search
        self._wait = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._wait.timeout.connect(self.search_now)
        self.setProperty("kind", "search")
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(False)
        self.textChanged.connect(lambda _typed: self._wait.start())

    def search_now(self) -> None:
        """Ask for what is typed, at once."""
        self._wait.stop()
        typed, search = self.text(), self._search
        self._desk.ask(self, lambda office: search(office, typed), lambda found: self._show(typed, found))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Down; everything else is typed."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glass anew with the theme."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, and a glass before it."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = step(2)
        where = QRectF(step(1.5), (self.height() - side) / 2, side, side)
        paint_icon(painter, where, "search", colours_in(self.palette()).quiet)
        painter.end()

    def _show(self, typed: str, found: object) -> None:
        # An answer that was overtaken by the next key is of no use.
        if typed == self.text():
            self.found.emit(typed, found)
