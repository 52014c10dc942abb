"""Who may answer for a pupil: guardians with and without responsibility, the competent, those of age, authorities."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.model.circumstances import ViewsRecorded
from consentdesk.model.consent import PUPIL, NextStep, StatusWord
from consentdesk.model.people import birthday
from consentdesk.model.school_rules import SCHOOL_RULES
from consentdesk.model.status import as_seen
from consentdesk.model.voices import COMPETENT_ALONE, RULES_OF_STATUS, SOCIAL_WORKER
from tests.model.story import DAD, INTERNET, LATER, MUM, WEBSITE, Story, cases, for_both, story, yes_on

COUNCIL = "guardian:council"
OF_AGE = date(2026, 10, 5)
BORN = date(2008, 10, 5)


def in_care() -> Story:
    return story().joined(looked_after=True)


def own(slip: str) -> Story:
    """A slip with a part for the pupil came back with the pupil's yes alone."""
    return for_both(slip).back(slip, pupil="yes").confirmed(slip)


# Tables of cases are laid out by hand.
# fmt: off


@cases([
    ("A2: a court-order note: a yes waits for a name", yes_on("A").guardian(DAD, court_note="no contact"), "pending"),
    ("A2: whoever the note is about, a named yes counts",
     yes_on("A").guardian(DAD, court_note="no contact").reviewed("A", who=MUM), "yes"),
    ("A2: a guardian without responsibility: a yes waits for a name", yes_on("A").guardian(DAD, "no"), "pending"),
    ("A2: it was the other guardian", yes_on("A").guardian(DAD, "no").reviewed("A", who=MUM), "yes"),
    ("A2: it was the one without responsibility", yes_on("A").guardian(DAD, "no").reviewed("A", who=DAD), "pending"),
    ("A2: a no of the one without responsibility holds",
     yes_on("A", who=MUM).guardian(DAD, "no").printed("B").back("B", "no", who=DAD), "no"),
    ("A2: nobody knows whether they have responsibility", yes_on("A").guardian(DAD, "unknown"), "yes"),
    ("A2: the note was taken back", yes_on("A").guardian(DAD, court_note="x").guardian(DAD), "yes"),
    ("A2: recorded in error", yes_on("A").guardian(DAD, "no").invalidated("e5"), "yes"),
    ("A2: who is no guardian any more wants no names", yes_on("A").guardian(DAD, "no").guardian_ended(DAD), "yes"),
    ("A2: a name given without a decision", yes_on("A").guardian(DAD, "no").signed_by("A", MUM), "yes"),
    ("A2: of two names the last counts, however given",
     yes_on("A").guardian(DAD, "no").reviewed("A", who=MUM).signed_by("A", DAD), "pending"),
])
def test_a_yes_that_wants_a_name(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("C7: who said yes is no guardian any more", yes_on("A", who=MUM).guardian(MUM).guardian_ended(MUM), "expired"),
    ("C7: somebody else's yes counts on",
     yes_on("A", who=MUM).printed("B").yes("B", who=DAD).guardian_ended(MUM), "yes"),
    ("C3: the no of one who is no guardian any more stands",
     yes_on("A", who=MUM).printed("B").back("B", "no", who=DAD).guardian_ended(DAD), "no"),
    ("C5: until another guardian answers a slip printed since",
     yes_on("A", who=MUM).printed("B").back("B", "no", who=DAD).guardian_ended(DAD).printed("C").yes("C", who=MUM),
     "yes"),
    ("C5: not by the pupil alone",
     story().printed("B").back("B", "no", who=DAD).guardian_ended(DAD)
     .printed("C", pupil=(WEBSITE,)).back("C", pupil="yes").confirmed("C"), "no"),
    ("C5: nor by another who is none any more",
     yes_on("A", who="guardian:aunt").printed("B").back("B", "no", who=DAD).guardian_ended(DAD).guardian_ended(MUM)
     .printed("C").yes("C", who=MUM), "no"),
    ("C5: nor by one without responsibility",
     yes_on("A", who="guardian:aunt").printed("B").back("B", "no", who=DAD).guardian_ended(DAD).guardian(MUM, "no")
     .printed("C").yes("C", who=MUM), "no"),
    ("W5: nor is their withdrawal undone by an older slip",
     yes_on("A", who=MUM).withdrawn(by=DAD).guardian_ended(DAD), "withdrawn"),
    ("W5: but by another guardian's yes on a slip printed since",
     yes_on("A", who=MUM).withdrawn(by=DAD).guardian_ended(DAD).printed("B").yes("B", who=MUM), "yes"),
    ("C7: a guardian again: their yes counts again",
     yes_on("A", who=MUM).guardian_ended(MUM).guardian(MUM), "yes"),
])
def test_a_guardian_who_is_none_any_more(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("A4: found competent: the guardian's yes is not enough", yes_on("A").assessed(competent=True), "pending"),
    ("A4: with the pupil's yes it is", for_both("A").yes("A", pupil="yes").assessed(competent=True), "yes"),
    ("A4: the pupil's alone is not, unless the school says so", own("A").assessed(competent=True), "no-reply"),
    ("A4: the school says so", own("A").assessed(competent=True).rule(COMPETENT_ALONE, value=True), "yes"),
    ("A4: the school said so and thought better of it",
     own("A").assessed(competent=True).rule(COMPETENT_ALONE, value=True).rule(COMPETENT_ALONE, value=False),
     "no-reply"),
    ("A4: the rule is no assessment", own("A").rule(COMPETENT_ALONE, value=True), "no-reply"),
    ("A4: a guardian's no outweighs the competent pupil's yes",
     own("A").assessed(competent=True).rule(COMPETENT_ALONE, value=True).printed("B").back("B", "no"), "no"),
    ("A4: the last assessment counts", yes_on("A").assessed(competent=True).assessed(competent=False), "yes"),
    ("A4: a birthday alone changes nothing at 16", yes_on("A").born(date(2010, 10, 5)), "yes"),
])
def test_competence_is_an_assessment(history: Story, word: str) -> None:
    assert history.status().word == word


