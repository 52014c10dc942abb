"""What headings mean, system by system."""

from __future__ import annotations

import pytest

from consentdesk.classlists.headers import (
    SYNONYMS,
    Column,
    Field,
    is_not_kept,
    meaning,
    plain_heading,
    understand,
)

HEADINGS = {
    Field.FIRST: [
        "First name",
        "FORENAME",
        "Given Name",
        "CHILD_FIRST_NAME",
        "FirstName",
        "Pupil's forename",
        "forename(s)",
    ],
    Field.LAST: ["Last name", "Surname", "Family name", "Student Last Name", "CHILD_LAST_NAME", "*Surname"],
    Field.LEGAL_FIRST: ["Legal forename", "Legal First Name", "Forename (legal)", "Pupil Legal Forename"],
    Field.LEGAL_LAST: ["Legal surname", "LegalSurname", "Surname (Legal)"],
    Field.PREFERRED_FIRST: [
        "Preferred forename",
        "Chosen name",
        "Known as",
        "CHILD_PREFERRED_GIVEN_NAME",
        "Preferred name",
        "Name (preferred)",
    ],
    Field.PREFERRED_LAST: ["Preferred surname", "CHILD_PREFERRED_LAST_NAME", "Chosen last name"],
    Field.WHOLE_NAME: ["Name", "Full Name", "Pupil", "Student name", "Child’s name", "Forename Surname"],
    Field.SURNAME_AND_FIRST: ["Surname, Forename", "Surname Forename", "Last name, first name"],
    Field.CLASS: [
        "Class",
        "Reg",
        "Reg Group",
        "Registration Form",
        "Tutor group",
        "Form",
        "CHILD_REGISTRATION",
        "Registration group",
    ],
    Field.YEAR: [
        "Year",
        "NC Year",
        "Year Group",
        "CHILD_YEAR_GROUP",
        "NCyearActual",
        "Year taught in",
        "Curriculum Year",
    ],
    Field.BORN: [
        "DOB",
        "D.O.B.",
        "Date of birth",
        "CHILD_DATE_OF_BIRTH",
        "Birth Date",
        "Date of Birth (DD/MM/YYYY)",
    ],
    Field.UPN: ["UPN", "Unique Pupil Number"],
    Field.ADMISSION: ["Admission Number", "Adno", "Admission No.", "Adm No"],
    Field.LOOKED_AFTER: ["In care", "Looked after", "Child looked after", "LAC"],
    Field.SCHOOL: ["School", "SCHOOL_NAME"],
}


@pytest.mark.parametrize(
    ("field", "heading"), [(field, heading) for field, many in HEADINGS.items() for heading in many]
)
def test_headings_of_the_pupils_own_columns(field: Field, heading: str) -> None:
    assert meaning(heading) == Column(field)


@pytest.mark.parametrize(
    ("heading", "field", "person"),
    [
        ("PARENT_1_NAME", Field.GUARDIAN_NAME, "1"),
        ("PARENT_2_RELATIONSHIP", Field.RELATIONSHIP, "2"),
        ("Parent/Carer 1 Surname", Field.GUARDIAN_LAST, "1"),
        ("Parent 01 Forename", Field.GUARDIAN_FIRST, "1"),
        ("Priority 1 Contact Name", Field.GUARDIAN_NAME, "1"),
        ("Contact Name 2", Field.GUARDIAN_NAME, "2"),
        ("Contact 2: Parental responsibility", Field.RESPONSIBILITY, "2"),
        ("Primary guardian", Field.GUARDIAN_NAME, "1"),
        ("Second parent surname", Field.GUARDIAN_LAST, "2"),
        ("Parent's name", Field.GUARDIAN_NAME, "1"),
        ("Mother's name", Field.GUARDIAN_NAME, "mother"),
        ("Father", Field.GUARDIAN_NAME, "father"),
        ("Relationship to child", Field.RELATIONSHIP, "1"),
    ],
)
def test_headings_of_guardians(heading: str, field: Field, person: str) -> None:
    assert meaning(heading) == Column(field, person)


@pytest.mark.parametrize(
    "heading",
    [
        "PARENT_1_EMAIL",
        "Parent 1 phone",
        "Mobile",
        "CHILD_ADDRESS_LINE_1",
        "Postcode",
        "Post Code",
        "Town",
        "CHILD_NHS_NUMBER",
        "Ethnicity",
        "CHILD_GENDER",
        "Sex",
        "First language",
        "Religion",
        "SEN status",
        "FSM",
        "Pupil premium",
        "CHILD_SCHOOL_URN",
        "Middle name(s)",
        "Former surname",
        "Former UPN",
        "Emergency contact 1",
        "Class teacher",
        "Country of birth",
        "Dietary needs",
    ],
)
def test_columns_that_a_consent_list_has_no_need_of_are_left_out_on_purpose(heading: str) -> None:
    assert meaning(heading) is None
    assert is_not_kept(heading)


@pytest.mark.parametrize(
    "heading", ["Bus route", "Favourite colour", "Parents", "Parent names", "Website", "Tutor", "名前", "1"]
)
def test_other_columns_are_unknown(heading: str) -> None:
    assert meaning(heading) is None
    assert not is_not_kept(heading)


def test_no_heading_means_two_things() -> None:
    every = [heading for many in SYNONYMS.values() for heading in many]
    twice = {heading for heading in every if every.count(heading) > 1}
    assert not twice
    assert all(plain_heading(heading) == heading for heading in every)


def test_a_heading_row_names_what_is_not_read() -> None:
    header = understand(["Forename", "Surname", "", "Class", "Reg Group", "Bus route", "E-mail", "Name"])
    assert {place: column.field for place, column in header.columns.items()} == {
        0: Field.FIRST,
        1: Field.LAST,
        3: Field.CLASS,
    }
    assert header.unknown == ("Bus route",)
    assert header.not_kept == ("E-mail",)
    assert header.repeated == ("Reg Group", "Name")
    assert header.has_name


def test_a_row_without_a_name_is_no_heading() -> None:
    assert not understand(["Class", "Year", "Preferred name"]).has_name
