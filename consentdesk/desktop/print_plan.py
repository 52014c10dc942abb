"""What a wish comes to: the slips ahead with their pages, the job that prints them, and its words."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtPrintSupport import QPrinter

from consentdesk.desktop.on_paper import PrinterRefused, put_on_paper
from consentdesk.desktop.print_options import Wish
from consentdesk.desktop.words import tr
from consentdesk.errors import KnownError
from consentdesk.model.form import Variant
from consentdesk.services.forms_preview import Coming, plan_print
from consentdesk.services.forms_to_printer import ForPrinter, forms_for_printer
from consentdesk.services.office import Office
from consentdesk.services.progress import Job, Progress

_STEPS: Final = {
    "preparing slips": "Preparing the slips",
    "keeping the slips": "Keeping the slips",
    "writing the PDF": "Writing the PDF",
    "printing": "Printing",
}
Print = tuple[str, Variant]
"""A form and which print of it."""


class Ahead(NamedTuple):
    """The slips to come, for how many pupils, and each print of a form among them; found off the window's thread."""

    slips: tuple[Coming, ...]
    pupils: int
    prints: tuple[Print, ...]


class Plan(NamedTuple):
    """What was wished for, the slips that come of it, and with which page (from 0) each begins."""

    wish: Wish
    slips: tuple[Coming, ...]
    starts: tuple[int, ...]
    pages: int


def found_ahead(office: Office, wish: Wish) -> Ahead:
    """Plan the wish; raises as `plan_print`."""
    slips = plan_print(office, wish.forms, wish.whom, language=wish.language, large=wish.large)
    prints = tuple(dict.fromkeys((one.form, one.variant) for one in slips))
    return Ahead(slips, len({one.pupil for one in slips}), prints)


def prepare_and_print(office: Office, wish: Wish, printer: QPrinter) -> Job[ForPrinter]:
    """Keep the slips, and then put them on paper. Raises `KnownError` as each of the two does."""
    made = yield from forms_for_printer(
        office, wish.forms, wish.whom, language=wish.language, large=wish.large
    )
    try:
        yield from put_on_paper(printer, made.pdfs, made.pages)
    except PrinterRefused as error:
        raise KnownError(
            error.what,
            tr("the slips are kept, and every page that came out is good")
            if error.done
            else tr("the slips are kept, and no page was printed"),
            tr("see to the printer and print again; the new slips take the place of these"),
        ) from error
    return made


def in_words(progress: Progress) -> str:
    """What is being done, for the strip that shows it."""
    return tr(_STEPS.get(progress.what, progress.what))


def file_name(wish: Wish) -> str:
    """What a file or a printer's job is called: after form and class, never after a pupil."""
    forms = "forms" if len(wish.forms) > 1 else wish.forms[0]
    if wish.whom.school_class:
        return f"{forms} {wish.whom.school_class}".replace("/", "-")
    return f"{forms} everyone" if wish.whom.everyone else forms
