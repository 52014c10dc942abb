"""A snapshot says what the sheet says and no more, opens with its passphrase alone, and is asked back when too wide."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from consentdesk.errors import DamagedOffice, KnownError, NotAllowed, WrongPassword
from consentdesk.model.keeping_events import SnapshotIssued
from consentdesk.services import snapshots as services
from consentdesk.services.confirm import confirm
from consentdesk.services.office import Office
from consentdesk.services.progress import finish
from consentdesk.services.snapshots import issue, open_snapshot, recall, snapshots, to_recall
from consentdesk.services.trip import trip_check
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger
from consentdesk.store.slots import Role, User
from tests.services.made_up import Desk

WORDS = "four unrelated made-up words"


@pytest.fixture
def answered(desk: Desk) -> Desk:
    """Ada said yes to all; of Ben nothing came back."""
    desk.take(desk.seen(desk.print_for("Ada"), "yes"))
    desk.print_for("Ben")
    finish(confirm(desk.office))
    return desk


def issued(desk: Desk, **more: int) -> Path:
    target = desk.folder / f"4B {desk.events}.snapshot"
    issue(desk.office, trip_check(desk.office, "4B"), target, WORDS, **more)
    return target


def test_it_says_what_the_sheet_says(answered: Desk) -> None:
    sheet = trip_check(answered.office, "4B")
    seen = open_snapshot(issued(answered), WORDS, answered.office.today)
    assert (seen.school, seen.of) == ("Made-up School", "4B")
    assert seen.purposes == tuple(one.name for one in sheet.purposes)
    assert [(one.name, one.group, one.allowed) for one in seen.pupils] == [
        (one.name, one.group, one.allowed) for one in sheet.pupils
    ]
    assert {one.name: one.group for one in seen.pupils} == {"Ada Okafor": "all", "Ben O'Neill": "none"}


def test_nothing_in_it_is_readable_and_nothing_stays_beside_it(answered: Desk) -> None:
    before = {path.name for path in answered.folder.iterdir()}
    target = issued(answered)
    assert {path.name for path in answered.folder.iterdir()} == before | {target.name}
    data = target.read_bytes()
    assert b"Okafor" not in data
    assert b"SQLite format" not in data
    open_snapshot(target, WORDS, answered.office.today)
    assert target.read_bytes() == data
    assert {path.name for path in answered.folder.iterdir()} == before | {target.name}


def test_neither_ids_nor_reasons_nor_pictures_are_in_it(answered: Desk) -> None:
    withdraw(answered.office, answered.pupil("Ada").id, ["image.press"], "letter", note="a private reason")
    from consentdesk.store import snapshot_file  # noqa: PLC0415 - only what the file itself holds counts

    text = repr(snapshot_file.read(issued(answered), WORDS))
    for secret in (answered.pupil("Ada").id, "private", "withdrawn", "no-reply", "Ngozi", "101"):
        assert secret not in text


@pytest.mark.parametrize("wrong", ["", "four unrelated made-up word", "made up words"])
def test_another_passphrase_opens_nothing(answered: Desk, wrong: str) -> None:
    with pytest.raises(WrongPassword):
        open_snapshot(issued(answered), wrong, answered.office.today)


def test_a_damaged_one_is_refused(answered: Desk) -> None:
    target = issued(answered)
    data = target.read_bytes()
    for spoilt in (
        data[:500],
        data[:-4096],
        data[:-2000] + b"x" + data[-1999:],
        b"",
        b"not a snapshot" * 500,
    ):
        target.write_bytes(spoilt)
        with pytest.raises((DamagedOffice, WrongPassword)):
            open_snapshot(target, WORDS, answered.office.today)
    target.unlink()
    with pytest.raises(KnownError, match="cannot be opened"):
        open_snapshot(target, WORDS, answered.office.today)


def test_it_ends_on_its_day(answered: Desk) -> None:
    target = issued(answered, days=3)
    last = answered.office.today + timedelta(days=3)
    open_snapshot(target, WORDS, last)
    with pytest.raises(KnownError, match="may be wrong by now"):
        open_snapshot(target, WORDS, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("words", "days", "says"), [("too short", 7, "12 characters"), (WORDS, 0, "days"), (WORDS, 32, "days")]
)
def test_what_is_refused_is_neither_written_nor_recorded(
    answered: Desk, words: str, days: int, says: str
) -> None:
    before = answered.events
    with pytest.raises(KnownError, match=says):
        issue(answered.office, trip_check(answered.office, "4B"), answered.folder / "x", words, days=days)
    assert not (answered.folder / "x").exists()
    assert answered.events == before


def test_a_file_that_is_there_is_not_replaced(answered: Desk) -> None:
    target = issued(answered)
    with pytest.raises(KnownError, match="exists already"):
        issue(answered.office, trip_check(answered.office, "4B"), target, WORDS)


def test_no_file_is_left_where_it_could_not_be_recorded(
    answered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise KnownError("the disk is full")

    monkeypatch.setattr(services, "record", refuse)
    before = sorted(answered.folder.iterdir())
    with pytest.raises(KnownError, match="disk is full"):
        issued(answered)
    assert sorted(answered.folder.iterdir()) == before


def test_issuing_is_in_the_ledger(answered: Desk) -> None:
    seen = open_snapshot(issued(answered), WORDS, answered.office.today)
    last = ledger.events(answered.office.db, answered.events - 1)[0]
    assert isinstance(last.what, SnapshotIssued)
    assert (last.what.snapshot, last.what.of, len(last.what.pupils)) == (seen.id, "4B", 2)
    assert last.by == answered.office.user.id


def test_a_later_withdrawal_lists_the_snapshots_to_recall(answered: Desk) -> None:
    issued(answered)
    ada, ben = answered.pupil("Ada").id, answered.pupil("Ben").id
    assert to_recall(answered.office) == []
    withdraw(answered.office, ben, ["image.press"], "letter")
    assert to_recall(answered.office) == []  # nothing was allowed of Ben
    withdraw(answered.office, ada, ["image.press"], "letter")
    issued(answered)
    (wide,) = to_recall(answered.office)
    assert wide.too_wide_for == ("Ada Okafor",)
    assert to_recall(answered.office, ada) == [wide]
    assert to_recall(answered.office, ben) == []
    recall(answered.office, wide.id, "deleted", "said by phone")
    assert to_recall(answered.office) == []
    assert [one.recalled for one in snapshots(answered.office)] == [None, "deleted"]
    with pytest.raises(KnownError, match="no snapshot"):
        recall(answered.office, "nothing", "deleted")


def test_consent_that_ran_out_is_too_wide_as_well(answered: Desk) -> None:
    issued(answered)
    answered.clock.sleep(days=500)
    assert [one.too_wide_for for one in to_recall(answered.office)] == [("Ada Okafor",)]


def test_a_teacher_may_issue_and_not_see_the_register(answered: Desk) -> None:
    office = answered.office
    teacher = Office(office.db, User("t" * 32, "Tia", Role.TEACHER), office.unlocked)
    issue(teacher, trip_check(teacher, "4B"), answered.folder / "mine", WORDS)
    with pytest.raises(NotAllowed):
        snapshots(teacher)
