"""Pupils and guardians: what the school holds, what a class list says of them, and how names are matched."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

import msgspec

from consentdesk.model.form import Stage

Responsibility = Literal["yes", "no", "unknown"]
"""Parental responsibility, as far as the school knows (rule A2)."""

NURSERY = -1
RECEPTION = 0
LAST_YOUNGER_YEAR = 6
LAST_SCHOOL_YEAR = 14
SEPTEMBER = 9


class Pupil(msgspec.Struct, frozen=True):
    """One pupil as the school holds them; a single name stands in `legal_first`, the other part stays empty.

    `class_name` may be empty. `year_group` counts as England does: 0 is reception, below that nursery.
    `looked_after` is None where nobody has said (rule A5). Names are kept as they were given (rule D5).
    """

    id: str
    legal_first: str
    legal_last: str
    preferred_first: str | None = None
    preferred_last: str | None = None
    class_name: str = ""
    date_of_birth: date | None = None
    year_group: int | None = None
    upn: str | None = None
    admission_number: str | None = None
    looked_after: bool | None = None
    left: bool = False

    @property
    def display_name(self) -> str:
        """The name that people use: preferred where there is one, else legal, first part first."""
        return display_name(self)

    @property
    def sort_key(self) -> tuple[str, str]:
        """Where the pupil stands in a list by surname."""
        return sort_key(self)


class Guardian(msgspec.Struct, frozen=True):
    """A parent, carer or corporate parent of one pupil; never shared between pupils (rules A1, A2, D6).

    A `corporate` parent is an authority that stands in for parents (rule A5).
    """

    id: str
    pupil_id: str
    name: str
    relationship: str = ""
    responsibility: Responsibility = "unknown"
    court_note: str = ""
    corporate: bool = False


class ListedGuardian(msgspec.Struct, frozen=True):
    """A guardian as one row of a class list names them. A class list carries no court-order notes."""

    name: str
    relationship: str = ""
    responsibility: Responsibility = "unknown"


class ListedPupil(msgspec.Struct, frozen=True):
    """What one row of a class list says of a pupil; None and empty mean that the list does not say.

    `line` is where it stands: the line of the file, the row of the sheet, or the place among a CTF's pupils.
    `warnings` are whole sentences about single fields that were left out or look wrong.
    """

    line: int
    legal_first: str
    legal_last: str
    preferred_first: str | None = None
    preferred_last: str | None = None
    class_name: str = ""
    date_of_birth: date | None = None
    year_group: int | None = None
    upn: str | None = None
    admission_number: str | None = None
    looked_after: bool | None = None
    guardians: tuple[ListedGuardian, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def display_name(self) -> str:
        """The name that people use, as for `Pupil`."""
        return display_name(self)

    @property
    def sort_key(self) -> tuple[str, str]:
        """Where the row stands in a list by surname."""
        return sort_key(self)


def display_name(person: Pupil | ListedPupil) -> str:
    """Preferred or legal first name, then preferred or legal last name; parts that are empty leave no gap."""
    first = person.preferred_first or person.legal_first
    last = person.preferred_last or person.legal_last
    return " ".join(part for part in (first, last) if part)


def sort_key(person: Pupil | ListedPupil) -> tuple[str, str]:
    """Folded surname, then folded first name; a single name sorts as a surname does."""
    first = person.preferred_first or person.legal_first
    last = person.preferred_last or person.legal_last
    return (fold(last), fold(first)) if last else (fold(first), "")


_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u2018\u2019\u201b\u2032\uff07"
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_WITHOUT_DECOMPOSITION = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "æ": "ae", "œ": "oe", "\u0131": "i", "ħ": "h", "ŧ": "t",
}  # fmt: skip
_FOLDED = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "") | dict.fromkeys(_HYPHENS, " ") | _WITHOUT_DECOMPOSITION
)
# Accents, and the vowel points that Arabic and Hebrew may leave out. Not every combining mark: in the
# scripts of India and South-East Asia the marks are the vowels, and without them two names become one.
_POINTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)


def fold(name: str) -> str:
    """`name` for matching and sorting, never for showing (rule D5).

    Case, accents and apostrophes vanish, hyphens become spaces, spaces run together. A name made of
    nothing else is only put into lower case, so that it still differs from no name.
    """
    lower = unicodedata.normalize("NFKD", name.translate(_FOLDED)).casefold().translate(_FOLDED)
    visible = "".join(letter for letter in _POINTS.sub("", lower) if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split()) or name.strip().casefold()


def name_key(first: str, last: str) -> str:
    """The whole name folded and without spaces.

    Two systems that split or hyphenate a name in different places (`Anne-Marie` and `Annemarie`,
    `Mary Ann | Berg` and `Mary | Ann Berg`) still mean the same child.
    """
    return fold(f"{first} {last}").replace(" ", "")


def class_key(class_name: str) -> str:
    """A class name for matching: `4 b` and `4B` are one class."""
    return fold(class_name).replace(" ", "")


def class_order(class_name: str) -> tuple[tuple[int, str], ...]:
    """A class name for sorting: `4B` comes before `10A`."""
    pieces = re.findall(r"\d+|\D+", fold(class_name))
    return tuple((int(piece), "") if piece.isdecimal() else (LAST_SCHOOL_YEAR + 1, piece) for piece in pieces)


def admission_key(number: str | None) -> str:
    """An admission number for matching: spreadsheets drop the leading noughts of `004512`. Empty for None."""
    text = (number or "").strip()
    return text.lstrip("0").casefold() or text


def age_on(born: date, day: date) -> int:
    """Whole years of age on `day`.

    Someone born on 29 February ages on 1 March of common years, as in English law. Raises `ValueError` where
    `born` lies after `day`.
    """
    if born > day:
        raise ValueError("born after that day")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """The day on which someone born on `born` is `age` years old; of 29 February, 1 March in common years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def school_year(born: date, day: date) -> int:
    """The year group in England for someone born on `born`, on `day`; 0 is reception, below that nursery.

    Years begin on 1 September and gather those of one age on the day before; reception those who are four.
    Raises `ValueError` where `born` lies after `day`.
    """
    if born > day:
        raise ValueError("born after that day")
    eve = date(day.year if day.month >= SEPTEMBER else day.year - 1, SEPTEMBER - 1, 31)
    return age_on(born, eve) - 4 if born <= eve else -5


