"""A short message at the foot of the window that goes by itself, with Undo where there is something to take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr

SHOWN_MS: Final = 8000
_MOST_STEPS: Final = 70


class Toast(QFrame):
    """Lies over the foot of its parent. A screen reader says the message."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self._over = parent
        self._undo: Callable[[], object] | None = None
        self.message = text("")
        self.undo_button = Button(tr("Undo"), self.undo, kind="toast")
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1, 1, 1), gap=2)
        layout.addWidget(self.message, 1)
        layout.addWidget(self.undo_button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.forget)
        parent.installEventFilter(self)
        self.hide()

    def say(self, message: str, undo: Callable[[], object] | None = None) -> None:
        """Show `message` for a while, in place of the one before."""
        self._undo = undo
        self.message.setText(message)
        self.message.setWordWrap(False)
        self.undo_button.setVisible(undo is not None)
        self.show()
        self._place()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message))

    def undo(self) -> bool:
        """Take back what the message tells of; False where there is nothing."""
        undo, self._undo = self._undo, None
        self.hide()
        if undo is None:
            return False
        undo()
        return True

    def forget(self) -> None:
        """Take the message away."""
        self._undo = None
        self.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the window changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        parent = self._over
        room = parent.width() - step(4)
        wanted = self.sizeHint().width()
        self.message.setWordWrap(wanted > min(room, step(_MOST_STEPS)))
        width = min(wanted, room, step(_MOST_STEPS))
        high = max(self.heightForWidth(width), self.sizeHint().height()) if self.message.wordWrap() else 0
        self.resize(width, max(high, self.sizeHint().height()))
        self.move((parent.width() - width) // 2, parent.height() - self.height() - step(3))

    def hideEvent(self, event: object) -> None:
        """Give the focus back to the page where Undo had it."""
        if self.undo_button.hasFocus():
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        super().hideEvent(event)  # type: ignore[arg-type]
