"""Who said what about one pupil, by name (rules A1, A2, D1)."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from consentdesk.errors import NotAllowed
from consentdesk.services.guardians import end_guardian
from consentdesk.services.key_slip import Keyed, key_slip
from consentdesk.services.pupil_record import pupil_record
from consentdesk.services.who_said import who_said
from consentdesk.services.withdraw import withdraw
from consentdesk.store.slots import Role
from tests.services.made_up import Desk

FORM = "web-publication"


def test_a1_each_guardian_stands_with_their_own_word(desk: Desk) -> None:
    yes, no = desk.print_for("Ada", FORM), desk.print_for("Ada", FORM)
    both = {"web.work": "yes", "web.first-name": "yes"}
    key_slip(desk.office, yes.code, Keyed(both, signed=True, guardian="Ngozi Okafor"))
    key_slip(desk.office, no.code, Keyed({"web.work": "no"}, signed=True))
    withdraw(desk.office, "101", ["web.first-name"], "phone", by="Emeka Okafor")
    end_guardian(desk.office, "101", "Ngozi Okafor")
    work, name = who_said(desk.office, "101")
    assert [(one.who, one.word, one.code) for one in work.said] == [
        ("Ngozi Okafor", "yes", yes.code),
        ("", "no", no.code),
    ]
    assert [(one.who, one.word, one.code) for one in name.said] == [
        ("Ngozi Okafor", "yes", yes.code),
        ("Emeka Okafor", "withdrawn", ""),
    ]


def test_c2_a_record_says_what_to_do_next(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    (form,) = (one for one in pupil_record(desk.office, desk.pupil("Ada").id).forms if one.form == FORM)
    assert {one.todo for one in form.purposes} == {"Send a reminder with a fresh slip."}


def test_d1_a_teacher_sees_neither(desk: Desk) -> None:
    desk.print_for("Ada", FORM)
    teacher = replace(desk.office, user=msgspec.structs.replace(desk.office.user, role=Role.TEACHER))
    with pytest.raises(NotAllowed):
        who_said(teacher, "101")
    record = pupil_record(teacher, desk.pupil("Ada").id)
    assert {one.todo for form in record.forms for one in form.purposes} == {""}
