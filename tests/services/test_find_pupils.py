"""Searching while one types: whom it may mean, and what a name that nobody has was meant for (rule D5)."""

from __future__ import annotations

import pytest

from consentdesk.services.find_pupils import class_sizes, find_pupils, names_of_everybody, pupils_in
from tests.services.made_up import Desk

ODD = """\
First name,Last name,Class,UPN,Admission number
Ada,Okafor,4B,,101
Åsa,Hill-Okafor,4B,,104
<b>Bo</b>,Smith & Sons,4B,,105
ليلى,حداد,4B,,106
Zoë,D'Arcy,10A,,107
Ed,Tallis,10A,,108
"""


@pytest.fixture
def many(empty_desk: Desk) -> Desk:
    empty_desk.import_text(ODD)
    return empty_desk


def found(desk: Desk, typed: str) -> list[str]:
    return [one.name for one in find_pupils(names_of_everybody(desk.office), typed).pupils]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", []),
        ("   ", []),
        ("okaf", ["Åsa Hill-Okafor", "Ada Okafor"]),
        ("OKAFOR ada", ["Ada Okafor"]),
        ("asa", ["Åsa Hill-Okafor"]),
        ("darcy", ["Zoë D'Arcy"]),
        ("zoe d’arcy", ["Zoë D'Arcy"]),
        ("ليلى", ["ليلى حداد"]),
        ("<b>", ["<b>Bo</b> Smith & Sons"]),
        ("108", ["Ed Tallis"]),
        ("%", []),
        ("_", []),
    ],
)
def test_whom_it_may_mean(many: Desk, typed: str, names: list[str]) -> None:
    assert found(many, typed) == names


def test_names_that_begin_so_come_first(many: Desk) -> None:
    assert found(many, "a")[0] == "Åsa Hill-Okafor"
    assert found(many, "al") == ["Ed Tallis"]


def test_who_has_left_comes_last(many: Desk) -> None:
    many.import_text(ODD.replace("Åsa,Hill-Okafor,4B,,104\n", ""), leavers=True)
    shown = find_pupils(names_of_everybody(many.office), "okafor")
    assert [(one.name, one.left) for one in shown.pupils] == [
        ("Ada Okafor", False),
        ("Åsa Hill-Okafor", True),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Okafro", ("Okafor",)),
        ("okofor", ("Okafor",)),
        ("Ada Okafr", ("Ada Okafor", "Åsa Hill-Okafor")),
        ("Talis", ("Tallis",)),
        ("Dracy", ("D'Arcy",)),
        ("Featherstone", ()),
        ("zz", ()),
    ],
)
def test_what_may_have_been_meant(many: Desk, typed: str, meant: tuple[str, ...]) -> None:
    shown = find_pupils(names_of_everybody(many.office), typed)
    assert shown.count == 0
    assert shown.suggestions == meant


def test_no_more_than_anybody_reads(many: Desk) -> None:
    shown = find_pupils(names_of_everybody(many.office), "a", most=2)
    assert (len(shown.pupils), shown.count) == (2, 4)


def test_the_classes_and_who_is_in_them(many: Desk) -> None:
    assert class_sizes(many.office) == (("4B", 4), ("10A", 2))
    assert [one.name for one in pupils_in(many.office, "10a").pupils] == ["Zoë D'Arcy", "Ed Tallis"]
    assert pupils_in(many.office, "9Z").count == 0
