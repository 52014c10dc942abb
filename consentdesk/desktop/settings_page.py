"""Settings: who may sign in, the school's forms, where scans arrive, backups, and how the window looks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import step
from consentdesk.desktop.pieces.cards import column, scrolling
from consentdesk.desktop.pieces.page import Header, Page, Place
from consentdesk.desktop.settings_forms import FormsCard
from consentdesk.desktop.settings_look import LookCard
from consentdesk.desktop.settings_safety import BackupCard
from consentdesk.desktop.settings_scans import ScansCard
from consentdesk.desktop.settings_users import UsersCard
from consentdesk.desktop.words import tr

_WIDE: Final = 104


Card = UsersCard | FormsCard | ScansCard | BackupCard | LookCard


class SettingsPage(Page):
    """One card a subject; those that the user's role has no errand on are not shown.

    The cards are made one after the other, each in its own turn of the event loop.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        session = desk.session
        self.cards: dict[str, Card] = {}
        self._makers: list[tuple[str, Callable[[], Card]]] = []
        self._wanted = ""
        if session is not None:
            self._makers = [("users", partial(UsersCard, desk, session))]
            if session.may("change-settings"):
                self._makers.append(("scans", partial(ScansCard, desk)))
            if session.may("change-forms"):
                self._makers.append(("forms", partial(FormsCard, desk)))
            if session.may("keep-safe"):
                self._makers.append(("backup", partial(BackupCard, desk)))
        self._makers.append(("appearance", LookCard))
        inner = QWidget()
        self._inner = column(None, gap=2)
        inner.setLayout(self._inner)
        inner.setMaximumWidth(step(_WIDE))
        where = f"{session.school} · {session.folder}" if session else ""
        self.area = scrolling(inner)
        self.column.addWidget(Header(tr("Settings"), where))
        self.column.addWidget(self.area, 1)

    def arrive(self, place: Place) -> None:
        """Look everything up, and turn to the card that `place` is about."""
        self._wanted = place.about
        for card in self.cards.values():
            card.refresh()
        self._next_card()

    def _next_card(self) -> None:
        if not self._makers:
            self._turn_to_wanted()
            return
        name, make = self._makers.pop(0)
        card = make()
        card.said.connect(self.note)
        if isinstance(card, LookCard):
            card.wears.connect(self.wears)
        self.cards[name] = card
        self._inner.insertWidget(self._inner.count() - 1, card)
        card.refresh()
        QTimer.singleShot(0, self, self._next_card)

    def _turn_to_wanted(self) -> None:
        card = self.cards.get(self._wanted)
        if card is not None:
            self._wanted = ""
            card.setFocus()
            # Once the cards have their heights.
            QTimer.singleShot(0, card, lambda: self.area.ensureWidgetVisible(card, 0, step(2)))
