"""Activities, publications and held images come back as they were written (rules A7, I1 to I3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
import sqlalchemy as sa

from consentdesk.model.activity import Activity, EquipmentException, ImageSet, Plan, Publication
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import Published, SheetMade
from consentdesk.store import activities, ledger, people, publications, slips
from consentdesk.store.database import Database
from tests.store.made_up import happened

STARTS = datetime(2026, 12, 4, 9, 15, tzinfo=UTC)
PLAN = Plan("Farm", STARTS, ("image.website", "image.press"), "Camera", "Deleted", True, ("p1", "p2"))
FARM = Activity("a1", PLAN)
PAPER = Publication("n1", "Farm", ("image.press",), "the Gazette", date(2026, 12, 8), "Mrs M", ("p1",), "a1")


@pytest.fixture
def db(db: Database) -> Database:
    """An office with two pupils."""
    people.add_pupils(db, [Pupil("p1", "Ada", "Okafor"), Pupil("p2", "Ben", "O'Neill")])
    return db


def test_an_activity_comes_back_as_it_was_planned(db: Database) -> None:
    activities.keep_activity(db, FARM)
    assert activities.activity(db, "a1") == FARM
    assert activities.activity(db, "a2") is None
    assert activities.titles(db) == {"a1": "Farm"}
    assert activities.activities_of(db, "p2") == [FARM]
    assert activities.activities_of(db, "p3") == []


def test_activities_stand_in_the_order_in_which_they_start(db: Database) -> None:
    later = Activity("a0", msgspec.structs.replace(PLAN, starts=STARTS + timedelta(days=1), pupils=()))
    for one in (later, FARM):
        activities.keep_activity(db, one)
    assert activities.activities(db) == [FARM, later]
    assert activities.activities(db, STARTS + timedelta(seconds=1)) == [later]


def test_a_changed_plan_replaces_the_one_before_with_its_pupils(db: Database) -> None:
    activities.keep_activity(db, FARM)
    changed = Activity("a1", msgspec.structs.replace(PLAN, title="Zoo", pupils=("p2",)))
    activities.change_activity(db, changed)
    assert activities.activity(db, "a1") == changed
    with pytest.raises(KeyError):
        activities.change_activity(db, Activity("a9", PLAN))


def test_nobody_who_is_not_there_comes_along(db: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        activities.keep_activity(db, Activity("a1", msgspec.structs.replace(PLAN, pupils=("nobody",))))
    assert activities.activities(db) == []


def test_exceptions_are_of_one_activity_the_last_to_end_first(db: Database) -> None:
    activities.keep_activity(db, FARM)
    first = EquipmentException("x1", "a1", "A telephone", "Mr M", "u1", date(2026, 12, 4))
    second = msgspec.structs.replace(first, id="x2", until=date(2026, 12, 5))
    for one in (first, second):
        activities.keep_exception(db, one)
    assert activities.exceptions(db, "a1") == activities.exceptions(db) == [second, first]
    assert activities.exceptions(db, "a2") == []


def test_publications_are_found_by_pupil_the_latest_first(db: Database) -> None:
    activities.keep_activity(db, FARM)
    later = msgspec.structs.replace(PAPER, id="n0", day=date(2026, 12, 9), pupils=("p1", "p2"), activity=None)
    for one in (PAPER, later):
        publications.keep_publication(db, one)
    assert publications.publications(db) == publications.publications_of(db, "p1") == [later, PAPER]
    assert publications.publications_of(db, "p2") == [later]
    assert publications.publication(db, "n1") == PAPER
    assert publications.publication(db, "n9") is None


def test_held_images_stay_listed_until_they_are_destroyed(db: Database) -> None:
    held = ImageSet("i1", "Farm", "staff drive", "school", date(2026, 12, 4))
    publications.keep_images(db, held)
    assert publications.held_images(db) == [held]
    gone = msgspec.structs.replace(held, destroyed=date(2027, 1, 4), attested_by="Mr M", how="deleted")
    publications.change_images(db, gone)
    assert publications.held_images(db) == []
    assert (
        publications.held_images(db, destroyed=True) == publications.held_images(db, destroyed=None) == [gone]
    )
    with pytest.raises(KeyError):
        publications.change_images(db, msgspec.structs.replace(gone, id="i9"))


# What the ledger answers about the whole school.


def test_what_happened_to_the_school_is_found_by_its_kind(db: Database) -> None:
    published = Published("n1", date(2026, 12, 8), ("image.press",), ("p1",))
    sheet = SheetMade("a1", ("p1",), ("image.press",), encrypted=False)
    first, _, second = ledger.append(
        db, [happened(db, published, pupil=None), happened(db), happened(db, sheet, pupil=None)]
    )
    assert ledger.events_of_kinds(db, ["published", "sheet-made"]) == [first, second]
    assert ledger.events_of_kinds(db, ["sheet-made"], since_seq=2) == [second]
    assert ledger.events_of_kinds(db, ["joined"]) == []


def test_the_last_place_of_each_pupil(db: Database) -> None:
    ledger.append(db, [happened(db), happened(db, pupil="p2"), happened(db), happened(db, pupil=None)])
    assert ledger.last_places(db) == {"p1": 3, "p2": 2}
    assert ledger.last_places(db, ["p2", "p9"]) == {"p2": 2}


def test_the_place_at_which_a_day_ended(db: Database) -> None:
    days = [date(2026, 9, 7), date(2026, 9, 7), date(2026, 9, 9), date(2026, 9, 10)]
    ledger.append(db, [msgspec.structs.replace(happened(db), on=day) for day in days])
    wanted = {
        date(2026, 9, 6): 0,
        date(2026, 9, 7): 2,
        date(2026, 9, 8): 2,
        date(2026, 9, 9): 3,
        date(2027, 1, 1): 4,
    }
    assert {day: ledger.places_until(db, day) for day in wanted} == wanted


def test_an_empty_ledger_has_no_place(db: Database) -> None:
    assert ledger.places_until(db, date(2026, 9, 7)) == 0
    assert ledger.last_places(db) == {}


def test_whose_slips_ended_within_a_time_is_asked_of_the_slips(db: Database) -> None:
    assert slips.ended_between(db, date(2026, 1, 1), date(2030, 1, 1)) == set()
