"""Who may be photographed on a trip, and for what: three groups, and nobody's reasons (rules P3, C2, C8, C9, A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import Event, Issued, Returned, Status, StatusWord
from consentdesk.model.people import Pupil
from consentdesk.model.status import IMAGE_PREFIX, as_seen, statuses_for
from consentdesk.services.forms import forms_in_force, questions
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_class
from consentdesk.store import ledger, people, scans, slips

FULL_NAME: Final = "image.full-name"
"""A name beside a picture is no place for a picture: it is looked at only where somebody asks (rule P3)."""
Group = Literal["none", "some", "all"]
_GROUPS: Final[tuple[Group, ...]] = ("none", "some", "all")
_PLACE: Final = {word: place for place, word in enumerate(StatusWord)}


class TripPurpose(msgspec.Struct, frozen=True):
    """A place where a picture may be used, as lists call it."""

    purpose: str
    name: str


class TripCondition(msgspec.Struct, frozen=True):
    """A handwritten condition, word for word, and the names of the purposes that it narrows (rule C8)."""

    purposes: tuple[str, ...]
    words: str


class TripPupil(msgspec.Struct, frozen=True):
    """One pupil on a trip: `none` means do not photograph, `some` only for `allowed`, `all` for every purpose chosen.

    `word` is the first status of rule C2 among the purposes that do not act as yes; a plain yes where all do.
    `statuses` are the words by purpose, in the order of the purposes chosen. `form_in` is the day on which the
    latest slip that asks for any of them came back, None where none did.
    """

    pupil: str
    name: str
    school_class: str
    group: Group
    word: StatusWord
    allowed: tuple[str, ...]
    conditions: tuple[TripCondition, ...]
    statuses: tuple[tuple[str, StatusWord], ...]
    form_in: date | None


class TripCheck(msgspec.Struct, frozen=True):
    """A class as at one moment (rule C9): who may not be photographed first, then who may for some purposes.

    `purposes` are those looked at, of the `offered` ones. `waiting` slips of these pupils have come back and do
    not count yet; `tray` slips have no owner, and may be theirs.
    """

    school_class: str
    as_at: datetime
    on: date
    purposes: tuple[TripPurpose, ...]
    offered: tuple[TripPurpose, ...]
    pupils: tuple[TripPupil, ...]
    waiting: int
    tray: int

    def of_group(self, group: Group) -> tuple[TripPupil, ...]:
        """The pupils of one group, in their order."""
        return tuple(one for one in self.pupils if one.group == group)


def picture_purposes(office: Office) -> tuple[TripPurpose, ...]:
    """The places where pictures may be used that the school asks about; all known ones while it asks about none."""
    known = {
        purpose: question
        for purpose, question in questions(office).items()
        if purpose.startswith(IMAGE_PREFIX)
    }
    asked = {
        question.purpose for form in forms_in_force(office).values() for question in form.definition.asked
    }
    offered = [purpose for purpose in known if purpose in asked] or list(known)
    return tuple(TripPurpose(purpose, known[purpose].name) for purpose in offered)


def trip_check(office: Office, school_class: str, purposes: Sequence[str] = ()) -> TripCheck:
    """Sort a class into the three groups for pictures that serve `purposes`; without any, all but the full name.

    A restriction is a plain no here whoever looks: a trip is checked beside the coach (rule A6). Raises
    `KnownError` where class or purpose is unknown.
    """
    require(office, "see-status")
    name = the_class(office, school_class)
    return check_of(office, name, people.pupils(office.db, school_class=name), purposes)


def check_of(office: Office, name: str, pupils: Sequence[Pupil], purposes: Sequence[str]) -> TripCheck:
    """The same for any pupils, under the name of a class or an activity; they stand by group in their own order."""
    require(office, "see-status")
    offered = picture_purposes(office)
    chosen = chosen_purposes(offered, purposes)
    events = ledger.events_of_many(office.db, [pupil.id for pupil in pupils])
    day = office.today
    seen = [seen_on(pupil, events[pupil.id], chosen, day) for pupil in pupils]
    order = {purpose.name: place for place, purpose in enumerate(chosen)}
    waiting, tray = _waiting(office, {pupil.id for pupil in pupils})
    return TripCheck(
        name,
        office.now().replace(microsecond=0),
        day,
        chosen,
        offered,
        tuple(sorted(seen, key=lambda one: _place(one, order))),
        waiting,
        tray,
    )


def chosen_purposes(offered: Sequence[TripPurpose], purposes: Sequence[str]) -> tuple[TripPurpose, ...]:
    """The purposes named, in the order of the forms; without any, all `offered` but the full name (rule P3).

    Raises `KnownError` for one that is not offered.
    """
    known = {one.purpose: one for one in offered}
    unknown = [purpose for purpose in purposes if purpose not in known]
    if unknown:
        raise KnownError(
            f"{', '.join(unknown)} is no place for pictures that the school asks about",
            "nothing is allowed by it",
            f"choose from {', '.join(known)}",
        )
    if purposes:
        return tuple(one for one in offered if one.purpose in purposes)
    return tuple(one for one in offered if one.purpose != FULL_NAME)


def seen_on(pupil: Pupil, events: Sequence[Event], chosen: Sequence[TripPurpose], day: date) -> TripPupil:
    """One pupil as a check sees them on a day, by these events; nobody's restriction shows (rule A6)."""
    found = statuses_for(events, [one.purpose for one in chosen], day)
    seen = {one: as_seen(found[one.purpose], safeguarding=False) for one in chosen}
    allowed = tuple(one.name for one, status in seen.items() if status.acts_as == "yes")
    # Without a purpose nothing is allowed: no yes comes from having asked nothing.
    group: Group = "none" if not allowed else "all" if len(allowed) == len(seen) else "some"
    against = [status.word for status in seen.values() if status.acts_as == "no"]
    word = min(against, key=_PLACE.__getitem__, default=StatusWord.YES)
    asking = {
        event.slip
        for event in events
        if isinstance(event.what, Issued) and any(one.purpose in event.what.asked for one in chosen)
    }
    returned = [event.on for event in events if isinstance(event.what, Returned) and event.slip in asking]
    return TripPupil(
        pupil.id,
        pupil.display_name,
        pupil.class_name,
        group,
        word,
        allowed,
        _conditions(seen),
        tuple((one.name, status.word) for one, status in seen.items()),
        max(returned, default=None),
    )


