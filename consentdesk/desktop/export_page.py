"""Export: the consent list of a class or the school as a file, looked at first, with warnings that matter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from consentdesk.desktop import alerts
from consentdesk.desktop.choices import tab_through
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.file_options import FileOptions
from consentdesk.desktop.list_options import ListOptions
from consentdesk.desktop.list_view import ListView
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.outcome import Outcome, ways_to
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.page import Header, Page, Place
from consentdesk.desktop.pieces.strips import Banner, Banners, ProgressStrip
from consentdesk.desktop.split import Split
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.model.listing import ListTable
from consentdesk.services.export import ExportDone
from consentdesk.services.list_export import (
    ListChoice,
    Outline,
    chosen_list,
    export_list,
    list_classes,
    list_outline,
)
from consentdesk.services.office import Office
from consentdesk.services.progress import Progress, finish

_STEPS = {"looking up pupils": "Looking up pupils", "writing the list": "Writing the list"}


class _Classes(NamedTuple):
    """The classes with how many pupils each has, and today."""

    classes: tuple[tuple[str, int], ...]
    today: date


class ExportPage(Page):
    """The errand of taking a list out of the program."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.export_button = Button(tr("Export"), self._export, kind="filled")
        self.header = Header(
            tr("Export"), tr("Every export is recorded: who, what and when."), self.export_button
        )
        self.outcome = Outcome()
        self.progress = ProgressStrip(words=_in_words)
        self.options = ListOptions()
        self.file = FileOptions()
        self.warnings = Banners()
        self.list = ListView()
        self.nothing = EmptyState(
            "list-checks", tr("No purpose is chosen"), tr("Choose at least one purpose.")
        )
        self.empty = EmptyState(
            "users",
            tr("No pupils yet"),
            tr("There is nothing to export before a class list has been imported."),
        )
        self._classes: tuple[tuple[str, int], ...] = ()
        self._today = date.min
        self._compose()
        self.options.class_chosen.connect(self._outline)
        self.options.changed.connect(self._look_ahead)

    def arrive(self, place: Place) -> None:
        """Look up the classes, and turn to the one that `place` is about."""
        self.outcome.clear()
        self.desk.ask(
            self,
            lambda office: _Classes(list_classes(office), office.today),
            lambda found: self._offer(found, place.about),
        )

    def _compose(self) -> None:
        right = QVBoxLayout()
        set_spacing(right, gap=1.5)
        right.addWidget(self.warnings)
        right.addWidget(self.list, 1)
        right.addWidget(self.nothing, 1)
        self.body = QWidget()
        body = QVBoxLayout(self.body)
        set_spacing(body, gap=2)
        body.addWidget(Split(self.options, right), 1)
        body.addWidget(self.file)
        for part in (self.header, self.progress, self.outcome):
            self.column.addWidget(part)
        self.column.addWidget(self.body, 1)
        self.column.addWidget(self.empty, 1)
        # While neither is there yet, the header keeps its place.
        self.column.addStretch(0)
        for hidden in (self.body, self.empty, self.nothing):
            hidden.hide()

    def _offer(self, found: _Classes, about: str) -> None:
        there_are = bool(found.classes)
        self._classes, self._today = found.classes, found.today
        self.body.setVisible(there_are)
        self.export_button.setVisible(there_are)
        self.empty.setVisible(not there_are)
        if not there_are:
            return
        first_time = not self.options.purposes
        self.options.offer_classes(found.classes, found.today)
        if about or first_time:
            self.options.turn_to(about or found.classes[0][0])
        self._outline()

    def _outline(self) -> None:
        name = self.options.class_name
        self.desk.ask(
            self,
            lambda office: list_outline(office, name),
            lambda outline: self._outlined(name, outline),
            lambda error: self.options.school_class.say_wrong(alerts.told(error).sentence),
        )

    def _outlined(self, name: str | None, outline: Outline) -> None:
        if name != self.options.class_name:
            return
        self.options.school_class.say_wrong("")
        self.options.offer_purposes(outline)
        tab_through((self.export_button, *self.options.in_order()))
        self.file.name_file(tr("whole school") if name is None else name or tr("no class"), self._today)
        self._warn_of_waiting(outline)

    def _warn_of_waiting(self, outline: Outline) -> None:
        parts = [
            counted(outline.to_review, tr("slip is not reviewed"), tr("slips are not reviewed"))
            if outline.to_review
            else "",
            counted(outline.to_confirm, tr("is not confirmed"), tr("are not confirmed"))
            if outline.to_confirm
            else "",
            counted(
                outline.in_tray,
                tr("lies in the tray without an owner"),
                tr("lie in the tray without an owner"),
            )
            if outline.in_tray
            else "",
        ]
        said = ", ".join(part for part in parts if part)
        sentence = tr("{slips}. They count as no, and the list says so.").format(slips=said)
        way = ("scan" in self.places) and bool(outline.to_review)
        self.warnings.set(
            "waiting",
            Banner(
                sentence,
                "open",
                "circle-alert",
                tr("Review them") if way else "",
                (lambda: self.go.emit(Place("scan", "review"))) if way else None,
            )
            if said
            else None,
        )

    def _look_ahead(self) -> None:
        choice = self.options.choice
        self.list.setVisible(choice is not None)
        self.nothing.setVisible(choice is None)
        if choice is None:
            return
        shown = choice
        if choice.school_class is None:
            shown = choice._replace(school_class=self._classes[0][0])
        self.desk.ask(
            self,
            lambda office: _looked_up(office, shown),
            lambda table: self._show(choice, table),
            self.outcome.say_error,
        )

    def _show(self, choice: ListChoice, table: ListTable) -> None:
        if choice == self.options.choice:
            self.list.show_list(table, whole_school=choice.school_class is None)

    def _export(self) -> None:
        self.outcome.clear()
        choice = self.options.choice if self.options.is_right() else None
        target = self.file.target() if choice is not None else None
        if target is None or choice is None:
            return
        self.export_button.setEnabled(False)
        task = self.desk.run(
            self,
            lambda office: export_list(office, choice, target.file, password=target.password),
            lambda done: self._exported(done, target.file),
            self._failed,
            self._stopped,
        )
        task.ended.connect(lambda: self.export_button.setEnabled(True))
        self.progress.follow(task, tr("Looking up pupils"))

    def _exported(self, done: ExportDone, file: Path) -> None:
        self.file.forget_password()
        self.outcome.say(
            "yes",
            tr("The list of {pupils} is in {file}.").format(
                pupils=counted(done.pupils, tr("pupil"), tr("pupils")), file=isolated(file.name)
            ),
            tr("It is locked. Tell the password by another way than you send the file.")
            if done.encrypted
            else tr(
                "It is not locked: keep it where only those who need it can read it, and delete it afterwards."
            ),
            *ways_to(file),
        )

    def _failed(self, error: BaseException) -> None:
        self.file.file.say_wrong(alerts.told(error).sentence)
        self.file.file.line.setFocus()

    def _stopped(self) -> None:
        self.outcome.say("open", tr("Stopped."), tr("Nothing was written and nothing was recorded."))


def _looked_up(office: Office, choice: ListChoice) -> ListTable:
    """One class at a time: few enough to be looked up in one go."""
    return finish(chosen_list(office, choice))


def _in_words(progress: Progress) -> str:
    return tr(_STEPS.get(progress.what, progress.what))
