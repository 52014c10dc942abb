"""Pupils: find one among all, see what holds and what happened, record a withdrawal, import a class list."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from consentdesk.desktop.beside import Beside
from consentdesk.desktop.class_list_panel import ClassListPanel
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.page import Header, Key, Page, Place
from consentdesk.desktop.pupil_finder import PupilFinder
from consentdesk.desktop.pupil_view import PupilView
from consentdesk.desktop.words import counted, tr
from consentdesk.services.pupils import the_class

_TOGETHER, _FINDER = 94, 38
_LEAST = 30
_IMPORT, _WITHDRAW = "import", "withdraw"


class PupilsPage(Page):
    """`Place.about` is a pupil's id, a class, `import`, or `withdraw` with a pupil's id."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        session = desk.session
        self._imports = session is not None and session.may("import-pupils")
        self._line = ""
        self.bring = Button(tr("Import a class list…"), self.show_import)
        self.leave = Button(tr("Back to the pupils"), self._leave_import)
        self.header = Header(tr("Pupils"), "", self.leave, self.bring)
        self.finder = PupilFinder(desk)
        self.panel: ClassListPanel | None = None
        self.importing = QFrame()
        self.importing.setProperty("kind", "card")
        self.empty = EmptyState(
            "users",
            tr("No pupils yet"),
            tr(
                "Import your class list to begin: a CSV or Excel file, or a transfer file from your school system."
            )
            if self._imports
            else tr("Once the office has imported a class list, everybody can be found here."),
            *([Button(tr("Import a class list…"), self.show_import, kind="filled")] if self._imports else []),
        )
        self.view: PupilView | None = None
        self.beside: Beside | None = None
        self.stack = QStackedWidget()
        self.column.addWidget(self.header)
        self.column.addWidget(self.stack, 1)

    def arrive(self, place: Place) -> None:
        """Turn to what is asked for; else to where one was."""
        view = self._composed()
        self.finder.arrive()
        about = place.about
        if about == _IMPORT and self._imports:
            self.show_import()
            return
        if self.stack.currentWidget() is self.importing:
            self._leave_import()
        verb, _, pupil = about.partition(" ")
        if verb == _WITHDRAW and pupil:
            self._show_pupil(pupil, withdraw=True)
        elif about:
            # A class or a pupil: the services know which.
            self.desk.ask(
                self,
                lambda office: the_class(office, about),
                self._show_class,
                lambda _error: self._show_pupil(about, withdraw=False),
            )
        else:
            view.again()
            self.finder.focus_search()

    def search(self) -> bool:
        """Find a pupil."""
        if self.stack.currentWidget() is self.importing:
            self._leave_import()
        if self.beside is not None:
            self.beside.close_side()
        self.finder.focus_search()
        return True

    def keys(self) -> tuple[Key, ...]:
        """Besides those that work everywhere."""
        return (
            Key("Ctrl+F", tr("Find a pupil by name or number")),
            Key("↓", tr("From the search box to what was found")),
            Key("Enter", tr("Open the class or pupil that is chosen")),
            Key("Esc", tr("Empty the search box, or back to the list")),
        )

    def show_import(self) -> None:
        """The class list in: its difference first, nothing kept until a button says how much."""
        self._show(self.importing)
        self.header.say(
            tr("Import a class list"), tr("Nothing is kept until you have seen what it would change.")
        )
        self._panel().setFocus()

    def _panel(self) -> ClassListPanel:
        """Made when a list is first brought: most visits are for a pupil."""
        if self.panel is None:
            self.panel = ClassListPanel(self.desk)
            self.panel.kept.connect(self._kept)
            inside = QVBoxLayout(self.importing)
            set_spacing(inside, margins=3, gap=1)
            inside.addWidget(self.panel)
        return self.panel

    def _composed(self) -> PupilView:
        """The pupil's view, made once it is known which pages it can lead on to."""
        if self.view is None:
            self.view = PupilView(self.desk, self.places)
            self.view.go.connect(self.go)
            self.view.said.connect(self.note)
            self.view.setMinimumHeight(step(_LEAST))
            self.beside = Beside(self.finder, self.view, together=_TOGETHER, main_wide=_FINDER)
            for one in (self.beside, self.importing, self.empty):
                self.stack.addWidget(one)
            self.finder.picked.connect(lambda pupil: self._show_pupil(pupil, withdraw=False, turn=False))
            self.finder.opened.connect(lambda _pupil: self._turn())
            self.finder.counted.connect(self._count)
            self._show(self.beside)
        return self.view

    def _count(self, pupils: int, classes: int) -> None:
        self._line = tr("{pupils} in {classes}").format(
            pupils=counted(pupils, tr("pupil"), tr("pupils")),
            classes=counted(classes, tr("class"), tr("classes")),
        )
        if self.stack.currentWidget() is not self.importing and self.beside is not None:
            self._show(self.beside if pupils else self.empty)

    def _show(self, shown: QFrame | Beside) -> None:
        self.stack.setCurrentWidget(shown)
        importing = shown is self.importing
        self.leave.setVisible(importing)
        self.bring.setVisible(self._imports and shown is self.beside)
        if not importing:
            self.header.say(tr("Pupils"), self._line if shown is self.beside else "")

    def _show_class(self, name: str) -> None:
        if self.beside is not None:
            self.beside.close_side()
        self.finder.show_class(name)

    def _show_pupil(self, pupil: str, *, withdraw: bool, turn: bool = True) -> None:
        if self.view is not None:
            self.view.show_pupil(pupil, withdraw=withdraw)
            if turn:
                self._turn()

    def _turn(self) -> None:
        if self.beside is not None:
            self.beside.open_side()

    def _leave_import(self) -> None:
        if self.beside is not None:
            self._show(self.beside)
        self.finder.arrive()

    def _kept(self, added: int) -> None:
        self.note(
            tr("{pupils} added.").format(pupils=counted(added, tr("pupil"), tr("pupils")))
            if added
            else tr("The class list is kept.")
        )
        self.finder.show_classes()
        self._leave_import()
