"""Who may be photographed: the status of a class with 100,000 pupils and their answers in the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from consentdesk.model.consent import (
    Answer,
    Answered,
    Confirmed,
    Event,
    Issued,
    Joined,
    Returned,
    What,
    kind_of,
    unnamed_guardian,
)
from consentdesk.model.form import wording_hash
from consentdesk.model.people import Pupil
from consentdesk.services.forms import the_forms
from consentdesk.services.office import Office, create_office
from consentdesk.services.status import status
from consentdesk.store import ledger, people
from consentdesk.store.slots import FLOOR
from tests.benchmarks.figures import Figure

PUPILS = 100_000
A_CLASS = 30
_ANSWERED = 10
"""One class in so many has answered; to write down the answers of all would take minutes."""
_AT_ONCE = 10_000
_TRIED = 25
_MOST = 20.0


def lookup_figures(folder: Path) -> list[Figure]:
    """Milliseconds to see the status of one class of thirty for all purposes, the median of many classes."""
    office, _ = create_office(folder, "Hazelbrook School", "head", "made up words", cost=FLOOR)
    with office:
        _fill(office)
        seconds = []
        for number in range(_TRIED):
            begun = perf_counter()
            seen = status(office, school_class=_class(number * A_CLASS * _ANSWERED * 13))
            seconds.append(perf_counter() - begun)
            if len(seen.pupils) != A_CLASS or not any(
                one.acts_as == "yes" for one in seen.pupils[0].purposes
            ):
                raise ValueError("a class is not as it was written")
    return [Figure("status-of-a-class", round(median(seconds) * 1000, 2), "ms", goal=_MOST)]


def _class(number: int) -> str:
    return f"C{number // A_CLASS}"


def _fill(office: Office) -> None:
    """Pupils and the five events of each who answered one form: joined, issued, returned, answered, confirmed."""
    (form,) = the_forms(office, ["image-use"])
    asked = {question.purpose: wording_hash(question) for question in form.asked}
    answers = {purpose: Answer("yes", None, 0.9) for purpose in asked}
    for start in range(0, PUPILS, _AT_ONCE):
        numbers = range(start, min(PUPILS, start + _AT_ONCE))
        with office.db.writing():
            people.add_pupils(
                office.db,
                [
                    Pupil(f"p{one}", f"First{one % 977}", f"Last{one % 1009}", class_name=_class(one))
                    for one in numbers
                ],
            )
            ledger.append(office.db, _events(office, numbers, asked, answers))


def _events(
    office: Office, numbers: range, asked: dict[str, str], answers: dict[str, Answer]
) -> Iterator[Event]:
    at = datetime.now(UTC)
    for one in numbers:
        if one // A_CLASS % _ANSWERED:
            continue
        slip, reading = f"s{one}", f"r{one}"
        happened: tuple[What, ...] = (
            Joined(_class(one)),
            Issued("image-use", "AAAA", asked, (), date(at.year + 1, 12, 31)),
            Returned(reading, "scan", signed=True),
            Answered(reading, unnamed_guardian(slip), answers, "scan"),
            Confirmed(reading),
        )
        for place, what in enumerate(happened):
            yield Event(
                f"e{one}.{place}",
                kind_of(what),
                at,
                at.date(),
                office.user.id,
                what,
                f"p{one}",
                slip if place else None,
            )
