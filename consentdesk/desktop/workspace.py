"""The window while the office is open: rail, messages, one page at a time, and the keys that work everywhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.door import Session
from consentdesk.desktop.keys_sheet import KeysSheet
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.cards import scrolling
from consentdesk.desktop.pieces.page import Key, Page, PageName, Place, Said
from consentdesk.desktop.pieces.strips import Banner, Banners
from consentdesk.desktop.pieces.toast import Toast
from consentdesk.desktop.places import is_loaded, load, make_attendants, make_page, pages_for
from consentdesk.desktop.rail import Rail
from consentdesk.desktop.words import tr

_MADE_UP: Final = "made-up"
_NOTICE: Final = "notice"
_FIRST: Final = Place("home")


class Workspace(QWidget):
    """Made when somebody signs in, and destroyed when the office is locked, with all that it shows.

    `lock` asks for the lock, `wears` for another `Appearance`.
    """

    lock = Signal()
    wears = Signal(object)

    def __init__(self, desk: Desk, session: Session) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._session = session
        self.place = Place("home")
        self.rooms = {room.page: room for room in pages_for(session)}
        self.pages: dict[PageName, Page] = {}
        # Where large text leaves no room for all of a page, it scrolls instead of cutting words off.
        self._areas: dict[PageName, QScrollArea] = {}
        self.attendants: dict[str, QObject] = {}
        self.ready = False
        self._waiting: Place | None = None
        self.rail = Rail(session, tuple(self.rooms.values()))
        self.banners = Banners()
        self.stack = QStackedWidget()
        self._compose()
        self.toast = Toast(self)
        self.rail.go.connect(self.go)
        self.rail.lock.connect(self.lock)
        self._bind_keys()
        self.setAcceptDrops("scan" in self.rooms)
        self._say_what_holds()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.pages.get(self.place.page)

    def begin(self, place: Place) -> None:
        """Show the first page; then start what works in the background, and what other pages need."""
        rooms = tuple(self.rooms.values())
        if is_loaded(rooms):
            self._attend()
            self.go(place)
            return
        self.go(_FIRST)
        self._waiting = place if place.page != _FIRST.page else None
        self._desk.aside(self, lambda: load(rooms), lambda _none: self._attend(), self._cannot_attend)

    def _attend(self) -> None:
        self.attendants = make_attendants(self._desk)
        for attendant in self.attendants.values():
            attendant.setParent(self)
            # An attendant speaks as a page does, where it has something to say.
            for name, hears in (("go", self.go), ("said", self._say), ("banner", self.banners.set)):
                signal = getattr(attendant, name, None)
                if signal is not None:
                    signal.connect(hears)
        for page in self.pages.values():
            page.meet(self.attendants)
        self.ready = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.go(waiting)

    def _cannot_attend(self, error: BaseException) -> None:
        """A library is missing or broken: it is told, and the pages that do without it work."""
        self._desk.failed.emit(error)
        self.ready = True

    def go(self, place: Place) -> None:
        """Show a page, made now where it has not been visited; one that is not there changes nothing."""
        room = self.rooms.get(place.page)
        if room is None:
            return
        if not self.ready and self.pages:
            # Only the first page is shown before the attendants are there: the others shall meet them.
            self._waiting = place
            return
        page = self.pages.get(place.page)
        if page is None:
            page = make_page(room, self._desk)
            page.go.connect(self.go)
            page.said.connect(self._say)
            page.banner.connect(self.banners.set)
            page.wears.connect(self.wears)
            page.places = frozenset(self.rooms)
            if self.ready:
                page.meet(self.attendants)
            self.pages[place.page] = page
            self._areas[place.page] = scrolling(page)
            self.stack.addWidget(self._areas[place.page])
        self.place = place
        self.rail.show_place(place.page)
        self.stack.setCurrentWidget(self._areas[place.page])
        self.window().setWindowTitle(f"{tr(room.title)} – {self._session.school} – ConsentDesk")
        page.arrive(place)

    def show_keys(self) -> None:
        """The sheet of keys for the page that is shown."""
        KeysSheet(self, self.page.keys() if self.page else (), self._common_keys()).open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files that are dropped go to the page that reads them."""
        files = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if files:
            event.acceptProposedAction()
            self.go(Place("scan", files=files))

    def _compose(self) -> None:
        right = QVBoxLayout()
        set_spacing(right, gap=0)
        holder = QVBoxLayout()
        holder.setContentsMargins(step(3), step(1.5), step(3), 0)
        holder.addWidget(self.banners)
        right.addLayout(holder)
        right.addWidget(self.stack, 1)
        layout = QHBoxLayout(self)
        set_spacing(layout, gap=0)
        layout.addWidget(self.rail)
        layout.addLayout(right, 1)

    def _say(self, said: Said) -> None:
        self.toast.say(said.message, said.undo)

    def _say_what_holds(self) -> None:
        if self._session.made_up:
            self.banners.set(
                _MADE_UP,
                Banner(
                    tr("This school is made up. Nobody in it is real; try whatever you like."),
                    "limited",
                    "info",
                ),
            )
        for number, notice in enumerate(self._session.notices):
            key = f"{_NOTICE}-{number}"
            self.banners.set(
                key, Banner(notice, "open", "info", tr("OK"), partial(self.banners.set, key, None))
            )

    def _bind_keys(self) -> None:
        for room in self.rooms.values():
            QShortcut(QKeySequence(room.keys), self, partial(self.go, Place(room.page)))
        QShortcut(QKeySequence("Ctrl+L"), self, self.lock.emit)
        QShortcut(QKeySequence("Ctrl+F"), self, self._find)
        QShortcut(QKeySequence("Ctrl+Z"), self, self._undo)
        QShortcut(QKeySequence("?"), self, self.show_keys)

    def _common_keys(self) -> tuple[Key, ...]:
        return (
            *(Key(room.keys, tr(room.title)) for room in self.rooms.values()),
            Key("Ctrl+F", tr("Find a pupil")),
            Key("Ctrl+Z", tr("Undo")),
            Key("Ctrl+L", tr("Lock, or let somebody else sign in")),
            Key("?", tr("This sheet")),
        )

    def _find(self) -> None:
        if self.page is not None and self.page.search():
            return
        self.go(Place("pupils"))
        if self.page is not None:
            self.page.search()

    def _undo(self) -> None:
        # A line that is being typed takes the key for itself before it comes here.
        if not self.toast.undo() and self.page is not None:
            self.page.undo()
