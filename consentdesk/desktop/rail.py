"""The rail at the left: the pages of the day above, help, settings and lock at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.door import Session
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import scrolling
from consentdesk.desktop.pieces.page import PageName, Place
from consentdesk.desktop.pieces.text import set_tip, text
from consentdesk.desktop.places import Room
from consentdesk.desktop.words import isolated, tr

_WIDE = 26


class Rail(QFrame):
    """`go` asks for a `Place`; `lock` asks for the lock."""

    go = Signal(object)
    lock = Signal()

    def __init__(self, session: Session, rooms: Sequence[Room]) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self.setAccessibleName(tr("Pages"))
        self.buttons: dict[PageName, Button] = {}
        inner = QWidget()
        layout = QVBoxLayout(inner)
        set_spacing(layout, margins=(1.5, 2, 1.5, 1.5), gap=0.5)
        name = text("ConsentDesk", "strong", wraps=False)
        name.setContentsMargins(step(1.25), 0, 0, 0)
        school = text(session.school, "small")
        school.setContentsMargins(step(1.25), 0, 0, 0)
        layout.addWidget(name)
        layout.addWidget(school)
        layout.addSpacing(step(1.5))
        for room in rooms:
            if not room.at_foot:
                layout.addWidget(self._place(room))
        layout.addStretch(1)
        signed_in = text(tr("Signed in as {user}").format(user=isolated(session.user)), "small")
        signed_in.setContentsMargins(step(1.25), 0, 0, step(0.5))
        layout.addWidget(signed_in)
        for room in rooms:
            if room.at_foot:
                layout.addWidget(self._place(room))
        lock = Button(tr("Lock"), self.lock.emit, kind="place", icon="lock")
        lock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_tip(lock, tr("Lock, or let somebody else sign in (Ctrl+L)"))
        lock.setAccessibleDescription("Ctrl+L")
        layout.addWidget(lock)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)  # the hairline at its right
        whole.addWidget(scrolling(inner))
        self.setFixedWidth(max(step(_WIDE), layout.minimumSize().width()))

    def show_place(self, page: PageName) -> None:
        """Mark the page that is shown."""
        for name, button in self.buttons.items():
            button.setChecked(name == page)

    def _place(self, room: Room) -> Button:
        button = Button(tr(room.title), kind="place", icon=room.icon)
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _checked=False: self.go.emit(Place(room.page)))
        button.setAccessibleDescription(room.keys)
        set_tip(button, f"{tr(room.title)} ({room.keys})")
        self.buttons[room.page] = button
        return button
