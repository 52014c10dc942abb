"""Who may be photographed: a class and a trip, with 100,000 pupils and a million events in the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from consentdesk.model.activity import Plan
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
from consentdesk.services.trip_sheet import activity_check, make_sheet
from consentdesk.services.trips import permit_trip, plan_trip
from consentdesk.store import ledger, people
from consentdesk.store.slots import FLOOR
from tests.benchmarks.figures import Figure

PUPILS = 100_000
EVENTS = 1_000_000
A_CLASS = 30
A_TRIP = 60
_ANSWERED = 10
"""The events of one class in so many are written and chained; the others' are copies of them."""
_AT_ONCE = 10_000
_TRIED = 25
_MOST_OF_A_CLASS, _MOST_OF_A_TRIP = 20.0, 50.0
_TOLD_BY_EACH = 10
_WHILE_FILLING, _AS_EVER = 600_000, 2_000
"""Sizes of SQLite's page cache, KiB; the second is what the program runs with."""

# What the copies are for is their weight in the tables and indexes. They stand under other pupils' ids and are in
# no chain, which would take minutes; nothing here follows it.
_COPY = """
INSERT INTO event (seq, id, kind, at, on_day, "by", pupil, slip, batch, payload, salt, payload_hash, chain_hash)
SELECT seq + :step * :written, id || '.' || :step, kind, at, on_day, "by",
       'p' || (CAST(substr(pupil, 2) AS INTEGER) + :step * :class), slip, batch, payload, salt, payload_hash, chain_hash
FROM event WHERE seq <= :written
"""


def lookup_figures(folder: Path) -> list[Figure]:
    """Milliseconds for the status of a class of 30 for all purposes, and for the check of a trip of 60, as medians.

    The trip's pupils come from two classes far apart in the store. The sheet's making is told too.
    """
    office, _ = create_office(folder, "Hazelbrook School", "head", "made up words", cost=FLOOR)
    with office:
        _fill(office)
        trip = _trip(office)
        classes = iter(range(0, _TRIED * A_CLASS * _ANSWERED * 13, A_CLASS * _ANSWERED * 13))
        return [
            Figure(
                "status-of-a-class",
                _tried(lambda: _look_at_class(office, next(classes))),
                "ms",
                goal=_MOST_OF_A_CLASS,
            ),
            Figure(
                "check-of-a-trip", _tried(lambda: _look_at_trip(office, trip)), "ms", goal=_MOST_OF_A_TRIP
            ),
            Figure("sheet-of-a-trip", _tried(lambda: make_sheet(office, trip)), "ms"),
        ]


def _tried(look: Callable[[], object]) -> float:
    """The median of several looks, in milliseconds."""
    seconds = []
    for _ in range(_TRIED):
        begun = perf_counter()
        look()
        seconds.append(perf_counter() - begun)
    return round(median(seconds) * 1000, 2)


def _look_at_class(office: Office, number: int) -> None:
    seen = status(office, school_class=_class(number))
    if len(seen.pupils) != A_CLASS or not any(one.acts_as == "yes" for one in seen.pupils[0].purposes):
        raise ValueError("a class is not as it was written")


def _look_at_trip(office: Office, trip: str) -> None:
    found = activity_check(office, trip)
    if len(found.check.of_group("all")) != A_TRIP or not found.may_photograph:
        raise ValueError("the trip is not as it was planned")


def _trip(office: Office) -> str:
    half = A_CLASS * _ANSWERED * 200
    going = tuple(f"p{start + number}" for start in (0, half) for number in range(A_CLASS))
    plan = Plan("Farm", datetime.now(UTC) + timedelta(days=9), (), "School camera", "Deleted", pupils=going)
    trip = plan_trip(office, plan).id
    permit_trip(office, trip)
    return trip


def _class(number: int) -> str:
    return f"C{number // A_CLASS}"


def _cache(office: Office, kib: int) -> None:
    with office.db.office.writing() as connection:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{kib}")


def _fill(office: Office) -> None:
    """Pupils and ten events of each: joined, then three forms issued, returned, answered and confirmed at last."""
    # A million rows in no order would read and write every page of the indexes again and again.
    _cache(office, _WHILE_FILLING)
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
            ledger.append(office.db, _events(office, numbers))
    written = ledger.head(office.db)[0]
    with office.db.writing():
        for step in range(1, _ANSWERED):
            copied = {"step": step, "written": written, "class": A_CLASS}
            office.db.office.write(sa.text(_COPY), copied)
    _cache(office, _AS_EVER)
    (kept,) = office.db.office.rows(sa.text("SELECT count(*) AS events FROM event"))
    if kept.events < EVENTS:
        raise ValueError("there are fewer events than the figure says")
    # What is recorded from here on stands behind the copies.
    office.db.head = office.db.head._replace(events=kept.events)


def _events(office: Office, numbers: range) -> Iterator[Event]:
    forms = the_forms(office, ["image-use", "web-publication", "internet-access"])
    asked = [{question.purpose: wording_hash(question) for question in form.asked} for form in forms]
    at = datetime.now(UTC)
    for one in numbers:
        if one // A_CLASS % _ANSWERED:
            continue
        happened: list[tuple[What, str | None]] = [(Joined(_class(one)), None)]
        for form, purposes in zip(forms, asked, strict=True):
            slip, reading = f"{form.id[0]}{one}", f"{form.id[0]}r{one}"
            answers = {purpose: Answer("yes", None, 0.9) for purpose in purposes}
            until = date(at.year + 1, 12, 31)
            happened += [
                (Issued(form.id, "AAAA", purposes, (), until), slip),
                (Returned(reading, "scan", signed=True), slip),
                (Answered(reading, unnamed_guardian(slip), answers, "scan"), slip),
                (Confirmed(reading), slip),
            ]
        for place, (what, slip_id) in enumerate(happened[:_TOLD_BY_EACH]):
            yield Event(
                f"e{one}.{place}", kind_of(what), at, at.date(), office.user.id, what, f"p{one}", slip_id
            )
