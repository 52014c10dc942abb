"""Lists and sheets that left the program and are out of date: which, and who must not be used as they say (C9, W4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from consentdesk.model.consent import Event, Exported, Joined, Left, Moved
from consentdesk.model.keeping_events import SnapshotIssued
from consentdesk.model.people import class_key
from consentdesk.model.school_events import SheetMade
from consentdesk.model.status import status_of
from consentdesk.services.forms import questions
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.progress import Job, Progress
from consentdesk.store import activities, ledger, people, slips

LOOKED_BACK: Final = timedelta(days=366)
"""How far back lists are looked at: no yes counts for longer than a school year and a little."""
_TOGETHER: Final = 50
_EVERYONE: Final = "all"
_KINDS: Final = ("exported", "sheet-made", "snapshot-issued")


class MadeList(msgspec.Struct, frozen=True):
    """A list, sheet or snapshot that left the program: of what (a class, `all`, or an activity's title), when, by whom.

    `event` names it, `seq` is its place in the ledger. `pupils` and `purposes` are empty where they are not
    kept with it: then it held everybody of the class, and every purpose.
    """

    event: str
    seq: int
    of: str
    kind: str
    at: datetime
    on: date
    by: str
    pupils: frozenset[str] = frozenset()
    purposes: tuple[str, ...] = ()
    activity: str = ""


class ListChange(msgspec.Struct, frozen=True):
    """A pupil whom a list shows with a yes that is none any more, or that a condition narrows now."""

    pupil: str
    name: str
    school_class: str
    purposes: tuple[str, ...]


class OutdatedList(msgspec.Struct, frozen=True):
    """A list that must not be used any more, and whom it shows wrongly."""

    made: MadeList
    changes: tuple[ListChange, ...]


def made_lists(
    office: Office, since: date | None = None, *, activity: str | None = None
) -> tuple[MadeList, ...]:
    """The lists and sheets made since a day, the last first; without a day those of the last year.

    With the id of an `activity` only its sheets.
    """
    require(office, "see-status")
    first = since or office.today - LOOKED_BACK
    events = [
        event
        for event in reversed(ledger.events_of_kinds(office.db, _KINDS if activity is None else _KINDS[1:2]))
        if event.on >= first
        and (activity is None or (isinstance(event.what, SheetMade) and event.what.activity == activity))
    ]
    users = {by: user_name(office, by) for by in {event.by for event in events}}
    sheets = any(isinstance(event.what, SheetMade) for event in events)
    titles = activities.titles(office.db) if sheets else {}
    return tuple(_made(event, titles, users[event.by]) for event in events)


def outdated_lists(office: Office) -> Job[tuple[OutdatedList, ...]]:
    """The lists of the last year that allow what is not allowed any more, the last made first."""
    made = made_lists(office)
    wrong: dict[str, list[ListChange]] = {one.event: [] for one in made}
    if made:
        concerned = sorted(_may_have_changed(office, made[-1]))
        for start in range(0, len(concerned), _TOGETHER):
            yield Progress(start, len(concerned), "comparing lists")
            for event, change in _changes(office, made, concerned[start : start + _TOGETHER]):
                wrong[event].append(change)
    return tuple(OutdatedList(one, _in_order(wrong[one.event])) for one in made if wrong[one.event])


def outdated_by(office: Office, pupil_id: str) -> tuple[OutdatedList, ...]:
    """The lists that show one pupil with a yes that is none any more: what a withdrawal makes out of date (W4)."""
    made = {one.event: one for one in made_lists(office)}
    found = _changes(office, list(made.values()), [pupil_id])
    return tuple(OutdatedList(made[event], (change,)) for event, change in found)


def changes_since(office: Office, made: MadeList) -> tuple[ListChange, ...]:
    """Whom one list shows wrongly by now."""
    require(office, "see-status")
    concerned = _may_have_changed(office, made, made.pupils or None)
    return _in_order(change for _event, change in _changes(office, [made], sorted(concerned)))


def _made(event: Event, titles: Mapping[str, str], by: str) -> MadeList:
    match event.what:
        case SheetMade() as what:
            return MadeList(
                event.id, event.seq, titles.get(what.activity, ""), "sheet", event.at, event.on, by,
                frozenset(what.pupils), what.purposes, what.activity,
            )  # fmt: skip
        case SnapshotIssued() as what:
            return MadeList(
                event.id, event.seq, what.of, "snapshot", event.at, event.on, by, frozenset(what.pupils),
                what.purposes,
            )  # fmt: skip
        case Exported() as what:
            return MadeList(event.id, event.seq, what.of, what.kind, event.at, event.on, by)
        case _:
            raise ValueError(f"{event.kind} is no list that left the program")


def _may_have_changed(office: Office, oldest: MadeList, pupils: Iterable[str] | None = None) -> set[str]:
    """Everybody, or whoever of `pupils`, of whom something was recorded since or whose answers may have ended."""
    since = {pupil for pupil, last in ledger.last_places(office.db, pupils).items() if last > oldest.seq}
    return since | slips.ended_between(office.db, oldest.on, office.today, pupils)


def _changes(
    office: Office, made: Sequence[MadeList], pupils: Sequence[str]
) -> Iterable[tuple[str, ListChange]]:
    """By the list's event, whom it shows with a yes that is not the same yes any more."""
    names = {purpose: question.name for purpose, question in questions(office).items()}
    known = people.pupils_named(office.db, pupils)
    today = office.today
    for pupil_id, events in ledger.events_of_many(office.db, [one for one in pupils if one in known]).items():
        now = status_of(events, today)
        for one in made:
            then_events = [event for event in events if event.seq <= one.seq]
            if not _is_on(one, pupil_id, then_events):
                continue
            then = status_of(then_events, one.on)
            gone = [
                purpose
                for purpose, before in then.items()
                if before.acts_as == "yes"
                and (not one.purposes or purpose in one.purposes)
                and (now[purpose].acts_as != "yes" or now[purpose].condition != before.condition)
            ]
            if gone:
                pupil = known[pupil_id]
                told = tuple(names.get(purpose, purpose) for purpose in gone)
                yield one.event, ListChange(pupil.id, pupil.display_name, pupil.class_name, told)


def _is_on(made: MadeList, pupil: str, events: Iterable[Event]) -> bool:
    """Whether a pupil is on the list, by their own events up to it."""
    if made.pupils:
        return pupil in made.pupils
    school_class: str | None = None
    for event in events:
        if isinstance(event.what, Joined | Moved):
            school_class = event.what.school_class
        elif isinstance(event.what, Left):
            school_class = None
    if school_class is None:
        return False
    return made.of == _EVERYONE or class_key(school_class) == class_key(made.of)


def _in_order(changes: Iterable[ListChange]) -> tuple[ListChange, ...]:
    return tuple(sorted(changes, key=lambda one: (class_key(one.school_class), one.name)))
