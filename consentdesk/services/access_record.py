"""Who may use the internet: one live record of pupils and staff, and what changed for the technician (rules N1, N2)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import Event
from consentdesk.model.form import lasts_until
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import AccessEnded, AccessRestored, PolicyAcknowledged
from consentdesk.model.staff import StaffMember
from consentdesk.services.access_state import (
    Access,
    acknowledged_until,
    ended_by_school,
    needed_for_access,
    of_pupil,
    of_staff,
)
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import number_of
from consentdesk.services.since import began_with
from consentdesk.services.staff import the_staff_member
from consentdesk.store import ledger, people, slips
from consentdesk.store import staff as staff_store

_OF_STAFF: Final = ("policy-acknowledged", "access-ended", "access-restored")
_TOGETHER: Final = 50
_AHEAD: Final = timedelta(days=30)

Kind = Literal["pupil", "staff", "volunteer"]


class AccessLine(msgspec.Struct, frozen=True):
    """Somebody who has access: `group` is a pupil's class or what somebody does at the school.

    `by` says what granted it, a slip's code or an acknowledgement, `since` from which day, `until` to which.
    """

    kind: Kind
    person: str
    name: str
    group: str
    by: str
    since: date
    until: date | None


class AccessChange(msgspec.Struct, frozen=True):
    """Somebody whose access was granted or ended: for the technician. `why` is only there for an end."""

    kind: Kind
    person: str
    name: str
    group: str
    change: Literal["granted", "ended"]
    on: date
    why: str = ""


class AccessRecord(msgspec.Struct, frozen=True):
    """Everybody who has access as at one moment: pupils by class and surname, then staff and volunteers."""

    as_at: datetime
    lines: tuple[AccessLine, ...]


def access_record(office: Office) -> Job[AccessRecord]:
    """The live record: leavers and those who withdrew are off it from the moment that was recorded."""
    require(office, "see-status")
    at, today, needed = office.now().replace(microsecond=0), office.today, needed_for_access(office)
    lines: list[AccessLine] = []
    pupils = people.pupils(office.db)
    for start in range(0, len(pupils), _TOGETHER):
        yield Progress(start, len(pupils), "looking up pupils")
        some = {pupil.id: pupil for pupil in pupils[start : start + _TOGETHER]}
        for pupil_id, events in ledger.events_of_many(office.db, some).items():
            access = of_pupil(events, needed, today)
            if access.has:
                began = began_with(events, lambda some, day: of_pupil(some, needed, day).has)
                since = began.on if began else today
                pupil = some[pupil_id]
                lines.append(_pupil_line(pupil, access, since))
    histories = _staff_histories(office)
    for member in staff_store.staff(office.db):
        events = histories.get(member.id, [])
        access = of_staff(member, events, today)
        if access.has:
            since = max(event.on for event in events if isinstance(event.what, PolicyAcknowledged))
            kind: Kind = "volunteer" if member.volunteer else "staff"
            lines.append(
                AccessLine(kind, member.id, member.name, member.role, access.by, since, access.until)
            )
    return AccessRecord(at, tuple(lines))


def access_changes(office: Office, since: date) -> Job[tuple[AccessChange, ...]]:
    """Whose access differs from what it was at the end of the day `since`, the first to change first (rule N2).

    Raises `KnownError` for a day that has not come yet.
    """
    require(office, "keep-access-record")
    today, needed = office.today, needed_for_access(office)
    if since > today:
        raise KnownError("that day has not come yet", "nothing was listed", "choose today or an earlier day")
    found: list[AccessChange] = []
    concerned = sorted(_may_have_changed(office, since))
    for start in range(0, len(concerned), _TOGETHER):
        yield Progress(start, len(concerned), "comparing access")
        known = people.pupils_named(office.db, concerned[start : start + _TOGETHER])
        for pupil_id, events in ledger.events_of_many(office.db, known).items():
            then, now = of_pupil(events, needed, since), of_pupil(events, needed, today)
            if then.has != now.has:
                pupil = known[pupil_id]
                on = _changed_on(events, needed, since, today, now.has)
                change: Literal["granted", "ended"] = "granted" if now.has else "ended"
                found.append(
                    AccessChange("pupil", pupil.id, pupil.display_name, pupil.class_name, change, on, now.why)
                )
    found += _staff_changes(office, since, today)
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.name)))


def acknowledge(office: Office, who: str, *, on: date | None = None) -> date:
    """Record that a member of staff or a volunteer acknowledged the policy; the last day on which it counts.

    Raises `KnownError` where they are unknown or have left, or the day lies ahead.
    """
    require(office, "keep-access-record")
    member = _present(office, who)
    day = on or office.today
    if day > office.today:
        raise KnownError("that day has not come yet", "nothing was recorded", "record it on the day")
    until = lasts_until(f"{number_of(office, 'policy-months')} months", day)
    record(office, [Happening(PolicyAcknowledged(member.id, until))])
    return until


def end_access(office: Office, why: str, *, pupil: str | None = None, staff: str | None = None) -> str:
    """End the access of a pupil or a member of staff, from now, by the school's decision; their name.

    Raises `KnownError`, and records nothing, where nobody or more than one is meant, or there is no reason.
    """
    require(office, "keep-access-record")
    if not why.strip():
        raise KnownError("the end of access wants a reason", "nothing was recorded", "say why")
    if pupil is not None:
        meant = the_pupil(office, pupil)
        record(office, [Happening(AccessEnded(why.strip()), meant.id)])
        return meant.display_name
    member = _present(office, staff or "")
    record(office, [Happening(AccessEnded(why.strip(), member.id))])
    return member.name


def restore_access(office: Office, *, pupil: str | None = None, staff: str | None = None) -> str:
    """Allow again what the school had ended; consent and acknowledgement are needed as before. Their name.

    Raises `KnownError`, and records nothing, where it was never ended.
    """
    require(office, "keep-access-record")
    if pupil is not None:
        meant = the_pupil(office, pupil)
        _refuse_unless_ended(meant.display_name, ledger.events_of(office.db, meant.id))
        record(office, [Happening(AccessRestored(), meant.id)])
        return meant.display_name
    member = _present(office, staff or "")
    _refuse_unless_ended(member.name, _staff_histories(office).get(member.id, []))
    record(office, [Happening(AccessRestored(member.id))])
    return member.name


def acknowledgements_due(office: Office) -> tuple[tuple[StaffMember, date | None], ...]:
    """Staff and volunteers who must acknowledge the policy within a month, with the day on which the last one ends."""
    require(office, "see-status")
    histories = _staff_histories(office)
    due = []
    for member in staff_store.staff(office.db):
        until = acknowledged_until(histories.get(member.id, []))
        if until is None or until <= office.today + _AHEAD:
            due.append((member, until))
    return tuple(due)


def _refuse_unless_ended(name: str, events: Iterable[Event]) -> None:
    if not ended_by_school(events):
        raise KnownError(
            f"the school has not ended the access of {name}",
            "nothing was recorded",
            "look whether consent or acknowledgement is missing",
        )


def _pupil_line(pupil: Pupil, access: Access, since: date) -> AccessLine:
    return AccessLine("pupil", pupil.id, pupil.display_name, pupil.class_name, access.by, since, access.until)


def _may_have_changed(office: Office, since: date) -> set[str]:
    """Everybody of whom something was recorded since, and whose slip has come to its end."""
    # A day more than needed, for a clock that was put right.
    before = ledger.places_until(office.db, since - timedelta(days=1))
    recorded = {pupil for pupil, last in ledger.last_places(office.db).items() if last > before}
    return recorded | slips.ended_between(office.db, since, office.today)


def _changed_on(events: Sequence[Event], needed: Sequence[str], since: date, today: date, has: bool) -> date:
    """The day of the last change: an event's, or the day after a yes had come to its end."""
    days = [since, *sorted({event.on for event in events if since < event.on < today}), today]
    for low, high in reversed(list(pairwise(days))):
        if of_pupil(events, needed, low).has == has:
            continue
        # Between two events only time changes anything, and it does so once: from yes to no.
        span = range(low.toordinal() + 1, high.toordinal())
        at = bisect_left(
            span, True, key=lambda day: of_pupil(events, needed, date.fromordinal(day)).has == has
        )
        return date.fromordinal(low.toordinal() + 1 + at)
    return today


