"""The class consent list as a file: what stands in it, what no spreadsheet may run, and that it is whole."""

from __future__ import annotations

import csv
import errno
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentdesk.classlists.values import FORMULA_STARTS
from consentdesk.classlists.write import write_csv, write_xlsx
from consentdesk.errors import KnownError
from consentdesk.model.consent import StatusWord
from consentdesk.model.listing import ListColumn, ListCounts, ListRow, ListTable, Tint, cell_for
from consentdesk.model.people import name_key
from tests.classlists.made_up import NAMES, read

WIDE = [HealthCheck.function_scoped_fixture]
MOMENT = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
COLUMNS = (ListColumn("image.website", "School website"), ListColumn("image.press", "Press"))
NOTE = "2 slips were not yet reviewed when this list was made: 7F3K-22QX-19AB and 8G4M-33RY-20BC."


def table(*rows: ListRow, notes: tuple[str, ...] = (NOTE,)) -> ListTable:
    return ListTable(
        "Consent list: class 4B", "Hilltop Primary", MOMENT, COLUMNS, rows, ListCounts(3, 2, 1), notes
    )


def row(pupil: str, *statuses: StatusWord | tuple[StatusWord, str]) -> ListRow:
    cells = [cell_for(*status) if isinstance(status, tuple) else cell_for(status) for status in statuses]
    return ListRow(pupil, "4B", tuple(cells))


LIST = table(
    row("Zoë O’Dea", StatusWord.YES, StatusWord.NO),
    row("=HYPERLINK(1)", (StatusWord.YES, "website only"), StatusWord.WITHDRAWN),
    row("Ben Moss", StatusWord.NO_REPLY, StatusWord.NOT_ASKED),
)


def cells_of(path: Path) -> list[list[str]]:
    book = openpyxl.load_workbook(path)
    values = [["" if value is None else str(value) for value in line] for line in book.worksheets[0].values]
    book.close()
    return values


def test_a_workbook_says_what_when_and_for_whom(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "list.xlsx", LIST)
    lines = cells_of(tmp_path / "list.xlsx")
    assert [line[0] for line in lines[:6]] == [
        "Consent list: class 4B",
        "Hilltop Primary",
        "As at 21 November 2026, 09:05 UTC",
        "3 pupils: 2 returned, 1 outstanding",
        "Only Yes allows, and with a condition only what the condition says. Everything else means no.",
        NOTE,
    ]
    assert lines[7:] == [
        ["Pupil", "Class", "School website", "Press", "Conditions"],
        ["Zoë O’Dea", "4B", "✓ Yes", "✗ No", ""],
        ["=HYPERLINK(1)", "4B", "(✓) Yes, but see condition", "⊘ Withdrawn", "School website: website only"],
        ["Ben Moss", "4B", "– No reply", "– Not asked", ""],
    ]


