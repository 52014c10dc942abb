"""What a person must settle on a slip: the reader's doubts, without what was decided since (rules C4, S4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    Confirmed,
    Event,
    Invalidated,
    Returned,
    Reviewed,
)
from consentdesk.model.decision import SENTENCES, Decision
from consentdesk.services.take_slip import OF_SIGNATURE
from consentdesk.store.scans import ReadingRow

Who = Literal["guardian", "pupil"]
_EVERYONE: Final[tuple[Who, ...]] = ("guardian", "pupil")


class Doubt(msgspec.Struct, frozen=True):
    """One thing that a person must settle: a purpose or, with None, the signature or the whole sheet."""

    who: Who
    purpose: str | None
    reason: str
    text: str


class _Decided(NamedTuple):
    """What people have said about one person's part of a slip since a reading came in."""

    purposes: frozenset[str]
    signed: bool | None


def decision_of(row: ReadingRow) -> Decision:
    """What the machine made of a reading."""
    return msgspec.json.decode(row.decision, type=Decision)


def is_confirmed(row: ReadingRow, events: Sequence[Event]) -> bool:
    """Whether a person has accepted the clear answers of a reading; `events` are its slip's."""
    return any(
        isinstance(event.what, Confirmed) and event.what.reading == row.id for event in counting(events)
    )


def open_doubts(row: ReadingRow, events: Sequence[Event]) -> tuple[Doubt, ...]:
    """What is still open on a reading; `events` are its slip's.

    A word on the signature settles what was in doubt for that alone. A doubt about the whole sheet is settled
    once a person has looked at it.
    """
    decision = decision_of(row)
    doubts = [
        doubt for who in _EVERYONE for doubt in _open_answers(who, decision, _decided(who, row, events))
    ]
    if not doubts and not _reviews_since(row, events):
        doubts = [_doubt("guardian", None, reason) for reason in decision.doubts]
    return tuple(doubts)


def waits_for_confirmation(row: ReadingRow, events: Sequence[Event]) -> bool:
    """Whether a reading holds a signed yes that no person has seen: neither decided nor confirmed (rule C4)."""
    if is_confirmed(row, events):
        return False
    decision = decision_of(row)
    for event in events:
        if isinstance(event.what, Answered) and event.what.reading == row.id:
            of_pupil = event.what.person == PUPIL
            decided = _decided("pupil" if of_pupil else "guardian", row, events)
            as_read = decision.pupil_signed if of_pupil else decision.signed
            signed = as_read if decided.signed is None else decided.signed
            yeses = {purpose for purpose, answer in event.what.answers.items() if answer.answer == "yes"}
            if signed and yeses - decided.purposes:
                return True
    return False


def decided_answers(
    who: Who, row: ReadingRow, events: Sequence[Event]
) -> dict[str, Literal["yes", "no", "unclear"]]:
    """A person's last word on each purpose since the reading came in; `events` are its slip's."""
    said: dict[str, Literal["yes", "no", "unclear"]] = {}
    for review in _reviews_since(row, events):
        if (review.person == PUPIL) == (who == "pupil"):
            said |= review.answers
    return said


def decided_signatures(row: ReadingRow, events: Sequence[Event]) -> dict[Who, bool]:
    """Whose signature a person has judged since the reading came in, and how; `events` are its slip's."""
    found: dict[Who, bool] = {}
    for who in _EVERYONE:
        signed = _decided(who, row, events).signed
        if signed is not None:
            found[who] = signed
    return found


def _reviews_since(row: ReadingRow, events: Sequence[Event]) -> list[Reviewed]:
    came = max(
        (event.seq for event in events if isinstance(event.what, Returned) and event.what.reading == row.id),
        default=0,
    )
    return [event.what for event in counting(events) if isinstance(event.what, Reviewed) and event.seq > came]


def counting(events: Sequence[Event]) -> list[Event]:
    """The events that nobody has taken back (rule W5)."""
    void = {event.what.event for event in events if isinstance(event.what, Invalidated)}
    return [event for event in events if event.id not in void]


def _decided(who: Who, row: ReadingRow, events: Sequence[Event]) -> _Decided:
    own = [one for one in _reviews_since(row, events) if (one.person == PUPIL) == (who == "pupil")]
    signatures = [one.signed for one in own if one.signed is not None]
    return _Decided(
        frozenset(purpose for one in own for purpose in one.answers), signatures[-1] if signatures else None
    )


def _open_answers(who: Who, decision: Decision, decided: _Decided) -> list[Doubt]:
    for_signature_alone = decided.signed is not None and OF_SIGNATURE.issuperset(decision.doubts)
    return [
        _doubt(who, purpose, answer.reason or "unsure")
        for purpose, answer in _answers(who, decision).items()
        if answer.answer == "review"
        and purpose not in decided.purposes
        and not (for_signature_alone and answer.reason in OF_SIGNATURE)
    ]


def _answers(who: Who, decision: Decision) -> dict[str, Answer]:
    """The answers to look at; a pupil's part left wholly blank asks nothing (rule A3)."""
    if who == "guardian":
        return decision.answers
    return {} if "pupil-blank" in decision.flags else decision.pupil_answers or {}


def _doubt(who: Who, purpose: str | None, reason: str) -> Doubt:
    return Doubt(who, purpose, reason, SENTENCES[reason])
