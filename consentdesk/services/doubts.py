"""What a person must settle on a slip: the reader's doubts, without what was decided since (rule S4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from consentdesk.model.consent import PUPIL, Answer, Answered, Confirmed, Event, Returned, Reviewed
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


def decision_of(row: ReadingRow) -> Decision:
    """What the machine made of a reading."""
    return msgspec.json.decode(row.decision, type=Decision)


def open_doubts(row: ReadingRow, events: Sequence[Event]) -> tuple[Doubt, ...]:
    """What is still open on a reading; `events` are its slip's.

    A word on the signature settles what was in doubt for that alone. A doubt about the whole sheet is settled
    once a person has looked at it.
    """
    decision = decision_of(row)
    since = _reviews_since(row, events)
    doubts = [doubt for who in _EVERYONE for doubt in _of_answers(who, decision, since)]
    if not doubts and not since:
        doubts = [_doubt("guardian", None, reason) for reason in decision.doubts]
    return tuple(doubts)


def waits_for_confirmation(row: ReadingRow, events: Sequence[Event]) -> bool:
    """Whether a reading holds a yes that no person has seen: neither decided nor confirmed (rule C4).

    The yes of a slip that is not signed has no effect, so it waits for nothing.
    """
    since = _reviews_since(row, events)
    if any(isinstance(event.what, Confirmed) and event.what.reading == row.id for event in events):
        return False
    for event in events:
        if not isinstance(event.what, Answered) or event.what.reading != row.id:
            continue
        of_pupil = event.what.person == PUPIL
        own = [one for one in since if (one.person == PUPIL) == of_pupil]
        decided = {purpose for one in own for purpose in one.answers}
        decision = decision_of(row)
        signed = decision.pupil_signed if of_pupil else decision.signed
        for one in own:
            signed = signed if one.signed is None else one.signed
        undecided = [purpose for purpose in event.what.answers if purpose not in decided]
        if signed and any(event.what.answers[purpose].answer == "yes" for purpose in undecided):
            return True
    return False


def _reviews_since(row: ReadingRow, events: Sequence[Event]) -> list[Reviewed]:
    """What people decided about the slip after this reading of it came in."""
    came = max(
        (event.seq for event in events if isinstance(event.what, Returned) and event.what.reading == row.id),
        default=0,
    )
    return [event.what for event in events if isinstance(event.what, Reviewed) and event.seq > came]


def _of_answers(who: Who, decision: Decision, since: Sequence[Reviewed]) -> list[Doubt]:
    own = [one for one in since if (one.person == PUPIL) == (who == "pupil")]
    decided = {purpose for one in own for purpose in one.answers}
    signature_judged = any(one.signed is not None for one in own) and OF_SIGNATURE.issuperset(decision.doubts)
    return [
        _doubt(who, purpose, answer.reason or "unsure")
        for purpose, answer in _answers(who, decision).items()
        if answer.answer == "review"
        and purpose not in decided
        and not (signature_judged and answer.reason in OF_SIGNATURE)
    ]


def _answers(who: Who, decision: Decision) -> dict[str, Answer]:
    """The answers to look at; a pupil's part left wholly blank asks nothing (rule A3)."""
    if who == "guardian":
        return decision.answers
    return {} if "pupil-blank" in decision.flags else decision.pupil_answers or {}


def _doubt(who: Who, purpose: str | None, reason: str) -> Doubt:
    return Doubt(who, purpose, reason, SENTENCES[reason])
