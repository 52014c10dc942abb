"""Workbooks: real dates, numbers, several sheets, and damage of every kind."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from consentdesk.classlists import workbook as room
from consentdesk.errors import KnownError
from tests.classlists.made_up import csv_file, read, with_part, workbook

BORN = date(2016, 3, 1)
HEADING = ("Forename", "Surname", "Class", "DOB", "Admission no", "Year")


def test_dates_and_numbers_of_a_workbook(tmp_path: Path) -> None:
    rows = [
        ("Hilltop Primary",),
        (),
        HEADING,
        ("Amy", "Lee", "4B", datetime(2016, 3, 1), 4512, 4.0),  # noqa: DTZ001 - as a spreadsheet has it
        ("Ben", "Moss", 4, BORN, "0045", "Year 4"),
        ("Cal", "Moss", None, "1/3/2016", 12.5, None),
        (None, None, None),
        ("Di", "Moss", True, "never", None, 4),
    ]
    class_list = read(workbook(tmp_path, rows))
    facts = [
        (pupil.line, pupil.class_name, pupil.date_of_birth, pupil.admission_number, pupil.year_group)
        for pupil in class_list.pupils
    ]
    assert facts == [
        (4, "4B", BORN, "4512", 4),
        (5, "4", BORN, "0045", 4),
        (6, "", BORN, "12.5", None),
        (8, "True", None, None, 4),
    ]
    assert (class_list.kind, class_list.sheet, class_list.encoding) == ("xlsx", "Sheet", None)


def test_a_class_that_a_spreadsheet_took_for_a_date_is_doubted(tmp_path: Path) -> None:
    (pupil,) = read(workbook(tmp_path, [HEADING, ("Amy", "Lee", datetime(2026, 4, 3))])).pupils  # noqa: DTZ001
    assert pupil.warnings == ("The class 2026-04-03 looks like a date that a spreadsheet made of it.",)


def test_the_sheet_with_the_pupils_is_found_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Notes for the office"])
    for title, heading, row in (
        ("Contacts", ["Name"], ["Ann Lee"]),
        ("Pupils", ["Forename", "Surname", "Class"], ["Amy", "Lee", "4B"]),
        ("Old", ["Forename", "Surname", "Class", "DOB"], ["Old", "Pupil", "4B", ""]),
    ):
        sheet = book.create_sheet(title)
        sheet.append(heading)
        sheet.append(row)
    book["Old"].sheet_state = "hidden"
    path = tmp_path / "list.xlsx"
    book.save(path)
    class_list = read(path)
    assert [pupil.display_name for pupil in class_list.pupils] == ["Amy Lee"]
    assert class_list.sheet == "Pupils"
    assert class_list.remarks == (
        "Only the sheet “Pupils” was read; these name people too and were left out: “Contacts”.",
    )


def test_what_a_workbook_says_of_its_own_size_is_not_believed(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADING, ("Amy", "Lee", "4B"), ("Ben", "Moss", "4B")])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:F3"', b'<dimension ref="A1:A1"')
    assert lying != sheet
    assert len(read(with_part(path, "xl/worksheets/sheet1.xml", lying)).pupils) == 2


def test_a_formula_counts_as_what_it_last_showed(tmp_path: Path) -> None:
    class_list = read(workbook(tmp_path, [HEADING, ("Amy", "Lee", '=UPPER("4b")')]))
    assert class_list.pupils[0].class_name == ""  # never worked out by a spreadsheet, so nothing is known


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "is empty"),
        ([HEADING], "names no pupil"),
        ([("Class", "Bus"), ("4B", 7)], "has no column for the pupils’ names (found: Class, Bus)"),
        ([("Name", *[None] * 199, "more"), ("Amy Lee",)], "more than 20,000 lines or 200 columns"),
    ],
)
def test_a_workbook_without_pupils(tmp_path: Path, rows: list[tuple[object, ...]], said: str) -> None:
    with pytest.raises(KnownError, match="nothing was changed") as refused:
        read(workbook(tmp_path, rows))
    assert said in str(refused.value)


def test_limits_are_kept_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, [HEADING, ("Amy", "Lee", "4B")])
    for limit, value in (
        ("MOST_UNPACKED_BYTES", 1_000),
        ("MOST_PARTS", 3),
        ("MOST_ROWS", 1),
        ("MOST_SHEETS", 0),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(room, limit, value)
            with pytest.raises(KnownError, match="no class list is so large"):
                read(path)
    assert read(path).pupils


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w") as part,
    ):
        for _ in range(201):
            part.write(bytes(1_000_000))
    with pytest.raises(KnownError, match="no class list is so large"):
        read(bomb)


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADING, ("Amy", "Lee", "4B")])
    laughing = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    with pytest.raises(KnownError, match="damaged"):
        read(with_part(path, "xl/worksheets/sheet1.xml", laughing))


def test_another_kind_of_zip_is_no_workbook(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(KnownError, match="is not an Excel workbook"):
        read(csv_file(tmp_path, whole.getvalue(), "letter.docx"))


def test_damage_anywhere_is_one_clear_sentence_or_harmless(tmp_path: Path) -> None:
    """Cut short and bit by bit: never anything but a class list or a known error."""
    path = workbook(tmp_path, [HEADING, *(("Amy", f"Lee{line}", "4B", BORN, line, 4) for line in range(20))])
    whole = path.read_bytes()
    chance = random.Random(4)  # noqa: S311 - the same damage on every run
    refused = 0
    for attempt in range(250):
        if attempt % 5 == 0:
            damaged = whole[: chance.randrange(4, len(whole))]
        else:
            place = chance.randrange(4, len(whole))
            damaged = whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]
        try:
            assert read(csv_file(tmp_path, damaged, "damaged.xlsx")).pupils
        except KnownError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<x/>",
        b"<<<",
        b"\x00\xff",
        b'<worksheet><sheetData><row r="x"><c r="!"><v>q</v></c></row></sheetData></worksheet>',
    ],
)
def test_nonsense_inside_a_workbook_never_gets_through_as_a_crash(
    tmp_path: Path, part: str, content: bytes
) -> None:
    path = workbook(tmp_path, [HEADING, ("Amy", "Lee", "4B")])
    with suppress(KnownError):
        assert read(with_part(path, part, content)).pupils
