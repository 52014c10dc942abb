"""Forms for a printer: kept as any print run is, and handed over in memory, so that no file of names is left behind."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import uuid4

from consentdesk.model.slip import PrintRun
from consentdesk.printing.pdf import write_forms
from consentdesk.services.forms import the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.print_forms import Press, Whom, slips_wanted
from consentdesk.services.progress import Job, Progress
from consentdesk.services.record import record
from consentdesk.store import forms, slips

_TOGETHER: Final = 4
"""Slips in one PDF: so few that writing one keeps nobody waiting."""


class ForPrinter(NamedTuple):
    """The PDFs of a print run, to be printed one after the other."""

    pdfs: tuple[bytes, ...]
    pages: int
    slips: int
    pupils: int


def forms_for_printer(
    office: Office, form_ids: Sequence[str], whom: Whom, *, language: str | None = None, large: bool = False
) -> Job[ForPrinter]:
    """What `print_forms` does, without a file: every page is made first, then all is kept in one transaction.

    Only then are the pages handed over, so no slip is on paper that the office does not know. Raises as
    `print_forms` does; nothing is kept then, nor where the job is stopped.
    """
    require(office, "print-forms")
    definitions = the_forms(office, form_ids)
    wanted = slips_wanted(office, definitions, whom)
    run = PrintRun(uuid4().hex, office.now(), office.user.id, len(wanted))
    press = Press(office, run.id, language, large)
    prepared = []
    pdfs: list[bytes] = []
    pages = 0
    for done, (pupil, definition) in enumerate(wanted, start=1):
        yield Progress(done - 1, len(wanted), "preparing slips")
        prepared.append(press.slip(pupil, definition))
        if done % _TOGETHER == 0 or done == len(wanted):
            file = io.BytesIO()
            pages += write_forms(file, [one.sheet for one in prepared[len(pdfs) * _TOGETHER :]])
            pdfs.append(file.getvalue())
    yield Progress(len(wanted), len(wanted), "keeping the slips")
    with office.db.writing():
        for version in press.new_versions:
            forms.keep_version(office.db, version)
        slips.keep_run(office.db, run, [one.slip for one in prepared])
        record(office, [one.happening for one in prepared])
    return ForPrinter(tuple(pdfs), pages, len(prepared), len({one.slip.pupil for one in prepared}))
