"""Class lists as schools export them, from file to pupils; and what a bad file gets."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentdesk.classlists.read import read_class_list
from consentdesk.classlists.rows import SkippedLine
from consentdesk.classlists.values import neutralised
from consentdesk.errors import KnownError
from consentdesk.model.people import ListedGuardian, ListedPupil
from tests.classlists.made_up import NAMES, csv_file, read

BORN = date(2016, 3, 1)
WIDE = [HealthCheck.function_scoped_fixture]


def names(pupils: tuple[ListedPupil, ...]) -> list[str]:
    return [pupil.display_name for pupil in pupils]


def refusal(path: Path) -> str:
    with pytest.raises(KnownError) as refused:
        read(path)
    assert refused.value.safe == "nothing was changed"
    assert refused.value.todo
    assert "\n" not in str(refused.value)
    return str(refused.value)


SYSTEMS = {
    "legal and preferred names, as SIMS prints them": (
        """Legal Surname,Legal Forename,Preferred Surname,Preferred Forename,Reg Group,Year Group,UPN,Adno,DOB
Clarke,Jennifer,Clarke,Jenny,4B,Year  4,B801200005001,004512,01/03/2016
""",
        ListedPupil(2, "Jennifer", "Clarke", "Jenny", "Clarke", "4B", BORN, 4, "B801200005001", "004512"),
    ),
    "names in use beside legal ones": (
        "First name,Last name,Legal first name,Legal last name,Registration form\nJenny,Clarke,Jennifer,Clarke,4B\n",
        ListedPupil(2, "Jennifer", "Clarke", "Jenny", None, "4B"),
    ),
    "one column, surname first": (
        'Name;Form;Date of Birth\n"Clarke, Jennifer";4B;1 Mar 2016\n',
        ListedPupil(2, "Jennifer", "Clarke", class_name="4B", date_of_birth=BORN),
    ),
    "one column, first name first": (
        "Student\tTutor group\nJennifer Clarke\t4B\n",
        ListedPupil(2, "Jennifer", "Clarke", class_name="4B"),
    ),
    "a preferred name that repeats the surname": (
        "Forename|Surname|Preferred name\nJennifer|Clarke|Jenny Clarke\n",
        ListedPupil(2, "Jennifer", "Clarke", "Jenny"),
    ),
    "title lines above the heading": (
        "Hilltop Primary\r\nClass: 4B,,\r\nPrinted 21/11/2026\r\n\r\nForename,Surname,\r\nJennifer,Clarke,\r\n",
        ListedPupil(6, "Jennifer", "Clarke", class_name="4B"),
    ),
    "line breaks inside quotes": (
        'Forename,Surname,Address,Class\nJennifer,Clarke,"1 Lane\nTown",4B\n',
        ListedPupil(2, "Jennifer", "Clarke", class_name="4B"),
    ),
    "care and responsibility": (
        """Forename,Surname,In care,Parent 1 forename,Parent 1 surname,Parent 1 relationship,Parent 1 PR,Mother
