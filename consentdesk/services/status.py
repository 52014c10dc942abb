"""What holds for whom, and for what: the one answer that every list and screen is made from (rules C1, C2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from consentdesk.model.consent import Event, Status, StatusWord
from consentdesk.model.people import Pupil
from consentdesk.model.status import as_seen, status_of
from consentdesk.services.forms import questions, the_purposes
from consentdesk.services.office import Office, may, require
from consentdesk.services.pupils import the_class, the_pupil
from consentdesk.store import ledger, people


class PurposeStatus(msgspec.Struct, frozen=True):
    """One purpose of one pupil, as the user may see it; `reason` is None for teachers (rule D1)."""

    purpose: str
    status: StatusWord
    acts_as: Literal["yes", "no"]
    reason: str | None
    until: date | None
    condition: str | None


class PupilStatus(msgspec.Struct, frozen=True):
    """One pupil with every purpose that was asked for."""

    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    purposes: tuple[PurposeStatus, ...] = ()


class StatusReport(msgspec.Struct, frozen=True):
    """What holds on the day `on`, as known at the moment `as_at` (UTC, to the second)."""

    as_at: datetime
    on: date
    pupils: tuple[PupilStatus, ...]


def status(
    office: Office,
    *,
    school_class: str | None = None,
    pupil: str | None = None,
    purposes: Sequence[str] = (),
    on: date | None = None,
) -> StatusReport:
    """The statuses of a class, one pupil or everyone, for `purposes` or for all that are known.

    Raises `KnownError` where class, pupil or purpose is unknown.
    """
    require(office, "see-status")
    if pupil is not None:
        meant = [the_pupil(office, pupil)]
    else:
        name = None if school_class is None else the_class(office, school_class)
        meant = people.pupils(office.db, school_class=name)
    wanted = the_purposes(office, purposes)
    day = on or office.today
    seen = statuses(office, meant, wanted or questions(office), day)
    return StatusReport(
        office.now().replace(microsecond=0),
        day,
        tuple(
            PupilStatus(
                one.id,
                one.display_name,
                one.class_name,
                tuple(
                    _as_told(office, purpose, found)
                    for purpose, found in seen[one.id].items()
                    if not wanted or purpose in wanted
                ),
            )
            for one in meant
        ),
    )


def statuses(
    office: Office, pupils: Sequence[Pupil], purposes: Iterable[str], on: date
) -> dict[str, dict[str, Status]]:
    """By pupil and purpose, as the user may see it: without safeguarding rights no restriction shows (rule A6)."""
    safeguarding = may(office, "see-restrictions")
    events = ledger.events_of_many(office.db, [pupil.id for pupil in pupils])
    return {
        pupil: _in_order(happened, purposes, on, safeguarding=safeguarding)
        for pupil, happened in events.items()
    }


def _in_order(
    events: Iterable[Event], purposes: Iterable[str], on: date, *, safeguarding: bool
) -> dict[str, Status]:
    """The purposes named first, in their order, then whatever else the pupil was ever asked."""
    named = list(purposes)
    found = status_of(events, on, named)
    ordered = dict.fromkeys([*named, *found])
    return {purpose: as_seen(found[purpose], safeguarding=safeguarding) for purpose in ordered}


def _as_told(office: Office, purpose: str, found: Status) -> PurposeStatus:
    return PurposeStatus(
        purpose,
        found.word,
        found.acts_as,
        found.reason if may(office, "see-reasons") else None,
        found.until,
        found.condition,
    )
