"""What people said on their slips: answers, reviews and confirmations taken together (A2, C5, C8, S4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, TypeVar

import msgspec

from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    Confirmed,
    Event,
    Issued,
    Returned,
    Reviewed,
    named_guardian,
    unnamed_guardian,
)

StatementWord = Literal["no", "conflicting", "review", "unclear", "missing", "yes"]
"""What one slip says of one person and purpose. `missing` is a pupil's part without mark or signature."""

Kind = TypeVar("Kind")
_NAMED: Final = named_guardian("")
_UNNAMED: Final = unnamed_guardian("")


class Moment(NamedTuple):
    """When something happened: its place among the pupil's events, and the clock."""

    place: int
    at: datetime

    def after(self, other: Moment) -> bool:
        """Whether this is later by ledger and by clock: a clock put right in between never revives a yes."""
        return self.place > other.place and self.at > other.at


class Entry(NamedTuple):
    """One event that counts, with its moment."""

    moment: Moment
    event: Event


class Printed(msgspec.Struct, frozen=True):
    """A slip that was issued; a yes on it counts as said at `moment` (rule C5)."""

    id: str
    moment: Moment
    on: date
    asked: dict[str, str]
    pupil_asked: tuple[str, ...]
    until: date


class Statement(msgspec.Struct, frozen=True):
    """What one person said on one slip about one purpose.

    `came` is when a no was first said or a doubt arose. `seen` means that a person confirmed, decided or
    keyed it. `returned` is the place among the events of the return that brought it; `doubt` is the reader's
    word for why a person must look.
    """

    word: StatementWord
    person: str
    slip: Printed
    came: Moment
    signed: bool | None
    seen: bool
    returned: int
    doubt: str | None = None
    condition: str | None = None


class _Reading(msgspec.Struct, frozen=True):
    """One return of a slip: its place among the events, and who signed."""

    place: int
    signed: bool | None
    pupil_signed: bool | None


class _Mark(msgspec.Struct, frozen=True):
    """One answer or decision, with the readings of the slip that it rests on."""

    word: StatementWord
    came: Moment
    seen: bool
    readings: tuple[_Reading, ...]
    doubt: str | None = None


class _Key(NamedTuple):
    slip: str
    person: str
    purpose: str


class _Folded(msgspec.Struct):
    """What the fold has gathered so far."""

    marks: dict[_Key, list[_Mark]] = {}
    conditions: dict[_Key, str] = {}
    readings: dict[str, _Reading] = {}
    of_slip: dict[str, list[_Reading]] = {}
    signatures: dict[tuple[str, bool], tuple[int, bool]] = {}
    """A person's last word on a signature, and its place, by slip and by whether it is the pupil's."""


def of_kind(kind: type[Kind], entries: Iterable[Entry]) -> list[tuple[Moment, Event, Kind]]:
    """The entries of one kind, with what happened."""
    return [(moment, event, event.what) for moment, event in entries if isinstance(event.what, kind)]


def is_unnamed(person: str) -> bool:
    """Rule A2: whether nobody has yet said which guardian this is."""
    return person.startswith(_UNNAMED)


def printed_slips(entries: Sequence[Entry]) -> dict[str, Printed]:
    """The slips that were issued, in ledger order, by id; one printed again is as old as its first print."""
    slips: dict[str, Printed] = {}
    for moment, event, what in of_kind(Issued, entries):
        if event.slip is not None and event.slip not in slips:
            slips[event.slip] = Printed(
                event.slip, moment, event.on, what.asked, what.pupil_asked, what.until
            )
    return slips


def guardians_named(entries: Sequence[Entry]) -> dict[str, str]:
    """Rule A2: the guardian that a reviewer last named for a slip, by the slip's unnamed one."""
    return {
        unnamed_guardian(event.slip): what.person
        for _, event, what in of_kind(Reviewed, entries)
        if event.slip is not None and what.person.startswith(_NAMED)
    }


def statements_by_purpose(
    entries: Sequence[Entry], slips: dict[str, Printed], names: dict[str, str]
) -> dict[str, list[Statement]]:
    """All that was said on `slips`, by purpose; `names` as from `guardians_named`.

    What came in on a slip that was never issued, or whose issue was invalidated, says nothing.
    """
    folded = _Folded()
    confirmed = {what.reading: moment.place for moment, _, what in of_kind(Confirmed, entries)}
    for moment, event in entries:
        slip, what = event.slip, event.what
        if slip is None or slip not in slips:
            continue
        if isinstance(what, Returned):
            reading = _Reading(moment.place, what.signed, what.pupil_signed)
            folded.readings[what.reading] = reading
            folded.of_slip.setdefault(slip, []).append(reading)
        elif isinstance(what, Answered):
            seen = what.how == "keyed" or confirmed.get(what.reading, -1) > moment.place
            _take_answers(folded, moment, slip, names.get(what.person, what.person), what, seen=seen)
        elif isinstance(what, Reviewed):
            _take_review(folded, moment, slip, names.get(what.person, what.person), what)

    statements: dict[str, list[Statement]] = {}
    for key, marks in folded.marks.items():
        statements.setdefault(key.purpose, []).append(_taken_together(folded, key, slips[key.slip], marks))
    return statements