@cases([
    ("A4: of age: a guardian's yes counts no more", yes_on("A", who=MUM).born(BORN), "pending"),
    ("A4: of age: an unnamed one may be the pupil's", yes_on("A").born(BORN), "pending"),
    ("A4: a person says that it was the pupil", yes_on("A").born(BORN).signed_by("A", PUPIL), "yes"),
    ("A4: not where the pupil had a part of their own", for_both("A").yes("A").born(BORN).signed_by("A", PUPIL),
     "pending"),
    ("A4: the pupil's own yes is enough", own("A").born(BORN), "yes"),
    ("A4: an earlier no of a guardian stands",
     story().printed("B").back("B", "no", who=MUM).printed("A", pupil=(WEBSITE,)).back("A", pupil="yes")
     .confirmed("A").born(BORN), "no"),
    ("A4: until the pupil answers a slip printed since",
     story().printed("B").back("B", "no", who=MUM).born(BORN).on(OF_AGE)
     .printed("A").yes("A").signed_by("A", PUPIL), "yes"),
    ("A4: printed the day before is not since",
     story().printed("B").back("B", "no", who=MUM).born(BORN).on(date(2026, 10, 4))
     .printed("A").yes("A").signed_by("A", PUPIL), "no"),
    ("W5: of age, the pupil gives again what a guardian withdrew",
     yes_on("A", who=MUM).withdrawn(by=MUM).born(BORN).on(OF_AGE).printed("B").yes("B").signed_by("B", PUPIL),
     "yes"),
    ("W5: and nobody else does",
     yes_on("A", who=MUM).withdrawn(by=DAD).born(BORN).on(OF_AGE).printed("B").yes("B", who=MUM), "withdrawn"),
])
def test_who_is_of_age_answers_alone(history: Story, word: str) -> None:
    assert history.status().word == word


@pytest.mark.parametrize(
    ("day", "word"), [(date(2026, 10, 4), "yes"), (OF_AGE, "pending"), (date(2026, 10, 6), "pending")]
)
def test_a4_of_age_from_the_birthday_on(day: date, word: str) -> None:
    assert yes_on("A", who=MUM).born(BORN).status(on=day).word == word


@cases([
    ("A5: the authority itself needs nobody's agreement",
     in_care().guardian(COUNCIL, corporate=True).printed("A").yes("A", who=COUNCIL), "yes"),
    ("A5: a carer does", in_care().guardian(COUNCIL, corporate=True).printed("A").yes("A", who=MUM), "pending"),
    ("A5: nor is an unnamed one taken for the authority",
     in_care().guardian(COUNCIL, corporate=True).printed("A").yes("A"), "pending"),
    ("A5: a school that does not wait for the social worker",
     in_care().printed("A").yes("A").rule(SOCIAL_WORKER, value=False), "yes"),
    ("A5: an authority's no is a guardian's no",
     in_care().guardian(COUNCIL, corporate=True).printed("A").back("A", "no", who=COUNCIL).social_worker_agreed(),
     "no"),
    ("A5: a competent pupil in care waits for the social worker too",
     in_care().assessed(competent=True).rule(COMPETENT_ALONE, value=True).printed("A", pupil=(WEBSITE,))
     .back("A", pupil="yes").confirmed("A"), "pending"),
])
def test_looked_after_pupils(history: Story, word: str) -> None:
    assert history.status().word == word


