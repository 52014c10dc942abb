"""The class consent list as data: one row a pupil, one column a purpose that was asked (rules C8, C9)."""

from __future__ import annotations

from collections.abc import Sequence

from consentdesk.errors import KnownError
from consentdesk.model.consent import Event, Issued, Returned
from consentdesk.model.listing import ListColumn, ListCounts, ListRow, ListTable, cell_for
from consentdesk.model.people import Pupil
from consentdesk.model.slip import typed_code
from consentdesk.model.status import as_seen, status_of
from consentdesk.services.forms import forms_in_force, questions
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_class
from consentdesk.store import ledger, people, scans, school, slips


def consent_list(office: Office, school_class: str | None) -> ListTable:
    """The list of one class, or of the whole school, as at this moment.

    A list travels further than its maker, so a restriction shows as a plain no whoever makes it (rule A6).
    Raises `KnownError` where the class is unknown or there are no pupils.
    """
    require(office, "see-status")
    name = None if school_class is None else the_class(office, school_class)
    pupils = people.pupils(office.db, school_class=name)
    if not pupils:
        raise KnownError("there are no pupils yet", "nothing was written", "import a class list first")
    events = ledger.events_of_many(office.db, [pupil.id for pupil in pupils])
    columns = _columns(office, [event for happened in events.values() for event in happened])
    day = office.today
    rows = []
    for pupil in pupils:
        found = status_of(events[pupil.id], day, [column.purpose for column in columns])
        cells = (as_seen(found[column.purpose], safeguarding=False) for column in columns)
        rows.append(
            ListRow(
                pupil.display_name,
                pupil.class_name,
                tuple(cell_for(cell.word, cell.condition) for cell in cells),
            )
        )
    return ListTable(
        title=f"Consent list, class {name}" if name else "Consent list, whole school",
        school=school.school(office.db).name,
        as_at=office.now().astimezone(),
        columns=columns,
        rows=tuple(rows),
        counts=counts_of(list(events.values())),
        notes=notes_on(office, pupils),
    )


def _columns(office: Office, events: Sequence[Event]) -> tuple[ListColumn, ...]:
    """Every purpose that anyone on the list was asked, in the order of the forms; else all that would be asked."""
    known = questions(office)
    asked = {purpose for event in events if isinstance(event.what, Issued) for purpose in event.what.asked}
    if not asked:
        asked = {
            question.purpose for form in forms_in_force(office).values() for question in form.definition.asked
        }
    ordered = [purpose for purpose in known if purpose in asked] + sorted(asked - set(known))
    return tuple(
        ListColumn(purpose, known[purpose].name if purpose in known else purpose) for purpose in ordered
    )


def counts_of(histories: Sequence[Sequence[Event]]) -> ListCounts:
    """A pupil is outstanding while the newest slip of any form is, and returned once all of them are back."""
    returned = outstanding = 0
    for events in histories:
        newest = {event.what.form: event.slip for event in events if isinstance(event.what, Issued)}
        back = {event.slip for event in events if isinstance(event.what, Returned)}
        if newest and set(newest.values()) <= back:
            returned += 1
        elif newest:
            outstanding += 1
    return ListCounts(len(histories), returned, outstanding)


def notes_on(office: Office, pupils: Sequence[Pupil]) -> tuple[str, ...]:
    """What has come back and does not count yet, so that a no on the list is not taken for the last word."""
    names = {pupil.id: pupil.display_name for pupil in pupils}
    notes = []
    for sentence, rows in (
        ("Not reviewed when this list was made", scans.waiting_review(office.db)),
        ("Read and not yet confirmed when this list was made", scans.waiting_confirmation(office.db)),
    ):
        waiting = slips.slips(office.db, [row.slip for row in rows if row.slip])
        listed = sorted(
            f"{names[slip.pupil]} (slip {typed_code(slip.id)})"
            for slip in waiting.values()
            if slip.pupil in names
        )
        if listed:
            notes.append(f"{sentence}: {', '.join(listed)}.")
    lying = len(scans.in_tray(office.db))
    if lying:
        slips_lie = "1 slip lies" if lying == 1 else f"{lying} slips lie"
        notes.append(
            f"{slips_lie} in the tray without a code that could be used, and may be of these pupils."
        )
    return tuple(notes)
