"""When nobody has touched the window for a while, or the computer has slept: then it is time to lock."""

from __future__ import annotations

from time import monotonic, time
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

LOOK_EVERY_S: Final = 5
_ASLEEP_S: Final = 60
"""A gap between two looks that only sleep explains."""
_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """`passed` when the minutes are over, or the computer has slept."""

    passed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._minutes = 0
        self._touched = monotonic()
        self._looked = time()
        self._timer = QTimer(self, interval=LOOK_EVERY_S * 1000)
        self._timer.timeout.connect(lambda: self.look(monotonic(), time()))
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            # Every window of ours that is worked in is watched: dialogues are windows too.
            app.focusWindowChanged.connect(self._watch)

    def set_minutes(self, minutes: int) -> None:
        """Lock after so many; 0 never does."""
        self._minutes = minutes
        self._touched = monotonic()
        self._timer.start()

    def look(self, now: float, clock: float) -> None:
        """Look whether it is time, by a steady clock and the computer's, both in seconds."""
        slept = clock - self._looked > _ASLEEP_S + LOOK_EVERY_S
        self._looked = clock
        if slept or (self._minutes and now - self._touched >= self._minutes * 60):
            self._touched = now
            self.passed.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there."""
        if event.type() in _TOUCHES:
            self._touched = monotonic()
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
