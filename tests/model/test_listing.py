"""How statuses are shown: only a yes may ever look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consentdesk.model.consent import StatusWord
from consentdesk.model.listing import ListCounts, ListTable, Shape, Tint, cell_for, shown_statuses

NOT_YES = [status for status in StatusWord if status is not StatusWord.YES]


def lightness(colour: str) -> float:
    """What is left of a colour on a grey printer, 0 to 1 (ITU-R BT.709)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("status", NOT_YES)
@pytest.mark.parametrize("condition", [None, "website only"])
def test_whatever_is_not_a_yes_reads_as_not_allowed(status: StatusWord, condition: str | None) -> None:
    cell = cell_for(status, condition)
    assert cell.word.startswith("No") or cell.word == "Withdrawn"
    assert "yes" not in cell.word.casefold()
    assert cell.shape not in (Shape.TICK, Shape.TICK_IN_BRACKETS)
    assert cell.acts_as == "no"
    assert cell.condition == condition


@pytest.mark.parametrize("status", NOT_YES)
def test_in_grey_whatever_is_not_a_yes_is_darker_than_one(status: StatusWord) -> None:
    yes = lightness(cell_for(StatusWord.YES).tint.colour)
    assert lightness(cell_for(status).tint.colour) < yes - 0.08


def test_a_yes_is_plain_and_a_yes_with_a_condition_is_not() -> None:
    plain = cell_for(StatusWord.YES)
    limited = cell_for(StatusWord.YES, "not on the front page")
    assert (plain.word, plain.shape, plain.tint, plain.acts_as) == ("Yes", Shape.TICK, Tint.QUIET, "yes")
    assert limited.acts_as == "yes"
    assert limited.condition == "not on the front page"
    assert {plain.word, plain.shape, plain.tint}.isdisjoint({limited.word, limited.shape, limited.tint})


def test_every_status_has_its_own_words() -> None:
    words = [cell.word for _, cell in shown_statuses()]
    assert len(words) == len(set(words)) == len(StatusWord) == 12


def test_every_shape_has_a_sign_and_every_tint_a_readable_colour() -> None:
    assert len({shape.glyph for shape in Shape}) == len(Shape)
    for tint in Tint:
        linear = [((int(tint.colour[at : at + 2], 16) / 255 + 0.055) / 1.055) ** 2.4 for at in (1, 3, 5)]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert (luminance + 0.05) / 0.05 >= 7  # contrast of black text, WCAG 2.2 AAA


def test_the_head_of_a_list_says_when_and_how_many() -> None:
    moment = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
    table = ListTable("Class 4B", "Hilltop Primary", moment, (), (), ListCounts(28, 25, 3))
    assert table.as_at_line == "As at 21 November 2026, 09:05 UTC"
    assert table.counts_line == "28 pupils: 25 returned, 3 outstanding"
    one = ListTable("Class 4B", "Hilltop Primary", moment, (), (), ListCounts(1, 0, 1))
    assert one.counts_line == "1 pupil: 0 returned, 1 outstanding"
