"""What a person is shown of a slip, of the tray, and of a slip that is keyed (rules A2, A6, S4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.consent import Restricted
from consentdesk.model.people import Guardian
from consentdesk.model.reading import Presence
from consentdesk.services.confirm_sheet import next_sheet
from consentdesk.services.look_at_slip import look_at
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide, review_list
from consentdesk.services.slip_to_key import slip_to_key
from consentdesk.services.waiting import tray, tray_picture, waiting
from consentdesk.store import people
from consentdesk.store.slots import Role
from tests.services.made_up import Desk

WORK, NAME = "web.work", "web.first-name"


def reading(desk: Desk) -> str:
    return review_list(desk.office).review[0].reading


def test_a_slip_is_shown_with_its_questions_in_words(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {WORK: "both", NAME: "yes"}, date=Presence.ABSENT))
    seen = look_at(desk.office, reading(desk))
    assert (seen.name, seen.school_class, seen.code) == ("Ada Okafor", "4B", slip.code)
    assert [(one.name, one.answer, one.decided) for one in seen.answers] == [
        ("Work on the website", "review", None),
        ("First name beside work", "yes", None),
    ]
    assert all(one.asks.endswith("?") for one in seen.answers)
    assert seen.remarks == ("The space for the date is empty.",)
    assert seen.picture
    assert [one.name for one in seen.guardians] == ["Ngozi Okafor", "Emeka Okafor"]


def test_a_persons_word_stands_beside_the_machines(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    decide(desk.office, slip.code, Verdict({WORK: "unclear"}))
    seen = look_at(desk.office, reading(desk))
    assert [(one.answer, one.decided) for one in seen.answers] == [("review", "unclear"), ("review", None)]


@pytest.mark.parametrize("why", ["restricted", "court note", "no responsibility"])
def test_a_name_is_asked_for_without_saying_why(desk: Desk, why: str) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, "both"))
    assert not look_at(desk.office, reading(desk)).must_name
    pupil = desk.pupil("Ada").id
    if why == "restricted":
        record(desk.office, [Happening(Restricted("something secret"), pupil)])
    else:
        note, duty = ("something secret", "yes") if why == "court note" else ("", "no")
        with desk.office.db.writing():
            people.set_guardians(
                desk.office.db,
                pupil,
                [Guardian("g1", pupil, "Ngozi Okafor", "mother", duty, note)],  # type: ignore[arg-type]
            )
    seen = look_at(desk.office, reading(desk))
    assert seen.must_name
    assert "secret" not in repr(seen)


def test_copies_stand_together_this_one_first(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, {WORK: "no", NAME: "yes"}))
    desk.take(desk.seen(slip, {WORK: "yes", NAME: "yes"}))
    seen = look_at(desk.office, reading(desk))
    assert [copy.said["guardian", WORK] for copy in seen.copies] == ["review", "no"]
    assert seen.copies[0].reading == seen.reading


def test_what_is_nobodys_cannot_be_looked_at_as_somebodys(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada", "web-publication"), codes=()))
    (entry,) = tray(desk.office)
    with pytest.raises(KnownError):
        look_at(desk.office, entry.reading)


def test_the_tray_holds_what_has_no_owner_and_what_came_twice(desk: Desk) -> None:
    slip = desk.print_for("Ada", "web-publication")
    desk.take(desk.seen(slip, codes=()))
    desk.take(desk.seen(slip))
    desk.take(desk.seen(slip))
    first, second = tray(desk.office)
    assert (first.duplicate, first.file, first.page) == (False, "made up.pdf", 1)
    assert "typed code" in first.why
    assert (second.duplicate, second.name, second.slip) == (True, "Ada Okafor", slip.code)
    found = tray_picture(desk.office, first.reading)
    assert found.picture
    assert len(found.places) == 1
    with pytest.raises(KnownError):
        tray_picture(desk.office, "no such reading")


def test_a_slip_to_key_says_whose_it_is_and_what_it_asks(desk: Desk) -> None:
    slip = desk.print_for("Cleo", "web-publication")
    found = slip_to_key(desk.office, slip.code.lower())
    assert (found.name, found.school_class, found.pupil_signs) == ("Cleo Ünal", "10A", True)
    assert {one.who for one in found.questions} == {"guardian", "pupil"}
    with pytest.raises(KnownError, match="no slip code"):
        slip_to_key(desk.office, slip.code[:-1] + ("0" if slip.code[-1] != "0" else "1"))


def test_a_teacher_sees_none_of_it(desk: Desk) -> None:
    office = replace(desk.office, user=type(desk.office.user)("t", "teacher", Role.TEACHER))
    for look in (waiting, tray, next_sheet):
        with pytest.raises(NotAllowed):
            look(office)
    for look_up in (look_at, slip_to_key, tray_picture):
        with pytest.raises(NotAllowed):
            look_up(office, "x")
