"""Answers keyed by hand from a slip, paper in hand: the same events as read ones, marked as keyed (rules S2, S4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple
from uuid import uuid4

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import Answer, Returned, Reviewed, named_guardian, unnamed_guardian
from consentdesk.model.decision import Decision
from consentdesk.model.reading import Outcome
from consentdesk.model.slip import Slip, typed_code
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_guardian
from consentdesk.services.record import Happening, record, record_stamped
from consentdesk.services.review import check_asked, the_slip
from consentdesk.services.slip_notes import write_date
from consentdesk.services.take_slip import issue_of, take_slip
from consentdesk.store import images, ledger, people, scans
from consentdesk.store.scans import ReadingRow

KeyedWord = Literal["yes", "no"]
WORDS: Final[tuple[KeyedWord, ...]] = ("yes", "no")


class Keyed(NamedTuple):
    """What stands on the paper. A question left blank is left out; `signed` is what the typist sees.

    `conditions` are handwritten ones by purpose, word for word (rule C8), `guardian` names who signed where that can
    be read (A2), and `written` is the date on it (C5).
    """

    answers: Mapping[str, KeyedWord]
    signed: bool
    pupil_answers: Mapping[str, KeyedWord] = {}
    pupil_signed: bool = False
    conditions: Mapping[str, str] = {}
    guardian: str = ""
    written: date | None = None


class KeyDone(NamedTuple):
    """What became of it: `read`, `duplicate` where the same was recorded before, `review` where it differs."""

    slip: Slip
    outcome: Outcome


def key_slip(office: Office, code: str, keyed: Keyed, *, reading: str | None = None) -> KeyDone:
    """Record the answers of the slip with this typed code.

    `reading` is the id of a slip in the tray: its picture becomes the evidence, and it leaves the tray. Raises
    `KnownError`, and records nothing, where the code is wrong, a purpose was not asked on that slip, or the
    tray holds no such reading.
    """
    require(office, "key-answers")
    slip = the_slip(office, code)
    events = ledger.events_of_slip(office.db, slip.id)
    issued = issue_of(events)
    check_asked(slip, tuple(issued.asked), [*keyed.answers, *keyed.conditions])
    check_asked(slip, issued.pupil_asked, keyed.pupil_answers)
    if not keyed.answers and not keyed.pupil_answers:
        raise KnownError(
            "no answer was given", "nothing was recorded", "give at least one purpose and its answer"
        )
    in_tray = None if reading is None else _in_tray(office, reading)
    signatory = _signatory(office, slip, keyed.guardian)
    decision = Decision(
        signed=keyed.signed,
        answers=_answers(keyed.answers),
        pupil_signed=keyed.pupil_signed if issued.pupil_asked else None,
        pupil_answers=_answers(keyed.pupil_answers) if issued.pupil_asked else None,
        outcome=Outcome.READ,
    )
    name = in_tray.id if in_tray else uuid4().hex
    image = in_tray.crop or "" if in_tray else ""
    digest = hashlib.sha256(images.image(office.db, image)).hexdigest() if image else ""
    returned = Returned(name, "keyed", decision.signed, decision.pupil_signed, image, digest)
    with office.db.writing():
        taken, happened = take_slip(office, slip, events, decision, returned)
        record_stamped(office, happened)
        if keyed.conditions or keyed.guardian:
            noted = Reviewed(signatory, {}, None, dict(keyed.conditions))
            record(office, [Happening(noted, slip.pupil, slip.id)])
        _keep_row(office, slip, taken, name, in_tray)
        if keyed.written is not None:
            write_date(office, code, keyed.written)
    return KeyDone(slip, taken.outcome)


def _signatory(office: Office, slip: Slip, guardian: str) -> str:
    pupil = people.pupil(office.db, slip.pupil)
    if not guardian or pupil is None:
        return unnamed_guardian(slip.id)
    return named_guardian(the_guardian(office, pupil, guardian).id)


def _answers(words: Mapping[str, KeyedWord]) -> dict[str, Answer]:
    return {purpose: Answer(word, None, 1.0) for purpose, word in words.items()}


def _in_tray(office: Office, reading: str) -> ReadingRow:
    row = scans.reading(office.db, reading)
    if row is None or row.slip is not None:
        raise KnownError(
            f"the tray holds no reading {reading}", "nothing was recorded", "look it up with “review list”"
        )
    return row


def _keep_row(office: Office, slip: Slip, taken: Decision, name: str, in_tray: ReadingRow | None) -> None:
    state: scans.State = "review" if taken.outcome is Outcome.REVIEW else "done"
    row = in_tray or ReadingRow(
        name, None, 0, 0, slip.id, None, taken.outcome, taken.signed, b"", None, "", state, office.now()
    )
    row = msgspec.structs.replace(
        row,
        slip=slip.id,
        outcome=taken.outcome,
        signed=taken.signed,
        decision=msgspec.json.encode(taken),
        typed_code=typed_code(slip.id),
        state=state,
    )
    if in_tray:
        scans.change_reading(office.db, row)
    else:
        scans.keep_reading(office.db, row)
