"""One whole session with a marked pupil, from the class list to the backup, through the services and real workers."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Final

import numpy as np
import pypdfium2 as pdfium

from consentdesk import logs
from consentdesk.logs import log
from consentdesk.scanning.rehearsal.pdf import write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.services.confirm import confirm
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.list_export import ListChoice, export_list, usual_purposes
from consentdesk.services.office import Office, change_data_key, create_office, open_office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import finish
from consentdesk.services.read_scans import read_scans
from consentdesk.services.safekeeping import back_up, check_everything
from consentdesk.services.status import status
from consentdesk.services.withdraw import withdraw
from consentdesk.store.slots import FLOOR
from tests.benchmarks.safety_leaks import ASKED_FOR, MARKERS

_PASSWORD: Final = "made up words"
_DPI: Final = 150


def session(case: Path, *, leaky: bool) -> None:
    """What an office does on a day; only `asked for` may hold what can be read."""
    asked = case / ASKED_FOR
    first, last, note, guardian = MARKERS
    logs.start()
    office, _ = create_office(case / "office", "Made-up School", "head", _PASSWORD, cost=FLOOR)
    with office:
        listed = asked / f"{first}.csv"
        listed.write_text(
            "First name,Last name,Class,Year,DOB,Admission number,Parent 1 name\n"
            f"{first},{last},4B,4,2018-03-01,101,{guardian} {last}\nBen,{last},4B,4,2018-05-09,102,{guardian}\n",
            encoding="utf-8",
        )
        apply(office, preview(office, listed).difference)
        forms = asked / "forms.pdf"
        finish(print_forms(office, ["image-use"], Whom(everyone=True), forms))
        scan = asked / f"scan {last}.pdf"
        write_pdf(_pages(forms), scan)
        finish(read_scans(office, [scan], workers=1))
        if leaky:
            log.warning("could not read the slip of %s", last)
    with open_office(case / "office", "head", _PASSWORD) as office:
        finish(confirm(office))
        pupil = status(office, school_class="4B").pupils[0]
        withdraw(office, pupil.pupil, ["image.website"], "letter", by=guardian, note=note)
        change_data_key(office)
        _leave(office, case, asked)


def _leave(office: Office, case: Path, asked: Path) -> None:
    back_up(office, case / "backup")
    choice = ListChoice("4B", usual_purposes(office, "4B"))
    for name in ("list.pdf", "list.xlsx"):
        finish(export_list(office, choice, asked / name))
    if check_everything(office):
        raise ValueError("the office is not sound")


def _pages(forms: Path) -> list[Scan]:
    """The forms as a scanner would see them, nothing filled in."""
    with pdfium.PdfDocument(forms) as document:
        return [
            Scan(np.ascontiguousarray(page.render(scale=_DPI / 72, grayscale=True).to_numpy()), _DPI)
            for page in document
        ]


if __name__ == "__main__":
    if os.environ.get("SAFETY_TALKATIVE"):
        socket.socket(socket.AF_INET).close()
    session(Path(sys.argv[1]), leaky=sys.argv[2] == "leaky")
