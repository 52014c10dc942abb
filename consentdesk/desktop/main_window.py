"""The one window: the door while the office is closed, the workspace while it is open, and the lock between them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from consentdesk import settings
from consentdesk.desktop import alerts
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.idle import IdleWatch
from consentdesk.desktop.look import appearance as looks
from consentdesk.desktop.look.appearance import Appearance, System
from consentdesk.desktop.look.type import step
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.unlock_page import UnlockPage
from consentdesk.desktop.words import tr
from consentdesk.errors import KnownError
from consentdesk.logs import log

if TYPE_CHECKING:
    from consentdesk.desktop.door import Session
    from consentdesk.desktop.workspace import Workspace

_SIZE: Final = QSize(160, 100)
"""What the window takes at first, in steps of the grid: 1280 × 800 px at 10 pt."""
_LEAST: Final = QSize(90, 60)
_MOST_OF_THE_SCREEN: Final = 0.9
_HOME: Final = Place("home")


class MainWindow(QMainWindow):
    """Holds the desk for as long as the program runs.

    `folder` is the office's; `remembered` says that it was found by this computer's memory, so that signing in
    may be noted there.
    """

    def __init__(self, system: System, folder: Path, *, remembered: bool = True) -> None:
        super().__init__()
        self._system = system
        self._folder = folder
        self._remembered = remembered
        self._held: list[BaseException] = []
        self.appearance = looks.load()
        self.desk = Desk(self)
        self.desk.signed_in.connect(self._open)
        self.desk.signed_out.connect(self._close_up)
        self.desk.failed.connect(self.show_error)
        self.idle = IdleWatch(self)
        self.idle.passed.connect(self.lock)
        self.setWindowTitle(tr("ConsentDesk"))
        screen = QGuiApplication.primaryScreen().availableSize() * _MOST_OF_THE_SCREEN
        self.setMinimumSize(QSize(step(_LEAST.width()), step(_LEAST.height())).boundedTo(screen))
        self._place_window()
        self._follow_the_system()
        self.show_door()

    @property
    def workspace(self) -> Workspace | None:
        """What is shown while the office is open."""
        shown: Any = self.centralWidget()
        return shown if self.desk.session is not None and hasattr(shown, "rail") else None

    @property
    def folder(self) -> Path:
        """The office's folder."""
        return self._folder

    def show_door(self) -> None:
        """Ask who is there; where there is no office yet, the first run begins."""
        door = UnlockPage(self.desk, self._folder, self.appearance.school, settings.load().last_user or "")
        door.no_office.connect(self.show_first_run)
        door.elsewhere.connect(self._elsewhere)
        self._show(door)

    def show_first_run(self) -> None:
        """The four steps to a new office."""
        try:
            page = import_module("consentdesk.desktop.first_run").FirstRun(self.desk, self._folder)
        except ModuleNotFoundError:
            return
        page.elsewhere.connect(self._elsewhere)
        page.finished.connect(self._begin_work)
        self._show(page)

    def lock(self) -> None:
        """Forget what is shown, at once; the office closes when the job that runs has ended."""
        if self.desk.session is not None:
            self.desk.sign_out()

    def follow_the_systems_lock(self) -> None:
        """Lock with the screen from now on; done once the window is up, since the system is asked for it."""
        system = import_module("consentdesk.desktop.system_lock").SystemLock(self)
        system.locked.connect(self.lock)

    def change_appearance(self, appearance: Appearance) -> None:
        """Wear another look from now on, and remember it. The page that is shown is made anew."""
        before, self.appearance = self.appearance, appearance
        self._remember()
        self.idle.set_minutes(appearance.idle_minutes)
        if (before.theme, before.text_size) != (appearance.theme, appearance.text_size):
            self._dress()

    def show_error(self, error: BaseException) -> None:
        """Show an error; while the office is locked it waits, since its words may hold a name."""
        if self.desk.session is None and self._locked_before():
            self._held.append(error)
        else:
            alerts.show(self, error)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Note where the window stood, stop what runs, and close the office properly."""
        self._note_place()
        self.desk.shut()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Watch for idleness from now on."""
        super().showEvent(event)
        self.idle.set_minutes(self.appearance.idle_minutes)

    def _open(self, session: Session) -> None:
        self._folder = session.folder
        if self._remembered and not session.made_up:
            kept = msgspec.structs.replace(
                settings.load(), office=str(session.folder), last_user=session.user
            )
            self._keep(lambda: settings.save(kept))
            self.appearance = msgspec.structs.replace(self.appearance, school=session.school)
            self._remember()
        if not getattr(self.centralWidget(), "keeps_the_window", False):
            self._begin_work()

    def _begin_work(self, place: Place = _HOME) -> None:
        session = self.desk.session
        if session is None:
            return
        workspace = import_module("consentdesk.desktop.workspace").Workspace(self.desk, session)
        workspace.lock.connect(self.lock)
        workspace.wears.connect(self.change_appearance)
        self._show(workspace)
        workspace.begin(place)
        held, self._held = self._held, []
        for error in held:
            alerts.show(self, error)

    def _close_up(self) -> None:
        QGuiApplication.clipboard().clear()
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isWindow() and window.parent() is not None:
                window.close()
        self.setWindowTitle(tr("ConsentDesk"))
        self.show_door()

    def _locked_before(self) -> bool:
        return isinstance(self.centralWidget(), UnlockPage)

    def _elsewhere(self, folder: Path) -> None:
        """Turn to the office in another folder."""
        self._folder = folder
        self.appearance = msgspec.structs.replace(self.appearance, school="")
        self.show_door()

    def _show(self, widget: QWidget) -> None:
        # Qt hides the one before at once and destroys it a little later. Nobody takes it out first: a widget
        # that loses its parent is styled anew with all that it holds, which a full workspace feels.
        self.setCentralWidget(widget)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            looks.put_on(app, self._system, self.appearance)
            workspace = self.workspace
            if workspace is not None:
                self._begin_work(workspace.place)

    def _follow_the_system(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._dress())
            looks.hints(app).contrastPreferenceChanged.connect(lambda _preference: self._dress())

    def _place_window(self) -> None:
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        kept = QRect(*self.appearance.geometry) if self.appearance.geometry else None
        if kept is not None and any(screen.intersects(kept) for screen in screens):
            self.setGeometry(kept)
        else:
            size = QSize(step(_SIZE.width()), step(_SIZE.height()))
            self.resize(size.boundedTo(screens[0].size() if screens else size))
        if self.appearance.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _note_place(self) -> None:
        place = self.normalGeometry()
        self.appearance = msgspec.structs.replace(
            self.appearance,
            geometry=(place.x(), place.y(), place.width(), place.height()),
            maximised=self.isMaximized(),
        )
        self._remember()

    def _remember(self) -> None:
        self._keep(lambda: looks.save(self.appearance))

    @staticmethod
    def _keep(save: Callable[[], None]) -> None:
        try:
            save()
        except KnownError as error:
            # It costs one question at the next start, so nobody is stopped for it.
            log.warning("the window’s settings were not kept: %s", type(error).__name__)
