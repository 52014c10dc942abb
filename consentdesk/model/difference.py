"""What a class list would change (rule D6): worked out and shown; applying it is for a person to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from consentdesk.model.matching import Ambiguity, pair_up
from consentdesk.model.people import (
    Guardian,
    ListedGuardian,
    ListedPupil,
    Pupil,
    admission_key,
    class_key,
    fold,
)

Value = str | int | bool | date | None


class FieldChange(msgspec.Struct, frozen=True):
    """One field of a pupil or guardian, by its name in the model, that the list says otherwise."""

    field: str
    before: Value
    after: Value


class GuardianChange(msgspec.Struct, frozen=True):
    """What the list says otherwise of a guardian already known to this pupil."""

    guardian: Guardian
    fields: tuple[FieldChange, ...]


class Change(msgspec.Struct, frozen=True):
    """A pupil whom the list knows differently: `line` is the row that says so, `by` how it was matched.

    Guardians are only ever added or filled in: one whom the list leaves out stays. Consent is never touched.
    """

    pupil: Pupil
    line: int
    by: str
    fields: tuple[FieldChange, ...] = ()
    guardians_added: tuple[ListedGuardian, ...] = ()
    guardians_changed: tuple[GuardianChange, ...] = ()

    @property
    def updated(self) -> Pupil:
        """The pupil with the changes made."""
        return msgspec.structs.replace(self.pupil, **{change.field: change.after for change in self.fields})


class Difference(msgspec.Struct, frozen=True):
    """What applying a class list would do; every row stands in exactly one of the first four.

    `missing` are pupils whom the list covers and does not name: proposed as leavers, for a person to accept.
    Nobody who may be meant by an ambiguous row is among them.
    """

    added: tuple[ListedPupil, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[Pupil, ...]
    ambiguous: tuple[Ambiguity, ...]
    missing: tuple[Pupil, ...]


class Scope(msgspec.Struct, frozen=True):
    """Whom a list speaks for: these it names, or they have left. Classes by `class_key`."""

    everyone: bool = False
    classes: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()

    def covers(self, pupil: Pupil) -> bool:
        """Whether leaving `pupil` out of the list says something about them."""
        return self.everyone or class_key(pupil.class_name) in self.classes or pupil.year_group in self.years


NOBODY = Scope()
"""The scope of a list that says nothing of those it leaves out, such as a transfer file."""


def scope_of(listed: Iterable[ListedPupil]) -> Scope:
    """The classes that a list names; without any, its year groups where every row has one; else everyone."""
    rows = tuple(listed)
    classes = frozenset(class_key(row.class_name) for row in rows if row.class_name)
    if classes:
        return Scope(classes=classes)
    years = {row.year_group for row in rows}
    if None in years:
        return Scope(everyone=True)
    return Scope(years=frozenset(year for year in years if year is not None))


def compare(
    current: Sequence[Pupil],
    listed: Sequence[ListedPupil],
    scope: Scope,
    *,
    guardians: Iterable[Guardian],
) -> Difference:
    """The difference between the pupils held, leavers and all their `guardians` included, and a class list.

    A field that the list lacks or leaves blank never blanks out what is known. A leaver whom the list names
    with a number or a date of birth comes back. Rows and pupils keep their order.
    """
    by_pupil: dict[str, list[Guardian]] = defaultdict(list)
    for guardian in guardians:
        by_pupil[guardian.pupil_id].append(guardian)
    spelling = {class_key(pupil.class_name): pupil.class_name for pupil in current if not pupil.left}
    pairing = pair_up(current, [_spelt(row, spelling) for row in listed], scope.covers)
    changes = [
        _change(pair.pupil, pair.row, pair.by, by_pupil.get(pair.pupil.id, [])) for pair in pairing.pairs
    ]
    changed = [change for change in changes if _says_something(change)]
    return Difference(
        added=pairing.new,
        changed=tuple(changed),
        unchanged=tuple(change.pupil for change in changes if not _says_something(change)),
        ambiguous=pairing.doubts,
        missing=tuple(pupil for pupil in pairing.unnamed if not pupil.left and scope.covers(pupil)),
    )


def _spelt(row: ListedPupil, spelling: dict[str, str]) -> ListedPupil:
    """`row` with its class spelt as the school has it, so that `4 b` makes no second class beside `4B`."""
    class_name = spelling.get(class_key(row.class_name), row.class_name)
    return row if class_name == row.class_name else msgspec.structs.replace(row, class_name=class_name)


def _says_something(change: Change) -> bool:
    return bool(change.fields or change.guardians_added or change.guardians_changed)


def _change(pupil: Pupil, row: ListedPupil, by: str, guardians: Sequence[Guardian]) -> Change:
    fields = [
        FieldChange(field, before, after)
        for field, after in (*_names_said(pupil, row), *_facts_said(pupil, row))
        if (before := getattr(pupil, field)) != after
    ]
    if pupil.left:
        fields.append(FieldChange("left", before=True, after=False))
    added, changed = _guardian_changes(guardians, row.guardians)
    return Change(pupil, row.line, by, tuple(fields), added, changed)


def _names_said(pupil: Pupil, row: ListedPupil) -> list[tuple[str, Value]]:
    """The parts of the name that the list says.

    A name that is only split in another place is the same name, and a list without preferred names that gives
    one we know as preferred (Jenny, for Jennifer) does not mean to change the legal one.
    """
    said: list[tuple[str, Value]] = []
    whole = f"{row.legal_first} {row.legal_last}".split()
    if whole != f"{pupil.legal_first} {pupil.legal_last}".split():
        if row.legal_first and (row.preferred_first or row.legal_first != pupil.preferred_first):
            said.append(("legal_first", row.legal_first))
        if row.legal_last and (row.preferred_last or row.legal_last != pupil.preferred_last):
            said.append(("legal_last", row.legal_last))
    said += [
        (field, name)
        for field, name in (("preferred_first", row.preferred_first), ("preferred_last", row.preferred_last))
        if name
    ]
    return said


def _facts_said(pupil: Pupil, row: ListedPupil) -> list[tuple[str, Value]]:
    """What the list says beside the name; a blank says nothing, nor do leading noughts that got lost."""
    same_number = admission_key(row.admission_number) == admission_key(pupil.admission_number)
    facts: tuple[tuple[str, Value], ...] = (
        ("class_name", row.class_name or None),
        ("date_of_birth", row.date_of_birth),
        ("year_group", row.year_group),
        ("upn", row.upn),
        ("admission_number", None if same_number else row.admission_number),
        ("looked_after", row.looked_after),
    )
    return [(field, value) for field, value in facts if value is not None]


def _guardian_changes(
    known: Sequence[Guardian], listed: Sequence[ListedGuardian]
) -> tuple[tuple[ListedGuardian, ...], tuple[GuardianChange, ...]]:
    """Guardians of one pupil whom the list adds, and those it knows more or otherwise of.

    Names are only ever compared within the pupil (rules A1, D6): first with the relationship, so that a
    father and a grandfather of one name stay two people, then alone.
    """
    open_known, open_listed = list(known), list(listed)
    changed: list[GuardianChange] = []
    for alike in (_same_name_and_relationship, _same_name):
        for said in tuple(open_listed):
            match = next((guardian for guardian in open_known if alike(guardian, said)), None)
            if match is None:
                continue
            open_known.remove(match)
            open_listed.remove(said)
            fields = _guardian_fields(match, said)
            if fields:
                changed.append(GuardianChange(match, fields))
    return tuple(open_listed), tuple(changed)


def _same_name(guardian: Guardian, said: ListedGuardian) -> bool:
    return fold(guardian.name) == fold(said.name)


def _same_name_and_relationship(guardian: Guardian, said: ListedGuardian) -> bool:
    return _same_name(guardian, said) and fold(guardian.relationship) == fold(said.relationship)


def _guardian_fields(guardian: Guardian, said: ListedGuardian) -> tuple[FieldChange, ...]:
    fields = []
    if fold(said.relationship) not in ("", fold(guardian.relationship)):
        fields.append(FieldChange("relationship", guardian.relationship, said.relationship))
    if said.responsibility not in ("unknown", guardian.responsibility):
        fields.append(FieldChange("responsibility", guardian.responsibility, said.responsibility))
    return tuple(fields)
