"""How soon the window is up: a whole process from its start to the unlock screen on the screen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import time

from tests.benchmarks.figures import Figure

_TRIED = 5
_GOAL_MS = 1000.0
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
    """Milliseconds from nothing to the unlock screen of the closed office in the folder `office`."""
    return [Figure("start-window", _milliseconds("-c", _SCRIPT, str(office)), "ms", goal=_GOAL_MS)]


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
