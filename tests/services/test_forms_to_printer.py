"""Forms for a printer: the office knows every slip before a page is handed over, and nothing of a run that stopped."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.slip import typed_code
from consentdesk.services.forms_to_printer import ForPrinter, forms_for_printer
from consentdesk.services.print_forms import Whom
from consentdesk.services.progress import finish
from consentdesk.store import slips
from tests.services.made_up import Desk

EVERYONE = Whom(everyone=True)


def text_of(made: ForPrinter) -> str:
    found = ""
    for pdf in made.pdfs:
        with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
            found += "".join(page.get_textpage().get_text_bounded() for page in document)
    return found


def test_every_slip_on_the_pages_is_known_to_the_office(desk: Desk) -> None:
    made = finish(forms_for_printer(desk.office, ["image-use", "web-publication"], EVERYONE))
    assert (made.slips, made.pupils, made.pages, len(made.pdfs)) == (6, 3, 12, 2)
    (run,) = slips.runs(desk.office.db)
    known = [
        slip
        for name in ("Ada", "Ben", "Cleo")
        for slip in slips.slips_of(desk.office.db, desk.pupil(name).id)
    ]
    printed = text_of(made)
    assert run.slips == len(known) == 6
    assert all(typed_code(slip.id) in printed for slip in known)


def test_it_prints_what_the_file_would_hold(desk: Desk) -> None:
    in_file = [slip.name for slip in desk.print("image-use")]
    made = finish(forms_for_printer(desk.office, ["image-use"], EVERYONE, large=True))
    assert made.pages == 12
    assert [name for name in in_file if name in text_of(made)] == in_file


def test_a_run_that_is_stopped_keeps_nothing(desk: Desk) -> None:
    before = desk.events
    job = forms_for_printer(desk.office, ["image-use"], EVERYONE)
    for _ in range(4):
        progress = next(job)
    assert progress.what == "keeping the slips"
    job.close()
    assert desk.events == before
    assert slips.runs(desk.office.db) == []


def test_nobody_is_meant(empty_desk: Desk) -> None:
    with pytest.raises(KnownError, match="There are no pupils yet"):
        finish(forms_for_printer(empty_desk.office, ["image-use"], EVERYONE))
