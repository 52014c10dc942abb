"""Rule C2's order, who outweighs whom and when, restrictions, withdrawals, and what a status says."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.model.consent import PUPIL, Status, StatusWord, unnamed_guardian
from consentdesk.model.status import as_seen, status_of
from tests.model.story import (
    DAD,
    INTERNET,
    LATER,
    MUM,
    PRESS,
    WEBSITE,
    Story,
    cases,
    for_both,
    story,
    yes_on,
)

# Tables of cases are laid out by hand.
# fmt: off


@cases([
    ("C2: nothing recorded", story(), "not-asked"),
    ("C2: asked, nothing came back", story().printed("A"), "no-reply"),
    ("C2: came back without an answer", story().printed("A").back("A"), "no-reply"),
    ("C2: another purpose was asked", yes_on("A", PRESS), "not-asked"),
    ("C2: answered on a slip that was never issued", yes_on("A").invalidated("e1"), "not-asked"),
    ("C4: marked, signed, confirmed", yes_on("A"), "yes"),
    ("C4: a no holds at once, unsigned and unconfirmed", story().printed("A").back("A", "no", signed=False), "no"),
])
def test_nothing_is_yes_by_absence(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C3: two guardians disagree", yes_on("A", who=MUM).printed("B").back("B", "no", who=DAD), "no"),
    ("C3: the no came first",
     story().printed("A").back("A", "no", who=DAD).printed("B").yes("B", who=MUM), "no"),
    ("A2: two unnamed guardians are two people, even if it is one mother who changed her mind",
     story().printed("A").back("A", "no").printed("B").yes("B"), "no"),
    ("A2: a person has named the same guardian on both, so later beats earlier",
     story().printed("A").back("A", "no").reviewed("A", who=MUM).printed("B").yes("B").reviewed("B", who=MUM),
     "yes"),
    ("A2: named on one of them only, they stay two people",
     story().printed("A").back("A", "no").reviewed("A", who=MUM).printed("B").yes("B"), "no"),
    ("A2: named as two guardians",
     story().printed("A").back("A", "no").reviewed("A", who=MUM).printed("B").yes("B").reviewed("B", who=DAD),
     "no"),
    ("A2: of two names given to one slip the last counts",
     story().printed("A").back("A", "no").reviewed("A", who=DAD).reviewed("A", who=MUM)
     .printed("B").yes("B", who=MUM), "yes"),
])
def test_who_outweighs_whom(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C5: the same guardian says yes, then no", yes_on("A", who=MUM).printed("B").back("B", "no", who=MUM), "no"),
    ("C5: the same guardian says no, then yes on a slip printed since",
     story().printed("A").back("A", "no", who=MUM).printed("B").yes("B", who=MUM), "yes"),
    ("C5: a yes printed before a no never overturns it, however late it comes",
     story().printed("A").printed("B").back("B", "no", who=MUM).on(date(2026, 12, 1)).yes("A", who=MUM), "no"),
    ("C5: only a signed yes overturns a no",
     story().printed("A").back("A", "no", who=MUM)
     .printed("B").back("B", "yes", who=MUM, signed=False).confirmed("B"), "no"),
    ("C5: only a confirmed yes overturns a no",
     story().printed("A").back("A", "no", who=MUM).printed("B").back("B", "yes", who=MUM), "no"),
    ("C5: a no that a person confirms was said when it came in",
     story().printed("A").back("A", "no", who=MUM).printed("B").yes("B", who=MUM).reviewed("A", "no", who=MUM),
     "yes"),
    ("C5: a no that is read again was said when it first came in",
     story().printed("A").back("A", "no", who=MUM).printed("B").back("A", "no", who=MUM).yes("B", who=MUM), "yes"),
    ("C5: a doubtful answer that a person reads as no was said when they read it",
     story().printed("A").back("A", "faint", who=MUM).printed("B").yes("B", who=MUM)
     .reviewed("A", "no", who=MUM), "no"),
    ("C5: a yes on a newer slip settles the same guardian's doubtful answer",
     story().printed("A").back("A", "faint", who=MUM).printed("B").yes("B", who=MUM), "yes"),
    ("C5: but nobody else's",
     story().printed("A").back("A", "faint", who=DAD).printed("B").yes("B", who=MUM), "awaiting-review"),
    ("C5: an unsigned slip does not harm a good one",
     story().printed("A").back("A", "yes", signed=False).printed("B").yes("B"), "yes"),
])
def test_later_beats_earlier(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C6: new wording has gone out", yes_on("A").printed("B", words="new"), "no-reply"),
    ("C6: new wording is answered", yes_on("A").printed("B", words="new").yes("B"), "yes"),
    ("C6: a late yes to the old wording", story().printed("A").printed("B", words="new").yes("A"), "no-reply"),
    ("C6: a no to the old wording says nothing of the new",
     story().printed("A").back("A", "no").printed("B", words="new").yes("B"), "yes"),
    ("C6: nor does a doubtful answer to the old wording",
     story().printed("A").back("A", "faint").printed("B", words="new").yes("B"), "yes"),
    ("C6: the same wording is printed again", yes_on("A").printed("B"), "yes"),
    ("C6: back to the old wording: the yes does not come back",
     yes_on("A").printed("B", words="new").printed("C"), "no-reply"),
    ("C6: back to the old wording: the no does",
     story().printed("A").back("A", "no").printed("B", words="new").printed("C"), "no"),
    ("C6: new wording of another purpose", yes_on("A").printed("B", PRESS, words="new"), "yes"),
    ("C6: the new wording was printed in error",
     yes_on("A").printed("B", words="new").invalidated("e5"), "yes"),
    ("C6: a yes to what the slip did not ask is none",
     story().printed("A", PRESS).back("A", {WEBSITE: "yes"}).confirmed("A"), "not-asked"),
    ("C6: a no to what the slip did not ask is one",
     yes_on("A").printed("B", PRESS).reviewed("B", {WEBSITE: "no"}), "no"),
])
def test_an_answer_belongs_to_its_wording(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("A6: a restriction outweighs a yes", yes_on("A").restricted(), "restricted"),
    ("A6: and whatever comes after", story().restricted().printed("A").yes("A", who=MUM), "restricted"),
    ("A6: it is told before a withdrawal", yes_on("A").withdrawn().restricted(), "restricted"),
    ("A6: it forces no on what was never asked", story().restricted(), "restricted"),
    ("A6: once lifted, what was said holds", yes_on("A").restricted().lifted("e5"), "yes"),
    ("A6: one of two is lifted", yes_on("A").restricted().restricted().lifted("e5"), "restricted"),
    ("A6: lifted in error", yes_on("A").restricted().lifted("e5").invalidated("e6"), "restricted"),
    ("A6: recorded in error", yes_on("A").restricted().invalidated("e5"), "yes"),
])
def test_restrictions(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("W2: in force the moment it is recorded", yes_on("A").withdrawn(), "withdrawn"),
    ("W1: of what was never asked", story().withdrawn(), "withdrawn"),
    ("W1: of one purpose only", yes_on("A").withdrawn(PRESS), "yes"),
    ("W5: a yes printed before never undoes it, however late it comes",
     story().printed("A").withdrawn().on(date(2026, 12, 1)).yes("A"), "withdrawn"),
    ("W5: a yes on a slip printed since does", yes_on("A").withdrawn().printed("B").yes("B"), "yes"),
    ("W5: not the same slip, printed once more",
     yes_on("A").withdrawn().printed("A").yes("A"), "withdrawn"),
    ("W5: not while it is unconfirmed", yes_on("A").withdrawn().printed("B").back("B", "yes"), "withdrawn"),
    ("W5: not while it is unsigned",
     yes_on("A").withdrawn().printed("B").back("B", "yes", signed=False).confirmed("B"), "withdrawn"),
    ("W5: not while it conflicts with another reading of the slip",
     yes_on("A").withdrawn().printed("B").yes("B").back("B", "faint"), "withdrawn"),
    ("W5: not by a no, whoever has seen it",
     yes_on("A").withdrawn().printed("B").back("B", "no").reviewed("B", "no", signed=True), "withdrawn"),
    ("W5: not by a new slip alone", yes_on("A").withdrawn().printed("B"), "withdrawn"),
    ("W5: nor by new wording", yes_on("A").withdrawn().printed("B", words="new"), "withdrawn"),
    ("W5: given again by the guardian who withdrew",
     yes_on("A").withdrawn(by=MUM).printed("B").yes("B", who=MUM), "yes"),
    ("W5: given by the other guardian",
     yes_on("A").withdrawn(by=MUM).printed("B").yes("B", who=DAD), "withdrawn"),
    ("W5: given by an unnamed one", yes_on("A").withdrawn(by=MUM).printed("B").yes("B"), "withdrawn"),
    ("W5: who is then named",
     yes_on("A").withdrawn(by=MUM).printed("B").yes("B").reviewed("B", who=MUM), "yes"),
    ("W5: withdrawn by a slip's unnamed guardian, given by anyone",
     yes_on("A").withdrawn(by=unnamed_guardian("A")).printed("B").yes("B", who=DAD), "yes"),
    ("W5: a slip's guardian who is named since: only they can give it",
     yes_on("A").withdrawn(by=unnamed_guardian("A")).reviewed("A", who=MUM).printed("B").yes("B", who=DAD),
     "withdrawn"),
    ("W5: withdrawn by the pupil: a guardian's yes is not enough",
     for_both("A").yes("A", pupil="yes").withdrawn(by=PUPIL).printed("B").yes("B"), "withdrawn"),
    ("W5: withdrawn by the pupil, who says yes again",
     for_both("A").yes("A", pupil="yes").withdrawn(by=PUPIL)
     .printed("B", pupil=(WEBSITE,)).yes("B", pupil="yes"), "yes"),
    ("W5: the pupil says yes again; the guardian's old yes stays dead",
     for_both("A").yes("A", pupil="yes").withdrawn(by=PUPIL)
     .printed("B", pupil=(WEBSITE,)).back("B", pupil="yes").confirmed("B"), "no-reply"),
    ("W5: a guardian says yes again; the pupil's old yes stays dead",
     for_both("A").yes("A", pupil="yes").withdrawn().printed("B", pupil=(WEBSITE,)).yes("B"), "pending"),
    ("W5: nobody said who withdrew: a pupil's yes alone does not give it again",
     for_both("A").withdrawn().printed("B", pupil=(WEBSITE,)).back("B", pupil="yes").confirmed("B"),
     "withdrawn"),
    ("W5: given again, and withdrawn again", yes_on("A").withdrawn().printed("B").yes("B").withdrawn(),
     "withdrawn"),
    ("W5: both withdrew, one gives it again",
     yes_on("A").withdrawn(by=MUM).withdrawn(by=DAD).printed("B").yes("B", who=MUM), "withdrawn"),
    ("W5: recorded in error", yes_on("A").withdrawn().invalidated("e5"), "yes"),
    ("W5: that was the error", yes_on("A").withdrawn().invalidated("e5").invalidated("e6"), "withdrawn"),
    ("C6: once given again, new wording asks anew and no more",
     yes_on("A").withdrawn().printed("B").yes("B").printed("C", words="new"), "no-reply"),
])
def test_withdrawals(history: Story, word: str) -> None:
    assert history.status().word == word


@pytest.mark.parametrize(("history", "said"), [
    pytest.param(story(), "Nobody has been asked", id="not asked"),
    pytest.param(story().printed("A"), "Asked on 1 September 2026", id="no reply"),
    pytest.param(yes_on("A").printed("B", words="new"), "in new words", id="new wording"),
    pytest.param(yes_on("A"), "until 31 August 2027", id="yes"),
    pytest.param(yes_on("A").withdrawn(), "Withdrawn on 1 September 2026", id="withdrawn"),
    pytest.param(story().printed("A").back("A", "no"), "A guardian answered no.", id="no"),
    pytest.param(for_both("A").back("A", pupil="no"), "The pupil answered no.", id="pupil's no"),
    pytest.param(yes_on("A").printed("B").back("B", "no"), "speak with the family", id="C3: a task"),
    pytest.param(yes_on("A").withdrawn().on(date(2026, 11, 3)).withdrawn(), "3 November", id="the last withdrawal"),
    pytest.param(story().printed("A").back("A", "faint"), "very faint", id="doubt"),
    pytest.param(yes_on("A").back("A", "faint"), "marked differently", id="conflict"),
    pytest.param(yes_on("A").left(), "left the school on 1 September 2026", id="left"),
    pytest.param(yes_on("A").reviewed("A", "unclear"), "could not tell", id="unclear"),
    pytest.param(yes_on("A").care(looked_after=True), "social worker", id="in care"),
    pytest.param(for_both("A").back("A", "yes"), "pupil’s own part", id="pupil's part"),
])
def test_the_reason_says_what_holds_and_names_nobody(history: Story, said: str) -> None:
    reason = history.status().reason
    assert said in reason
    assert not any(name in reason for name in ("mum", "dad", "guardian:", "guardian?"))


# fmt: on


def test_a6_a_restriction_is_for_images_alone_and_its_reason_is_not_told() -> None:
    told = yes_on("A", WEBSITE, INTERNET, who=MUM).restricted()
    statuses = status_of(told.events, LATER, ("image.never-asked", "web.work"))
    assert {purpose: str(status.word) for purpose, status in statuses.items()} == {
        WEBSITE: "restricted",
        INTERNET: "yes",
        "image.never-asked": "restricted",
        "web.work": "not-asked",
    }
    assert "safeguarding lead" in statuses[WEBSITE].reason
    assert "known to" not in statuses[WEBSITE].reason


def test_a6_without_safeguarding_rights_a_restriction_is_a_plain_no() -> None:
    status = yes_on("A").restricted().status()
    assert as_seen(status, safeguarding=True) is status
    assert as_seen(status, safeguarding=False) == Status(StatusWord.NO, "The answer is no.")
    other = yes_on("A").status()
    assert as_seen(other, safeguarding=False) is other


def test_c3_only_a_yes_of_somebody_else_makes_a_task() -> None:
    changed_her_mind = yes_on("A", who=MUM).printed("B").back("B", "no", who=MUM)
    assert changed_her_mind.status().reason == "A guardian answered no."
    pupil_in_doubt = for_both("A").yes("A", pupil="faint").printed("B").back("B", "no")
    assert pupil_in_doubt.status().reason == "A guardian answered no."


def test_the_source_is_the_slip_that_decides() -> None:
    told = yes_on("A").printed("B")
    assert told.status().slip == "A"
    assert told.back("B", "no").status().slip == "B"
    assert told.withdrawn().status().slip is None


def test_where_no_yes_counts_the_last_slip_is_shown() -> None:
    told = story().printed("A").back("A", "yes", signed=False).printed("B").back("B", "yes", signed=False)
    assert told.status().slip == "B"


def test_every_purpose_that_was_asked_answered_or_withdrawn_has_a_status() -> None:
    told = story().printed("A", WEBSITE, PRESS).withdrawn(INTERNET).reviewed("A", {"web.work": "no"})
    assert set(status_of(told.events, LATER)) == {WEBSITE, PRESS, INTERNET, "web.work"}
