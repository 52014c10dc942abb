"""Whether somebody may use the internet on a day, by what, or what stands against it (rules N1, N2, P5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import msgspec

from consentdesk.model.consent import Event, Joined, Left, StatusWord
from consentdesk.model.school_events import AccessEnded, AccessRestored, PolicyAcknowledged
from consentdesk.model.slip import typed_code
from consentdesk.model.staff import StaffMember
from consentdesk.model.status import statuses_for
from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office

ACCESS: Final = "internet.access"
RULES: Final = "internet.rules"
_WHY: Final = {
    StatusWord.WITHDRAWN: "withdrawn",
    StatusWord.NO: "answered no",
    StatusWord.EXPIRED: "came to its end",
}


class Access(msgspec.Struct, frozen=True):
    """Whether somebody has access on a day, and what that rests on, or what stands against it."""

    has: bool
    by: str = ""
    until: date | None = None
    why: str = ""


def needed_for_access(office: Office) -> tuple[str, ...]:
    """The purposes that must be yes: access, and the agreement to the rules where the school asks for it (rule P5)."""
    asked = {
        question.purpose for form in forms_in_force(office).values() for question in form.definition.asked
    }
    return tuple(purpose for purpose in (ACCESS, RULES) if purpose == ACCESS or purpose in asked)


def of_pupil(events: Sequence[Event], needed: Sequence[str], day: date) -> Access:
    """Rule N2: from status alone, so that whoever withdraws or leaves is off the record by that."""
    found = statuses_for(events, needed, day)
    ended = ended_by_school(event for event in events if event.on <= day)
    if ended:
        return Access(False, why=f"ended by the school: {ended}")
    for purpose in needed:
        if found[purpose].acts_as != "yes" and _has_left(events, day):
            return Access(False, why="left the school")
        if found[purpose].acts_as != "yes":
            return Access(False, why=_WHY.get(found[purpose].word, "no longer a yes"))
    untils = [found[purpose].until for purpose in needed]
    slip = found[needed[0]].slip
    return Access(
        True, f"slip {typed_code(slip)}" if slip else "", min((one for one in untils if one), default=None)
    )


def _has_left(events: Iterable[Event], day: date) -> bool:
    comings = [event.what for event in events if isinstance(event.what, Joined | Left) and event.on <= day]
    return bool(comings) and isinstance(comings[-1], Left)


def of_staff(member: StaffMember, events: Sequence[Event], day: date) -> Access:
    known = [event for event in events if event.on <= day]
    until = acknowledged_until(known)
    if member.left is not None and member.left <= day:
        return Access(False, why="left")
    ended = ended_by_school(known)
    if ended:
        return Access(False, why=f"ended by the school: {ended}")
    if until is None or until < day:
        return Access(False, why="policy not acknowledged this year")
    return Access(True, "policy acknowledged", until)


def acknowledged_until(events: Iterable[Event]) -> date | None:
    untils = [event.what.until for event in events if isinstance(event.what, PolicyAcknowledged)]
    return max(untils, default=None)


def ended_by_school(events: Iterable[Event]) -> str:
    """Why the school has ended somebody's access; empty where it has not, or has restored it since."""
    why = ""
    for event in events:
        if isinstance(event.what, AccessEnded):
            why = event.what.why
        elif isinstance(event.what, AccessRestored):
            why = ""
    return why
