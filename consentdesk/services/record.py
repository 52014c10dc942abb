"""The only door to the ledger: what happened is stamped and appended here (rule C1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from consentdesk.model.consent import Event, What
from consentdesk.services.office import Office, event
from consentdesk.store import ledger


class Happening(NamedTuple):
    """Something to be recorded: what, and about which pupil, slip and batch."""

    what: What
    pupil: str | None = None
    slip: str | None = None
    batch: int | None = None


def record(office: Office, happenings: Iterable[Happening]) -> list[Event]:
    """Append what happened, all in one moment and by the user signed in; the whole of it or nothing.

    Joins a transaction that is already open.
    """
    return record_stamped(office, stamped(office, happenings))


def stamped(office: Office, happenings: Iterable[Happening]) -> list[Event]:
    """The events of what happened in one moment, not yet in the ledger."""
    events = [event(office, *happening) for happening in happenings]
    # What is recorded together happened together: no yes is printed later than a no beside it.
    return [msgspec.structs.replace(one, at=events[0].at, on=events[0].on) for one in events]


def record_stamped(office: Office, events: Sequence[Event]) -> list[Event]:
    """Append events that `stamped` made, perhaps of several moments; the whole of it or nothing.

    Joins a transaction that is already open.
    """
    if not events:
        return []
    with office.db.writing():
        return ledger.append(office.db, events)
