"""Scan and review: the inbox, the queue of doubtful slips, the sheets to confirm, and the tray, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeVar, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog

from consentdesk.desktop.confirm_view import ConfirmView
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.done_today import DoneToday
from consentdesk.desktop.inbox import Inbox
from consentdesk.desktop.inbox_view import InboxView, Ways
from consentdesk.desktop.look import appearance
from consentdesk.desktop.look.type import step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.page import Header, Key, Page, Place, Said
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.review_view import ReviewView
from consentdesk.desktop.scan_words import (
    confirm_title,
    empty_tray,
    keying_title,
    nothing_to_confirm,
    nothing_to_review,
    review_title,
    tray_title,
    view_names,
)
from consentdesk.desktop.tray_view import TrayView
from consentdesk.desktop.views import Views
from consentdesk.desktop.words import counted, tr
from consentdesk.services.waiting import Waiting, waiting

View = Literal["inbox", "review", "confirm", "tray"]
_VIEWS: Final[tuple[View, ...]] = ("inbox", "review", "confirm", "tray")
Shown = TypeVar("Shown", InboxView, ReviewView, ConfirmView, TrayView)
_KINDS: Final = "PDF, TIFF, JPEG, PNG (*.pdf *.tif *.tiff *.jpg *.jpeg *.png)"


class ScanPage(Page):
    """Four views, one of which is shown; which of them have something in them stands on their buttons."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view: View = "inbox"
        self.waiting: Waiting | None = None
        self._done = DoneToday(desk, self)
        self._done.counted.connect(self._show_done)
        self._letters = True
        session = desk.session
        self._may_key = session is not None and session.may("key-answers")
        self.choose = Button(tr("Choose files…"), self._choose)
        self.by_hand = Button("", self._key_by_hand)
        self.skip = Button("", self._skip)
        self.undo_button = Button(tr("Undo (Ctrl+Z)"), self.undo)
        self.confirm_button = Button("", self._confirm, kind="filled")
        self.header = Header(
            tr("Scan and review"),
            "",
            self.choose,
            self.by_hand,
            self.skip,
            self.undo_button,
            self.confirm_button,
        )
        self.tabs: dict[View, Button] = {view: self._tab(view) for view in _VIEWS}
        self.inbox_line = text("", "small", wraps=False)
        self.inbox_line.setMinimumHeight(self.choose.sizeHint().height())
        self.to_confirm = Button(tr("Look and confirm"), self._to_confirm, kind="filled")
        self.nothing = EmptyState(
            "circle-check", "", "", Button(tr("Back to the inbox"), self._to_inbox), self.to_confirm
        )
        self.stack = Views()
        self.stack.addWidget(self.nothing)
        self.column.addWidget(self.header)
        self._row = Flow(*self.tabs.values(), self.inbox_line)
        self.column.addLayout(self._row)
        self.column.addWidget(self.stack, 1)

    def meet(self, attendants: Mapping[str, QObject]) -> None:
        """Take over the inbox, which works whichever page is shown."""
        self.inbox = cast("Inbox", attendants["inbox"])
        self.inbox.changed.connect(self._tell)
        self.inbox.came.connect(lambda _taken: self.refresh())

    # Each view is made when it is first turned to, so that nobody waits for all four.

    @cached_property
    def inbox_view(self) -> InboxView:
        """What comes in, and what waits."""
        ways = Ways(
            lambda: self.turn("review"),
            lambda: self.turn("confirm"),
            lambda: self.turn("tray"),
            self._choose,
            (lambda: self.go.emit(Place("settings", "scans"))) if "settings" in self.places else None,
        )
        return self._added(InboxView(self.inbox, ways))

    @cached_property
    def review(self) -> ReviewView:
        """The doubtful slips."""
        view = self._added(ReviewView(self.desk))
        view.moved.connect(self._tell)
        view.queue.said.connect(self.note)
        view.queue.changed.connect(self.refresh)
        return view

    @cached_property
    def confirm(self) -> ConfirmView:
        """The sheets of crops."""
        view = self._added(ConfirmView(self.desk))
        view.moved.connect(self._tell)
        view.said.connect(self._say)
        view.changed.connect(self.refresh)
        return view

    @cached_property
    def tray(self) -> TrayView:
        """What has no owner."""
        view = self._added(TrayView(self.desk))
        view.said.connect(self.note)
        view.moved.connect(self._tell)
        view.changed.connect(self.refresh)
        return view

    @property
    def shown(self) -> InboxView | ReviewView | ConfirmView | TrayView:
        """The view that one has turned to."""
        match self.view:
            case "inbox":
                return self.inbox_view
            case "review":
                return self.review
            case "confirm":
                return self.confirm
            case "tray":
                return self.tray

    def arrive(self, place: Place) -> None:
        """Show what `place` is about, and read the files that were dropped."""
        self._letters = appearance.load().letter_keys
        wanted = next((view for view in _VIEWS if view == place.about), None)
        if place.files:
            self.inbox.read(place.files)
            wanted = "inbox"
        self.turn(wanted or self.view)

    def turn(self, view: View) -> None:
        """Show a view."""
        self.view = view
        for name, tab in self.tabs.items():
            tab.setChecked(name == view)
        if view == "review":
            self.review.letters = self._letters
        self._tell()
        self.refresh()

    def refresh(self) -> None:
        """Look what waits now."""
        self.desk.ask(self, waiting, self._show)

    def undo(self) -> bool:
        """Take back the last decision, or the last sheet that was confirmed."""
        if self.view == "confirm":
            return self.confirm.undo()
        return self.view == "review" and self.review.queue.undo()

    def keys(self) -> tuple[Key, ...]:
        """The keys of review, where it is shown."""
        if self.view == "review":
            return self.review.keys()
        return (Key("Ctrl+Z", tr("Take back the last sheet")),) if self.view == "confirm" else ()

    def _show(self, found: Waiting) -> None:
        self.waiting = found
        counts: dict[View, int] = {
            "review": len(found.review),
            "confirm": found.clear or 0,
            "tray": found.tray,
        }
        names = view_names()
        for view, count in counts.items():
            self.tabs[view].set_words(f"{names[view]}  {count:,}" if count else names[view])
        self.tabs["confirm"].setVisible(found.clear is not None)
        match self.view:
            case "inbox":
                self.inbox_view.show_waiting(found, self._done.sum)
            case "review":
                self.review.queue.take_over(found.review)
            case "confirm":
                self.confirm.refresh()
            case "tray":
                self.tray.refresh()
        self._tell()
        if self.view == "inbox" or not found.review:
            self._done.count(found.batches_today)

    def _show_done(self) -> None:
        if self.waiting is not None and self.view == "inbox":
            self.inbox_view.show_waiting(self.waiting, self._done.sum)
        self._tell()

    def _tell(self) -> None:
        """Say where one is, and offer what can be done there."""
        shown, empty = self.shown, self._is_empty()
        self.stack.setCurrentWidget(self.nothing if empty else shown)
        self.stack.updateGeometry()
        if empty:
            self._say_empty()
        self.inbox_line.setText(self.inbox.line())
        self._show_line()
        self.choose.setVisible(isinstance(shown, InboxView) and not shown.empty.isVisibleTo(shown))
        keying = isinstance(shown, TrayView) and shown.by_hand
        self.by_hand.setVisible(isinstance(shown, TrayView) and self._may_key)
        self.by_hand.set_words(tr("Back to the tray") if keying else tr("Key a slip by hand…"))
        reviewing = isinstance(shown, ReviewView)
        if isinstance(shown, ReviewView):
            self.undo_button.setEnabled(shown.queue.can_undo)
        self.skip.setVisible(reviewing and not empty)
        self.skip.set_words(tr("Skip (S)") if self._letters else tr("Skip"))
        self.undo_button.setVisible(reviewing)
        rows = len(shown.to_confirm) if isinstance(shown, ConfirmView) else 0
        self.confirm_button.setVisible(isinstance(shown, ConfirmView) and not empty)
        self.confirm_button.setEnabled(bool(rows))
        self.confirm_button.set_words(
            tr("Confirm {slips}").format(slips=counted(rows, tr("slip"), tr("slips")))
        )
        self.header.say(*self._title(empty=empty))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the inbox's line beside the tabs where there is room for it."""
        super().resizeEvent(event)
        self._show_line()

    def _show_line(self) -> None:
        # On the inbox's own view, and where nothing waits, the head says it.
        wanted = self.view != "inbox" and self.stack.currentWidget() is not self.nothing
        tabs = [tab.sizeHint().width() + step(1) for tab in self.tabs.values()]
        edges = self.column.contentsMargins()
        room = self.width() - edges.left() - edges.right() - sum(tabs)
        self.inbox_line.setVisible(wanted and self.inbox_line.sizeHint().width() <= room)

    def _title(self, *, empty: bool) -> tuple[str, str]:
        if self.view == "review" and not empty:
            now = self.review.queue.current
            moment = self.waiting.now if self.waiting else None
            return review_title(self.review.queue.place, now.seen if now else None, moment)
        if self.view == "confirm" and not empty:
            return confirm_title([row.seen for row in self.confirm.rows], self.confirm.sheet.slips)
        if self.view == "tray" and self.tray.by_hand:
            return keying_title()
        if self.view == "tray" and not empty:
            return tray_title()
        return tr("Scan and review"), self.inbox.line()

    def _is_empty(self) -> bool:
        if self.waiting is None:
            return False
        if self.view == "review":
            return not self.review.queue.waiting
        if self.view == "confirm":
            return not self.waiting.clear and not self.confirm.rows
        if self.view != "tray" or self.tray.by_hand:
            return False
        return self.tray.entries is not None and not self.tray.entries

    def _say_empty(self) -> None:
        clear = (self.waiting.clear or 0) if self.waiting is not None else 0
        self.to_confirm.setVisible(self.view == "review" and bool(clear))
        self.nothing.say(
            *{
                "tray": empty_tray(),
                "confirm": nothing_to_confirm(),
            }.get(self.view, nothing_to_review(self._done.sum, clear))
        )

    def _added(self, view: Shown) -> Shown:
        self.stack.addWidget(view)
        return view

    def _skip(self) -> None:
        self.review.queue.skip()

    def _key_by_hand(self) -> None:
        self.tray.key_by_hand(on=not self.tray.by_hand)

    def _confirm(self) -> None:
        self.confirm.confirm()

    def _to_confirm(self) -> None:
        self.turn("confirm")

    def _to_inbox(self) -> None:
        self.turn("inbox")

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(self, tr("Choose scans"), "", _KINDS)
        if chosen:
            self.inbox.read([Path(one) for one in chosen])

    def _say(self, said: Said) -> None:
        self.said.emit(said)

    def _tab(self, view: View) -> Button:
        button = Button(view_names()[view], lambda: self.turn(view), kind="filter")
        button.setCheckable(True)
        return button
