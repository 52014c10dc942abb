"""A class list in: shown as a difference, kept on request, and consent never touched (rules D5, D6)."""

from __future__ import annotations

from datetime import date

import pytest

from consentdesk.model.circumstances import BirthRecorded, GuardianRecorded, Renamed
from consentdesk.model.consent import CareChanged, Joined, Left, Moved
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.import_report import report
from consentdesk.store import ledger, people
from tests.services.made_up import CLASS_LIST, Desk


def happened(desk: Desk, first_name: str) -> list[object]:
    return [event.what for event in ledger.events_of(desk.office.db, desk.pupil(first_name).id)]


def test_new_pupils_join_with_their_guardians(desk: Desk) -> None:
    ada = desk.pupil("Ada")
    assert (ada.display_name, ada.class_name, ada.year_group, ada.admission_number) == (
        "Ada Okafor",
        "4B",
        4,
        "101",
    )
    assert [one.name for one in people.guardians_of(desk.office.db, ada.id)] == [
        "Ngozi Okafor",
        "Emeka Okafor",
    ]
    mother, father = people.guardians_of(desk.office.db, ada.id)
    assert happened(desk, "Ada") == [
        Joined("4B"),
        BirthRecorded(date(2018, 3, 1)),
        GuardianRecorded(mother.id, "Ngozi Okafor"),
        GuardianRecorded(father.id, "Emeka Okafor"),
    ]


def test_d6_a_preview_keeps_nothing(empty_desk: Desk) -> None:
    file = empty_desk.folder / "list.csv"
    file.write_text(CLASS_LIST, encoding="utf-8")
    seen = preview(empty_desk.office, file)
    assert len(seen.difference.added) == 3
    assert people.pupils(empty_desk.office.db) == []
    assert empty_desk.events == 0


def test_the_same_list_again_changes_nothing(desk: Desk) -> None:
    before = desk.events, people.pupils(desk.office.db)
    desk.import_text(CLASS_LIST, leavers=True)
    assert (desk.events, people.pupils(desk.office.db)) == before


def test_a_move_and_care_are_events_and_the_consent_stays(desk: Desk) -> None:
    desk.take(desk.seen(desk.print_for("Ada"), "no"))
    before = desk.statuses("Ada")
    desk.import_text("First name,Last name,Class,Admission number,Looked after\nAda,Okafor,5B,101,yes\n")
    assert happened(desk, "Ada")[-2:] == [Moved("5B"), CareChanged(True)]
    assert desk.statuses("Ada") == before


def test_d6_the_missing_leave_only_when_a_person_says_so(desk: Desk) -> None:
    only_ada = "First name,Last name,Class,Admission number\nAda,Okafor,4B,101\n"
    desk.import_text(only_ada)
    assert not desk.pupil("Ben").left
    desk.import_text(only_ada, leavers=True)
    assert desk.pupil("Ben").left
    assert happened(desk, "Ben")[-1] == Left()
    assert not desk.pupil("Cleo").left
    desk.import_text(CLASS_LIST)
    assert not desk.pupil("Ben").left
    assert happened(desk, "Ben")[-1] == Joined("4B")


def test_d6_guardians_are_added_and_filled_in_and_never_taken_away(desk: Desk) -> None:
    desk.import_text(
        "First name,Last name,Class,Admission number,Parent 1 name,Parent 1 relationship\n"
        "Ada,Okafor,4B,101,Ngozi Okafor,Mother\n"
    )
    known = people.guardians_of(desk.office.db, desk.pupil("Ada").id)
    assert [(one.name, one.relationship) for one in known] == [
        ("Ngozi Okafor", "Mother"),
        ("Emeka Okafor", ""),
    ]


def test_a2_a_list_that_says_otherwise_of_a_guardian_a_name_or_a_birthday_is_an_event(desk: Desk) -> None:
    before = len(happened(desk, "Ada"))
    desk.import_text(
        "First name,Last name,Class,DOB,Admission number,Parent 1 name,Parent 1 parental responsibility,"
        "Preferred name\n"
        "Ada,Okafor,4B,2018-03-02,101,Ngozi Okafor,no,Addie\n"
    )
    mother = people.guardians_of(desk.office.db, desk.pupil("Ada").id)[0]
    assert mother.responsibility == "no"
    assert happened(desk, "Ada")[before:] == [
        GuardianRecorded(mother.id, "Ngozi Okafor", "", "no"),
        Renamed("Ada", "Okafor", "Addie", None),
        BirthRecorded(date(2018, 3, 2)),
    ]


def test_an_import_is_kept_whole_or_not_at_all(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = empty_desk.folder / "list.csv"
    file.write_text(CLASS_LIST, encoding="utf-8")
    seen = preview(empty_desk.office, file)

    def fails(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("consentdesk.services.import_pupils.record", fails)
    with pytest.raises(OSError, match="gone"):
        apply(empty_desk.office, seen.difference)
    assert people.pupils(empty_desk.office.db) == []


def test_the_report_counts_and_names_everything(desk: Desk) -> None:
    file = desk.folder / "list.csv"
    file.write_text(
        "First name,Last name,Class,Admission number,UPN,Shoe size\n"
        "Ada,Okafor,4C,101,X999,33\n"
        "Dan,Ito,4B,104,,34\n",
        encoding="utf-8",
    )
    found = report(preview(desk.office, file), "list.csv", applied=False, leavers=False)
    assert (found.counts.added, found.counts.changed, found.counts.missing) == (1, 1, 1)
    assert [pupil.name for pupil in found.added] == ["Dan Ito"]
    (changed,) = found.changed
    assert (changed.name, changed.by) == ("Ada Okafor", "admission number")
    assert ("class_name", "4B", "4C") in [(one.field, one.before, one.after) for one in changed.fields]
    assert [pupil.name for pupil in found.missing] == ["Ben O'Neill"]
    assert found.unknown_columns == ("Shoe size",)
    assert any("X999" in warning for warning in found.warnings)
