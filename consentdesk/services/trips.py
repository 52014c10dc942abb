"""Trips and other activities: planned, permitted before they start, and listed (rules A7, I3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.activity import (
    Activity,
    EquipmentException,
    Permission,
    PermissionState,
    Plan,
    permission_state,
    plan_hash,
)
from consentdesk.model.school_events import ActivityPermitted, ActivityPlanned, EquipmentAllowed
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.pupils import the_class, the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import holds
from consentdesk.services.trip import chosen_purposes, picture_purposes
from consentdesk.store import activities, ledger, people

MOST_PUPILS = 2_000


class TripLine(msgspec.Struct, frozen=True):
    """One activity in a list: when it starts, how many come along, and whether pictures are permitted."""

    activity: str
    title: str
    starts: datetime
    pupils: int
    permission: PermissionState


class PermissionTold(msgspec.Struct, frozen=True):
    """Whether pictures are permitted; who said so and when, where anybody did for the plan as it is."""

    state: PermissionState
    by: str = ""
    at: datetime | None = None


class TripFile(msgspec.Struct, frozen=True):
    """All that is recorded of one activity. `equipment_missing` tells that its equipment is not allowed (rule I3)."""

    activity: Activity
    permission: PermissionTold
    exceptions: tuple[EquipmentException, ...]
    equipment_missing: bool


def who_goes(
    office: Office, *, classes: Sequence[str] = (), pupils: Sequence[str] = (), without: Sequence[str] = ()
) -> tuple[str, ...]:
    """The ids of the pupils of some classes and of some pupils by themselves, each once, but for those `without`.

    Raises `KnownError` where a class or a pupil is unknown.
    """
    require(office, "see-status")
    meant = [
        pupil for name in classes for pupil in people.pupils(office.db, school_class=the_class(office, name))
    ]
    meant += [the_pupil(office, name) for name in pupils]
    stay = {the_pupil(office, name).id for name in without}
    return tuple(dict.fromkeys(pupil.id for pupil in meant if pupil.id not in stay))


def plan_trip(office: Office, plan: Plan) -> Activity:
    """Record an activity at which pictures are to be taken; it is not permitted by that (rule A7).

    Without purposes it serves every place for pictures but the full name. Raises `KnownError`, and records
    nothing, where something is missing, a purpose or pupil unknown, or the start not ahead.
    """
    require(office, "plan-activities")
    activity = Activity(uuid4().hex, _checked(office, plan))
    with office.db.writing():
        activities.keep_activity(office.db, activity)
        record(office, [_planned(activity)])
    return activity


def change_trip(office: Office, activity_id: str, plan: Plan) -> Activity:
    """Change the plan of an activity that has not started. Whatever a permission covers needs a new one then.

    Raises `KnownError` as `plan_trip` does, and where the activity is unknown or has started.
    """
    require(office, "plan-activities")
    before = the_trip(office, activity_id)
    if before.plan.starts <= office.now():
        raise KnownError(
            f"{before.plan.title} has started, so its plan stays as it was",
            "nothing was changed",
            "plan another activity",
        )
    activity = Activity(before.id, _checked(office, plan))
    with office.db.writing():
        activities.change_activity(office.db, activity)
        record(office, [_planned(activity)])
    return activity


def permit_trip(office: Office, activity_id: str) -> TripFile:
    """Record, as the user signed in, that pictures may be taken at an activity as it is planned now.

    The moment is this one: nothing is dated back. Raises `KnownError`, and records nothing, where the activity
    has started, is permitted already, or wants equipment that nobody has allowed (rule I3).
    """
    require(office, "permit-activities")
    file = trip_file(office, activity_id)
    plan = file.activity.plan
    if plan.starts <= office.now():
        raise KnownError(
            f"{plan.title} has started, and a permission cannot be dated back",
            "nothing was recorded, and no picture taken there is permitted",
            "record permission before the next one starts",
        )
    if file.permission.state == "given":
        raise KnownError(
            f"pictures at {plan.title} are permitted already by {file.permission.by}", "nothing was recorded"
        )
    if file.equipment_missing:
        raise KnownError(
            f"{plan.title} wants to use {plan.equipment}, which is not the school’s and not allowed",
            "nothing was recorded",
            "allow that equipment first, or plan with the school’s own",
        )
    record(office, [Happening(ActivityPermitted(file.activity.id, plan_hash(plan)))])
    return trip_file(office, activity_id)


def allow_equipment(
    office: Office, activity_id: str, equipment: str, owner: str, until: date
) -> EquipmentException:
    """Allow other equipment than the school's at one activity, until the end of a day (rule I3).

    Raises `KnownError` where words are missing, or that day lies behind or before the activity.
    """
    require(office, "permit-activities")
    activity = the_trip(office, activity_id)
    if not equipment.strip() or not owner.strip():
        raise KnownError("the equipment and its owner need a name", "nothing was recorded", "say both")
    if until < max(office.today, activity.plan.starts.astimezone().date()):
        raise KnownError(
            "the exception would end before the activity", "nothing was recorded", "choose a later day"
        )
    exception = EquipmentException(
        uuid4().hex, activity.id, equipment.strip(), owner.strip(), office.user.id, until
    )
    with office.db.writing():
        activities.keep_exception(office.db, exception)
        record(office, [Happening(EquipmentAllowed(exception.id, activity.id, until))])
    return exception


def trips(office: Office, which: Literal["ahead", "all"] = "ahead") -> tuple[TripLine, ...]:
    """The activities from today on, or all, in the order in which they start."""
    require(office, "see-status")
    since = datetime.combine(office.today, datetime.min.time()).astimezone() if which == "ahead" else None
    permitted = _permissions(office)
    return tuple(
        TripLine(
            one.id,
            one.plan.title,
            one.plan.starts,
            len(one.plan.pupils),
            permission_state(one.plan, permitted.get(one.id, [])),
        )
        for one in activities.activities(office.db, since)
    )


def trip_file(office: Office, activity_id: str) -> TripFile:
    """What is recorded of one activity. Raises `KnownError` where it is unknown."""
    require(office, "see-status")
    activity = the_trip(office, activity_id)
    given = permissions_of(office, activity.id)
    state = permission_state(activity.plan, given)
    last = next((one for one in reversed(given) if one.plan == plan_hash(activity.plan)), None)
    told = PermissionTold(state, user_name(office, last.by), last.at) if last else PermissionTold(state)
    allowed = tuple(activities.exceptions(office.db, activity.id))
    day = activity.plan.starts.astimezone().date()
    missing = (
        activity.plan.own_equipment
        and holds(office, "school-equipment-only")
        and not any(one.until >= day for one in allowed)
    )
    return TripFile(activity, told, allowed, missing)


def the_trip(office: Office, named: str) -> Activity:
    """The activity with that id, or the one that begins with it or has that title. Raises `KnownError`."""
    exact = activities.activity(office.db, named)
    if exact is not None:
        return exact
    text = named.strip().casefold()
    known = activities.activities(office.db)
    meant = [
        one
        for one in known
        if text
        and (one.plan.title.casefold() == text or (len(text) >= _SHORT_ID and one.id.startswith(text)))
    ]
    if len(meant) == 1:
        return meant[0]
    listed = ", ".join(f"{one.plan.title} ({one.id[:_SHORT_ID]})" for one in (meant or known)[-_MOST_NAMED:])
    raise KnownError(
        f"{named} could be more than one activity" if meant else f"there is no activity {named}",
        "nothing was done",
        f"choose from {listed}" if listed else "plan one first",
    )


_SHORT_ID = 8
_MOST_NAMED = 6


def _planned(activity: Activity) -> Happening:
    return Happening(ActivityPlanned(activity.id, plan_hash(activity.plan), activity.plan.pupils))


def _checked(office: Office, plan: Plan) -> Plan:
    """The plan with its words trimmed and its purposes known."""
    words = {
        "a title": plan.title,
        "a word on the equipment": plan.equipment,
        "a word on what becomes of the pictures": plan.afterwards,
    }
    missing = [what for what, text in words.items() if not text.strip()]
    if not plan.pupils:
        missing.append("pupils")
    if missing:
        raise KnownError(f"the activity needs {' and '.join(missing)}", "nothing was recorded", "give it")
    if len(set(plan.pupils)) > MOST_PUPILS:
        raise KnownError(
            f"an activity has at most {MOST_PUPILS} pupils", "nothing was recorded", "plan several"
        )
    if plan.starts <= office.now():
        raise KnownError(
            "the activity would have started already, and no permission can be dated back",
            "nothing was recorded",
            "choose a time that is ahead",
        )
    known = people.pupils_named(office.db, plan.pupils)
    unknown = [pupil for pupil in plan.pupils if pupil not in known or known[pupil].left]
    if unknown:
        raise KnownError(
            f"{len(unknown)} of the pupils are not at the school", "nothing was recorded", "choose again"
        )
    purposes = tuple(
        one.purpose for one in chosen_purposes(picture_purposes(office), tuple(dict.fromkeys(plan.purposes)))
    )
    return msgspec.structs.replace(
        plan,
        title=" ".join(plan.title.split()),
        purposes=purposes,
        equipment=plan.equipment.strip(),
        afterwards=plan.afterwards.strip(),
        pupils=tuple(sorted(set(plan.pupils))),
    )


def permissions_of(office: Office, activity_id: str) -> list[Permission]:
    """Every permission given for one activity, in their order."""
    return _permissions(office).get(activity_id, [])


def _permissions(office: Office) -> dict[str, list[Permission]]:
    """Every permission by its activity, in the order in which they were given."""
    found: dict[str, list[Permission]] = {}
    for event in ledger.events_of_kinds(office.db, ["activity-permitted"]):
        if isinstance(event.what, ActivityPermitted):
            given = Permission(event.by, event.at, event.what.plan)
            found.setdefault(event.what.activity, []).append(given)
    return found
