"""One pupil's whole file as data and as printed words, without other people's names (rule D2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from consentdesk.model.consent import PUPIL, StatusWord
from consentdesk.model.listing import cell_for
from consentdesk.model.report import Line, Report, Section
from consentdesk.services.timeline import Said

GUARDIAN: Final = "a guardian"
_TITLES: Final = {
    "joined": "Came onto the roll",
    "moved": "Moved to another class",
    "left": "Left the school",
    "renamed": "Another name was recorded",
    "birth-recorded": "Date of birth recorded",
    "care-changed": "Care changed",
    "social-worker-agreed": "A social worker agreed",
    "issued": "Form printed",
    "returned": "Slip came back",
    "answered": "Answers recorded",
    "reviewed": "Looked at by a person and decided",
    "confirmed": "Answers confirmed by a person",
    "withdrawn": "Consent withdrawn",
    "invalidated": "An entry was marked as recorded in error",
    "taken-down": "Something was taken down",
    "access-ended": "Internet access ended by the school",
    "access-restored": "Internet access allowed again",
    "handed-out": "This file was handed over",
}
_SAID: Final = {"yes": "yes", "no": "no", "review": "to be looked at", "unclear": "not clear"}


class HeldStatus(msgspec.Struct, frozen=True):
    """What holds for one purpose, by its id and name."""

    purpose: str
    name: str
    status: str
    until: date | None
    condition: str | None


class HeldEvent(msgspec.Struct, frozen=True):
    """One thing that was recorded. `person` is `pupil`, `a guardian`, or empty; who recorded it is left out."""

    kind: str
    at: datetime
    form: str = ""
    code: str = ""
    person: str = ""
    how: str = ""
    signed: bool | None = None
    said: tuple[Said, ...] = ()
    pupil_said: tuple[Said, ...] = ()
    purposes: tuple[str, ...] = ()
    words: str = ""
    recorded_in_error: bool = False
    picture_kept: bool = False


class HeldSlip(msgspec.Struct, frozen=True):
    """A slip that was printed for the pupil."""

    code: str
    form: str
    printed: date
    until: date
    school_class: str


class HeldPublication(msgspec.Struct, frozen=True):
    """Where the pupil was published; `with_others` is how many other pupils are in it."""

    what: str
    purposes: tuple[str, ...]
    place: str
    day: date
    with_others: int


class HeldActivity(msgspec.Struct, frozen=True):
    """An activity at which pictures were to be taken, and that the pupil was to take part in."""

    title: str
    starts: datetime
    purposes: tuple[str, ...]


class SubjectFile(msgspec.Struct, frozen=True):
    """All that the office holds of one pupil as at a moment, as `record.json` says it.

    `guardians` and `pictures` are how many are held and not shown: other people's names and hands are on them.
    """

    as_at: datetime
    school: str
    legal_name: str
    preferred_name: str
    date_of_birth: date | None
    school_class: str
    year_group: int | None
    upn: str | None
    admission_number: str | None
    looked_after: bool | None
    left: bool
    guardians: int
    pictures: int
    statuses: tuple[HeldStatus, ...]
    events: tuple[HeldEvent, ...]
    slips: tuple[HeldSlip, ...]
    publications: tuple[HeldPublication, ...]
    activities: tuple[HeldActivity, ...]


def subject_report(found: SubjectFile) -> Report:
    """The file as it is printed: who, what holds, what happened, what was printed, published and planned."""
    return Report(
        "What the school holds",
        f"about {found.preferred_name}",
        found.school,
        found.as_at.astimezone(),
        (
            Section("The pupil", tuple(_who(found))),
            Section(
                "What holds today", tuple(_status(one) for one in found.statuses), "Nobody was asked yet."
            ),
            Section("What was recorded, in its order", tuple(_event(one) for one in found.events)),
            Section(
                "Slips that were printed",
                tuple(
                    Line(
                        f"{one.form}, slip {one.code}, class {one.school_class}; counts until {_day(one.until)}",
                        _day(one.printed),
                    )
                    for one in found.slips
                ),
            ),
            Section("Publications", tuple(_publication(one) for one in found.publications)),
            Section(
                "Activities with pictures",
                tuple(
                    Line(f"{one.title}: {', '.join(one.purposes)}", _day(one.starts.astimezone().date()))
                    for one in found.activities
                ),
            ),
        ),
        _notes(found),
        "Other people’s names were left out.",
    )


def _who(found: SubjectFile) -> Iterable[Line]:
    facts: Sequence[tuple[str, object]] = (
        ("Legal name", found.legal_name),
        ("Name used", found.preferred_name if found.preferred_name != found.legal_name else None),
        ("Date of birth", found.date_of_birth and _day(found.date_of_birth)),
        ("Class", found.school_class),
        ("UPN", found.upn),
        ("Admission number", found.admission_number),
        (
            "Looked after",
            {True: "yes", False: "no"}.get(found.looked_after) if found.looked_after is not None else None,
        ),
        ("Has left", "yes" if found.left else None),
    )
    return (Line(str(value), label) for label, value in facts if value)


def _status(one: HeldStatus) -> Line:
    word = cell_for(StatusWord(one.status), one.condition).word
    until = f", until {_day(one.until)}" if one.until else ""
    return Line(f"{word}{until}{f': “{one.condition}”' if one.condition else ''}", one.name)


def _event(one: HeldEvent) -> Line:
    title = _TITLES.get(one.kind, one.kind.replace("-", " ").capitalize())
    signed = {True: "signed", False: "not signed", None: ""}[one.signed]
    pupil = _answers(one.pupil_said)
    parts = (
        f"{title} (recorded in error)" if one.recorded_in_error else title,
        f"{one.form}{f' ({one.code})' if one.code else ''}",
        f"by {'the pupil' if one.person == PUPIL else one.person}" if one.person else "",
        one.how,
        signed,
        _answers(one.said),
        f"the pupil said {pupil}" if pupil else "",
        ", ".join(one.purposes),
        f"“{one.words}”" if one.words else "",
    )
    moment = one.at.astimezone()
    return Line("; ".join(part for part in parts if part) + ".", f"{_day(moment.date())}, {moment:%H:%M}")


def _answers(said: Sequence[Said]) -> str:
    return ", ".join(
        f"{one.purpose}: {_SAID[one.word]}{f' (“{one.condition}”)' if one.condition else ''}" for one in said
    )


def _publication(one: HeldPublication) -> Line:
    count = one.with_others
    others = f", with {count} other {'pupil' if count == 1 else 'pupils'}" if count else ""
    return Line(f"{one.what}, {one.place} ({', '.join(one.purposes)}){others}", _day(one.day))


def _notes(found: SubjectFile) -> tuple[str, ...]:
    notes = ["Names of guardians, staff and other pupils were left out, and so was who recorded what."]
    if found.guardians:
        notes.append(f"Details of {found.guardians} guardians are held; each may ask for their own.")
    if found.pictures:
        notes.append(
            f"Pictures of {found.pictures} returned slips are held. They show other people’s handwriting; ask the "
            "school to look at them."
        )
    return tuple(notes)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
