"""Pupils who join, leave, move, come into care or take another name; competence and views (rules A3, A4, A5, D5)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.circumstances import Assessed, BirthRecorded, Renamed, ViewsRecorded
from consentdesk.model.consent import (
    CareChanged,
    Joined,
    Left,
    Moved,
    SocialWorkerAgreed,
    What,
)
from consentdesk.model.people import Pupil
from consentdesk.services.forms import the_purposes
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.review import the_slip
from consentdesk.store import people


class NewPupil(msgspec.Struct, frozen=True):
    """Who joins the school; a single name stands in `legal_first`."""

    legal_first: str
    legal_last: str = ""
    preferred_first: str | None = None
    preferred_last: str | None = None
    class_name: str = ""
    date_of_birth: date | None = None
    year_group: int | None = None
    upn: str | None = None
    admission_number: str | None = None
    looked_after: bool = False


class NameChange(msgspec.Struct, frozen=True):
    """Parts of a name as they are from now on; None leaves a part as it is, an empty preferred part takes it away."""

    legal_first: str | None = None
    legal_last: str | None = None
    preferred_first: str | None = None
    preferred_last: str | None = None


def add_pupil(office: Office, new: NewPupil) -> Pupil:
    """A pupil who joins between two class lists. Raises `KnownError` without a name, or with a birthday ahead."""
    require(office, "keep-people")
    if not new.legal_first.strip():
        raise KnownError("a pupil needs a name", "nothing was recorded", "give one")
    _not_ahead(office, new.date_of_birth, "the date of birth")
    pupil = Pupil(id=uuid4().hex, **msgspec.structs.asdict(new))
    happened: list[What] = [Joined(pupil.class_name, looked_after=new.looked_after)]
    if pupil.date_of_birth is not None:
        happened.append(BirthRecorded(pupil.date_of_birth))
    with office.db.writing():
        people.add_pupils(office.db, [pupil])
        record(office, [Happening(what, pupil.id) for what in happened])
    return pupil


def rename(office: Office, pupil: str, names: NameChange) -> Pupil:
    """Another legal or preferred name, as it is written and never put right (rule D5).

    What was printed keeps the name that it has. Raises `KnownError` where nothing would change or no name is left.
    """
    require(office, "keep-people")
    before = the_pupil(office, pupil)
    said = {part: name.strip() for part, name in msgspec.structs.asdict(names).items() if name is not None}
    for part in ("preferred_first", "preferred_last"):
        if part in said:
            said[part] = said[part] or None
    after = msgspec.structs.replace(before, **said)
    if not after.legal_first:
        raise KnownError("a pupil needs a name", "nothing was recorded", "give one")
    if after == before:
        raise KnownError(
            f"{before.display_name} is called so already", "nothing was changed", "say what is different now"
        )
    what = Renamed(after.legal_first, after.legal_last, after.preferred_first, after.preferred_last)
    return _keep(office, after, what)


def move(office: Office, pupil: str, school_class: str) -> Pupil:
    """Another class. Raises `KnownError` where the pupil is in it already, or has left."""
    require(office, "keep-people")
    before = _present(office, pupil)
    name = " ".join(school_class.split())
    if name == before.class_name or not name:
        raise KnownError(
            f"{before.display_name} is in class {before.class_name or '(none)'} already",
            "nothing was changed",
            "give another class",
        )
    return _keep(office, msgspec.structs.replace(before, class_name=name), Moved(name))


def leave(office: Office, pupil: str) -> Pupil:
    """The pupil leaves: every yes is over from now on (rule D3). Raises `KnownError` for one who has left."""
    require(office, "keep-people")
    return _keep(office, msgspec.structs.replace(_present(office, pupil), left=True), Left())


def come_back(office: Office, pupil: str, school_class: str = "") -> Pupil:
    """A leaver is on the roll again and is asked anew (rule D3). Raises `KnownError` for one who never left."""
    require(office, "keep-people")
    before = the_pupil(office, pupil)
    if not before.left:
        raise KnownError(f"{before.display_name} has not left", "nothing was changed", "check the pupil")
    after = msgspec.structs.replace(before, left=False, class_name=school_class.strip() or before.class_name)
    return _keep(office, after, Joined(after.class_name, looked_after=bool(after.looked_after)))


def set_care(office: Office, pupil: str, *, looked_after: bool) -> Pupil:
    """The pupil comes into care, into another placement, or leaves care (rule A5).

    To say *looked after* of one who is, begins anew: the carer may be another, so the social worker is asked again.
    Raises `KnownError` where a pupil who is not looked after leaves care.
    """
    require(office, "keep-people")
    before = the_pupil(office, pupil)
    if not looked_after and not before.looked_after:
        raise KnownError(
            f"{before.display_name} is not looked after", "nothing was changed", "check the pupil"
        )
    after = msgspec.structs.replace(before, looked_after=looked_after)
    return _keep(office, after, CareChanged(looked_after))


def social_worker_agreed(
    office: Office, pupil: str, who: str, reference: str, *, given_on: date | None = None, code: str = ""
) -> Pupil:
    """Record the social worker's word (rule A5): who, when, which reference; for one slip where `code` names it.

    Raises `KnownError` where the pupil is not looked after, the slip is another pupil's, who or reference is
    missing, or the day lies ahead.
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    if not meant.looked_after:
        raise KnownError(
            f"{meant.display_name} is not looked after", "nothing was recorded", "check the pupil"
        )
    if not who.strip() or not reference.strip():
        raise KnownError(
            "a social worker’s agreement needs a name and a reference",
            "nothing was recorded",
            "ask who agreed and under which reference",
        )
    _not_ahead(office, given_on, "the day of the agreement")
    slip = the_slip(office, code) if code else None
    if slip is not None and slip.pupil != meant.id:
        raise KnownError(f"that slip is not {meant.display_name}’s", "nothing was recorded", "check the code")
    agreed = SocialWorkerAgreed(who.strip(), reference.strip(), given_on or office.today)
    record(office, [Happening(agreed, meant.id, slip.id if slip else None)])
    return meant


