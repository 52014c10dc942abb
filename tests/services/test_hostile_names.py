"""Names that would like to be markup, formulas or paths stay names, on every form and on every list."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pypdfium2 as pdfium
import pytest

from consentdesk.services.list_export import ListChoice, export_list, usual_purposes
from consentdesk.services.print_forms import Whom, print_forms
from consentdesk.services.progress import finish
from consentdesk.services.trip_list import trip_pdf
from consentdesk.store import people
from tests.services.made_up import Desk

NAMES = (
    ("<img src=x>", "<b>Bold</b>"),
    ("=1+1", "@SUM"),
    ("../../etc", "passwd"),
    ("&lt;", "A<B & C>D"),
    ("%s{0}", "\\N{dash}"),
)
LIST = "First name,Last name,Class\n" + "".join(f'"{first}","{last}",7X\n' for first, last in NAMES)


@pytest.fixture
def named(empty_desk: Desk) -> Desk:
    """A class of such names, each with a printed slip."""
    empty_desk.import_text(LIST)
    return empty_desk


def text_of(pdf: bytes | Path) -> str:
    """All that can be read in a PDF, without the breaks of its lines."""
    with pdfium.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "office" not in path.parts}


def test_forms_and_lists_show_them_as_they_are_and_write_nothing_else(named: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    finish(print_forms(named.office, ("image-use",), Whom(everyone=True), out / "forms.pdf"))
    choice = ListChoice("7X", usual_purposes(named.office, "7X"))
    for kind in ("pdf", "xlsx", "csv"):
        finish(export_list(named.office, choice, out / f"list.{kind}"))
    shown = {
        "forms": text_of(out / "forms.pdf"),
        "list": text_of(out / "list.pdf"),
        "trip": text_of(trip_pdf(named.office, "7X")),
    }
    for first, last in NAMES:
        for what, text in shown.items():
            assert "".join(f"{first} {last}".split()) in text, what
    assert files_in(out) == {out / f"{name}" for name in ("forms.pdf", "list.pdf", "list.xlsx", "list.csv")}


def test_no_cell_of_a_list_is_a_formula(named: Desk, tmp_path: Path) -> None:
    finish(print_forms(named.office, ("image-use",), Whom(everyone=True), tmp_path / "forms.pdf"))
    choice = ListChoice("7X", usual_purposes(named.office, "7X"))
    for kind in ("xlsx", "csv"):
        finish(export_list(named.office, choice, tmp_path / f"list.{kind}"))
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "list.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert any("=1+1" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        values = [value for row in csv.reader(file) for value in row]
    assert any("=1+1" in value for value in values)
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in values)


def test_they_come_out_of_the_store_as_they_went_in(named: Desk) -> None:
    kept = {(pupil.legal_first, pupil.legal_last) for pupil in people.pupils(named.office.db)}
    assert kept == set(NAMES)
