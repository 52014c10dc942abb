"""What travels with every list: how many have answered, and what has come back and does not count yet (rule C9)."""

from __future__ import annotations

from collections.abc import Sequence

from consentdesk.model.consent import Event, Issued, Returned
from consentdesk.model.listing import ListCounts
from consentdesk.model.people import Pupil
from consentdesk.model.slip import typed_code
from consentdesk.services.office import Office
from consentdesk.store import scans, slips


def counts_of(histories: Sequence[Sequence[Event]]) -> ListCounts:
    """A pupil is outstanding while the newest slip of any form is, and returned once all of them are back."""
    returned = outstanding = 0
    for events in histories:
        newest = {event.what.form: event.slip for event in events if isinstance(event.what, Issued)}
        back = {event.slip for event in events if isinstance(event.what, Returned)}
        if newest and set(newest.values()) <= back:
            returned += 1
        elif newest:
            outstanding += 1
    return ListCounts(len(histories), returned, outstanding)


def notes_on(office: Office, pupils: Sequence[Pupil]) -> tuple[str, ...]:
    """What has come back and does not count yet, so that a no on the list is not taken for the last word."""
    names = {pupil.id: pupil.display_name for pupil in pupils}
    notes = []
    for sentence, rows in (
        ("Not reviewed when this list was made", scans.waiting_review(office.db)),
        ("Read and not yet confirmed when this list was made", scans.waiting_confirmation(office.db)),
    ):
        waiting = slips.slips(office.db, [row.slip for row in rows if row.slip])
        listed = sorted(
            f"{names[slip.pupil]} (slip {typed_code(slip.id)})"
            for slip in waiting.values()
            if slip.pupil in names
        )
        if listed:
            notes.append(f"{sentence}: {', '.join(listed)}.")
    lying = len(scans.in_tray(office.db))
    if lying:
        slips_lie = "1 slip lies" if lying == 1 else f"{lying} slips lie"
        notes.append(
            f"{slips_lie} in the tray without a code that could be used, and may be of these pupils."
        )
    return tuple(notes)
