"""From marks to answers: the pure rules by which a slip is read, or sent to a person (rules C4, S4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from consentdesk.model.consent import Answer
from consentdesk.model.reading import Mark, MarkKind, Outcome, PairReading, Presence, SlipReading

FIT_FLOOR: Final = 0.55
"""Below this a box was not surely found, and what is in it is not judged."""
FRAME_FLOOR: Final = 0.3
"""Below this share of its frame found, a slip's place is not trusted."""
SURE_FLOOR: Final = 0.5
"""Below this the two measures of a mark's kind do not agree well enough."""
INSIDE_FLOOR: Final = 0.5
"""Most of a mark's ink must lie within its box."""
DARK_FLOOR: Final = 0.34
"""Strokes paler than this share of the form’s own print are faint."""
PALE: Final = 0.5
"""Beside a mark paler than this even dust is a doubt: it may be what is left of another mark."""
DUST_CEILING: Final = 0.012
"""A speck that covers more of its box than this (0.3 mm² of 25) may be a dot that was meant."""

SENTENCES: Final[dict[str, str]] = {
    "poor-fit": "The box could not be found well enough on the scan to judge what is in it.",
    "corrected": "One box is marked and the other looks scribbled out.",
    "scribbled": "A box looks scribbled out.",
    "ringed": "A box has a ring drawn round it.",
    "stray": "A line runs through or past the box.",
    "filled": "A box is filled in rather than ticked or crossed.",
    "stroke": "A box holds a single stroke, which may or may not be meant.",
    "both-marked": "Both boxes are marked.",
    "blank": "Neither box is marked.",
    "faint": "A mark is very faint.",
    "outside": "Most of the mark lies outside its box.",
    "speck": "There is a speck in the other box.",
    "unsure": "The mark is not clear enough to be sure.",
    "unsigned": "The slip is not signed, so its yes does not count.",
    "signature-unsure": "It is not clear whether the slip is signed.",
    "comment": "Something is written in the comment space or the margin; a person must read it.",
    "struck-out": "The child’s name looks struck out or written over.",
    "different-marks": "Another copy of this slip was marked differently.",
}
"""One sentence for each reason that sends an answer to a person."""

MEANT: Final = frozenset({MarkKind.TICK, MarkKind.CROSS})
_UNTOUCHED: Final = frozenset({MarkKind.EMPTY, MarkKind.SPECK})


class Decision(msgspec.Struct, frozen=True):
    """What the machine makes of one slip by itself.

    `answers` are the guardian's by purpose, `pupil_answers` the pupil's own, None where that part was not
    printed. `signed` is None where not sure. `outcome` is `read` or `review`; `doubts` are the sheet-wide
    reasons, `flags` remarks that hold nothing back (such as `date-blank`).
    """

    signed: bool | None
    answers: dict[str, Answer]
    pupil_signed: bool | None
    pupil_answers: dict[str, Answer] | None
    outcome: Outcome
    doubts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def _either(pair: PairReading, holds: Callable[[Mark], bool]) -> bool:
    return holds(pair.yes) or holds(pair.no)


def _has(kind: MarkKind) -> Callable[[PairReading], bool]:
    return lambda pair: _either(pair, lambda mark: mark.kind is kind)


def _marked(pair: PairReading) -> Mark:
    """The one mark that is meant, once the rules above it have passed."""
    return pair.yes if pair.yes.kind in MEANT else pair.no


def _corrected(pair: PairReading) -> bool:
    kinds = {pair.yes.kind, pair.no.kind}
    return MarkKind.SCRIBBLE in kinds and bool(kinds & MEANT)


def _reaches_in(mark: Mark) -> bool:
    """Whether what a box holds may come from beside it: anything odd, and what lies mostly outside."""
    return mark.kind not in MEANT | _UNTOUCHED or (mark.kind in MEANT and mark.inside < INSIDE_FLOOR)


def _speck_matters(pair: PairReading) -> bool:
    """Whether what little is in the other box may be more than dust."""
    mark, other = (pair.yes, pair.no) if pair.yes.kind in MEANT else (pair.no, pair.yes)
    return other.kind is not MarkKind.EMPTY and (other.fill > DUST_CEILING or mark.darkness < PALE)


