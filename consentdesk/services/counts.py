"""Counts without a name: for governors, and for whoever asks under freedom of information (rule D2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import Event, Issued, Returned, StatusWord, Withdrawn
from consentdesk.model.listing import cell_for
from consentdesk.model.report import Line, Report, Section
from consentdesk.model.school_events import HandedOut
from consentdesk.model.status import as_seen, status_of
from consentdesk.printing.report_pdf import report_pdf
from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import number_of
from consentdesk.services.take_downs import take_downs
from consentdesk.store import ledger, people, publications, school

_TOGETHER = 50
_SMALL_NUMBERS = (
    "A dash stands for a number below {smallest}, which could point at one child, and for a second number of the "
    "same line, from which the first could be worked out."
)


class WordCount(msgspec.Struct, frozen=True):
    """How many pupils have one status; `pupils` is None where so few that the number could point at somebody."""

    status: StatusWord
    pupils: int | None


class PurposeCount(msgspec.Struct, frozen=True):
    """One purpose, by its id and name, with how many pupils stand how; statuses of nobody are left out."""

    purpose: str
    name: str
    words: tuple[WordCount, ...]


class Counts(msgspec.Struct, frozen=True):
    """The school in numbers as at one moment; `since` is the first day of what happened within a time.

    A number is None where it lies above 0 and below `smallest`.
    """

    as_at: datetime
    since: date
    smallest: int
    pupils: int
    slips_issued: int | None
    slips_returned: int | None
    withdrawals: int | None
    publications: int | None
    take_downs_open: int | None
    purposes: tuple[PurposeCount, ...]


def counts(office: Office, since: date) -> Job[Counts]:
    """Count the pupils of today by purpose and status, and what happened from the day `since` on.

    A restriction counts as a no, like everywhere. Raises `KnownError` for a day that has not come yet.
    """
    require(office, "count-pupils")
    if since > office.today:
        raise KnownError("that day has not come yet", "nothing was counted", "choose today or an earlier day")
    at, today, smallest = (
        office.now().replace(microsecond=0),
        office.today,
        number_of(office, "smallest-count"),
    )
    asked = [question for form in forms_in_force(office).values() for question in form.definition.asked]
    found: dict[str, Counter[StatusWord]] = {question.purpose: Counter() for question in asked}
    happened: Counter[type] = Counter()
    pupils = [pupil.id for pupil in people.pupils(office.db)]
    for start in range(0, len(pupils), _TOGETHER):
        yield Progress(start, len(pupils), "counting")
        for events in ledger.events_of_many(office.db, pupils[start : start + _TOGETHER]).values():
            statuses = status_of(events, today, found)
            for purpose, counter in found.items():
                counter[as_seen(statuses[purpose], safeguarding=False).word] += 1
            happened.update(_since(events, since))
    published = sum(one.day >= since for one in publications.publications(office.db))
    return Counts(
        at,
        since,
        smallest,
        len(pupils),
        _told(happened[Issued], smallest),
        _told(happened[Returned], smallest),
        _told(happened[Withdrawn], smallest),
        published,
        _told(len(take_downs(office)), smallest),
        tuple(
            PurposeCount(question.purpose, question.name, _words(found[question.purpose], smallest))
            for question in asked
        ),
    )


def write_counts(office: Office, since: date, target: Path, *, password: str | None = None) -> Job[Counts]:
    """Write the counts as PDF, encrypted where a password is given, and record that they were handed out."""
    with paths.write_whole(target) as part:
        found = yield from counts(office, since)
        part.write_bytes(report_pdf(counts_report(found, school.school(office.db).name), password))
        record(office, [Happening(HandedOut("counts", found.pupils, password is not None))])
    return found


def counts_report(found: Counts, school_name: str) -> Report:
    """The counts as they are printed."""
    happened = (
        ("Forms printed", found.slips_issued),
        ("Forms returned", found.slips_returned),
        ("Withdrawals", found.withdrawals),
        ("Publications", found.publications),
        ("Still to be taken down", found.take_downs_open),
    )
    day = f"{found.since.day} {found.since:%B %Y}"
    return Report(
        "Consent in numbers",
        f"{found.pupils} pupils",
        school_name,
        found.as_at.astimezone(),
        (
            Section(
                f"Since {day}",
                tuple(Line(_in_words(number), label) for label, number in happened),
            ),
            Section(
                "What families said",
                tuple(
                    Line(
                        " · ".join(
                            f"{cell_for(word.status).word}: {_in_words(word.pupils)}" for word in one.words
                        ),
                        one.name,
                    )
                    for one in found.purposes
                ),
            ),
        ),
        (_SMALL_NUMBERS.format(smallest=found.smallest),),
        "Counts only; no pupil can be told from them.",
    )


def _since(events: Iterable[Event], since: date) -> Iterable[type]:
    return (type(event.what) for event in events if event.on >= since)


def _words(counter: Counter[StatusWord], smallest: int) -> tuple[WordCount, ...]:
    """By status in the order of rule C2. A number left out alone could be had from the others: then two are."""
    present = [(word, counter[word]) for word in StatusWord if counter[word]]
    small = {word for word, number in present if number < smallest}
    if len(small) == 1 and len(present) > 1:
        small.add(min((one for one in present if one[0] not in small), key=lambda one: one[1])[0])
    return tuple(WordCount(word, None if word in small else number) for word, number in present)


def _told(number: int, smallest: int) -> int | None:
    return None if 0 < number < smallest else number


def _in_words(number: int | None) -> str:
    return "–" if number is None else f"{number}"
