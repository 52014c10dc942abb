"""A class list in: what it would change is shown, and kept only when a person says so (rules D5, D6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec

from consentdesk.classlists.read import ClassList, read_class_list
from consentdesk.model.circumstances import BirthRecorded, Renamed
from consentdesk.model.consent import CareChanged, Joined, Left, Moved
from consentdesk.model.difference import Change, Difference, compare
from consentdesk.model.people import Guardian, ListedGuardian, ListedPupil, Pupil
from consentdesk.services.guardians import recorded
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.store import people


class Preview(msgspec.Struct, frozen=True):
    """A class list as read, and what it would change."""

    listed: ClassList
    difference: Difference


def preview(office: Office, path: Path) -> Preview:
    """Read the class list at `path` and compare it with the pupils known; nothing is kept.

    Raises `KnownError` where the file is not a class list that can be trusted.
    """
    require(office, "import-pupils")
    listed = read_class_list(path, today=office.today)
    known = people.pupils(office.db, include_left=True)
    guardians = people.guardians_of_many(office.db, [pupil.id for pupil in known])
    difference = compare(
        known,
        listed.pupils,
        listed.scope,
        guardians=[one for family in guardians.values() for one in family],
    )
    return Preview(listed, difference)


def apply(office: Office, difference: Difference, *, leavers: bool = False) -> None:
    """Keep who was added and what was changed, all or nothing; consent is never touched.

    The missing are marked as having left only with `leavers`. Ambiguous rows stay as they are.
    """
    require(office, "import-pupils")
    with office.db.writing():
        happenings: list[Happening] = []
        for row in difference.added:
            happenings += _add(office, row)
        for change in difference.changed:
            happenings += _change(office, change)
        for pupil in difference.missing if leavers else ():
            people.update_pupil(office.db, msgspec.structs.replace(pupil, left=True))
            happenings.append(Happening(Left(), pupil.id))
        if happenings:
            record(office, happenings)


def _add(office: Office, row: ListedPupil) -> Iterator[Happening]:
    pupil = Pupil(
        id=uuid4().hex,
        legal_first=row.legal_first,
        legal_last=row.legal_last,
        preferred_first=row.preferred_first,
        preferred_last=row.preferred_last,
        class_name=row.class_name,
        date_of_birth=row.date_of_birth,
        year_group=row.year_group,
        upn=row.upn,
        admission_number=row.admission_number,
        looked_after=row.looked_after,
    )
    guardians = [_guardian(pupil.id, one) for one in row.guardians]
    people.add_pupils(office.db, [pupil], guardians)
    yield Happening(Joined(pupil.class_name, looked_after=bool(pupil.looked_after)), pupil.id)
    if pupil.date_of_birth is not None:
        yield Happening(BirthRecorded(pupil.date_of_birth), pupil.id)
    yield from map(recorded, guardians)


def _change(office: Office, change: Change) -> Iterator[Happening]:
    """Keep one pupil's changes; what can change a status is an event as well (rule C1)."""
    before, after = change.pupil, change.updated
    if change.fields:
        people.update_pupil(office.db, after)
    if change.guardians_added or change.guardians_changed:
        renewed = {
            one.guardian.id: msgspec.structs.replace(
                one.guardian, **{field.field: field.after for field in one.fields}
            )
            for one in change.guardians_changed
        }
        kept = [renewed.get(one.id, one) for one in people.guardians_of(office.db, before.id)]
        added = [_guardian(before.id, one) for one in change.guardians_added]
        people.set_guardians(office.db, before.id, [*kept, *added])
        yield from map(recorded, [*renewed.values(), *added])
    yield from renamed_or_reborn(before, after)
    if before.left and not after.left:
        yield Happening(Joined(after.class_name, looked_after=bool(after.looked_after)), after.id)
        return
    if before.class_name != after.class_name:
        yield Happening(Moved(after.class_name), after.id)
    if bool(before.looked_after) != bool(after.looked_after):
        yield Happening(CareChanged(bool(after.looked_after)), after.id)


def renamed_or_reborn(before: Pupil, after: Pupil) -> Iterator[Happening]:
    """Another name, or another birthday, of a pupil (rules D5, A4)."""
    names = (after.legal_first, after.legal_last, after.preferred_first, after.preferred_last)
    if names != (before.legal_first, before.legal_last, before.preferred_first, before.preferred_last):
        yield Happening(Renamed(*names), after.id)
    if after.date_of_birth is not None and after.date_of_birth != before.date_of_birth:
        yield Happening(BirthRecorded(after.date_of_birth), after.id)


def _guardian(pupil: str, listed: ListedGuardian) -> Guardian:
    return Guardian(uuid4().hex, pupil, listed.name, listed.relationship, listed.responsibility)
