"""What the headings of class lists mean, in the words of the common school systems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec


class Field(StrEnum):
    """What a column holds. `FIRST` and `LAST` do not say whether they are legal names or those in use."""

    FIRST = "first"
    LAST = "last"
    LEGAL_FIRST = "legal first"
    LEGAL_LAST = "legal last"
    PREFERRED_FIRST = "preferred first"
    PREFERRED_LAST = "preferred last"
    WHOLE_NAME = "whole name"
    SURNAME_AND_FIRST = "surname and first"
    CLASS = "class"
    YEAR = "year"
    BORN = "born"
    UPN = "upn"
    ADMISSION = "admission number"
    LOOKED_AFTER = "looked after"
    SCHOOL = "school"
    GUARDIAN_NAME = "guardian name"
    GUARDIAN_FIRST = "guardian first"
    GUARDIAN_LAST = "guardian last"
    RELATIONSHIP = "relationship"
    RESPONSIBILITY = "responsibility"


NAMES = frozenset(
    {Field.FIRST, Field.LAST, Field.LEGAL_FIRST, Field.LEGAL_LAST, Field.WHOLE_NAME, Field.SURNAME_AND_FIRST}
)
"""A heading row has at least one of these."""


class Column(NamedTuple):
    """The meaning of one column; `person` tells guardians apart, and is empty for the pupil's own columns."""

    field: Field
    person: str = ""


class Header(msgspec.Struct, frozen=True):
    """A heading row understood: its cells, what each place holds, and the headings that are not read.

    `unknown` headings mean nothing to us, `repeated` ones mean what an earlier column already holds, and
    `not_kept` are understood and left out on purpose: a consent list needs no address or telephone.
    """

    cells: tuple[str, ...]
    columns: dict[int, Column]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    not_kept: tuple[str, ...]

    @property
    def has_name(self) -> bool:
        """Whether any column holds a pupil's name."""
        return any(column.field in NAMES for column in self.columns.values())

    def place(self, field: Field, person: str = "") -> int | None:
        """Where the column of `field` stands; None where there is none."""
        wanted = Column(field, person)
        return next((place for place, column in self.columns.items() if column == wanted), None)

    @property
    def guardians(self) -> list[str]:
        """The guardians that have columns, in the order of their first."""
        return list(dict.fromkeys(column.person for column in self.columns.values() if column.person))


def _listed(headings: str) -> list[str]:
    return [" ".join(heading.split()) for heading in headings.split(",")]


def _both_ways(words: Sequence[str], others: Sequence[str]) -> list[str]:
    return [f"{one} {other}" for one in words for other in others] + [
        f"{other} {one}" for one in words for other in others
    ]


