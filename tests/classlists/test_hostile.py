"""Class lists made to do harm: refused by counting, before anything is unpacked or taken apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from consentdesk.classlists import ctf, tables, textfile
from consentdesk.classlists.read import read_class_list
from consentdesk.errors import KnownError
from tests.classlists.made_up import workbook

DAY = date(2026, 11, 21)
HEADING = ("First name", "Last name", "Class")
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CELLS = textfile.MOST_CELLS + 1

TEXTS: dict[str, tuple[str, bytes]] = {
    "a million columns": ("x.csv", b"First name,Last name,Class\n" + b"," * CELLS),
    "a million columns in another separator": ("x.csv", b"First name;Last name;Class\n" + b";" * CELLS),
    "a million empty lines": ("x.csv", b"First name,Last name,Class\n" + b"\n" * (tables.MOST_LINES + 1)),
    "a million tags inside one another": ("x.xml", b"<CTfile>" + b"<a>" * ctf.MOST_TAGS),
    "a million attributes": ("x.xml", b"<CTfile " + b'a="" ' * (ctf.MOST_TAGS + 1) + b"/>"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_what_is_too_much_is_refused_by_counting(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_apart(*_: object, **__: object) -> None:
        raise AssertionError("it was taken apart")

    monkeypatch.setattr(ctf, "fromstring", taken_apart)
    monkeypatch.setattr(textfile.csv, "reader", taken_apart)
    name, data = TEXTS[case]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(KnownError, match="no class list is so large"):
        read_class_list(tmp_path / name, today=DAY)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><CTfile>&a9;</CTfile>',
    "one long entity often": f'<!DOCTYPE x [<!ENTITY a "{"x" * 9999}">]><CTfile>{"&a;" * 999}</CTfile>',
    "a file of this computer": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><CTfile>&a;</CTfile>',
    "a page of the internet": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://192.0.2.1/">]><CTfile>&a;</CTfile>',
    "a definition from outside": '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><CTfile/>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname">%a;]><CTfile/>',
}


@pytest.mark.parametrize("case", ENTITIES)
def test_a_list_that_declares_entities_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "x.xml").write_text(ENTITIES[case], encoding="utf-8")
    with pytest.raises(KnownError, match="damaged or not a Common Transfer File"):
        read_class_list(tmp_path / "x.xml", today=DAY)


def with_sheet(folder: Path, content: bytes) -> Path:
    """A workbook whose sheet is `content`, whatever that may be."""
    whole = zipfile.ZipFile(workbook(folder, [HEADING, ("Amy", "Lee", "4B")]))
    path = folder / "changed.xlsx"
    with whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in whole.namelist():
            changed.writestr(part, content if part == "xl/worksheets/sheet1.xml" else whole.read(part))
    return path


@pytest.mark.parametrize(
    "content",
    [
        SHEET + b'<row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>',
        SHEET + b'<row r="999999999999"><c><v>1</v></c></row></sheetData></worksheet>',
        SHEET + b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>',
        SHEET + b"<row>" * 3000,
        b'<!DOCTYPE x [<!ENTITY a "ha">]>' + SHEET + b"&a;</sheetData></worksheet>",
    ],
    ids=["the last column", "a row beyond all", "the last row", "rows in rows", "an entity"],
)
def test_a_sheet_that_claims_the_impossible_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(KnownError):
        read_class_list(with_sheet(tmp_path, content), today=DAY)


def test_a_gap_of_a_million_rows_is_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet that is formatted down to its end is common; the pupils at its top are read."""
    monkeypatch.setattr("consentdesk.classlists.workbook.MOST_ROWS", 50)
    name = b'<c t="inlineStr"><is><t>%s</t></is></c>'
    rows = b"".join(
        b"<row>" + b"".join(name % cell.encode() for cell in cells) + b"</row>"
        for cells in (HEADING, ("Amy", "Lee", "4B"))
    )
    content = SHEET + rows + b'<row r="1048576"><c r="A1048576"/></row></sheetData></worksheet>'
    (pupil,) = read_class_list(with_sheet(tmp_path, content), today=DAY).pupils
    assert pupil.legal_first == "Amy"


def nested(depth: int) -> bytes:
    """A workbook in a workbook in a workbook."""
    data = b"x" * 100_000
    for _ in range(depth):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", data)
        data = packed.getvalue()
    return data


def lying_about_its_size() -> bytes:
    """A zip whose directory says that a part unpacks to a few bytes, where it unpacks to millions."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(9_000_000))
    data = bytearray(packed.getvalue())
    return bytes(data.replace((9_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little")))


@pytest.mark.parametrize("make", [lambda: nested(5), lying_about_its_size], ids=["nested", "lying"])
def test_odd_zips_are_one_sentence(tmp_path: Path, make: Callable[[], bytes]) -> None:
    (tmp_path / "x.xlsx").write_bytes(make())
    with pytest.raises(KnownError):
        read_class_list(tmp_path / "x.xlsx", today=DAY)
