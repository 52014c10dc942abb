"""Common Transfer Files, in the orders in which systems write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from consentdesk.classlists.read import ClassList
from consentdesk.classlists.rows import SkippedLine
from consentdesk.errors import KnownError
from consentdesk.model.difference import NOBODY
from consentdesk.model.people import ListedGuardian, ListedPupil
from tests.classlists.made_up import csv_file, read


def ctf(folder: Path, pupils: str, encoding: str = "utf-8", space: str = "") -> ClassList:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><CTfile{space}><Header><SourceSchool>'
        f"<SchoolName>Hilltop Primary</SchoolName></SourceSchool></Header>"
        f"<CTFpupilData>{pupils}</CTFpupilData></CTfile>"
    )
    return read(csv_file(folder, text.encode(encoding), "pupils.xml"))


def test_names_beside_the_pupil_and_in_basic_details(tmp_path: Path) -> None:
    class_list = ctf(
        tmp_path,
        "<Pupil><UPN>B801200005001</UPN><Surname>Pérez</Surname><Forename>Zoë</Forename><DOB>2016-03-01</DOB>"
        "<BasicDetails><PreferredForename>Zo</PreferredForename><NCyearActual>R</NCyearActual></BasicDetails></Pupil>"
        "<Pupil><BasicDetails><LegalForename>Ben</LegalForename><LegalSurname>Moss</LegalSurname>"
        "<NCyearActual>X</NCyearActual><RegGroup>4B</RegGroup><InCare>false</InCare></BasicDetails></Pupil>",
    )
    assert class_list.pupils == (
        ListedPupil(1, "Zoë", "Pérez", "Zo", None, "", date(2016, 3, 1), 0, "B801200005001"),
        ListedPupil(2, "Ben", "Moss", class_name="4B", looked_after=False),
    )
    assert (class_list.kind, class_list.school, class_list.scope) == ("ctf", "Hilltop Primary", NOBODY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    pupil = "<Pupil><Surname>Núñez</Surname><Forename>Zoë</Forename></Pupil>"
    assert ctf(tmp_path, pupil, encoding).pupils[0].display_name == "Zoë Núñez"


def test_a_namespace_makes_no_difference(tmp_path: Path) -> None:
    pupil = "<Pupil><Surname>Lee</Surname><Forename>Amy</Forename></Pupil>"
    assert ctf(tmp_path, pupil, space=' xmlns="urn:any"').pupils[0].display_name == "Amy Lee"


def test_contacts_who_could_be_asked_for_consent_and_their_responsibility(tmp_path: Path) -> None:
    def contact(first: str, last: str, relationship: str, more: str = "") -> str:
        return (
            f"<Contact><Surname>{last}</Surname><Forename>{first}</Forename>"
            f"<Relationship>{relationship}</Relationship>{more}</Contact>"
        )

    contacts = (
        contact("Ann", "Lee", "PAM", "<Responsibility>true</Responsibility>")
        + contact("Bo", "Lee", "PAF", "<Responsibility>false</Responsibility>")
        + contact("Cy", "Carer", "ZZZ")
        + contact("Dr", "Who", "DOC", "<Responsibility>false</Responsibility>")
        + contact("", "", "PAF")
    )
    pupil = f"<Pupil><Surname>Lee</Surname><Forename>Amy</Forename><Contacts>{contacts}</Contacts></Pupil>"
    assert ctf(tmp_path, pupil).pupils[0].guardians == (
        ListedGuardian("Ann Lee", "Mother", "yes"),
        ListedGuardian("Bo Lee", "Father", "no"),
        ListedGuardian("Cy Carer", "ZZZ", "unknown"),
    )


def test_a_contacts_name_is_never_taken_for_the_pupils(tmp_path: Path) -> None:
    contact = "<Contacts><Contact><Surname>Lee</Surname><Forename>Ann</Forename></Contact></Contacts>"
    pupils = f"<Pupil><UPN>B801200005001</UPN>{contact}</Pupil><Pupil><Forename>Amy</Forename></Pupil>"
    class_list = ctf(tmp_path, pupils)
    assert [pupil.display_name for pupil in class_list.pupils] == ["Amy"]
    assert class_list.skipped == (SkippedLine(1, "it has no name"),)


@pytest.mark.parametrize(
    ("field", "warning"),
    [
        ("<DOB>28/13/2016</DOB>", "The date of birth “28/13/2016” could not be read and was left out."),
        ("<DOB>2027-01-01</DOB>", "The date of birth “2027-01-01” could not be read and was left out."),
        ("<NCyearActual>99</NCyearActual>", "The year group “99” could not be read and was left out."),
        ("<UPN>A801200005001</UPN>", "The UPN A801200005001 has the check letter A where B is expected."),
    ],
)
def test_what_cannot_be_read_is_a_warning(tmp_path: Path, field: str, warning: str) -> None:
    (pupil,) = ctf(tmp_path, f"<Pupil><Surname>Lee</Surname>{field}</Pupil>").pupils
    assert pupil.warnings == (warning,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<?xml version="1.0"?><register><pupil/></register>', "is XML but not a Common Transfer File"),
        ("<CTfile><CTFpupilData><Pupil>", "is damaged or not a Common Transfer File"),
        ("<CTfile><CTFpupilData/></CTfile>", "names no pupil"),
        ('<?xml version="1.0" encoding="klingon"?><CTfile/>', "is damaged or not a Common Transfer File"),
        (
            '<!DOCTYPE CTfile [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><CTfile><Surname>&b;</Surname></CTfile>',
            "is damaged or not a Common Transfer File",
        ),
        (
            '<!DOCTYPE CTfile [<!ENTITY a SYSTEM "file:///etc/hostname">]><CTfile><Surname>&a;</Surname></CTfile>',
            "is damaged or not a Common Transfer File",
        ),
    ],
)
def test_bad_files(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(KnownError, match="nothing was changed") as refused:
        read(csv_file(tmp_path, text, "pupils.xml"))
    assert said in str(refused.value)
