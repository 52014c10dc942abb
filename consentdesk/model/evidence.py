"""What speaks for a row of a class list and a pupil being one child, and what against (rule D6)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import product

from consentdesk.model.people import (
    ListedPupil,
    Pupil,
    admission_key,
    class_key,
    fold,
    is_temporary_upn,
    name_key,
)

Person = Pupil | ListedPupil


def told_apart(one: Person, other: Person) -> str | None:
    """What shows two namesakes to be two people: a UPN, admission number or date of birth that differs.

    None where nothing that both have differs. A temporary UPN proves nothing: it gives way to a permanent
    one.
    """
    if _differ(one.upn, other.upn) and not any(is_temporary_upn(upn or "") for upn in (one.upn, other.upn)):
        return "UPN"
    if _differ(admission_key(one.admission_number), admission_key(other.admission_number)):
        return "admission number"
    return "date of birth" if _differ(one.date_of_birth, other.date_of_birth) else None


def upn_of(person: Person) -> Iterable[str]:
    """The UPN as a key, if there is one."""
    return (person.upn,) if person.upn else ()


def admission_number_of(person: Person) -> Iterable[str]:
    """The admission number as a key, if there is one."""
    return (admission_key(person.admission_number),) if person.admission_number else ()


def names_of(person: Person) -> set[str]:
    """The keys of every name that a list may use: legal and preferred parts in any mixture."""
    firsts = {part for part in (person.legal_first, person.preferred_first) if part} or {""}
    lasts = {part for part in (person.legal_last, person.preferred_last) if part} or {""}
    return {name_key(first, last) for first, last in product(firsts, lasts)}


def names_and_birth_of(person: Person) -> Iterable[Hashable]:
    """The keys of every name together with the date of birth, if that is known."""
    return [(name, person.date_of_birth) for name in names_of(person)] if person.date_of_birth else ()


def _differ(one: Hashable | None, other: Hashable | None) -> bool:
    return bool(one) and bool(other) and one != other


def classes_agree(one: Person, other: Person) -> bool:
    """Whether two classes are the same as far as both are known."""
    return not _differ(class_key(one.class_name), class_key(other.class_name))


def _same_birth(pupil: Pupil, row: ListedPupil) -> bool:
    return pupil.date_of_birth is not None and pupil.date_of_birth == row.date_of_birth


def _share_a_part(pupil: Pupil, row: ListedPupil) -> bool:
    """Whether first or last names agree, so that the other may have changed."""

    def parts(*names: str | None) -> set[str]:
        return {fold(name) for name in names if name}

    firsts = parts(pupil.legal_first, pupil.preferred_first) & parts(row.legal_first, row.preferred_first)
    lasts = parts(pupil.legal_last, pupil.preferred_last) & parts(row.legal_last, row.preferred_last)
    return bool(firsts or lasts)


def against_upn(pupil: Pupil, row: ListedPupil) -> str | None:
    """A UPN follows a child through a change of name; beside a stranger's it has slipped to another row."""
    if names_of(pupil) & names_of(row) or _same_birth(pupil, row):
        return None
    if _share_a_part(pupil, row) and not _differ(pupil.date_of_birth, row.date_of_birth):
        return None
    return f"line {row.line} ({row.display_name}) carries the UPN of {pupil.display_name}"


def against_admission_number(pupil: Pupil, row: ListedPupil) -> str | None:
    """Admission numbers start again in another system: the name must agree, or half of it and the birth."""
    named = bool(names_of(pupil) & names_of(row))
    if told_apart(pupil, row) == "UPN" or not (
        named or (_same_birth(pupil, row) and _share_a_part(pupil, row))
    ):
        return f"line {row.line} ({row.display_name}) carries the admission number of {pupil.display_name}"
    return None


def against_birth(pupil: Pupil, row: ListedPupil) -> str | None:
    """Name and birthday make one child, unless two permanent UPNs say otherwise."""
    if told_apart(pupil, row) == "UPN":
        return (
            f"line {row.line} has the name and date of birth of {pupil.display_name} and another UPN: "
            "a correction, or another child"
        )
    return None


def against_class(pupil: Pupil, row: ListedPupil) -> str | None:
    """Name and class make one child, unless anything else that both have differs."""
    other = told_apart(pupil, row)
    if other:
        return (
            f"line {row.line} has the name and class of {pupil.display_name} and another {other}: "
            "a correction, or another child"
        )
    return None


def against_name(pupil: Pupil, row: ListedPupil) -> str:
    """A name alone never makes one child."""
    return (
        f"line {row.line} has the name of {pupil.display_name} and no more: moved from class "
        f"{pupil.class_name} to {row.class_name}, or another child; a UPN or date of birth would tell"
    )
