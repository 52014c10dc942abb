"""Rule C1: what a school sets for itself is kept, and each change is an event; what a form sets is told beside it."""

from __future__ import annotations

import msgspec
import pytest

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.school_events import RuleChanged
from consentdesk.model.school_rules import SCHOOL_RULES
from consentdesk.services.office import Office
from consentdesk.services.rules import form_rules, holds, number_of, school_rules, set_rule
from consentdesk.store import ledger, school
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def test_c1_a_new_school_has_the_safe_choice_everywhere(empty_desk: Desk) -> None:
    found = school_rules(empty_desk.office)
    assert [one.rule for one in found] == list(SCHOOL_RULES)
    assert all(one.safe for one in found)
    assert holds(empty_desk.office, "school-equipment-only") is True
    assert number_of(empty_desk.office, "images-kept-months") == 24


def test_c1_a_change_is_kept_and_is_an_event(empty_desk: Desk) -> None:
    done = set_rule(empty_desk.office, "images-kept-months", "6")
    assert (done.value, done.safe) == (6, False)
    assert number_of(empty_desk.office, "images-kept-months") == 6
    (told,) = ledger.events_of_kinds(empty_desk.office.db, ["rule-changed"])
    assert told.what == RuleChanged("images-kept-months", 6)


def test_a_value_that_nobody_may_set_counts_as_the_default(empty_desk: Desk) -> None:
    school.set_setting(empty_desk.office.db, "rule.images-kept-months", 600)
    assert number_of(empty_desk.office, "images-kept-months") == 24


@pytest.mark.parametrize(("name", "value"), [("images-kept-months", "600"), ("images", "6")])
def test_what_is_refused_changes_nothing(empty_desk: Desk, name: str, value: str) -> None:
    before = empty_desk.events
    with pytest.raises(KnownError, match="nothing was changed"):
        set_rule(empty_desk.office, name, value)
    assert empty_desk.events == before


def test_d1_a_teacher_sees_them_and_sets_none(empty_desk: Desk) -> None:
    office = empty_desk.office
    teacher = Office(office.db, msgspec.structs.replace(office.user, role=Role.TEACHER), office.unlocked)
    assert school_rules(teacher) == school_rules(office)
    with pytest.raises(NotAllowed):
        set_rule(teacher, "images-kept-months", "6")


def test_a3_c7_p4_what_a_form_decides_is_told_in_the_same_place(empty_desk: Desk) -> None:
    told = {(one.form, one.key): (one.rule, one.value) for one in form_rules(empty_desk.office)}
    assert told["image-use", "pupil_part.from_age"] == ("A3", "12")
    assert told["image-use", "lasts"] == ("C7", "academic-year")
    assert told["image-use", "image.full-name.asked"] == ("P4", "no")