def assess(office: Office, pupil: str, who: str, made_on: date, *, competent: bool, note: str = "") -> Pupil:
    """Record whether somebody, named, found on a day that the pupil can decide alone (rule A4).

    Raises `KnownError` without a name, or where the day lies ahead.
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    if not who.strip():
        raise KnownError("an assessment needs the name of who made it", "nothing was recorded", "give it")
    _not_ahead(office, made_on, "the day of the assessment")
    record(office, [Happening(Assessed(competent, who.strip(), made_on, note.strip()), meant.id)])
    return meant


def record_views(
    office: Office, pupil: str, words: str, heard_by: str, purposes: tuple[str, ...] = ()
) -> Pupil:
    """Keep what a pupil thinks, word for word (rule A3). It is no answer; one who wants it stopped withdraws.

    Raises `KnownError` where there are no words or nobody heard them, or a purpose is unknown.
    """
    require(office, "keep-people")
    meant = the_pupil(office, pupil)
    if not words.strip() or not heard_by.strip():
        raise KnownError(
            "views need the pupil’s words and the name of who heard them", "nothing was recorded", "give both"
        )
    what = ViewsRecorded(words, heard_by.strip(), tuple(the_purposes(office, purposes)))
    record(office, [Happening(what, meant.id)])
    return meant


def _keep(office: Office, pupil: Pupil, what: What) -> Pupil:
    with office.db.writing():
        people.update_pupil(office.db, pupil)
        record(office, [Happening(what, pupil.id)])
    return pupil


def _present(office: Office, pupil: str) -> Pupil:
    meant = the_pupil(office, pupil)
    if meant.left:
        raise KnownError(
            f"{meant.display_name} has left the school", "nothing was changed", "choose another pupil"
        )
    return meant


def _not_ahead(office: Office, day: date | None, what: str) -> None:
    if day is not None and day > office.today:
        raise KnownError(f"{what} lies ahead", "nothing was recorded", "give today or an earlier day")
