"""One slip read more than once, in doubt, decided by a person, or keyed (rule S4)."""

from __future__ import annotations

import pytest

from consentdesk.model.consent import StatusWord
from tests.model.story import DAD, LATER, MUM, PRESS, WEBSITE, Story, cases, story, yes_on

# Tables of cases are laid out by hand.
# fmt: off


@pytest.mark.parametrize(
    "doubt",
    ["both-marked", "blank", "faint", "corrected", "scribbled", "ringed", "stray", "comment", "struck-out",
     "unsigned", "signature-unsure"],
)
def test_s4_what_the_reader_was_not_sure_of_waits_for_a_person(doubt: str) -> None:
    status = story().printed("A").back("A", doubt).confirmed("A").status()
    assert (status.word, status.slip) == (StatusWord.AWAITING_REVIEW, "A")


@cases([
    ("S4: same marks", yes_on("A").back("A", "yes"), "yes"),
    ("S4: a no on the second reading", yes_on("A").back("A", "no"), "no"),
    ("S4: a no on the first reading", story().printed("A").back("A", "no").yes("A"), "no"),
    ("S4: the second in doubt", yes_on("A").back("A", "both-marked"), "conflicting"),
    ("S4: the first in doubt", story().printed("A").back("A", "both-marked").yes("A"), "conflicting"),
    ("S4: both in doubt", story().printed("A").back("A", "faint").back("A", "blank"), "awaiting-review"),
    ("S4: confirming is not deciding", yes_on("A").back("A", "faint").confirmed("A"), "conflicting"),
    ("S4: a person decides between them", yes_on("A").back("A", "both-marked").reviewed("A", "yes"), "yes"),
    ("S4: keyed, after it was scanned, as a no", yes_on("A").back("A", "no", how="keyed"), "no"),
    ("S4: keyed, after it was scanned in doubt",
     story().printed("A").back("A", "faint").back("A", "yes", how="keyed"), "conflicting"),
])
def test_the_same_slip_read_twice(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("S4: yes, against the machine's no", story().printed("A").back("A", "no").reviewed("A", "yes"), "yes"),
    ("S4: no, against the machine's yes", yes_on("A").reviewed("A", "no"), "no"),
    ("S4: the last decision counts", yes_on("A").reviewed("A", "no").reviewed("A", "yes"), "yes"),
    ("S4: nobody can tell, so ask again", story().printed("A").back("A", "faint").reviewed("A", "unclear"),
     "no-reply"),
    ("S4: nobody can tell, against the machine's yes", yes_on("A").reviewed("A", "unclear"), "no-reply"),
    ("S4: nobody can tell, against the machine's no",
     story().printed("A").back("A", "no").reviewed("A", "unclear"), "no-reply"),
    ("S4: nobody can tell, and somebody else has said yes",
     yes_on("A").printed("B").back("B", "faint").reviewed("B", "unclear"), "yes"),
    ("S4: about one guardian; the other's no stays",
     story().printed("A").back("A", "no", who=DAD).reviewed("A", "yes", who=MUM), "no"),
    ("S4: about another purpose; this one's no stays",
     story().printed("A", WEBSITE, PRESS).back("A", "no").reviewed("A", {PRESS: "yes"}), "no"),
    ("S4: about another slip; this one's no stays",
     story().printed("A").back("A", "no").printed("B").back("B", "no").reviewed("B", "yes"), "no"),
])
def test_a_person_decides(history: Story, word: str) -> None:
    assert history.status().word == word


def decided(word: str) -> Story:
    return story().printed("A").back("A", "faint").reviewed("A", word)


@cases([
    ("S4: decided as yes, then a no", decided("yes").back("A", "no"), "no"),
    ("S4: decided as yes, then a doubt", decided("yes").back("A", "faint"), "conflicting"),
    ("S4: decided as yes, then a yes", decided("yes").back("A", "yes"), "yes"),
    ("S4: decided as no, then a yes", decided("no").yes("A"), "no"),
    ("S4: nobody could tell, then a yes", decided("unclear").yes("A"), "conflicting"),
    ("S4: nobody could tell, then a no", decided("unclear").back("A", "no"), "no"),
    ("S4: nobody could tell, then a doubt", decided("unclear").back("A", "faint"), "awaiting-review"),
])
def test_another_copy_after_the_decision_counts_anew(history: Story, word: str) -> None:
    assert history.status().word == word


# fmt: on


def test_s4_signed_with_one_question_blank_the_clear_answers_stand() -> None:
    told = story().printed("A", WEBSITE, PRESS).back("A", {WEBSITE: "yes", PRESS: "blank"}).confirmed("A")
    assert told.status(WEBSITE, LATER).word is StatusWord.YES
    assert told.status(PRESS, LATER).word is StatusWord.AWAITING_REVIEW