def _conditions(seen: Mapping[TripPurpose, Status]) -> tuple[TripCondition, ...]:
    """Each condition once, with all that it narrows."""
    named: dict[str, list[str]] = {}
    for one, status in seen.items():
        if status.acts_as == "yes" and status.condition:
            named.setdefault(status.condition, []).append(one.name)
    return tuple(TripCondition(tuple(purposes), words) for words, purposes in named.items())


def _place(pupil: TripPupil, order: Mapping[str, int]) -> tuple[object, ...]:
    """Where a pupil stands: by group; then by what keeps them, by what is allowed, or whether a condition narrows it.

    Within that the class's own order by surname stays.
    """
    within: tuple[object, ...]
    match pupil.group:
        case "none":
            within = (_PLACE[pupil.word],)
        case "some":
            within = (-len(pupil.allowed), *(order[name] for name in pupil.allowed))
        case "all":
            within = (not pupil.conditions,)
    return (_GROUPS.index(pupil.group), *within)


def _waiting(office: Office, pupils: set[str]) -> tuple[int, int]:
    rows = [*scans.waiting_review(office.db), *scans.waiting_confirmation(office.db)]
    owners = slips.slips(office.db, [row.slip for row in rows if row.slip])
    return sum(slip.pupil in pupils for slip in owners.values()), len(scans.in_tray(office.db))