Jennifer,Clarke,Y,Jo,Clarke,Father,No,Ann Clarke
""",
        ListedPupil(
            2,
            "Jennifer",
            "Clarke",
            looked_after=True,
            guardians=(ListedGuardian("Jo Clarke", "Father", "no"), ListedGuardian("Ann Clarke", "Mother")),
        ),
    ),
    "dashes for nothing": (
        "Forename,Surname,UPN,Admission no,DOB,Year,Class\nNull,None,-,n/a,TBC,unknown,--\n",
        ListedPupil(2, "Null", "None"),
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_lists_of_many_systems(tmp_path: Path, system: str) -> None:
    text, pupil = SYSTEMS[system]
    assert read(csv_file(tmp_path, text)).pupils == (pupil,)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
@pytest.mark.parametrize(
    ("mark", "separator"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(
    tmp_path: Path, encoding: str, said: str, mark: str, separator: str, newline: str
) -> None:
    lines = [mark.join(("Forename", "Surname", "Class")), mark.join(("Zoë", "Pérez-Núñez", "4B"))]
    class_list = read(csv_file(tmp_path, newline.join(lines).encode(encoding)))
    assert names(class_list.pupils) == ["Zoë Pérez-Núñez"]
    assert (class_list.kind, class_list.encoding, class_list.separator) == ("csv", said, separator)
    assert bool(class_list.remarks) == (said == "Windows-1252")


def test_what_is_unknown_left_out_or_skipped_is_named(tmp_path: Path) -> None:
    text = (
        "Forename,Surname,Bus route,E-mail,Class,Reg group,,\n"
        "Required: free text,Required,,,Optional,,,\n"
        "Amy,Lee,7,a@example.org,4B,4C,,\n"
        ",,,,,,,\n"
        ",,,,4B,,,\n"
        "Forename,Surname,Bus route,E-mail,Class,Reg group,,\n"
        "Ben,Moss,,,4B,,late,\n"
        "Cal, Moss,,,4B,,,,extra\n"
        "Total: 2 pupils\n"
    )
    class_list = read(csv_file(tmp_path, text.replace("Total: 2 pupils", "Total: 2")))
    assert names(class_list.pupils) == ["Amy Lee", "Ben Moss"]
    assert [pupil.class_name for pupil in class_list.pupils] == ["4B", "4B"]
    assert class_list.unknown_columns == ("Bus route", "Reg group", "column 7 (no heading)")
    assert class_list.ignored_columns == ("E-mail",)
    assert class_list.skipped == (
        SkippedLine(2, "it holds instructions"),
        SkippedLine(5, "it has no name"),
        SkippedLine(8, "it has more cells than there are headings, so it is not certain what is what"),
        SkippedLine(9, "it holds a total"),
    )


@pytest.mark.parametrize(
    ("heading", "cell", "warning"),
    [
        ("DOB", "31/02/2016", "The date of birth “31/02/2016” could not be read and was left out."),
        (
            "DOB",
            "22/11/2026",
            "The date of birth “22/11/2026” could not be read and was left out.",
        ),  # tomorrow
        ("Year", "4B", "The year group “4B” could not be read and was left out."),
        ("UPN", "A801200005001", "The UPN A801200005001 has the check letter A where B is expected."),
        ("UPN", "pending", "The UPN “pending” could not be read and was left out."),
        ("In care", "maybe", "The answer to looked after “maybe” could not be read and was left out."),
        ("Class", "2026-04-03", "The class 2026-04-03 looks like a date that a spreadsheet made of it."),
        ("Class", "#REF!", "#REF! under “Class” was left out."),
        ("Parent 1 relationship", "Father", "A guardian (Father) has no name and was left out."),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_warning_on_its_line(
    tmp_path: Path, heading: str, cell: str, warning: str
) -> None:
    (pupil,) = read(csv_file(tmp_path, f"Name,Parent 1 name,{heading}\nAmy Lee,,{cell}\n")).pupils
    assert pupil.warnings == (warning,)
    assert pupil.display_name == "Amy Lee"


def test_a_surname_first_without_a_comma_is_split_with_a_warning(tmp_path: Path) -> None:
    class_list = read(csv_file(tmp_path, "Surname Forename\nBerg Anna\nvan der Berg Anna\n"))
    assert names(class_list.pupils) == ["Anna Berg", "der Berg Anna van"]
    assert [bool(pupil.warnings) for pupil in class_list.pupils] == [False, True]


def test_dates_with_the_month_first_are_left_out_and_cast_doubt_on_all(tmp_path: Path) -> None:
    class_list = read(csv_file(tmp_path, "Name,DOB\nAmy Lee,02/28/2016\nBen Moss,03/01/2016\n"))
    assert [pupil.date_of_birth for pupil in class_list.pupils] == [None, date(2016, 1, 3)]
    assert class_list.remarks == (
        "Some dates have the month first; dates were read day first, so check them all.",
    )


def test_a_pupil_printed_once_for_every_contact_is_one_pupil(tmp_path: Path) -> None:
    text = (
        "Name,UPN,Class,Contact name,Relationship\n"
        "Amy Lee,B801200005001,4B,Ann Lee,Mother\n"
        "Amy Lee,B801200005001,4B,Bo Lee,Father\n"
        "Amy Lee,B801200005001,4B,Ann Lee,Mother\n"
    )
    class_list = read(csv_file(tmp_path, text))
    (amy,) = class_list.pupils
    assert [guardian.name for guardian in amy.guardians] == ["Ann Lee", "Bo Lee"]
    assert class_list.remarks == ("Lines 2 and 3 and 4 are one pupil by their number and were joined.",)


@pytest.mark.parametrize(
    ("columns", "one", "other"),
    [
        ("UPN", "B801200005001", "P207000016049"),
        ("DOB", "01/03/2016", "02/03/2016"),
        ("Admission no", "1", "2"),
        ("Class", "4A", "4B"),
    ],
)
def test_two_of_one_name_whom_something_tells_apart_are_two_people(
    tmp_path: Path, columns: str, one: str, other: str
) -> None:
    class_list = read(csv_file(tmp_path, f"Name,{columns}\nAmy Lee,{one}\nAmy Lee,{other}\n"))
    assert len(class_list.pupils) == 2


def test_a_first_pupil_is_not_taken_for_instructions(tmp_path: Path) -> None:
    class_list = read(csv_file(tmp_path, "Forename,Surname\nMax,Lee\nOptional,Moss\n"))
    assert names(class_list.pupils) == ["Max Lee", "Optional Moss"]


def test_several_schools_in_one_list_are_named(tmp_path: Path) -> None:
    class_list = read(csv_file(tmp_path, "Name,School\nAmy Lee,Hilltop\nBen Moss,Dale End\n"))
    assert class_list.school == "Hilltop"
    assert class_list.remarks == ("The list names 2 schools: Hilltop, Dale End.",)


BAD_TEXTS = {
    "an empty file": ("", "is empty"),
    "nothing but blanks": ("\n ,, \n\n", "is empty"),
    "a heading alone": ("Forename,Surname\n", "names no pupil"),
    "lines without names": ("Forename,Class\n,4B\n,4B\n", "names no pupil"),
    "no column for names": (
        "Class,Bus route\n4B,7\n",
        "has no column for the pupils’ names (found: Class, Bus route)",
    ),
    "a preferred name alone": ("Preferred name,Class\nAmy,4B\n", "has no column for the pupils’ names"),
    "a letter": (
        "Dear parents,\n\nplease return the slip.\n",
        "has no column for the pupils’ names (found: Dear parents)",
    ),
    "a quotation mark too many": (
        'Name,Class\nAmy Lee,4B\n"Ben Moss,4B\n',
        "the quotation marks from line 3 on do not pair up",
    ),
    "text after a quotation": (
        'Name,Class\n"Amy" Lee,4B\n',
        "the quotation marks from line 2 on do not pair up",
    ),
    "two of one name and class": (
        "Name,Class,DOB\nAmy Lee,4B,01/03/2016\nBen Moss,4B,\nAMY LEE,4b,\n",
        "Lines 2 and 4 of list.csv have the same name and class, and nothing tells the two pupils apart",
    ),
    "two of one name without a class": ("Name\nAmy Lee\nAmy Lee\n", "Lines 2 and 3 of list.csv"),
    "too many columns": ("Name," + "," * 200 + "more\nAmy Lee\n", "more than 20,000 lines or 200 columns"),
    "too many lines": (
        "Name\n" + "\n".join(f"Amy Lee {line}" for line in range(20_001)),
        "more than 20,000 lines or 200 columns",
    ),
    "a web page": ("<!DOCTYPE html><html><body><table></table></body></html>", "not a Common Transfer File"),
}


@pytest.mark.parametrize("case", BAD_TEXTS)
def test_a_bad_text_gets_one_clear_sentence(tmp_path: Path, case: str) -> None:
    text, said = BAD_TEXTS[case]
    assert said in refusal(csv_file(tmp_path, text))


BAD_BYTES = {
    "UTF-16 without its mark": (
        "Name\nAmy Lee\n".encode("utf-16-le"),
        "in an encoding that could not be read",
    ),
    "UTF-16 cut in half": ("Name\nAmy Lee\n".encode("utf-16")[:-1], "in an encoding that could not be read"),
    "UTF-8 with a mark and damage": (
        b"\xef\xbb\xbfName\nZo\xeb Lee\n",
        "in an encoding that could not be read",
    ),
    "a letter that no encoding here has": (b"Name\nAmy \x81\n", "in an encoding that could not be read"),
    "a picture": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "in an encoding that could not be read"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01\x02", "in an encoding that could not be read"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "in the old Excel format"),
    "protected": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "a cut-short workbook": (b"PK\x03\x04" + bytes(100), "damaged or not a whole Excel workbook"),
}


@pytest.mark.parametrize("case", BAD_BYTES)
def test_bad_bytes_get_one_clear_sentence(tmp_path: Path, case: str) -> None:
    content, said = BAD_BYTES[case]
    assert said in refusal(csv_file(tmp_path, content))


def test_a_missing_file_a_folder_and_an_enormous_file(tmp_path: Path) -> None:
    assert "there is no file" in refusal(tmp_path / "none.csv").casefold()
    assert "is a folder" in refusal(tmp_path)
    huge = csv_file(tmp_path, "Name\n")
    with huge.open("r+b") as file:
        file.truncate(60_000_000)
    assert "is larger than 50 MB" in refusal(huge)


def test_a_name_that_the_system_cannot_open_is_a_sentence_too(tmp_path: Path) -> None:
    assert "could not be opened" in refusal(tmp_path / ("x" * 300))


def test_without_a_day_today_is_the_day(tmp_path: Path) -> None:
    tomorrow = date.today().replace(year=date.today().year + 1)  # noqa: DTZ011
    (pupil,) = read_class_list(csv_file(tmp_path, f"Name,DOB\nAmy Lee,{tomorrow.isoformat()}\n")).pupils
    assert pupil.date_of_birth is None


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5))
@settings(suppress_health_check=WIDE)
def test_names_come_in_as_they_stand_in_the_file(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    """Rule D5, the way in: in text and in a workbook alike, both parts come out as they went in."""
    rows = [("First name", "Last name", "Adno"), *((*pair, f"n{place}") for place, pair in enumerate(pairs))]
    text, book = io.StringIO(), io.BytesIO()
    csv.writer(text).writerows([neutralised(cell) for cell in row] for row in rows)
    with xlsxwriter.Workbook(book, {"in_memory": True}) as writer:
        sheet = writer.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    for path in (csv_file(tmp_path, text.getvalue()), csv_file(tmp_path, book.getvalue(), "list.xlsx")):
        pupils = read(path).pupils
        assert [(pupil.legal_first, pupil.legal_last) for pupil in pupils] == pairs


@given(st.binary(max_size=300))
@settings(suppress_health_check=WIDE)
def test_no_bytes_break_the_reading(tmp_path: Path, content: bytes) -> None:
    path = csv_file(tmp_path, content)
    with suppress(KnownError):
        assert read(path).pupils


@pytest.mark.parametrize(
    ("above", "class_name", "school"),
    [
        ("Class: 4B", "4B", None),
        ("Class,4B", "4B", None),
        ("Class 4B", "4B", None),
        ("Registration group: Willow", "Willow", None),
        ("Class list", "", None),
        ("Class lists of the year", "", None),
        ("School: Hilltop Primary", "", "Hilltop Primary"),
        ("Class: " + "x" * 61, "", None),
    ],
)
def test_lines_above_the_heading_may_name_class_and_school(
    tmp_path: Path, above: str, class_name: str, school: str | None
) -> None:
    class_list = read(csv_file(tmp_path, "\n" * 30 + above + "\n\nName,DOB\nAmy Lee,1/3/2016\n"))
    assert (class_list.pupils[0].class_name, class_list.school) == (class_name, school)
    assert bool(class_list.remarks) == bool(class_name)


def test_a_column_for_the_class_beats_the_lines_above(tmp_path: Path) -> None:
    class_list = read(csv_file(tmp_path, "Class: 4B\nName,Class\nAmy Lee,5C\nBen Moss,\n"))
    assert [pupil.class_name for pupil in class_list.pupils] == ["5C", ""]
