"""One made-up pupil's history, written as it happened: each call is one more event, an hour after the last."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from consentdesk.model.circumstances import Assessed, BirthRecorded, GuardianEnded, GuardianRecorded
from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    CareChanged,
    Confirmed,
    Event,
    Invalidated,
    Issued,
    Joined,
    Left,
    Lifted,
    Restricted,
    Returned,
    Reviewed,
    SocialWorkerAgreed,
    Status,
    What,
    Withdrawn,
    kind_of,
    named_guardian,
    unnamed_guardian,
)
from consentdesk.model.paper_trail import Dated, SignatoryNamed, WithdrawalIssued
from consentdesk.model.people import Responsibility
from consentdesk.model.school_events import RuleChanged
from consentdesk.model.status import status_for

WEBSITE = "image.website"
PRESS = "image.press"
INTERNET = "internet.access"

MUM = named_guardian("mum")
DAD = named_guardian("dad")

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
UNTIL = date(2027, 8, 31)
LATER = date(2027, 1, 15)
"""A day in the same school year, after everything that a story tells unless it says otherwise."""

Said = str | dict[str, str]
"""One word for every purpose of the slip, or one for each: `yes`, `no`, `unclear`, or why it is in doubt."""


def open_slips(told: Story, purpose: str, on: date) -> list[list[Event]]:
    """Of each slip that may still carry a yes `on` a day, what happened with it and was not recorded in error.

    Told without the rules' own code, so that it can judge them: printed after every withdrawal and departure and
    still in time; none at all of a pupil whose pictures are restricted.
    """
    void: set[str] = set()
    for one in reversed(told.events):
        if isinstance(one.what, Invalidated) and one.id not in void:
            void.add(one.what.event)
    live = [one for one in told.events if one.id not in void]
    lifted = {one.what.event for one in live if isinstance(one.what, Lifted)}
    if purpose == WEBSITE and any(isinstance(one.what, Restricted) and one.id not in lifted for one in live):
        return []
    barriers = [at for at, one in enumerate(live) if isinstance(one.what, Withdrawn | Left)]
    printed = [
        one.slip
        for at, one in enumerate(live)
        if isinstance(one.what, Issued) and at > max(barriers, default=-1) and on <= one.what.until
    ]
    return [[one for one in live if one.slip == slip] for slip in printed]


class Story:
    """The events of one pupil. Every method returns the story, so that it reads as one sentence."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.clock = START
        self._readings: dict[str, list[str]] = {}
        self._asked: dict[str, tuple[str, ...]] = {}

    def add(self, what: What, slip: str | None = None) -> Story:
        """One more event; its id is its place in the ledger, `e1` the first."""
        seq = len(self.events) + 1
        day = self.clock.date()
        self.events.append(
            Event(f"e{seq}", kind_of(what), self.clock, day, "office", what, "pupil", slip, 1, seq)
        )
        self.clock += timedelta(hours=1)
        return self

    @property
    def last(self) -> str:
        """The id of the last event."""
        return self.events[-1].id

    def on(self, day: date) -> Story:
        """The next event happens on `day`, at nine."""
        self.clock = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return self

    def printed(
        self,
        slip: str,
        *purposes: str,
        words: str = "wording 1",
        pupil: tuple[str, ...] = (),
        until: date = UNTIL,
    ) -> Story:
        """A slip goes out; it asks for the website unless told otherwise."""
        self._asked[slip] = purposes or (WEBSITE,)
        asked = dict.fromkeys(self._asked[slip], words)
        return self.add(Issued("image-use", "V1", asked, pupil, until), slip)

    def back(
        self,
        slip: str,
        said: Said | None = None,
        *,
        signed: bool | None = True,
        pupil: Said | None = None,
        pupil_signed: bool | None = True,
        who: str | None = None,
        how: Literal["scan", "keyed"] = "scan",
    ) -> Story:
        """A slip comes back and is read, or keyed; each time it is another reading, `A1`, `A2` …"""
        readings = self._readings.setdefault(slip, [])
        readings.append(f"{slip}{len(readings) + 1}")
        self.add(Returned(readings[-1], how, signed, None if pupil is None else pupil_signed), slip)
        for person, words in ((who or unnamed_guardian(slip), said), (PUPIL, pupil)):
            if words is not None:
                self.add(Answered(readings[-1], person, self._answers(slip, words), how), slip)
        return self

    def _answers(self, slip: str, said: Said) -> dict[str, Answer]:
        clear = {"yes": Answer("yes"), "no": Answer("no")}
        words = said if isinstance(said, dict) else dict.fromkeys(self._asked[slip], said)
        return {purpose: clear.get(word, Answer("review", word)) for purpose, word in words.items()}

    def yes(self, slip: str, *, who: str | None = None, pupil: Said | None = None) -> Story:
        """The plain way to yes: the slip comes back marked and signed, and a person confirms it."""
        return self.back(slip, "yes", who=who, pupil=pupil).confirmed(slip)

    def confirmed(self, slip: str, reading: int = -1) -> Story:
        """A person confirms a reading of the slip, the last one unless told otherwise."""
        return self.add(Confirmed(self._readings[slip][reading]), slip)

    def reviewed(
        self,
        slip: str,
        said: Said | None = None,
        *,
        who: str | None = None,
        signed: bool | None = None,
        conditions: dict[str, str] | None = None,
    ) -> Story:
        """A person decides what the slip says."""
        words: Any = {} if said is None else said
        if isinstance(said, str):
            words = dict.fromkeys(self._asked[slip], said)
        return self.add(Reviewed(who or unnamed_guardian(slip), words, signed, conditions or {}), slip)

    def withdrawn(self, *purposes: str, by: str | None = None) -> Story:
        """Consent is taken back by telephone."""
        return self.add(Withdrawn(purposes or (WEBSITE,), "phone", by))

    def invalidated(self, event: str) -> Story:
        """An event was recorded in error."""
        return self.add(Invalidated(event, "recorded for the wrong child"))

    def restricted(self) -> Story:
        """A safeguarding restriction begins."""
        return self.add(Restricted("known to the safeguarding lead"))

    def lifted(self, restriction: str) -> Story:
        """A restriction ends."""
        return self.add(Lifted(restriction))

    def joined(self, *, looked_after: bool = False) -> Story:
        """The pupil comes onto the roll."""
        return self.add(Joined("4B", looked_after))

    def left(self) -> Story:
        """The pupil leaves."""
        return self.add(Left())

    def care(self, *, looked_after: bool) -> Story:
        """The pupil comes into care, or leaves it."""
        return self.add(CareChanged(looked_after))

    def social_worker_agreed(self, slip: str | None = None) -> Story:
        """The social worker agrees, to one slip or to all that came back."""
        return self.add(SocialWorkerAgreed("the social worker", "ref 7"), slip)

    def guardian(
        self,
        who: str,
        responsibility: Responsibility = "yes",
        *,
        court_note: str = "",
        corporate: bool = False,
    ) -> Story:
        """A guardian is recorded, or what is known of them changes; `who` as in `MUM`."""
        name = who.removeprefix(named_guardian(""))
        return self.add(GuardianRecorded(name, name, "mother", responsibility, court_note, corporate))

    def guardian_ended(self, who: str) -> Story:
        """Somebody is no guardian any more."""
        return self.add(GuardianEnded(who.removeprefix(named_guardian(""))))

    def assessed(self, *, competent: bool) -> Story:
        """Somebody judges whether the pupil can decide alone."""
        return self.add(Assessed(competent, "the deputy head", self.clock.date()))

    def born(self, day: date) -> Story:
        """The pupil's birthday is recorded."""
        return self.add(BirthRecorded(day))

    def rule(self, name: str, *, value: bool) -> Story:
        """The school sets a rule: an event about no pupil."""
        self.add(RuleChanged(name, value))
        self.events[-1] = msgspec.structs.replace(self.events[-1], pupil=None)
        return self

    def dated(self, slip: str, written: date, *, noes_too: bool = False) -> Story:
        """A person types the date that is written on a slip."""
        return self.add(Dated(written, noes_too, "they remember the day" if noes_too else ""), slip)

    def signed_by(self, slip: str, who: str) -> Story:
        """A person says who signed a slip."""
        return self.add(SignatoryNamed(who), slip)

    def way_back_printed(self, slip: str, *purposes: str) -> Story:
        """A withdrawal slip goes out."""
        self._asked[slip] = purposes or (WEBSITE,)
        asked = dict.fromkeys(self._asked[slip], "wording 1")
        return self.add(WithdrawalIssued("withdraw-image-use", "V9", asked), slip)

    def erased(self) -> Story:
        """What the last event said is erased; that something happened stays."""
        self.events[-1] = msgspec.structs.replace(self.events[-1], what=None)
        return self

    def status(self, purpose: str = WEBSITE, on: date = LATER) -> Status:
        """What holds."""
        return status_for(self.events, purpose, on)


def story() -> Story:
    """A pupil of whom nothing is recorded yet."""
    return Story()


def yes_on(slip: str, *purposes: str, who: str | None = None) -> Story:
    """A slip was printed and has brought a yes."""
    return story().printed(slip, *purposes).yes(slip, who=who)


def for_both(slip: str) -> Story:
    """A slip was printed that asks the pupil as well."""
    return story().printed(slip, pupil=(WEBSITE,))


def cases(table: list[tuple[str, Story, str]]) -> pytest.MarkDecorator:
    """A table of cases: what it shows, by its rule; what happened; the word that holds."""
    rows = [pytest.param(told, word, id=name) for name, told, word in table]
    return pytest.mark.parametrize(("history", "word"), rows)
