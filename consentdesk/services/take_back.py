"""Undo: a decision or a confirmation taken back by the person who made it; both stay to be seen (rule W5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import Confirmed, Event, Invalidated, Reviewed, Withdrawn
from consentdesk.services.doubts import Doubt
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide, the_slip
from consentdesk.store import ledger, scans

UNDONE: Final = "undone by the person who recorded it"


class Undo(NamedTuple):
    """What it takes to undo something: the ids of its events, and what each reading waited for before it."""

    events: tuple[str, ...]
    states: tuple[tuple[str, scans.State], ...]


class Decided(NamedTuple):
    """A decision that was recorded: how it is undone, and what is still open on the slip."""

    undo: Undo
    left: tuple[Doubt, ...]


def decide_once(office: Office, code: str, verdict: Verdict) -> Decided:
    """Decide about a slip as `decide` does, so that it can be taken back. Raises `KnownError` as that does."""
    require(office, "review-answers")
    slip = the_slip(office, code)
    states = tuple((row.id, row.state) for row in scans.readings_of(office.db, slip.id))
    before = ledger.head(office.db)[0]
    left = decide(office, code, verdict)
    made = [event.id for event in ledger.events_of_slip(office.db, slip.id) if event.seq > before]
    return Decided(Undo(tuple(made), states), left)


def take_back(office: Office, undo: Undo) -> None:
    """Make events count no more, and let the readings wait again for what they waited for.

    What a decision about a withdrawal slip stopped is undone with it. Raises `KnownError`, and changes nothing,
    where one of them is no decision or confirmation of the user's own, or was taken back already.
    """
    require(office, "review-answers")
    known = [ledger.event(office.db, one) for one in undo.events]
    meant = [
        one for one in known if one is not None and one.by == office.user.id and _can_be_undone(one, undo)
    ]
    void = _taken_back(office, {one.slip for one in meant if one.slip})
    if len(meant) < len(undo.events) or any(one.id in void for one in meant):
        raise KnownError(
            "this can no longer be undone", "nothing was changed", "decide again; the later word holds"
        )
    with office.db.writing():
        record(
            office,
            [Happening(Invalidated(one.id, UNDONE), one.pupil, one.slip, one.batch) for one in meant],
        )
        for reading, state in undo.states:
            scans.set_reading_state(office.db, reading, state)


def _can_be_undone(event: Event, undo: Undo) -> bool:
    """Whether it is a decision or a confirmation, or the withdrawal that came with a decision undone with it."""
    of_a_slip = isinstance(event.what, Withdrawn) and event.slip is not None and len(undo.events) > 1
    return isinstance(event.what, Reviewed | Confirmed) or of_a_slip


def _taken_back(office: Office, slips: Iterable[str]) -> set[str]:
    return {
        event.what.event
        for events in ledger.events_of_slips(office.db, slips).values()
        for event in events
        if isinstance(event.what, Invalidated)
    }
