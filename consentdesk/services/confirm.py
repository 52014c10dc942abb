"""A person accepts the clear answers of a batch, seen on a sheet of crops: only then does a yes count (rule C4)."""

from __future__ import annotations

from typing import NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.slip import typed_code
from consentdesk.services.confirm_sheet import A_SHEET, accept, unnamed_among
from consentdesk.services.doubts import decision_of, is_confirmed
from consentdesk.services.office import Office, require
from consentdesk.services.progress import Job, Progress
from consentdesk.store import ledger, scans
from consentdesk.store.scans import Batch, ReadingRow


class ConfirmDone(NamedTuple):
    """Which batches were confirmed, how many slips and clear answers that was, and how many slips stay in review.

    `to_name` are the typed codes of slips that wait until somebody says who signed them (rule A2).
    """

    batches: tuple[int, ...]
    slips: int
    answers: int
    in_review: int
    to_name: tuple[str, ...]


def waiting_batches(office: Office) -> list[Batch]:
    """The batches that hold clear readings which nobody has confirmed."""
    require(office, "confirm-answers")
    return [batch for batch in scans.batches(office.db) if batch.waiting]


def confirm(office: Office, batch: int | None = None) -> Job[ConfirmDone]:
    """Accept the clear answers of one batch, or of all, a sheet at a time as the window does.

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
    accepted: list[ReadingRow] = []
    unnamed: list[ReadingRow] = []
    for start in range(0, len(rows), A_SHEET):
        yield Progress(start, len(rows), "confirming")
        sheet = rows[start : start + A_SHEET]
        nameless = unnamed_among(office, sheet)
        ready = [row for row in sheet if row not in nameless]
        accept(office, ready, {})
        accepted += ready
        unnamed += nameless
    return ConfirmDone(
        tuple(sorted({row.batch for row in accepted if row.batch is not None})),
        len(accepted),
        sum(map(_clear_answers, accepted)),
        len(in_review),
        tuple(sorted({typed_code(row.slip) for row in unnamed if row.slip})),
    )


def _stands_in_part(office: Office, row: ReadingRow) -> bool:
    if decision_of(row).doubts or not _clear_answers(row):
        return False
    return not is_confirmed(row, ledger.events_of_slip(office.db, row.slip or ""))


def _clear_answers(row: ReadingRow) -> int:
    decision = decision_of(row)
    answers = [*decision.answers.values(), *(decision.pupil_answers or {}).values()]
    return sum(answer.answer != "review" for answer in answers)
