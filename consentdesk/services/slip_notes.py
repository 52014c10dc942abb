"""What a person notes of a slip beside its answers: who signed, the written date, another child's name (A2, C5, S4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import (
    PUPIL,
    Event,
    Invalidated,
    Issued,
    Returned,
    named_guardian,
)
from consentdesk.model.paper_trail import Dated, Proposed, SignatoryNamed
from consentdesk.model.people import Pupil, fold
from consentdesk.model.slip import Slip, typed_code
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_guardian, the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.review import the_slip
from consentdesk.services.take_slip import issue_of, takes_back
from consentdesk.store import ledger, people, scans, slips

_OTHER_NAME: Final = "another child’s name is written on it"
"""Without the name: it would stay in this child's record when the other's is erased."""


class NamedOther(NamedTuple):
    """What became of a slip with another child's name: whom it was printed for, and whose family is to be asked.

    `own` is the typed code of the other child's own newest slip that has not come back, empty where there is none.
    """

    printed_for: Pupil
    other: Pupil
    own: str


def name_signatory(office: Office, code: str, who: str) -> str:
    """Say who signed a slip: a guardian by name or id, or `pupil`; the name is returned (rule A2).

    Raises `KnownError` where the slip never came back, nobody is called so, or the pupil has a part of their own on
    that slip.
    """
    require(office, "review-answers")
    slip = the_slip(office, code)
    events = _returned(office, slip)
    pupil = _owner(office, slip)
    if fold(who) in {PUPIL, fold(pupil.display_name)}:
        if issue_of(events).pupil_asked:
            raise KnownError(
                f"slip {typed_code(slip.id)} has a part that {pupil.display_name} signs",
                "nothing was recorded",
                "name the guardian who signed the other part",
            )
        person, name = PUPIL, pupil.display_name
    else:
        guardian = the_guardian(office, pupil, who)
        person, name = named_guardian(guardian.id), guardian.name
    record(office, [Happening(SignatoryNamed(person), slip.pupil, slip.id)])
    return name


def write_date(office: Office, code: str, written: date, *, noes_too: bool = False, why: str = "") -> Slip:
    """Type the date that is written on a slip: a yes on it counts as said then (rule C5).

    With `noes_too` a no counts as said then too, which can only make it older: that wants a reason. Raises
    `KnownError` where the slip never came back, or the date lies before its printing or after its return.
    """
    require(office, "review-answers")
    slip = the_slip(office, code)
    came = min(event.on for event in _returned(office, slip) if isinstance(event.what, Returned))
    if written > came:
        raise KnownError(
            f"slip {typed_code(slip.id)} came in on {came.isoformat()}, before that date",
            "nothing was recorded",
            "type the date as it is written, or leave it",
        )
    if written < slip.printed:
        raise KnownError(
            f"slip {typed_code(slip.id)} was printed on {slip.printed.isoformat()}, after that date",
            "nothing was recorded",
            "type the date as it is written, or leave it",
        )
    if noes_too and not why.strip():
        raise KnownError(
            "to make a no older is a decision that wants a reason", "nothing was recorded", "give one"
        )
    record(office, [Happening(Dated(written, noes_too, why.strip()), slip.pupil, slip.id)])
    return slip


def name_other_child(office: Office, code: str, other: str) -> NamedOther:
    """The child's name is struck out and another written in: invalid for the printed child, proposed for the other.

    Every return of the slip counts no more, and it leaves the queue; nothing is answered for the other child, whose
    family is asked by a slip of its own (rule S4). Raises `KnownError` where the slip never came back, it is the
    other child's already, it was invalidated before, or it is a withdrawal slip, on which nobody may be left out.
    """
    require(office, "review-answers")
    slip = the_slip(office, code)
    meant = the_pupil(office, other)
    if meant.id == slip.pupil:
        raise KnownError(
            f"slip {typed_code(slip.id)} is {meant.display_name}’s own",
            "nothing was recorded",
            "name the other child",
        )
    events = _returned(office, slip)
    if takes_back(events):
        raise KnownError(
            f"slip {typed_code(slip.id)} is a withdrawal slip, and what it stopped stays stopped",
            "nothing was recorded",
            f"record the withdrawal for {meant.display_name}, then mark the other one as recorded in error",
        )
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    whole = [event for event in events if isinstance(event.what, Returned) and event.id not in void]
    if not whole:
        raise KnownError(
            f"slip {typed_code(slip.id)} counts no more already",
            "nothing was recorded",
            "look at the pupil’s story",
        )
    with office.db.writing():
        happenings = []
        for event in whole:
            happenings.append(Happening(Invalidated(event.id, _OTHER_NAME), slip.pupil, slip.id, event.batch))
            if isinstance(event.what, Returned):
                happenings.append(Happening(Proposed(event.what.reading, slip.id), meant.id))
        record(office, happenings)
        for row in scans.readings_of(office.db, slip.id):
            if row.state in ("review", "waiting"):
                scans.set_reading_state(office.db, row.id, "done")
    return NamedOther(_owner(office, slip), meant, _own_slip(office, meant, slip.form))


def _own_slip(office: Office, pupil: Pupil, form: str) -> str:
    events = ledger.events_of(office.db, pupil.id)
    issued = [event.slip for event in events if isinstance(event.what, Issued) and event.what.form == form]
    back = {event.slip for event in events if isinstance(event.what, Returned)}
    return typed_code(issued[-1]) if issued and issued[-1] and issued[-1] not in back else ""


def proposed_for(office: Office, pupil: str) -> tuple[str, ...]:
    """The typed codes of slips on which this child's name was written, and which wait to be asked for anew."""
    require(office, "see-reasons")
    events = ledger.events_of(office.db, the_pupil(office, pupil).id)
    found: list[Event] = []
    for event in events:
        if isinstance(event.what, Proposed):
            found.append(event)
        elif isinstance(event.what, Returned) and event.slip:
            # Their own slip of the same form has come back since.
            slip = slips.slip(office.db, event.slip)
            found = [one for one in found if slip is None or _form_of(office, one) != slip.form]
    return tuple(dict.fromkeys(typed_code(one.what.slip) for one in found if isinstance(one.what, Proposed)))


def _form_of(office: Office, proposed: Event) -> str:
    slip = slips.slip(office.db, proposed.what.slip) if isinstance(proposed.what, Proposed) else None
    return slip.form if slip else ""


def _returned(office: Office, slip: Slip) -> Sequence[Event]:
    """The slip's events. Raises `KnownError` where it never came back."""
    events = ledger.events_of_slip(office.db, slip.id)
    if not any(isinstance(event.what, Returned) for event in events):
        raise KnownError(
            f"slip {typed_code(slip.id)} has not come back",
            "nothing was recorded",
            "read it from a scan, or key its answers",
        )
    return events


def _owner(office: Office, slip: Slip) -> Pupil:
    pupil = people.pupil(office.db, slip.pupil)
    if pupil is None:
        raise LookupError("every slip has its pupil")
    return pupil
