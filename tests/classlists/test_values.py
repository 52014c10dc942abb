"""Single cells as schools write them: dates, years, yes and no, and names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.classlists.values import (
    FORMULA_STARTS,
    clean,
    is_month_first,
    neutralised,
    read_date,
    read_upn,
    read_year_group,
    read_yes_no,
    split_name,
    unguarded,
)
from tests.classlists.made_up import NAMES

BORN = date(2014, 2, 28)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2014-02-28", BORN),
        ("2014/02/28", BORN),
        ("28/02/2014", BORN),
        ("28/2/14", BORN),
        ("28.2.2014", BORN),
        ("28-02-2014", BORN),
        ("28 02 2014", BORN),
        ("28 Feb 2014", BORN),
        ("28-Feb-14", BORN),
        ("28FEB2014", BORN),
        ("28th February 2014", BORN),
        ("Fri 28 Feb 2014", BORN),
        ("Friday, 28th February, 2014", BORN),
        ("February 28, 2014", BORN),
        ("2014-02-28T00:00:00", BORN),
        ("2014-02-28 00:00:00", BORN),
        ("28/02/2014 00:00", BORN),
        (" 28/02/2014 ", BORN),
        ("1 Sept 2014", date(2014, 9, 1)),
        ("1/2/2014", date(2014, 2, 1)),  # day first, where both could be meant
        ("1/2/68", date(2068, 2, 1)),
        ("1/2/69", date(1969, 2, 1)),
        ("02/28/2014", None),
        ("31/02/2014", None),
        ("29/02/2015", None),
        ("28/02-2014", None),
        ("28/02/0014", None),
        ("28/02/1914", None),
        ("28 Febtober 2014", None),
        ("28/02", None),
        ("2014", None),
        ("41698", None),
        ("invalid", None),
        ("", None),
    ],
)
def test_dates(text: str, read: date | None) -> None:
    assert read_date(text) == read


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_every_date_is_read_back_from_iso_and_uk_writing(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day:%y}", f"{day:%d %b %Y}"):
        assert read_date(text) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    assert read_date(text) is None or isinstance(read_date(text), date)


@pytest.mark.parametrize(
    ("text", "first"), [("02/28/2014", True), ("28/02/2014", False), ("1/2/2014", False), ("x", False)]
)
def test_dates_that_only_make_sense_month_first(text: str, first: bool) -> None:
    assert is_month_first(text) is first


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("4", 4), ("04", 4), ("Year 4", 4), ("YEAR 4", 4), ("Yr 10", 10), ("Y4", 4), ("NC Year 3", 3), ("13", 13),
        ("Curriculum Year 7", 7), ("R", 0), ("Reception", 0), ("Year R", 0), ("YR", 0), ("0", 0), ("Nursery", -1),
        ("N2", -1), ("Nursery 2", -1), ("N1", -2), ("Nursery 1", -2), ("15", None), ("X", None), ("4B", None),
        ("Year 4 / 5", None), ("Mixed", None), ("-3", None), ("", None),
    ],
)  # fmt: skip
def test_year_groups(text: str, year: int | None) -> None:
    assert read_year_group(text) == year


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", True),
        ("TRUE", True),
        ("y", True),
        ("1", True),
        ("no", False),
        ("False", False),
        ("N", False),
        ("?", None),
    ],
)
def test_yes_and_no(text: str, answer: bool | None) -> None:
    assert read_yes_no(text) is answer


def test_a_upn_is_read_without_its_spaces() -> None:
    assert read_upn(" b801 200005 001 ") == "B801200005001"


@pytest.mark.parametrize(
    ("text", "surname_first", "parts"),
    [
        ("Clarke, Jennifer", False, ("Jennifer", "Clarke")),
        ("Clarke, Jennifer", True, ("Jennifer", "Clarke")),
        ("van der Berg,Mary Ann", True, ("Mary Ann", "van der Berg")),
        ("Jennifer Clarke", False, ("Jennifer", "Clarke")),
        ("Mary Ann Clarke", False, ("Mary Ann", "Clarke")),
        ("Clarke Jennifer", True, ("Jennifer", "Clarke")),
        ("Suharto", False, ("Suharto", "")),
        ("Suharto", True, ("Suharto", "")),
        ("O", False, ("O", "")),
        (", Jennifer", False, ("Jennifer", "")),
        ("", False, ("", "")),
    ],
)
def test_whole_names(text: str, surname_first: bool, parts: tuple[str, str]) -> None:
    assert split_name(text, surname_first) == parts


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("  Mary\u00a0 Ann\n", "Mary Ann"),
        ("Mary\x00\x07 Ann", "Mary Ann"),
        ("'t Hooft", "'t Hooft"),
        ("O'Shea", "O'Shea"),
        ("'=1+1", "'=1+1"),
        ("mcDONALD", "mcDONALD"),
        ("\u200fעברית", "\u200fעברית"),
    ],
)
def test_cells_are_cleaned_and_never_corrected(cell: str, shown: str) -> None:
    assert clean(cell) == shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("'=1+1", "=1+1"),
        ("''=1+1", "'=1+1"),
        ("'-", "-"),
        ("'t Hooft", "'t Hooft"),
        ("'", "'"),
        ("=1+1", "=1+1"),
    ],
)
def test_one_apostrophe_before_a_formula_is_a_guard(cell: str, shown: str) -> None:
    assert unguarded(cell) == shown


@given(NAMES)
def test_a_neutralised_name_starts_no_formula_and_comes_back_as_it_was(name: str) -> None:
    assert not neutralised(name).startswith(tuple(FORMULA_STARTS))
    assert clean(unguarded(neutralised(name))) == name
