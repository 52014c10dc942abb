"""A sheet of crops: the clear slips that a person looks through and confirms, and none that they did not see (C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import Confirmed, Reviewed, named_guardian
from consentdesk.model.slip import typed_code
from consentdesk.services.look_at_slip import SeenSlip, look_at, must_name, named_on
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_guardian, the_pupil
from consentdesk.services.record import Happening, record
from consentdesk.services.take_back import Undo
from consentdesk.store import ledger, people, scans, slips
from consentdesk.store.scans import ReadingRow

A_SHEET: Final = 20
"""Slips that are confirmed at a time."""


class Sheet(NamedTuple):
    """Slips of one form, at most `A_SHEET` of them, by the ids of their readings; `slips` wait in all."""

    readings: tuple[str, ...]
    slips: int


def next_sheet(office: Office, but: Sequence[str] = ()) -> Sheet:
    """The next slips to confirm, oldest batch first, all of the same form; `but` the readings put aside."""
    require(office, "confirm-answers")
    every = scans.waiting_confirmation(office.db)
    rows = [row for row in every if row.id not in but and row.slip]
    rows.sort(key=lambda row: row.batch or 0)
    owners = slips.slips(office.db, [row.slip for row in rows if row.slip])
    same = [row for row in rows if owners[row.slip or ""].form == owners[rows[0].slip or ""].form]
    return Sheet(tuple(row.id for row in same[:A_SHEET]), len(every))


def look_at_row(office: Office, reading: str) -> SeenSlip:
    """One row of a sheet."""
    require(office, "confirm-answers")
    return look_at(office, reading)


def confirm_sheet(office: Office, readings: Sequence[str], signatories: Mapping[str, str]) -> Undo:
    """Accept the clear answers of these readings and of no others; how to undo it.

    `signatories` name by reading which guardian signed, by id (rule A2). Raises `KnownError`, and confirms
    nothing, where one of them does not wait for it any more, or a name is needed and nobody has given it.
    """
    require(office, "confirm-answers")
    return accept(office, [_row(office, reading) for reading in readings], signatories)


def accept(office: Office, rows: Sequence[ReadingRow], signatories: Mapping[str, str]) -> Undo:
    """The same for readings that were looked up; one in review stays there for what is in doubt on it."""
    require(office, "confirm-answers")
    owners = slips.slips(office.db, [row.slip for row in rows if row.slip])
    unnamed = {row.slip or "" for row in unnamed_among(office, rows)} - {
        row.slip or "" for row in rows if signatories.get(row.id)
    }
    if unnamed:
        codes = ", ".join(sorted(map(typed_code, unnamed)))
        raise KnownError(
            f"nobody has said who signed {codes}",
            "nothing was confirmed",
            "name the guardian who signed first",
        )
    happenings = []
    for row in rows:
        slip = owners[row.slip or ""]
        if signatories.get(row.id):
            guardian = the_guardian(office, the_pupil(office, slip.pupil), signatories[row.id])
            named = Reviewed(named_guardian(guardian.id), {})
            happenings.append(Happening(named, slip.pupil, slip.id, row.batch))
        happenings.append(Happening(Confirmed(row.id), slip.pupil, slip.id, row.batch))
    with office.db.writing():
        events = record(office, happenings)
        for row in rows:
            if row.state == "waiting":
                scans.set_reading_state(office.db, row.id, "done")
        for batch in sorted({row.batch for row in rows if row.batch is not None}):
            scans.confirm_batch(office.db, batch, office.user.id)
    return Undo(tuple(event.id for event in events), tuple((row.id, row.state) for row in rows))


def unnamed_among(office: Office, rows: Sequence[ReadingRow]) -> list[ReadingRow]:
    """Which of these readings hold a yes that counts only once somebody says who signed (rule A2).

    Where no guardian is known there is nobody to name: such a yes is confirmed, and stays pending.
    """
    owners = slips.slips(office.db, [row.slip for row in rows if row.slip])
    pupils = {slip.pupil for slip in owners.values()}
    guardians = people.guardians_of_many(office.db, pupils)
    happened = ledger.events_of_many(office.db, pupils)
    return [
        row
        for row in rows
        if (slip := owners.get(row.slip or "")) is not None
        and guardians[slip.pupil]
        and must_name(guardians[slip.pupil], happened[slip.pupil])
        and not named_on([event for event in happened[slip.pupil] if event.slip == slip.id])
    ]


def take_out(office: Office, reading: str) -> None:
    """Take a slip out of the sheets, so that a person looks at it in review; its answers count no more than before.

    Raises `KnownError` where it does not wait for confirmation any more.
    """
    require(office, "review-answers")
    row = _row(office, reading)
    with office.db.writing():
        scans.set_reading_state(office.db, row.id, "review")


def put_back(office: Office, reading: str) -> None:
    """Undo `take_out`: the slip waits to be confirmed again. Raises `KnownError` where it is not in review."""
    require(office, "review-answers")
    row = scans.reading(office.db, reading)
    if row is None or row.state != "review":
        raise KnownError("this slip is not in review any more", "nothing was changed", "look at the next one")
    with office.db.writing():
        scans.set_reading_state(office.db, row.id, "waiting")


def _row(office: Office, reading: str) -> ReadingRow:
    row = scans.reading(office.db, reading)
    if row is None or row.slip is None or row.state != "waiting":
        raise KnownError(
            "one of these slips does not wait to be confirmed any more",
            "nothing was confirmed",
            "look at the sheet again",
        )
    return row
