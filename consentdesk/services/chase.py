"""Who is to be asked, reminded or asked again, and why (rules C7, S4): nothing is ever extended in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from consentdesk.model.circumstances import GuardianEnded, GuardianRecorded
from consentdesk.model.consent import (
    CareChanged,
    Event,
    Invalidated,
    Issued,
    Joined,
    Restricted,
    Returned,
    Status,
    StatusWord,
)
from consentdesk.model.form import FormDefinition, wording_hash
from consentdesk.model.paper_trail import Reminded
from consentdesk.model.people import Pupil, key_stage, school_year
from consentdesk.model.status import status_of
from consentdesk.services.forms import forms_in_force, the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_class
from consentdesk.store import ledger, people

Why = Literal[
    "not-asked", "no-reply", "unclear", "unsigned", "expired", "ends-soon", "new-wording", "key-stage", "guardian",
    "care",
]  # fmt: skip
WORDS: Final[dict[Why, str]] = {
    "not-asked": "Never asked.",
    "no-reply": "The slip has not come back.",
    "unclear": "An answer could not be made out.",
    "unsigned": "The slip came back without a signature.",
    "expired": "The consent has come to its end.",
    "ends-soon": "The consent comes to its end soon.",
    "new-wording": "The form asks in other words now.",
    "key-stage": "The pupil is in another key stage.",
    "guardian": "The pupil has another guardian.",
    "care": "The pupil’s care has changed.",
}
"""One sentence for each reason, the one that comes first decides."""
SOON: Final = 42
"""Days before an end from which it is time to ask again."""
_OF_STATUS: Final[dict[StatusWord, Why]] = {
    StatusWord.NO_REPLY: "no-reply",
    StatusWord.UNSIGNED: "unsigned",
    StatusWord.EXPIRED: "expired",
}
_AUGUST: Final = 8


class ToAsk(msgspec.Struct, frozen=True):
    """One pupil and form to be asked, and for what `whys`, the first the strongest.

    `since` is when the newest slip of the form was printed, None where none was; `out` whether that one has not
    come back. `ends` is the day on which the first yes ends, where one counts. `reminders` count since then.
    """

    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    form: str
    title: str
    whys: tuple[Why, ...]
    since: date | None
    out: bool
    ends: date | None
    reminders: int


def to_ask(
    office: Office,
    form_ids: Sequence[str] = (),
    *,
    school_class: str | None = None,
    soon: int = SOON,
) -> tuple[ToAsk, ...]:
    """Everyone to be asked about the forms named, or about all that were ever printed, by class and surname.

    What was refused or withdrawn is answered: nobody is asked again for that alone. Raises `KnownError` where
    form or class is unknown.
    """
    require(office, "print-forms")
    definitions = the_forms(office, form_ids) or [one.definition for one in forms_in_force(office).values()]
    name = None if school_class is None else the_class(office, school_class)
    pupils = people.pupils(office.db, school_class=name)
    histories = ledger.events_of_many(office.db, [pupil.id for pupil in pupils])
    in_use = set(form_ids) or {
        event.what.form for events in histories.values() for event in events if isinstance(event.what, Issued)
    }
    found = []
    for pupil in pupils:
        events = _counting(histories[pupil.id])
        statuses = status_of(events, office.today)
        for definition in definitions:
            if definition.id in in_use:
                one = _to_ask(pupil, definition, events, statuses, office.today, soon)
                if one.whys:
                    found.append(one)
    return tuple(found)


def renewals(office: Office, before: date) -> tuple[ToAsk, ...]:
    """Whose consent ends by that day, or has ended (rule C7)."""
    days = max(0, (before - office.today).days)
    ending = ("ends-soon", "expired")
    return tuple(one for one in to_ask(office, soon=days) if any(why in ending for why in one.whys))


def _counting(events: Sequence[Event]) -> list[Event]:
    """What counts, but for restrictions: a list without the restricted would give them away (rule A6)."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    return [event for event in events if event.id not in void and not isinstance(event.what, Restricted)]


def _to_ask(
    pupil: Pupil,
    definition: FormDefinition,
    events: Sequence[Event],
    statuses: dict[str, Status],
    today: date,
    soon: int,
) -> ToAsk:
    issues = [
        event for event in events if isinstance(event.what, Issued) and event.what.form == definition.id
    ]
    last = issues[-1] if issues else None
    back = {event.slip for event in events if isinstance(event.what, Returned)}
    asked = [statuses[one.purpose] for one in definition.asked if one.purpose in statuses]
    yeses = [one for one in asked if one.word is StatusWord.YES]
    ends = min((one.until for one in yeses if one.until), default=None)
    out = last is not None and last.slip not in back
    whys: dict[Why, None] = {}
    if last is None:
        whys["not-asked"] = None
    for one in asked:
        why = _OF_STATUS.get(one.word)
        if why == "no-reply" and not out:
            why = "unclear"
        if why:
            whys[why] = None
    if ends is not None and ends <= today + timedelta(days=soon):
        whys["ends-soon"] = None
    if last is not None and not out:
        whys |= dict.fromkeys(_changed_since(last, pupil, definition, events, today))
    order = list(WORDS)
    return ToAsk(
        pupil.id,
        pupil.display_name,
        pupil.class_name,
        definition.id,
        definition.title,
        tuple(sorted(whys, key=order.index)),
        last.on if last else None,
        out,
        ends,
        _reminders(events, definition.id, last),
    )


def _changed_since(
    last: Event, pupil: Pupil, definition: FormDefinition, events: Sequence[Event], today: date
) -> list[Why]:
    """Rule C7: wording, key stage, guardians or care that are other than when the newest slip was printed."""
    before = [event for event in events if event.seq <= last.seq]
    since = [event for event in events if event.seq > last.seq]
    found: list[Why] = []
    said = last.what.asked if isinstance(last.what, Issued) else {}
    now = {one.purpose: wording_hash(one) for one in definition.asked}
    if any(said.get(purpose) != words for purpose, words in now.items()):
        found.append("new-wording")
    stages = {_stage(pupil, day, today) for day in (last.on, today)}
    if len(stages) > 1 and None not in stages:
        found.append("key-stage")
    known = {event.what.guardian for event in before if isinstance(event.what, GuardianRecorded)}
    if any(
        isinstance(event.what, GuardianEnded)
        or (isinstance(event.what, GuardianRecorded) and event.what.guardian not in known)
        for event in since
    ):
        found.append("guardian")
    if any(
        isinstance(event.what, CareChanged) or (isinstance(event.what, Joined) and event.what.looked_after)
        for event in since
    ):
        found.append("care")
    return found


def _stage(pupil: Pupil, day: date, today: date) -> int | None:
    """The key stage that the pupil was in on `day`, from the birthday, else by counting back from this year's group."""
    if pupil.date_of_birth is not None and pupil.date_of_birth <= day:
        return key_stage(school_year(pupil.date_of_birth, day))
    if pupil.year_group is None:
        return None
    return key_stage(pupil.year_group - (_school_years(today) - _school_years(day)))


def _school_years(day: date) -> int:
    return day.year if day.month > _AUGUST else day.year - 1


def _reminders(events: Iterable[Event], form: str, last: Event | None) -> int:
    after = last.on if last else date.min
    return sum(
        isinstance(event.what, Reminded) and form in event.what.forms and event.on >= after
        for event in events
    )
