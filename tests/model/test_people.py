"""Names as people write them, ages and years as English law and schools count them, and UPNs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.people import (
    ListedPupil,
    Pupil,
    admission_key,
    age_on,
    class_key,
    class_order,
    fold,
    is_temporary_upn,
    key_stage,
    name_key,
    school_year,
    stage_of,
    upn_doubt,
    year_name,
)


def pupil(first: str, last: str, **more: object) -> Pupil:
    return Pupil("p1", first, last, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "preferred_first", "preferred_last", "shown"),
    [
        ("Jennifer", "Clarke", None, None, "Jennifer Clarke"),
        ("Jennifer", "Clarke", "Jenny", None, "Jenny Clarke"),
        ("Jennifer", "Clarke", None, "Ó Cléirigh", "Jennifer Ó Cléirigh"),
        ("SIOBHÁN", "O'SHEA-NÍ DHOMHNAILL", "Shiv", "O’Shea", "Shiv O’Shea"),
        ("Suharto", "", None, None, "Suharto"),
        ("", "Suharto", None, None, "Suharto"),
        ("O", "", None, None, "O"),
        ("E", "Y", None, None, "E Y"),
        ("mcdonald", "DE la cruz", None, None, "mcdonald DE la cruz"),
    ],
)
def test_the_name_shown_is_the_preferred_or_legal_one_as_it_was_given(
    first: str, last: str, preferred_first: str | None, preferred_last: str | None, shown: str
) -> None:
    named = pupil(first, last, preferred_first=preferred_first, preferred_last=preferred_last)
    row = ListedPupil(1, first, last, preferred_first, preferred_last)
    assert named.display_name == row.display_name == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Shea", "O’Shea"),
        ("O'Shea", "OʼShea"),
        ("O'Shea", "OSHEA"),
        ("Thorne-Smith", "thorne smith"),
        ("Thorne‑Smith", "Thorne–Smith"),
        ("Pérez", "Perez"),
        ("Pe\u0301rez", "P\u00e9rez"),
        ("Łukasz", "Lukasz"),
        ("Ærø", "Aero"),
        ("Strauß", "STRAUSS"),
        ("İpek", "ipek"),
        ("Ayşe  Gül", "ayse gul"),
        ("مُحَمَّد", "محمد"),
        ("Van\u00a0Dyke", "van dyke"),
        ("Zoe\u200b", "Zoë"),
    ],
)
def test_matching_folds_what_systems_spell_differently(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("मीना", "मना"), ("Ann", "Anna"), ("Lee", "Li"), ("-", ""), ("'", ""), ("李", "王")],
)
def test_matching_keeps_different_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(min_size=1))
def test_folding_twice_is_folding_once_and_never_loses_a_name(name: str) -> None:
    folded = fold(name)
    assert fold(folded) == folded
    assert bool(folded) == bool(name.strip())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Anne-Marie", "Lee"), ("Annemarie", "Lee")),
        (("Mary Ann", "Berg"), ("Mary", "Ann Berg")),
        (("Suharto", ""), ("", "Suharto")),
    ],
)
def test_a_name_split_elsewhere_is_the_same_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert name_key(*one) == name_key(*other)


def test_pupils_sort_by_folded_surname_and_single_names_among_the_surnames() -> None:
    names = [("Zoë", "Ångström"), ("Ann", "Abel"), ("Björk", ""), ("Ann", "abel-cole"), ("Bo", "Abel")]
    in_order = sorted((pupil(*name) for name in names), key=lambda one: one.sort_key)
    assert [one.display_name for one in in_order] == [
        "Ann Abel",
        "Bo Abel",
        "Ann abel-cole",
        "Zoë Ångström",
        "Björk",
    ]


def test_classes_sort_by_their_number_and_match_by_their_letters() -> None:
    assert sorted(["10A", "4B", "Reception", "4A", "", "11X/y"], key=class_order) == [
        "", "4A", "4B", "10A", "11X/y", "Reception",
    ]  # fmt: skip
    assert class_key("4 b") == class_key("4B") != class_key("48")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("004512", "4512", True),
        ("A01", "a01", True),
        ("45", "450", False),
        ("000", "", False),
        (None, "", True),
    ],
)
def test_admission_numbers_match_without_leading_noughts(
    one: str | None, other: str | None, same: bool
) -> None:
    assert (admission_key(one) == admission_key(other)) is same


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2014, 9, 1), date(2026, 8, 31), 11),
        (date(2014, 9, 1), date(2026, 9, 1), 12),
        (date(2012, 2, 29), date(2025, 2, 28), 12),
        (date(2012, 2, 29), date(2025, 3, 1), 13),
        (date(2012, 2, 29), date(2024, 2, 29), 12),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize("count", [age_on, school_year])
def test_nobody_has_an_age_before_birth(count: object) -> None:
    with pytest.raises(ValueError, match="born after"):
        count(date(2026, 1, 2), date(2026, 1, 1))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("born", "day", "year"),
    [
        (date(2010, 8, 31), date(2014, 9, 1), 0),  # the youngest of its year
        (date(2010, 9, 1), date(2014, 9, 1), -1),
        (date(2010, 9, 1), date(2015, 9, 1), 0),  # the oldest of the next
        (date(2010, 8, 31), date(2015, 8, 31), 0),
        (date(2010, 8, 31), date(2015, 9, 1), 1),
        (date(2014, 2, 28), date(2025, 9, 8), 7),
        (date(2016, 2, 29), date(2026, 11, 21), 6),
        (date(2026, 10, 1), date(2026, 11, 21), -5),
    ],
)
def test_school_years_begin_on_the_first_of_september(born: date, day: date, year: int) -> None:
    assert school_year(born, day) == year


@given(st.dates(date(2005, 1, 1), date(2022, 1, 1)), st.dates(date(2022, 1, 1), date(2040, 1, 1)))
def test_a_school_year_is_the_age_on_the_eve_of_september_less_four(born: date, day: date) -> None:
    assert school_year(born, day) in (age_on(born, day) - 4, age_on(born, day) - 5)


@pytest.mark.parametrize(
    ("year", "name", "stage"),
    [(-2, "Nursery", 0), (0, "Reception", 0), (1, "Year 1", 1), (2, "Year 2", 1), (3, "Year 3", 2), (6, "Year 6", 2),
     (7, "Year 7", 3), (9, "Year 9", 3), (10, "Year 10", 4), (11, "Year 11", 4), (13, "Year 13", 5)],
)  # fmt: skip
def test_year_names_and_key_stages(year: int, name: str, stage: int) -> None:
    assert (year_name(year), key_stage(year)) == (name, stage)


@pytest.mark.parametrize(
    ("year", "born", "stage"),
    [
        (6, None, "younger"),
        (7, None, "older"),
        (6, date(2010, 1, 1), "younger"),  # what the school says beats what the birthday suggests
        (None, date(2015, 9, 1), "younger"),
        (None, date(2015, 8, 31), "older"),
        (None, date(2030, 1, 1), None),
        (None, None, None),
    ],
)
def test_which_rules_fit(year: int | None, born: date | None, stage: str | None) -> None:
    assert stage_of(pupil("A", "B", year_group=year, date_of_birth=born), date(2026, 11, 21)) == stage


@pytest.mark.parametrize("upn", ["B801200005001", "H801200001001", "P207000016049"])
def test_a_right_upn_raises_no_doubt(upn: str) -> None:
    assert upn_doubt(upn) is None


@pytest.mark.parametrize(
    ("upn", "doubt"),
    [
        ("A801200005001", "check letter A where B"),
        ("A123456789001", "check letter A where Y"),
        ("B80120000500", "eleven digits"),
        ("I801200005001", "eleven digits"),
        ("B80120000500S", "eleven digits"),
        ("B8012000O5001", "eleven digits"),
        ("", "eleven digits"),
    ],
)
def test_a_wrong_upn_is_doubted_and_says_why(upn: str, doubt: str) -> None:
    assert doubt in (upn_doubt(upn) or "")


@given(st.integers(0, 10**12 - 1), st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: int, place: int, by: int) -> None:
    digits = f"{number:012d}"
    right = next(
        letter + digits for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if upn_doubt(letter + digits) is None
    )
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert upn_doubt(wrong) is not None


def test_a_temporary_upn_ends_in_a_letter() -> None:
    temporary = next(
        letter + "80120000500A"
        for letter in "ABCDEFGHJKLMNPQRTUVWXYZ"
        if upn_doubt(letter + "80120000500A") is None
    )
    assert is_temporary_upn(temporary)
    assert not is_temporary_upn("B801200005001")
    assert not is_temporary_upn("")
