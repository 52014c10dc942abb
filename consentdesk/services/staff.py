"""Staff and volunteers: who works here; their access to the internet is kept in its own record (rule N1)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.people import fold
from consentdesk.model.staff import StaffMember
from consentdesk.services.office import Office, require
from consentdesk.store import staff as store


def staff(office: Office, *, include_left: bool = False) -> tuple[StaffMember, ...]:
    """Who works here, by last name."""
    require(office, "see-reasons")
    return tuple(store.staff(office.db, include_left=include_left))


def the_staff_member(office: Office, text: str) -> StaffMember:
    """The one meant by an id or a name. Raises `KnownError` where it is nobody, or more than one."""
    found = store.find_staff(office.db, text)
    whole = [one for one in found if fold(one.name) == fold(text)]
    for candidates in (whole, found):
        present = [one for one in candidates if one.left is None] or candidates
        if len(present) == 1:
            return present[0]
        if present:
            listed = ", ".join(f"{one.name} (id {one.id})" for one in present)
            raise KnownError(
                f"{text} could be {listed}", "nothing was done", "give the id of the one you mean"
            )
    raise KnownError(
        f"nobody called {text} works here", "nothing was done", "look at the list of staff and volunteers"
    )


def add_staff(
    office: Office, name: str, *, role: str = "", volunteer: bool = False, since: date | None = None
) -> StaffMember:
    """Write down somebody new. Raises `KnownError` without a name, or where a present one has the same."""
    require(office, "keep-people")
    plain = " ".join(name.split())
    if not plain:
        raise KnownError("a member of staff needs a name", "nothing was recorded", "give one")
    if any(fold(one.name) == fold(plain) for one in store.staff(office.db)):
        raise KnownError(
            f"{plain} is on the list already",
            "nothing was recorded",
            "add a middle name or initial where it is somebody else",
        )
    member = StaffMember(uuid4().hex, plain, role.strip(), volunteer, since or office.today)
    with office.db.writing():
        store.add_staff(office.db, member)
    return member


def staff_left(office: Office, text: str) -> StaffMember:
    """Somebody works here no more, from today. Raises `KnownError` where they are unknown or gone already."""
    require(office, "keep-people")
    member = the_staff_member(office, text)
    if member.left is not None:
        raise KnownError(f"{member.name} has left already", "nothing was changed", "check the name")
    gone = msgspec.structs.replace(member, left=office.today)
    with office.db.writing():
        store.update_staff(office.db, gone)
    return gone