_FIRST_WORDS = _listed("first name, firstname, forename, given name, first names, forenames, given names")
_LAST_WORDS = _listed("last name, lastname, surname, family name, familyname")
_LEGAL = ("legal", "official")
_PREFERRED = ("preferred", "pref", "chosen", "known", "usual")
SYNONYMS: dict[Field, list[str]] = {
    Field.FIRST: [*_FIRST_WORDS, *_listed("first, christian name, fore name")],
    Field.LAST: [*_LAST_WORDS, *_listed("last, sur name")],
    Field.LEGAL_FIRST: _both_ways(_LEGAL, [*_FIRST_WORDS, "first"]),
    Field.LEGAL_LAST: _both_ways(_LEGAL, [*_LAST_WORDS, "last"]),
    Field.PREFERRED_FIRST: [
        *_both_ways(_PREFERRED, [*_FIRST_WORDS, "first", "name"]),
        *_listed("preferred, chosen, known as, known by, goes by, name used"),
    ],
    Field.PREFERRED_LAST: _both_ways(_PREFERRED, [*_LAST_WORDS, "last"]),
    Field.WHOLE_NAME: _listed(
        """name, names, full name, fullname, whole name, legal name, legal full name, preferred full name,
        display name, pupil, student, child, learner, name of pupil, name of child, name of student,
        forename surname, forename and surname, first name surname, first name and surname,
        first name last name, first and last name"""
    ),
    Field.SURNAME_AND_FIRST: _listed(
        """surname forename, surname forenames, surname first name, surname and forename,
        surname and first name, last name first name, last name forename, name surname first,
        family name given name"""
    ),
    Field.CLASS: _listed(
        """class, class name, classname, class code, class group, class registration form, class tutor group,
        current class, primary class, form, form name, form group, form class, form code, form tutor group,
        form registration group, tutor group, tutor group name, tutorgroup, tutor form, tg, homeroom,
        reg, reg group, reggroup, reg grp, reg form, reg class, registration, registration group,
        registration group name, registration form, registration form name, registration class,
        current registration form, current registration group"""
    ),
    Field.YEAR: _listed(
        """year, yr, year group, yeargroup, year grp, yr group, yr grp, year group name, school year group,
        nc year, ncyear, ncy, nc year group, nc year actual, ncyear actual, national curriculum year,
        national curriculum year group, curriculum year, current year, current year group, current nc year,
        year taught in"""
    ),
    Field.BORN: _listed("dob, d o b, date of birth, dateofbirth, birth date, birthdate, birthday, born"),
    Field.UPN: _listed("upn, unique pupil number, upn number, upn no"),
    Field.ADMISSION: _listed(
        """admission number, admission no, admission num, admissions number, admissions no, admissionnumber,
        adno, ad no, adm no, adm number, admno, admission"""
    ),
    Field.LOOKED_AFTER: _listed(
        """looked after, lookedafter, is looked after, looked after child, looked after children,
        looked after status, looked after in care, in care, incare, lac, cla, currently looked after,
        currently in care"""
    ),
    Field.SCHOOL: _listed("school, school name, schoolname, name of school, establishment name"),
}
_MEANINGS = {heading: field for field, headings in SYNONYMS.items() for heading in headings}

# Never kept: the least that a consent list needs is all that it takes.
_NOT_KEPT = re.compile(
    r"\b(?:e ?mails?|phone|telephone|tel|mobile|landline|address|addresses|street|house|town|city|county"
    r"|country|post ?code|locality|nhs|ethnic|ethnicity|gender|sex|religion|faith|languages?|nationality"
    r"|sen|send|eal|ehcp|disability|fsm|meals?|premium|medical|allergy|allergies|diet|dietary|doctor|gp"
    r"|urn|uln|uci|laestab|estab|middle|title|salutation|initials|former|previous|photo|passport|username"
    r"|service child|date of admission|admission date|entry date|enrolment|leaving|leave date|attendance"
    r"|key worker|teacher|tutor name|born in|birth country|emergency)\b"
)
_PUPIL_PREFIX = re.compile(r"^(?:childs?|pupils?|students?|learners?) (?=.)")
_GUARDIAN = re.compile(
    r"^(?P<who>(?:parent|guardian|carer|contact|priority|primary|secondary|main|first|second|adult|mother|father)"
    r"(?: (?:or|and|parent|guardian|carer|contact|adult|priority))*)\b(?P<rest>.*)$"
)
_GUARDIAN_PARTS = {
    Field.GUARDIAN_NAME: ["", "name", "full name", "fullname", "display name"],
    Field.GUARDIAN_FIRST: [*_FIRST_WORDS, "first"],
    Field.GUARDIAN_LAST: [*_LAST_WORDS, "last"],
    Field.RELATIONSHIP: _listed(
        """relationship, relation, relationship to child, relationship to pupil, relationship to student,
        relationship type, relation to child"""
    ),
    Field.RESPONSIBILITY: _listed(
        """responsibility, parental responsibility, pr, has parental responsibility, has pr,
        with parental responsibility"""
    ),
}
_GUARDIAN_MEANINGS = {words: field for field, many in _GUARDIAN_PARTS.items() for words in many}
_ORDINALS = {"primary": "1", "main": "1", "first": "1", "secondary": "2", "second": "2"}
_PLAIN_GUARDIAN = {
    "parental responsibility": Field.RESPONSIBILITY,
    "relationship": Field.RELATIONSHIP,
    "relationship to child": Field.RELATIONSHIP,
    "relationship to pupil": Field.RELATIONSHIP,
}


