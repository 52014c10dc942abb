"""The one place that shows errors: what happened, what is safe, what to do; never a traceback, no name in the log."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from consentdesk import logs
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import column, row
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr
from consentdesk.errors import KnownError

_WIDE = 56


class Told(NamedTuple):
    """An error in words: what happened, what is safe, what to do. `bug` tells that the program is to blame."""

    what: str
    safe: str
    todo: str
    bug: bool = False

    @property
    def sentence(self) -> str:
        """All of it in one line, for beside a field."""
        return " ".join(part for part in (self.what, self.safe, self.todo) if part)


def told(error: BaseException) -> Told:
    """The words for an error. What is not known is a bug, and is logged by its place alone."""
    if isinstance(error, KnownError):
        return Told(_sentence(error.what), _sentence(error.safe), _sentence(error.todo))
    place = logs.record_bug(error)
    return Told(
        tr("Something went wrong that should not have."),
        tr("What was saved before is safe."),
        tr("Please tell whoever looks after ConsentDesk: {kind} at {place}.").format(
            kind=type(error).__name__, place=place
        ),
        bug=True,
    )


def _sentence(clause: str) -> str:
    plain = clause.strip().rstrip(".")
    if not plain:
        return ""
    first = plain.split(maxsplit=1)[0]
    end = "" if plain.endswith("?") else "."
    return (plain[:1].upper() + plain[1:] if first.rstrip(",;").isalpha() else plain) + end


class Alert(QDialog):
    """A calm window over the one that it concerns, with one button."""

    def __init__(self, parent: QWidget | None, error: Told) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("ConsentDesk"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(error.what)
        self.setAccessibleDescription(error.sentence)
        words = column(text(error.what, "heading"), gap=1)
        if error.safe:
            words.addWidget(text(error.safe))
        if error.todo:
            words.addWidget(text(error.todo))
        self.good = Button(tr("OK"), self.accept, kind="filled")
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=3, gap=3)
        icon = column(Picture("info" if not error.bug else "triangle-alert", colour="open", steps=4), None)
        layout.addLayout(row(icon, words, gap=2))
        layout.addLayout(row(None, self.good))
        self.setMinimumWidth(step(_WIDE))
        self.good.setFocus()
        # So that whoever helps can be sent the words, and not a photograph of the screen.
        QShortcut(QKeySequence.StandardKey.Copy, self, lambda: _copy(error))


def _copy(error: Told) -> None:
    QGuiApplication.clipboard().setText(error.sentence)


def show(parent: QWidget, error: BaseException) -> Alert:
    """Show an error over `parent`; it stays until somebody has read it, and stops nothing."""
    alert = Alert(parent, told(error))
    alert.open()
    return alert
