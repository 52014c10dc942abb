"""A pupil's guardians: who they are, whether they may decide, and what a court has ordered (rules A1, A2, A5)."""

from __future__ import annotations

from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.circumstances import GuardianEnded, GuardianRecorded
from consentdesk.model.people import Guardian, Pupil, Responsibility
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_guardian, the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.store import people


class GuardianChange(msgspec.Struct, frozen=True):
    """What is to be known of a guardian from now on; None leaves it as it is."""

    name: str | None = None
    relationship: str | None = None
    responsibility: Responsibility | None = None
    court_note: str | None = None
    corporate: bool | None = None


def guardians_of(office: Office, pupil: str) -> tuple[Guardian, ...]:
    """The guardians of a pupil, for those who may see the reasons behind a status."""
    require(office, "see-reasons")
    return tuple(people.guardians_of(office.db, the_pupil(office, pupil).id))


def add_guardian(office: Office, pupil: str, known: GuardianChange) -> Guardian:
    """Record a new guardian. Raises `KnownError` where the pupil is unknown or the guardian has no name.

    Two guardians of one name stay two people (rule D6).
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    added = Guardian(uuid4().hex, meant.id, "")
    return _keep(office, meant, _changed(added, known))


def change_guardian(office: Office, pupil: str, guardian: str, change: GuardianChange) -> Guardian:
    """Change what is known of a guardian, by id or name; what they answered stays theirs.

    Raises `KnownError` where pupil or guardian is unknown, or nothing would be changed.
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    before = the_guardian(office, meant, guardian)
    after = _changed(before, change)
    if after == before:
        raise KnownError(
            f"{before.name} is known so already", "nothing was changed", "say what is different now"
        )
    return _keep(office, meant, after)


def end_guardian(office: Office, pupil: str, guardian: str, why: str = "") -> Guardian:
    """Record that somebody is no guardian of the pupil any more: their yes ends, and the family is asked again (C7).

    A no of theirs stands until somebody else answers a slip that was printed since. Raises `KnownError` where
    pupil or guardian is unknown.
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    gone = the_guardian(office, meant, guardian)
    with office.db.writing():
        others = [one for one in people.guardians_of(office.db, meant.id) if one.id != gone.id]
        people.set_guardians(office.db, meant.id, others)
        record(office, [Happening(GuardianEnded(gone.id, why.strip()), meant.id)])
    return gone


def recorded(guardian: Guardian) -> Happening:
    """What is known of a guardian as something that happened, so that a status can hang on it (rule C1)."""
    what = GuardianRecorded(
        guardian.id,
        guardian.name,
        guardian.relationship,
        guardian.responsibility,
        guardian.court_note,
        guardian.corporate,
    )
    return Happening(what, guardian.pupil_id)


def _changed(guardian: Guardian, change: GuardianChange) -> Guardian:
    said = {
        field: " ".join(value.split()) if isinstance(value, str) and field != "court_note" else value
        for field, value in msgspec.structs.asdict(change).items()
        if value is not None
    }
    after = msgspec.structs.replace(guardian, **said)
    if not after.name:
        raise KnownError("a guardian needs a name", "nothing was recorded", "give one")
    return after


def _keep(office: Office, pupil: Pupil, guardian: Guardian) -> Guardian:
    with office.db.writing():
        known = people.guardians_of(office.db, pupil.id)
        kept = [guardian if one.id == guardian.id else one for one in known]
        if guardian not in kept:
            kept.append(guardian)
        people.set_guardians(office.db, pupil.id, kept)
        record(office, [recorded(guardian)])
    return guardian
