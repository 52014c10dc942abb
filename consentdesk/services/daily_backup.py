"""A backup a day while the office is open, thinned to days, weeks and months, on a disk or stick that may vanish."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.safekeeping import note_backup
from consentdesk.store import backup, keys, school
from consentdesk.store.database import KEYS

DAYS, WEEKS, MONTHS = 7, 4, 12
"""Of so many days, calendar weeks and months back, the newest backup of each is kept."""
DUE_AFTER: Final = timedelta(hours=20)
"""So that one is made every working day, even if the office opens a little earlier than the day before."""
_PLACE: Final = "daily-backup-place"
_NAMED = re.compile(r"ConsentDesk daily (\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d)")
_MARGIN_BYTES: Final = 50_000_000
_DAY_S: Final = 86_400


class Daily(msgspec.Struct, frozen=True):
    """A daily backup: when it was made, by the clock on the wall, and where it lies."""

    at: datetime
    folder: Path


def backup_place(office: Office) -> Path:
    """The folder for daily backups; one beside the office's files where none was chosen."""
    chosen = school.setting(office.db, _PLACE)
    return Path(chosen) if isinstance(chosen, str) and chosen else office.folder / "backups"


def choose_backup_place(office: Office, place: Path | None) -> None:
    """Keep daily backups in `place`, on another disk or a stick; None for the one beside the office's files."""
    require(office, "keep-safe")
    school.set_setting(office.db, _PLACE, str(place.absolute()) if place else "")


def daily_backups(office: Office) -> list[Daily]:
    """The daily backups of this office that are there, newest first. Raises `KnownError` where the place is not."""
    place = _place_that_is_there(office)
    found = []
    for folder in place.iterdir():
        named = _NAMED.fullmatch(folder.name)
        if named and _is_ours(folder, office.db.id):
            # A name carries the local time, as a person reads it.
            at = datetime.strptime(named[1], "%Y-%m-%d %H.%M.%S")  # noqa: DTZ007
            found.append(Daily(at, folder))
    return sorted(found, key=lambda one: one.at, reverse=True)


def backup_due(office: Office) -> bool:
    """Whether today's backup is still to be made; asks the folder itself, since backups may be moved away."""
    try:
        made = daily_backups(office)
    except KnownError:
        return True
    return not made or not timedelta() <= _on_the_wall(office) - made[0].at < DUE_AFTER


def back_up_daily(office: Office) -> Job[Daily]:
    """Make today's backup bit by bit, then thin the older ones; work may go on between the steps.

    Anyone signed in may run it: it shows nothing to anyone. Raises `KnownError` where the place is gone or full:
    nothing older is lost then.
    """
    made = daily_backups(office)
    _make_room(office, made)
    at = _on_the_wall(office)
    folder = _place_that_is_there(office) / f"ConsentDesk daily {at:%Y-%m-%d %H.%M.%S}"
    # Closed with the job, at once: what is half made goes with it.
    with closing(backup.copying(office.db, folder)) as steps:
        for done, total in steps:
            yield Progress(done, total, "backing up")
    note_backup(office, office.now(), folder)
    made = daily_backups(office)
    kept = worth_keeping(one.at for one in made)
    for one in made:
        if one.at not in kept:
            _remove(one)
    _clear_unfinished(folder.parent, office.now())
    return Daily(at.replace(microsecond=0), folder)


def worth_keeping(moments: Iterable[datetime]) -> frozenset[datetime]:
    """The newest of each of the last 7 days, 4 weeks and 12 months on which any backup was made.

    Counted by backups, not by the calendar: holidays thin nothing, and a clock set forward throws nothing away.
    """
    newest_first = sorted(set(moments), reverse=True)
    kept: set[datetime] = set()
    for period, how_many in (("%Y-%m-%d", DAYS), ("%G-%V", WEEKS), ("%Y-%m", MONTHS)):
        newest: dict[str, datetime] = {}
        for moment in newest_first:
            newest.setdefault(moment.strftime(period), moment)
        kept.update(sorted(newest.values(), reverse=True)[:how_many])
    return frozenset(kept)


def _on_the_wall(office: Office) -> datetime:
    return office.now().astimezone().replace(tzinfo=None)


def _place_that_is_there(office: Office) -> Path:
    """The place for backups. A stick that is not plugged in must not become a folder of this computer's own disk."""
    place = backup_place(office)
    if place == office.folder / "backups":
        with suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
    if not place.is_dir():
        raise KnownError(
            f"the folder for backups, {place}, is not there",
            "the office itself is safe, and older backups are untouched",
            "plug the stick in, or choose another folder",
        )
    return place


def _is_ours(folder: Path, database: str) -> bool:
    try:
        return (folder / KEYS).is_file() and keys.database_of(folder / KEYS) == database
    except (DamagedOffice, KnownError, OSError):
        return False


def _make_room(office: Office, made: list[Daily]) -> None:
    """Let old backups go where the disk would not hold the next one, the two newest never."""
    place = _place_that_is_there(office)
    needed = _MARGIN_BYTES + sum(file.path.stat().st_size for file in (office.db.office, office.db.images))
    spare = made[2:]
    while shutil.disk_usage(place).free < needed and spare:
        _remove(spare.pop())
    if shutil.disk_usage(place).free < needed:
        raise KnownError(
            f"{place} has too little room for a backup of {needed // 1_000_000} MB",
            "the office itself is safe, and the newest backups are untouched",
            "free some space there, or choose another folder",
        )


def _remove(one: Daily) -> None:
    # Its key slots go first: what is left of a removal that is cut off is no backup any more, and says so.
    with suppress(OSError):
        (one.folder / KEYS).unlink()
    shutil.rmtree(one.folder, ignore_errors=True)


def _clear_unfinished(place: Path, now: datetime) -> None:
    """Remove what a crash left of a daily backup in the making, or of one in removal, when it is a day old.

    A younger one may be another office's, being made on the same stick.
    """
    for folder in place.glob("*ConsentDesk daily *"):
        unfinished = folder.name.startswith(".") or not (folder / KEYS).exists()
        with suppress(OSError):
            if unfinished and now.timestamp() - folder.stat().st_mtime > _DAY_S:
                shutil.rmtree(folder, ignore_errors=True)
