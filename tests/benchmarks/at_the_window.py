"""The window's own event loop for a benchmark: an office opened as the window opens it, and waiting as it waits."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.start import application

_PATIENCE_S: Final = 60.0
_HEARTBEAT_MS: Final = 500


def until(holds: Callable[[], object]) -> None:
    """Let the window work until `holds()`. Raises `TimeoutError` where that takes a minute."""
    app = application()
    # A window waits for what comes: to ask again and again would take the time from the thread that looks.
    heartbeat = QTimer(interval=_HEARTBEAT_MS)
    heartbeat.start()
    begun = perf_counter()
    while not holds():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if perf_counter() - begun > _PATIENCE_S:
            raise TimeoutError("the window does not answer")
    heartbeat.stop()


def rest(milliseconds: int) -> None:
    """Let the window do what it does while a person looks."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@contextmanager
def signed_in(office: Path, password: str) -> Iterator[Desk]:
    """A desk at which the head of the closed office in the folder `office` has signed in."""
    application()
    desk = Desk()
    failures: list[BaseException] = []
    desk.sign_in(desk, office, "head", password, failures.append)
    until(lambda: desk.session or failures)
    if failures:
        raise failures[0]
    try:
        yield desk
    finally:
        desk.shut()
