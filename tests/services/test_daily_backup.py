"""A backup a day, thinned; a stick that vanishes costs a sentence and nothing else."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from consentdesk.errors import KnownError
from consentdesk.services import daily_backup
from consentdesk.services.daily_backup import (
    DAYS,
    MONTHS,
    WEEKS,
    back_up_daily,
    backup_due,
    backup_place,
    choose_backup_place,
    daily_backups,
    worth_keeping,
)
from consentdesk.services.progress import finish
from consentdesk.services.school_settings import back_up_now, last_backup
from consentdesk.store import backup, images
from tests.services.made_up import Desk

NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 - the clock on the wall

moments = some.lists(
    some.integers(0, 60 * 24 * 800).map(lambda minutes: NOON - timedelta(minutes=minutes)), max_size=60
)


@given(moments)
def test_the_newest_stays_and_no_more_than_days_weeks_and_months(times: list[datetime]) -> None:
    kept = worth_keeping(times)
    assert kept <= set(times)
    assert len(kept) <= DAYS + WEEKS + MONTHS
    if times:
        assert max(times) in kept


@given(moments)
def test_thinning_twice_is_thinning_once(times: list[datetime]) -> None:
    kept = worth_keeping(times)
    assert worth_keeping(kept) == kept


@given(moments)
def test_thinning_as_one_goes_keeps_a_week_of_days(times: list[datetime]) -> None:
    kept: frozenset[datetime] = frozenset()
    for moment in sorted(times):
        kept = worth_keeping({*kept, moment})
    days = sorted({moment.date() for moment in times}, reverse=True)[:DAYS]
    assert {moment.date() for moment in kept} >= set(days)


def test_two_years_of_days_become_days_weeks_and_months() -> None:
    kept: frozenset[datetime] = frozenset()
    for day in range(730, -1, -1):
        kept = worth_keeping({*kept, NOON - timedelta(days=day)})
    assert len(kept) <= DAYS + WEEKS + MONTHS
    assert len({moment.strftime("%Y-%m") for moment in kept}) == MONTHS


def test_a_backup_is_due_once_a_day_and_noted(desk: Desk) -> None:
    assert backup_due(desk.office)
    made = finish(back_up_daily(desk.office))
    assert made.folder.parent == desk.office.folder / "backups"
    assert not backup_due(desk.office)
    noted = last_backup(desk.office)
    assert noted is not None
    assert noted.folder == made.folder
    desk.clock.sleep(days=1)
    assert backup_due(desk.office)
    finish(back_up_daily(desk.office))
    assert len(daily_backups(desk.office)) == 2


def test_a_clock_that_was_ahead_does_not_stop_backups(desk: Desk) -> None:
    desk.clock.sleep(days=400)
    finish(back_up_daily(desk.office))
    desk.clock.sleep(days=-400)
    assert backup_due(desk.office)


def test_only_daily_backups_of_this_office_are_thinned(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_backup_place(desk.office, stick)
    by_hand = back_up_now(desk.office, stick).folder
    other = stick / "ConsentDesk daily 2020-01-01 10.00.00"
    shutil.copytree(by_hand, other)
    (other / "office.keys").write_bytes(b"of another office")
    monkeypatch.setattr(daily_backup, "worth_keeping", lambda times: {max(times)})
    for _ in range(3):
        desk.clock.sleep(days=1)
        finish(back_up_daily(desk.office))
    assert len(daily_backups(desk.office)) == 1
    assert by_hand.is_dir()
    assert other.is_dir()


def test_work_goes_on_between_the_steps_and_the_backup_is_sound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_AT_A_TIME", 1)
    for number in range(4):
        images.keep_image(desk.office.db, bytes([number]) * 5000, "crop")
    job = back_up_daily(desk.office)
    seen: Counter[int] = Counter()
    while True:
        try:
            seen[next(job).done] += 1
        except StopIteration:
            break
        images.keep_image(desk.office.db, b"meanwhile", "crop")
    assert len(seen) >= 4


def test_a_stick_that_is_not_there_is_said_and_made_nowhere(desk: Desk, tmp_path: Path) -> None:
    choose_backup_place(desk.office, tmp_path / "stick")
    assert backup_due(desk.office)
    with pytest.raises(KnownError, match=r"is not there.*plug the stick in"):
        finish(back_up_daily(desk.office))
    assert not (tmp_path / "stick").exists()
    choose_backup_place(desk.office, None)
    assert backup_place(desk.office) == desk.office.folder / "backups"


@pytest.mark.parametrize("step", [1, 2])
def test_a_stick_that_is_pulled_out_meanwhile_costs_that_backup_alone(
    desk: Desk, tmp_path: Path, step: int
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_backup_place(desk.office, stick)
    images.keep_image(desk.office.db, b"a picture", "crop")
    job = back_up_daily(desk.office)
    for _ in range(step):
        next(job)
    shutil.rmtree(stick)
    with pytest.raises(KnownError):
        finish(job)
    assert last_backup(desk.office) is None
    stick.mkdir()
    finish(back_up_daily(desk.office))
    assert [one.folder.parent for one in daily_backups(desk.office)] == [stick]


def test_a_full_stick_lets_old_backups_go_but_not_the_newest_two(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        desk.clock.sleep(days=1)
        finish(back_up_daily(desk.office))
    newest = [one.folder for one in daily_backups(desk.office)[:2]]
    monkeypatch.setattr(daily_backup.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(KnownError, match="too little room"):
        finish(back_up_daily(desk.office))
    assert [one.folder for one in daily_backups(desk.office)] == newest


def test_what_a_crash_left_of_a_backup_is_cleared_away(desk: Desk) -> None:
    job = back_up_daily(desk.office)
    next(job)
    place = backup_place(desk.office)
    left = place / ".ConsentDesk daily 2020-01-01 10.00.00.part"
    shutil.copytree(next(place.glob(".*")), left)
    os.utime(left, (0, 0))
    job.close()
    desk.clock.sleep(days=3)
    finish(back_up_daily(desk.office))
    assert [one.name for one in place.iterdir()] == [one.folder.name for one in daily_backups(desk.office)]
