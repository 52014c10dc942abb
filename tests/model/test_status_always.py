"""What must hold of every history that can happen: invented ones, step by step, and changes to them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from consentdesk.model.consent import (
    PUPIL,
    Answered,
    Confirmed,
    Event,
    Issued,
    Returned,
    Reviewed,
    Status,
    unnamed_guardian,
)
from consentdesk.model.status import status_of
from tests.model.story import DAD, INTERNET, LATER, MUM, UNTIL, WEBSITE, Story, open_slips, story, yes_on

BOTH = (WEBSITE, INTERNET)
SLIPS = ("A", "B", "C")

slips = st.sampled_from(SLIPS)
guardians = st.sampled_from([None, None, MUM, DAD])
people = st.sampled_from([None, None, MUM, DAD, PUPIL])
marked = st.sampled_from(["yes", "yes", "yes", "no", "faint", "blank"])
decided = st.sampled_from(["yes", "yes", "no", "unclear", None])
signatures = st.sampled_from([True, True, True, False, None])
verdicts = st.sampled_from([None, None, True, False])

wordings = st.sampled_from(["old", "old", "old", "new"])
printing = st.tuples(st.just("printed"), slips, wordings, st.booleans())
consent = st.tuples(st.just("consent"), slips, wordings, st.booleans(), guardians)
paper = st.one_of(
    st.tuples(st.just("yes"), slips, guardians),
    st.tuples(st.just("back"), slips, marked, signatures, marked, signatures, guardians, st.booleans()),
    st.tuples(st.just("confirmed"), slips),
    st.tuples(st.just("reviewed"), slips, decided, people, verdicts),
)
around = st.one_of(
    st.tuples(st.just("withdrawn"), people),
    st.tuples(st.just("restricted")),
    st.tuples(st.just("lifted"), st.integers(0, 30)),
    st.tuples(st.just("care"), st.booleans()),
    st.tuples(st.just("agreed")),
    st.tuples(st.just("left")),
    st.tuples(st.just("joined")),
)
undoing = st.tuples(st.just("invalidated"), st.integers(0, 30))
Step = tuple[Any, ...]
steps = st.lists(st.one_of(printing, consent, consent, paper, paper, around, undoing), max_size=12)
openings = st.one_of(st.lists(consent, min_size=1, max_size=2), st.lists(printing, min_size=1, max_size=3))


def happen(told: Story, step: Step) -> None:
    """One step of an invented history; what cannot happen, such as a slip back that never went out, does not."""
    kind, *details = step
    printed = {one.slip for one in told.events if isinstance(one.what, Issued)}
    back = {one.slip for one in told.events if isinstance(one.what, Returned)}
    if kind in {"yes", "back", "reviewed"} and details[0] not in printed:
        return
    match kind, details:
        case "printed", [slip, words, pupil] if slip not in printed:
            told.printed(slip, *BOTH, words=words, pupil=BOTH if pupil else ())
        case "consent", [slip, words, pupil, who] if slip not in printed:
            told.printed(slip, *BOTH, words=words, pupil=BOTH if pupil else ()).yes(
                slip, who=who, pupil="yes"
            )
        case "yes", [slip, who]:
            told.yes(slip, who=who, pupil="yes")
        case "back", [slip, said, signed, pupil, pupil_signed, who, keyed]:
            how = "keyed" if keyed else "scan"
            told.back(slip, said, signed=signed, pupil=pupil, pupil_signed=pupil_signed, who=who, how=how)
        case "confirmed", [slip] if slip in back:
            told.confirmed(slip)
        case "reviewed", [slip, said, who, signed]:
            told.reviewed(slip, said, who=who, signed=signed)
        case "withdrawn", [who]:
            told.withdrawn(*BOTH, by=who)
        case (("lifted" | "invalidated"), [index]) if index < len(told.events):
            told.lifted(told.events[index].id) if kind == "lifted" else told.invalidated(
                told.events[index].id
            )
        case "care", [looked_after]:
            told.care(looked_after=looked_after)
        case (("restricted" | "agreed" | "left" | "joined"), []):
            {"agreed": told.social_worker_agreed}.get(kind, getattr(told, kind, told.joined))()


def tell(*parts: Sequence[Step]) -> Story:
    """An invented history from the beginning."""
    told = story()
    for step in (step for part in parts for step in part):
        happen(told, step)
    return told


def yeses(events: Sequence[Event], on: date = LATER) -> set[str]:
    """The purposes that act as yes."""
    return {purpose for purpose, status in status_of(events, on, BOTH).items() if status.acts_as == "yes"}


def changed(events: Sequence[Event], change: Callable[[Any], Any]) -> list[Event]:
    """The history with every event changed; one that becomes None has not happened."""
    after = [(one, change(one.what)) for one in events]
    return [msgspec.structs.replace(one, what=what) for one, what in after if what is not None]


def never_issued(what: object) -> object:
    return None if isinstance(what, Issued) else what


def never_returned(what: object) -> object:
    return None if isinstance(what, Returned) else what


def never_said_yes(what: object) -> object:
    return None if isinstance(what, Answered | Reviewed) and "yes" in str(what) else what


def never_signed(what: object) -> object:
    return msgspec.structs.replace(what, signed=None) if isinstance(what, Returned | Reviewed) else what


def never_seen(what: object) -> object:
    """No person has confirmed, decided or keyed anything."""
    if isinstance(what, Answered):
        return msgspec.structs.replace(what, how="scan")
    return None if isinstance(what, Confirmed | Reviewed) else what


@given(
    openings, steps, st.sampled_from([never_issued, never_returned, never_said_yes, never_signed, never_seen])
)
@settings(max_examples=250)
def test_c2_never_yes_by_absence(
    opening: list[Step], then: list[Step], without: Callable[[object], object]
) -> None:
    told = tell(opening, then)
    assume(yeses(told.events))
    assert yeses(changed(told.events, without)) == set()


@pytest.mark.parametrize("missing", range(4), ids=["issued", "returned", "answered", "confirmed"])
def test_c2_the_plain_yes_needs_each_of_its_events(missing: int) -> None:
    events = yes_on("A").events
    assert yeses(events) == {WEBSITE}
    assert yeses([*events[:missing], *events[missing + 1 :]]) == set()


@given(openings, steps, people, st.lists(st.one_of(paper, around), max_size=10))
@settings(max_examples=300)
def test_w5_a_withdrawal_is_never_undone_without_a_slip_printed_since(
    opening: list[Step], before: list[Step], who: str | None, after: list[Step]
) -> None:
    told = tell(opening, before)
    told.withdrawn(*BOTH, by=who)
    for step in after:
        happen(told, step)
    words = {status.word for status in status_of(told.events, LATER, BOTH).values()}
    assert words <= {"withdrawn", "restricted"}


@given(openings, steps, st.sampled_from(["answered", "keyed", "reviewed", "withdrawn"]), slips, guardians)
@settings(max_examples=300)
def test_c3_recording_a_no_never_makes_a_yes(
    opening: list[Step], before: list[Step], kind: str, slip: str, who: str | None
) -> None:
    told = tell(opening, before)
    assume(any(one.slip == slip for one in told.events))
    held = yeses(told.events)
    match kind:
        case "withdrawn":
            told.withdrawn(WEBSITE, by=who)
        case "reviewed":
            # A review that names a guardian says more than no: it joins what one person said on two slips.
            told.reviewed(slip, {WEBSITE: "no"}, who=unnamed_guardian(slip))
        case _:
            told.back(slip, {WEBSITE: "no"}, who=who, how="keyed" if kind == "keyed" else "scan")
    assert yeses(told.events) <= held


@given(openings, steps, st.integers(1, 300), steps)
@settings(max_examples=300)
def test_c1_what_comes_later_never_changes_what_held(
    opening: list[Step], before: list[Step], days: int, after: list[Step]
) -> None:
    told = tell(opening, before)
    day = told.clock.date()
    held = status_of(told.events, day, BOTH)
    told.on(day + timedelta(days=days))
    for step in after:
        happen(told, step)
    assert status_of(told.events, day, BOTH) == held


@given(openings, steps, st.randoms(use_true_random=False))
def test_c1_the_same_events_give_the_same_status(
    opening: list[Step], then: list[Step], shuffle: random.Random
) -> None:
    told = tell(opening, then)
    again = [msgspec.json.decode(msgspec.json.encode(one), type=Event) for one in told.events]
    shuffle.shuffle(again)
    assert status_of(again, LATER) == status_of(told.events, LATER)


@given(
    st.lists(st.tuples(slips, guardians), min_size=1, max_size=3, unique_by=lambda one: one[0]),
    st.lists(
        st.one_of(st.tuples(st.just("withdrawn"), people), st.tuples(st.just("no"), guardians)), max_size=2
    ),
    st.randoms(use_true_random=False),
)
def test_c5_the_order_in_which_slips_come_back_with_yes_does_not_matter(
    out: list[tuple[str, str | None]], between: list[Step], shuffle: random.Random
) -> None:
    def history(order: list[tuple[str, str | None]]) -> Story:
        told = story().printed("N", *BOTH)
        for slip, _ in out:
            told.printed(slip, *BOTH)
            for kind, who in between:
                told.withdrawn(*BOTH, by=who) if kind == "withdrawn" else told.back("N", "no", who=who)
        for slip, who in order:
            told.yes(slip, who=who)
        return told

    other = shuffle.sample(out, len(out))
    assert yeses(history(out).events) == yeses(history(other).events)


@given(openings, st.lists(st.one_of(printing, around), max_size=6), slips, guardians, st.integers(0, 6))
def test_c5_a_yes_counts_as_said_when_its_slip_was_printed_however_late_it_comes(
    opening: list[Step], then: list[Step], slip: str, who: str | None, wait: int
) -> None:
    then = [step for step in then if step[0] not in {"care", "agreed"}]  # the social worker looks at returns
    back: Step = ("yes", slip, who)
    at_once = tell(opening, then[:wait], [back], then[wait:])
    late = tell(opening, then, [back])
    assume(any(one.slip == slip for one in tell(opening, then[:wait]).events))
    assert yeses(at_once.events) == yeses(late.events)


@given(openings, steps, st.integers(-1, 1))
@settings(max_examples=200)
def test_every_yes_says_from_which_slip_and_until_when(
    opening: list[Step], then: list[Step], days: int
) -> None:
    told = tell(opening, then)
    day = UNTIL + timedelta(days=days)
    for status in status_of(told.events, day, BOTH).values():
        assert status.reason
        if status.acts_as == "yes":
            assert status.slip in SLIPS
            assert status.until is not None
            assert status.until >= day


def warranted(told: Story, purpose: str, on: date) -> bool:
    """The least that any yes needs, told without the rules' own code, so that it can judge them."""
    return any(_good(told, of_slip, purpose) for of_slip in open_slips(told, purpose, on))


