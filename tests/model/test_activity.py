"""Rules A7 and I2 as pure rules: what a permission covers and when, and by which day pictures must be gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentdesk.model.activity import (
    HeldOn,
    ImageSet,
    Permission,
    PermissionState,
    Plan,
    destruction_due,
    permission_state,
    plan_hash,
)

STARTS = datetime(2026, 12, 4, 9, 15, tzinfo=UTC)
PLAN = Plan("Farm", STARTS, ("image.website", "image.press"), "School camera", "Deleted", False, ("p1",))
OTHER = msgspec.structs.replace(PLAN, equipment="A telephone")


def given_at(at: datetime, plan: Plan = PLAN) -> Permission:
    return Permission("u1", at, plan_hash(plan))


BEFORE = given_at(STARTS - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("permissions", "state"),
    [
        ([], "missing"),
        ([BEFORE], "given"),
        ([given_at(STARTS)], "late"),
        ([given_at(STARTS + timedelta(days=1))], "late"),
        ([given_at(STARTS - timedelta(days=1), OTHER)], "outdated"),
        ([given_at(STARTS - timedelta(days=1), OTHER), BEFORE], "given"),
        ([BEFORE, given_at(STARTS)], "given"),
    ],
)
def test_a7_only_a_permission_for_this_plan_and_before_its_start_counts(
    permissions: list[Permission], state: PermissionState
) -> None:
    assert permission_state(PLAN, permissions) == state


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Zoo"},
        {"starts": STARTS + timedelta(minutes=1)},
        {"purposes": ("image.website",)},
        {"equipment": "A telephone"},
        {"own_equipment": True},
        {"afterwards": "Kept"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a7_whatever_was_permitted_is_in_the_hash(change: dict[str, object]) -> None:
    assert plan_hash(msgspec.structs.replace(PLAN, **change)) != plan_hash(PLAN)


def test_a7_who_comes_along_and_the_order_of_purposes_are_not() -> None:
    same = msgspec.structs.replace(PLAN, pupils=("p2", "p3"), purposes=PLAN.purposes[::-1])
    assert plan_hash(same) == plan_hash(PLAN)


def test_a7_the_same_moment_in_another_time_zone_is_the_same_plan() -> None:
    there = datetime.fromisoformat("2026-12-04T10:15:00+01:00")
    assert plan_hash(msgspec.structs.replace(PLAN, starts=there)) == plan_hash(PLAN)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))  # noqa: DTZ001
def test_a7_no_permission_from_the_start_on_ever_counts(at: datetime) -> None:
    assert (permission_state(PLAN, [given_at(at)]) == "given") == (at < STARTS)


@pytest.mark.parametrize(
    ("held_on", "taken", "due"),
    [
        ("school", date(2026, 12, 4), date(2028, 12, 3)),
        ("school", date(2028, 2, 29), date(2030, 2, 28)),
        ("card", date(2026, 12, 4), date(2026, 12, 5)),
        ("other-equipment", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_i2_two_years_at_most_and_a_card_to_the_end_of_the_next_day(
    held_on: HeldOn, taken: date, due: date
) -> None:
    assert destruction_due(ImageSet("i", "x", "y", held_on, taken), 24, 1) == due


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 24))
def test_i2_pictures_are_never_kept_longer_than_the_months_say(taken: date, months: int) -> None:
    due = destruction_due(ImageSet("i", "x", "y", "school", taken), months, 0)
    assert taken < due < taken + timedelta(days=31 * months)
