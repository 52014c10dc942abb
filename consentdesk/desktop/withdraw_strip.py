"""Recording a withdrawal: what, how, by whom, when it was said; a question back, and then it holds (rules W1, W2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from consentdesk.desktop.alerts import told
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.fields import ChoiceField, TextField, all_right
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.strips import ConfirmStrip
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.refill import refill
from consentdesk.desktop.words import day_in_words, isolated, tr
from consentdesk.model.consent import PUPIL, HowTold
from consentdesk.services.pupil_record import PupilRecord, PurposeRecord
from consentdesk.services.withdraw import withdraw

_WAYS: Final[tuple[tuple[HowTold, str], ...]] = (
    ("phone", "Phone"),
    ("in-person", "In person"),
    ("letter", "Letter"),
    ("email", "E-mail"),
    ("slip", "Withdrawal slip"),
)
_ELSE: Final = "else"
_MOST_NAMED: Final = 3
_SHAPES: Final = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y")


class Recorded(NamedTuple):
    """A withdrawal that holds now: whose, and what was withdrawn by name."""

    pupil: str
    name: str
    purposes: tuple[str, ...]


class WithdrawStrip(QFrame):
    """A card. `recorded` carries what was `Recorded`, `closed` tells that nothing was; `asked_back` that it asks."""

    recorded = Signal(object)
    asked_back = Signal()
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._desk = desk
        self._record: PupilRecord | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.form = QWidget()
        self.heading = text(tr("Record a withdrawal"), "heading")
        self.all = Button(tr("Tick everything"), self._tick_all, kind="link")
        self._choices = QVBoxLayout()
        set_spacing(self._choices, gap=0.5)
        self.wrong = text("", "error")
        self.how = ChoiceField(tr("How it was said"), [(way, tr(words)) for way, words in _WAYS])
        self.who = ChoiceField(tr("By whom"))
        self.name = TextField(
            tr("Name"),
            check=lambda typed: "" if typed.strip() else tr("Type who said so, or choose “Not said”."),
        )
        self.day = TextField(tr("When it was said or written"), check=day_wrong)
        self.note = TextField(tr("Note, if there is anything worth keeping"))
        self.go_on = Button(tr("Go on"), self._ask_back, kind="filled")
        self.cancel = Button(tr("Cancel"), self.close_strip)
        self.confirm = ConfirmStrip()
        self.confirm.answered.connect(lambda _yes: self._buttons(shown=True))
        self.who.changed.connect(lambda meant: self.name.setVisible(meant == _ELSE))
        self._compose()
        self.hide()

    def open_for(self, record: PupilRecord) -> None:
        """Begin with nothing ticked: nobody withdraws by a slip of the mouse."""
        self._record = record
        self.heading.setText(tr("Record a withdrawal for {name}").format(name=isolated(record.name)))
        purposes = [one for form in record.forms for one in form.purposes if one.withdrawable]
        self.boxes = {one.purpose: self._box(one) for one in purposes}
        self._show_boxes(record)
        guardians = [
            (one.guardian, f"{one.name} ({one.relationship})" if one.relationship else one.name)
            for one in record.guardians
        ]
        self.who.offer(
            [("", tr("Not said")), *guardians, (PUPIL, tr("The pupil")), (_ELSE, tr("Somebody else…"))]
        )
        self.who.choose("")
        self.name.set_value("")
        self.name.hide()
        self.note.set_value("")
        self.day.set_value(day_in_words(datetime.now().astimezone().date()))
        self._say_wrong("")
        self.confirm.hide()
        self._buttons(shown=True)
        self.show()
        if self.boxes:
            next(iter(self.boxes.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_strip(self) -> None:
        """Leave it; nothing is recorded."""
        self.hide()
        self.closed.emit()

    def _compose(self) -> None:
        grid = QGridLayout()
        set_spacing(grid, gap=2)
        for at, field in enumerate((self.how, self.who, self.day, self.name)):
            grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside = QVBoxLayout(self.form)
        set_spacing(inside, gap=1.5)
        inside.addLayout(row(text(tr("What is withdrawn"), "label", wraps=False), self.all, None, gap=2))
        inside.addLayout(self._choices)
        inside.addWidget(self.wrong)
        inside.addLayout(grid)
        inside.addWidget(self.note)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(2.5, 2, 2.5, 2), gap=1.5)
        layout.addWidget(self.heading)
        layout.addWidget(text(tr("No reason is needed. It holds from the moment it is recorded."), "quiet"))
        layout.addWidget(self.form)
        layout.addWidget(self.confirm)
        layout.addLayout(row(None, self.cancel, self.go_on))

    def _show_boxes(self, record: PupilRecord) -> None:
        """The purposes under the forms that ask about them."""
        parts: list[QWidget] = []
        for form in record.forms:
            boxes = [self.boxes[one.purpose] for one in form.purposes if one.purpose in self.boxes]
            if boxes:
                group = QWidget()
                inside = QVBoxLayout(group)
                set_spacing(inside, gap=0)
                inside.addWidget(text(form.title, "small"))
                inside.addLayout(Flow(*boxes))
                parts.append(group)
        refill(self._choices, parts)

    def _box(self, one: PurposeRecord) -> QCheckBox:
        box = QCheckBox(one.name.replace("&", "&&"))
        box.setAccessibleName(one.name)
        box.clicked.connect(lambda _on=False: self._say_wrong(""))
        return box

    def _tick_all(self) -> None:
        for box in self.boxes.values():
            box.setChecked(True)
        self._say_wrong("")

    def _say_wrong(self, sentence: str) -> None:
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))

    def _buttons(self, *, shown: bool) -> None:
        # What the question is about stays as it is until it is answered.
        self.form.setEnabled(shown)
        self.cancel.setVisible(shown)
        self.go_on.setVisible(shown)

    def _ticked(self) -> list[str]:
        return [purpose for purpose, box in self.boxes.items() if box.isChecked()]

    def _ask_back(self) -> None:
        record, ticked = self._record, self._ticked()
        if record is None:
            return
        if not ticked:
            self._say_wrong(tr("Tick what was withdrawn."))
            next(iter(self.boxes.values())).setFocus()
            return
        fields = [self.day, self.name] if self.who.value == _ELSE else [self.day]
        if not all_right(*fields):
            return
        self._buttons(shown=False)
        self.confirm.ask(
            tr("Withdraw {purposes} for {name}? It holds at once. To give it again takes a new slip.").format(
                purposes=self._in_words(ticked), name=isolated(record.name)
            ),
            tr("Record the withdrawal"),
            lambda: self._keep(record, ticked),
        )
        self.asked_back.emit()

    def _in_words(self, ticked: list[str]) -> str:
        """What is ticked, short enough for a question; the boxes themselves stand above it."""
        if len(ticked) == len(self.boxes):
            return tr("everything")
        if len(ticked) > _MOST_NAMED:
            return tr("{count} of {all} purposes").format(count=len(ticked), all=len(self.boxes))
        return ", ".join(self.boxes[purpose].accessibleName() for purpose in ticked)

    def _keep(self, record: PupilRecord, ticked: list[str]) -> None:
        way = next(way for way, _words in _WAYS if way == self.how.value)
        by = self.name.value if self.who.value == _ELSE else str(self.who.value or "")
        note = self._whole_note()
        names = tuple(self.boxes[purpose].accessibleName() for purpose in ticked)
        self.setEnabled(False)
        self._desk.ask(
            self,
            lambda office: withdraw(office, record.pupil, ticked, way, by=by, note=note),
            lambda _done: self._kept(Recorded(record.pupil, record.name, names)),
            self._not_kept,
        )

    def _whole_note(self) -> str:
        """The note, after the day it was said where that was not today; the ledger has the day of recording."""
        day = day_typed(self.day.value)
        today = datetime.now().astimezone().date()
        dated = tr("Dated {day}.").format(day=day_in_words(day)) if day is not None and day != today else ""
        return " ".join(part for part in (dated, self.note.value) if part)

    def _kept(self, recorded: Recorded) -> None:
        self.setEnabled(True)
        self.hide()
        self.recorded.emit(recorded)

    def _not_kept(self, error: BaseException) -> None:
        self.setEnabled(True)
        self._say_wrong(told(error).sentence)


def day_typed(typed: str) -> date | None:
    """The day that was typed, as `21/9/2026` or `21 September 2026`; None where it is none."""
    for shape in _SHAPES:
        try:
            return datetime.strptime(typed.strip(), shape).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None


def day_wrong(typed: str) -> str:
    """What is wrong with a day on which something was said."""
    day = day_typed(typed)
    if day is None:
        return tr("Type a day, such as 21/9/2026.")
    if day > datetime.now().astimezone().date():
        return tr("That day has not come yet.")
    return ""
