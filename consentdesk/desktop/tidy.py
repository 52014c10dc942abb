"""Garbage is collected in the window's thread alone: a widget that dies on another thread takes the program along."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS: Final = 500


class Tidier(QObject):
    """While it lives, cycles of objects are looked for between two events of the window, and never by other threads.

    Widgets hold functions that hold the widgets, so it is this collection that destroys them; Python alone runs
    it on whichever thread happens to make the next object.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.collect()
        # What was imported stays for good, and need not be looked through each time.
        gc.freeze()
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(tidy)
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def tidy() -> None:
    """Collect the generations whose time has come, by Python's own thresholds."""
    due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(due):
        gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
