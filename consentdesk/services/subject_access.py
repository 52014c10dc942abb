"""One pupil's whole file for a subject access request, other people left out, and the request recorded (D2, D4)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import PUPIL, Event, Invalidated
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import HandedOut
from consentdesk.model.slip import typed_code
from consentdesk.model.status import as_seen, status_of
from consentdesk.printing.report_pdf import report_pdf
from consentdesk.services.forms import questions
from consentdesk.services.office import Office, require
from consentdesk.services.other_people import Blinds
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.subject_file import (
    GUARDIAN,
    HeldActivity,
    HeldEvent,
    HeldPublication,
    HeldSlip,
    HeldStatus,
    SubjectFile,
    subject_report,
)
from consentdesk.services.timeline import Happened, Said, timeline
from consentdesk.store import activities, ledger, people, publications, school, slips

PDF: Final = "record.pdf"
JSON: Final = "record.json"
_WITHHELD: Final = ("restricted", "lifted", "restriction-seen")
_ABOUT_OTHERS: Final = ("guardian-recorded", "guardian-ended")


class FileHandedOut(msgspec.Struct, frozen=True):
    """What was written where; `withheld` entries of safeguarding are not in it, and the head decides about them."""

    folder: Path
    files: tuple[str, ...]
    withheld: int
    encrypted: bool


def subject_file(office: Office, pupil: str) -> SubjectFile:
    """All that is held of a pupil, with other people's names left out. Raises `KnownError` for an unknown one."""
    require(office, "hand-over-files")
    meant = the_pupil(office, pupil)
    blinds = Blinds(office, meant)
    events = ledger.events_of(office.db, meant.id)
    names = {purpose: question.name for purpose, question in questions(office).items()}
    told = [one for one in timeline(office, meant.id) if one.event in _shown(events)]
    return SubjectFile(
        office.now().replace(microsecond=0),
        school.school(office.db).name,
        f"{meant.legal_first} {meant.legal_last}".strip(),
        meant.display_name,
        meant.date_of_birth,
        meant.class_name,
        meant.year_group,
        meant.upn,
        meant.admission_number,
        meant.looked_after,
        meant.left,
        len(people.guardians_of(office.db, meant.id)),
        sum(one.evidence for one in told),
        _statuses(office, events, names, blinds),
        tuple(_event(one, blinds) for one in reversed(told)),
        tuple(
            HeldSlip(typed_code(one.id), one.form, one.printed, one.until, one.school_class)
            for one in slips.slips_of(office.db, meant.id)
        ),
        _publications(office, meant, names, blinds),
        tuple(
            HeldActivity(
                blinds.over(one.plan.title),
                one.plan.starts,
                tuple(names.get(each, each) for each in one.plan.purposes),
            )
            for one in activities.activities_of(office.db, meant.id)
        ),
    )


def hand_over(office: Office, pupil: str, folder: Path, *, password: str | None = None) -> FileHandedOut:
    """Write a pupil's file into a new folder: a PDF to read and JSON for a program.

    With a password there is the PDF alone, encrypted, with the JSON attached inside it. It is recorded before the
    folder has its name. Raises `KnownError`, and writes nothing, where the folder exists or cannot be written.
    """
    require(office, "hand-over-files")
    meant = the_pupil(office, pupil)
    found = subject_file(office, meant.id)
    events = ledger.events_of(office.db, meant.id)
    data = msgspec.json.format(msgspec.json.encode(found)) + b"\n"
    attached = {JSON: data} if password is not None else None
    files = {PDF: report_pdf(subject_report(found), password, attached)}
    if password is None:
        files[JSON] = data
    handed = HandedOut("subject-file", 1, password is not None)
    with _new_folder(folder) as part, office.db.writing():
        for name, content in files.items():
            (part / name).write_bytes(content)
            paths.flush_to_disk(part / name)
        record(office, [Happening(handed, meant.id)])
    withheld = sum(event.kind in _WITHHELD for event in events)
    return FileHandedOut(folder, tuple(files), withheld, password is not None)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write into, which gets its name at the end, or vanishes."""
    if folder.exists():
        raise KnownError(f"{folder} exists already", "nothing was written", "choose another name")
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        yield part
        part.replace(folder)
        paths.flush_folder(folder.parent)
    except OSError as error:
        raise paths.write_error(folder, error) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(part, ignore_errors=True)


def _shown(events: Sequence[Event]) -> set[str]:
    """The events that are handed over: not those of safeguarding, and not those about other people."""
    kept_back = {event.id for event in events if event.kind in (*_WITHHELD, *_ABOUT_OTHERS)}
    for event in events:
        if isinstance(event.what, Invalidated) and event.what.event in kept_back:
            kept_back.add(event.id)
    return {event.id for event in events} - kept_back


def _statuses(
    office: Office, events: Sequence[Event], names: Mapping[str, str], blinds: Blinds
) -> tuple[HeldStatus, ...]:
    """What holds today; a restriction shows as a plain no (rule A6)."""
    seen = {
        purpose: as_seen(status, safeguarding=False)
        for purpose, status in status_of(events, office.today).items()
    }
    return tuple(
        HeldStatus(
            purpose,
            names.get(purpose, purpose),
            status.word.value,
            status.until,
            blinds.over(status.condition) if status.condition else None,
        )
        for purpose, status in seen.items()
    )


def _event(one: Happened, blinds: Blinds) -> HeldEvent:
    return HeldEvent(
        one.kind,
        one.at,
        one.form,
        one.code,
        one.person if one.person in ("", PUPIL) else GUARDIAN,
        one.how,
        one.signed,
        _said(one.said, blinds),
        _said(one.pupil_said, blinds),
        one.purposes,
        blinds.over(one.words),
        one.void,
        one.evidence,
    )


def _said(said: Iterable[Said], blinds: Blinds) -> tuple[Said, ...]:
    return tuple(msgspec.structs.replace(one, condition=blinds.over(one.condition)) for one in said)


def _publications(
    office: Office, pupil: Pupil, names: Mapping[str, str], blinds: Blinds
) -> tuple[HeldPublication, ...]:
    return tuple(
        HeldPublication(
            blinds.over(one.what),
            tuple(names.get(purpose, purpose) for purpose in one.purposes),
            blinds.over(one.place),
            one.day,
            len(one.pupils) - 1,
        )
        for one in publications.publications_of(office.db, pupil.id)
    )
