"""Trip check: who may not be photographed first, then who may for what, as at this moment (rules P3, C2, C8, C9)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from consentdesk import paths
from consentdesk.desktop.beside import Beside
from consentdesk.desktop.class_tiles import ClassTiles
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import Size, set_spacing, sized, step
from consentdesk.desktop.on_paper import there_is_a_printer
from consentdesk.desktop.paper import print_pdf
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.fields import pick_target
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.page import Header, Key, Page, Place
from consentdesk.desktop.pieces.search_box import SearchBox
from consentdesk.desktop.trip_banner import PurposeChoice, TripBanner
from consentdesk.desktop.trip_pupil import TripPupilPanel
from consentdesk.desktop.trip_rows import TripRows
from consentdesk.desktop.trip_words import group_in_words, rows_of
from consentdesk.desktop.words import counted, day_in_words, isolated, tr
from consentdesk.model.people import fold
from consentdesk.services.find_pupils import class_sizes
from consentdesk.services.trip import Group, TripCheck, TripPupil, trip_check
from consentdesk.services.trip_list import trip_pdf

_FILTERS: Final[tuple[Group | None, ...]] = (None, "none", "some", "all")
_LEAST_LIST: Final = 26
_TOGETHER, _SIDE = 100, 42
"""From so many steps on the pupil stands beside the list, in so many."""


class _Asked(NamedTuple):
    """What the list on the screen was asked for; an answer to anything else came too late."""

    school_class: str
    purposes: tuple[str, ...]


class TripPage(Page):
    """First which class, then its list with one pupil beside it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._asked: _Asked | None = None
        self._check: TripCheck | None = None
        session = desk.session
        self._takes_out = session is not None and session.may("export-lists")
        self.another = Button(tr("Another class"), self._choose_class)
        self.save = Button(
            tr("Save list as PDF…"), self._save, kind="plain" if there_is_a_printer() else "filled"
        )
        self.print = Button(tr("Print list"), self._print, kind="filled")
        self.header = Header(tr("Check a trip"), "", self.another, self.save, self.print)
        self.tiles = ClassTiles(tr("Which class is going?"))
        self.tiles.chosen.connect(lambda name: self._ask(name, ()))
        self.empty = EmptyState(
            "bus",
            tr("No pupils yet"),
            tr("Once the office has imported a class list, each class can be checked here."),
        )
        self.sentence = TripBanner()
        self.choice = PurposeChoice()
        self.choice.changed.connect(self._choose_purposes)
        self.box = SearchBox(desk, tr("Find a pupil"), lambda _office, typed: typed)
        self.filters = [Button("", kind="filter") for _group in _FILTERS]
        self.serve = Button("", icon="chevron-down")
        self.rows = TripRows()
        self.panel: TripPupilPanel | None = None
        self.beside: Beside | None = None
        self.list = QWidget()
        self.stack = QStackedWidget()
        for one in (self.tiles, self.list, self.empty):
            self.stack.addWidget(one)
        self.column.addWidget(self.header)
        self.column.addWidget(self.stack, 1)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Print), self, self._print_or_save)
        self._show_stack(self.tiles)

    def arrive(self, place: Place) -> None:
        """The class that was asked for, the one that was looked at last, or the question which one."""
        if self.panel is None:
            self._compose()
        if place.about:
            self._ask(place.about, ())
        elif self._asked is not None and self._check is not None:
            self._ask(self._asked.school_class, self._asked.purposes)
        else:
            self._choose_class()

    def search(self) -> bool:
        """Find a pupil of the class; beyond it, in the pupils' page."""
        if self.stack.currentWidget() is not self.list:
            return False
        self.box.setFocus()
        self.box.selectAll()
        return True

    def keys(self) -> tuple[Key, ...]:
        """Besides those that work everywhere."""
        return (
            Key("Ctrl+F", tr("Find a pupil of the class")),
            Key("↑ ↓", tr("Go from pupil to pupil")),
            Key("Ctrl+P", tr("Print the list")),
            Key("Esc", tr("Empty the search box, or back to the list")),
        )

    def _compose(self) -> None:
        """The list, once it is known which pages a pupil can lead on to."""
        self.panel = TripPupilPanel(self.desk, leads_on="pupils" in self.places)
        self.panel.go.connect(self.go)
        self.beside = Beside(self.rows, self.panel, together=_TOGETHER, side_wide=_SIDE)
        group = QButtonGroup(self)
        for button in self.filters:
            button.setCheckable(True)
            button.clicked.connect(lambda _down=False: self._filter())
            group.addButton(button)
        self.filters[0].setChecked(True)
        self.serve.setCheckable(True)
        self.serve.toggled.connect(self.choice.setVisible)
        self.choice.hide()
        tools = Flow()
        self.box.setFixedWidth(step(28))
        for one in (self.box, *self.filters, self.serve):
            tools.addWidget(one)
        self.rows.setMinimumHeight(step(_LEAST_LIST))
        layout = QVBoxLayout(self.list)
        set_spacing(layout, gap=1.5)
        layout.addWidget(self.sentence)
        layout.addLayout(tools)
        layout.addWidget(self.choice)
        layout.addWidget(self.beside, 1)
        self.box.found.connect(lambda _typed, _found: self._filter())
        self.box.down.connect(self.rows.setFocus)
        self.rows.picked.connect(self.panel.show_pupil)
        self.rows.opened.connect(lambda _pupil: self._open_side())

    def _open_side(self) -> None:
        if self.beside is not None:
            self.beside.open_side()

    def _show_stack(self, shown: QWidget) -> None:
        self.stack.setCurrentWidget(shown)
        listed = shown is self.list
        self.another.setVisible(listed)
        self.save.setVisible(listed and self._takes_out)
        self.print.setVisible(listed and self._takes_out and there_is_a_printer())

    def _choose_class(self) -> None:
        self._asked = self._check = None
        self.header.say(tr("Check a trip"), tr("Who may be photographed, and for what, as at this moment."))
        self._show_stack(self.tiles)
        self.desk.ask(self, class_sizes, self._offer)

    def _offer(self, classes: tuple[tuple[str, int], ...]) -> None:
        self.tiles.offer(classes)
        if self._asked is None:
            self._show_stack(self.tiles if classes else self.empty)

    def _ask(self, school_class: str, purposes: tuple[str, ...]) -> None:
        asked = self._asked = _Asked(school_class, purposes)
        self.desk.ask(
            self,
            lambda office: trip_check(office, school_class, purposes),
            lambda check: self._show(check) if self._asked is asked else None,
            self._refused,
        )

    def _refused(self, error: BaseException) -> None:
        """The class is gone, or was never there: which other one?"""
        self._choose_class()
        self.desk.failed.emit(error)

    def _show(self, check: TripCheck) -> None:
        before, self._check = self._check, check
        name = check.school_class or tr("No class")
        if before is None or before.school_class != check.school_class:
            self.box.clear()
            self.filters[0].setChecked(True)
            if self.panel is not None and self.beside is not None:
                self.panel.forget()
                self.beside.close_side()
        self.header.say(tr("Class {name}, today").format(name=isolated(name)), _as_at(check))
        self.sentence.show_check(check)
        self.choice.offer(check)
        self.serve.set_words(tr("Pictures for: {what}").format(what=_served(check)))
        for group, button in zip(_FILTERS, self.filters, strict=True):
            words = tr("All") if group is None else group_in_words(group, check)
            count = len(check.pupils if group is None else check.of_group(group))
            button.set_words(f"{words}  {count}")
            # The one that is down is set in the heavier weight, and nothing moves for that.
            heavy = QFontMetrics(sized(Size.BODY, strong=True))
            button.setMinimumWidth(heavy.horizontalAdvance(button.text()) + step(4.5))
        self._show_stack(self.list)
        self._filter()
        if self.rows.pupil is None:
            self.box.setFocus()

    def _filter(self) -> None:
        if self._check is None:
            return
        words = fold(self.box.text()).split()
        group = _FILTERS[next(at for at, button in enumerate(self.filters) if button.isChecked())]
        shown = [one for one in self._check.pupils if group in (None, one.group) and _named(one, words)]
        if words and not shown:
            self.rows.say_empty(tr("No pupil of that name here."))
        else:
            self.rows.say_empty(tr("Nobody."))
        self.rows.show_rows(rows_of(self._check, shown))

    def _choose_purposes(self, purposes: tuple[str, ...]) -> None:
        if self._asked is not None:
            self._ask(self._asked.school_class, purposes)

    def _print_or_save(self) -> None:
        if self._check is not None and self._takes_out:
            (self._print if there_is_a_printer() else self._save)()

    def _print(self) -> None:
        if self._asked is None:
            return
        school_class, purposes = self._asked
        name = tr("Trip list {name}").format(name=school_class)
        self.desk.ask(
            self,
            lambda office: trip_pdf(office, school_class, purposes),
            lambda pdf: print_pdf(self.desk, self, pdf, name, self._printed, self.desk.failed.emit),
        )

    def _printed(self, printer: str) -> None:
        self.note(
            tr("The list went to {printer}.").format(
                printer=isolated(printer) if printer else tr("the printer")
            )
        )

    def _save(self) -> None:
        if self._asked is None or self._check is None:
            return
        school_class, purposes = self._asked
        day = self._check.on.isoformat()
        target = pick_target(tr("PDF (*.pdf)"), f"trip list {school_class} {day}.pdf")(self)
        if target is not None:
            self.desk.ask(
                self,
                lambda office: trip_pdf(office, school_class, purposes),
                lambda pdf: self._write(pdf, target),
            )

    def _write(self, pdf: bytes, target: Path) -> None:
        def write() -> None:
            with paths.write_whole(target) as part:
                part.write_bytes(pdf)

        saved = tr("Saved as {file}. It is not encrypted: delete it after the trip.")
        self.desk.aside(self, write, lambda _none: self.note(saved.format(file=isolated(target.name))))


def _named(pupil: TripPupil, words: list[str]) -> bool:
    folded = fold(pupil.name)
    return all(word in folded for word in words)


def _as_at(check: TripCheck) -> str:
    local = check.as_at.astimezone()
    parts = [
        tr("As at {hour}:{minute} on {weekday} {day}").format(
            hour=local.hour, minute=f"{local:%M}", weekday=f"{local:%A}", day=day_in_words(local.date())
        )
    ]
    if check.waiting:
        parts.append(
            tr("{slips} not counted yet").format(slips=counted(check.waiting, tr("slip"), tr("slips")))
        )
    if check.tray:
        parts.append(
            tr("{slips} without an owner").format(slips=counted(check.tray, tr("slip"), tr("slips")))
        )
    return " · ".join(parts)


def _served(check: TripCheck) -> str:
    """What the pictures are for, in few words."""
    if len(check.purposes) == 1:
        return check.purposes[0].name
    if len(check.purposes) == len(check.offered):
        return tr("everything")
    return tr("{some} of {all} places").format(some=len(check.purposes), all=len(check.offered))
