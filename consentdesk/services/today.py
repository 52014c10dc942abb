"""What waits for the office today: the numbers of the first screen, each as the user's role may see it (rule D1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office, may, require
from consentdesk.services.pupils import the_class
from consentdesk.services.school_settings import last_backup
from consentdesk.store import people, scans, slips


class Today(NamedTuple):
    """What waits. A number is None where the user's role has no errand on it.

    `review` slips want a decision, `tray` slips an owner; `batches` hold `clear` slips that nobody has
    confirmed. `classes` are the classes with how many pupils each has, in their order.
    """

    day: date
    now: datetime
    pupils: int
    classes: tuple[tuple[str, int], ...]
    review: int | None
    tray: int | None
    batches: int | None
    clear: int | None
    backup: datetime | None


class Outstanding(NamedTuple):
    """A class, how many pupils it has, and how many of them owe a form that was printed for them."""

    school_class: str
    pupils: int
    owing: int


def today(office: Office) -> Today:
    """The numbers of this moment."""
    require(office, "see-status")
    classes = tuple(people.classes(office.db))
    backup = last_backup(office)
    batches = [batch for batch in scans.batches(office.db) if batch.waiting]
    reviews, confirms = may(office, "review-answers"), may(office, "confirm-answers")
    return Today(
        day=office.today,
        now=office.now(),
        pupils=sum(pupils for _name, pupils in classes),
        classes=classes,
        review=len(scans.waiting_review(office.db)) if reviews else None,
        tray=len(scans.in_tray(office.db)) if reviews else None,
        batches=len(batches) if confirms else None,
        clear=sum(batch.waiting for batch in batches) if confirms else None,
        backup=backup.at if backup else None,
    )


def outstanding_in(office: Office, school_class: str) -> Outstanding:
    """How many pupils of a class owe a form: the latest slip of any form has not come back.

    One class at a time, so that a school of 5,000 keeps nobody waiting. Raises `KnownError` where there is no
    such class.
    """
    require(office, "see-status")
    name = the_class(office, school_class)
    pupils = {pupil.id for pupil in people.pupils(office.db, school_class=name)}
    owing: set[str] = set()
    for form in forms_in_force(office):
        owing |= slips.outstanding(office.db, form, pupils)
    return Outstanding(name, len(pupils), len(owing))