def _staff_changes(office: Office, since: date, today: date) -> Iterable[AccessChange]:
    histories = _staff_histories(office)
    for member in staff_store.staff(office.db, include_left=True):
        events = histories.get(member.id, [])
        then, now = of_staff(member, events, since), of_staff(member, events, today)
        if then.has != now.has:
            kind: Kind = "volunteer" if member.volunteer else "staff"
            on = _staff_changed_on(member, events, since, today, now.has)
            change: Literal["granted", "ended"] = "granted" if now.has else "ended"
            yield AccessChange(kind, member.id, member.name, member.role, change, on, now.why)


def _staff_changed_on(
    member: StaffMember, events: Sequence[Event], since: date, today: date, has: bool
) -> date:
    day = today
    while day > since and of_staff(member, events, day - timedelta(days=1)).has == has:
        day -= timedelta(days=1)
    return day


def _staff_histories(office: Office) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in ledger.events_of_kinds(office.db, _OF_STAFF):
        if isinstance(event.what, PolicyAcknowledged | AccessEnded | AccessRestored):
            found.setdefault(event.what.staff, []).append(event)
    return found


def _present(office: Office, who: str) -> StaffMember:
    member = the_staff_member(office, who)
    if member.left is not None:
        raise KnownError(f"{member.name} has left", "nothing was recorded", "check the name")
    return member
