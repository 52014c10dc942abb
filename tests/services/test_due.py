"""What is due is counted in one place, and nobody is told of what is not their errand (rule D1)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from consentdesk.model.activity import Plan
from consentdesk.services.due import Due, due
from consentdesk.services.image_sets import keep_images
from consentdesk.services.office import Office
from consentdesk.services.rules import set_rule
from consentdesk.services.staff import add_staff
from consentdesk.services.trips import permit_trip, plan_trip, who_goes
from consentdesk.store.slots import Role
from tests.services.made_up import Desk


def farm(desk: Desk, day: int) -> str:
    pupils = who_goes(desk.office, classes=["4B"])
    starts = datetime(2026, 11, day, 9, 15, tzinfo=UTC)
    return plan_trip(desk.office, Plan("Farm", starts, (), "Camera", "Deleted", pupils=pupils)).id


def test_a_quiet_school_has_nothing_due(desk: Desk) -> None:
    assert due(desk.office) == Due(0, 0, 0, 0, 0, 0)


def test_each_thing_is_counted_once_it_is_due(desk: Desk) -> None:
    farm(desk, 6)
    farm(desk, 28)
    permit_trip(desk.office, farm(desk, 7))
    keep_images(desk.office, "Sports day", "camera 2", "card", date(2026, 11, 1))
    add_staff(desk.office, "Mr Made-Up")
    set_rule(desk.office, "leavers-kept-months", "0")
    desk.import_text("First name,Last name,Class,Admission number\nBen,O'Neill,4B,102\n", leavers=True)
    assert due(desk.office) == Due(trips=1, take_downs=0, overdue=0, images=1, leavers=1, acknowledgements=1)


def test_d1_a_teacher_is_told_of_trips_alone(desk: Desk) -> None:
    farm(desk, 6)
    user = msgspec.structs.replace(desk.office.user, role=Role.TEACHER)
    assert due(Office(desk.office.db, user, desk.office.unlocked)) == Due(1, None, None, None, None, None)
