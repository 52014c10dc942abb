"""One reading of a known slip beside what earlier copies of it said, and what the ledger is to say of it (C4, S4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    Event,
    Invalidated,
    Issued,
    Returned,
    Withdrawn,
    unnamed_guardian,
)
from consentdesk.model.decision import Decision
from consentdesk.model.paper_trail import WithdrawalIssued
from consentdesk.model.reading import Outcome
from consentdesk.model.slip import Slip
from consentdesk.model.way_back import as_withdrawal
from consentdesk.services.office import Office
from consentdesk.services.record import Happening, stamped

DIFFERENT: Final = "different-marks"
OF_SIGNATURE: Final = frozenset({"unsigned", "signature-unsure"})
"""Doubts that are settled by saying whether the slip is signed."""


def issue_of(events: Sequence[Event]) -> Issued | WithdrawalIssued:
    """What a slip asked, or offered to take back, from its events; every slip was issued."""
    return next(event.what for event in events if isinstance(event.what, Issued | WithdrawalIssued))


def takes_back(events: Sequence[Event]) -> bool:
    """Whether the slip with these events is a withdrawal slip, on which a no stops a use (rule W1)."""
    return isinstance(issue_of(events), WithdrawalIssued)


def newly_withdrawn(events: Sequence[Event], slip: str, stopped: Iterable[str]) -> Withdrawn | None:
    """The withdrawal of what a withdrawal slip says to stop; None where that was recorded before."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    before = {
        purpose
        for event in events
        if isinstance(event.what, Withdrawn) and event.id not in void
        for purpose in event.what.purposes
    }
    new = tuple(purpose for purpose in stopped if purpose not in before)
    return Withdrawn(new, "slip", unnamed_guardian(slip)) if new else None


class Taken(NamedTuple):
    """What becomes of a reading, and the events that are to be recorded of it."""

    decision: Decision
    events: list[Event]


def take_slip(
    office: Office,
    slip: Slip,
    events: Sequence[Event],
    alone: Decision,
    returned: Returned,
    batch: int | None = None,
) -> Taken:
    """What becomes of one reading of `slip`, and its events, stamped and not yet recorded.

    `events` are the slip's so far, `alone` is what the reading says by itself. The same marks and signatures as
    another copy's are a duplicate, and nothing is to be recorded. A mark that differs goes to review; the ledger
    keeps what each copy said, where a no on either holds at once. On a withdrawal slip a no is a withdrawal.
    """
    if takes_back(events):
        alone = as_withdrawal(alone)
    earlier = _earlier(events)
    if any(copy == _copy_of(alone) for copy in earlier):
        return Taken(msgspec.structs.replace(alone, outcome=Outcome.DUPLICATE), [])
    what: list[Returned | Answered | Withdrawn] = [returned]
    what.append(
        Answered(returned.reading, unnamed_guardian(slip.id), _for_ledger(alone.answers, alone), returned.how)
    )
    if alone.pupil_answers is not None:
        what.append(Answered(returned.reading, PUPIL, _for_ledger(alone.pupil_answers, alone), returned.how))
    if takes_back(events):
        stopped = [purpose for purpose, answer in alone.answers.items() if answer.answer == "no"]
        withdrawn = newly_withdrawn(events, slip.id, stopped)
        what += [withdrawn] if withdrawn else []
    happened = stamped(office, [Happening(one, slip.pupil, slip.id, batch) for one in what])
    return Taken(_compared(alone, earlier), happened)


def _for_ledger(answers: Mapping[str, Answer], decision: Decision) -> dict[str, Answer]:
    """Answers as the ledger keeps them: a yes that lacks nothing but the signature is kept as one.

    How it is signed stands in the return, so the status says *unsigned*, and a person who finds the signature
    need not answer again.
    """
    if not OF_SIGNATURE.issuperset(decision.doubts):
        return dict(answers)
    return {
        purpose: Answer("yes", None, answer.confidence) if answer.reason in OF_SIGNATURE else answer
        for purpose, answer in answers.items()
    }


class _Copy(NamedTuple):
    """What one reading of a slip said: words by purpose, and who signed."""

    answers: dict[str, str]
    pupil_answers: dict[str, str]
    signed: bool | None
    pupil_signed: bool | None


def _words(answers: Mapping[str, Answer]) -> dict[str, str]:
    return {purpose: answer.answer for purpose, answer in answers.items()}


def _copy_of(decision: Decision) -> _Copy:
    return _Copy(
        _words(_for_ledger(decision.answers, decision)),
        _words(_for_ledger(decision.pupil_answers or {}, decision)),
        decision.signed,
        decision.pupil_signed,
    )


def _earlier(events: Sequence[Event]) -> list[_Copy]:
    """The readings of a slip that count, from its events."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    copies = {
        event.what.reading: _Copy({}, {}, event.what.signed, event.what.pupil_signed)
        for event in events
        if isinstance(event.what, Returned) and event.id not in void
    }
    for event in events:
        if isinstance(event.what, Answered) and event.what.reading in copies and event.id not in void:
            copy = copies[event.what.reading]
            said = copy.pupil_answers if event.what.person == PUPIL else copy.answers
            said.update(_words(event.what.answers))
    return list(copies.values())


def _compared(decision: Decision, earlier: Sequence[_Copy]) -> Decision:
    """Rule S4: a mark that differs from another copy's is for a person."""
    if not earlier:
        return decision
    own = _copy_of(decision)
    answers, differ = _held(decision.answers, own.answers, [copy.answers for copy in earlier])
    pupils, pupils_differ = _held(
        decision.pupil_answers or {}, own.pupil_answers, [copy.pupil_answers for copy in earlier]
    )
    if not differ and not pupils_differ:
        return decision
    return msgspec.structs.replace(
        decision,
        answers=answers,
        pupil_answers=None if decision.pupil_answers is None else pupils,
        outcome=Outcome.REVIEW,
        doubts=(DIFFERENT, *decision.doubts),
    )


def _held(
    answers: Mapping[str, Answer], own: Mapping[str, str], others: Sequence[Mapping[str, str]]
) -> tuple[dict[str, Answer], bool]:
    """The answers with a doubt wherever another copy says otherwise, but for a no; and whether any does."""
    different = {
        purpose
        for purpose in answers
        if any(other.get(purpose, own[purpose]) != own[purpose] for other in others)
    }
    held = {
        purpose: Answer("review", DIFFERENT) if purpose in different and answer.answer != "no" else answer
        for purpose, answer in answers.items()
    }
    return held, bool(different)
