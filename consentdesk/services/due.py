"""What is due in the school around pictures, access and records: numbers, each as the user's role may see it (D1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from consentdesk.services.access_record import acknowledgements_due
from consentdesk.services.image_sets import to_destroy
from consentdesk.services.office import Office, may, require
from consentdesk.services.retention import leavers
from consentdesk.services.take_downs import take_downs
from consentdesk.services.trips import trips

SOON: Final = timedelta(days=7)


class Due(NamedTuple):
    """What waits. A number is None where the user's role has no errand on it.

    `trips` start within a week and are not permitted yet. `overdue` of the `take_downs` should be done already;
    `images` must be gone by today, `leavers` may be erased, `acknowledgements` end within a month.
    """

    trips: int
    take_downs: int | None
    overdue: int | None
    images: int | None
    leavers: int | None
    acknowledgements: int | None


def due(office: Office) -> Due:
    """The numbers of this moment."""
    require(office, "see-status")
    today, soon = office.today, office.now() + SOON
    publishes = may(office, "record-publications")
    down = take_downs(office) if publishes else ()
    gone = leavers(office) if may(office, "erase-records") else ()
    return Due(
        trips=sum(one.permission != "given" and office.now() < one.starts <= soon for one in trips(office)),
        take_downs=len(down) if publishes else None,
        overdue=sum(one.overdue(today) for one in down) if publishes else None,
        images=len(to_destroy(office)) if publishes else None,
        leavers=sum(one.erase_from is not None and one.erase_from <= today for one in gone)
        if may(office, "erase-records")
        else None,
        acknowledgements=len(acknowledgements_due(office)) if may(office, "keep-access-record") else None,
    )
