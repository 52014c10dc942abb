"""Print: which forms for whom, the real pages to look at, then a printer or a PDF; only then are slips kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from PySide6.QtPrintSupport import QPrinter

from consentdesk.desktop import alerts
from consentdesk.desktop.choices import tab_through
from consentdesk.desktop.desk import Desk
from consentdesk.desktop.jobs import Task
from consentdesk.desktop.on_paper import choose_printer, make_true_to_scale, there_is_a_printer
from consentdesk.desktop.outcome import Outcome, ways_to
from consentdesk.desktop.pages_view import PagesView
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState
from consentdesk.desktop.pieces.fields import pick_target
from consentdesk.desktop.pieces.page import Header, Key, Page, Place
from consentdesk.desktop.pieces.strips import ProgressStrip
from consentdesk.desktop.print_options import PrintOptions, Wish
from consentdesk.desktop.print_plan import (
    Ahead,
    Plan,
    Print,
    file_name,
    found_ahead,
    in_words,
    prepare_and_print,
)
from consentdesk.desktop.split import Split
from consentdesk.desktop.words import counted, isolated, tr
from consentdesk.errors import KnownError
from consentdesk.services.forms_preview import Choices, Coming, pages_of, print_choices, specimen
from consentdesk.services.forms_to_printer import ForPrinter
from consentdesk.services.office import Office
from consentdesk.services.print_forms import PrintDone, print_forms
from consentdesk.services.progress import Job

Result = TypeVar("Result")


class PrintPage(Page):
    """The errand of printing forms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.save_button = Button(tr("Save PDF…"), self._save)
        self.print_button = Button(tr("Print…"), self._print, kind="filled")
        self.header = Header(tr("Print forms"), " ", self.save_button, self.print_button)
        self.outcome = Outcome()
        self.progress = ProgressStrip(words=in_words)
        self.options = PrintOptions(desk)
        self.preview = PagesView()
        self.empty = EmptyState(
            "users",
            tr("No pupils yet"),
            tr("Import your class list first; then forms can be printed for each pupil."),
            Button(
                tr("Import a class list…"), lambda: self.go.emit(Place("pupils", "import")), kind="filled"
            ),
        )
        self._plan: Plan | None = None
        self._pages: dict[Print, int] = {}
        self._shown: tuple[Coming, bytes] | None = None
        self._wanted_page = 0
        self._task: Task | None = None
        self._compose()
        self.options.changed.connect(self._look_ahead)
        self.preview.turned.connect(self._turn)

    def arrive(self, place: Place) -> None:
        """Look up what there is to print, and turn to a class, a pupil, `everyone` or `missing`."""
        if self._task is None:
            self.outcome.clear()
        self.desk.ask(self, print_choices, lambda choices: self._offer(choices, place.about))

    def keys(self) -> tuple[Key, ...]:
        """Those of the preview."""
        return self.preview.keys()

    def _compose(self) -> None:
        self.body = Split(self.options, self.preview)
        for part in (self.header, self.progress, self.outcome):
            self.column.addWidget(part)
        self.column.addWidget(self.body, 1)
        self.column.addWidget(self.empty, 1)
        # While neither is there yet, the header keeps its place.
        self.column.addStretch(0)
        self.body.hide()
        self.empty.hide()

    def _offer(self, choices: Choices, about: str) -> None:
        there_are = bool(choices.pupils)
        self.body.setVisible(there_are)
        self.empty.setVisible(not there_are)
        self.save_button.setVisible(there_are)
        self.print_button.setVisible(there_are)
        self._pages = {}
        self._shown = None
        self.options.offer(choices)
        tab_through((self.print_button, *self.options.in_order()))
        if about and there_are:
            self.options.turn_to(about)

    # What would be printed: planned anew with every change, and counted one print of a form after the other.

    def _look_ahead(self) -> None:
        self._plan = None
        self.header.say(tr("Print forms"), " ")
        wish = self.options.wish
        if wish is None:
            self.preview.say_nothing(tr("Nothing to show yet"), self.options.lacks)
            return
        self.desk.ask(
            self,
            lambda office: found_ahead(office, wish),
            lambda ahead: self._count(wish, ahead),
            lambda error: self._cannot(wish, error, self.options.say_whom_wrong),
        )

    def _count(self, wish: Wish, ahead: Ahead) -> None:
        if wish != self.options.wish:
            return
        unknown = next((one for one in ahead.prints if one not in self._pages), None)
        if unknown is None:
            self._planned(wish, ahead)
            return
        form, variant = unknown

        def known(pages: int) -> None:
            self._pages[form, variant] = pages
            self._count(wish, ahead)

        self.desk.ask(
            self,
            lambda office: pages_of(office, form, variant),
            known,
            lambda error: self._cannot(wish, error, self.options.say_forms_wrong),
        )

    def _planned(self, wish: Wish, ahead: Ahead) -> None:
        slips = ahead.slips
        *starts, pages = accumulate((self._pages[one.form, one.variant] for one in slips), initial=0)
        self._plan = Plan(wish, slips, tuple(starts), pages)
        self.header.say(
            tr("Print forms"),
            tr("{slips} for {pupils} · {pages} of A4: {sheets} printed on both sides").format(
                slips=counted(len(slips), tr("slip"), tr("slips")),
                pupils=counted(ahead.pupils, tr("pupil"), tr("pupils")),
                pages=counted(pages, tr("page"), tr("pages")),
                sheets=counted(pages // 2, tr("sheet"), tr("sheets")),
            ),
        )
        self._turn(0)

    def _cannot(self, wish: Wish, error: BaseException, say_beside: Callable[[str], None]) -> None:
        if wish == self.options.wish:
            told = alerts.told(error)
            say_beside(told.sentence)
            self.preview.say_nothing(tr("Nothing to print"), told.what)

    def _turn(self, page: int) -> None:
        plan = self._plan
        if plan is None:
            return
        self._wanted_page = page
        coming = plan.slips[bisect_right(plan.starts, page) - 1]
        if self._shown is not None and self._shown[0] == coming:
            self._show(plan, page)
            return
        self.desk.ask(
            self,
            lambda office: specimen(office, coming),
            lambda pdf: self._made(plan, page, coming, pdf),
            lambda error: self._cannot(plan.wish, error, self.options.say_whom_wrong),
        )

    def _made(self, plan: Plan, page: int, coming: Coming, pdf: bytes) -> None:
        # Somebody may have turned on, or chosen something else, meanwhile.
        if plan is self._plan and page == self._wanted_page:
            self._shown = coming, pdf
            self._show(plan, page)

    def _show(self, plan: Plan, page: int) -> None:
        at = bisect_right(plan.starts, page) - 1
        coming = plan.slips[at]
        if self._shown is None:
            return
        name = isolated(coming.name)
        self.preview.say_whose(
            f"{name}, {coming.school_class}" if coming.school_class else name, coming.title
        )
        self.preview.show_page(self._shown[1], page - plan.starts[at], page, plan.pages)

    # Printing and saving: from here on slips are kept.

    def _save(self) -> None:
        wish = self._ready()
        if wish is None:
            return
        target = pick_target(tr("PDF (*.pdf)"), f"{file_name(wish)}.pdf")(self)
        if target is None:
            return
        target = target if target.suffix else target.with_suffix(".pdf")
        self._run(
            lambda office: print_forms(
                office, wish.forms, wish.whom, target, language=wish.language, large=wish.large
            ),
            lambda done: self._saved(done, target),
        )

    def _print(self) -> None:
        wish = self._ready()
        if wish is None:
            return
        if not there_is_a_printer():
            self.outcome.say(
                "open",
                tr("No printer is set up on this computer."),
                tr("Nothing was printed. Save a PDF and print it where there is one."),
            )
            return
        choose_printer(self, file_name(wish), lambda printer: self._print_on(printer, wish))

    def _print_on(self, printer: QPrinter, wish: Wish) -> None:
        try:
            make_true_to_scale(printer)
        except KnownError as error:
            self.outcome.say_error(error)
            return
        self._run(
            lambda office: prepare_and_print(office, wish, printer),
            lambda made: self._printed(made, printer.printerName()),
        )

    def _ready(self) -> Wish | None:
        self.outcome.clear()
        wish = self.options.wish if self.options.is_right() else None
        # What cannot be planned says so beside its field already.
        return wish if self._plan is not None and self._plan.wish == wish else None

    def _run(self, job: Callable[[Office], Job[Result]], then: Callable[[Result], object]) -> None:
        self.save_button.setEnabled(False)
        self.print_button.setEnabled(False)
        self._task = self.desk.run(self, job, then, self._failed, self._stopped)
        self._task.ended.connect(self._ended)
        self.progress.follow(self._task, tr("Preparing the slips"))

    def _saved(self, done: PrintDone, target: Path) -> None:
        self.outcome.say(
            "yes",
            tr("Saved {slips} on {pages} in {file}.").format(
                slips=counted(done.slips, tr("slip"), tr("slips")),
                pages=counted(done.pages, tr("page"), tr("pages")),
                file=isolated(target.name),
            ),
            tr("Print it at 100 %, on both sides. It holds pupils’ names: delete it once it is on paper."),
            *ways_to(target),
        )

    def _printed(self, made: ForPrinter, printer: str) -> None:
        self.outcome.say(
            "yes",
            tr("{pages} went to {printer}.").format(
                pages=counted(made.pages, tr("page"), tr("pages")),
                printer=isolated(printer) if printer else tr("the printer"),
            ),
            tr("{slips} can be handed out. Returned ones come back by Scan and review.").format(
                slips=counted(made.slips, tr("slip"), tr("slips"))
            ),
        )

    def _failed(self, error: BaseException) -> None:
        self.outcome.say_error(error)

    def _stopped(self) -> None:
        printing = self._task is not None and self._task.progress.what == "printing"
        self.outcome.say(
            "open",
            tr("Stopped."),
            tr("What the printer had already taken may still come out, and is good: the slips are kept.")
            if printing
            else tr("Nothing was printed and nothing was kept."),
        )

    def _ended(self) -> None:
        self._task = None
        self.save_button.setEnabled(True)
        self.print_button.setEnabled(True)
        # Who misses a slip is another question now.
        self._look_ahead()
