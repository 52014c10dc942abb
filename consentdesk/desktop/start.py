"""From the start of the program to its first window, and from the last one to its end."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from consentdesk import __version__, logs, settings
from consentdesk.desktop import alerts
from consentdesk.desktop.alone import Doorbell
from consentdesk.desktop.lasting import make_constants_last
from consentdesk.desktop.look import appearance
from consentdesk.desktop.look.appearance import System
from consentdesk.desktop.look.type import load_faces, load_scripts
from consentdesk.desktop.main_window import MainWindow
from consentdesk.desktop.tidy import Tidier
from consentdesk.desktop.words import tr
from consentdesk.errors import KnownError

DONE = 0


def application() -> QApplication:
    """The program as Qt knows it, with its faces loaded; the one that is there already, where there is one."""
    make_constants_last()
    there = QApplication.instance()
    app = there if isinstance(there, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("ConsentDesk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("consentdesk")
    load_faces()
    return app


def open_window(folder: Path | None) -> int:
    """Open the window on the office in `folder`, or on the remembered one, until it is closed; the exit code.

    A second start on the same computer brings the first one's window to the front and says so.
    """
    logs.start()
    app = application()
    system = System(app)
    appearance.put_on(app, system, appearance.load())
    bell = Doorbell()
    if bell.somebody_is_home():
        _say_that_it_is_open(app)
        return DONE
    window = MainWindow(system, settings.office_folder(folder), remembered=folder is None)
    bell.rung.connect(lambda: _come_forward(window))
    sys.excepthook = _Hook(window)
    window.show()
    QTimer.singleShot(0, load_scripts)
    QTimer.singleShot(0, window.follow_the_systems_lock)
    tidier = Tidier(app)
    code = app.exec()
    tidier.stop()
    return code


class _Hook:
    """Shows what nobody caught, in the one place that shows errors."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._window.close()
        else:
            self._window.show_error(error)


def _come_forward(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _say_that_it_is_open(app: QApplication) -> None:
    alert = alerts.Alert(
        None,
        alerts.told(
            KnownError(
                tr("ConsentDesk is open already"),
                tr("its window has been brought to the front"),
                tr("look for it on the task bar if you do not see it"),
            )
        ),
    )
    alert.finished.connect(lambda _result: app.quit())
    alert.show()
    app.exec()
