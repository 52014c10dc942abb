"""Dates that people write on their slips (rule C5), and withdrawal slips that come back (rule W1)."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.model.consent import StatusWord
from consentdesk.model.status import status_of
from tests.model.story import DAD, LATER, MUM, PRESS, WEBSITE, Story, cases, story, yes_on

SEPTEMBER_10 = date(2026, 9, 10)
SEPTEMBER_15 = date(2026, 9, 15)
SEPTEMBER_20 = date(2026, 9, 20)


def no_between() -> Story:
    """Two slips went out on 1 September; a no by telephone is keyed on the 10th, a yes comes in on the 20th."""
    return (
        story().printed("A").printed("B")
        .on(SEPTEMBER_10).back("B", "no", who=MUM)
        .on(SEPTEMBER_20).yes("A", who=MUM)
    )  # fmt: skip


def late_no() -> Story:
    """A slip goes out on the 1st, another on the 15th; the second brings a yes, and then the first a no."""
    return (
        story().printed("A").on(SEPTEMBER_15).printed("B").yes("B", who=MUM)
        .on(SEPTEMBER_20).back("A", "no", who=MUM)
    )  # fmt: skip


# Tables of cases are laid out by hand.
# fmt: off


@cases([
    ("C5: without a date the yes counts as said when its slip was printed", no_between(), "no"),
    ("C5: written after the no", no_between().dated("A", SEPTEMBER_15), "yes"),
    ("C5: written on the day of the no", no_between().dated("A", SEPTEMBER_10), "no"),
    ("C5: written before the no", no_between().dated("A", date(2026, 9, 5)), "no"),
    ("C5: written before it was printed", no_between().dated("A", date(2025, 9, 15)), "no"),
    ("C5: written after it came in", no_between().on(date(2026, 9, 30)).dated("A", date(2026, 9, 25)), "no"),
    ("C5: a date that lies ahead is none", no_between().dated("A", date(2026, 9, 21)), "no"),
    ("C5: the last date counts", no_between().dated("A", SEPTEMBER_15).dated("A", SEPTEMBER_10), "no"),
    ("C5: the date was typed in error", no_between().dated("A", SEPTEMBER_15).invalidated("e7"), "no"),
    ("C5: of another slip", no_between().dated("B", SEPTEMBER_15), "no"),
    ("W5: a date never undoes a withdrawal",
     story().printed("A").on(SEPTEMBER_10).withdrawn().on(SEPTEMBER_20).yes("A").dated("A", SEPTEMBER_15),
     "withdrawn"),
])
def test_a_yes_is_as_new_as_its_written_date(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C5: a no counts as said when it came in", late_no(), "no"),
    ("C5: a date alone does not make it earlier", late_no().dated("A", SEPTEMBER_10), "no"),
    ("C5: somebody decides that it is as old as it says", late_no().dated("A", SEPTEMBER_10, noes_too=True), "yes"),
    ("C5: written on the day on which the other slip was printed",
     late_no().dated("A", SEPTEMBER_15, noes_too=True), "no"),
    ("C5: written before it was printed", late_no().dated("A", date(2026, 8, 1), noes_too=True), "no"),
    ("C3: an older no of somebody else still stands",
     story().printed("A").on(SEPTEMBER_15).printed("B").yes("B", who=MUM).on(SEPTEMBER_20)
     .back("A", "no", who=DAD).dated("A", SEPTEMBER_10, noes_too=True), "no"),
])
def test_a_no_is_older_only_by_a_decision(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("W1: printing one changes nothing", yes_on("A").way_back_printed("W"), "yes"),
    ("W1: in doubt, it holds every yes back", yes_on("A").way_back_printed("W").back("W", "faint"), "awaiting-review"),
    ("W1: two copies that differ",
     yes_on("A").way_back_printed("W").back("W", "yes").back("W", "faint"), "awaiting-review"),
    ("W1: nobody can tell", yes_on("A").way_back_printed("W").back("W", "faint").reviewed("W", "unclear"),
     "awaiting-review"),
    ("W1: a person finds that nothing is taken back",
     yes_on("A").way_back_printed("W").back("W", "faint").reviewed("W", "yes"), "yes"),
    ("W1: what is left as it is, is no yes",
     story().printed("A").way_back_printed("W").back("W", "yes").confirmed("W"), "no-reply"),
    ("W1: nor is it where nothing was asked", story().way_back_printed("W").back("W", "yes").confirmed("W"),
     "not-asked"),
    ("W5: it gives nothing back either",
     yes_on("A").withdrawn().way_back_printed("W").back("W", "yes").confirmed("W"), "withdrawn"),
    ("C5: a new slip of somebody else does not settle its doubt",
     yes_on("A").way_back_printed("W").back("W", "faint").printed("B").yes("B"), "awaiting-review"),
    ("C5: one of the same guardian does",
     yes_on("A").way_back_printed("W").back("W", "faint", who=MUM).printed("B").yes("B", who=MUM), "yes"),
    ("C6: nor is its wording one that was asked",
     yes_on("A").add(story().way_back_printed("W").events[-1].what, "W"), "yes"),
])
def test_a_withdrawal_slip_can_stop_a_use_and_never_allow_one(history: Story, word: str) -> None:
    assert history.status().word == word


# fmt: on


def test_w1_of_a_withdrawal_slip_only_the_purposes_in_doubt_are_held_back() -> None:
    told = yes_on("A", WEBSITE, PRESS).way_back_printed("W", WEBSITE, PRESS).back("W", {WEBSITE: "faint"})
    words = {purpose: status.word for purpose, status in status_of(told.events, LATER).items()}
    assert words == {WEBSITE: StatusWord.AWAITING_REVIEW, PRESS: StatusWord.YES}


@pytest.mark.parametrize("day", [SEPTEMBER_10, SEPTEMBER_15, SEPTEMBER_20])
def test_c1_typing_a_date_changes_nothing_that_held_before_it_was_typed(day: date) -> None:
    told = no_between().on(date(2026, 10, 1)).dated("A", SEPTEMBER_15)
    assert told.status(on=day).word is StatusWord.NO
    assert told.status(on=date(2026, 10, 1)).word is StatusWord.YES
