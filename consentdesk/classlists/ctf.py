"""Class lists as Common Transfer Files, the XML in which English schools hand over their pupils."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from consentdesk.classlists.rows import SkippedLine
from consentdesk.classlists.tables import MOST_ROWS
from consentdesk.classlists.textfile import over_limits
from consentdesk.classlists.values import clean, read_date, read_upn, read_year_group, read_yes_no
from consentdesk.errors import KnownError
from consentdesk.model.people import ListedGuardian, ListedPupil, Responsibility, upn_doubt

MOST_TAGS = 2_000_000
"""A hundred for each of 20,000 pupils; no school has so many."""
_YEARS_WITHOUT_NUMBER = frozenset(
    {"X", "M"}
)  # taught outside the national curriculum's years, or across them
_RELATIONSHIPS = {
    "CAR": "Carer", "FAM": "Other family member", "FOF": "Foster father", "FOM": "Foster mother",
    "OTC": "Other contact", "OTR": "Other relative", "PAF": "Father", "PAM": "Mother", "STF": "Step-father",
    "STM": "Step-mother", "SWR": "Social worker",
}  # fmt: skip
_NO_GUARDIANS = frozenset({"CHM", "DOC", "HTC", "REL", "TCR"})
"""Contacts whom nobody asks for consent: childminder, doctor, head teacher, religious contact, teacher."""


class TransferFile(NamedTuple):
    """The pupils of a Common Transfer File; their `line` is their place in it, from 1."""

    pupils: tuple[ListedPupil, ...]
    skipped: tuple[SkippedLine, ...]
    school: str | None


def read_ctf(untrusted_bytes: bytes, name: str, today: date) -> TransferFile:
    """The pupils of the Common Transfer File called `name`, in whichever order its elements stand.

    Raises `KnownError` where it is no such file, is damaged, or declares entities, which no real one does.
    """
    # Told by counting, before a tree of them is built.
    if max(untrusted_bytes.count(b"<"), untrusted_bytes.count(b"=")) > MOST_TAGS:
        raise over_limits(name)
    try:
        root = fromstring(untrusted_bytes, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise KnownError(
            f"the file {name} is damaged or not a Common Transfer File",
            "nothing was changed",
            "export it again, or export the class list as XLSX or CSV",
        ) from error
    if _tag(root).casefold() != "ctfile":
        raise KnownError(
            f"the file {name} is XML but not a Common Transfer File",
            "nothing was changed",
            "export the class list as XLSX, CSV or CTF and import that",
        )
    elements = [element for data in _children(root, "CTFpupilData") for element in _children(data, "Pupil")]
    if len(elements) > MOST_ROWS:
        raise over_limits(name)
    numbered = [(place, _pupil(place, element, today)) for place, element in enumerate(elements, start=1)]
    return TransferFile(
        tuple(pupil for _, pupil in numbered if pupil.legal_first or pupil.legal_last),
        tuple(
            SkippedLine(place, "it has no name")
            for place, pupil in numbered
            if not (pupil.legal_first or pupil.legal_last)
        ),
        _school(root),
    )


def _tag(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _text(places: list[Element], *tags: str) -> str:
    """The first text among `tags` that stands directly in any of `places`."""
    for tag in tags:
        for place in places:
            for child in _children(place, tag):
                text = clean(child.text or "")
                if text:
                    return text
    return ""


def _school(root: Element) -> str | None:
    for header in _children(root, "Header"):
        for source in _children(header, "SourceSchool"):
            return _text([source], "SchoolName") or None
    return None


def _pupil(place: int, element: Element, today: date) -> ListedPupil:
    """One pupil. Names stand in the pupil or its basic details, as legal names or just so."""
    own = [element, *_children(element, "BasicDetails")]
    care = [*own, *_children(element, "LookedAfter")]
    warnings = []
    born_text = _text(own, "DOB", "DateOfBirth")
    born = read_date(born_text)
    if born_text and (born is None or born > today):
        born = None
        warnings.append(f"The date of birth “{born_text}” could not be read and was left out.")
    year_text = _text(own, "NCyearActual", "YearGroup")
    year = read_year_group(year_text)
    if year_text and year is None and year_text.upper() not in _YEARS_WITHOUT_NUMBER:
        warnings.append(f"The year group “{year_text}” could not be read and was left out.")
    upn = read_upn(_text([element], "UPN")) or None
    doubt = upn_doubt(upn) if upn else None
    if doubt:
        warnings.append(f"The UPN {upn} {doubt}.")
    return ListedPupil(
        line=place,
        legal_first=_text(own, "LegalForename", "Forename"),
        legal_last=_text(own, "LegalSurname", "Surname"),
        preferred_first=_text(own, "PreferredForename") or None,
        preferred_last=_text(own, "PreferredSurname") or None,
        class_name=_text(own, "RegistrationGroup", "RegGroup"),
        date_of_birth=born,
        year_group=year,
        upn=upn,
        looked_after=read_yes_no(_text(care, "InCare")),
        guardians=tuple(_guardians(element)),
        warnings=tuple(warnings),
    )


def _guardians(pupil: Element) -> Iterator[ListedGuardian]:
    for contacts in _children(pupil, "Contacts"):
        for contact in _children(contacts, "Contact"):
            code = _text([contact], "Relationship")
            name = f"{_text([contact], 'Forename')} {_text([contact], 'Surname')}".strip()
            if not name or code.upper() in _NO_GUARDIANS:
                continue
            responsible = read_yes_no(_text([contact], "Responsibility"))
            word: Responsibility = "unknown" if responsible is None else "yes" if responsible else "no"
            yield ListedGuardian(name, _RELATIONSHIPS.get(code.upper(), code), word)
