"""Withdrawals that were recorded: the list, the letter that says they are in force, and those recorded in error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import PUPIL, Event, HowTold, Invalidated, Withdrawn, named_guardian
from consentdesk.model.paper_trail import Acknowledged, SignatoryNamed
from consentdesk.model.people import Pupil
from consentdesk.model.printed import is_unnamed
from consentdesk.model.weighing import day_in_words
from consentdesk.printing.office_letter import OfficeLetter, write_letter
from consentdesk.services.forms import questions
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.pupils import the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.rules import holds, number_of
from consentdesk.store import ledger, people, school

_HOW: Final[dict[HowTold, str]] = {
    "letter": "by letter",
    "email": "by e-mail",
    "phone": "on the phone",
    "in-person": "in person",
    "slip": "on a withdrawal slip",
}
_SINCE: Final = "This has held since the moment we heard of it."
_STOPPED: Final = """\
We have stopped these uses. What we have published there we take down where we can, and we ask others to do the same. \
We cannot get back what is printed already, or what other people have copied."""
_AGAIN: Final = """\
You need not give a reason. If you change your mind, ask the school office for a new form: nothing is allowed again \
before it has come back signed."""
_IN_WRITING: Final = """\
Please send us the same in writing as well, for our records. The uses have stopped in any case."""
SPOKEN: Final = frozenset({"phone", "in-person"})
"""Ways of telling that leave nothing in writing."""


class WithdrawalRecord(msgspec.Struct, frozen=True):
    """One withdrawal by its event: whose, when, what, and how it was told.

    `person` is who withdrew, as far as known: a guardian's name, `pupil`, or somebody's own words. `purposes` are
    ids and `names` what lists call them. `void` is why it was recorded in error, empty where it counts.
    `acknowledged` is when the letter was printed. `writing_due` is the day by which it is asked for in writing,
    None where that is not wanted, or was sent.
    """

    withdrawal: str
    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    at: datetime
    how: HowTold
    person: str
    note: str
    by: str
    purposes: tuple[str, ...]
    names: tuple[str, ...]
    void: str = ""
    acknowledged: datetime | None = None
    writing_due: date | None = None


def withdrawals(office: Office, pupil: str | None = None) -> tuple[WithdrawalRecord, ...]:
    """Every withdrawal, newest first, of one pupil where named; those recorded in error stay to be seen (W5).

    Raises `KnownError` where the pupil is unknown.
    """
    require(office, "see-reasons")
    if pupil is None:
        found = {one.pupil for one in ledger.events_of_kind(office.db, "withdrawn") if one.pupil}
    else:
        found = {the_pupil(office, pupil).id}
    known = people.pupils_named(office.db, found)
    told = [
        one
        for owner, events in ledger.events_of_many(office.db, known).items()
        for one in _records(office, known[owner], events)
    ]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True))


def the_withdrawal(office: Office, withdrawal: str) -> WithdrawalRecord:
    """The withdrawal with this id. Raises `KnownError` where there is none."""
    event = ledger.event(office.db, withdrawal)
    if event is not None and isinstance(event.what, Withdrawn) and event.pupil:
        for one in withdrawals(office, event.pupil):
            if one.withdrawal == withdrawal:
                return one
    raise KnownError("there is no such withdrawal", "nothing was changed", "look at the list of withdrawals")


def withdrawn_in_error(office: Office, withdrawal: str, why: str) -> WithdrawalRecord:
    """A withdrawal was recorded in error: it counts no more from today, and both stay to be seen (rule W5).

    Raises `KnownError` where there is no such withdrawal, it is invalid already, or nobody says why.
    """
    require(office, "record-withdrawal")
    meant = the_withdrawal(office, withdrawal)
    if meant.void:
        raise KnownError(
            "that withdrawal counts no more already", "nothing was changed", "look at the list of withdrawals"
        )
    if not why.strip():
        raise KnownError(
            "a withdrawal is never taken away without a reason",
            "nothing was changed, and nothing is allowed by it",
            "say what went wrong, such as another child’s name",
        )
    event = ledger.event(office.db, withdrawal)
    slip = event.slip if event else None
    record(office, [Happening(Invalidated(withdrawal, why.strip()), meant.pupil, slip)])
    return the_withdrawal(office, withdrawal)


def acknowledge(office: Office, withdrawal: str, target: Path) -> WithdrawalRecord:
    """Write the letter that says a withdrawal is in force, as PDF, and note that it was written.

    The ledger knows of it before the file has its name. Raises `KnownError` where there is no such withdrawal, it
    was recorded in error, or the file cannot be written.
    """
    require(office, "record-withdrawal")
    meant = the_withdrawal(office, withdrawal)
    if meant.void:
        raise KnownError(
            "that withdrawal was recorded in error", "nothing was written", "write to the family by hand"
        )
    with paths.write_whole(target) as part:
        write_letter(part, _letter(office, meant))
        record(office, [Happening(Acknowledged(withdrawal), meant.pupil)])
    return the_withdrawal(office, withdrawal)


def _records(office: Office, pupil: Pupil, events: Sequence[Event]) -> list[WithdrawalRecord]:
    known = questions(office)
    void = {event.what.event: event.what.why for event in events if isinstance(event.what, Invalidated)}
    letters = {event.what.event: event.at for event in events if isinstance(event.what, Acknowledged)}
    guardians = {named_guardian(one.id): one.name for one in people.guardians_of(office.db, pupil.id)}
    found = []
    for event in events:
        if not isinstance(event.what, Withdrawn):
            continue
        what = event.what
        found.append(
            WithdrawalRecord(
                event.id,
                pupil.id,
                pupil.display_name,
                pupil.class_name,
                event.at,
                what.how,
                _who(what, events, guardians),
                what.note,
                user_name(office, event.by),
                what.purposes,
                tuple(known[one].name if one in known else one for one in what.purposes),
                void.get(event.id, ""),
                letters.get(event.id),
                _writing_due(office, event, what, events, void),
            )
        )
    return found


def _who(what: Withdrawn, events: Sequence[Event], guardians: dict[str, str]) -> str:
    person = what.person or ""
    if is_unnamed(person):
        named = [
            event.what.person
            for event in events
            if isinstance(event.what, SignatoryNamed) and person.endswith(event.slip or "-")
        ]
        person = named[-1] if named else ""
    return PUPIL if person == PUPIL else guardians.get(person, what.said_by)


def _writing_due(
    office: Office, event: Event, what: Withdrawn, events: Sequence[Event], void: dict[str, str]
) -> date | None:
    """Rule W2: when it is asked for in writing again; what was only spoken stops the use all the same."""
    if what.how not in SPOKEN or event.id in void or not holds(office, "withdrawal-in-writing"):
        return None
    in_writing = {
        purpose
        for later in events
        if isinstance(later.what, Withdrawn)
        and later.what.how not in SPOKEN
        and later.id not in void
        and later.seq > event.seq
        for purpose in later.what.purposes
    }
    if in_writing >= set(what.purposes):
        return None
    return event.on + timedelta(days=number_of(office, "withdrawal-letter-days"))


def _letter(office: Office, meant: WithdrawalRecord) -> OfficeLetter:
    day = day_in_words(meant.at.astimezone().date())
    to = "The parents and carers of"
    if meant.person and meant.person != PUPIL:
        to = f"{meant.person}, for"
    after = [_STOPPED, _AGAIN]
    if meant.writing_due is not None:
        after.append(_IN_WRITING)
    return OfficeLetter(
        school=school.school(office.db).name,
        day=day_in_words(office.today),
        to=(to, meant.name, f"Class {meant.school_class}" if meant.school_class else ""),
        title="We have stopped what you asked us to stop",
        before=(f"On {day} you told us {_HOW[meant.how]} that we may no longer do the following. {_SINCE}",),
        list_heading=f"No longer allowed for {meant.name}",
        listed=meant.names,
        after=tuple(after),
        signed="For the school office",
        foot="Please keep this letter.",
    )