WORST_FIRST: Final[tuple[tuple[str, Callable[[PairReading], bool]], ...]] = (
    ("poor-fit", lambda pair: _either(pair, lambda mark: mark.fit < FIT_FLOOR)),
    ("corrected", _corrected),
    ("scribbled", _has(MarkKind.SCRIBBLE)),
    ("ringed", _has(MarkKind.RING)),
    ("stray", _has(MarkKind.STRAY)),
    ("filled", _has(MarkKind.FILL)),
    ("both-marked", lambda pair: {pair.yes.kind, pair.no.kind} <= MEANT),
    ("stroke", _has(MarkKind.STROKE)),
    ("faint", _has(MarkKind.FAINT)),
    ("blank", lambda pair: {pair.yes.kind, pair.no.kind} <= _UNTOUCHED),
    ("faint", lambda pair: _marked(pair).darkness < DARK_FLOOR),
    ("outside", lambda pair: _marked(pair).inside < INSIDE_FLOOR),
    ("unsure", lambda pair: _marked(pair).sure < SURE_FLOOR),
    ("speck", _speck_matters),
)
"""The reasons for asking a person about a pair, worst evidence first. What passes them all is an answer."""


def decide_pair(pair: PairReading) -> Answer:
    """The answer of one question from its two boxes alone: yes, no, or review with the worst reason."""
    for reason, holds in WORST_FIRST:
        if holds(pair):
            return Answer("review", reason)
    mark = _marked(pair)
    word = "yes" if mark is pair.yes else "no"
    return Answer("yes" if word == "yes" else "no", None, round(min(mark.sure, mark.fit, mark.inside), 3))


def _sheet_doubts(reading: SlipReading) -> tuple[str, ...]:
    """What on the sheet turns every yes into a question, worst first."""
    doubts = []
    if reading.fit < FRAME_FLOOR:
        doubts.append("poor-fit")
    if reading.struck_out is not Presence.ABSENT:
        doubts.append("struck-out")
    if reading.signature is Presence.ABSENT:
        doubts.append("unsigned")
    elif reading.signature is Presence.UNSURE:
        doubts.append("signature-unsure")
    if reading.comment is not Presence.ABSENT or reading.margin is not Presence.ABSENT:
        doubts.append("comment")
    return tuple(doubts)


def _held_back(answer: Answer, doubts: tuple[str, ...]) -> Answer:
    """A yes under a sheet-wide doubt is a question; a no stands (rule S4)."""
    if answer.answer == "yes" and doubts:
        return Answer("review", doubts[0], answer.confidence)
    return answer


def _asked(answer: Answer, reason: str) -> Answer:
    """The answer as a question, unless it is one already."""
    return answer if answer.answer == "review" else Answer("review", reason, answer.confidence)


_SIGNED: Final = {Presence.PRESENT: True, Presence.ABSENT: False, Presence.UNSURE: None}


def decide(reading: SlipReading) -> Decision:
    """What the machine would record of a slip by itself; it never turns doubt into an answer.

    A pupil's part left wholly blank is flagged and changes nothing else. Rule C4 still wants a person to
    confirm every yes.
    """
    doubts = _sheet_doubts(reading)
    answers = {pair.purpose: _held_back(decide_pair(pair), doubts) for pair in reading.pairs}
    for pair in reading.pupil_pairs:
        # A word that ends in the pupil's boxes may have been meant for the answer beside them.
        if _either(pair, _reaches_in) and answers.get(pair.purpose) is not None:
            answers[pair.purpose] = _asked(answers[pair.purpose], "stray")
    flags = [
        name
        for name, field in (("date-blank", reading.date), ("name-blank", reading.printed_name))
        if field is Presence.ABSENT
    ]

    pupil_answers = None
    pupil_signed = None
    if reading.pupil_signature is not None:
        pupil_signed = _SIGNED[reading.pupil_signature]
        pupil_doubts = tuple(doubt for doubt in doubts if doubt in {"struck-out", "comment"})
        if pupil_signed is not True:
            pupil_doubts = ("unsigned" if pupil_signed is False else "signature-unsure", *pupil_doubts)
        pupil_answers = {
            pair.purpose: _held_back(decide_pair(pair), pupil_doubts) for pair in reading.pupil_pairs
        }
        if pupil_signed is False and all(answer.reason == "blank" for answer in pupil_answers.values()):
            flags.append("pupil-blank")

    asks = any(answer.answer == "review" for answer in answers.values())
    if pupil_answers is not None and "pupil-blank" not in flags:
        asks = asks or any(answer.answer == "review" for answer in pupil_answers.values())
    return Decision(
        signed=_SIGNED[reading.signature],
        answers=answers,
        pupil_signed=pupil_signed,
        pupil_answers=pupil_answers,
        outcome=Outcome.REVIEW if asks or doubts else Outcome.READ,
        doubts=doubts,
        flags=tuple(flags),
    )
