"""Slips as they were printed, who signed them, and the dates written on them, from one pupil's events (A2, C5, W1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple, TypeVar

import msgspec

from consentdesk.model.consent import PUPIL, Event, Issued, Reviewed, named_guardian, unnamed_guardian
from consentdesk.model.paper_trail import Dated, SignatoryNamed, WithdrawalIssued

Kind = TypeVar("Kind")
_NAMED: Final = named_guardian("")
_UNNAMED: Final = unnamed_guardian("")


class Moment(NamedTuple):
    """When something happened: its place among the pupil's events, and the clock."""

    place: int
    at: datetime

    def after(self, other: Moment) -> bool:
        """Whether this is later by ledger and by clock: a clock put right in between never revives a yes."""
        return self.place > other.place and self.at > other.at


class Entry(NamedTuple):
    """One event that counts, with its moment."""

    moment: Moment
    event: Event


class Printed(msgspec.Struct, frozen=True):
    """A slip that was issued; a yes on it counts as said at `moment` (rule C5).

    One that `withdraws` asks nothing: no yes stands on it, and a doubt about it holds every yes back (rule W1).
    """

    id: str
    moment: Moment
    on: date
    asked: dict[str, str]
    pupil_asked: tuple[str, ...]
    until: date
    withdraws: bool = False

    def is_own_part(self, person: str) -> bool:
        """Whether `person` answers in the pupil's own part; without one a pupil of age signs where guardians do."""
        return person == PUPIL and bool(self.pupil_asked)


class Written(NamedTuple):
    """The date that a person typed from a slip, as moments: a yes was said from `first` on, a no by `last`."""

    day: date
    first: Moment
    last: Moment | None


def of_kind(kind: type[Kind], entries: Iterable[Entry]) -> list[tuple[Moment, Event, Kind]]:
    """The entries of one kind, with what happened."""
    return [(moment, event, event.what) for moment, event in entries if isinstance(event.what, kind)]


def is_unnamed(person: str) -> bool:
    """Rule A2: whether nobody has yet said which guardian this is."""
    return person.startswith(_UNNAMED)


def printed_slips(entries: Sequence[Entry]) -> dict[str, Printed]:
    """The slips that were issued, in ledger order, by id; one printed again is as old as its first print."""
    slips: dict[str, Printed] = {}
    for moment, event in entries:
        slip, what = event.slip, event.what
        if slip is None or slip in slips:
            continue
        if isinstance(what, Issued):
            slips[slip] = Printed(slip, moment, event.on, what.asked, what.pupil_asked, what.until)
        elif isinstance(what, WithdrawalIssued):
            slips[slip] = Printed(slip, moment, event.on, {}, what.pupil_asked, date.max, withdraws=True)
    return slips


def guardians_named(entries: Sequence[Entry], slips: dict[str, Printed]) -> dict[str, str]:
    """Rule A2: who a person last said had signed a slip, by the slip's unnamed guardian.

    It may be the pupil, where the slip has no part of the pupil's own beside it (rule A4).
    """
    named: dict[str, str] = {}
    for _, event in entries:
        slip, what = event.slip, event.what
        if slip not in slips or not isinstance(what, Reviewed | SignatoryNamed):
            continue
        by_the_pupil = isinstance(what, SignatoryNamed) and what.person == PUPIL
        if what.person.startswith(_NAMED) or (by_the_pupil and not slips[slip].pupil_asked):
            named[unnamed_guardian(slip)] = what.person
    return named


def written_dates(entries: Sequence[Entry]) -> dict[str, Written]:
    """Rule C5: the dates that persons typed, the last for each slip; one that lies ahead of its typing is none.

    A yes comes after whatever was recorded before that day, in the ledger and by the clock, and a no before
    whatever was recorded after it: what happened on the day itself stands against the yes.
    """
    found: dict[str, Written] = {}
    for _, event, what in of_kind(Dated, entries):
        day = what.written
        if event.slip is None or day > event.on:
            continue
        since = min(moment.place for moment, other in entries if other.on >= day)
        until = max((moment.place for moment, other in entries if other.on <= day), default=-1)
        found[event.slip] = Written(
            day,
            Moment(since, datetime.combine(day, time.min, UTC)),
            Moment(until, datetime.combine(day, time.max, UTC)) if what.noes_too else None,
        )
    return found
