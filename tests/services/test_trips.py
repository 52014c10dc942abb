"""Rules A7, P3, I3 and C9: pictures at an activity want permission beforehand, and its sheet says who, never why."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError, NotAllowed
from consentdesk.model.activity import Activity, Plan
from consentdesk.model.consent import Restricted
from consentdesk.model.school_events import SheetMade
from consentdesk.services.confirm import confirm
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.record import Happening, record
from consentdesk.services.review import Verdict, decide
from consentdesk.services.rules import set_rule
from consentdesk.services.trip_sheet import activity_check, make_sheet, write_sheet
from consentdesk.services.trips import (
    allow_equipment,
    change_trip,
    permit_trip,
    plan_trip,
    the_trip,
    trip_file,
    trips,
    who_goes,
)
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from consentdesk.store.slots import Role
from tests.services.made_up import Desk

STARTS = datetime(2026, 11, 6, 9, 15, tzinfo=UTC)
"""Four days after the clock of a test desk begins."""


def plan(desk: Desk, **changes: object) -> Plan:
    """A visit of everybody, of any class."""
    planned = Plan(
        "Visit to the farm", STARTS, (), "School camera 2", "Deleted from the camera the same day",
        pupils=who_goes(desk.office, classes=["4b"], pupils=["Cleo Ünal"]),
    )  # fmt: skip
    return msgspec.structs.replace(planned, **changes)


def permitted(desk: Desk) -> Activity:
    trip = plan_trip(desk.office, plan(desk))
    permit_trip(desk.office, trip.id)
    return trip


def says_yes(desk: Desk, name: str) -> None:
    slip = desk.print_for(name)
    desk.take(desk.seen(slip, "yes", pupil="yes" if slip.pupil_questions else None))
    finish(confirm(desk.office))


def as_role(desk: Desk, role: Role) -> Office:
    office = desk.office
    return Office(office.db, msgspec.structs.replace(office.user, role=role), office.unlocked)


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a7_an_activity_takes_pupils_of_any_class_and_serves_every_place_but_the_name(desk: Desk) -> None:
    trip = plan_trip(desk.office, plan(desk))
    assert len(trip.plan.pupils) == 3
    assert "image.website" in trip.plan.purposes
    assert "image.full-name" not in trip.plan.purposes
    assert the_trip(desk.office, "visit to the FARM") == the_trip(desk.office, trip.id[:8]) == trip
    assert [(one.title, one.pupils, one.permission) for one in trips(desk.office)] == [
        ("Visit to the farm", 3, "missing")
    ]


def test_a7_nobody_may_be_photographed_before_a_senior_manager_permits_it(desk: Desk) -> None:
    says_yes(desk, "Ada")
    trip = plan_trip(desk.office, plan(desk))
    assert not activity_check(desk.office, trip.id).may_photograph
    with pytest.raises(KnownError, match="no senior manager has permitted pictures"):
        make_sheet(desk.office, trip.id)
    for role in (Role.TEACHER, Role.OFFICE, Role.SAFEGUARDING):
        with pytest.raises(NotAllowed):
            permit_trip(as_role(desk, role), trip.id)
    file = permit_trip(desk.office, trip.id)
    assert (file.permission.state, file.permission.by) == ("given", "head")
    assert activity_check(desk.office, trip.id).may_photograph


def test_a7_permission_is_never_dated_back(desk: Desk) -> None:
    trip = plan_trip(desk.office, plan(desk))
    desk.clock.at = STARTS - timedelta(seconds=2)
    before = desk.events
    desk.clock.at = STARTS
    with pytest.raises(KnownError, match="has started, and a permission cannot be dated back"):
        permit_trip(desk.office, trip.id)
    with pytest.raises(KnownError, match="has started, so its plan stays"):
        change_trip(desk.office, trip.id, plan(desk, starts=STARTS + timedelta(days=1)))
    assert desk.events == before
    assert trip_file(desk.office, trip.id).permission.state == "missing"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"pupils": ()}, "given"),
        ({"equipment": "Video camera"}, "outdated"),
        ({"purposes": ("image.press",)}, "outdated"),
        ({"afterwards": "Kept for ever"}, "outdated"),
        ({"starts": STARTS + timedelta(days=7)}, "outdated"),
    ],
)
def test_a7_a_permission_is_for_the_plan_that_was_permitted(
    desk: Desk, change: dict[str, object], state: str
) -> None:
    trip = permitted(desk)
    if "pupils" in change:
        change = {"pupils": who_goes(desk.office, classes=["4B"])}
    change_trip(desk.office, trip.id, plan(desk, **change))
    assert trip_file(desk.office, trip.id).permission.state == state
    if state == "outdated":
        permit_trip(desk.office, trip.id)
        assert trip_file(desk.office, trip.id).permission.state == "given"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": " "}, "needs a title"),
        ({"equipment": ""}, "a word on the equipment"),
        ({"afterwards": ""}, "what becomes of the pictures"),
        ({"pupils": ()}, "needs pupils"),
        ({"pupils": ("nobody",)}, "1 of the pupils are not at the school"),
        ({"starts": datetime(2026, 11, 1, tzinfo=UTC)}, "started already"),
        ({"purposes": ("web.work",)}, "is no place for pictures"),
    ],
)
def test_a7_an_incomplete_plan_is_refused_whole(desk: Desk, change: dict[str, object], told: str) -> None:
    before = desk.events
    with pytest.raises(KnownError, match=told):
        plan_trip(desk.office, plan(desk, **change))
    assert (desk.events, trips(desk.office)) == (before, ())


def test_i3_other_equipment_wants_an_exception_with_an_end(desk: Desk) -> None:
    trip = plan_trip(desk.office, plan(desk, equipment="Mr Made-Up’s camera", own_equipment=True))
    with pytest.raises(KnownError, match="which is not the school’s and not allowed"):
        permit_trip(desk.office, trip.id)
    day = STARTS.date()
    with pytest.raises(KnownError, match="would end before the activity"):
        allow_equipment(desk.office, trip.id, "a camera", "Mr Made-Up", day - timedelta(days=1))
    with pytest.raises(KnownError, match="need a name"):
        allow_equipment(desk.office, trip.id, "a camera", " ", day)
    with pytest.raises(NotAllowed):
        allow_equipment(as_role(desk, Role.OFFICE), trip.id, "a camera", "Mr Made-Up", day)
    exception = allow_equipment(desk.office, trip.id, "a camera", "Mr Made-Up", day)
    assert trip_file(desk.office, trip.id).exceptions == (exception,)
    assert permit_trip(desk.office, trip.id).permission.state == "given"


def test_i3_a_school_may_do_without_that_rule(desk: Desk) -> None:
    set_rule(desk.office, "school-equipment-only", "no")
    trip = plan_trip(desk.office, plan(desk, own_equipment=True))
    assert permit_trip(desk.office, trip.id).permission.state == "given"


def test_p3_the_sheet_has_three_groups_a_grid_and_no_reason(desk: Desk) -> None:
    says_yes(desk, "Ada")
    says_yes(desk, "Ben")
    withdraw(desk.office, desk.pupil("Ben").id, ["image.press"], "phone")
    record(desk.office, [Happening(Restricted("a court order"), desk.pupil("Cleo").id)])
    trip = permitted(desk)
    done = make_sheet(desk.office, trip.id)
    assert (done.stopped, done.limited, done.free) == (1, 1, 1)
    text = words_of(done.content)
    for words in ("Do not photograph: 1 of 3", "Only for the places named: 1 of 3", "Page 1 of 2", "As at",
                  "Good on Friday 6 November 2026 only", "Permitted by head", "School camera 2"):  # fmt: skip
        assert words in text
    for reason in ("ithdrawn", "estrict", "court", "reply"):
        assert reason not in text


def test_c8_a_condition_goes_along_word_for_word(desk: Desk) -> None:
    slip = desk.print_for("Ada")
    desk.take(desk.seen(slip, "both"))
    decide(
        desk.office, slip.code, Verdict(rest="yes", conditions={"image.website": "<b>No face</b>, please"})
    )
    text = words_of(make_sheet(desk.office, permitted(desk).id).content)
    assert text.count("“<b>No face</b>, please”") == 2


def test_d4_the_sheet_is_recorded_before_it_has_its_name_and_not_without_it(desk: Desk) -> None:
    trip = permitted(desk)
    before = desk.events
    with pytest.raises(KnownError, match="There is no folder"):
        write_sheet(desk.office, trip.id, desk.folder / "missing" / "sheet.pdf")
    assert desk.events == before
    target = desk.folder / "sheet.pdf"
    write_sheet(desk.office, trip.id, target, password="three made up words")
    assert PdfReader(target).is_encrypted
    last = ledger.events(desk.office.db, before)[-1].what
    assert last == SheetMade(trip.id, trip.plan.pupils, trip.plan.purposes, encrypted=True)


def test_c9_a_sheet_is_stale_once_it_allows_what_is_not_allowed_any_more(desk: Desk) -> None:
    says_yes(desk, "Ada")
    says_yes(desk, "Ben")
    trip = permitted(desk)
    make_sheet(desk.office, trip.id)
    assert not sheet_in_hand_is_stale(desk, trip)
    says_yes(desk, "Cleo")
    assert not sheet_in_hand_is_stale(desk, trip)
    withdraw(desk.office, desk.pupil("Ada").id, ["image.press"], "phone")
    assert sheet_in_hand_is_stale(desk, trip)
    text = words_of(make_sheet(desk.office, trip.id).content)
    assert "shred it. That one is wrong about Ada Okafor." in text
    assert not sheet_in_hand_is_stale(desk, trip)


def sheet_in_hand_is_stale(desk: Desk, trip: Activity) -> bool:
    sheet = activity_check(desk.office, trip.id).sheet
    assert sheet is not None
    return sheet.stale


@pytest.mark.parametrize("name", ["no such", "", "Visit"])
def test_an_unknown_activity_is_said_to_be_unknown(desk: Desk, name: str) -> None:
    permitted(desk)
    with pytest.raises(KnownError, match="choose from Visit to the farm"):
        the_trip(desk.office, name)


def test_whoever_is_left_out_stays_at_school(desk: Desk) -> None:
    everybody = who_goes(desk.office, classes=["4B", "10A"])
    assert len(everybody) == 3
    assert who_goes(desk.office, classes=["4B", "10A"], without=["Ada Okafor"]) == tuple(
        one for one in everybody if one != desk.pupil("Ada").id
    )


def test_the_written_sheet_is_a_pdf(desk: Desk, tmp_path: Path) -> None:
    write_sheet(desk.office, permitted(desk).id, tmp_path / "s.pdf")
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
