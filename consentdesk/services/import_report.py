"""What an import found, for people to read and for `import --json`."""

from __future__ import annotations

import msgspec

from consentdesk.model.difference import Change
from consentdesk.services.import_pupils import Preview


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
