"""A leaver's record erased for good, by the head, with what is left of it told plainly (rule D3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.people import Pupil
from consentdesk.model.school_events import Erased
from consentdesk.services.office import Office, event, require
from consentdesk.services.pupil_record import pupil_with
from consentdesk.services.retention import leavers
from consentdesk.services.take_downs import take_downs
from consentdesk.store import erasure, scans

_BACKUPS = "before-migrations"


class WouldErase(msgspec.Struct, frozen=True):
    """What an erasure would remove, before anything is: counts, and from which day the school does so by itself."""

    pupil: str
    name: str
    events: int
    slips: int
    pictures: int
    erase_from: date | None


class ErasureDone(msgspec.Struct, frozen=True):
    """What was removed, and what could not be: `still_named` events about others say the name, `copies` are folders.

    Backups and files that were taken out are out of the program's reach; the copies that it made itself lie
    in `copies`.
    """

    events: int
    slips: int
    pictures: int
    still_named: int
    copies: tuple[Path, ...]


def would_erase(office: Office, pupil_id: str) -> WouldErase:
    """What an erasure would remove. Raises `KnownError` where the pupil may not be erased now."""
    require(office, "erase-records")
    pupil = pupil_with(office, pupil_id)
    _refuse_unless_done_with(office, pupil)
    gone = erasure.remains(office.db, pupil.id)
    due = next((one.erase_from for one in leavers(office) if one.pupil == pupil.id), None)
    return WouldErase(pupil.id, pupil.display_name, gone.events, len(gone.slips), len(gone.pictures), due)


def erase(office: Office, pupil_id: str, *, early: bool = False) -> ErasureDone:
    """Erase a leaver: their names, guardians, slips, answers, pictures, and whatever was said about them.

    What stays is the number of events, by their kinds and days, under an id that belongs to nobody any more.
    Before its time only with `early`, as for somebody who asks for it. Raises `KnownError`, and changes nothing,
    where the pupil is at the school, something of theirs must still be taken down or decided, or it is too early.
    """
    require(office, "erase-records")
    pupil = pupil_with(office, pupil_id)
    plan = would_erase(office, pupil_id)
    if not early and (plan.erase_from is None or plan.erase_from > office.today):
        when = (
            f"until {plan.erase_from.isoformat()}"
            if plan.erase_from
            else "for a time that nobody has recorded"
        )
        raise KnownError(
            f"the school keeps the record of {pupil.display_name} {when}",
            "nothing was erased",
            "wait, or say that it is to be erased before its time",
        )
    gone = erasure.remains(office.db, pupil.id)
    told = event(office, Erased(pupil.id, gone.events, len(gone.slips), len(gone.pictures)))
    erasure.erase(office.db, pupil, gone, told)
    backups = office.folder / _BACKUPS
    return ErasureDone(
        gone.events,
        len(gone.slips),
        len(gone.pictures),
        erasure.events_that_name(office.db, pupil),
        tuple(sorted(backups.iterdir())) if backups.is_dir() else (),
    )


def _refuse_unless_done_with(office: Office, pupil: Pupil) -> None:
    name = pupil.display_name
    if not pupil.left:
        raise KnownError(
            f"{name} is at the school, so their record is needed",
            "nothing was erased",
            "mark them as having left",
        )
    down = take_downs(office, pupil=pupil.id)
    if down:
        raise KnownError(
            f"{down[0].what} must still be taken down for {name}",
            "nothing was erased",
            f"do that first ({', '.join(one.code for one in down)})",
        )
    slips = set(erasure.remains(office.db, pupil.id).slips)
    waiting = [*scans.waiting_review(office.db), *scans.waiting_confirmation(office.db)]
    if any(row.slip in slips for row in waiting):
        raise KnownError(
            f"a slip of {name} waits to be looked at", "nothing was erased", "decide about it first"
        )
