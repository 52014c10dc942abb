"""A person accepts the clear answers of a batch, seen on a sheet of crops: only then does a yes count (rule C4)."""

from __future__ import annotations

from typing import NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import Confirmed
from consentdesk.services.doubts import decision_of, is_confirmed
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.services.record import Happening, record
from consentdesk.store import ledger, scans, slips
from consentdesk.store.scans import Batch, ReadingRow

_AT_A_TIME = 200


class ConfirmDone(NamedTuple):
    """Which batches were confirmed, how many slips and clear answers that was, and how many slips stay in review."""

    batches: tuple[int, ...]
    slips: int
    answers: int
    in_review: int


def waiting_batches(office: Office) -> list[Batch]:
    """The batches that hold clear readings which nobody has confirmed."""
    require(office, "confirm-answers")
    return [batch for batch in scans.batches(office.db) if batch.waiting]


def confirm(office: Office, batch: int | None = None) -> Job[ConfirmDone]:
    """Accept the clear answers of one batch, or of all.

    Of a slip with a doubtful question the clear answers stand too (rule S4), unless the doubt concerns the
    whole sheet; the question itself stays in review. Raises `KnownError` where there is no such batch. Nothing
    to confirm is no error.
    """
    require(office, "confirm-answers")
    known = [one.number for one in scans.batches(office.db)]
    if batch is not None and batch not in known:
        listed = ", ".join(map(str, known)) or "none yet"
        raise KnownError(f"there is no batch {batch}", "nothing was changed", f"the batches are {listed}")
    rows = scans.waiting_confirmation(office.db, batch)
    in_review = [row for row in scans.waiting_review(office.db) if batch in (None, row.batch)]
    rows += [row for row in in_review if _stands_in_part(office, row)]
    for start in range(0, len(rows), _AT_A_TIME):
        yield Progress(start, len(rows), "confirming")
        _confirm(office, rows[start : start + _AT_A_TIME])
    numbers = tuple(sorted({row.batch for row in rows if row.batch is not None}))
    with office.db.writing():
        for number in numbers:
            scans.confirm_batch(office.db, number, office.user.id)
    return ConfirmDone(numbers, len(rows), sum(map(_clear_answers, rows)), len(in_review))


def _stands_in_part(office: Office, row: ReadingRow) -> bool:
    if decision_of(row).doubts or not _clear_answers(row):
        return False
    return not is_confirmed(row, ledger.events_of_slip(office.db, row.slip or ""))


def _clear_answers(row: ReadingRow) -> int:
    decision = decision_of(row)
    answers = [*decision.answers.values(), *(decision.pupil_answers or {}).values()]
    return sum(answer.answer != "review" for answer in answers)


def _confirm(office: Office, rows: list[ReadingRow]) -> None:
    owners = slips.slips(office.db, [row.slip for row in rows if row.slip])
    with office.db.writing():
        record(
            office,
            [
                Happening(Confirmed(row.id), owners[row.slip].pupil, row.slip, row.batch)
                for row in rows
                if row.slip
            ],
        )
        for row in rows:
            if row.state == "waiting":
                scans.set_reading_state(office.db, row.id, "done")
