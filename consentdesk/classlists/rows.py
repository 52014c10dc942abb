"""Lines of a class list turned into pupils; what cannot be read is named with its line, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple, TypeVar

from consentdesk.classlists.headers import Field, Header
from consentdesk.classlists.tables import Headed, Line, said_above
from consentdesk.classlists.values import (
    clean,
    is_month_first,
    read_date,
    read_upn,
    read_year_group,
    read_yes_no,
    split_name,
)
from consentdesk.model.people import ListedGuardian, ListedPupil, Responsibility, fold, upn_doubt

Value = TypeVar("Value")

_INSTRUCTION = re.compile(
    r"(?:required|optional|mandatory|free text|e\.g\.|for example|leave blank"
    r"|d{1,2}[/-]m{1,2}[/-]y{2,4}|y{4}-m{2}-d{2})",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:total|count|number of \w+)\b\D*\d+", re.IGNORECASE)
_SPREADSHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_NOTHING = frozenset({"-", "--", "n/a", "none", "null", "tbc", "unknown"})
_CLASS_LABELS = frozenset(
    {"class", "form", "form group", "tutor group", "reg group", "registration group", "registration form"}
)
_SCHOOL_LABELS = frozenset({"school", "school name", "name of school"})
_KIN = {"mother": "Mother", "father": "Father"}


class SkippedLine(NamedTuple):
    """A line of the file that made no pupil, and why, as a clause."""

    line: int
    reason: str


class Rows(NamedTuple):
    """What the lines under a heading say; `nameless` are places that hold something and have no heading."""

    pupils: tuple[ListedPupil, ...]
    skipped: tuple[SkippedLine, ...]
    school: str | None
    remarks: tuple[str, ...]
    nameless: tuple[int, ...]


def read_rows(headed: Headed, today: date) -> Rows:
    """The pupils under a heading. Dates of birth after `today` are taken for mistakes and left out."""
    header = headed.header
    class_above = said_above(headed.above, _CLASS_LABELS) if header.place(Field.CLASS) is None else ""
    pupils: list[ListedPupil] = []
    skipped: list[SkippedLine] = []
    schools: dict[str, None] = {}
    month_first = False
    for line in headed.below:
        if line.is_blank or line.cells == header.cells:  # reports repeat the heading on every page
            continue
        reason = _why_no_pupil(line, header, is_first=not pupils)
        if reason:
            skipped.append(SkippedLine(line.number, reason))
            continue
        pupils.append(_pupil(line, header, today, class_above))
        month_first = month_first or is_month_first(_cell(line, header, Field.BORN))
        schools[_cell(line, header, Field.SCHOOL)] = None
    schools.pop("", None)
    remarks = []
    if class_above:
        remarks.append(
            f"The list has no column for the class; {class_above} was taken from the lines above it."
        )
    if month_first:
        remarks.append("Some dates have the month first; dates were read day first, so check them all.")
    if len(schools) > 1:
        remarks.append(f"The list names {len(schools)} schools: {', '.join(schools)}.")
    school = next(iter(schools), "") or said_above(headed.above, _SCHOOL_LABELS)
    return Rows(tuple(pupils), tuple(skipped), school or None, tuple(remarks), _nameless(headed))


def _nameless(headed: Headed) -> tuple[int, ...]:
    headings = headed.header.cells
    return tuple(
        place
        for place, heading in enumerate(headings)
        if not heading.strip()
        and any(place < len(line.cells) and line.cells[place].strip() for line in headed.below)
    )


def _why_no_pupil(line: Line, header: Header, is_first: bool) -> str | None:
    """Why a line that holds something is no pupil's; None where it is one's."""
    filled = [cell.strip() for cell in line.cells if cell.strip()]
    if any(cell.strip() for cell in line.cells[len(header.cells) :]):
        return "it has more cells than there are headings, so it is not certain what is what"
    if is_first and 2 * sum(bool(_INSTRUCTION.match(cell)) for cell in filled) > len(filled):
        return "it holds instructions"
    if len(filled) == 1 and _TOTAL.fullmatch(filled[0]):
        return "it holds a total"
    return None if any(_legal_name(line, header)) else "it has no name"


def _cell(line: Line, header: Header, field: Field, person: str = "") -> str:
    """The cleaned cell of `field`, empty where there is none or a spreadsheet could not work it out."""
    place = header.place(field, person)
    if place is None or place >= len(line.cells):
        return ""
    text = clean(line.cells[place])
    return "" if text in _SPREADSHEET_ERRORS else text


def _fact(line: Line, header: Header, field: Field) -> str:
    """A cell that is no name: there, a dash or `n/a` means nothing. (None is a surname, somewhere.)"""
    text = _cell(line, header, field)
    return "" if text.casefold() in _NOTHING else text


def _legal_name(line: Line, header: Header) -> tuple[str, str]:
    """First and last name; where both legal names and others have columns, the legal ones."""
    first = _cell(line, header, Field.LEGAL_FIRST) or _cell(line, header, Field.FIRST)
    last = _cell(line, header, Field.LEGAL_LAST) or _cell(line, header, Field.LAST)
    if first or last:
        return first, last
    surname_first = _cell(line, header, Field.SURNAME_AND_FIRST)
    if surname_first:
        return split_name(surname_first, surname_first=True)
    return split_name(_cell(line, header, Field.WHOLE_NAME), surname_first=False)


def _pupil(line: Line, header: Header, today: date, class_above: str) -> ListedPupil:
    warnings = [
        f"{line.cells[place].strip()} under “{clean(header.cells[place])}” was left out."
        for place in header.columns
        if place < len(line.cells) and line.cells[place].strip() in _SPREADSHEET_ERRORS
    ]

    def read(field: Field, reader: Callable[[str], Value | None], what: str) -> Value | None:
        text = _fact(line, header, field)
        value = reader(text) if text else None
        if text and value is None:
            warnings.append(f"The {what} “{text}” could not be read and was left out.")
        return value

    def read_birth(text: str) -> date | None:
        born = read_date(text)
        return born if born and born <= today else None

    def read_upn_like(text: str) -> str | None:
        upn = read_upn(text)
        return upn if any(sign.isdigit() for sign in upn) else None

    first, last = _legal_name(line, header)
    upn = read(Field.UPN, read_upn_like, "UPN")
    doubt = upn_doubt(upn) if upn else None
    if doubt:
        warnings.append(f"The UPN {upn} {doubt}.")
    class_name = _fact(line, header, Field.CLASS) or class_above
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", class_name):
        warnings.append(f"The class {class_name} looks like a date that a spreadsheet made of it.")
    whole = _cell(line, header, Field.SURNAME_AND_FIRST)
    if "," not in whole and len(whole.split()) > 2:  # noqa: PLR2004 - a surname and a first name
        warnings.append(f"“{whole}” was split after its first word; check which part is the surname.")
    guardians = _guardians(line, header, warnings)
    return ListedPupil(
        line=line.number,
        legal_first=first,
        legal_last=last,
        preferred_first=_preferred_first(line, header, last),
        preferred_last=_preferred(line, header, Field.PREFERRED_LAST, Field.LEGAL_LAST, Field.LAST),
        class_name=class_name,
        date_of_birth=read(Field.BORN, read_birth, "date of birth"),
        year_group=read(Field.YEAR, read_year_group, "year group"),
        upn=upn,
        admission_number=_fact(line, header, Field.ADMISSION) or None,
        looked_after=read(Field.LOOKED_AFTER, read_yes_no, "answer to looked after"),
        guardians=guardians,
        warnings=tuple(warnings),
    )


def _preferred(line: Line, header: Header, preferred: Field, legal: Field, plain: Field) -> str | None:
    """The preferred name; beside a column of legal names, a plain one holds the name in use."""
    said = _cell(line, header, preferred)
    if said:
        return said
    in_use = _cell(line, header, plain)
    legal_name = _cell(line, header, legal)
    return in_use if legal_name and in_use and in_use != legal_name else None


def _preferred_first(line: Line, header: Header, last: str) -> str | None:
    """The preferred first name, without the surname where a column of preferred names repeats it."""
    said = _preferred(line, header, Field.PREFERRED_FIRST, Field.LEGAL_FIRST, Field.FIRST)
    surnames = {fold(name) for name in (last, _cell(line, header, Field.PREFERRED_LAST)) if name}
    words = (said or "").split(" ")
    for count in range(1, len(words)):
        if fold(" ".join(words[count:])) in surnames:
            return " ".join(words[:count])
    return said


def _guardians(line: Line, header: Header, warnings: list[str]) -> tuple[ListedGuardian, ...]:
    """The guardians that a line names; e-mail, telephone and address are never among what is kept."""
    found: dict[ListedGuardian, None] = {}
    for person in header.guardians:
        first, last = (
            _cell(line, header, field, person) for field in (Field.GUARDIAN_FIRST, Field.GUARDIAN_LAST)
        )
        name = _cell(line, header, Field.GUARDIAN_NAME, person) or f"{first} {last}".strip()
        relationship = _cell(line, header, Field.RELATIONSHIP, person)
        if name:
            responsibility = read_yes_no(_cell(line, header, Field.RESPONSIBILITY, person))
            word: Responsibility = "unknown" if responsibility is None else "yes" if responsibility else "no"
            found[ListedGuardian(name, relationship or _KIN.get(person, ""), word)] = None
        elif relationship:
            warnings.append(f"A guardian ({relationship}) has no name and was left out.")
    return tuple(found)
