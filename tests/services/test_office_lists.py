"""Rules N2, I2 and D4: the lists that leave for the technician and for whoever destroys pictures, each recorded."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from consentdesk.errors import KnownError
from consentdesk.model.school_events import HandedOut
from consentdesk.services.access_record import end_access
from consentdesk.services.confirm import confirm
from consentdesk.services.image_sets import keep_images
from consentdesk.services.office_lists import (
    write_access_changes,
    write_access_record,
    write_destruction_list,
)
from consentdesk.services.progress import finish
from consentdesk.store import ledger
from tests.services.made_up import Desk


def words_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


def has_access(desk: Desk, name: str) -> None:
    desk.take(desk.seen(desk.print_for(name, "internet-access")))
    finish(confirm(desk.office))


def last(desk: Desk) -> object:
    return ledger.events(desk.office.db, desk.events - 1)[-1].what


def test_n2_the_technician_is_told_whom_to_switch_off_and_never_why(desk: Desk, tmp_path: Path) -> None:
    has_access(desk, "Ada")
    has_access(desk, "Ben")
    desk.clock.sleep(2)
    end_access(desk.office, "used another’s name", pupil="Ada Okafor")
    target = tmp_path / "changes.pdf"
    finish(write_access_changes(desk.office, date(2026, 11, 2), target))
    text = words_of(target)
    assert text.index("Switch off") < text.index("Ada Okafor, 4B (pupil)") < text.index("Switch on")
    assert "another’s name" not in text
    assert last(desk) == HandedOut("access-record", 1, encrypted=False)


def test_n1_the_whole_record_is_written_by_class(desk: Desk, tmp_path: Path) -> None:
    has_access(desk, "Ben")
    assert finish(write_access_record(desk.office, tmp_path / "record.pdf", password="made up words")) == 1
    assert PdfReader(tmp_path / "record.pdf").is_encrypted
    assert last(desk) == HandedOut("access-record", 1, encrypted=True)


def test_i2_the_list_of_pictures_to_destroy_has_room_to_sign(desk: Desk, tmp_path: Path) -> None:
    keep_images(desk.office, "Sports day", "camera 2", "card", date(2026, 11, 2))
    keep_images(desk.office, "Concert", "staff drive", "school", date(2026, 11, 2))
    found = write_destruction_list(desk.office, date(2026, 12, 1), tmp_path / "due.pdf")
    assert [one.images.what for one in found] == ["Sports day"]
    text = words_of(tmp_path / "due.pdf")
    assert "Sports day: camera 2 (card or camera)" in text
    assert "Destroyed by" in text
    assert "____ on ____" in text
    assert "Concert" not in text
    assert last(desk) == HandedOut("destruction-list", 1, encrypted=False)


def test_d4_nothing_is_recorded_where_nothing_could_be_written(desk: Desk, tmp_path: Path) -> None:
    before = desk.events
    target = tmp_path / "missing" / "list.pdf"
    with pytest.raises(KnownError, match="There is no folder"):
        finish(write_access_changes(desk.office, date(2026, 11, 2), target))
    with pytest.raises(KnownError, match="There is no folder"):
        finish(write_access_record(desk.office, target))
    with pytest.raises(KnownError, match="There is no folder"):
        write_destruction_list(desk.office, date(2026, 12, 1), target)
    assert desk.events == before
