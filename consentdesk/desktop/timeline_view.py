"""What happened with one pupil, newest first, each slip's picture one click away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.evidence_picture import EvidencePicture
from consentdesk.desktop.happened_words import told
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import line
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import counted, tr
from consentdesk.services.timeline import Happened, evidence

_AT_ONCE: Final = 25


class TimelineView(QFrame):
    """A card with the entries; the older ones follow on demand."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._desk = desk
        self._waiting: tuple[Happened, ...] = ()
        self._now: datetime | None = None
        self.entries: list[TimelineEntry] = []
        self.earlier = Button("", self._show_more, kind="link")
        self._column = QVBoxLayout(self)
        set_spacing(self._column, margins=(2.5, 1.5, 2.5, 1.5), gap=0)
        self._column.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignLeft)

    def show_happened(self, happened: Sequence[Happened], now: datetime) -> None:
        """Show these, newest first."""
        for entry in self.entries:
            entry.hide()
            entry.deleteLater()
        self.entries = []
        self._waiting, self._now = tuple(happened), now
        self._show_more()

    def _show_more(self) -> None:
        now = self._now
        if now is None:
            return
        shown, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        for one in shown:
            entry = TimelineEntry(self._desk, one, now, first=not self.entries)
            self._column.insertWidget(len(self.entries), entry)
            self.entries.append(entry)
        left = counted(len(self._waiting), tr("entry"), tr("entries"))
        self.earlier.set_words(tr("Show {entries} from before").format(entries=left))
        self.earlier.setVisible(bool(self._waiting))


class TimelineEntry(QWidget):
    """One entry; its picture is fetched when somebody wants to see it."""

    def __init__(self, desk: Desk, one: Happened, now: datetime, *, first: bool) -> None:
        super().__init__()
        self._desk = desk
        self.happened = one
        words = told(one, now)
        self.title = text(words.title, "strong")
        self.lines = [text(said) for said in words.lines]
        self.show_slip = Button(tr("Show the slip"), self._turn, kind="link")
        self.show_slip.setAccessibleName(tr("Show the slip: {what}").format(what=words.title))
        self.picture = EvidencePicture(desk)
        self.picture.hide()
        body = QVBoxLayout()
        set_spacing(body, gap=0.25)
        for part in (self.title, *self.lines, text(words.foot, "small")):
            body.addWidget(part)
        body.addWidget(self.show_slip, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self.picture)
        across = QHBoxLayout()
        set_spacing(across, margins=(0, 1.5, 0, 1.5), gap=2)
        across.addWidget(Picture(words.icon), 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(body, 1)
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=0)
        if not first:
            layout.addWidget(line())
        layout.addLayout(across)
        self.show_slip.setVisible(one.evidence)

    def _turn(self) -> None:
        if self.picture.isVisibleTo(self):
            self.picture.hide()
            self.picture.show_picture(b"")
            self._say(tr("Show the slip"))
            return
        event = self.happened.event
        self._say(tr("Hide the slip"))
        self.picture.show_picture(b"")
        self.picture.show()
        self._desk.ask(
            self, lambda office: evidence(office, event), self.picture.show_picture, self._not_there
        )

    def _say(self, words: str) -> None:
        self.show_slip.set_words(words)
        self.show_slip.setAccessibleName(f"{words}: {self.title.text()}")

    def _not_there(self, error: BaseException) -> None:
        self._turn()
        self._desk.failed.emit(error)
