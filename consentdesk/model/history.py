"""One pupil's events up to a day, as slips, statements, withdrawals and circumstances (rules A5, C1, W5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from consentdesk.model.consent import (
    Answered,
    CareChanged,
    Confirmed,
    Event,
    Invalidated,
    Joined,
    Left,
    Lifted,
    Restricted,
    Returned,
    SocialWorkerAgreed,
    Withdrawn,
)
from consentdesk.model.printed import (
    Entry,
    Moment,
    Printed,
    guardians_named,
    is_unnamed,
    of_kind,
    printed_slips,
)
from consentdesk.model.statements import Statement, statements_by_purpose
from consentdesk.model.voices import Voices, voices_of


class Withdrawal(msgspec.Struct, frozen=True):
    """Consent taken back; `person` is None where nobody said who, or only on which slip."""

    purposes: tuple[str, ...]
    person: str | None
    moment: Moment
    on: date


class Ending(msgspec.Struct, frozen=True):
    """What ends every yes printed before `moment`, or every yes at all where that is None."""

    why: Literal["left", "erased"]
    on: date
    moment: Moment | None


class Agreement(msgspec.Struct, frozen=True):
    """The social worker's word: its place among the events, and the one slip that it is about, if any."""

    place: int
    slip: str | None


class History(msgspec.Struct, frozen=True):
    """All that the judging of one pupil needs.

    `slips` are those that ask something, in ledger order; `statements` stand by purpose. `in_care_since` is the
    place among the events at which the present care began, None for a pupil who is not looked after.
    """

    slips: tuple[Printed, ...]
    statements: dict[str, list[Statement]]
    withdrawals: tuple[Withdrawal, ...]
    restricted: bool
    in_care_since: int | None
    agreements: tuple[Agreement, ...]
    endings: tuple[Ending, ...]
    voices: Voices


def history_of(events: Iterable[Event], on: date) -> History:
    """One pupil's events up to the end of `on`.

    Raises `ValueError` where they belong to more than one pupil (rule A1).
    """
    entries = _counting(events, on)
    slips = printed_slips(entries)
    names = guardians_named(entries, slips)
    lifted = {what.event for _, _, what in of_kind(Lifted, entries)}
    return History(
        slips=tuple(slip for slip in slips.values() if not slip.withdraws),
        statements=statements_by_purpose(entries, slips, names),
        withdrawals=_withdrawals(entries, names),
        restricted=any(event.id not in lifted for _, event, _ in of_kind(Restricted, entries)),
        in_care_since=_in_care_since(entries),
        agreements=tuple(
            Agreement(moment.place, event.slip) for moment, event, _ in of_kind(SocialWorkerAgreed, entries)
        ),
        endings=_endings(entries),
        voices=voices_of(entries, on),
    )


def _counting(events: Iterable[Event], on: date) -> list[Entry]:
    """The events that count on the day, in ledger order; one not yet kept comes after all that are.

    What was invalidated is left out (rule W5), and with a return all that its reading said. An invalidation
    may itself be invalidated: hence from the last back.
    """
    known = [event for event in events if event.on <= on]
    known.sort(key=lambda event: (event.seq or math.inf, event.at))
    if len({event.pupil for event in known if event.pupil is not None}) > 1:
        raise ValueError("events of more than one pupil")
    void: set[str] = set()
    void_readings: set[str] = set()
    for event in reversed(known):
        if isinstance(event.what, Invalidated) and event.id not in void:
            void.add(event.what.event)
        elif isinstance(event.what, Returned) and event.id in void:
            void_readings.add(event.what.reading)
    return [
        Entry(Moment(place, event.at), event)
        for place, event in enumerate(known)
        if event.id not in void
        and not (isinstance(event.what, Answered | Confirmed) and event.what.reading in void_readings)
    ]


def _withdrawals(entries: Sequence[Entry], names: dict[str, str]) -> tuple[Withdrawal, ...]:
    withdrawals = []
    for moment, event, what in of_kind(Withdrawn, entries):
        person = None if what.person is None else names.get(what.person, what.person)
        known = None if person is None or is_unnamed(person) else person
        withdrawals.append(Withdrawal(what.purposes, known, moment, event.on))
    return tuple(withdrawals)


def _in_care_since(entries: Sequence[Entry]) -> int | None:
    """Rule A5. Each event that says *looked after* begins anew, since the carer may be another."""
    since = None
    for moment, event in entries:
        if isinstance(event.what, Joined | CareChanged):
            since = moment.place if event.what.looked_after else None
    return since


def _endings(entries: Sequence[Entry]) -> tuple[Ending, ...]:
    """Leaving ends every yes, those printed before it even for a pupil who comes back; so does an erasure.

    What was erased might have been a no: nothing said before it can be trusted to be a yes.
    """
    endings = []
    away: Ending | None = None
    for moment, event in entries:
        if isinstance(event.what, Left):
            endings.append(Ending("left", event.on, moment))
            away = Ending("left", event.on, None)
        elif isinstance(event.what, Joined):
            away = None
        elif event.what is None:
            endings.append(Ending("erased", event.on, moment))
    return (*endings, away) if away else tuple(endings)