@pytest.mark.parametrize(("history", "todo"), [
    pytest.param(story(), NextStep.PRINT, id="C2: not asked"),
    pytest.param(story().printed("A"), NextStep.REMIND, id="C2: no reply"),
    pytest.param(yes_on("A"), NextStep.NOTHING, id="C2: yes"),
    pytest.param(yes_on("A").withdrawn(), NextStep.NOTHING, id="W1: withdrawn"),
    pytest.param(yes_on("A").restricted(), NextStep.ASK_SAFEGUARDING, id="A6: restricted"),
    pytest.param(story().printed("A").back("A", "no"), NextStep.NOTHING, id="C3: a plain no"),
    pytest.param(yes_on("A").printed("B").back("B", "no"), NextStep.SPEAK, id="C3: guardians who disagree"),
    pytest.param(story().printed("A").back("A", "faint"), NextStep.REVIEW, id="S4: in doubt"),
    pytest.param(yes_on("A").back("A", "faint"), NextStep.REVIEW, id="S4: conflicting"),
    pytest.param(story().printed("A").back("A", "yes"), NextStep.CONFIRM, id="C4: unconfirmed"),
    pytest.param(story().printed("A").back("A", "yes", signed=False), NextStep.ASK_AGAIN, id="S4: unsigned"),
    pytest.param(story().printed("A").back("A", "faint").reviewed("A", "unclear"), NextStep.ASK_AGAIN, id="unclear"),
    pytest.param(yes_on("A").left(), NextStep.ASK_AGAIN, id="C7: expired"),
    pytest.param(yes_on("A").guardian(DAD, "no"), NextStep.NAME_GUARDIAN, id="A2: who signed"),
    pytest.param(yes_on("A", who=DAD).guardian(DAD, "no"), NextStep.ASK_HOLDER, id="A2: no responsibility"),
    pytest.param(for_both("A").yes("A"), NextStep.ASK_PUPIL, id="A3: the pupil's part"),
    pytest.param(in_care().printed("A").yes("A"), NextStep.ASK_SOCIAL_WORKER, id="A5: the social worker"),
])
def test_a_status_says_what_to_do_next(history: Story, todo: NextStep) -> None:
    status = history.status()
    assert status.todo is todo
    assert bool(todo.words) == (todo is not NextStep.NOTHING)


# fmt: on


def test_a6_a_restriction_and_a_no_that_are_seen_alike_say_nothing_of_what_to_do() -> None:
    seen = {
        as_seen(one.status(), safeguarding=False)
        for one in (yes_on("A").restricted(), yes_on("A").printed("B").back("B", "no"))
    }
    assert len(seen) == 1


def test_a3_views_without_an_answer_change_no_status() -> None:
    told = yes_on("A", WEBSITE, INTERNET)
    before = (told.status(), told.status(INTERNET))
    told.add(ViewsRecorded("I would rather not", "the form tutor", (WEBSITE,)))
    assert (told.status(), told.status(INTERNET)) == before


def test_c1_a_changed_rule_does_not_change_what_held_before() -> None:
    told = in_care().printed("A").yes("A").on(date(2026, 12, 1)).rule(SOCIAL_WORKER, value=False)
    assert told.status(on=date(2026, 11, 30)).word is StatusWord.PENDING
    assert told.status(on=LATER).word is StatusWord.YES


def test_the_rules_that_a_status_hangs_on_are_on_the_schools_list_with_the_same_default() -> None:
    listed = {one.name: one.default for one in SCHOOL_RULES}
    assert {name: listed[name] for name in RULES_OF_STATUS} == RULES_OF_STATUS  # type: ignore[index]


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2008, 10, 5), 18, date(2026, 10, 5)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 16, date(2024, 2, 29)),
    ],
)
def test_a4_birthdays(born: date, age: int, day: date) -> None:
    assert birthday(born, age) == day