def year_name(year_group: int) -> str:
    """`Nursery`, `Reception` or `Year 4`."""
    if year_group < RECEPTION:
        return "Nursery"
    return "Reception" if year_group == RECEPTION else f"Year {year_group}"


def key_stage(year_group: int) -> int:
    """The key stage in England of a year group; 0 is the early years, 5 the sixth form."""
    last_years = (RECEPTION, 2, 6, 9, 11)
    return sum(year_group > last for last in last_years)


def stage_of(person: Pupil | ListedPupil, day: date) -> Stage | None:
    """Which set of the school's rules fits on `day` (rule P7), from the year group, else the date of birth.

    None where neither is known, or the date of birth lies ahead.
    """
    year = person.year_group
    if year is None and person.date_of_birth is not None and person.date_of_birth <= day:
        year = school_year(person.date_of_birth, day)
    if year is None:
        return None
    return "younger" if year <= LAST_YOUNGER_YEAR else "older"


_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # 23 letters: without I, O and S
_UPN_SHAPE = re.compile(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]")


def upn_doubt(upn: str) -> str | None:
    """Why `upn` looks wrong, as the end of a sentence; None where it looks right. It warns only (rule D5).

    The first letter checks the other twelve: each times its place (2 to 13), summed, modulo 23 (Department
    for Education, census rule 1510). A temporary number ends in a letter, which counts as its place among
    the 23.
    """
    if not _UPN_SHAPE.fullmatch(upn):
        return "is not a letter, eleven digits and a digit or letter"
    values = (int(sign) if sign.isdigit() else _UPN_LETTERS.index(sign) for sign in upn[1:])
    expected = _UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23]
    return None if upn[0] == expected else f"has the check letter {upn[0]} where {expected} is expected"


def is_temporary_upn(upn: str) -> bool:
    """Whether `upn` is one that the pupil carries only until a permanent one is known."""
    return bool(_UPN_SHAPE.fullmatch(upn)) and upn[-1].isalpha()