def plain_heading(heading: str) -> str:
    """A heading in small letters and single spaces: no case, accents, underscores, stars or possessive s.

    `CHILD_FIRST_NAME`, `childFirstName` and `Child’s first name *` become the same words.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"['\u2019]s\b|['\u2019]", "", heading))
    return " ".join(re.findall(r"[a-z]+|\d+", unicodedata.normalize("NFKD", spaced).casefold()))


def meaning(heading: str) -> Column | None:
    """What a heading says its column holds; None where it is not known or not kept.

    What stands in brackets may matter (`Forename (legal)`) or be a hint (`Date of birth (dd/mm/yyyy)`), so
    the heading is tried with it and without.
    """
    without = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)
    return _meaning_of(plain_heading(heading)) or _meaning_of(plain_heading(without))


def _meaning_of(words: str) -> Column | None:
    own = _MEANINGS.get(words) or _MEANINGS.get(_PUPIL_PREFIX.sub("", words))
    if own:
        return Column(own)
    if words in _PLAIN_GUARDIAN:
        return Column(_PLAIN_GUARDIAN[words], "1")
    guardian = _GUARDIAN.match(words)
    if guardian is None:
        return None
    return _guardian_column(guardian["who"], guardian["rest"].strip())


def _guardian_column(who: str, rest: str) -> Column | None:
    """The meaning of `Parent 1 first name`, `Contact Name 2`, `Primary Guardian`, `Mother's name` ..."""
    numbers = re.findall(r"\d+", rest)
    part = " ".join(re.findall(r"[a-z]+(?: [a-z]+)*", re.sub(r"\d+", " ", rest)))
    part = re.sub(r"^(?:contact|parent|guardian|carer)\b ?", "", " ".join(part.split()))
    field = _GUARDIAN_MEANINGS.get(part)
    if field is None or len(numbers) > 1:
        return None
    kin = next((kin for kin in ("mother", "father") if kin in who), None)
    ordinal = next((number for word, number in _ORDINALS.items() if word in who.split()), "1")
    return Column(field, kin or (numbers[0].lstrip("0") if numbers else ordinal) or "1")


def is_not_kept(heading: str) -> bool:
    """Whether a heading is understood and its column left out on purpose (data minimisation)."""
    return bool(_NOT_KEPT.search(plain_heading(heading)))


def understand(cells: Sequence[str]) -> Header:
    """The meaning of a heading row. Of two columns that mean the same, the first counts."""
    columns: dict[int, Column] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    not_kept: list[str] = []
    for place, cell in enumerate(cells):
        heading = " ".join(cell.split())
        if not heading:
            continue
        column = meaning(heading)
        if column is None:
            (not_kept if is_not_kept(heading) else unknown).append(heading)
        elif column in columns.values():
            repeated.append(heading)
        else:
            columns[place] = column
    fields = {column.field for column in columns.values()}
    if fields & {Field.FIRST, Field.LEGAL_FIRST} and fields & {Field.LAST, Field.LEGAL_LAST}:
        # With both parts at hand, a column called Name is somebody else's, or says the same again.
        for place in [
            place
            for place, column in columns.items()
            if column.field in (Field.WHOLE_NAME, Field.SURNAME_AND_FIRST)
        ]:
            del columns[place]
            repeated.append(" ".join(cells[place].split()))
    return Header(tuple(cells), columns, tuple(unknown), tuple(repeated), tuple(not_kept))