def test_a_workbook_holds_text_alone_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    traps = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://example.org", "12", "{=1}", "'=1")
    write_xlsx(
        path, table(*(row(trap, (StatusWord.NO, trap), StatusWord.YES) for trap in traps), notes=traps)
    )
    book = openpyxl.load_workbook(path)
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    book.close()
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert not [
            name for name in archive.namelist() if "hyperlink" in name or "external" in name.casefold()
        ]
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_a_workbook_is_set_up_for_screen_and_paper(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_xlsx(path, LIST)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B9"
    assert sheet.auto_filter.ref == "A8:E11"
    assert sheet.print_title_rows == "$8:$8"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.left.text == "As at 21 November 2026, 09:05 UTC"
    assert sheet.oddFooter.center.text == "Consent list: class 4B"
    tints = {
        sheet.cell(line, place).fill.fgColor.rgb[2:].casefold() for line in (9, 10, 11) for place in (3, 4)
    }
    assert tints == {tint.colour[1:] for tint in Tint}
    book.close()


def test_a_title_with_an_ampersand_prints_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    odd = ListTable("A & B", "", MOMENT, COLUMNS, (), ListCounts(0, 0, 0))
    write_xlsx(path, odd)
    with zipfile.ZipFile(path) as archive:
        assert b"&amp;CA &amp;&amp; B&amp;R" in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_file_says_the_same_and_guards_its_formulas(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write_csv(path, LIST)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert [line[0] for line in lines[:3]] == [
        "Consent list: class 4B",
        "Hilltop Primary",
        "As at 21 November 2026, 09:05 UTC",
    ]
    assert [NOTE] in lines
    assert lines[7:] == [
        ["Pupil", "Class", "School website", "Press", "Conditions"],
        ["Zoë O’Dea", "4B", "Yes", "No", ""],
        ["'=HYPERLINK(1)", "4B", "Yes, but see condition", "Withdrawn", "School website: website only"],
        ["Ben Moss", "4B", "No reply", "Not asked", ""],
    ]


@given(st.text(), st.text(), st.text())
@settings(suppress_health_check=WIDE)
def test_no_cell_of_a_text_file_starts_a_formula(
    tmp_path: Path, pupil: str, condition: str, note: str
) -> None:
    pupil, condition, note = (text.encode("utf-8", "ignore").decode() for text in (pupil, condition, note))
    path = tmp_path / "list.csv"
    write_csv(path, table(row(pupil, (StatusWord.NO, condition), StatusWord.YES), notes=(note,)))
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert not [cell for line in lines for cell in line if cell.startswith(tuple(FORMULA_STARTS))]


@given(
    st.lists(
        # A comma in a whole name says that the surname comes first: that is what reading makes of it.
        NAMES.filter(lambda name: "," not in name),
        min_size=1,
        max_size=5,
        unique_by=lambda name: name_key(name, ""),
    )
)
@settings(suppress_health_check=WIDE)
def test_names_survive_the_way_out_and_in_again(tmp_path: Path, pupils: list[str]) -> None:
    """Rule D5: accents, apostrophes, hyphens, single names, one-letter names, any script."""
    written = table(*(row(name, StatusWord.YES, StatusWord.NO) for name in pupils))
    for path, write in ((tmp_path / "list.csv", write_csv), (tmp_path / "list.xlsx", write_xlsx)):
        write(path, written)
        assert [pupil.display_name for pupil in read(path).pupils] == pupils


def test_an_encrypted_workbook_opens_with_its_password_alone(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_xlsx(path, LIST, password="grün-4B-Zaun")
    assert b"PK\x03\x04" not in path.read_bytes()
    with path.open("rb") as file:
        sealed = msoffcrypto.OfficeFile(file)
        assert sealed.is_encrypted()
        with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
            sealed.load_key(password="wrong", verify_password=True)
        sealed.load_key(password="grün-4B-Zaun", verify_password=True)
        opened = io.BytesIO()
        sealed.decrypt(opened, verify_integrity=True)
    (tmp_path / "open.xlsx").write_bytes(opened.getvalue())
    assert cells_of(tmp_path / "open.xlsx")[8][0] == "Zoë O’Dea"
    with pytest.raises(KnownError, match="protected by a password"):
        read(path)


@pytest.mark.parametrize("password", ["", "x" * 256])
def test_a_password_that_excel_would_refuse_is_refused(tmp_path: Path, password: str) -> None:
    with pytest.raises(KnownError, match="1 to 255 letters"):
        write_xlsx(tmp_path / "list.xlsx", LIST, password=password)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_nothing_but_the_list_is_left_in_the_folder(tmp_path: Path, write: object) -> None:
    path = tmp_path / "list.out"
    path.write_text("an older list")
    write(path, LIST)  # type: ignore[operator]
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.out"]
    assert b"an older list" not in path.read_bytes()


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_missing_folder_is_a_sentence(tmp_path: Path, write: object) -> None:
    with pytest.raises(KnownError, match="no folder"):
        write(tmp_path / "none" / "list.out", LIST)  # type: ignore[operator]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_full_disk_is_a_sentence_and_the_older_list_stays(
    tmp_path: Path, write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.out"
    path.write_text("an older list")

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(KnownError, match="disk is full"):
        write(path, LIST)  # type: ignore[operator]
    assert path.read_text() == "an older list"
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.out"]


def test_a_text_too_long_for_a_cell_is_not_cut_in_silence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        write_xlsx(
            tmp_path / "list.xlsx", table(row("Amy Lee", (StatusWord.NO, "x" * 40_000), StatusWord.NO))
        )
    assert not list(tmp_path.iterdir())
