"""A report on paper: every line is there, on as many pages as it takes, each with its number and moment (C9)."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError
from consentdesk.model.report import Line, Report, Section
from consentdesk.printing.report_pdf import report_pdf


def report(*sections: Section, **changes: object) -> Report:
    fields = {
        "title": "What the school holds",
        "subtitle": "about Zoë O’Example",
        "school": "Made-up School",
        "as_at": datetime(2026, 12, 3, 14, 41, tzinfo=UTC),
        "sections": sections,
        "notes": ("Other names were left out.",),
        "foot": "Shred it.",
    }
    return Report(**(fields | changes))  # type: ignore[arg-type]


def pages_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_it_says_what_it_is_and_every_line() -> None:
    (text,) = pages_of(report_pdf(report(Section("Who", (Line("Zoë", "Name"), Line("without a label"))))))
    for words in ("What the school holds", "about Zoë O’Example", "Made-up School", "Other names", "Who", "Name",
                  "Zoë", "without a label", "Page 1 of 1", "As at 3 December 2026, 14:41", "Shred it."):  # fmt: skip
        assert words in text


def test_many_lines_go_on_over_the_pages() -> None:
    lines = tuple(Line(f"line {at} ends", f"label {at}") for at in range(150))
    pages = pages_of(report_pdf(report(Section("All", lines))))
    assert len(pages) > 2
    assert sum(text.count(" ends") for text in pages) == 150
    assert all(f"Page {at} of {len(pages)}" in text for at, text in enumerate(pages, start=1))


def test_a_line_longer_than_a_page_is_printed_whole() -> None:
    pages = pages_of(report_pdf(report(Section("All", (Line("please " * 2000, "label"),)))))
    assert sum(text.count("please") for text in pages) == 2000


def test_nothing_is_said() -> None:
    assert "Nobody." in pages_of(report_pdf(report(Section("Pupils", (), "Nobody."))))[0]


def test_d4_locked_it_hides_what_is_attached() -> None:
    content = report_pdf(report(), "three made up words", {"record.json": b'{"a": 1}'})
    assert b"record.json" not in content
    reader = PdfReader(io.BytesIO(content))
    reader.decrypt("three made up words")
    assert reader.attachments["record.json"] == [b'{"a": 1}']


def test_a_character_without_a_glyph_is_refused() -> None:
    with pytest.raises(KnownError, match="cannot be printed"):
        report_pdf(report(subtitle="\U00013000"))
