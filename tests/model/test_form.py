"""How long an answer counts, when a wording is another, and what a definition asks (rules C6, C7, P4)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.form import (
    FormDefinition,
    FormVersion,
    Question,
    Translation,
    Variant,
    lasts_until,
    wording_hash,
)

YEAR = "academic-year"
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("printed", "until"),
    [
        pytest.param(date(2026, 9, 1), date(2027, 8, 31), id="the first day of the school year"),
        pytest.param(date(2026, 12, 31), date(2027, 8, 31), id="the last of the calendar year"),
        pytest.param(date(2027, 1, 1), date(2027, 8, 31), id="the first of the calendar year"),
        pytest.param(date(2028, 2, 29), date(2028, 8, 31), id="a leap day"),
        pytest.param(date(2027, 6, 30), date(2027, 8, 31), id="the last day that is for this year"),
        pytest.param(date(2027, 7, 1), date(2028, 8, 31), id="July is for the coming year"),
        pytest.param(date(2027, 8, 30), date(2028, 8, 31), id="so is August"),
        pytest.param(date(2027, 8, 31), date(2028, 8, 31), id="to its last day"),
    ],
)
def test_c7_to_the_end_of_the_academic_year(printed: date, until: date) -> None:
    assert lasts_until(YEAR, printed) == until


@given(DAYS)
def test_c7_an_academic_year_is_two_to_fourteen_months(printed: date) -> None:
    until = lasts_until(YEAR, printed)
    assert (until.month, until.day) == (8, 31)
    assert timedelta(days=62) <= until - printed <= timedelta(days=427)


@pytest.mark.parametrize(
    ("lasts", "printed", "until"),
    [
        pytest.param("12 months", date(2026, 9, 14), date(2027, 9, 13), id="a year to the day before"),
        pytest.param("12 months", date(2027, 1, 1), date(2027, 12, 31), id="the first: the last of a month"),
        pytest.param("12 months", date(2028, 2, 29), date(2029, 2, 28), id="from a leap day"),
        pytest.param("48 months", date(2028, 2, 29), date(2032, 2, 28), id="from leap day to leap day"),
        pytest.param("12 months", date(2027, 2, 28), date(2028, 2, 27), id="into a leap year"),
        pytest.param("12 months", date(2027, 3, 1), date(2028, 2, 29), id="up to a leap day"),
        pytest.param("1 month", date(2027, 1, 31), date(2027, 2, 28), id="the month has no 31st"),
        pytest.param("1 month", date(2027, 1, 30), date(2027, 2, 28), id="nor a 30th"),
        pytest.param("1 month", date(2027, 1, 29), date(2027, 2, 28), id="nor a 29th"),
        pytest.param("1 month", date(2027, 1, 28), date(2027, 2, 27), id="but a 28th"),
        pytest.param("1 month", date(2028, 1, 31), date(2028, 2, 29), id="in a leap year"),
        pytest.param("1 month", date(2027, 3, 31), date(2027, 4, 30), id="31 March"),
        pytest.param("1 month", date(2027, 12, 31), date(2028, 1, 30), id="across the year"),
        pytest.param("11 months", date(2027, 1, 15), date(2027, 12, 14), id="into December"),
        pytest.param("24 months", date(2026, 12, 1), date(2028, 11, 30), id="two years"),
    ],
)
def test_c7_a_number_of_months(lasts: str, printed: date, until: date) -> None:
    assert lasts_until(lasts, printed) == until


@given(DAYS, st.integers(1, 99))
def test_c7_months_end_the_day_before_the_same_day_or_with_the_month(printed: date, months: int) -> None:
    after = lasts_until(f"{months} months", printed) + timedelta(days=1)
    year, month = divmod(printed.year * 12 + printed.month - 1 + months, 12)
    if printed.day <= calendar.monthrange(year, month + 1)[1]:
        assert after == date(year, month + 1, printed.day)
    else:
        assert after == date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


@given(DAYS, st.integers(1, 99))
def test_c7_what_is_printed_later_never_ends_earlier(printed: date, months: int) -> None:
    for lasts in (YEAR, f"{months} months"):
        assert lasts_until(lasts, printed) <= lasts_until(lasts, printed + timedelta(days=1))


WEBSITE = Question("image.website", "School website", "May we show pictures of your child on our website?")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({"text": "May we show pictures of your child on our  website? "}, True, id="spaces"),
        pytest.param({"text": "May we show pictures\nof your child on our website?"}, True, id="line breaks"),
        pytest.param({"name": "Website"}, True, id="the heading in lists"),
        pytest.param({"text": "May we show pictures of your child on our websites?"}, False, id="one letter"),
        pytest.param({"text": "may we show pictures of your child on our website?"}, False, id="a capital"),
        pytest.param({"reference": "RA 12"}, False, id="the risk assessment that it rests on"),
    ],
)
def test_c6_which_change_makes_another_wording(change: dict[str, str], same: bool) -> None:
    changed = msgspec.structs.replace(WEBSITE, **change)
    assert (wording_hash(changed) == wording_hash(WEBSITE)) is same


def test_c6_wording_and_reference_do_not_run_into_each_other() -> None:
    one = msgspec.structs.replace(WEBSITE, text="May we? RA 12")
    other = msgspec.structs.replace(WEBSITE, text="May we?", reference="RA 12")
    assert wording_hash(one) != wording_hash(other)


def definition() -> FormDefinition:
    unasked = msgspec.structs.replace(WEBSITE, purpose="image.full-name", asked=False)
    welsh = Translation("cy", "Lluniau", ("Annwyl riant,",), {"image.website": "A gawn ni?"})
    return FormDefinition(
        "image-use",
        "image",
        "Pictures",
        ("Dear parent,",),
        (WEBSITE, unasked),
        "Write.",
        translations=(welsh,),
    )


def test_p4_a_question_that_is_switched_off_is_not_printed() -> None:
    assert definition().asked == (WEBSITE,)


def test_the_forms_own_language_comes_first() -> None:
    assert definition().languages == ("en", "cy")


def test_c6_a_frozen_version_survives_being_kept_as_json() -> None:
    version = FormVersion(
        "7F3K", "image-use", Variant("cy", large=True), definition(), b"{}", b"%PDF-", "ab" * 32
    )
    assert msgspec.json.decode(msgspec.json.encode(version), type=FormVersion) == version


def test_a_key_that_a_definition_does_not_know_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `opt_out`"):
        msgspec.json.decode(b'{"purpose": "a.b", "name": "n", "text": "t", "opt_out": true}', type=Question)
