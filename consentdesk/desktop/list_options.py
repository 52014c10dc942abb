"""What stands on a consent list: which pupils, which purposes, and as at when."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QDateEdit, QVBoxLayout, QWidget

from consentdesk.desktop.choices import Choice, indented
from consentdesk.desktop.look.type import set_spacing, stacked, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import row
from consentdesk.desktop.pieces.fields import ChoiceField, Field
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr
from consentdesk.services.list_export import ListChoice, Outline

_EVERY_CLASS: Final = "every class"
"""What the choice of the whole school means; a class is meant by its name after `_CLASS`, which may be empty."""
_CLASS: Final = "class "


class ListOptions(QWidget):
    """`class_chosen` asks for the outline of another class; `changed` says that the list is another one."""

    class_chosen = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._turning = False
        self.school_class = ChoiceField(tr("Pupils"))
        self.purposes: dict[str, Choice] = {}
        self._purpose_rows = QVBoxLayout()
        set_spacing(self._purpose_rows, gap=0)
        self.all_button = Button(tr("All"), lambda: self._tick(on=True), kind="link")
        self.none_button = Button(tr("None"), lambda: self._tick(on=False), kind="link")
        self.all_button.setAccessibleName(tr("All purposes"))
        self.none_button.setAccessibleName(tr("No purpose"))
        self.purposes_error = text("", "error")
        moments = QButtonGroup(self)
        self.now = Choice(tr("Now"), one_of=moments)
        self.then = Choice(tr("The end of an earlier day"), one_of=moments)
        self.day_edit = QDateEdit()
        self.day = Field(tr("Day"), self.day_edit)
        self._compose()
        self.now.turn(on=True)
        self.day.hide()
        self.school_class.changed.connect(self._chose_class)
        self.then.toggled.connect(self._chose)
        self.day_edit.dateChanged.connect(self._chose)

    @property
    def class_name(self) -> str | None:
        """The class chosen; None for the whole school."""
        value = str(self.school_class.value or _EVERY_CLASS)
        return None if value == _EVERY_CLASS else value.removeprefix(_CLASS)

    @property
    def choice(self) -> ListChoice | None:
        """The list that is chosen; None where no purpose is."""
        chosen = tuple(purpose for purpose, choice in self.purposes.items() if choice.on)
        picked = self.day_edit.date()
        day = date(picked.year(), picked.month(), picked.day()) if self.then.on else None
        return ListChoice(self.class_name, chosen, day) if chosen else None

    def is_right(self) -> bool:
        """Check it, and say what is wrong."""
        if self.choice is not None:
            return True
        self.purposes_error.setText(tr("Choose at least one purpose."))
        self.purposes_error.show()
        for choice in list(self.purposes.values())[:1]:
            choice.box.setFocus()
        return False

    def offer_classes(self, classes: tuple[tuple[str, int], ...], today: date) -> None:
        """Offer these classes, and the days before today."""
        self._turning = True
        yesterday = QDate(today.year, today.month, today.day).addDays(-1)
        self.day_edit.setMaximumDate(yesterday)
        self.day_edit.setDate(yesterday)
        self.school_class.offer(
            [
                (_EVERY_CLASS, tr("The whole school")),
                *((f"{_CLASS}{name}", name or tr("No class")) for name, _pupils in classes),
            ]
        )
        self._turning = False

    def turn_to(self, school_class: str) -> None:
        """Choose a class."""
        self._turning = True
        self.school_class.choose(f"{_CLASS}{school_class}")
        self._turning = False

    def offer_purposes(self, outline: Outline) -> None:
        """Offer the purposes of a class; those that were asked there are ticked."""
        for choice in self.purposes.values():
            self._purpose_rows.removeWidget(choice)
            choice.hide()
            choice.deleteLater()
        self.purposes = {}
        for column in outline.columns:
            choice = Choice(column.heading)
            choice.turn(on=column.purpose in outline.asked)
            choice.toggled.connect(self._chose)
            self._purpose_rows.addWidget(choice)
            self.purposes[column.purpose] = choice
        self._chose()

    def in_order(self) -> tuple[QWidget, ...]:
        """What takes the focus, as it stands from top to bottom."""
        return (
            self.school_class,
            self.school_class.box,
            *(choice.box for choice in self.purposes.values()),
            *(self.all_button, self.none_button, self.now.box, self.then.box, self.day),
        )

    def _compose(self) -> None:
        self.day_edit.setCalendarPopup(True)
        self.day_edit.setDisplayFormat("d MMMM yyyy")
        self.day_edit.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        both = QWidget()
        both.setLayout(row(self.all_button, self.none_button, None, gap=2))
        column = QVBoxLayout(self)
        set_spacing(column, margins=2.5, gap=0)
        stacked(
            column, self.school_class, 2, text(tr("Purposes"), "label"), 0.5, self._purpose_rows, indented(both),
            self.purposes_error, 2, text(tr("As at"), "label"), 0.5, self.now, self.then, indented(self.day),
        )  # fmt: skip
        column.addStretch(1)
        column.addSpacing(step(1))
        self.purposes_error.hide()

    def _chose_class(self, *_what: object) -> None:
        if not self._turning:
            self.class_chosen.emit()

    def _chose(self, *_what: object) -> None:
        if self._turning:
            return
        self.day.setVisible(self.then.on)
        if self.choice is not None:
            self.purposes_error.hide()
        self.changed.emit()

    def _tick(self, *, on: bool) -> None:
        self._turning = True
        for choice in self.purposes.values():
            choice.turn(on=on)
        self._turning = False
        self._chose()