def _good(told: Story, of_slip: list[Event], purpose: str) -> bool:
    whats = [one.what for one in of_slip]
    readings = [what for what in whats if isinstance(what, Returned)]
    answers = [
        what
        for what in whats
        if isinstance(what, Answered) and what.person != PUPIL and purpose in what.answers
    ]
    decisions = [what for what in whats if isinstance(what, Reviewed) and what.person != PUPIL]
    decided_yes = any(what.answers.get(purpose) == "yes" for what in decisions)
    said = decided_yes or any(what.answers[purpose].answer == "yes" for what in answers)
    denied = any(what.answers[purpose].answer == "no" for what in answers)
    signed = any(what.signed for what in [*readings, *decisions])
    confirmed = {what.reading for what in whats if isinstance(what, Confirmed)}
    seen = decided_yes or any(what.how == "keyed" or what.reading in confirmed for what in answers)
    return bool(readings) and said and signed and seen and (decided_yes or not denied)


class Office(RuleBasedStateMachine):
    """An office that does whatever it likes, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.told = story()
        self.held: dict[date, dict[str, Status]] = {}

    @rule(step=printing)
    def print_slip(self, step: Step) -> None:
        happen(self.told, step)

    @rule(step=st.one_of(consent, paper, paper, around, undoing))
    def anything_else(self, step: Step) -> None:
        happen(self.told, step)

    @rule(days=st.integers(1, 60))
    def night_falls(self, days: int) -> None:
        today = self.told.clock.date()
        self.held[today] = status_of(self.told.events, today, BOTH)
        self.told.on(today + timedelta(days=days))

    @invariant()
    def no_yes_without_a_warrant(self) -> None:
        today = self.told.clock.date()
        for purpose in yeses(self.told.events, today):
            assert warranted(self.told, purpose, today)

    @invariant()
    def the_past_stays(self) -> None:
        for day, held in self.held.items():
            assert status_of(self.told.events, day, BOTH) == held


Office.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestOffice = Office.TestCase
