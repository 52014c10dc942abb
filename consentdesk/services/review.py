"""The doubtful slips: which there are, why, and what a person decided about them (rules A2, C8, S4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import PUPIL, Event, Reviewed, named_guardian, unnamed_guardian
from consentdesk.model.people import Pupil
from consentdesk.model.reading import Outcome
from consentdesk.model.slip import Slip, slip_of_typed, typed_code
from consentdesk.services.doubts import Doubt, decision_of, open_doubts, waits_for_confirmation
from consentdesk.services.identify import SENTENCES
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_guardian
from consentdesk.services.read_report import AnswerReport, answers_report
from consentdesk.services.record import Happening, record
from consentdesk.services.take_slip import issue_of, newly_withdrawn, takes_back
from consentdesk.store import images, ledger, people, scans, slips
from consentdesk.store.scans import ReadingRow

DecisionWord = Literal["yes", "no", "unclear"]
WORDS: Final[tuple[DecisionWord, ...]] = ("yes", "no", "unclear")


class ReviewItem(msgspec.Struct, frozen=True):
    """A slip that was read, with what is still open on it and what the machine would record by itself."""

    code: str
    reading: str
    pupil: str
    name: str
    school_class: str = msgspec.field(name="class")
    form: str
    batch: int | None
    outcome: Outcome
    signed: bool | None
    doubts: tuple[Doubt, ...]
    answers: tuple[AnswerReport, ...]
    pupil_answers: tuple[AnswerReport, ...]


class TrayItem(msgspec.Struct, frozen=True):
    """A slip without a proven owner: unmatched or refused, never thrown away."""

    reading: str
    outcome: Outcome
    reason: str
    text: str
    file: str | None
    page: int
    code: str | None


class ReviewList(msgspec.Struct, frozen=True):
    """Everything that waits for a person's eye."""

    review: tuple[ReviewItem, ...]
    tray: tuple[TrayItem, ...]


class Verdict(NamedTuple):
    """What a person decided about one slip.

    `answers` are by purpose, `rest` for whatever else is in doubt; `signed` is None where the signature was
    not judged. `conditions` are the handwritten ones by purpose (rule C8). `of_pupil` means the pupil's own
    part. `guardian` names who signed (rule A2).
    """

    answers: Mapping[str, DecisionWord] = {}
    rest: DecisionWord | None = None
    signed: bool | None = None
    conditions: Mapping[str, str] = {}
    of_pupil: bool = False
    guardian: str = ""


def review_list(office: Office) -> ReviewList:
    """What waits in review, and what lies in the tray."""
    require(office, "review-answers")
    waiting = scans.waiting_review(office.db)
    owners = slips.slips(office.db, [row.slip for row in waiting if row.slip])
    return ReviewList(
        tuple(_item(office, row, owners[row.slip]) for row in waiting if row.slip),
        tuple(_tray_item(office, row) for row in scans.in_tray(office.db)),
    )


def show(office: Office, code: str) -> tuple[ReviewItem | TrayItem, bytes]:
    """A slip by its typed code, or a reading by its id: the newest reading of it and its picture, empty if none.

    Raises `KnownError` where there is no such slip, or it never came back.
    """
    require(office, "review-answers")
    row = scans.reading(office.db, code)
    slip = the_slip(office, code) if row is None else slips.slip(office.db, row.slip or "")
    if row is None:
        row = _readings(office, the_slip(office, code))[-1]
    picture = images.image(office.db, row.crop) if row.crop else b""
    return (_tray_item(office, row) if slip is None else _item(office, row, slip)), picture


def decide(office: Office, code: str, verdict: Verdict) -> tuple[Doubt, ...]:
    """Record a person's decision about the slip with this typed code; what is still open on it is returned.

    A decision is undone by another one. It may also be about what was never in doubt. Raises `KnownError`,
    and records nothing, where the slip never came back, a purpose was not asked on it, or nothing was decided.
    """
    require(office, "review-answers")
    slip = the_slip(office, code)
    rows = _readings(office, slip)
    events = ledger.events_of_slip(office.db, slip.id)
    issued = issue_of(events)
    asked = issued.pupil_asked if verdict.of_pupil else tuple(issued.asked)
    check_asked(slip, asked, [*verdict.answers, *verdict.conditions])
    whose = "pupil" if verdict.of_pupil else "guardian"
    doubts = [doubt for row in rows if row.state == "review" for doubt in open_doubts(row, events)]
    open_here = [doubt.purpose for doubt in doubts if doubt.who == whose and doubt.purpose]
    answers = dict(verdict.answers)
    if verdict.rest is not None:
        answers = dict.fromkeys(open_here, verdict.rest) | answers
    says_nothing = not answers and not verdict.conditions and verdict.signed is None and not verdict.guardian
    if says_nothing and open_here:
        raise KnownError(
            f"nothing was decided about {', '.join(dict.fromkeys(open_here))}",
            "nothing was recorded",
            "give each a yes, a no or an unclear",
        )
    reviewed = Reviewed(_person(office, slip, verdict), answers, verdict.signed, dict(verdict.conditions))
    happened = [Happening(reviewed, slip.pupil, slip.id)]
    if takes_back(events):
        stopped = [purpose for purpose, word in answers.items() if word == "no"]
        withdrawn = newly_withdrawn(events, slip.id, stopped)
        happened += [Happening(withdrawn, slip.pupil, slip.id)] if withdrawn else []
    with office.db.writing():
        record(office, happened)
        return _move_on(office, slip, rows)


