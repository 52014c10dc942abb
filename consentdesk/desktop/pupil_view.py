"""One pupil: who they are, what holds today and why, and everything that happened (rules C1, D1)."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState, row, scrolling
from consentdesk.desktop.pieces.page import PageName, Place
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.pupil_status import FormCard
from consentdesk.desktop.timeline_view import TimelineView
from consentdesk.desktop.withdraw_strip import Recorded, WithdrawStrip
from consentdesk.desktop.words import isolated, tr
from consentdesk.model.people import year_name
from consentdesk.services.office import Office, may
from consentdesk.services.pupil_record import PupilRecord, pupil_record
from consentdesk.services.timeline import Happened, timeline

_COLUMN = 112
"""Lines longer than this are hard to read."""


class _Whole(NamedTuple):
    """A pupil, and what happened with them; None for those who may not see it (rule D1)."""

    record: PupilRecord
    happened: tuple[Happened, ...] | None


def _whole(office: Office, pupil: str) -> _Whole:
    return _Whole(
        pupil_record(office, pupil), timeline(office, pupil) if may(office, "see-reasons") else None
    )


class PupilView(QWidget):
    """Shows one pupil. `go` asks for another page, `said` for a short message."""

    go = Signal(object)
    said = Signal(str)

    def __init__(self, desk: Desk, places: frozenset[PageName]) -> None:
        super().__init__()
        self._desk = desk
        self._places = places
        self._pupil = ""
        self.record: PupilRecord | None = None
        session = desk.session
        self._withdraws = session is not None and session.may("record-withdrawal")
        self.name = text("", "title")
        self.about = text("", "quiet")
        self.trip = Button(tr("Check the class"), self._check_class)
        self.withdraw = Button(tr("Record a withdrawal…"), self.open_withdrawal)
        self.after = AfterWithdrawal()
        self.after.check.clicked.connect(lambda _on=False: self._check_class())
        self._strip: WithdrawStrip | None = None
        self._strip_place = QVBoxLayout()
        self.holds = text(tr("What holds today"), "heading")
        self.forms: list[FormCard] = []
        self._cards = QVBoxLayout()
        set_spacing(self._cards, gap=1.5)
        self.what_happened = text(tr("What happened"), "heading")
        self.timeline = TimelineView(desk)
        self.hint = EmptyState(
            "user", tr("Nobody chosen"), tr("Find a pupil to see what holds for them, why, and since when.")
        )
        self.inner = QWidget()
        self._compose()
        self.inner.hide()

    def show_pupil(self, pupil: str, *, withdraw: bool = False) -> None:
        """Look up this pupil; with `withdraw` a withdrawal can be recorded at once."""
        if pupil != self._pupil:
            self.after.hide()
            if self._strip is not None:
                self._strip.hide()
        self._pupil = pupil
        self._desk.ask(
            self,
            lambda office: _whole(office, pupil),
            lambda whole: self._show(whole, withdraw=withdraw) if self._pupil == pupil else None,
        )

    @property
    def strip(self) -> WithdrawStrip:
        """Where a withdrawal is recorded; made when there is one."""
        if self._strip is None:
            self._strip = WithdrawStrip(self._desk)
            self._strip.recorded.connect(self._recorded)
            self._strip.closed.connect(self._closed)
            self._strip.asked_back.connect(self._show_question)
            self._strip_place.addWidget(self._strip)
        return self._strip

    def again(self) -> None:
        """Look the pupil up anew."""
        if self._pupil:
            self.show_pupil(self._pupil)

    def open_withdrawal(self) -> None:
        """Open the strip; there is nothing to take back where nothing was ever asked."""
        if self.record is not None and self._withdraws:
            self.after.hide()
            self.strip.open_for(self.record)
            self.withdraw.hide()
            self._area.ensureWidgetVisible(self.strip)

    def _compose(self) -> None:
        body = QVBoxLayout(self.inner)
        set_spacing(body, margins=(0, 0, 1, 0), gap=1.5)
        words = QVBoxLayout()
        set_spacing(words, gap=0)
        words.addWidget(self.name)
        words.addWidget(self.about)
        body.addLayout(words)
        body.addLayout(row(self.withdraw, self.trip, None))
        body.addWidget(self.after)
        body.addLayout(self._strip_place)
        body.addSpacing(step(0.5))
        body.addWidget(self.holds)
        body.addLayout(self._cards)
        body.addSpacing(step(0.5))
        body.addWidget(self.what_happened)
        body.addWidget(self.timeline)
        body.addStretch(1)
        self.inner.setMaximumWidth(step(_COLUMN))
        around = QWidget()
        middle = QVBoxLayout(around)
        set_spacing(middle, gap=0)
        middle.addWidget(self.hint, 1)
        middle.addWidget(self.inner, 1)
        self._area = scrolling(around)
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=0)
        layout.addWidget(self._area)

    def _show(self, whole: _Whole, *, withdraw: bool) -> None:
        record = self.record = whole.record
        self.hint.hide()
        self.inner.show()
        self.name.setText(record.name)
        self.about.setText(_about(record))
        self.trip.setVisible("trip" in self._places and not record.left)
        can = any(one.withdrawable for form in record.forms for one in form.purposes)
        self.withdraw.setVisible(self._withdraws and can and (self._strip is None or self._strip.isHidden()))
        for card in self.forms:
            card.hide()
            card.deleteLater()
        self.forms = [FormCard(form, record.pupil, self._places, self.go.emit) for form in record.forms]
        for card in self.forms:
            self._cards.addWidget(card)
        told = whole.happened is not None
        self.what_happened.setVisible(told)
        self.timeline.setVisible(told)
        self.timeline.show_happened(whole.happened or (), record.as_at)
        if withdraw and can:
            self.open_withdrawal()

    def _closed(self) -> None:
        self.withdraw.show()
        self.withdraw.setFocus()

    def _show_question(self) -> None:
        # Once it has its place.
        QTimer.singleShot(0, self.strip, lambda: self._area.ensureWidgetVisible(self.strip.confirm))

    def _recorded(self, recorded: Recorded) -> None:
        self.after.say(recorded, self.record.school_class if self.record else "")
        self.after.check.setVisible("trip" in self._places)
        self.said.emit(tr("Withdrawn for {name}, from this moment.").format(name=isolated(recorded.name)))
        self.again()

    def _check_class(self) -> None:
        if self.record is not None:
            self.go.emit(Place("trip", self.record.school_class))


class AfterWithdrawal(QFrame):
    """What follows from a withdrawal that was just recorded (rules W1, W4, W5)."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self.setProperty("tone", "open")
        self.words = text("", "strong")
        self.follows = text("")
        self.check = Button(tr("Check the class, and print its list anew"), kind="link")
        inside = QVBoxLayout()
        set_spacing(inside, gap=0.5)
        inside.addWidget(self.words)
        inside.addWidget(self.follows)
        inside.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        set_spacing(layout, margins=(2, 1.25, 2, 1.25), gap=1.5)
        layout.addWidget(Picture("ban", colour="open"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(inside, 1)
        self.hide()

    def say(self, recorded: Recorded, school_class: str) -> None:
        """Say what holds now, and what is left to do on paper and elsewhere."""
        self.words.setText(
            tr("Withdrawn from this moment: {purposes}.").format(purposes=", ".join(recorded.purposes))
        )
        lists = (
            tr("Lists of {name} printed or saved before now are out of date.").format(
                name=isolated(school_class)
            )
            if school_class
            else tr("Lists printed or saved before now are out of date.")
        )
        elsewhere = tr(
            "Pictures and work that are already out have to be taken down where they can be: look at your website, "
            "displays and posts."
        )
        again = tr("To give consent again takes a yes on a slip printed from now on.")
        self.follows.setText(f"{lists} {elsewhere} {again}")
        self.show()


def _about(record: PupilRecord) -> str:
    parts = [tr("Class {name}").format(name=isolated(record.school_class)) if record.school_class else ""]
    if record.year_group is not None:
        parts.append(year_name(record.year_group))
    if record.admission_number:
        parts.append(tr("admission number {number}").format(number=isolated(record.admission_number)))
    if record.left:
        parts.append(tr("has left the school"))
    return " · ".join(part for part in parts if part)
