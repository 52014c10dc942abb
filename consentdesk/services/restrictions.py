"""Safeguarding restrictions: made, lifted, and their reason told only to those who may know, each look logged (A6)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.circumstances import RestrictionSeen
from consentdesk.model.consent import Event, Invalidated, Lifted, Restricted
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.store import ledger, people


class Restriction(msgspec.Struct, frozen=True):
    """A restriction by its event, without its reason: on whom, since when, and by whom it was made.

    `lifted` is when it ended, None while it is in force.
    """

    restriction: str
    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    since: datetime
    by: str
    lifted: datetime | None = None


class Look(msgspec.Struct, frozen=True):
    """Somebody looked at why."""

    by: str
    at: datetime


class Reason(msgspec.Struct, frozen=True):
    """Why a restriction is in force, and who has looked at that, this look last."""

    restriction: Restriction
    why: str
    looks: tuple[Look, ...]


def restrict(office: Office, pupil: str, why: str) -> Restriction:
    """Force every image purpose to no (rule A6), from this moment. Raises `KnownError` without a reason."""
    require(office, "restrict-pupils")
    meant = the_pupil(office, pupil)
    if not why.strip():
        raise KnownError(
            "a restriction needs a reason, which only safeguarding sees", "nothing was recorded", "give one"
        )
    (made,) = record(office, [Happening(Restricted(why.strip()), meant.id)])
    return _told(office, made, [made])


def lift(office: Office, restriction: str) -> Restriction:
    """End a restriction, by its id; what families answered holds again. Raises `KnownError` where none is in force."""
    require(office, "restrict-pupils")
    made = _the_restriction(office, restriction)
    events = ledger.events_of(office.db, made.pupil or "")
    if _ended(made, events) is not None:
        raise KnownError(
            "that restriction is not in force any more", "nothing was changed", "look at the list"
        )
    lifted = record(office, [Happening(Lifted(made.id), made.pupil)])
    return _told(office, made, [*events, *lifted])


def restrictions(office: Office, *, lifted_too: bool = False) -> tuple[Restriction, ...]:
    """The restrictions in force, newest first, without their reasons; the lifted ones too where asked for."""
    require(office, "see-restrictions")
    made = ledger.events_of_kind(office.db, "restricted")
    around = ledger.events_of_many(office.db, {event.pupil for event in made if event.pupil})
    found = [
        _told(office, event, around[event.pupil]) for event in made if event.pupil and event.what is not None
    ]
    kept = [one for one in found if lifted_too or one.lifted is None]
    return tuple(sorted(kept, key=lambda one: one.since, reverse=True))


def why_restricted(office: Office, restriction: str) -> Reason:
    """Why a restriction was made. The look is recorded before the reason is told (rule A6).

    Raises `KnownError` where there is no such restriction.
    """
    require(office, "see-restrictions")
    made = _the_restriction(office, restriction)
    record(office, [Happening(RestrictionSeen(made.id), made.pupil)])
    events = ledger.events_of(office.db, made.pupil or "")
    looks = tuple(
        Look(user_name(office, event.by), event.at)
        for event in events
        if isinstance(event.what, RestrictionSeen) and event.what.event == made.id
    )
    why = made.what.why if isinstance(made.what, Restricted) else ""
    return Reason(_told(office, made, events), why, looks)


def _the_restriction(office: Office, restriction: str) -> Event:
    event = ledger.event(office.db, restriction)
    if event is None or not isinstance(event.what, Restricted):
        raise KnownError("there is no such restriction", "nothing was changed", "look at the list")
    return event


def _ended(made: Event, events: list[Event]) -> datetime | None:
    """When it was lifted, or found to be recorded in error; None while it is in force."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    ends = [
        event.at
        for event in events
        if event.id not in void
        and isinstance(event.what, Lifted | Invalidated)
        and event.what.event == made.id
    ]
    return min(ends, default=None)


def _told(office: Office, made: Event, events: list[Event]) -> Restriction:
    pupil = people.pupil(office.db, made.pupil or "")
    return Restriction(
        made.id,
        made.pupil or "",
        pupil.display_name if pupil else "",
        pupil.class_name if pupil else "",
        made.at,
        user_name(office, made.by),
        _ended(made, events),
    )
