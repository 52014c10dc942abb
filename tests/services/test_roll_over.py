"""A new school year: shown first, kept whole or not at all, and consent never touched (rules C7, D3)."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.services.roll_over import next_class, preview, roll_over
from consentdesk.store import people
from tests.services.made_up import Desk

SCHOOL = """\
First name,Last name,Class,Year,Admission number
Ann,A,Reception,0,1
Bob,B,2 Oak,2,2
Cy,C,5A,5,3
Di,D,6B,6,4
Ed,E,Otters,3,5
Flo,F,,4,6
"""


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("4B", "5B"), ("9Z", "10Z"), ("Year 4", "Year 5"), ("2 Oak", "3 Oak"), ("Reception", "1"), ("R", "1"),
        ("RA", ""), ("Otters", ""), ("14", ""),
    ],
)  # fmt: skip
def test_what_a_class_is_called_a_year_on(name: str, after: str) -> None:
    assert next_class(name) == after


def test_a_preview_says_what_becomes_of_each_class_and_keeps_nothing(empty_desk: Desk) -> None:
    empty_desk.import_text(SCHOOL)
    before = empty_desk.events
    plan = preview(empty_desk.office)
    assert [(one.school_class, one.to, one.kind, one.key_stage) for one in plan.steps] == [
        ("2 Oak", "3 Oak", "moves", 1),
        ("5A", "6A", "moves", 0),
        ("6B", "leaves", "leaves", 0),
        ("Otters", "", "unclear", 0),
        ("Reception", "1", "moves", 1),
    ]
    assert (plan.stay, plan.unclear) == (1, ("Otters",))
    assert empty_desk.events == before


def test_the_step_is_taken_whole(empty_desk: Desk) -> None:
    empty_desk.import_text(SCHOOL)
    slip = empty_desk.print_for("Ann", "web-publication")
    empty_desk.take(empty_desk.seen(slip, "no"))
    held = empty_desk.statuses("Ann")
    plan = preview(empty_desk.office, {"otters": "Seals"})
    assert roll_over(empty_desk.office, plan) == (4, 1)
    found = people.pupils(empty_desk.office.db, include_left=True)
    now = {one.legal_first: (one.class_name, one.year_group, one.left) for one in found}
    assert now == {
        "Ann": ("1", 1, False),
        "Bob": ("3 Oak", 3, False),
        "Cy": ("6A", 6, False),
        "Di": ("6B", 6, True),
        "Ed": ("Seals", 4, False),
        "Flo": ("", 5, False),
    }
    assert empty_desk.statuses("Ann") == held


def test_d3_who_leaves_with_the_class_has_no_yes_left(empty_desk: Desk) -> None:
    empty_desk.import_text(SCHOOL)
    roll_over(empty_desk.office, preview(empty_desk.office, {"Otters": "leaves"}))
    assert [
        one.legal_first for one in people.pupils(empty_desk.office.db, include_left=True) if one.left
    ] == [
        "Di",
        "Ed",
    ]


def test_bad_steps_are_one_sentence_and_nothing_is_kept(empty_desk: Desk) -> None:
    with pytest.raises(KnownError, match="no pupils yet"):
        preview(empty_desk.office)
    empty_desk.import_text(SCHOOL)
    before = empty_desk.events, people.pupils(empty_desk.office.db)
    with pytest.raises(KnownError, match="no class 9Z"):
        preview(empty_desk.office, {"9Z": "10Z"})
    with pytest.raises(KnownError, match="what becomes of Otters"):
        roll_over(empty_desk.office, preview(empty_desk.office))
    assert (empty_desk.events, people.pupils(empty_desk.office.db)) == before


def test_a_preview_that_is_out_of_date_and_a_second_step_are_refused(empty_desk: Desk) -> None:
    empty_desk.import_text(SCHOOL)
    plan = preview(empty_desk.office, {"Otters": "Seals"})
    empty_desk.import_text("First name,Last name,Class,Year,Admission number\nGus,G,5A,5,7\n")
    with pytest.raises(KnownError, match="changed since the preview"):
        roll_over(empty_desk.office, plan)
    roll_over(empty_desk.office, preview(empty_desk.office, {"Otters": "Seals"}))
    with pytest.raises(KnownError, match="moved up on 2026-11-02"):
        roll_over(empty_desk.office, preview(empty_desk.office, {"Seals": "Whales"}))
    empty_desk.clock.sleep(300)
    roll_over(empty_desk.office, preview(empty_desk.office, {"Seals": "Whales"}))
