"""What has been kept for long enough: leavers to erase, pictures to destroy, equipment no more allowed (D3, I2)."""

from __future__ import annotations

from datetime import date

import msgspec

from consentdesk.model.activity import EquipmentException
from consentdesk.model.consent import Left
from consentdesk.model.form import lasts_until
from consentdesk.services.image_sets import HeldImages, to_destroy
from consentdesk.services.office import Office, require
from consentdesk.services.rules import number_of
from consentdesk.store import activities, ledger, people


class Leaver(msgspec.Struct, frozen=True):
    """A pupil who has left, when, and from which day their record may not be kept any more."""

    pupil: str
    name: str
    left_on: date | None
    erase_from: date | None


class Schedule(msgspec.Struct, frozen=True):
    """What is due by a day: whom to erase, which pictures must go, which other equipment is allowed no more."""

    day: date
    leavers: tuple[Leaver, ...]
    images: tuple[HeldImages, ...]
    equipment: tuple[EquipmentException, ...]


def schedule(office: Office, by: date | None = None) -> Schedule:
    """What is due today, or by another day."""
    require(office, "see-reasons")
    day = by or office.today
    due = [one for one in leavers(office) if one.erase_from is not None and one.erase_from <= day]
    ended = [one for one in activities.exceptions(office.db) if one.until < day]
    return Schedule(day, tuple(due), to_destroy(office, day), tuple(ended))


def leavers(office: Office) -> tuple[Leaver, ...]:
    """Everybody who has left and is still on record, the first to be erased first; who left unrecorded at the end."""
    require(office, "see-reasons")
    gone = [one for one in people.pupils(office.db, include_left=True) if one.left]
    events = ledger.events_of_many(office.db, [one.id for one in gone])
    months = number_of(office, "leavers-kept-months")
    found = []
    for pupil in gone:
        left_on = max((event.on for event in events[pupil.id] if isinstance(event.what, Left)), default=None)
        found.append(Leaver(pupil.id, pupil.display_name, left_on, left_on and erase_from(left_on, months)))
    return tuple(sorted(found, key=lambda one: (one.erase_from or date.max, one.name)))


def erase_from(left_on: date, months: int) -> date:
    """The first day on which the record of a leaver is not kept any more; the day itself where `months` is 0."""
    if not months:
        return left_on
    return date.fromordinal(lasts_until(f"{months} months", left_on).toordinal() + 1)