def _take_answers(
    folded: _Folded, moment: Moment, slip: str, person: str, what: Answered, *, seen: bool
) -> None:
    """Answers of one reading stand beside what other readings of the slip say."""
    reading = folded.readings.get(what.reading)
    readings = () if reading is None else (reading,)
    for purpose, answer in what.answers.items():
        mark = _Mark(_word(person, answer, reading), moment, seen, readings, answer.reason)
        folded.marks.setdefault(_Key(slip, person, purpose), []).append(mark)


def _word(person: str, answer: Answer, reading: _Reading | None) -> StatementWord:
    """Rule A3: a pupil's part that nobody has filled in or signed is missing, not in doubt."""
    left_out = answer.answer == "review" and answer.reason in {"blank", "unsigned"}
    if person == PUPIL and left_out and reading is not None and reading.pupil_signed is False:
        return "missing"
    return answer.answer


def _take_review(folded: _Folded, moment: Moment, slip: str, person: str, what: Reviewed) -> None:
    """A person's decision replaces all that was recorded before it, for that slip, person and purpose.

    What they confirm was said when it was first said. A yes decided where no return of the slip counts
    any more rests on nothing, and is left out.
    """
    readings = tuple(folded.of_slip.get(slip, ()))
    if what.signed is not None:
        folded.signatures[slip, person == PUPIL] = (moment.place, what.signed)
    for purpose, word in what.answers.items():
        if word == "yes" and not readings:
            continue
        marks = folded.marks.setdefault(_Key(slip, person, purpose), [])
        came = next((mark.came for mark in marks if mark.word == word), moment)
        marks[:] = [_Mark(word, came, seen=True, readings=readings)]
    for purpose, condition in what.conditions.items():
        folded.conditions[_Key(slip, person, purpose)] = condition


def _taken_together(folded: _Folded, key: _Key, slip: Printed, marks: Sequence[_Mark]) -> Statement:
    """Rule S4: one slip, read once or more often.

    A no was said when it was first said, a doubt arose with the last reading, and a yes stands on the reading
    that proves most: signed and seen, then signed, then what may be signed.
    """
    word = _one_word({mark.word for mark in marks})
    telling = [mark for mark in marks if word in {mark.word, "conflicting"}]
    mark = telling[0 if word == "no" else -1]
    signed = _signature(folded, key, mark)
    for other in telling[:-1] if word == "yes" else ():
        other_signed = _signature(folded, key, other)
        if _proof(other_signed, seen=other.seen) > _proof(signed, seen=mark.seen):
            mark, signed = other, other_signed
    return Statement(
        word=word,
        person=key.person,
        slip=slip,
        came=mark.came,
        signed=signed,
        seen=mark.seen,
        returned=mark.readings[-1].place if mark.readings else mark.came.place,
        doubt=mark.doubt,
        condition=folded.conditions.get(key),
    )


def _proof(signed: bool | None, *, seen: bool) -> tuple[bool, int]:
    """How much there is to say for a yes."""
    return signed is True and seen, {True: 2, None: 1, False: 0}[signed]


def _one_word(words: set[StatementWord]) -> StatementWord:
    """What the readings of a slip say together: a no on any holds, a yes beside anything else conflicts."""
    if "no" in words:
        return "no"
    if "yes" in words and len(words) > 1:
        return "conflicting"
    if len(words) == 1:
        return next(iter(words))
    return "review" if "review" in words else "unclear"


def _signature(folded: _Folded, key: _Key, mark: _Mark) -> bool | None:
    """Whether the person signed, by the readings that the mark rests on; True where any of them shows it.

    A person's last word on the signature overrules every reading taken before it, and none taken since.
    """
    pupil = key.person == PUPIL
    place, word = folded.signatures.get((key.slip, pupil), (-1, False))
    found = {
        word if place > reading.place else reading.pupil_signed if pupil else reading.signed
        for reading in mark.readings
    }
    if True in found:
        return True
    return None if None in found or not found else False
