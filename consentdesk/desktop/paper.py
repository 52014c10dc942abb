"""A PDF that is at hand, such as a trip list or the recovery sheet, onto a printer that somebody chooses."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from consentdesk.desktop.desk import Desk
from consentdesk.desktop.on_paper import choose_printer, facts_of, make_true_to_scale, put_on_paper
from consentdesk.errors import KnownError


def print_pdf(
    desk: Desk,
    parent: QWidget,
    pdf: bytes,
    name: str,
    printed: Callable[[str], object],
    refused: Callable[[BaseException], object],
) -> None:
    """Ask for a printer, and print all pages of `pdf` on it as they lie, upright or across.

    The printer's list of jobs calls it `name`. `printed` gets the printer's name, `refused` why nothing came.
    """

    def begin(printer: QPrinter) -> None:
        facts = facts_of(pdf)
        try:
            make_true_to_scale(printer, across=facts.across)
        except KnownError as error:
            refused(error)
            return
        desk.run_aside(
            parent,
            lambda: put_on_paper(printer, (pdf,), facts.pages),
            lambda _pages: printed(printer.printerName()),
            refused,
        )

    choose_printer(parent, name, begin, of_a_letter=False)
