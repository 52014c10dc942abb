"""Every office that an earlier program wrote still opens, is brought up to date, and says what it said then."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from consentdesk.model.activity import ImageSet
from consentdesk.model.circumstances import BirthRecorded, GuardianRecorded
from consentdesk.model.consent import Withdrawn
from consentdesk.services.office import Office, open_office, open_with_recovery, users
from consentdesk.store import (
    activities,
    forms,
    images,
    keys,
    ledger,
    people,
    publications,
    scans,
    schema,
    slips,
    triggers,
    verify,
)
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.slots import derived

HERE = Path(__file__).resolve().parents[1] / "old_databases"
PASSWORD = "a made-up password"
GROUPS = {
    "0001": "7ATZA 7ZPMS RF999 3CWHH 4GE18 NT8AN T5EE6 JWY57",
    "0002": "55NGB MT9RK CZMBR 27QQ7 CA4XP 3H1EX WN95W D9RCK",
    "0003": "39YAW D0FYS 8THV4 SE90C A3R97 0Y0A0 N8RJV 89Z50",
}


@pytest.fixture(params=schema.REVISIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the office that was written with a schema, in a folder of the schema's name."""
    return Path(shutil.copytree(HERE / request.param, tmp_path / request.param))


def test_it_opens_and_is_of_this_programs_schema(old: Path) -> None:
    assert keys.users(old / "office.keys")[0].name == "Ada Made-Up"
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        assert schema.revision(office.db.office) == schema.HEAD
        assert verify.verify(office.db) == ()


def test_its_sheet_opens_it(old: Path) -> None:
    with open_with_recovery(old, GROUPS[old.name]) as office:
        assert len(users(office)) == 2


def test_it_says_what_it_said(old: Path) -> None:
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        check_contents(office)


def check_contents(office: Office) -> None:
    db = office.db
    (pupil,) = people.find_pupils(db, "zoe oexample")
    assert (pupil.id, pupil.display_name, pupil.class_name) == ("p1", "Zoë O’Example", "4B")
    assert people.guardians_of(db, "p1")[0].relationship == "mother"
    (slip,) = slips.slips_of(db, "p1")
    version = forms.version(db, slip.version)
    assert version is not None
    assert version.definition.asked[0].purpose == "image.website"
    (reading,) = scans.readings_of(db, slip.id)
    assert images.image(db, reading.crop or "") == b"a made-up crop"
    events = ledger.events_of(db, "p1")
    assert [event.kind for event in events[:6]] == [
        "joined",
        "issued",
        "returned",
        "answered",
        "confirmed",
        "withdrawn",
    ]
    assert events[5].what == Withdrawn(("image.website",), "phone")


def test_what_only_the_tables_knew_is_in_the_ledger_since(tmp_path: Path) -> None:
    """Birthdays, and guardians who cannot simply say yes: a status reads nothing but events (rules A2, A4, C1)."""
    old = Path(shutil.copytree(HERE / "0001", tmp_path / "0001"))
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        before = ledger.events_of(office.db, "p1")
        assert [event.what for event in before[6:]] == [BirthRecorded(date(2018, 5, 1))]
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        assert ledger.events_of(office.db, "p1") == before


def test_pictures_are_kept_since_the_third(tmp_path: Path) -> None:
    old = Path(shutil.copytree(HERE / "0003", tmp_path / "0003"))
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        db = office.db
        (activity,) = activities.activities(db)
        assert (activity.plan.title, activity.plan.pupils, activity.plan.own_equipment) == (
            "Farm",
            ("p1",),
            True,
        )
        assert activities.exceptions(db, "a1")[0].until == date(2026, 9, 11)
        (publication,) = publications.publications_of(db, "p1")
        assert (publication.place, publication.purposes) == ("school.example/1", ("image.website",))
        (held,) = publications.held_images(db)
        assert (held.what, held.taken, held.activity) == ("The farm", date(2026, 9, 11), "a1")


@pytest.mark.parametrize("schema_before", ["0001", "0002"])
def test_an_older_office_has_room_for_them_and_its_ledger_stays_as_it_cannot_be_changed(
    tmp_path: Path, schema_before: str
) -> None:
    old = Path(shutil.copytree(HERE / schema_before, tmp_path / schema_before))
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        publications.keep_images(office.db, ImageSet("i1", "x", "y", "card", date(2026, 9, 7)))
        assert len(publications.held_images(office.db)) == 1
        assert office.db.office.triggers() == triggers.TRIGGERS


def test_a_guardian_who_cannot_simply_say_yes_is_known_to_the_ledger_since(tmp_path: Path) -> None:
    """Rule A2: what an older program kept in a table alone would let a yes count that must wait."""
    old = Path(shutil.copytree(HERE / "0001", tmp_path / "0001"))
    unlocked = keys.unlock(old / "office.keys", "Ada Made-Up", PASSWORD)
    file = EncryptedFile(old / "office.db", derived(unlocked.data_key, unlocked.database, "office.db"))
    file.write(sa.text("UPDATE guardian SET responsibility = 'no', court_note = 'order of 3 May'"))
    file.close()
    with open_office(old, "Ada Made-Up", PASSWORD) as office:
        assert verify.verify(office.db) == ()
        last = ledger.events_of(office.db, "p1")[-1]
        assert last.what == GuardianRecorded("g1", "Ida O’Example", "mother", "no", "order of 3 May")
        assert people.guardians_of(office.db, "p1")[0].corporate is False


def test_there_is_one_for_every_schema_that_was_ever_written() -> None:
    assert {
        folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name != "__pycache__"
    } == set(schema.REVISIONS)
