"""The check of an activity, and its sheet for the coach; that it was made is in the ledger first (A7, P3, C9, D4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.people import Pupil, class_order
from consentdesk.model.school_events import SheetMade
from consentdesk.model.trip_sheet import SheetCondition, SheetPupil, TripSheet
from consentdesk.printing.trip_sheet import trip_sheet_pdf
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.services.stale import ListChange, MadeList, changes_since, made_lists
from consentdesk.services.trip import TripCheck, TripPupil, check_of
from consentdesk.services.trips import TripFile, trip_file
from consentdesk.store import people, school


class SheetInHand(msgspec.Struct, frozen=True):
    """The last sheet that was made of an activity, and whom it shows wrongly by now; good where nobody."""

    made: MadeList
    changes: tuple[ListChange, ...]

    @property
    def stale(self) -> bool:
        """Whether it must not be used any more."""
        return bool(self.changes)


class ActivityCheck(msgspec.Struct, frozen=True):
    """Who may be photographed at an activity; while `may_photograph` is False, nobody at all (rule A7)."""

    file: TripFile
    check: TripCheck
    sheet: SheetInHand | None

    @property
    def may_photograph(self) -> bool:
        """Whether a senior manager has permitted pictures, for this plan and in time."""
        return self.file.permission.state == "given" and not self.file.equipment_missing


class SheetDone(msgspec.Struct, frozen=True):
    """The sheet as PDF, and how many pupils it names in each group."""

    content: bytes
    stopped: int
    limited: int
    free: int
    encrypted: bool


def activity_check(office: Office, activity_id: str) -> ActivityCheck:
    """The three groups of an activity as at this moment. Raises `KnownError` where it is unknown."""
    require(office, "see-status")
    file = trip_file(office, activity_id)
    plan = file.activity.plan
    check = check_of(office, plan.title, _by_class(office, plan.pupils), plan.purposes)
    return ActivityCheck(file, check, _sheet_in_hand(office, file.activity.id))


def _by_class(office: Office, pupils: Sequence[str]) -> list[Pupil]:
    known = people.pupils_named(office.db, pupils).values()
    return sorted(known, key=lambda one: (class_order(one.class_name), one.sort_key))


def make_sheet(office: Office, activity_id: str, *, password: str | None = None) -> SheetDone:
    """The sheet for the coach as PDF, encrypted where a password is given, and recorded as taken out.

    Raises `KnownError`, and records nothing, where pictures are not permitted at the activity, or a name or
    condition has a character that cannot be printed.
    """
    require(office, "export-lists")
    found = activity_check(office, activity_id)
    _refuse_unless_permitted(found)
    plan = found.file.activity.plan
    content = trip_sheet_pdf(_sheet(office, found), password)
    made = SheetMade(found.file.activity.id, plan.pupils, plan.purposes, password is not None)
    record(office, [Happening(made)])
    stopped, limited, free = (len(found.check.of_group(group)) for group in ("none", "some", "all"))
    return SheetDone(content, stopped, limited, free, password is not None)


def write_sheet(office: Office, activity_id: str, target: Path, *, password: str | None = None) -> SheetDone:
    """Write the sheet to `target`, a PDF: recorded before the file has its name, and neither without the other."""
    with paths.write_whole(target) as part, office.db.writing():
        done = make_sheet(office, activity_id, password=password)
        part.write_bytes(done.content)
    return done


def _refuse_unless_permitted(found: ActivityCheck) -> None:
    plan, state = found.file.activity.plan, found.file.permission.state
    if found.may_photograph:
        return
    why = {
        "missing": "no senior manager has permitted pictures",
        "outdated": "the plan was changed since pictures were permitted",
        "late": "pictures were permitted only after the start",
        "given": "its equipment is not allowed any more",
    }[state]
    raise KnownError(
        f"there is no sheet for {plan.title}, since {why}",
        "nothing was written, and nobody may be photographed there",
        "have a head permit it before it starts",
    )


def _sheet_in_hand(office: Office, activity_id: str) -> SheetInHand | None:
    made = next(iter(made_lists(office, activity=activity_id)), None)
    return SheetInHand(made, changes_since(office, made)) if made else None


def _sheet(office: Office, found: ActivityCheck) -> TripSheet:
    plan, permission, check = found.file.activity.plan, found.file.permission, found.check
    moment = permission.at.astimezone() if permission.at else None
    in_hand = found.sheet
    # By class and surname: within a group the check stands by what keeps each from counting, which no sheet tells.
    places = {pupil.id: place for place, pupil in enumerate(_by_class(office, plan.pupils))}
    in_order = sorted(check.pupils, key=lambda one: places[one.pupil])
    return TripSheet(
        school=school.school(office.db).name,
        title=plan.title,
        starts=plan.starts.astimezone(),
        as_at=check.as_at.astimezone(),
        permitted=f"Permitted by {permission.by}, {_moment(moment)}" if moment else "",
        equipment=plan.equipment,
        afterwards=plan.afterwards,
        headings=tuple(one.name for one in check.purposes),
        stopped=tuple(_pupil(one) for one in in_order if one.group == "none"),
        limited=tuple(_pupil(one) for one in in_order if one.group == "some"),
        free=tuple(_pupil(one) for one in in_order if one.group == "all"),
        by_class=tuple(map(_pupil, in_order)),
        replaces=in_hand.made.at.astimezone() if in_hand else None,
        changed=tuple(one.name for one in in_hand.changes) if in_hand else (),
        notes=_notes(check),
    )


def _pupil(pupil: TripPupil) -> SheetPupil:
    return SheetPupil(
        pupil.name,
        pupil.school_class,
        tuple(name in pupil.allowed for name, _word in pupil.statuses),
        tuple(SheetCondition(one.purposes, one.words) for one in pupil.conditions),
    )


def _notes(check: TripCheck) -> tuple[str, ...]:
    notes = ["Whoever is not on this sheet may not be photographed."]
    if check.waiting:
        slips = "1 slip has" if check.waiting == 1 else f"{check.waiting} slips have"
        notes.append(f"{slips} come back and did not count yet when this sheet was made.")
    if check.tray:
        lie = "1 slip lies" if check.tray == 1 else f"{check.tray} slips lie"
        notes.append(f"{lie} in the tray without a code that could be used, and may be of these pupils.")
    return tuple(notes)


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"