def _move_on(office: Office, slip: Slip, rows: Iterable[ReadingRow]) -> tuple[Doubt, ...]:
    """Take readings out of review on which nothing is open; clear answers among them still want confirming."""
    events = ledger.events_of_slip(office.db, slip.id)
    still_open: list[Doubt] = []
    for row in rows:
        if row.state != "review":
            continue
        left = open_doubts(row, events)
        still_open += left
        if not left:
            waits = waits_for_confirmation(row, events) and not takes_back(events)
            scans.set_reading_state(office.db, row.id, "waiting" if waits else "done")
    return tuple(dict.fromkeys(still_open))


def _person(office: Office, slip: Slip, verdict: Verdict) -> str:
    if verdict.of_pupil:
        return PUPIL
    if not verdict.guardian:
        return unnamed_guardian(slip.id)
    return named_guardian(the_guardian(office, _pupil_of(office, slip), verdict.guardian).id)


def check_asked(slip: Slip, asked: tuple[str, ...], named: Iterable[str]) -> None:
    """Raise `KnownError` where one of the purposes `named` is not among those that the slip asked about."""
    for purpose in named:
        if purpose not in asked:
            listed = (
                f"it asked about {', '.join(asked)}"
                if asked
                else "the pupil’s own part was not printed on it"
            )
            raise KnownError(
                f"slip {typed_code(slip.id)} did not ask about {purpose}", "nothing was recorded", listed
            )


def the_slip(office: Office, code: str) -> Slip:
    """The slip with this typed code. Raises `KnownError` for a wrong letter, or a slip that was never printed."""
    slip_id = slip_of_typed(code)
    if slip_id is None:
        raise KnownError(
            f"{code} is no slip code: a letter is wrong, missing or too many",
            "nothing was recorded",
            "type it again as it is printed on the slip, such as 7F3K-22QX-19AB",
        )
    slip = slips.slip(office.db, slip_id)
    if slip is None:
        raise KnownError(
            f"this office has never printed a slip {typed_code(slip_id)}",
            "nothing was recorded",
            "check that the slip is this school’s",
        )
    return slip


def _readings(office: Office, slip: Slip) -> list[ReadingRow]:
    rows = [row for row in scans.readings_of(office.db, slip.id) if row.state != "duplicate"]
    if not rows:
        raise KnownError(
            f"slip {typed_code(slip.id)} has not come back",
            "nothing was recorded",
            "read it from a scan, or key its answers",
        )
    return rows


def _pupil_of(office: Office, slip: Slip) -> Pupil:
    pupil = people.pupil(office.db, slip.pupil)
    if pupil is None:
        raise LookupError("every slip has its pupil")
    return pupil


def _item(office: Office, row: ReadingRow, slip: Slip) -> ReviewItem:
    pupil = _pupil_of(office, slip)
    decision = decision_of(row)
    events: list[Event] = ledger.events_of_slip(office.db, slip.id)
    return ReviewItem(
        code=typed_code(slip.id),
        reading=row.id,
        pupil=pupil.id,
        name=pupil.display_name,
        school_class=pupil.class_name,
        form=slip.form,
        batch=row.batch,
        outcome=row.outcome,
        signed=row.signed,
        doubts=open_doubts(row, events) if row.state == "review" else (),
        answers=answers_report(decision.answers),
        pupil_answers=answers_report(decision.pupil_answers or {}),
    )


def _tray_item(office: Office, row: ReadingRow) -> TrayItem:
    file = scans.scan_file_of(office.db, row.file) if row.file else None
    reason = decision_of(row).doubts[0]
    return TrayItem(
        reading=row.id,
        outcome=row.outcome,
        reason=reason,
        text=SENTENCES[reason],
        file=file.name if file else None,
        page=row.page,
        code=row.typed_code or None,
    )
