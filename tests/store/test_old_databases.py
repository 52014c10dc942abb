"""Every office that an earlier program wrote still opens, is brought up to date, and says what it said then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from consentdesk.model.consent import Withdrawn
from consentdesk.services.office import Office, open_office, open_with_recovery, users
from consentdesk.store import forms, images, keys, ledger, people, scans, schema, slips, verify

HERE = Path(__file__).resolve().parents[1] / "old_databases"
PASSWORD = "a made-up password"
GROUPS = {"0001": "7ATZA 7ZPMS RF999 3CWHH 4GE18 NT8AN T5EE6 JWY57"}


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
    assert [event.kind for event in events] == [
        "joined",
        "issued",
        "returned",
        "answered",
        "confirmed",
        "withdrawn",
    ]
    assert events[-1].what == Withdrawn(("image.website",), "phone")


def test_there_is_one_for_every_schema_that_was_ever_written() -> None:
    assert {
        folder.name for folder in HERE.iterdir() if folder.is_dir() and folder.name != "__pycache__"
    } == set(schema.REVISIONS)
