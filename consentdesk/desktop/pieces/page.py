"""The contract between a page and the window: what a page is given, and how it asks for anything beyond itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.strips import Banner
from consentdesk.desktop.pieces.text import text

_NARROW = 72
"""Steps of width below which a header's buttons go below its title."""

PageName = Literal["home", "print", "scan", "trip", "pupils", "export", "help", "settings"]


class Place(NamedTuple):
    """Where to go: a page, what it shall be about (an id, a class: as that page says), and files dropped."""

    page: PageName
    about: str = ""
    files: tuple[Path, ...] = ()


class Said(NamedTuple):
    """A short message that goes by itself; `undo` takes back what it tells of, with Ctrl+Z too."""

    message: str
    undo: Callable[[], object] | None = None


class Key(NamedTuple):
    """A key of a page and what it does, for the sheet of keys."""

    keys: str
    does: str


class Page(QWidget):
    """One errand of the office. It is made when first visited, and is gone when the office is locked.

    A page knows no other page and nothing of the window: it asks for everything through its signals.
    `go` asks for a `Place`, `said` shows a `Said`, `banner` shows or (with None) takes away a message under a
    key, `wears` asks for another `Appearance` of the whole window. It reaches the office through `desk` alone,
    and holds no `Office`.
    """

    go = Signal(object)
    said = Signal(object)
    banner = Signal(str, object)
    wears = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.places: frozenset[PageName] = frozenset()
        """Which pages there are for this user: what leads elsewhere is not shown."""
        self.column = QVBoxLayout(self)
        """Where the parts of the page go, below its header."""
        set_spacing(self.column, margins=(3, 2.5, 3, 2.5), gap=2)

    def meet(self, attendants: Mapping[str, QObject]) -> None:
        """Called once, before the first `arrive`, with what works while the office is open, such as the inbox."""

    def arrive(self, place: Place) -> None:
        """Called each time the page is shown: look up what it shows, and turn to what `place` is about."""

    def search(self) -> bool:
        """Put the cursor into the page's own search box; False where it has none (Ctrl+F then goes to pupils)."""
        return False

    def undo(self) -> bool:
        """Take back the last decision made here; False where there is none."""
        return False

    def keys(self) -> tuple[Key, ...]:
        """The keys of this page, for the sheet that `?` opens."""
        return ()

    def note(self, message: str, undo: Callable[[], object] | None = None) -> None:
        """Say something that goes by itself."""
        self.said.emit(Said(message, undo))

    def warn(self, key: str, banner: Banner | None) -> None:
        """Show a message that stays; None takes it away."""
        self.banner.emit(key, banner)


class Header(QWidget):
    """The head of a page: its title, a line below it, and its buttons at the right; one of them may be filled."""

    def __init__(self, title: str, line: str = "", *buttons: Button) -> None:
        super().__init__()
        self.title = text(title, "title")
        self.line = text(line, "quiet")
        if not line:
            self.line.hide()
        words = QVBoxLayout()
        set_spacing(words, gap=0)
        words.addWidget(self.title)
        words.addWidget(self.line)
        self._beside = QHBoxLayout(self)
        set_spacing(self._beside, gap=2)
        self._beside.addLayout(words, 1)
        if buttons:
            self._beside.addLayout(row(*buttons, None))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where large text leaves the title no room beside the buttons, they stand below it."""
        super().resizeEvent(event)
        narrow = event.size().width() < step(_NARROW)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if direction != self._beside.direction():
            self._beside.setDirection(direction)
            self._beside.setSpacing(step(1 if narrow else 2))

    def say(self, title: str, line: str = "") -> None:
        """Show another title and line."""
        self.title.setText(title)
        self.line.setText(line)
        self.line.setVisible(bool(line))
