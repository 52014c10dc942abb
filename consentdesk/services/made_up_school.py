"""A made-up school to look round in: an office with forms sent home, and slips that come in one file at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.scanning.rehearsal.scan_files import ScanFile, make_scans
from consentdesk.services.demo import FORMS, PASSWORD, USER
from consentdesk.services.demo_families import SentHome, slips_of
from consentdesk.services.demo_pile import plan_pile
from consentdesk.services.demo_school import SCHOOL, class_list
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import Office, create_office
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import Job, Progress
from consentdesk.services.school_settings import (
    POST,
    SCANS,
    SchoolSettings,
    change_school_settings,
    note_made_up,
)
from consentdesk.store import people
from consentdesk.store.slots import FLOOR

PUPILS: Final = 24
_SHEETS_A_FILE: Final = 3
_PRINTED_BEFORE: Final = timedelta(days=10)


class MadeUpSchool(NamedTuple):
    """Where it lies, and who signs in. A file moved from `post` to `scans` has come in."""

    office: Path
    user: str
    password: str
    post: Path
    scans: Path


@dataclass
class _Calendar:
    """The made-up office's clock, some days behind until the forms are out."""

    behind: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


def make_up_school(folder: Path, pupils: int = PUPILS, seed: int = 1) -> Job[MadeUpSchool]:
    """Make the school in `folder`, which must be new or empty: pupils, printed forms, and scans of the filled slips.

    Nothing is read yet. Raises `KnownError` where the folder holds something or cannot be written.
    """
    paths.make_private_folder(folder)
    if any(folder.iterdir()):
        raise KnownError(f"{folder} is not empty", "nothing was changed", "name a new folder")
    made = MadeUpSchool(folder / "office", USER, PASSWORD, folder / POST, folder / SCANS)
    for place in (made.post, made.scans):
        paths.make_private_folder(place)
    calendar = _Calendar(_PRINTED_BEFORE)
    office, _ = create_office(made.office, SCHOOL, USER, PASSWORD, clock=calendar, cost=FLOOR)
    with office:
        note_made_up(office)
        change_school_settings(office, SchoolSettings(scan_folder=made.scans))
        yield Progress(0, pupils, "inventing pupils")
        _import(office, folder, pupils, seed)
        sent = yield from _print(office, folder)
        pile = plan_pile(sent, seed, office.today)
        calendar.behind = timedelta()
    files = list(_small([*pile.in_time, *pile.late]))
    yield Progress(0, len(files), "filling in and scanning slips")
    for done, _truth in enumerate(make_scans(folder / "forms.pdf", files, made.post), start=1):
        yield Progress(done, len(files), "filling in and scanning slips")
    return made


def _import(office: Office, folder: Path, pupils: int, seed: int) -> None:
    file = folder / "class list.csv"
    file.write_text(class_list(pupils, seed, office.today), encoding="utf-8")
    apply(office, preview(office, file).difference)


def _print(office: Office, folder: Path) -> Job[SentHome]:
    done = yield from print_forms(office, FORMS, Whom(everyone=True), folder / "forms.pdf")
    known = people.pupils(office.db)
    return SentHome(
        slips_of(done.manifest),
        {pupil.id: pupil for pupil in known},
        people.guardians_of_many(office.db, [pupil.id for pupil in known]),
    )


def _small(files: Sequence[ScanFile]) -> Iterator[ScanFile]:
    """The same sheets in files of a few, as they come in when somebody scans what the morning brought."""
    for file in files:
        stem, dot, ending = file.name.rpartition(".")
        for at in range(0, len(file.sheets), _SHEETS_A_FILE):
            name = f"{stem}-{at // _SHEETS_A_FILE + 1}{dot}{ending}"
            yield replace(file, name=name, sheets=file.sheets[at : at + _SHEETS_A_FILE])
