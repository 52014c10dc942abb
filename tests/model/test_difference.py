"""What applying a class list would do, and above all what it would not (rule D6)."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.model.difference import NOBODY, FieldChange, Scope, compare, scope_of
from consentdesk.model.people import Guardian, ListedGuardian, ListedPupil, Pupil

UPN = "P207000016049"
BORN = date(2016, 3, 1)
EVERYONE = Scope(everyone=True)
AMY = Pupil("a", "Amelia", "Lee", "Amy", None, "4B", BORN, 4, UPN, "004512", looked_after=True)


def row(first: str = "Amelia", last: str = "Lee", line: int = 2, **more: object) -> ListedPupil:
    return ListedPupil(line, first, last, **{"upn": UPN, **more})  # type: ignore[arg-type]


def test_what_the_list_lacks_or_leaves_blank_is_not_blanked_out() -> None:
    mother = Guardian("g", "a", "Ann Lee", "Mother", "yes", "see file")
    difference = compare([AMY], [row(last="")], EVERYONE, guardians=[mother])
    assert difference.unchanged == (AMY,)
    assert not difference.changed


@pytest.mark.parametrize(
    ("listed", "changes"),
    [
        (row(class_name="5B"), [FieldChange("class_name", "4B", "5B")]),
        (row(class_name="4 b"), []),
        (row(date_of_birth=date(2016, 1, 3)), [FieldChange("date_of_birth", BORN, date(2016, 1, 3))]),
        (
            row(year_group=5, looked_after=False),
            [FieldChange("year_group", 4, 5), FieldChange("looked_after", True, False)],
        ),
        (row(admission_number="4512"), []),
        (row(admission_number="4513"), [FieldChange("admission_number", "004512", "4513")]),
        (row(last="Lee-Stone"), [FieldChange("legal_last", "Lee", "Lee-Stone")]),
        (row(last="LEE"), [FieldChange("legal_last", "Lee", "LEE")]),
        (row(preferred_first="Mia"), [FieldChange("preferred_first", "Amy", "Mia")]),
        (row(preferred_last="Stone"), [FieldChange("preferred_last", None, "Stone")]),
        # A list with one column for first names that holds the preferred ones.
        (row(first="Amy"), []),
        # With a column of preferred names beside it, it means what it says.
        (
            row(first="Amy", preferred_first="Mimi"),
            [FieldChange("legal_first", "Amelia", "Amy"), FieldChange("preferred_first", "Amy", "Mimi")],
        ),
    ],
)
def test_a_change_says_which_field_from_what_to_what(listed: ListedPupil, changes: list[FieldChange]) -> None:
    difference = compare([AMY], [listed], EVERYONE, guardians=[])
    assert [list(change.fields) for change in difference.changed] == ([changes] if changes else [])
    for change in difference.changed:
        for field in changes:
            assert getattr(change.updated, field.field) == field.after
        assert change.updated.id == AMY.id


def test_a_name_only_split_in_another_place_is_no_change() -> None:
    known = Pupil("m", "Mary Ann", "Berg Smith", upn=UPN)
    difference = compare([known], [row("Mary Ann Berg", "Smith")], EVERYONE, guardians=[])
    assert difference.unchanged == (known,)


def test_a_leaver_comes_back_by_a_number() -> None:
    gone = Pupil("a", "Amelia", "Lee", upn=UPN, left=True)
    (change,) = compare([gone], [row()], EVERYONE, guardians=[]).changed
    assert change.fields == (FieldChange("left", before=True, after=False),)
    assert change.updated.left is False


@pytest.mark.parametrize(
    ("known", "listed", "added", "changed"),
    [
        ([("Ann Lee", "Mother", "yes")], [("ann  lee", "mother", "unknown")], [], []),
        (
            [("Ann Lee", "", "unknown")],
            [("Ann Lee", "Mother", "yes")],
            [],
            [("relationship", "", "Mother"), ("responsibility", "unknown", "yes")],
        ),
        ([("Ann Lee", "Mother", "yes")], [("Ann Lee", "", "unknown")], [], []),
        ([("Ann Lee", "Mother", "yes")], [("Bo Lee", "Father", "no")], [("Bo Lee", "Father", "no")], []),
        ([("Ann Lee", "Mother", "yes")], [], [], []),
        # A father and a grandfather of one name are two people.
        (
            [("Bo Lee", "Father", "yes"), ("Bo Lee", "Grandfather", "no")],
            [("Bo Lee", "Grandfather", "no"), ("Bo Lee", "Father", "yes")],
            [],
            [],
        ),
        (
            [("Bo Lee", "Father", "yes")],
            [("Bo Lee", "Father", "yes"), ("Bo Lee", "Grandfather", "no")],
            [("Bo Lee", "Grandfather", "no")],
            [],
        ),
    ],
)
def test_guardians_are_added_or_filled_in_and_never_removed(
    known: list[tuple[str, str, str]],
    listed: list[tuple[str, str, str]],
    added: list[tuple[str, str, str]],
    changed: list[tuple[str, str, str]],
) -> None:
    held = [Guardian(f"g{place}", "a", *facts) for place, facts in enumerate(known)]  # type: ignore[arg-type]
    said = tuple(ListedGuardian(*facts) for facts in listed)  # type: ignore[arg-type]
    difference = compare([AMY], [row(guardians=said)], EVERYONE, guardians=held)
    assert [one for change in difference.changed for one in change.guardians_added] == [
        ListedGuardian(*facts)  # type: ignore[arg-type]
        for facts in added
    ]
    assert [
        (field.field, field.before, field.after)
        for change in difference.changed
        for one in change.guardians_changed
        for field in one.fields
    ] == changed


def test_a_guardian_of_the_same_name_at_another_pupil_is_another_person() -> None:
    """Rules A1 and D6: siblings share parents, and yet nothing of one is taken for the other."""
    ben = Pupil("b", "Ben", "Lee", upn="B801200005001")
    mother = Guardian("g", "a", "Ann Lee", "Mother", "yes")
    listed = [row("Ben", upn=ben.upn, guardians=(ListedGuardian("Ann Lee", "Mother"),))]
    difference = compare([AMY, ben], listed, NOBODY, guardians=[mother])
    (change,) = difference.changed
    assert change.pupil == ben
    assert change.guardians_added == (ListedGuardian("Ann Lee", "Mother", "unknown"),)


@pytest.mark.parametrize(
    ("scope", "missing"),
    [
        (EVERYONE, ["a", "c"]),
        (Scope(classes=frozenset({"4b"})), ["a"]),
        (Scope(classes=frozenset({"5a"})), []),
        (Scope(years=frozenset({5})), ["c"]),
        (NOBODY, []),
    ],
)
def test_only_pupils_whom_the_list_covers_are_proposed_as_leavers(scope: Scope, missing: list[str]) -> None:
    cal = Pupil("c", "Cal", "Moss", class_name="5C", year_group=5)
    gone = Pupil("d", "Di", "Moss", class_name="4B", year_group=5, left=True)
    listed = [ListedPupil(2, "Eve", "New", class_name="4B")]
    difference = compare([AMY, cal, gone], listed, scope, guardians=[])
    assert [pupil.id for pupil in difference.missing] == missing
    assert difference.added == (listed[0],)


def test_a_pupil_whom_a_doubtful_row_may_mean_is_not_proposed_as_a_leaver() -> None:
    listed = [ListedPupil(2, "Amy", "Lee", class_name="4B", date_of_birth=date(2016, 1, 3))]
    difference = compare([AMY], listed, EVERYONE, guardians=[])
    assert [doubt.pupils for doubt in difference.ambiguous] == [(AMY,)]
    assert not difference.missing
    assert not difference.added


def test_a_pupil_who_moved_to_another_class_is_changed_and_not_missing() -> None:
    difference = compare([AMY], [row(class_name="5B")], Scope(classes=frozenset({"4b", "5b"})), guardians=[])
    assert [change.by for change in difference.changed] == ["UPN"]
    assert not difference.missing


def test_a_new_pupil_joins_the_class_as_the_school_spells_it() -> None:
    difference = compare(
        [AMY], [row(), ListedPupil(3, "Eve", "New", class_name="4 b")], EVERYONE, guardians=[]
    )
    assert [new.class_name for new in difference.added] == ["4B"]


@pytest.mark.parametrize(
    ("listed", "scope"),
    [
        ([row(class_name="4B"), row(class_name="")], Scope(classes=frozenset({"4b"}))),
        ([row(year_group=4), row(year_group=5)], Scope(years=frozenset({4, 5}))),
        ([row(year_group=4), row()], EVERYONE),
        ([row()], EVERYONE),
        ([row(class_name="4B", year_group=4)], Scope(classes=frozenset({"4b"}))),
        ([], NOBODY),
    ],
)
def test_a_list_speaks_for_the_classes_or_years_it_names(listed: list[ListedPupil], scope: Scope) -> None:
    assert scope_of(listed) == scope
