"""Since when something has held for a pupil, found in their events from the last one back (rule C1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from consentdesk.model.consent import Event

Holds = Callable[[Sequence[Event], date], bool]
"""Whether something holds on a day, by the events up to some point."""


def began_with(events: Sequence[Event], holds: Holds) -> Event | None:
    """The event with which what holds now began; the first where it always did, None without events.

    Ordinarily a look or two is enough, since the last event of its kind began it.
    """
    began = None
    for place in range(len(events), 0, -1):
        began = events[place - 1]
        if not holds(events[: place - 1], began.on):
            break
    return began
