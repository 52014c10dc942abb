"""One pupil beside the trip's list: each place for pictures with its sign, conditions, and the slip that says so."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.evidence_picture import EvidencePicture
from consentdesk.desktop.look.signs import SignLabel, sign_of
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState, scrolling
from consentdesk.desktop.pieces.page import Place
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.refill import clear
from consentdesk.desktop.words import day_in_words, isolated, tr
from consentdesk.model.consent import StatusWord
from consentdesk.services.timeline import Happened, latest_picture
from consentdesk.services.trip import TripPupil

_WIDEST = 48


class TripPupilPanel(QFrame):
    """A card. `go` asks for the pupil's own page, or for a withdrawal to be recorded there."""

    go = Signal(object)

    def __init__(self, desk: Desk, *, leads_on: bool) -> None:
        super().__init__()
        self._desk = desk
        self._pupil: TripPupil | None = None
        session = desk.session
        self._evidence = session is not None and session.may("see-reasons")
        withdraws = leads_on and session is not None and session.may("record-withdrawal")
        self.setProperty("kind", "card")
        self.name = text("", "heading")
        self.about = text("", "quiet")
        self.grid = QGridLayout()
        set_spacing(self.grid, gap=0.75)
        self.grid.setColumnStretch(0, 1)
        self.conditions = QVBoxLayout()
        set_spacing(self.conditions, gap=0.5)
        self.slip_title = text(tr("Signed slip"), "label")
        self.picture = EvidencePicture(desk)
        self.slip_about = text("", "small")
        self.whole = Button(tr("Everything about this pupil"), self._open)
        self.withdraw = Button(tr("Record a withdrawal…"), self._withdraw)
        self.hint = EmptyState(
            "user", tr("Nobody chosen"), tr("Choose a pupil to see each place for pictures.")
        )
        # It stands in the panel's own card.
        self.hint.setProperty("kind", "")
        self.inner = QWidget()
        self._compose()
        # Shown before it has its place, a widget would be a window of its own.
        self.whole.setVisible(leads_on)
        self.withdraw.setVisible(withdraws)
        self.forget()

    def show_pupil(self, pupil: TripPupil) -> None:
        """Show this pupil; the picture of the slip follows for those who may see it."""
        self._pupil = pupil
        self.name.setText(pupil.name)
        form = (
            tr("slip in on {day}").format(day=day_in_words(pupil.form_in))
            if pupil.form_in
            else tr("no slip has come back")
        )
        school_class = tr("Class {name}").format(name=isolated(pupil.school_class))
        self.about.setText(f"{school_class} · {form}")
        self._show_statuses(pupil)
        self._show_slip(None)
        self.hint.hide()
        self.inner.show()
        # A slip that says yes beside a plain no would give a restriction away (rule A6): no plain no shows its slip.
        if self._evidence and (pupil.group, pupil.word) != ("none", StatusWord.NO):
            names = tuple(name for name, _word in pupil.statuses)
            self._desk.ask(
                self,
                lambda office: latest_picture(office, pupil.pupil, names),
                lambda found: self._show_slip(found) if self._pupil is pupil else None,
            )

    def forget(self) -> None:
        """Nobody is chosen."""
        self._pupil = None
        self.picture.show_picture(b"")
        self.inner.hide()
        self.hint.show()

    def _compose(self) -> None:
        body = QVBoxLayout(self.inner)
        set_spacing(body, gap=1)
        body.addWidget(self.name)
        body.addWidget(self.about)
        body.addSpacing(step(0.5))
        places = QWidget()
        places.setLayout(self.grid)
        # A sign stands near its place, however wide the panel is.
        places.setMaximumWidth(step(_WIDEST))
        body.addWidget(places)
        body.addLayout(self.conditions)
        body.addSpacing(step(1))
        body.addWidget(self.slip_title)
        body.addWidget(self.picture)
        body.addWidget(self.slip_about)
        body.addStretch(1)
        body.addWidget(self.whole)
        body.addWidget(self.withdraw)
        around = QWidget()
        middle = QVBoxLayout(around)
        set_spacing(middle, margins=(2.5, 2, 2.5, 2), gap=0)
        middle.addWidget(self.hint, 1)
        middle.addWidget(self.inner, 1)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=0.25, gap=0)
        layout.addWidget(scrolling(around))

    def _show_statuses(self, pupil: TripPupil) -> None:
        clear(self.grid)
        clear(self.conditions)
        narrowed = {name: one.words for one in pupil.conditions for name in one.purposes}
        for at, (name, word) in enumerate(pupil.statuses):
            self.grid.addWidget(text(name), at, 0)
            sign = sign_of(word, narrowed.get(name))
            if name in narrowed:
                sign = sign._replace(word=tr("Yes, see below"))
            self.grid.addWidget(SignLabel(sign), at, 1, Qt.AlignmentFlag.AlignLeft)
        for one in pupil.conditions:
            self.conditions.addSpacing(step(1))
            where = ", ".join(one.purposes)
            self.conditions.addWidget(text(f"“{one.words}”", "strong"))
            self.conditions.addWidget(text(tr("Written for: {purposes}").format(purposes=where), "small"))

    def _show_slip(self, found: tuple[Happened, bytes] | None) -> None:
        for one in (self.slip_title, self.picture, self.slip_about):
            one.setVisible(found is not None)
        if found is None:
            self.picture.show_picture(b"")
            return
        slip, picture = found
        self.picture.show_picture(picture)
        day = day_in_words(slip.at.astimezone().date())
        self.slip_about.setText(tr("Came back on {day}\nSlip {code}").format(day=day, code=slip.code))

    def _open(self) -> None:
        if self._pupil is not None:
            self.go.emit(Place("pupils", self._pupil.pupil))

    def _withdraw(self) -> None:
        if self._pupil is not None:
            self.go.emit(Place("pupils", f"withdraw {self._pupil.pupil}"))
