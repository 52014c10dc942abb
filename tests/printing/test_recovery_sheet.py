"""The recovery sheet: one page, every group in its order, and what to do with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from consentdesk.errors import KnownError
from consentdesk.printing.recovery_sheet import write_recovery_sheet


@pytest.mark.parametrize(
    "groups",
    [
        ["7F3K", "22QX", "19AB", "QQ41", "K7M2", "ZX3P", "H4T0", "MMEE", "R3S2"],
        [f"{at:05d}-ABCDE" for at in range(7)],
        [f"word{at}" for at in range(24)],
        ["ABCDEFGHJK" * 3],
    ],
    ids=["nine short", "seven long", "many words", "one"],
)
def test_the_sheet_is_one_page_with_every_group_in_order(tmp_path: Path, groups: list[str]) -> None:
    target = tmp_path / "recovery.pdf"
    write_recovery_sheet(target, "Hawthorn Primary School", groups, date(2026, 11, 21))
    document = pdfium.PdfDocument(target)
    assert len(document) == 1
    page = document[0]
    text = " ".join(page.get_textpage().get_text_bounded().split())
    boxes = [page.get_textpage().get_charbox(at) for at in range(page.get_textpage().count_chars())]
    document.close()
    assert [text.index(group) for group in groups] == sorted(text.index(group) for group in groups)
    for wanted in ("Hawthorn Primary School", "Recovery sheet", "Where to keep it", "21 November 2026"):
        assert wanted in text
    assert min(bottom for _, bottom, _, _ in boxes) > 30
    assert max(right for _, _, right, _ in boxes) < 210 / 25.4 * 72 - 30


def test_the_metadata_holds_no_group(tmp_path: Path) -> None:
    target = tmp_path / "recovery.pdf"
    write_recovery_sheet(target, "Hawthorn Primary School", ["7F3K"], date(2026, 11, 21))
    document = pdfium.PdfDocument(target)
    assert "7F3K" not in str(document.get_metadata_dict())
    document.close()


def test_a_school_that_cannot_be_printed_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="school’s name has a character"):
        write_recovery_sheet(tmp_path / "recovery.pdf", "学校", ["7F3K"], date(2026, 11, 21))
    assert list(tmp_path.iterdir()) == []
