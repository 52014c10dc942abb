"""A class list in: what it would change is shown, and kept only when a person says so (rules D5, D6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec

from consentdesk.classlists.read import ClassList, read_class_list
from consentdesk.model.consent import CareChanged, Joined, Left, Moved
from consentdesk.model.difference import Change, Difference, compare
from consentdesk.model.people import Guardian, ListedGuardian, ListedPupil, Pupil
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
    require(office, "import")
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
    require(office, "import")
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
    people.add_pupils(office.db, [pupil], [_guardian(pupil.id, one) for one in row.guardians])
    yield Happening(Joined(pupil.class_name, looked_after=bool(pupil.looked_after)), pupil.id)


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
    if before.left and not after.left:
        yield Happening(Joined(after.class_name, looked_after=bool(after.looked_after)), after.id)
        return
    if before.class_name != after.class_name:
        yield Happening(Moved(after.class_name), after.id)
    if bool(before.looked_after) != bool(after.looked_after):
        yield Happening(CareChanged(bool(after.looked_after)), after.id)


def _guardian(pupil: str, listed: ListedGuardian) -> Guardian:
    return Guardian(uuid4().hex, pupil, listed.name, listed.relationship, listed.responsibility)


class AddedPupil(msgspec.Struct, frozen=True):
    """A pupil who is new, as the report of an import names them."""

    line: int
    name: str
    school_class: str = msgspec.field(name="class")
    warnings: tuple[str, ...] = ()


class ChangedField(msgspec.Struct, frozen=True):
    """One thing that the list knows otherwise, as text."""

    field: str
    before: str | None
    after: str | None


class ChangedPupil(msgspec.Struct, frozen=True):
    """A pupil whom the list knows otherwise; `by` is the evidence that it is the same child."""

    pupil: str
    name: str
    line: int
    by: str
    fields: tuple[ChangedField, ...]
    guardians_added: int
    guardians_changed: int


class DoubtfulRows(msgspec.Struct, frozen=True):
    """Rows that a person must decide about, and why."""

    lines: tuple[int, ...]
    pupils: tuple[str, ...]
    reason: str


class MissingPupil(msgspec.Struct, frozen=True):
    """A pupil whom the list leaves out: proposed as a leaver."""

    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")


class SkippedLine(msgspec.Struct, frozen=True):
    """A line of the file that made no pupil."""

    line: int
    reason: str


class Counts(msgspec.Struct, frozen=True):
    """How many pupils or rows are of each kind."""

    added: int
    changed: int
    unchanged: int
    ambiguous: int
    missing: int
    skipped: int


class ImportReport(msgspec.Struct, frozen=True):
    """An import as JSON tells it; `applied` says whether anything was kept."""

    file: str
    kind: str
    applied: bool
    leavers_applied: bool
    counts: Counts
    added: tuple[AddedPupil, ...]
    changed: tuple[ChangedPupil, ...]
    ambiguous: tuple[DoubtfulRows, ...]
    missing: tuple[MissingPupil, ...]
    unknown_columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    skipped: tuple[SkippedLine, ...]
    warnings: tuple[str, ...]


def report(seen: Preview, file: str, *, applied: bool, leavers: bool) -> ImportReport:
    """What a preview found, for people and programs to read."""
    listed, difference = seen.listed, seen.difference
    return ImportReport(
        file=file,
        kind=listed.kind,
        applied=applied,
        leavers_applied=applied and leavers,
        counts=Counts(
            added=len(difference.added),
            changed=len(difference.changed),
            unchanged=len(difference.unchanged),
            ambiguous=sum(len(one.rows) for one in difference.ambiguous),
            missing=len(difference.missing),
            skipped=len(listed.skipped),
        ),
        added=tuple(
            AddedPupil(row.line, row.display_name, row.class_name, row.warnings) for row in difference.added
        ),
        changed=tuple(map(_changed, difference.changed)),
        ambiguous=tuple(
            DoubtfulRows(
                tuple(row.line for row in one.rows), tuple(pupil.id for pupil in one.pupils), one.reason
            )
            for one in difference.ambiguous
        ),
        missing=tuple(
            MissingPupil(pupil.id, pupil.display_name, pupil.class_name) for pupil in difference.missing
        ),
        unknown_columns=listed.unknown_columns,
        ignored_columns=listed.ignored_columns,
        skipped=tuple(SkippedLine(one.line, one.reason) for one in listed.skipped),
        warnings=(
            *listed.remarks,
            *(f"Line {row.line}: {warning}" for row in listed.pupils for warning in row.warnings),
        ),
    )


def _changed(change: Change) -> ChangedPupil:
    return ChangedPupil(
        pupil=change.pupil.id,
        name=change.pupil.display_name,
        line=change.line,
        by=change.by,
        fields=tuple(
            ChangedField(field.field, _text(field.before), _text(field.after)) for field in change.fields
        ),
        guardians_added=len(change.guardians_added),
        guardians_changed=len(change.guardians_changed),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
