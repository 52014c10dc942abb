"""What went through the scanner: every page once, readings that wait for somebody, pictures as evidence."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from consentdesk.errors import DamagedOffice
from consentdesk.model.consent import Returned
from consentdesk.model.form import FormDefinition, FormVersion, Variant
from consentdesk.model.people import Pupil
from consentdesk.model.reading import Outcome, Problem
from consentdesk.model.slip import PrintRun, Slip
from consentdesk.store import forms, images, ledger, people, scan_files, scans, slips, sweep
from consentdesk.store.database import Database
from consentdesk.store.scans import ReadingRow, ScanPage
from consentdesk.store.tables import image
from tests.store.made_up import Drawer, happened

SLIP = "S123456789"


def shop(db: Database) -> Database:
    """One pupil with one printed slip."""
    people.add_pupils(db, [Pupil("p1", "N", "L")])
    form = FormDefinition("f", "image", "T", ("l",), (), "w")
    forms.keep_version(db, FormVersion("AB12", "f", Variant(), form, b"{}", b"", "0" * 64))
    slip = Slip(SLIP, "p1", "f", "AB12", "run", date(2026, 9, 1), date(2027, 8, 31), "4B")
    slips.keep_run(db, PrintRun("run", datetime(2026, 9, 1, tzinfo=UTC), "u1", 1), [slip])
    return db


@pytest.fixture
def stocked(db: Database) -> Database:
    return shop(db)


def test_every_page_has_one_outcome(db: Database) -> None:
    file, batch = scan_files.begin_file(db, "a", 1), scans.new_batch(db)
    scans.keep_page(db, file, 2, Outcome.BLANK, batch=batch)
    scans.keep_page(db, file, 1, Outcome.UNREADABLE, Problem("cut-short", "The picture is cut short."))
    scans.keep_page(db, file, 1, Outcome.READ, batch=batch, details=b'{"slips": []}')
    assert scans.pages_done(db, file) == {1, 2}
    read = ScanPage(file, 1, Outcome.READ, None, batch, b'{"slips": []}')
    assert scans.pages(db, file=file) == [read, ScanPage(file, 2, Outcome.BLANK, None, batch, b"{}")]
    assert scans.pages(db, batch=batch + 1) == []


def test_many_pages_are_kept_at_once_each_in_place_of_what_was_written_before(db: Database) -> None:
    file, other = scan_files.begin_file(db, "a", 1), scan_files.begin_file(db, "b", 1)
    refused = ScanPage(file, 1, Outcome.REFUSED, Problem("huge-page", "Too large."), None, b"{}")
    elsewhere = ScanPage(other, 1, Outcome.BLANK, None, None, b"{}")
    scans.keep_pages(db, [refused, elsewhere])
    read = [ScanPage(file, number, Outcome.READ, None, None, b'{"slips": []}') for number in (1, 2)]
    scans.keep_pages(db, read)
    scans.keep_pages(db, [])
    assert scans.pages(db) == [*read, elsewhere]


def test_a_problem_is_kept_with_its_page(db: Database) -> None:
    file = scan_files.begin_file(db, "a", 1)
    scans.keep_page(db, file, 1, Outcome.UNREADABLE, Problem("cut-short", "The picture is cut short."))
    assert scans.pages(db)[0].problem == Problem("cut-short", "The picture is cut short.")


def reading(db: Database, name: str, **parts: object) -> ReadingRow:
    row = ReadingRow(name, None, 1, 0, SLIP, None, Outcome.READ, True, b"{}", None, "", "waiting", db.now())
    row = replace(row, **parts)
    scans.keep_reading(db, row)
    return row


def test_a_reading_comes_back_as_kept_and_moves_on(stocked: Database) -> None:
    file = scan_files.begin_file(stocked, "a", 1)
    row = reading(stocked, "x", file=file, signed=None, decision=b'{"a": 1}', crop="i1", typed_code="7F3K")
    assert scans.reading(stocked, "x") == row
    assert scans.reading(stocked, "y") is None
    scans.set_reading_state(stocked, "x", "done")
    assert scans.reading(stocked, "x") == replace(row, state="done")
    scans.change_reading(stocked, replace(row, slip=None, state="unmatched"))
    assert scans.in_tray(stocked) == [replace(row, slip=None, state="unmatched")]


def test_a_change_to_no_reading_is_a_bug(stocked: Database) -> None:
    row = reading(stocked, "x")
    with pytest.raises(KeyError):
        scans.set_reading_state(stocked, "y", "done")
    with pytest.raises(KeyError):
        scans.change_reading(stocked, replace(row, id="y"))


def test_readings_are_found_by_what_they_wait_for(stocked: Database) -> None:
    file, first, second = (
        scan_files.begin_file(stocked, "a", 1),
        scans.new_batch(stocked),
        scans.new_batch(stocked),
    )
    clear = reading(stocked, "clear", batch=first, file=file)
    later = reading(stocked, "later", batch=second)
    doubtful = reading(stocked, "doubtful", batch=first, state="review")
    strange = reading(stocked, "strange", batch=first, slip=None, state="refused", outcome=Outcome.REFUSED)
    done = reading(stocked, "done", batch=first, state="done")
    assert scans.waiting_review(stocked) == [doubtful]
    assert scans.waiting_confirmation(stocked) == [clear, later]
    assert scans.waiting_confirmation(stocked, first) == [clear]
    assert scans.in_tray(stocked) == [strange]
    assert scans.readings_of(stocked, SLIP) == [clear, later, doubtful, done]
    assert scans.readings(stocked, batch=first) == [clear, doubtful, strange, done]
    assert scans.readings(stocked, file=file) == [clear]
    assert len(scans.readings(stocked)) == 5


def test_batches_count_on_and_count_their_slips(stocked: Database) -> None:
    first, second = scans.new_batch(stocked), scans.new_batch(stocked)
    reading(stocked, "a", batch=first)
    reading(stocked, "b", batch=first, state="done")
    reading(stocked, "c", batch=first, slip=None, state="unmatched")
    scans.confirm_batch(stocked, first, "u1")
    one, two = scans.batches(stocked)
    assert (one.number, one.slips, one.waiting, one.confirmed_by) == (first, 2, 1, "u1")
    assert one.confirmed_at is not None
    assert one.confirmed_at > one.opened
    assert (two.number, two.slips, two.waiting, two.confirmed_at) == (second, 0, 0, None)
    assert second == first + 1


# Images.


def test_an_image_comes_back_as_kept(drawer: Drawer) -> None:
    db = drawer.make()
    image_id, sha256 = images.keep_image(db, b"\xff\xd8 a crop", "crop")
    assert len(sha256) == 64
    db.close()
    assert images.image(drawer.open(), image_id) == b"\xff\xd8 a crop"


def test_pictures_are_named_before_they_are_kept_and_kept_all_at_once(db: Database) -> None:
    crops = [images.picture(data, "crop") for data in (b"one", b"another", b"one")]
    assert kept_images(db) == set()
    images.keep_pictures(db, crops)
    images.keep_pictures(db, [])
    assert [images.image(db, crop.id) for crop in crops] == [b"one", b"another", b"one"]
    assert crops[0].sha256 == crops[2].sha256 == hashlib.sha256(b"one").hexdigest()
    assert len(kept_images(db)) == 3


def test_an_image_that_changed_or_is_gone_is_refused(db: Database) -> None:
    image_id, _ = images.keep_image(db, b"a crop", "crop")
    db.images.write(image.update().values(data=b"another"))
    with pytest.raises(DamagedOffice, match="not as it was kept"):
        images.image(db, image_id)
    with pytest.raises(DamagedOffice, match="lacks an image"):
        images.image(db, "unknown")


def kept_images(db: Database) -> set[str]:
    return {row.id for row in db.images.rows(sa.select(image.c.id))}


def test_the_sweep_takes_what_nothing_names_and_leaves_the_rest(stocked: Database) -> None:
    named_by_reading, _ = images.keep_image(stocked, b"1", "crop")
    named_by_event, sha256 = images.keep_image(stocked, b"2", "crop")
    images.keep_image(stocked, b"3", "crop")
    reading(stocked, "x", crop=named_by_reading)
    returned = Returned("y", "scan", True, None, named_by_event, sha256)
    ledger.append(stocked, [happened(stocked, returned)])
    assert sweep.sweep(stocked) == 1
    assert kept_images(stocked) == {named_by_reading, named_by_event}
    assert sweep.sweep(stocked) == 0
