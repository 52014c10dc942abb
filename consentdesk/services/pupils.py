"""Who is meant: one pupil or one class, from what a person typed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from consentdesk.errors import KnownError
from consentdesk.model.people import Guardian, Pupil, class_order, fold
from consentdesk.services.office import Office
from consentdesk.store import people

_MOST_NAMED = 6


def the_pupil(office: Office, text: str) -> Pupil:
    """The pupil with that id, UPN, admission number or unambiguous name.

    Leavers are meant only where nobody present is. Raises `KnownError` that names the candidates.
    """
    found = people.find_pupils(office.db, text)
    exact = [pupil for pupil in found if text.strip() in {pupil.id, pupil.upn, pupil.admission_number}]
    whole = [pupil for pupil in found if fold(text) in _whole_names(pupil)]
    for candidates in (exact, whole, found):
        present = [pupil for pupil in candidates if not pupil.left] or candidates
        if len(present) == 1:
            return present[0]
        if present:
            raise KnownError(
                f"{text} could be {_listed(present)}",
                "nothing was done",
                "give the id, UPN or admission number of the one you mean",
            )
    everyone = people.pupils(office.db)
    near = get_close_matches(text, [pupil.display_name for pupil in everyone], n=3)
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"{len(everyone)} pupils are known; look in the class list"
    )
    raise KnownError(f"there is no pupil {text}", "nothing was done", hint)


def _whole_names(pupil: Pupil) -> set[str]:
    firsts = {pupil.legal_first, pupil.preferred_first or pupil.legal_first}
    lasts = {pupil.legal_last, pupil.preferred_last or pupil.legal_last}
    return {fold(f"{first} {last}") for first in firsts for last in lasts}


def _listed(pupils: Sequence[Pupil]) -> str:
    named = [
        f"{pupil.display_name} of {pupil.class_name or 'no class'} (id {pupil.id})"
        for pupil in pupils[:_MOST_NAMED]
    ]
    more = len(pupils) - len(named)
    return ", ".join(named) + (f" or {more} more" if more else "")


def the_class(office: Office, name: str) -> str:
    """The class of that name as the school spells it. Raises `KnownError` that lists the classes."""
    known = people.class_named(office.db, name)
    if known is not None:
        return known
    names = [spelling for spelling, _count in people.classes(office.db)]
    if not names:
        raise KnownError(f"there is no class {name}", "nothing was done", "import a class list first")
    listed = ", ".join(sorted(names, key=class_order))
    raise KnownError(f"there is no class {name}", "nothing was done", f"choose from {listed}")


def the_guardian(office: Office, pupil: Pupil, text: str) -> Guardian:
    """The guardian of `pupil` with that id or name (rule A2). Raises `KnownError` that lists them."""
    guardians = people.guardians_of(office.db, pupil.id)
    meant = [one for one in guardians if one.id == text or fold(one.name) == fold(text)]
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(f"{one.name} (id {one.id})" for one in guardians) or "nobody yet"
    raise KnownError(
        f"{text} is not one guardian of {pupil.display_name}",
        "nothing was done",
        f"the guardians known are {known}",
    )
