"""Which events count on a day, in which order, and what leaving, care, invalidation and erasure do to the rest."""

from __future__ import annotations

import random
from datetime import date, timedelta

import msgspec
import pytest

from consentdesk.model.consent import StatusWord
from consentdesk.model.history import history_of
from consentdesk.model.status import status_for, status_of
from tests.model.story import LATER, MUM, PRESS, WEBSITE, Story, cases, story, yes_on

# Tables of cases are laid out by hand.
# fmt: off


@cases([
    ("W5: a return takes its answers along", yes_on("A").invalidated("e2"), "no-reply"),
    ("W5: and a decision that rested on it alone",
     story().printed("A").back("A", "faint").reviewed("A", "yes", signed=True).invalidated("e2"), "no-reply"),
    ("W5: but not a decision for no",
     story().printed("A").back("A", "faint").reviewed("A", "no").invalidated("e2"), "no"),
    ("W5: nor what another reading says", yes_on("A").yes("A").invalidated("e2"), "yes"),
    ("W5: an answer", yes_on("A").invalidated("e3"), "no-reply"),
    ("W5: a confirmation", yes_on("A").invalidated("e4"), "unconfirmed"),
    ("W5: a review; the machine's answer is back",
     story().printed("A").back("A", "no").reviewed("A", "yes").invalidated("e4"), "no"),
    ("W5: a slip with all that it brought", yes_on("A").invalidated("e1"), "not-asked"),
    ("W5: an invalidation", yes_on("A").invalidated("e4").invalidated("e5"), "yes"),
    ("W5: an invalidation of an invalidation",
     yes_on("A").invalidated("e4").invalidated("e5").invalidated("e6"), "unconfirmed"),
])
def test_what_was_recorded_in_error_counts_no_more(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("D3: a leaver's yes is over", yes_on("A").left(), "expired"),
    ("D3: so is one on a slip printed after they left", story().left().printed("A").yes("A"), "expired"),
    ("D3: a leaver's no stays a no", story().printed("A").back("A", "no").left(), "no"),
    ("D3: who comes back is asked again", story().joined().printed("A").yes("A").left().joined(), "expired"),
    ("D3: and can say yes again", story().joined().left().joined().printed("A").yes("A"), "yes"),
    ("D3: left was recorded in error", yes_on("A").left().invalidated("e5"), "yes"),
    ("D3: what was erased might have been a no", yes_on("A").withdrawn().erased(), "expired"),
    ("D3: a slip printed after the erasure is whole", story().withdrawn().erased().printed("A").yes("A"), "yes"),
])
def test_leaving_and_erasure(history: Story, word: str) -> None:
    assert history.status().word == word


# fmt: on


def test_c1_only_the_events_up_to_the_end_of_the_day_count() -> None:
    told = yes_on("A").on(date(2026, 10, 1)).withdrawn()
    assert told.status(on=date(2026, 8, 31)).word is StatusWord.NOT_ASKED
    assert told.status(on=date(2026, 9, 30)).word is StatusWord.YES
    assert told.status(on=date(2026, 10, 1)).word is StatusWord.WITHDRAWN


def test_c1_an_invalidation_does_not_change_what_held_before_it() -> None:
    told = yes_on("A").withdrawn().on(date(2026, 10, 1)).invalidated("e5")
    assert told.status(on=date(2026, 9, 30)).word is StatusWord.WITHDRAWN
    assert told.status(on=date(2026, 10, 1)).word is StatusWord.YES


def test_c1_the_order_in_which_events_are_handed_over_does_not_matter() -> None:
    told = yes_on("A", WEBSITE, PRESS).withdrawn(PRESS).printed("B", PRESS).yes("B", who=MUM)
    expected = status_of(told.events, LATER)
    for seed in range(20):
        shuffled = random.Random(seed).sample(told.events, len(told.events))  # noqa: S311 - no secret
        assert status_of(shuffled, LATER) == expected


def test_c1_an_event_that_is_not_kept_yet_comes_after_those_that_are() -> None:
    told = story().printed("A").back("A", "faint").reviewed("A", "yes").back("A", "no")
    *kept, answered = told.events
    unkept = msgspec.structs.replace(answered, seq=0)
    assert status_for(kept, WEBSITE, LATER).word is StatusWord.YES
    assert status_for([unkept, *kept], WEBSITE, LATER).word is StatusWord.NO


def test_c5_a_clock_put_back_does_not_make_an_old_yes_newer_than_a_withdrawal() -> None:
    told = yes_on("A").withdrawn()
    ahead = msgspec.structs.replace(told.events[0], at=told.events[0].at + timedelta(days=30))
    assert status_for([ahead, *told.events[1:]], WEBSITE, LATER).word is StatusWord.WITHDRAWN


def test_c5_a_withdrawal_recorded_by_a_clock_ahead_is_not_undone_too_early() -> None:
    told = yes_on("A").withdrawn().printed("B").yes("B")
    ahead = msgspec.structs.replace(told.events[4], at=told.events[5].at + timedelta(hours=2))
    told.events[4] = ahead
    assert told.status().word is StatusWord.WITHDRAWN


def test_a1_events_of_two_pupils_are_never_judged_together() -> None:
    told = yes_on("A")
    siblings = msgspec.structs.replace(told.events[-1], pupil="sibling")
    with pytest.raises(ValueError, match="more than one pupil"):
        history_of([*told.events, siblings], LATER)


def test_a2_the_slips_of_a_named_guardian_are_one_persons() -> None:
    told = yes_on("A").reviewed("A", who=MUM).printed("B").yes("B", who=MUM)
    people = {one.person for one in history_of(told.events, LATER).statements[WEBSITE]}
    assert people == {MUM}


def test_a5_care_begins_anew_with_every_event_that_says_so() -> None:
    told = story().joined(looked_after=True)
    first = history_of(told.events, LATER).in_care_since
    again = history_of(told.care(looked_after=True).events, LATER).in_care_since
    ended = history_of(told.care(looked_after=False).events, LATER).in_care_since
    assert (first, again, ended) == (0, 1, None)
