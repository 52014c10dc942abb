"""The ledger's events about people rather than paper: names, birth, guardians, competence, views."""

from __future__ import annotations

from datetime import date

import msgspec

from consentdesk.model.people import Responsibility


class Renamed(msgspec.Struct, frozen=True, tag="renamed"):
    """The pupil has another legal or preferred name (rule D5); what was printed keeps the name it has."""

    legal_first: str
    legal_last: str
    preferred_first: str | None = None
    preferred_last: str | None = None


class BirthRecorded(msgspec.Struct, frozen=True, tag="birth-recorded"):
    """The day on which the pupil was born; who is 18 answers for themselves (rule A4)."""

    born: date


class GuardianRecorded(msgspec.Struct, frozen=True, tag="guardian-recorded"):
    """A guardian of the pupil as the school knows them from now on (rule A2), new or changed.

    A `corporate` guardian is an authority that stands in for parents. `court_note` is the note of a court order,
    empty where there is none.
    """

    guardian: str
    name: str
    relationship: str = ""
    responsibility: Responsibility = "unknown"
    court_note: str = ""
    corporate: bool = False


class GuardianEnded(msgspec.Struct, frozen=True, tag="guardian-ended"):
    """Somebody is no guardian of the pupil any more; what they answered stays theirs."""

    guardian: str
    why: str = ""


class Assessed(msgspec.Struct, frozen=True, tag="competence-assessed"):
    """Somebody, named in `who`, found on a day that the pupil can, or cannot, decide alone (rule A4)."""

    competent: bool
    who: str
    made_on: date
    note: str = ""


class ViewsRecorded(msgspec.Struct, frozen=True, tag="views-recorded"):
    """What a pupil thinks, in their own words, without a formal answer (rule A3). It changes no status."""

    words: str
    heard_by: str
    purposes: tuple[str, ...] = ()


class RestrictionSeen(msgspec.Struct, frozen=True, tag="restriction-seen"):
    """Somebody looked at why a restriction, named by its event, is in force (rule A6)."""

    event: str


PeopleWhat = (
    Renamed | BirthRecorded | GuardianRecorded | GuardianEnded | Assessed | ViewsRecorded | RestrictionSeen
)
"""Who somebody is, and who may answer for them."""
