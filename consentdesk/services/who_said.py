"""Who said what about one pupil, person by person, for those who may see the reasons behind a status (rules A1, D1)."""

from __future__ import annotations

from datetime import date

import msgspec

from consentdesk.model.circumstances import GuardianRecorded
from consentdesk.model.consent import PUPIL, named_guardian
from consentdesk.model.persons import PersonWord, answers_by_person
from consentdesk.model.slip import typed_code
from consentdesk.model.status import status_of
from consentdesk.services.forms import questions
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_pupil
from consentdesk.store import ledger, people


class PersonSaid(msgspec.Struct, frozen=True):
    """One person's last word. `who` is a guardian's name, `pupil`, or empty for somebody whom nobody has named.

    `code` is the slip's typed code, empty for a withdrawal.
    """

    who: str
    word: PersonWord
    code: str
    on: date
    signed: bool | None
    seen: bool
    condition: str | None


class PurposeSaid(msgspec.Struct, frozen=True):
    """One purpose, what lists call it, and everybody's last word about it."""

    purpose: str
    name: str
    said: tuple[PersonSaid, ...]


def who_said(office: Office, pupil: str, on: date | None = None) -> tuple[PurposeSaid, ...]:
    """Everything that anybody has said for a pupil, by purpose in the order of the forms, as on the day `on`.

    Raises `KnownError` where the pupil is unknown.
    """
    require(office, "see-reasons")
    meant = the_pupil(office, pupil)
    events = ledger.events_of(office.db, meant.id)
    day = on or office.today
    names = {
        named_guardian(event.what.guardian): event.what.name
        for event in events
        if isinstance(event.what, GuardianRecorded)
    } | {named_guardian(one.id): one.name for one in people.guardians_of(office.db, meant.id)}
    known = {purpose: one.name for purpose, one in questions(office).items()}
    found = status_of(events, day)
    ordered = [purpose for purpose in known if purpose in found] + sorted(set(found) - set(known))
    return tuple(
        PurposeSaid(
            purpose,
            known.get(purpose, purpose),
            tuple(
                PersonSaid(
                    PUPIL if one.person == PUPIL else names.get(one.person, ""),
                    one.word,
                    typed_code(one.slip) if one.slip else "",
                    one.on,
                    one.signed,
                    one.seen,
                    one.condition,
                )
                for one in answers_by_person(events, purpose, day)
            ),
        )
        for purpose in ordered
    )
