"""How many have come back, class by class and day by day: counts, and no names (rule C7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import Event, Invalidated, Issued, Returned
from consentdesk.services.forms import the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_class
from consentdesk.store import ledger, people


class DayCount(msgspec.Struct, frozen=True):
    """How many pupils had been asked, and how many had answered, when a day ended."""

    on: date
    asked: int
    back: int


class ClassReturns(msgspec.Struct, frozen=True):
    """One class: how many pupils it has, were asked, and have answered all they were asked; and how that grew.

    `days` are those on which something changed, oldest first.
    """

    school_class: str = msgspec.field(name="class")
    pupils: int
    asked: int
    back: int
    days: tuple[DayCount, ...]


def returns(
    office: Office, *, school_class: str | None = None, form: str | None = None, since: date | None = None
) -> tuple[ClassReturns, ...]:
    """The classes in their order, one where named; about one form or all together; the days from `since` on.

    Raises `KnownError` where class or form is unknown, or there are no pupils.
    """
    require(office, "see-status")
    if form is not None:
        the_forms(office, [form])
    if school_class is None:
        names = [name for name, _count in people.classes(office.db)]
    else:
        names = [the_class(office, school_class)]
    if not names:
        raise KnownError("there are no pupils yet", "nothing was counted", "import a class list first")
    return tuple(_of_class(office, name, form, since) for name in names)


def _of_class(office: Office, name: str, form: str | None, since: date | None) -> ClassReturns:
    pupils = people.pupils(office.db, school_class=name)
    histories = ledger.events_of_many(office.db, [pupil.id for pupil in pupils])
    spans = [_steps(events, form) for events in histories.values()]
    changes = sorted({day for steps in spans for day, _asked, _back in steps})
    days = []
    for day in changes:
        asked = back = 0
        for steps in spans:
            until = [step for step in steps if step[0] <= day]
            asked += bool(until and until[-1][1])
            back += bool(until and until[-1][2])
        days.append(DayCount(day, asked, back))
    last = days[-1] if days else DayCount(office.today, 0, 0)
    shown = tuple(one for one in days if since is None or one.on >= since)
    return ClassReturns(name, len(pupils), last.asked, last.back, shown)


def _steps(events: Sequence[Event], form: str | None) -> list[tuple[date, bool, bool]]:
    """The days on which a pupil was asked or answered: whether they had been asked, and had answered all."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    newest: dict[str, str | None] = {}
    back: set[str | None] = set()
    steps = []
    for event in events:
        if event.id in void:
            continue
        if isinstance(event.what, Issued) and form in (None, event.what.form):
            newest[event.what.form] = event.slip
        elif isinstance(event.what, Returned) and event.slip in newest.values():
            back.add(event.slip)
        else:
            continue
        steps.append((event.on, bool(newest), set(newest.values()) <= back))
    return steps
