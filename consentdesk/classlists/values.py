"""Single cells of a class list: names, dates, year groups and yes or no, as schools write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from consentdesk.model.people import LAST_SCHOOL_YEAR, NURSERY, RECEPTION

EARLIEST_BIRTH = date(1950, 1, 1)
FIRST_YEAR_OF_LAST_CENTURY = 69
"""Of two digits, `14` is 2014 and `85` is 1985: the split that Python and POSIX make."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:am|pm|z)?)?"
_ISO_DATE = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}", re.IGNORECASE)
_UK_DATE = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_DAY_AND_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]+)[-/., ]*(\d{4}|\d{2})")
_MONTH_NAME_AND_DAY = re.compile(r"([a-z]+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,. ]+")

_YES = frozenset({"yes", "y", "true", "t", "1"})
_NO = frozenset({"no", "n", "false", "f", "0"})
_NURSERIES = {"n": NURSERY, "nursery": NURSERY, "n1": NURSERY - 1, "n2": NURSERY}
_RECEPTIONS = frozenset({"r", "rec", "reception", "yr", "0"})
FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What makes a spreadsheet take text for a formula (OWASP, CSV injection), full-width signs included."""

_GUARDED_FORMULA = re.compile(rf"'+[{re.escape(FORMULA_STARTS)}]")
_FORMULA = re.compile(rf"'*[{re.escape(FORMULA_STARTS)}]")


def neutralised(text: str) -> str:
    """`text` with an apostrophe in front where a spreadsheet would run it as a formula.

    A name that already starts with apostrophes and such a sign gets one more, so that `unguarded` gives it back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """A cell of a text file without the one apostrophe that exports put before what looks like a formula."""
    return cell[1:] if _GUARDED_FORMULA.match(cell) else cell


def clean(cell: str) -> str:
    """`cell` on one line: control characters go, white space runs together, all else stays (rule D5)."""
    visible = "".join(letter for letter in cell if letter.isspace() or not is_unwritable(letter))
    return " ".join(visible.split())


def is_unwritable(letter: str) -> bool:
    """Whether `letter` can stand in no XML file, and so in no name: a control or half a character."""
    return unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff"


def read_date(text: str) -> date | None:
    """A date in ISO or UK order, day first where both could be meant; None where it is no date.

    Years of two digits run from 1969 to 2068. A time behind it is left off. Dates before 1950 are taken for
    slips of the keyboard.
    """
    plain = _WEEKDAY.sub("", text.strip().casefold())
    iso = _ISO_DATE.fullmatch(plain)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    numbers = _UK_DATE.fullmatch(plain)
    if numbers:
        return _made(_year(numbers[4]), int(numbers[3]), int(numbers[1]))
    named = _DAY_AND_MONTH_NAME.fullmatch(plain)
    if named:
        return _made(_year(named[3]), _month(named[2]), int(named[1]))
    american = _MONTH_NAME_AND_DAY.fullmatch(plain)
    if american:
        return _made(_year(american[3]), _month(american[1]), int(american[2]))
    return None


def is_month_first(text: str) -> bool:
    """Whether `text` is a date only if the month is read first, as in `02/28/2014`."""
    numbers = _UK_DATE.fullmatch(text.strip().casefold())
    return (
        numbers is not None
        and _made(_year(numbers[4]), int(numbers[3]), int(numbers[1])) is None
        and _made(_year(numbers[4]), int(numbers[1]), int(numbers[3])) is not None
    )


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - a year of four digits
        return number
    return number + (2000 if number < FIRST_YEAR_OF_LAST_CENTURY else 1900)


def _month(name: str) -> int:
    """The number of a month's name or its first three letters (`sept` too); 0 where there is none."""
    short = "sep" if name == "sept" else name
    return next((number for number, month in enumerate(_MONTHS, start=1) if short in (month, month[:3])), 0)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return made if made >= EARLIEST_BIRTH else None


def read_year_group(text: str) -> int | None:
    """A year group such as `Year 4`, `Y4`, `4`, `R`, `Nursery 2`; None where it is none."""
    plain = re.sub(r"[\s.]+", " ", text.strip().casefold())
    plain = re.sub(r"\b(?:nc|curriculum|national|group|actual|taught in)\b", " ", plain).strip()
    if plain in _RECEPTIONS:
        return RECEPTION
    bare = re.sub(r"^(?:year|yr|y)(?= |\d|$)", "", plain).replace(" ", "")
    if bare in _RECEPTIONS:
        return RECEPTION
    nursery = _NURSERIES.get(bare.replace("nursery", "n") if bare != "nursery" else bare)
    if nursery is not None:
        return nursery
    if bare.isdecimal() and RECEPTION < int(bare) <= LAST_SCHOOL_YEAR:
        return int(bare)
    return None


def read_yes_no(text: str) -> bool | None:
    """Yes or no in the words and numbers of school systems; None for anything else."""
    plain = text.strip().casefold()
    if plain in _YES:
        return True
    return False if plain in _NO else None


def read_upn(text: str) -> str:
    """A UPN without spaces, in capitals. Whether it looks right is for `model.people.upn_doubt`."""
    return "".join(text.split()).upper()


def split_name(text: str, surname_first: bool) -> tuple[str, str]:
    """First and last part of a whole name in one cell.

    `Surname, First` by its comma. Without one the last word is the surname, or the first where the heading
    says so; a single name is a first name. Where exactly the two parts meet is not shown to anybody.
    """
    last, comma, first = text.partition(",")
    if comma:
        return first.strip(), last.strip()
    words = text.split()
    if len(words) < 2:  # noqa: PLR2004 - a single name, or none
        return text.strip(), ""
    if surname_first:
        return " ".join(words[1:]), words[0]
    return " ".join(words[:-1]), words[-1]
