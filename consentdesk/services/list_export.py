"""The consent list with the columns and the day that somebody chose: looked at, and exported (rules C8, C9, D4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final, NamedTuple

from consentdesk import paths
from consentdesk.classlists.write import write_csv, write_xlsx
from consentdesk.errors import KnownError
from consentdesk.model.consent import Event, Exported, Issued
from consentdesk.model.listing import ListColumn, ListRow, ListTable, cell_for
from consentdesk.model.people import Pupil
from consentdesk.model.status import as_seen, status_of
from consentdesk.printing.listing import write_listing
from consentdesk.services.export import ExportDone, kind_of
from consentdesk.services.forms import forms_in_force, questions
from consentdesk.services.lists import counts_of, notes_on
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.pupils import the_class
from consentdesk.services.record import Happening, record
from consentdesk.store import ledger, people, scans, school, slips

_TOGETHER: Final = 20
"""Pupils looked up at once: so few that it keeps nobody waiting."""
_MOST_NAMED: Final = 40


class ListChoice(NamedTuple):
    """Which list: of a class or (None) the whole school, for which purposes, as at now or the end of a day."""

    school_class: str | None
    purposes: tuple[str, ...]
    day: date | None = None


class Outline(NamedTuple):
    """What a list of a class, or of the whole school, can show, and what does not count yet (rule C9).

    `columns` are all that may be chosen, in the order of the forms; `asked` the purposes that anyone of the
    class was asked. `to_review`, `to_confirm` count slips of these pupils; `in_tray` slips without an owner.
    """

    columns: tuple[ListColumn, ...]
    asked: frozenset[str]
    to_review: int
    to_confirm: int
    in_tray: int


def list_classes(office: Office) -> tuple[tuple[str, int], ...]:
    """The classes that a list can be of, with how many pupils each has."""
    require(office, "export-lists")
    return tuple(people.classes(office.db))


def list_outline(office: Office, school_class: str | None) -> Outline:
    """What can be chosen. For the whole school every purpose of a form in force counts as asked.

    Raises `KnownError` where there is no such class, or no pupil.
    """
    require(office, "export-lists")
    known = questions(office)
    in_force = {
        question.purpose for form in forms_in_force(office).values() for question in form.definition.asked
    }
    pupils = _pupils(office, school_class)
    ids = {pupil.id for pupil in pupils}
    asked: set[str] = set()
    if school_class is not None:
        happened = ledger.events_of_many(office.db, ids)
        asked = {
            purpose
            for events in happened.values()
            for event in events
            if isinstance(event.what, Issued)
            for purpose in event.what.asked
        }
    offered = in_force | asked
    ordered = [purpose for purpose in known if purpose in offered] + sorted(offered - set(known))
    return Outline(
        _headed(office, ordered),
        frozenset(asked or in_force),
        _waiting(office, ids, scans.waiting_review(office.db)),
        _waiting(office, ids, scans.waiting_confirmation(office.db)),
        len(scans.in_tray(office.db)),
    )


def usual_purposes(office: Office, school_class: str | None) -> tuple[str, ...]:
    """What a list shows where nobody chose: all that anyone of the class was asked. Raises as `list_outline`."""
    outline = list_outline(office, school_class)
    return tuple(column.purpose for column in outline.columns if column.purpose in outline.asked)


def chosen_list(office: Office, choice: ListChoice) -> Job[ListTable]:
    """The list, with one column for each purpose chosen, in their order.

    With a `day` it shows what the office knew when that day ended: what was recorded later does not count, and
    a note names whatever was a yes then and is none now, so that nobody takes the list for the present one.
    A restriction shows as a plain no whoever makes it (rule A6). Raises `KnownError` where the class is
    unknown, no purpose is chosen, there is no pupil, or the day has not come yet.
    """
    require(office, "see-status")
    require(office, "export-lists")
    columns = _columns(office, choice.purposes)
    pupils = _pupils(office, choice.school_class)
    today = office.today
    day = None if choice.day == today else choice.day
    if day is not None and day > today:
        raise KnownError("that day has not come yet", "nothing was written", "choose today or an earlier day")
    moment = office.now() if day is None else datetime.combine(day, time(23, 59, 59)).astimezone()
    rows: list[ListRow] = []
    histories: list[list[Event]] = []
    ended: list[str] = []
    for start in range(0, len(pupils), _TOGETHER):
        yield Progress(start, len(pupils), "looking up pupils")
        some = pupils[start : start + _TOGETHER]
        happened = ledger.events_of_many(office.db, [pupil.id for pupil in some])
        for pupil in some:
            events = [event for event in happened[pupil.id] if event.at <= moment]
            rows.append(_row(pupil, events, day or today, columns))
            histories.append(events)
            if day is not None:
                now = _row(pupil, happened[pupil.id], today, columns)
                ended += _ended(rows[-1], now, columns)
    name = None if choice.school_class is None else the_class(office, choice.school_class)
    return ListTable(
        title=f"Consent list, class {name}" if name else "Consent list, whole school",
        school=school.school(office.db).name,
        as_at=moment.astimezone(),
        columns=columns,
        rows=tuple(rows),
        counts=counts_of(histories),
        notes=notes_on(office, pupils) if day is None else _notes_of_then(ended),
    )


def export_list(
    office: Office, choice: ListChoice, target: Path, *, password: str | None = None
) -> Job[ExportDone]:
    """Write the list to `target`, encrypted where a password is given, and record who took what.

    The ledger has the record before the file has its name, and neither is kept where the other fails, nor where
    the job is stopped. Raises `KnownError` as `chosen_list` does, where the file's name does not say its kind,
    and where the file cannot be written.
    """
    kind = kind_of(target, encrypted=password is not None)
    with paths.write_whole(target) as part:
        table = yield from chosen_list(office, choice)
        yield Progress(len(table.rows), len(table.rows), "writing the list")
        name = "all" if choice.school_class is None else the_class(office, choice.school_class)
        if kind == "pdf":
            write_listing(part, table, password)
        elif kind == "xlsx":
            write_xlsx(part, table, password=password)
        else:
            write_csv(part, table)
        record(office, [Happening(Exported(name, kind, len(table.rows), password is not None))])
    return ExportDone(len(table.rows), password is not None, table.notes)


def _pupils(office: Office, school_class: str | None) -> list[Pupil]:
    name = None if school_class is None else the_class(office, school_class)
    pupils = people.pupils(office.db, school_class=name)
    if not pupils:
        raise KnownError("there are no pupils yet", "nothing was written", "import a class list first")
    return pupils


def _columns(office: Office, purposes: Sequence[str]) -> tuple[ListColumn, ...]:
    if not purposes:
        raise KnownError("no purpose is chosen", "nothing was written", "choose at least one")
    return _headed(office, tuple(dict.fromkeys(purposes)))


def _headed(office: Office, purposes: Iterable[str]) -> tuple[ListColumn, ...]:
    known = questions(office)
    return tuple(
        ListColumn(purpose, known[purpose].name if purpose in known else purpose) for purpose in purposes
    )


def _row(pupil: Pupil, events: Sequence[Event], day: date, columns: Sequence[ListColumn]) -> ListRow:
    found = status_of(events, day, [column.purpose for column in columns])
    cells = (as_seen(found[column.purpose], safeguarding=False) for column in columns)
    return ListRow(
        pupil.display_name, pupil.class_name, tuple(cell_for(cell.word, cell.condition) for cell in cells)
    )


def _ended(then: ListRow, now: ListRow, columns: Sequence[ListColumn]) -> list[str]:
    """What acted as yes then and does not now."""
    gone = [
        column.heading
        for column, before, after in zip(columns, then.cells, now.cells, strict=True)
        if before.acts_as == "yes" and (after.acts_as != "yes" or after.condition != before.condition)
    ]
    return [f"{then.pupil} ({', '.join(gone)})"] if gone else []


def _notes_of_then(ended: Sequence[str]) -> tuple[str, ...]:
    notes = ["This list shows an earlier day, for the pupils of today. Do not decide by it what holds now."]
    if ended:
        named = ", ".join(ended[:_MOST_NAMED])
        more = len(ended) - _MOST_NAMED
        notes.append(
            f"Yes then, and not the same yes any more: {named}{f' and {more} more' if more > 0 else ''}."
        )
    return tuple(notes)


def _waiting(office: Office, pupils: set[str], rows: Sequence[scans.ReadingRow]) -> int:
    ids = [row.slip for row in rows if row.slip]
    return sum(slip.pupil in pupils for slip in slips.slips(office.db, ids).values())
