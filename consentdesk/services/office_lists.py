"""Lists for those who carry something out: the technician, whoever destroys pictures; each recorded (N2, I2, D4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final, Literal

from consentdesk import paths
from consentdesk.model.report import Line, Report, Section
from consentdesk.model.school_events import HandedOut
from consentdesk.printing.report_pdf import report_pdf
from consentdesk.services.access_record import AccessChange, access_changes, access_record
from consentdesk.services.image_sets import HeldImages, to_destroy
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job
from consentdesk.services.record import Happening, record
from consentdesk.store import school

_CHANGES: Final = {"ended": "Switch off", "granted": "Switch on"}
_HELD_ON: Final = {"school": "school", "card": "card or camera", "other-equipment": "other equipment"}


def write_access_changes(
    office: Office, since: date, target: Path, *, password: str | None = None
) -> Job[tuple[AccessChange, ...]]:
    """Write the technician's list since the end of a day as PDF. No reason stands on it: it is not theirs to know.

    Raises `KnownError` as `access_changes` does, and where the file cannot be written; then nothing is recorded.
    """
    with paths.write_whole(target) as part:
        found = yield from access_changes(office, since)
        sections = tuple(
            Section(
                _CHANGES[change],
                tuple(
                    Line(f"{one.name}{f', {one.group}' if one.group else ''} ({one.kind})", _day(one.on))
                    for one in found
                    if one.change == change
                ),
                "Nobody.",
            )
            for change in ("ended", "granted")
        )
        report = _report(office, "Internet access: what to change", f"since {_day(since)}", sections)
        _write(office, part, report, "access-record", len(found), password)
    return found


def write_access_record(office: Office, target: Path, *, password: str | None = None) -> Job[int]:
    """Write the whole record of who has access as PDF; how many people are on it. Raises as the list of changes."""
    require(office, "keep-access-record")
    with paths.write_whole(target) as part:
        found = yield from access_record(office)
        pupils = tuple(
            Line(f"{one.name}, by {one.by}, since {_day(one.since)}", one.group or "no class")
            for one in found.lines
            if one.kind == "pupil"
        )
        adults = tuple(
            Line(f"{one.name}{f', {one.group}' if one.group else ''}, since {_day(one.since)}", one.kind)
            for one in found.lines
            if one.kind != "pupil"
        )
        sections = (Section("Pupils", pupils, "Nobody."), Section("Staff and volunteers", adults, "Nobody."))
        report = _report(office, "Who may use the internet", f"{len(found.lines)} people", sections)
        _write(office, part, report, "access-record", len(found.lines), password)
    return len(found.lines)


def write_destruction_list(
    office: Office, by: date, target: Path, *, password: str | None = None
) -> tuple[HeldImages, ...]:
    """Write which pictures must be gone by a day as PDF, with room to sign. Raises where it cannot be written."""
    require(office, "record-publications")
    found = to_destroy(office, by)
    lines = tuple(
        Line(
            f"{one.images.what}: {one.images.place} ({_HELD_ON[one.images.held_on]}), taken {_day(one.images.taken)}. "
            "Destroyed by ____________________ on ____________",
            f"by {_day(one.due)}",
        )
        for one in found
    )
    section = Section("Destroy every copy, then say so in the record", lines, "Nothing is due.")
    report = _report(office, "Pictures to destroy", f"due by {_day(by)}", (section,))
    with paths.write_whole(target) as part:
        _write(office, part, report, "destruction-list", len(found), password)
    return found


def _report(office: Office, title: str, subtitle: str, sections: tuple[Section, ...]) -> Report:
    return Report(
        title,
        subtitle,
        school.school(office.db).name,
        office.now().astimezone(),
        sections,
        foot="Shred it once it is done.",
    )


def _write(
    office: Office,
    part: Path,
    report: Report,
    of: Literal["access-record", "destruction-list"],
    people: int,
    password: str | None,
) -> None:
    part.write_bytes(report_pdf(report, password))
    record(office, [Happening(HandedOut(of, people, password is not None))])


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
