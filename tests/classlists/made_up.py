"""Made-up names and files that the tests of class lists share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

from consentdesk.classlists.read import ClassList, read_class_list

TODAY = date(2026, 11, 21)

NAMES = st.one_of(
    st.sampled_from(
        [
            "Zoë", "Siobhán", "O'Shea", "O’Dea", "D'Arcy-Ní", "Thorne-Smith", "Łukasz", "Ærø", "Ñuñez", "Strauß",
            "O", "Y", "Suharto", "Jr.", "St. John", "van der Berg", "मीना", "李", "Đặng", "עֲדִי", "فاطمة‎", "محمد علي",
            "Amy 🦊", "👩‍👧", "'t Hooft", "=cmd", "-Ann", "+44", "@home",
            "'=x", "''@x", "_x000D_", "A&B", "<b>", "NULL",
            "None", "N/A", "TRUE", "1e5", "007", "a;b", "a|b", 'a"b', "a\u00adb", "\u202eevil",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=30),
).map(lambda name: " ".join(name.split())).filter(bool)  # fmt: skip
"""Names as they may come: accents, apostrophes, hyphens, single letters, right to left, emoji, and traps."""


def csv_file(folder: Path, text: str | bytes, name: str = "list.csv") -> Path:
    """A file of exactly this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(folder: Path, rows: Sequence[Sequence[object]], name: str = "list.xlsx") -> Path:
    """A workbook of one sheet with these values."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / name
    book.save(path)
    book.close()
    return path


def with_part(path: Path, part: str, content: bytes) -> Path:
    """The workbook at `path` with one of its parts replaced."""
    whole = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as after:
        assert part in before.namelist()
        for entry in before.infolist():
            after.writestr(entry.filename, content if entry.filename == part else before.read(entry))
    path.write_bytes(whole.getvalue())
    return path


def read(path: Path) -> ClassList:
    """The class list at `path`, on the day that these tests take for today."""
    return read_class_list(path, today=TODAY)
