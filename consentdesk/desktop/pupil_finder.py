"""Find a pupil: search as you type over everybody, or go by class; and who may have been meant where nobody is."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.search_box import SearchBox
from consentdesk.desktop.pieces.text import set_tip, text
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.services.find_pupils import (
    Everybody,
    Found,
    FoundPupil,
    class_sizes,
    find_pupils,
    names_of_everybody,
    pupils_in,
)
from consentdesk.services.office import Office

_WIDEST = 26


class SchoolClass(NamedTuple):
    """A class, and how many pupils it has."""

    name: str
    pupils: int


class _Known(NamedTuple):
    """Everybody's name and every class, as at the last visit."""

    everybody: Everybody
    classes: tuple[SchoolClass, ...]


def _known(office: Office) -> _Known:
    classes = tuple(SchoolClass(*one) for one in class_sizes(office))
    return _Known(names_of_everybody(office), classes)


class PupilFinder(QWidget):
    """`picked` carries the id of the pupil chosen, `opened` too where somebody wants to see them now.

    `counted` says how many pupils and classes there are, once that is known.
    """

    picked = Signal(str)
    opened = Signal(str)
    counted = Signal(int, int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._names: Everybody | None = None
        self._class: str | None = None
        self.box = SearchBox(desk, tr("Find a pupil by name or number"), self._search)
        self.back = Button(tr("All classes"), self.show_classes, kind="link", icon="chevron-left")
        self.heading = text("", "label")
        self.classes: Table[SchoolClass] = Table(
            tr("Classes"),
            (
                Column(tr("Class"), lambda one: one.name or tr("No class"), steps=16, strong=True),
                Column(
                    tr("Pupils"),
                    lambda one: counted(one.pupils, tr("pupil"), tr("pupils")),
                    quiet=True,
                    stretches=True,
                ),
            ),
            opens_on_click=True,
        )
        self.pupils: Table[FoundPupil] = Table(
            tr("Pupils"),
            (
                Column(tr("Pupil"), lambda one: one.name, steps=24, stretches=True),
                Column(
                    tr("Class"),
                    lambda one: tr("left") if one.left else one.school_class,
                    steps=9,
                    quiet=True,
                ),
            ),
        )
        self.nobody = EmptyState("search", tr("No pupil of that name"), "")
        self.meant = QVBoxLayout()
        self.suggestions: list[Button] = []
        self.stack = QStackedWidget()
        self._compose()

    def arrive(self) -> None:
        """Look everybody up anew, and what is shown with them."""
        self._desk.ask(self, _known, self._know)

    def show_classes(self) -> None:
        """The classes, with nothing searched for."""
        self._class = None
        self.box.clear()
        self._show(self.classes)
        self.classes.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_class(self, name: str) -> None:
        """Everyone of one class."""
        self._class = name
        self.box.clear()
        self._ask_class()

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def _compose(self) -> None:
        set_spacing(self.meant, gap=1)
        unknown = QWidget()
        inside = QVBoxLayout(unknown)
        set_spacing(inside, gap=1.5)
        inside.addWidget(self.nobody, 1)
        offers = self.nobody.layout()
        if isinstance(offers, QVBoxLayout):
            offers.insertLayout(offers.count() - 1, self.meant)
        for one in (self.classes, self.pupils, unknown):
            self.stack.addWidget(one)
        self._unknown = unknown
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=1)
        layout.addWidget(self.box)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.heading)
        layout.addWidget(self.stack, 1)
        self.setFocusProxy(self.box)
        self.box.found.connect(self._found)
        self.box.down.connect(self._down)
        self.classes.opened.connect(lambda one: self.show_class(one.name))
        self.pupils.chosen.connect(lambda one: self.picked.emit(one.pupil) if one is not None else None)
        self.pupils.clicked.connect(lambda _index: self._open())
        self.pupils.opened.connect(lambda _one: self._open())
        self._show(self.classes)

    def _open(self) -> None:
        if self.pupils.row is not None:
            self.opened.emit(self.pupils.row.pupil)

    def _search(self, office: Office, typed: str) -> Found:
        """On the desk's thread: a look through the names that are known, which takes a few ms for 5,000."""
        names = self._names
        return find_pupils(names_of_everybody(office) if names is None else names, typed)

    def _know(self, known: _Known) -> None:
        self._names = known.everybody
        self.classes.show_rows(known.classes, keep=lambda one: one.name)
        self.counted.emit(sum(one.pupils for one in known.classes), len(known.classes))
        if self.box.text().strip():
            self.box.search_now()
        elif self._class is not None:
            self._ask_class()

    def _ask_class(self) -> None:
        name = self._class
        if name is None:
            return
        self._desk.ask(
            self,
            lambda office: pupils_in(office, name),
            lambda found: self._show_class(name, found) if self._class == name else None,
        )

    def _show_class(self, name: str, found: Found) -> None:
        if self.box.text().strip():
            return
        pupils = counted(found.count, tr("pupil"), tr("pupils"))
        words = tr("Class {name}").format(name=isolated(name)) if name else tr("No class")
        self.heading.setText(f"{words} · {pupils}")
        self.pupils.show_rows(found.pupils, keep=lambda one: one.pupil)
        self._show(self.pupils)

    def _found(self, typed: str, found: object) -> None:
        if not isinstance(found, Found):
            return
        if not typed.strip():
            if self._class is None:
                self._show(self.classes)
            else:
                self._ask_class()
            return
        if not found.count:
            self._suggest(found.suggestions)
            return
        shown = len(found.pupils)
        more = tr("the first {shown} of {count:,}").format(shown=shown, count=found.count)
        pupils = counted(found.count, tr("pupil"), tr("pupils"))
        self.heading.setText(pupils if shown == found.count else more)
        self.pupils.show_rows(found.pupils, keep=lambda one: one.pupil)
        self._show(self.pupils)

    def _suggest(self, names: tuple[str, ...]) -> None:
        sentence = (
            tr("Did you mean one of these?")
            if len(names) > 1
            else tr("Did you mean this?")
            if names
            else tr("Look at the spelling, or go by class.")
        )
        self.nobody.say(tr("No pupil of that name"), sentence)
        for before in self.suggestions:
            before.hide()
            before.deleteLater()
        self.suggestions = [self._suggestion(name) for name in names]
        for button in self.suggestions:
            self.meant.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._show(self._unknown)

    def _suggestion(self, name: str) -> Button:
        room = QFontMetrics(QApplication.font())
        button = Button(
            room.elidedText(name, Qt.TextElideMode.ElideMiddle, step(_WIDEST)), partial(self._take, name)
        )
        button.setAccessibleName(name)
        set_tip(button, name)
        return button

    def _take(self, name: str) -> None:
        self.box.setText(name)
        self.box.setFocus()

    def _down(self) -> None:
        shown = self.stack.currentWidget()
        if shown is self._unknown:
            if self.suggestions:
                self.suggestions[0].setFocus()
            return
        table = self.pupils if shown is self.pupils else self.classes
        table.setFocus(Qt.FocusReason.TabFocusReason)
        if table.row is None and table.rows:
            table.choose(0)

    def _show(self, shown: QWidget) -> None:
        self.stack.setCurrentWidget(shown)
        searching = bool(self.box.text().strip())
        self.back.setVisible(shown is self.pupils and not searching)
        self.heading.setVisible(shown is self.pupils)
