"""Pictures that the school holds: since when, where, how long at most, and who attests their end (rule I2)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.activity import HeldOn, ImageSet, destruction_due
from consentdesk.model.school_events import ImagesDestroyed, ImagesKept
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import holds, number_of
from consentdesk.services.trips import the_trip
from consentdesk.store import activities, publications

_SHORT_ID = 8


class HeldImages(msgspec.Struct, frozen=True):
    """Pictures that are held, or were; `due` is the day by the end of which they must be gone."""

    images: ImageSet
    due: date

    def overdue(self, today: date) -> bool:
        """Whether they should have been destroyed before `today`."""
        return self.images.destroyed is None and self.due < today


def keep_images(
    office: Office, what: str, place: str, held_on: HeldOn, taken: date, *, activity: str | None = None
) -> HeldImages:
    """Record that pictures are held somewhere, so that their destruction is asked for in time.

    Raises `KnownError`, and records nothing, where a word is missing, the day not yet come, or they lie on
    equipment that is not the school's and that nobody allowed for that activity and day (rule I3).
    """
    require(office, "record-publications")
    if not what.strip() or not place.strip():
        raise KnownError(
            "the pictures want a word on what they are and where", "nothing was recorded", "say both"
        )
    if taken > office.today:
        raise KnownError("that day has not come yet", "nothing was recorded", "give the day they were taken")
    trip = the_trip(office, activity) if activity is not None else None
    if held_on == "other-equipment" and holds(office, "school-equipment-only"):
        allowed = activities.exceptions(office.db, trip.id) if trip else []
        if not any(one.until >= taken for one in allowed):
            raise KnownError(
                "pictures on equipment that is not the school’s were not allowed for that day",
                "nothing was recorded",
                "have them moved to the school’s own and deleted there, and tell the head",
            )
    images = ImageSet(
        uuid4().hex, what.strip(), place.strip(), held_on, taken, trip.id if trip is not None else None
    )
    with office.db.writing():
        publications.keep_images(office.db, images)
        record(office, [Happening(ImagesKept(images.id, taken))])
    return _held(office, images)


def held_images(office: Office, *, destroyed: bool | None = False) -> tuple[HeldImages, ...]:
    """The pictures that are held, the first to go first; those destroyed where True, all where None."""
    require(office, "see-status")
    found = (_held(office, one) for one in publications.held_images(office.db, destroyed=destroyed))
    return tuple(sorted(found, key=lambda one: (one.due, one.images.what)))


def to_destroy(office: Office, by: date | None = None) -> tuple[HeldImages, ...]:
    """The pictures that must be gone by the end of a day, today unless another is named."""
    day = by or office.today
    return tuple(one for one in held_images(office) if one.due <= day)


def attest_destroyed(
    office: Office, images_id: str, by: str, how: str, *, on: date | None = None
) -> HeldImages:
    """Record that somebody attests that pictures are gone, which closes their entry.

    `by` is who saw to it, `how` what was done with every copy. Raises `KnownError`, and records nothing, where
    there is no such entry, it is closed, a word is missing, or the day lies before they were taken or ahead.
    """
    require(office, "record-publications")
    held = the_images(office, images_id)
    day = on or office.today
    if held.images.destroyed is not None:
        raise KnownError(f"{held.images.what}: destroyed already", "nothing was recorded")
    if not by.strip() or not how.strip():
        raise KnownError(
            "who attests it, and how it was done, are missing", "nothing was recorded", "say both"
        )
    if not held.images.taken <= day <= office.today:
        raise KnownError(
            "that day lies before the pictures were taken, or ahead", "nothing was recorded", "give another"
        )
    gone = msgspec.structs.replace(
        held.images, destroyed=day, attested_by=" ".join(by.split()), how=how.strip()
    )
    with office.db.writing():
        publications.change_images(office.db, gone)
        record(office, [Happening(ImagesDestroyed(gone.id, day))])
    return _held(office, gone)


def the_images(office: Office, named: str) -> HeldImages:
    """The entry with that id, or whose id begins with it. Raises `KnownError` that lists those still held."""
    every = held_images(office, destroyed=None)
    text = named.strip().casefold()
    meant = [
        one
        for one in every
        if one.images.id == text or (len(text) >= _SHORT_ID and one.images.id.startswith(text))
    ]
    if len(meant) == 1:
        return meant[0]
    held = ", ".join(
        f"{one.images.what} ({one.images.id[:_SHORT_ID]})" for one in every if one.images.destroyed is None
    )
    raise KnownError(
        f"there are no pictures {named}",
        "nothing was recorded",
        f"choose from {held}" if held else "nothing is held",
    )


def _held(office: Office, images: ImageSet) -> HeldImages:
    months, days = number_of(office, "images-kept-months"), number_of(office, "cards-cleared-days")
    return HeldImages(images, destruction_due(images, months, days))
