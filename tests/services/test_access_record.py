"""Rules N1 and N2: who may use the internet, by what and since when, and what the technician has to change."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.errors import KnownError
from consentdesk.services.access_record import (
    AccessLine,
    access_changes,
    access_record,
    acknowledge,
    acknowledgements_due,
    end_access,
    restore_access,
)
from consentdesk.services.confirm import confirm
from consentdesk.services.progress import finish
from consentdesk.services.rules import set_rule
from consentdesk.services.staff import add_staff, staff_left
from consentdesk.services.withdraw import withdraw
from tests.services.made_up import Desk, Meant

TODAY = date(2026, 11, 2)


def answers(desk: Desk, name: str, meant: Meant | dict[str, Meant] = "yes") -> str:
    slip = desk.print_for(name, "internet-access")
    desk.take(desk.seen(slip, meant, pupil="yes" if slip.pupil_questions else None))
    finish(confirm(desk.office))
    return slip.code


def record_of(desk: Desk) -> list[AccessLine]:
    return list(finish(access_record(desk.office)).lines)


def changes(desk: Desk, since: date = TODAY) -> list[tuple[str, str, date, str]]:
    return [(one.name, one.change, one.on, one.why) for one in finish(access_changes(desk.office, since))]


def test_n1_the_record_says_who_by_what_and_since_when(desk: Desk) -> None:
    assert record_of(desk) == []
    desk.clock.sleep(1)
    code = answers(desk, "Ada")
    desk.clock.sleep(1)
    (line,) = record_of(desk)
    assert (line.kind, line.name, line.group, line.by, line.since, line.until) == (
        "pupil", "Ada Okafor", "4B", f"slip {code}", date(2026, 11, 3), date(2027, 8, 31),
    )  # fmt: skip
    assert changes(desk) == [("Ada Okafor", "granted", date(2026, 11, 3), "")]


@pytest.mark.parametrize("missing", ["internet.access", "internet.rules"])
def test_n1_both_the_access_and_the_rules_want_a_yes(desk: Desk, missing: str) -> None:
    wanted: dict[str, Meant] = {"internet.access": "yes", "internet.rules": "yes"} | {missing: "blank"}
    answers(desk, "Ada", wanted)
    assert record_of(desk) == []


def test_n2_whoever_withdraws_is_off_it_the_same_day_and_on_the_technicians_list(desk: Desk) -> None:
    answers(desk, "Ada")
    answers(desk, "Ben")
    desk.clock.sleep(5)
    withdraw(desk.office, "Ada Okafor", ["internet.access"], "phone")
    assert [line.name for line in record_of(desk)] == ["Ben O'Neill"]
    assert changes(desk) == [("Ada Okafor", "ended", date(2026, 11, 7), "withdrawn")]
    assert changes(desk, date(2026, 11, 7)) == []


def test_n2_a_leaver_is_off_it_the_same_day(desk: Desk) -> None:
    answers(desk, "Ada")
    desk.clock.sleep(2)
    desk.import_text("First name,Last name,Class,Admission number\nBen,O'Neill,4B,102\n", leavers=True)
    assert record_of(desk) == []
    assert changes(desk) == [("Ada Okafor", "ended", date(2026, 11, 4), "left the school")]


def test_n2_a_yes_that_ends_by_itself_is_a_change_of_the_day_after(desk: Desk) -> None:
    answers(desk, "Ada")
    desk.clock.sleep(400)
    assert changes(desk) == [("Ada Okafor", "ended", date(2027, 9, 1), "came to its end")]


def test_n1_the_school_may_end_access_and_restore_it(desk: Desk) -> None:
    answers(desk, "Ada")
    desk.clock.sleep(1)
    with pytest.raises(KnownError, match="wants a reason"):
        end_access(desk.office, " ", pupil="Ada Okafor")
    end_access(desk.office, "used another’s name", pupil="Ada Okafor")
    assert record_of(desk) == []
    assert changes(desk) == [
        ("Ada Okafor", "ended", date(2026, 11, 3), "ended by the school: used another’s name")
    ]
    assert desk.statuses("Ada")["internet.access"].word == "yes"
    restore_access(desk.office, pupil="Ada Okafor")
    assert len(record_of(desk)) == 1
    with pytest.raises(KnownError, match="has not ended the access"):
        restore_access(desk.office, pupil="Ada Okafor")


def test_n1_staff_and_volunteers_acknowledge_the_policy_each_year(desk: Desk) -> None:
    add_staff(desk.office, "Mr Made-Up", role="teacher")
    add_staff(desk.office, "Mrs Helper", volunteer=True)
    assert [one.name for one, _ in acknowledgements_due(desk.office)] == ["Mrs Helper", "Mr Made-Up"]
    assert acknowledge(desk.office, "Mr Made-Up") == date(2027, 11, 1)
    assert [(one.kind, one.name, one.by) for one in record_of(desk)] == [
        ("staff", "Mr Made-Up", "policy acknowledged")
    ]
    assert [one.name for one, _ in acknowledgements_due(desk.office)] == ["Mrs Helper"]
    desk.clock.sleep(365)
    assert record_of(desk) == []
    assert changes(desk, TODAY) == [
        ("Mr Made-Up", "ended", date(2027, 11, 2), "policy not acknowledged this year")
    ]


def test_n1_the_year_may_be_shorter(desk: Desk) -> None:
    set_rule(desk.office, "policy-months", "6")
    add_staff(desk.office, "Mr Made-Up")
    assert acknowledge(desk.office, "Mr Made-Up") == date(2027, 5, 1)


def test_n2_staff_who_leave_are_off_it_the_same_day(desk: Desk) -> None:
    add_staff(desk.office, "Mr Made-Up")
    acknowledge(desk.office, "Mr Made-Up")
    desk.clock.sleep(3)
    staff_left(desk.office, "Mr Made-Up")
    assert record_of(desk) == []
    assert changes(desk) == [("Mr Made-Up", "ended", date(2026, 11, 5), "left")]
    with pytest.raises(KnownError, match="has left"):
        acknowledge(desk.office, "Mr Made-Up")


def test_n1_the_school_may_end_the_access_of_staff_too(desk: Desk) -> None:
    add_staff(desk.office, "Mr Made-Up")
    acknowledge(desk.office, "Mr Made-Up")
    end_access(desk.office, "on leave", staff="Mr Made-Up")
    assert record_of(desk) == []
    restore_access(desk.office, staff="Mr Made-Up")
    assert len(record_of(desk)) == 1


def test_a_day_ahead_is_refused(desk: Desk) -> None:
    day = date(2026, 11, 3)
    add_staff(desk.office, "Mr Made-Up")
    before = desk.events
    with pytest.raises(KnownError, match="has not come yet"):
        finish(access_changes(desk.office, day))
    with pytest.raises(KnownError, match="has not come yet"):
        acknowledge(desk.office, "Mr Made-Up", on=day)
    with pytest.raises(KnownError, match="Nobody called Nobody"):
        acknowledge(desk.office, "Nobody")
    assert desk.events == before
