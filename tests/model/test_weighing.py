"""What keeps a yes from counting: no signature, no confirmation, no name, the pupil, the social worker, time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consentdesk.model.consent import PUPIL, Confirmed, StatusWord
from consentdesk.model.weighing import day_in_words
from tests.model.story import (
    DAD,
    INTERNET,
    MUM,
    PRESS,
    UNTIL,
    WEBSITE,
    Story,
    cases,
    for_both,
    story,
    yes_on,
)

# Tables of cases are laid out by hand.
# fmt: off


def unsigned(slip: str) -> Story:
    return story().printed(slip).back(slip, "yes", signed=False)


def in_care() -> Story:
    return story().joined(looked_after=True).printed("A")


@cases([
    ("C4: not confirmed", story().printed("A").back("A", "yes"), "unconfirmed"),
    ("C4: another slip was confirmed",
     story().printed("A").back("A", "yes").printed("B").back("B").confirmed("B"), "unconfirmed"),
    ("C4: read again after it was confirmed: the first reading was seen", yes_on("A").back("A", "yes"), "yes"),
    ("C4: of two readings the second is confirmed", story().printed("A").back("A", "yes").yes("A"), "yes"),
    ("C4: confirmed before there was anything to see",
     story().printed("A").add(Confirmed("A1"), "A").back("A", "yes"), "unconfirmed"),
    ("C4: keyed: a person had the paper in hand", story().printed("A").back("A", "yes", how="keyed"), "yes"),
    ("C4: keyed, not signed", story().printed("A").back("A", "yes", how="keyed", signed=False), "unsigned"),
    ("S4: marked and unsigned", unsigned("A").confirmed("A"), "unsigned"),
    ("C2: unsigned is told before unconfirmed", unsigned("A"), "unsigned"),
    ("S4: perhaps signed",
     story().printed("A").back("A", "yes", signed=None).confirmed("A"), "awaiting-review"),
    ("S4: perhaps signed, and a person sees that it is",
     story().printed("A").back("A", "yes", signed=None).confirmed("A").reviewed("A", signed=True), "yes"),
    ("S4: unsigned for the machine, signed for a person", unsigned("A").confirmed("A").reviewed("A", signed=True),
     "yes"),
    ("S4: signed for the machine, unsigned for a person", yes_on("A").reviewed("A", signed=False), "unsigned"),
    ("S4: unsigned for a person, then signed and sent back again",
     unsigned("A").reviewed("A", signed=False).yes("A"), "yes"),
    ("S4: unsigned for a person who has seen both readings",
     yes_on("A").back("A", "yes").reviewed("A", signed=False), "unsigned"),
    ("S4: one reading is signed, another confirmed: neither is a whole yes",
     story().printed("A").back("A", "yes").back("A", "yes", signed=False).confirmed("A"), "unconfirmed"),
    ("S4: decided as yes, whoever signed it", unsigned("A").reviewed("A", "yes"), "unsigned"),
    ("S4: decided as yes, and signed on one of two readings",
     story().printed("A").back("A", "faint", signed=False).back("A", "faint").reviewed("A", "yes"), "yes"),
    ("S4: decided as yes and as signed", unsigned("A").reviewed("A", "yes", signed=True), "yes"),
    ("S4: decided as yes after a person found it unsigned, though a machine had not",
     story().printed("A").back("A", "faint").reviewed("A", signed=False).reviewed("A", "yes"), "unsigned"),
])
def test_a_yes_is_signed_and_seen_by_a_person(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("A2: where the pupil is restricted, a yes waits for a name", yes_on("A", INTERNET).restricted(), "pending"),
    ("A2: a person has named the guardian", yes_on("A", INTERNET).restricted().reviewed("A", who=MUM), "yes"),
    ("A2: a no needs no name", story().printed("A", INTERNET).back("A", "no").restricted(), "no"),
])
def test_a_yes_that_needs_a_name(history: Story, word: str) -> None:
    assert history.status(INTERNET).word == word


@cases([
    ("A3: the pupil says yes too", for_both("A").yes("A", pupil="yes"), "yes"),
    ("A3: the pupil's no wins", for_both("A").yes("A", pupil="no"), "no"),
    ("A3: even without a signature", for_both("A").back("A", "yes", pupil="no", pupil_signed=False), "no"),
    ("A3: the pupil's part was not read", for_both("A").yes("A"), "pending"),
    ("A3: the pupil's part is blank",
     for_both("A").back("A", "yes", pupil="blank", pupil_signed=False).confirmed("A"), "pending"),
    ("A3: the guardian's part is blank too: a person looks",
     for_both("A").back("A", "blank", pupil="blank", pupil_signed=False).confirmed("A"), "awaiting-review"),
    ("A3: the pupil marked yes and did not sign, as the reader tells it",
     for_both("A").back("A", "yes", pupil="unsigned", pupil_signed=False).confirmed("A"), "pending"),
    ("A3: the pupil marked yes and did not sign, as a typist tells it",
     for_both("A").back("A", "yes", pupil="yes", pupil_signed=False, how="keyed"), "pending"),
    ("A3: a person finds the pupil's signature",
     for_both("A").back("A", "yes", pupil="yes", pupil_signed=False).confirmed("A")
     .reviewed("A", who=PUPIL, signed=True), "yes"),
    ("A3: the guardian's signature is not the pupil's",
     for_both("A").back("A", "yes", pupil="yes", pupil_signed=False).confirmed("A").reviewed("A", signed=True),
     "pending"),
    ("A3: the pupil's signature is not the guardian's",
     for_both("A").back("A", "yes", pupil="yes", signed=False).confirmed("A")
     .reviewed("A", who=PUPIL, signed=True), "unsigned"),
    ("A3: the pupil signed and left the question blank: a person looks",
     for_both("A").yes("A", pupil="blank"), "awaiting-review"),
    ("A3: the pupil's answer is in doubt", for_both("A").yes("A", pupil="both-marked"), "awaiting-review"),
    ("A3: it is not clear whether the pupil signed",
     for_both("A").back("A", "yes", pupil="yes", pupil_signed=None).confirmed("A"), "awaiting-review"),
    ("A3: the pupil's yes is not confirmed", for_both("A").back("A", pupil="yes").reviewed("A", "yes"),
     "unconfirmed"),
    ("A3: a person cannot tell what the pupil means",
     for_both("A").yes("A", pupil="faint").reviewed("A", "unclear", who=PUPIL), "pending"),
    ("A3: the pupil alone cannot say yes", for_both("A").back("A", pupil="yes").confirmed("A"), "no-reply"),
    ("A3: the pupil answers on another slip",
     for_both("A").yes("A").printed("B", pupil=(WEBSITE,)).back("B", pupil="yes").confirmed("B"), "yes"),
    ("A3: the pupil says no on one slip, yes on a later one",
     for_both("A").yes("A", pupil="no").printed("B", pupil=(WEBSITE,)).yes("B", pupil="yes"), "yes"),
    ("A3: the pupil's no stands where a later slip does not ask the pupil",
     for_both("A").yes("A", pupil="no").printed("B").yes("B"), "no"),
    ("A3: the pupil is asked about something else only",
     story().printed("A", WEBSITE, PRESS, pupil=(PRESS,)).yes("A"), "yes"),
])
def test_the_pupils_own_answer(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("A5: nobody has agreed", in_care().yes("A"), "pending"),
    ("A5: agreed after the slip came back", in_care().yes("A").social_worker_agreed(), "yes"),
    ("A5: agreed before the slip came back", in_care().social_worker_agreed().yes("A"), "pending"),
    ("A5: agreed before the slip was confirmed, after it came back",
     in_care().back("A", "yes").social_worker_agreed().confirmed("A"), "yes"),
    ("A5: agreed before a person decided what the slip says, after it came back",
     in_care().back("A", "faint").social_worker_agreed().reviewed("A", "yes"), "yes"),
    ("A5: agreed to another slip", in_care().yes("A").social_worker_agreed("B"), "pending"),
    ("A5: agreed to this slip", in_care().yes("A").social_worker_agreed("A"), "yes"),
    ("A5: came into care after the parent's yes", yes_on("A").care(looked_after=True), "pending"),
    ("A5: agreed in an earlier time in care",
     in_care().yes("A").social_worker_agreed().care(looked_after=False).care(looked_after=True), "pending"),
    ("A5: has left care", yes_on("A").care(looked_after=True).care(looked_after=False), "yes"),
    ("A5: the social worker's word is no answer", in_care().social_worker_agreed(), "no-reply"),
    ("A5: nor does it outweigh a no", in_care().back("A", "no").social_worker_agreed(), "no"),
    ("C2: pending is told before unsigned", in_care().back("A", "yes", signed=False), "pending"),
])
def test_looked_after_pupils(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C7: a yes has come to its end", yes_on("A"), "expired"),
    ("C7: a no does not lapse with time", story().printed("A").back("A", "no"), "no"),
    ("C7: nor does a doubt, which might be a no", story().printed("A").back("A", "faint"), "awaiting-review"),
    ("C7: nor does a withdrawal", yes_on("A").withdrawn(), "withdrawn"),
    ("C7: a newer slip lasts longer", yes_on("A").printed("B", until=date(2028, 8, 31)).yes("B"), "yes"),
    ("C7: a newer slip is unsigned",
     yes_on("A").printed("B", until=date(2028, 8, 31)).back("B", "yes", signed=False), "unsigned"),
])
def test_what_holds_a_year_later(history: Story, word: str) -> None:
    assert history.status(on=date(2028, 1, 1)).word == word


# fmt: on


@pytest.mark.parametrize(
    ("on", "word"),
    [
        pytest.param(UNTIL - timedelta(days=1), "yes", id="the day before"),
        pytest.param(UNTIL, "yes", id="the last day counts"),
        pytest.param(UNTIL + timedelta(days=1), "expired", id="the day after does not"),
    ],
)
def test_c7_a_yes_lasts_as_long_as_its_slip_says(on: date, word: str) -> None:
    status = yes_on("A").status(on=on)
    assert (status.word, status.until) == (word, UNTIL)


def test_c7_of_several_slips_the_one_that_lasts_longest_is_shown() -> None:
    longer = UNTIL + timedelta(days=365)
    status = yes_on("A").printed("B", until=longer).yes("B").printed("C").yes("C").status()
    assert (status.slip, status.until) == ("B", longer)


def test_a3_of_guardians_and_pupils_yes_the_earlier_end_counts() -> None:
    short = date(2027, 3, 31)
    told = (
        for_both("A")
        .yes("A")
        .printed("B", pupil=(WEBSITE,), until=short)
        .back("B", pupil="yes")
        .confirmed("B")
    )
    assert (told.status().word, told.status().until, told.status().slip) == (StatusWord.YES, short, "A")
    assert told.status(on=short + timedelta(days=1)).word is StatusWord.EXPIRED


def test_c8_a_condition_is_kept_word_for_word() -> None:
    told = (
        story()
        .printed("A")
        .back("A", "comment")
        .reviewed("A", "yes", conditions={WEBSITE: "website ONLY  pls"})
    )
    assert told.status().condition == "website ONLY  pls"


def test_c8_a_later_decision_without_a_condition_does_not_drop_it() -> None:
    told = yes_on("A").reviewed("A", conditions={WEBSITE: "no face"}).reviewed("A", "yes")
    assert told.status().condition == "no face"


def test_c8_the_conditions_of_everybody_who_said_yes_travel_together() -> None:
    told = for_both("A").yes("A", pupil="yes").printed("B").yes("B", who=DAD).printed("C").yes("C", who=MUM)
    told.reviewed("A", conditions={WEBSITE: "no name"})
    told.reviewed("A", who=PUPIL, conditions={WEBSITE: "in a group"})
    told.reviewed("B", who=DAD, conditions={WEBSITE: "no name"})
    assert told.status().condition == "no name; in a group"


def test_c8_the_same_persons_newer_slip_brings_its_own_condition() -> None:
    told = yes_on("A", who=MUM).reviewed("A", who=MUM, conditions={WEBSITE: "no face"})
    assert told.printed("B").yes("B", who=MUM).status().condition is None


def test_c8_a_condition_ends_with_its_yes() -> None:
    told = (
        story().printed("A", until=date(2026, 12, 31)).yes("A").reviewed("A", conditions={WEBSITE: "no face"})
    )
    told.printed("B").yes("B")
    assert told.status(on=date(2026, 12, 31)).condition == "no face"
    assert told.status(on=date(2027, 1, 1)).condition is None


def test_c8_a_condition_goes_with_its_yes() -> None:
    told = yes_on("A").reviewed("A", conditions={WEBSITE: "no face"})
    assert told.status().condition == "no face"
    assert told.withdrawn().status().condition is None


def test_days_are_told_in_english_on_every_machine() -> None:
    assert [day_in_words(date(2028, month, 29)) for month in (1, 2, 12)] == [
        "29 January 2028",
        "29 February 2028",
        "29 December 2028",
    ]
