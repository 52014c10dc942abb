"""Every class list among the samples, with exactly what is read from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from consentdesk.classlists.read import ClassList
from consentdesk.errors import KnownError
from consentdesk.model.difference import NOBODY, Scope
from consentdesk.model.people import ListedGuardian, ListedPupil
from tests.classlists.made_up import read

EVERYONE = Scope(everyone=True)
CONTACT = tuple(f"PARENT_{one}_{what}" for one in (1, 2) for what in ("EMAIL", "PHONE"))
HOME = ("CHILD_ADDRESS_LINE_1", "CHILD_ADDRESS_LINE_2", "CHILD_TOWN", "CHILD_POSTCODE")
NHS = ("CHILD_NHS_NUMBER",)
URN = ("CHILD_SCHOOL_URN",)
FATHER = ListedGuardian("John Smith", "Father")
MOTHER = ListedGuardian("Jane Doe", "Mother")
PARENTS = (MOTHER, ListedGuardian("Richard Doe", "Father"))
WINDOWS = "The file does not say its encoding; it was read as Windows-1252, so check the accents."
INSTRUCTIONS = (2, "it holds instructions")
_PATIENTS = [
    # A health service's test patients: their cases stand in the columns of preferred names.
    ("Roland", "DRIVER", "informally deceased", "no NHS number", date(2010, 3, 11)),
    ("Lance", "NIER", "informally deceased", "right NHS number", date(2010, 3, 11)),
    ("Jack", "TICKLE", "informally deceased", "wrong NHS number", date(2010, 3, 11)),
    ("Stuart", "SENIOR", "Formally deceased", "no NHS number", date(2010, 3, 11)),
    ("Cheryl", "NUGENT", "Formally deceased", "right NHS number", date(2010, 3, 11)),
    ("Jenny", "BAGAN", "Formally deceased", "wrong NHS number", date(2010, 3, 11)),
    ("Antony", "BEESON", "I Flagged", "no NHS number", date(2011, 5, 20)),
    ("Derek", "HIRST", "I Flagged", "right NHS number", date(2011, 5, 20)),
    ("Albert", "BARNET", "I Flagged", "wrong NHS number", date(2011, 3, 11)),
    ("Verena", "HYCOCK", "S Flagged and Deceased", "right NHS number", date(2010, 3, 11)),
    ("Jeanne", "DENSON", "S Flagged", "no NHS number", date(2010, 3, 11)),
    ("Sarah", "PRATT", "S Flagged", "right NHS number", date(2010, 3, 11)),
    ("Amelia", "WATKIN", "S Flagged", "wrong NHS number", date(2011, 3, 11)),
    (
        "veryveryveryvderylongfirstforenmbko",
        "veryveryveryveryvderylongsurnamebko",
        "Long Name",
        "no NHS number",
        date(2010, 9, 1),
    ),
    ("Roland", "Jalapeño-Pérez", "surname with accent", "no NHS number", date(2011, 3, 11)),
    ("Walter", "Palmers", "merged patient", "old NHS number New surname", date(2011, 3, 11)),
]


def listed(line: int, first: str, last: str, born: date | None = None, **more: object) -> ListedPupil:
    return ListedPupil(line, first, last, date_of_birth=born, **more)  # type: ignore[arg-type]


def from_csv(pupils: list[ListedPupil], not_kept: tuple[str, ...] = (), **more: object) -> ClassList:
    facts: dict[str, object] = {"encoding": "UTF-8", "separator": "comma", **more}
    return ClassList("csv", tuple(pupils), ignored_columns=not_kept, **facts)  # type: ignore[arg-type]


READ: dict[str, tuple[ClassList, Scope]] = {
    "class_import/valid.csv": (
        from_csv(
            [
                listed(
                    2,
                    "Jennifer",
                    "Clarke",
                    date(2010, 1, 1),
                    preferred_first="Jenny",
                    class_name="ABC",
                    year_group=9,
                ),
                listed(
                    3,
                    "Jimmy",
                    "Smith",
                    date(2010, 1, 2),
                    preferred_first="Jim",
                    class_name="ABC",
                    guardians=(FATHER,),
                ),
                listed(4, "Mark", "Doe", date(2010, 1, 3), class_name="DEF", guardians=PARENTS),
                listed(5, "Gae", "Thorne-Smith", date(2010, 4, 9), class_name="GHI"),
            ],
            CONTACT + HOME + NHS,
        ),
        Scope(classes=frozenset({"abc", "def", "ghi"})),
    ),
    "class_import/valid_with_bom.csv": (
        from_csv([listed(2, "Lena", "Rath", date(2012, 1, 15))], ("CHILD_POSTCODE",)),
        EVERYONE,
    ),
    "class_import/valid_minimal.csv": (
        from_csv([listed(2, "Jennifer", "Clarke", date(2010, 1, 1))]),
        EVERYONE,
    ),
    "class_import/valid_instruction_row.csv": (
        from_csv([listed(3, "Jennifer", "Clarke", date(2010, 1, 1))], skipped=(INSTRUCTIONS,)),
        EVERYONE,
    ),
    "class_import/valid_extra_fields.csv": (
        from_csv(
            [
                listed(
                    2,
                    "Jennifer",
                    "Clarke",
                    date(2010, 1, 1),
                    preferred_first="Jenny",
                    class_name="8A",
                    year_group=8,
                ),
                listed(
                    3,
                    "Jimmy",
                    "Smith",
                    date(2010, 1, 2),
                    preferred_first="Jim",
                    class_name="8A",
                    year_group=8,
                    guardians=(FATHER,),
                ),
                listed(4, "Mark", "Doe", date(2010, 1, 3), class_name="8A", year_group=8, guardians=PARENTS),
            ],
            CONTACT + HOME + NHS,
            school="Surrey Primary",
        ),
        Scope(classes=frozenset({"8a"})),
    ),
    "class_import/duplicates.csv": (
        from_csv(
            [
                listed(2, "Jimmy", "Smith", date(2010, 1, 1), class_name="8A", guardians=(FATHER,)),
                listed(3, "Sara", "Jones", date(2010, 2, 2), class_name="8A", guardians=(MOTHER,)),
                listed(
                    4,
                    "Rebecca",
                    "Salles",
                    date(2010, 2, 3),
                    class_name="8A",
                    guardians=(ListedGuardian("Mark Jones", "Father"),),
                ),
            ],
            CONTACT + HOME + NHS,
        ),
        Scope(classes=frozenset({"8a"})),
    ),
    "cohort_import/duplicate_except_postcode.csv": (
        from_csv([listed(2, "Taylor", "Reed", date(2010, 1, 1), year_group=9)], URN + CONTACT + HOME + NHS),
        Scope(years=frozenset({9})),
    ),
    "cohort_import/valid_with_duplicates.csv": (
        from_csv(
            [
                listed(2, "Jennifer", "Clarke", date(2010, 1, 1), preferred_first="Jenny", year_group=9),
                listed(3, "Jimmy", "Smith", date(2010, 1, 2), preferred_first="Jim", guardians=(FATHER,)),
                listed(4, "Mark", "Doe", date(2010, 1, 3), guardians=PARENTS),
                listed(5, "Catherine", "Ebury", date(2010, 1, 1), preferred_first="Em", year_group=10),
            ],
            URN + CONTACT + HOME + NHS,
        ),
        EVERYONE,
    ),
    "cohort_import/invalid_iso_8859_1_encoding.csv": (
        from_csv(
            [listed(2, "Roland", "Surname")],
            (*NHS, "CHILD_GENDER", *HOME, *URN, *CONTACT),
            encoding="Windows-1252",
            remarks=(WINDOWS,),
        ),
        EVERYONE,
    ),
    "cohort_import/valid_iso_8859_1_encoding.csv": (
        from_csv(
            [
                listed(
                    line, first, last, born, preferred_first=preferred_first, preferred_last=preferred_last
                )
                for line, (first, last, preferred_first, preferred_last, born) in enumerate(
                    _PATIENTS, start=2
                )
            ],
            (*NHS, "CHILD_GENDER", *HOME, *URN, *CONTACT),
            encoding="Windows-1252",
            remarks=(WINDOWS,),
        ),
        EVERYONE,
    ),
    "ctf_dfe_order_synthetic.xml": (
        ClassList(
            "ctf",
            (
                listed(
                    1,
                    "SIOBHÁN",
                    "O'SHEA-NÍ DHOMHNAILL",
                    date(2014, 2, 28),
                    preferred_first="Shiv",
                    preferred_last="O’Shea",
                    year_group=6,
                    upn="H801200001001",
                    looked_after=True,
                    guardians=(ListedGuardian("Wendy Bradshaw", "Foster mother", "no"),),
                ),
            ),
            school="St Ælfric's & All Saints",
        ),
        NOBODY,
    ),
    "ctf_public_test_fixture.xml": (
        ClassList(
            "ctf",
            (
                listed(
                    1,
                    "Aisha",
                    "Actualone",
                    date(2014, 10, 2),
                    preferred_first="Aisha",
                    year_group=6,
                    upn="A123456789001",
                    warnings=("The UPN A123456789001 has the check letter A where Y is expected.",),
                ),
                listed(
                    2,
                    "Ben",
                    "Actualtwo",
                    date(2014, 11, 12),
                    year_group=6,
                    upn="A123456789002",
                    warnings=("The UPN A123456789002 has the check letter A where M is expected.",),
                ),
            ),
            school="Grove House Primary School",
        ),
        NOBODY,
    ),
}

REFUSED = {
    "class_import/empty.csv": "The file empty.csv names no pupil",
    "class_import/malformed.csv": "the quotation marks from line 3 on do not pair up",
    "class_import/invalid_fields.csv": "Lines 4 and 6 of invalid_fields.csv have the same name and class",
}


def test_every_sample_has_an_expectation(samples: Path) -> None:
    folder = samples / "class-lists"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_samples_that_are_read(samples: Path, name: str) -> None:
    expected, scope = READ[name]
    class_list = read(samples / "class-lists" / name)
    assert class_list.pupils == expected.pupils
    assert class_list == expected
    assert class_list.scope == scope


@pytest.mark.parametrize("name", REFUSED)
def test_samples_that_are_refused(samples: Path, name: str) -> None:
    with pytest.raises(KnownError) as refused:
        read(samples / "class-lists" / name)
    assert REFUSED[name] in str(refused.value)
