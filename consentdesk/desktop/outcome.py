"""What came of something long: a strip that stays until it is read, with the ways to what was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from consentdesk.desktop import alerts
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, row
from consentdesk.desktop.pieces.strips import Tone
from consentdesk.desktop.pieces.text import restyle, text
from consentdesk.desktop.words import tr

_ICONS: dict[Tone, str] = {"yes": "circle-check", "open": "circle-alert", "no": "circle-x", "plain": "info"}


class Way(NamedTuple):
    """A button: its words, and what it does."""

    words: str
    does: Callable[[], object]


class Outcome(QFrame):
    """Hidden until something is said; a screen reader says it too."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self._icon = Picture("info")
        self.heading = text("", "strong")
        self.more = text("")
        self.ways = QHBoxLayout()
        set_spacing(self.ways, gap=2)
        self.ok = Button(tr("OK"), self.clear, kind="link")
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1, 2, 1), gap=1.5)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(column(self.heading, self.more, gap=0.25), 1)
        layout.addLayout(row(self.ways, self.ok, gap=2))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.buttons: list[Button] = []
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self.heading.text()} {self.more.text()}".strip() if not self.isHidden() else ""

    def say(self, tone: Tone, heading: str, more: str = "", *ways: Way) -> None:
        """Say what came of it, in place of what was said before."""
        self._icon.show_icon(_ICONS[tone], colour=tone)
        self.heading.setText(heading)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        for button in self.buttons:
            self.ways.removeWidget(button)
            button.deleteLater()
        self.buttons = [Button(way.words, way.does, kind="link") for way in ways]
        for button in self.buttons:
            self.ways.addWidget(button)
        self.show()
        for part in (self, self.heading, self.more, self.ok, *self.buttons):
            restyle(part, **({"tone": tone} if part is self else {}))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.words))

    def say_error(self, error: BaseException) -> None:
        """Say what went wrong, what is safe, and what to do."""
        told = alerts.told(error)
        self.say("no", told.what, " ".join(part for part in (told.safe, told.todo) if part))

    def clear(self) -> None:
        """Take it away."""
        self.hide()


def ways_to(file: Path) -> tuple[Way, Way]:
    """The ways to a file that was written, and to the folder it lies in."""
    return (
        Way(tr("Open it"), lambda: _open(file)),
        Way(tr("Open folder"), lambda: _open(file.parent)),
    )


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.absolute())))
