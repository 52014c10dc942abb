"""Pupils and guardians: kept as given, found in any spelling, listed as a school expects."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from consentdesk.model.people import Guardian, Pupil
from consentdesk.store import people
from consentdesk.store.database import Database

ZOE = Pupil(
    "a1", "Zoë", "O’Neill-Example", "Zed", None, "4B", date(2018, 5, 1), 4, "A123456789012", "00017", True
)
ADA = Pupil("a2", "Ada", "Berg", class_name="10A", upn="B999", looked_after=False)
IDA = Pupil("a3", "Ida", "Åberg", class_name="4 b")
SOLO = Pupil("a4", "Madonna", "", class_name="")
GONE = Pupil("a5", "Otto", "Berg", class_name="4B", left=True)
EVERYONE = [ZOE, ADA, IDA, SOLO, GONE]


@pytest.fixture
def roll(db: Database) -> Database:
    people.add_pupils(db, EVERYONE)
    return db


def names(found: list[Pupil]) -> list[str]:
    return [pupil.legal_first for pupil in found]


@pytest.mark.parametrize("pupil", EVERYONE, ids=lambda pupil: pupil.legal_first)
def test_a_pupil_comes_back_as_given(roll: Database, pupil: Pupil) -> None:
    assert people.pupil(roll, pupil.id) == pupil


def test_an_unknown_pupil_is_none(roll: Database) -> None:
    assert people.pupil(roll, "nobody") is None
    assert people.pupils_named(roll, ["a1", "nobody", "a1"]) == {"a1": ZOE}


def test_the_roll_goes_by_class_and_surname_without_those_who_left(roll: Database) -> None:
    assert names(people.pupils(roll)) == ["Ida", "Zoë", "Ada", "Madonna"]
    assert names(people.pupils(roll, include_left=True)) == ["Ida", "Otto", "Zoë", "Ada", "Madonna"]


@pytest.mark.parametrize("spelling", ["4B", "4b", "4 b", " 4B "])
def test_a_class_is_found_in_any_spelling(roll: Database, spelling: str) -> None:
    assert names(people.pupils(roll, school_class=spelling)) == ["Ida", "Zoë"]


def test_those_without_a_class_can_be_asked_for(roll: Database) -> None:
    assert names(people.pupils(roll, school_class="")) == ["Madonna"]


def test_classes_are_counted_under_one_spelling_and_sorted_as_people_do(roll: Database) -> None:
    assert people.classes(roll) == [("4 b", 2), ("10A", 1), ("", 1)]


@pytest.mark.parametrize(("meant", "known"), [("4B", "4 b"), ("4 b", "4 b"), ("10a", "10A"), ("9Z", None)])
def test_a_class_is_known_by_any_spelling_of_its_name(roll: Database, meant: str, known: str | None) -> None:
    assert people.class_named(roll, meant) == known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a2", ["Ada"]),
        ("A123456789012", ["Zoë"]),
        ("a123456789012", ["Zoë"]),
        ("00017", ["Zoë"]),
        ("17", []),
        ("zoe", ["Zoë"]),
        ("ZOË", ["Zoë"]),
        ("oneill", ["Zoë"]),
        ("O'Neill", ["Zoë"]),
        ("example zoe", ["Zoë"]),
        ("zed", ["Zoë"]),
        ("aberg", ["Ida"]),
        ("berg", ["Ida", "Otto", "Ada"]),
        ("otto berg", ["Otto"]),
        ("adaberg", []),
        ("%", []),
        ("_da", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_pupil_is_found_by_number_or_name(roll: Database, text: str, found: list[str]) -> None:
    assert names(people.find_pupils(roll, text)) == found


def test_a_change_moves_what_a_pupil_is_found_by(roll: Database) -> None:
    people.update_pupil(roll, replace(ADA, legal_last="Ćosić", class_name="4B"))
    assert people.find_pupils(roll, "cosic ada") == [replace(ADA, legal_last="Ćosić", class_name="4B")]
    assert names(people.pupils(roll, school_class="4b")) == ["Ida", "Ada", "Zoë"]


def test_a_change_to_nobody_is_a_bug(roll: Database) -> None:
    with pytest.raises(KeyError):
        people.update_pupil(roll, replace(ADA, id="nobody"))


def test_guardians_stay_in_their_order_and_with_their_pupil(roll: Database) -> None:
    mother = Guardian("g1", "a1", "Róisín O’Neill", "mother", "yes", "no contact with …")
    father = Guardian("g2", "a1", "Áed", "father")
    other = Guardian("g3", "a2", "Róisín O’Neill", "aunt", "no")
    people.set_guardians(roll, "a1", [father, mother])
    people.set_guardians(roll, "a2", [other])
    assert people.guardians_of(roll, "a1") == [father, mother]
    assert people.guardians_of_many(roll, ["a1", "a2", "a3"]) == {
        "a1": [father, mother],
        "a2": [other],
        "a3": [],
    }
    people.set_guardians(roll, "a1", [mother])
    assert people.guardians_of(roll, "a1") == [mother]


def test_nobodys_guardian_is_kept_for_somebody_else(roll: Database) -> None:
    with pytest.raises(ValueError, match="one pupil"):
        people.set_guardians(roll, "a1", [Guardian("g", "a2", "N")])


def test_pupils_are_added_all_or_none(roll: Database) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        people.add_pupils(roll, [Pupil("new", "N", "N"), ADA])
    assert people.pupil(roll, "new") is None


def test_a_list_may_be_empty(db: Database) -> None:
    people.add_pupils(db, [])
    assert people.pupils(db) == []
    assert people.classes(db) == []


def test_more_pupils_than_fit_in_one_question(db: Database) -> None:
    many = [Pupil(f"n{number}", "N", f"L{number}") for number in range(1203)]
    people.add_pupils(db, many)
    assert len(people.pupils_named(db, [pupil.id for pupil in many])) == 1203
