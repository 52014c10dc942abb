"""Who joins, leaves, moves, is in care, or is called otherwise: events, and what they do to consent (A1 to A5, D5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from consentdesk.errors import KnownError
from consentdesk.model.circumstances import (
    BirthRecorded,
    GuardianEnded,
    GuardianRecorded,
    Renamed,
    ViewsRecorded,
)
from consentdesk.model.consent import Joined, Left, Moved, SocialWorkerAgreed
from consentdesk.services import guardians, people_changes, staff
from consentdesk.services.guardians import GuardianChange
from consentdesk.services.people_changes import NameChange, NewPupil
from consentdesk.services.print_forms import Whom
from consentdesk.services.review import Verdict, decide
from consentdesk.services.slip_notes import name_signatory
from consentdesk.store import ledger, people
from tests.services.made_up import Desk

FORM = "web-publication"


def happened(desk: Desk, first_name: str) -> list[object]:
    return [event.what for event in ledger.events_of(desk.office.db, desk.pupil(first_name).id)]


def all_yes(desk: Desk, first_name: str) -> str:
    """A slip went out, came back and was decided as a yes that counts; its code."""
    slip = desk.print_for(first_name, FORM)
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict({"web.work": "yes", "web.first-name": "yes"}, signed=True))
    return slip.code


def test_a_pupil_joins_moves_leaves_and_comes_back(desk: Desk) -> None:
    new = NewPupil("Dan", "Ito", class_name="4B", date_of_birth=date(2018, 1, 2), admission_number="104")
    dan = people_changes.add_pupil(desk.office, new)
    assert people_changes.move(desk.office, "104", "5C").class_name == "5C"
    assert people_changes.leave(desk.office, dan.id).left
    assert people_changes.come_back(desk.office, dan.id).class_name == "5C"
    assert happened(desk, "Dan") == [
        Joined("4B"), BirthRecorded(date(2018, 1, 2)), Moved("5C"), Left(), Joined("5C"),
    ]  # fmt: skip
    assert people.pupil(desk.office.db, dan.id) == desk.pupil("Dan")


def test_d3_leaving_ends_every_yes_and_coming_back_does_not_revive_it(desk: Desk) -> None:
    all_yes(desk, "Ada")
    people_changes.leave(desk.office, "101")
    assert desk.words("Ada") == {"expired"}
    people_changes.come_back(desk.office, "101")
    assert desk.words("Ada") == {"expired"}


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (NameChange(preferred_first="Addie"), "Addie Okafor"),
        (NameChange(legal_last="O’Kafór-Ünal"), "Ada O’Kafór-Ünal"),
        (NameChange(legal_first="X", legal_last=""), "X"),
        (NameChange(preferred_first="Addie", preferred_last="Obi"), "Addie Obi"),
    ],
)
def test_d5_names_are_kept_as_they_are_written(desk: Desk, change: NameChange, shown: str) -> None:
    after = people_changes.rename(desk.office, "101", change)
    assert after.display_name == shown
    assert people.pupil(desk.office.db, after.id) == after
    assert isinstance(ledger.events_of(desk.office.db, after.id)[-1].what, Renamed)


def test_d5_an_empty_preferred_name_takes_it_away(desk: Desk) -> None:
    people_changes.rename(desk.office, "101", NameChange(preferred_first="Addie"))
    assert (
        people_changes.rename(desk.office, "101", NameChange(preferred_first="")).display_name == "Ada Okafor"
    )


def test_a2_a_guardian_without_responsibility_is_an_event_and_wants_a_name(desk: Desk) -> None:
    code = all_yes(desk, "Ada")
    guardians.change_guardian(desk.office, "101", "Emeka Okafor", GuardianChange(responsibility="no"))
    assert desk.words("Ada") == {"pending"}
    assert name_signatory(desk.office, code, "ngozi okafor") == "Ngozi Okafor"
    assert desk.words("Ada") == {"yes"}
    name_signatory(desk.office, code, "Emeka Okafor")
    assert desk.words("Ada") == {"pending"}


def test_a2_a_court_order_note_is_kept_word_for_word(desk: Desk) -> None:
    note = "  no contact, order of 3 May;\n see the head "
    after = guardians.change_guardian(desk.office, "101", "Emeka Okafor", GuardianChange(court_note=note))
    assert after.court_note == note
    assert guardians.guardians_of(desk.office, "101")[1] == after
    recorded = happened(desk, "Ada")[-1]
    assert isinstance(recorded, GuardianRecorded)
    assert recorded.court_note == note


def test_a1_two_guardians_of_one_name_stay_two_people(desk: Desk) -> None:
    one = guardians.add_guardian(desk.office, "101", GuardianChange("Ngozi Okafor", "aunt"))
    assert [one.name for one in guardians.guardians_of(desk.office, "101")].count("Ngozi Okafor") == 2
    with pytest.raises(KnownError, match="not one guardian"):
        guardians.end_guardian(desk.office, "101", "Ngozi Okafor")
    guardians.end_guardian(desk.office, "101", one.id, "only for the summer")
    assert happened(desk, "Ada")[-1] == GuardianEnded(one.id, "only for the summer")


def test_c7_who_is_no_guardian_any_more_no_longer_consents(desk: Desk) -> None:
    name_signatory(desk.office, all_yes(desk, "Ben"), "Mary O'Neill")
    assert desk.words("Ben") == {"yes"}
    guardians.end_guardian(desk.office, "102", "Mary O'Neill")
    assert desk.words("Ben") == {"expired"}


def test_a5_in_care_a_yes_waits_for_the_social_worker(desk: Desk) -> None:
    people_changes.set_care(desk.office, "101", looked_after=True)
    code = all_yes(desk, "Ada")
    assert desk.words("Ada") == {"pending"}
    agreed = {"who": "Sam Example", "reference": "LA-7", "given_on": desk.office.today - timedelta(days=2)}
    people_changes.social_worker_agreed(desk.office, "101", **agreed, code=code)
    assert desk.words("Ada") == {"yes"}
    assert SocialWorkerAgreed("Sam Example", "LA-7", agreed["given_on"]) in happened(desk, "Ada")
    people_changes.set_care(desk.office, "101", looked_after=True)
    assert desk.words("Ada") == {"pending"}
    people_changes.set_care(desk.office, "101", looked_after=False)
    assert desk.words("Ada") == {"yes"}


def test_a5_the_authority_signs_for_itself(desk: Desk) -> None:
    people_changes.set_care(desk.office, "101", looked_after=True)
    guardians.add_guardian(desk.office, "101", GuardianChange("Exampleshire Council", corporate=True))
    name_signatory(desk.office, all_yes(desk, "Ada"), "Exampleshire Council")
    assert desk.words("Ada") == {"yes"}


def test_a4_the_competent_get_their_own_part_and_must_say_yes_themselves(desk: Desk) -> None:
    code = all_yes(desk, "Ada")
    people_changes.assess(desk.office, "101", "the deputy head", desk.office.today, competent=True)
    assert desk.words("Ada") == {"pending"}
    assert desk.print_for("Ada", FORM).pupil_questions
    people_changes.assess(desk.office, "101", "the deputy head", desk.office.today, competent=False)
    assert desk.words("Ada") == {"yes"}
    assert not desk.print_for("Ada", FORM).pupil_questions
    assert code


def test_a4_who_was_found_unable_to_decide_is_not_asked(desk: Desk) -> None:
    assert desk.print_for("Cleo", FORM).pupil_questions
    people_changes.assess(desk.office, "103", "the deputy head", desk.office.today, competent=False)
    assert not desk.print_for("Cleo", FORM).pupil_questions


def test_a4_who_is_18_signs_instead_of_a_guardian(desk: Desk) -> None:
    born = desk.office.today.replace(year=desk.office.today.year - 18)
    people_changes.add_pupil(desk.office, NewPupil("Eve", "Adu", class_name="13A", date_of_birth=born))
    slip = desk.print(FORM, whom=Whom(pupil=desk.pupil("Eve").id))[0]
    assert not slip.pupil_questions
    desk.take(desk.seen(slip))
    decide(desk.office, slip.code, Verdict({"web.work": "yes", "web.first-name": "yes"}, signed=True))
    assert desk.words("Eve") == {"pending"}
    assert name_signatory(desk.office, slip.code, "pupil") == "Eve Adu"
    assert desk.words("Eve") == {"yes"}


def test_a3_views_are_kept_and_are_no_answer(desk: Desk) -> None:
    all_yes(desk, "Ada")
    people_changes.record_views(desk.office, "101", "not with my glasses on", "Ms Tutor", ("web.work",))
    assert happened(desk, "Ada")[-1] == ViewsRecorded("not with my glasses on", "Ms Tutor", ("web.work",))
    assert desk.words("Ada") == {"yes"}


def test_staff_and_volunteers(desk: Desk) -> None:
    added = staff.add_staff(desk.office, "  Zoë  Ünal ", role="librarian", volunteer=True)
    assert (added.name, added.volunteer, added.since) == ("Zoë Ünal", True, desk.office.today)
    staff.add_staff(desk.office, "Al Adu")
    assert [one.name for one in staff.staff(desk.office)] == ["Al Adu", "Zoë Ünal"]
    assert staff.the_staff_member(desk.office, "zoe") == added
    assert staff.staff_left(desk.office, "zoe unal").left == desk.office.today
    assert [one.name for one in staff.staff(desk.office)] == ["Al Adu"]
    assert len(staff.staff(desk.office, include_left=True)) == 2


TOMORROW = date(2099, 1, 1)
BAD: dict[str, tuple[Callable[[Desk], object], str]] = {
    "unknown pupil": (lambda d: people_changes.leave(d.office, "nobody"), "no pupil nobody"),
    "pupil without a name": (lambda d: people_changes.add_pupil(d.office, NewPupil(" ")), "needs a name"),
    "born tomorrow": (
        lambda d: people_changes.add_pupil(d.office, NewPupil("Dan", date_of_birth=TOMORROW)), "lies ahead",
    ),
    "same name": (lambda d: people_changes.rename(d.office, "101", NameChange("Ada")), "called so already"),
    "no name left": (lambda d: people_changes.rename(d.office, "101", NameChange(" ")), "needs a name"),
    "same class": (lambda d: people_changes.move(d.office, "101", "4B"), "already"),
    "never left": (lambda d: people_changes.come_back(d.office, "101"), "has not left"),
    "never in care": (lambda d: people_changes.set_care(d.office, "101", looked_after=False), "not looked after"),
    "agreement for one not in care": (
        lambda d: people_changes.social_worker_agreed(d.office, "101", "Sam", "7"), "not looked after",
    ),
    "assessment without a name": (
        lambda d: people_changes.assess(d.office, "101", " ", date(2026, 1, 1), competent=True), "name of who made",
    ),
    "assessment to come": (
        lambda d: people_changes.assess(d.office, "101", "Sam", TOMORROW, competent=True), "lies ahead",
    ),
    "views without words": (
        lambda d: people_changes.record_views(d.office, "101", "", "Sam"), "need the pupil’s words",
    ),
    "views on nothing known": (
        lambda d: people_changes.record_views(d.office, "101", "no", "Sam", ("web.nothing",)), "no purpose",
    ),
    "guardian without a name": (
        lambda d: guardians.add_guardian(d.office, "101", GuardianChange(" ")), "needs a name",
    ),
    "unknown guardian": (lambda d: guardians.end_guardian(d.office, "101", "Nobody"), "not one guardian"),
    "nothing new of a guardian": (
        lambda d: guardians.change_guardian(d.office, "101", "Ngozi Okafor", GuardianChange()), "known so already",
    ),
    "staff without a name": (lambda d: staff.add_staff(d.office, " "), "needs a name"),
    "unknown staff": (lambda d: staff.staff_left(d.office, "Nobody"), "nobody called|Nobody called"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_nothing_is_recorded(desk: Desk, case: str) -> None:
    do, sentence = BAD[case]
    before = desk.events, people.pupils(desk.office.db, include_left=True)
    with pytest.raises(KnownError, match=sentence):
        do(desk)
    assert (desk.events, people.pupils(desk.office.db, include_left=True)) == before


def test_a5_an_agreement_needs_who_and_reference_and_the_pupils_own_slip(desk: Desk) -> None:
    people_changes.set_care(desk.office, "101", looked_after=True)
    other = desk.print_for("Ben", FORM).code
    before = desk.events
    for who, reference, code in (("", "7", ""), ("Sam", " ", ""), ("Sam", "7", other)):
        with pytest.raises(KnownError):
            people_changes.social_worker_agreed(desk.office, "101", who, reference, code=code)
    assert desk.events == before
