"""Who said what, person by person (rules A1, A2), behind the one status that it comes to."""

from __future__ import annotations

from datetime import date

from consentdesk.model.consent import PUPIL
from consentdesk.model.persons import answers_by_person
from tests.model.story import DAD, LATER, MUM, WEBSITE, Story, for_both, story, yes_on


def told(history: Story, on: date = LATER) -> list[tuple[str, str, str | None]]:
    return [(one.person, one.word, one.slip) for one in answers_by_person(history.events, WEBSITE, on)]


def test_a1_answers_are_kept_per_person() -> None:
    said = yes_on("A", who=MUM).printed("B").back("B", "no", who=DAD)
    assert told(said) == [(MUM, "yes", "A"), (DAD, "no", "B")]


def test_a2_unnamed_guardians_of_two_slips_are_two_people_until_they_are_named() -> None:
    said = yes_on("A").printed("B").yes("B")
    assert told(said) == [("", "yes", "A"), ("", "yes", "B")]
    assert told(said.signed_by("A", MUM).signed_by("B", MUM)) == [(MUM, "yes", "B")]


def test_a3_the_pupil_stands_beside_the_guardian() -> None:
    assert told(for_both("A").yes("A", pupil="no")) == [("", "yes", "A"), (PUPIL, "no", "A")]
    blank = for_both("A").back("A", "yes", pupil="blank", pupil_signed=False)
    assert told(blank)[-1] == (PUPIL, "missing", "A")


def test_w1_who_withdrew_is_told_and_a_stranger_has_no_name() -> None:
    said = yes_on("A", who=MUM).withdrawn(by=MUM).withdrawn()
    assert told(said) == [(MUM, "withdrawn", None), ("", "withdrawn", None)]


def test_c8_signature_seen_day_and_condition_are_told() -> None:
    said = yes_on("A").reviewed("A", conditions={WEBSITE: "no face"})
    (one,) = answers_by_person(said.events, WEBSITE, LATER)
    assert (one.signed, one.seen, one.condition, one.on) == (True, True, "no face", date(2026, 9, 1))


def test_c5_a_written_date_is_the_day_of_the_yes() -> None:
    said = story().printed("A").on(date(2026, 9, 20)).yes("A").dated("A", date(2026, 9, 15))
    (one,) = answers_by_person(said.events, WEBSITE, LATER)
    assert one.on == date(2026, 9, 15)


def test_s4_what_is_in_doubt_is_told_as_that() -> None:
    assert told(story().printed("A").back("A", "faint")) == [("", "in-doubt", "A")]
    assert told(story().printed("A")) == []
