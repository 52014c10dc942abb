"""Snapshots for teachers: issued for a class, logged, opened without an office, asked back when they allow too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import uuid4

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import Event
from consentdesk.model.keeping_events import SnapshotIssued, SnapshotRecalled
from consentdesk.model.snapshot import Snapshot, SnapshotCondition, SnapshotPupil
from consentdesk.model.status import status_of
from consentdesk.services.office import Office, require, user_name
from consentdesk.services.record import Happening, record
from consentdesk.services.trip import TripCheck, TripPupil
from consentdesk.store import ledger, people, school, snapshot_file

SHORTEST_PASSPHRASE: Final = 12
LONGEST_DAYS: Final = 31
USUAL_DAYS: Final = 7
_ALL: Final = 1_000_000_000

RecallOutcome = Literal["deleted", "not-found"]


class IssuedSnapshot(msgspec.Struct, frozen=True):
    """A snapshot that was given out. `too_wide_for` are pupils of whom it allows what is not allowed any more."""

    id: str
    of: str
    issued: datetime
    by: str
    until: date
    pupils: int
    too_wide_for: tuple[str, ...]
    recalled: RecallOutcome | None

    @property
    def to_recall(self) -> bool:
        """Whether somebody should ask for it back."""
        return bool(self.too_wide_for) and self.recalled is None


def issue(
    office: Office, check: TripCheck, target: Path, passphrase: str, *, days: int = USUAL_DAYS
) -> Snapshot:
    """Write what `check` shows into an encrypted file of its own, to be used for so many days, and record that.

    Nothing else is in it: no scans, no reasons, no ids. The ledger has the record before the file has its
    name. Raises `KnownError` where the passphrase is too short, the days are too many or the file is there already.
    """
    require(office, "export-lists")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KnownError(
            f"the passphrase of a snapshot needs at least {SHORTEST_PASSPHRASE} characters",
            "nothing was written",
            "choose four unrelated words, and tell them to the teacher by another way than the file",
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise KnownError(
            f"a snapshot may be used for 1 to {LONGEST_DAYS} days", "nothing was written", "choose fewer days"
        )
    if target.exists():
        raise KnownError(f"{target} exists already", "nothing was written", "choose another name")
    made = _snapshot(office, check, office.today + timedelta(days=days))
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        snapshot_file.write(part, made, passphrase)
        issued = SnapshotIssued(
            made.id,
            check.school_class,
            made.as_at,
            made.until,
            tuple(one.purpose for one in check.purposes),
            tuple(one.pupil for one in check.pupils),
        )
        record(office, [Happening(issued)])
        part.replace(target)
        paths.flush_folder(target.parent)
    except OSError as error:
        raise paths.write_error(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return made


def open_snapshot(untrusted_path: Path, passphrase: str, today: date) -> Snapshot:
    """Read a snapshot; no office and no user are needed. Raises `KnownError` after its last day."""
    snapshot = snapshot_file.read(untrusted_path, passphrase)
    if today > snapshot.until:
        raise KnownError(
            f"this snapshot was for use until {snapshot.until:%d %B %Y}, and may be wrong by now",
            "it says nothing about today",
            "ask the office for a new one, and delete this file",
        )
    return snapshot


def snapshots(office: Office) -> list[IssuedSnapshot]:
    """Every snapshot that was given out, newest first, and whether it allows too much by now."""
    require(office, "keep-safe")
    events = [
        one
        for one in ledger.events(office.db, limit=_ALL)
        if isinstance(one.what, SnapshotIssued | SnapshotRecalled)
    ]
    recalled = {
        one.what.snapshot: one.what.outcome for one in events if isinstance(one.what, SnapshotRecalled)
    }
    return [
        _issued(office, one, one.what, recalled.get(one.what.snapshot))
        for one in reversed(events)
        if isinstance(one.what, SnapshotIssued)
    ]


def to_recall(office: Office, pupil: str | None = None) -> list[IssuedSnapshot]:
    """The snapshots that somebody should ask for back: of everyone, or because of this pupil (by id)."""
    names = {pupil.id: pupil.display_name for pupil in people.pupils(office.db, include_left=True)}
    return [
        one
        for one in snapshots(office)
        if one.to_recall and (pupil is None or names.get(pupil, "") in one.too_wide_for)
    ]


def recall(office: Office, snapshot: str, outcome: RecallOutcome, note: str = "") -> None:
    """Record what became of a snapshot that was asked back. Raises `KnownError` where there is no such snapshot."""
    require(office, "keep-safe")
    if snapshot not in {one.id for one in snapshots(office)}:
        raise KnownError(
            f"there is no snapshot {snapshot}", "nothing was recorded", "look at the list of snapshots"
        )
    record(office, [Happening(SnapshotRecalled(snapshot, outcome, note))])


def _snapshot(office: Office, check: TripCheck, until: date) -> Snapshot:
    return Snapshot(
        uuid4().hex[:12],
        school.school(office.db).name,
        check.school_class,
        check.as_at,
        until,
        tuple(one.name for one in check.purposes),
        tuple(map(_shown, check.pupils)),
        check.waiting,
    )


def _shown(pupil: TripPupil) -> SnapshotPupil:
    conditions = tuple(SnapshotCondition(one.purposes, one.words) for one in pupil.conditions)
    return SnapshotPupil(pupil.name, pupil.school_class, pupil.group, pupil.allowed, conditions)


def _issued(
    office: Office, event: Event, what: SnapshotIssued, recalled: RecallOutcome | None
) -> IssuedSnapshot:
    named = people.pupils_named(office.db, what.pupils)
    wide = tuple(
        named[pupil].display_name if pupil in named else "a pupil who is no longer here"
        for pupil in _too_wide(office, event, what)
    )
    return IssuedSnapshot(
        what.snapshot,
        what.of,
        event.at,
        user_name(office, event.by),
        what.until,
        len(what.pupils),
        wide,
        recalled,
    )


def _too_wide(office: Office, issued: Event, what: SnapshotIssued) -> Iterator[str]:
    """The pupils of whom something was allowed then that is not allowed now."""
    histories = ledger.events_of_many(office.db, what.pupils)
    for pupil in what.pupils:
        events = histories[pupil]
        then = _allowed([one for one in events if one.seq < issued.seq], issued.on, what.purposes)
        if then - _allowed(events, office.today, what.purposes):
            yield pupil


def _allowed(events: Sequence[Event], day: date, purposes: Sequence[str]) -> set[str]:
    found = status_of(events, day, purposes)
    return {purpose for purpose in purposes if found[purpose].acts_as == "yes"}
