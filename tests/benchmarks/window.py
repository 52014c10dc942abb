"""How soon the window is up, from nothing to the unlock screen, and how soon the next doubt after a key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, time
from typing import TYPE_CHECKING

from consentdesk.services.demo import PASSWORD
from tests.benchmarks.figures import Figure

if TYPE_CHECKING:
    from consentdesk.desktop.review_view import ReviewView

_TRIED = 5
_GOAL_MS = 1000.0
_KEY_MS = 100.0
_KEYS = 30
_GLANCE_MS = 300
"""What a quick eye takes for a doubt; meanwhile the next slips are made ready."""
_SIZE = (1072, 700)
_SCRIPT = """
import os, sys
from pathlib import Path
from time import time
from PySide6.QtCore import QTimer
from consentdesk.desktop import start

class Timed(start.MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.tell)

    def tell(self):
        print(time(), flush=True)
        os._exit(0)

start.MainWindow = Timed
start.open_window(Path(sys.argv[1]))
"""


def window_figures(office: Path) -> list[Figure]:
    """Milliseconds from nothing to the unlock screen of the closed office in the folder `office`.

    And, where slips wait there, from a key in review to the next question on the screen: the slowest of some.
    """
    figures = [Figure("start-window", _milliseconds("-c", _SCRIPT, str(office)), "ms", goal=_GOAL_MS)]
    keys = _review_keys(office)
    if keys:
        figures.append(Figure("review-key", round(max(keys), 1), "ms", goal=_KEY_MS))
    return figures


def _review_keys(office: Path) -> list[float]:
    # Only who measures the window needs Qt.
    from PySide6.QtCore import Qt  # noqa: PLC0415
    from PySide6.QtTest import QTest  # noqa: PLC0415

    from consentdesk.services.waiting import waiting  # noqa: PLC0415
    from tests.benchmarks.at_the_window import rest, signed_in, until  # noqa: PLC0415

    with signed_in(office, PASSWORD) as desk:
        from consentdesk.desktop.review_view import ReviewView  # noqa: PLC0415

        view = ReviewView(desk)
        view.resize(*_SIZE)
        view.show()
        desk.ask(view, waiting, lambda found: view.queue.take_over(found.review))
        times: list[float] = []
        rest(_GLANCE_MS)
        while view.queue.current is not None and len(times) < _KEYS:
            rest(_GLANCE_MS)
            before = (view.queue.current, view.queue.step)
            begun = perf_counter()
            QTest.keyClick(view.picture, Qt.Key.Key_N)
            until(lambda before=before: not view.queue.waiting or _shows_another(view, before))
            view.repaint()
            times.append((perf_counter() - begun) * 1000)
        view.close()
    return times


def _shows_another(view: ReviewView, before: object) -> bool:
    return view.queue.current is not None and (view.queue.current, view.queue.step) != before


def _milliseconds(*arguments: str) -> float:
    passed = []
    for _ in range(_TRIED):
        begun = time()
        told = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        ).stdout
        passed.append(float(told.split()[0]) - begun)
    return round(median(passed) * 1000, 1)
