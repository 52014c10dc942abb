"""Consent taken back: at any time, without a reason, in force from the moment it is recorded (rules W1, W2)."""

from __future__ import annotations

from collections.abc import Sequence

from consentdesk.errors import KnownError
from consentdesk.model.consent import (
    PUPIL,
    Event,
    HowTold,
    Invalidated,
    Restricted,
    StatusWord,
    Withdrawn,
    named_guardian,
)
from consentdesk.model.people import Pupil, fold
from consentdesk.model.status import status_of
from consentdesk.services.forms import the_purposes
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.store import ledger, people


def withdraw(
    office: Office, pupil: str, purposes: Sequence[str], how: HowTold, *, by: str = "", note: str = ""
) -> tuple[Pupil, list[str]]:
    """Record that consent was taken back for `purposes`; a form's id stands for all that it asked the pupil.

    `by` is who said so: `pupil`, a guardian's name or id, or any words. What was asked may be withdrawn before
    the slip comes in: a yes on it, however late, then counts no more (rule C5). Raises `KnownError`, and
    records nothing, where pupil or purpose is unknown, or nothing was ever asked that could have been given.
    """
    require(office, "record-withdrawal")
    meant = the_pupil(office, pupil)
    events = ledger.events_of(office.db, meant.id)
    # Told as if there were no restriction: what is said here must not give one away (rule A6).
    found = status_of([one for one in events if not isinstance(one.what, Restricted)], office.today)
    named = the_purposes(office, purposes)
    single = set(purposes)
    asked = [
        purpose for purpose in named if purpose in found and found[purpose].word is not StatusWord.NOT_ASKED
    ]
    never = [purpose for purpose in named if purpose not in asked and purpose in single]
    if never or not asked:
        raise KnownError(
            f"{meant.display_name} was never asked about {', '.join(never or named)}, so there is nothing to withdraw",
            "it counts as no, and nothing was recorded",
            "check the pupil and the purpose",
        )
    person = _person(office, meant, by)
    already = _withdrawn_by(events, person)
    new = [
        purpose
        for purpose in asked
        if purpose not in already or found[purpose].word is not StatusWord.WITHDRAWN
    ]
    if not new:
        raise KnownError(
            f"{', '.join(asked)} is withdrawn already for {meant.display_name}",
            "nothing was recorded, and nothing is allowed",
            "give consent again by a new slip",
        )
    withdrawn = Withdrawn(tuple(new), how, person, by, note)
    record(office, [Happening(withdrawn, meant.id)])
    return meant, new


def _person(office: Office, pupil: Pupil, by: str) -> str | None:
    """Who withdrew, where it is someone whom the office knows."""
    if by and fold(by) in {PUPIL, fold(pupil.display_name)}:
        return PUPIL
    meant = [
        one
        for one in people.guardians_of(office.db, pupil.id)
        if by and (one.id == by or fold(one.name) == fold(by))
    ]
    return named_guardian(meant[0].id) if len(meant) == 1 else None


def _withdrawn_by(events: Sequence[Event], person: str | None) -> set[str]:
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    return {
        purpose
        for event in events
        if isinstance(event.what, Withdrawn) and event.what.person == person and event.id not in void
        for purpose in event.what.purposes
    }
