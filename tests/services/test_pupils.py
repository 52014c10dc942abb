"""One pupil from what a person typed: never the wrong one, and what exists where there is none (rule D5)."""

from __future__ import annotations

import pytest

from consentdesk.errors import KnownError
from consentdesk.services.pupils import the_class, the_pupil
from tests.services.made_up import Desk

TWO_MORE = """\
First name,Last name,Class,Admission number,UPN
Ada,Okafor,6C,201,A123456789012
Ada Mary,Okaforson,6C,202,
"""


@pytest.mark.parametrize("text", ["102", "Ben O'Neill", "ben oneill", "BEN O’NEILL", "neill"])
def test_a_pupil_by_number_or_by_name_in_any_spelling(desk: Desk, text: str) -> None:
    assert the_pupil(desk.office, text).legal_first == "Ben"
    assert the_pupil(desk.office, desk.pupil("Ben").id).legal_first == "Ben"


def test_a_whole_name_goes_before_a_part_of_a_longer_one(desk: Desk) -> None:
    desk.import_text("First name,Last name,Class,Admission number\nAda Mary,Okaforson,6C,202\n")
    assert the_pupil(desk.office, "Ada Okafor").admission_number == "101"


def test_two_of_a_name_are_both_named(desk: Desk) -> None:
    desk.import_text(TWO_MORE)
    with pytest.raises(KnownError) as caught:
        the_pupil(desk.office, "Ada Okafor")
    assert "of 4B" in caught.value.sentence
    assert "of 6C" in caught.value.sentence
    assert the_pupil(desk.office, "A123456789012").admission_number == "201"


def test_who_is_here_goes_before_who_has_left(desk: Desk) -> None:
    desk.import_text("First name,Last name,Class,Admission number\nBen,O'Neill,4B,102\n", leavers=True)
    assert the_pupil(desk.office, "Ada Okafor").left
    desk.import_text("First name,Last name,Class,Admission number,DOB\nAda,Okafor,6C,201,2016-01-01\n")
    assert the_pupil(desk.office, "Ada Okafor").admission_number == "201"


def test_nobody_of_that_name(desk: Desk, empty_desk: Desk) -> None:
    with pytest.raises(KnownError, match="did you mean Ada Okafor"):
        the_pupil(desk.office, "Ada Okafer")
    with pytest.raises(KnownError, match="3 pupils are known"):
        the_pupil(desk.office, "Xyz")


def test_a_class_in_any_spelling_and_what_exists(desk: Desk) -> None:
    assert the_class(desk.office, "10 a") == "10A"
    with pytest.raises(KnownError, match=r"There is no class 9Z; nothing was done; choose from 4B, 10A\."):
        the_class(desk.office, "9Z")
