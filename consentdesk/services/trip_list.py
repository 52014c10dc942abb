"""The list of a trip on paper: the three groups of the check, readable in grey, recorded as taken out (rule D4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from consentdesk.model.consent import Exported
from consentdesk.model.listing import (
    ListCell,
    ListColumn,
    ListCounts,
    ListRow,
    ListTable,
    Shape,
    Tint,
    cell_for,
)
from consentdesk.printing.listing import listing_pdf
from consentdesk.services.office import Office, require
from consentdesk.services.record import Happening, record
from consentdesk.services.trip import TripCheck, TripPupil, trip_check
from consentdesk.store import school

_OVERALL: Final = "trip"


def trip_pdf(office: Office, school_class: str, purposes: Sequence[str] = ()) -> bytes:
    """The trip's list as PDF, as at this moment; that it was taken out is in the ledger before it is returned.

    Raises `KnownError` as `trip_check` does, or where a name has a character that cannot be printed.
    """
    require(office, "export-lists")
    check = trip_check(office, school_class, purposes)
    content = listing_pdf(trip_table(check, school.school(office.db).name))
    record(office, [Happening(Exported(check.school_class, "pdf", len(check.pupils), encrypted=False))])
    return content


def trip_table(check: TripCheck, school_name: str) -> ListTable:
    """The check as a table: what to do first, then each purpose; who may not be photographed stands at the top."""
    stopped = len(check.of_group("none"))
    return ListTable(
        title=f"Pictures of class {check.school_class}: do not photograph {stopped} of {len(check.pupils)}",
        school=school_name,
        as_at=check.as_at.astimezone(),
        columns=(
            ListColumn(_OVERALL, "Photograph?"),
            *(ListColumn(one.purpose, one.name) for one in check.purposes),
        ),
        rows=tuple(
            ListRow(one.name, check.school_class, (_overall(one), *_cells(one))) for one in check.pupils
        ),
        counts=ListCounts(
            len(check.pupils),
            sum(one.form_in is not None for one in check.pupils),
            sum(one.form_in is None for one in check.pupils),
        ),
        notes=_notes(check),
    )


def _overall(pupil: TripPupil) -> ListCell:
    match pupil.group:
        case "none":
            return ListCell("Do not photograph", Shape.BARRED, Tint.STOP, "no")
        case "some":
            return ListCell("Only where it says yes", Shape.TICK_IN_BRACKETS, Tint.LIMITED, "yes")
        case "all":
            # Any condition turns the sign: a narrowed yes never looks like a plain one (rule C8).
            narrowed = "; ".join(one.words for one in pupil.conditions)
            return msgspec.structs.replace(cell_for(pupil.word, narrowed or None), condition=None)


def _cells(pupil: TripPupil) -> tuple[ListCell, ...]:
    conditions = {purpose: one.words for one in pupil.conditions for purpose in one.purposes}
    return tuple(cell_for(word, conditions.get(name)) for name, word in pupil.statuses)


def _notes(check: TripCheck) -> tuple[str, ...]:
    places = ", ".join(one.name for one in check.purposes)
    notes = [f"Pictures for: {places}. Whoever is not on this list may not be photographed."]
    if check.waiting:
        slips = "1 slip has" if check.waiting == 1 else f"{check.waiting} slips have"
        notes.append(f"{slips} come back and did not count yet when this list was made.")
    if check.tray:
        lie = "1 slip lies" if check.tray == 1 else f"{check.tray} slips lie"
        notes.append(f"{lie} in the tray without a code that could be used, and may be of these pupils.")
    return tuple(notes)
