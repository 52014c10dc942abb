"""What people said on their slips: answers, reviews and confirmations taken together (A2, C5, C8, S4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

from consentdesk.model.consent import (
    PUPIL,
    Answer,
    Answered,
    Confirmed,
    Returned,
    Reviewed,
)
from consentdesk.model.printed import Entry, Moment, Printed, Written, of_kind, written_dates

StatementWord = Literal["no", "conflicting", "review", "unclear", "missing", "yes"]
"""What one slip says of one person and purpose. `missing` is a pupil's part without mark or signature."""

_IN_DOUBT: Final = frozenset({"review", "conflicting", "unclear"})


class Statement(msgspec.Struct, frozen=True):
    """What one person said on one slip about one purpose.

    `said` is when a yes counts as said, `came` when a no was first said or a doubt arose. `seen` means that a
    person confirmed, decided or keyed it. `returned` is the place among the events of the return that brought
    it; `doubt` is the reader's word for why a person must look.
    """

    word: StatementWord
    person: str
    slip: Printed
    said: Moment
    came: Moment
    signed: bool | None
    seen: bool
    returned: int
    doubt: str | None = None
    condition: str | None = None


class _Reading(msgspec.Struct, frozen=True):
    """One return of a slip: its place among the events, the day, and who signed."""

    place: int
    on: date
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
    """A person's last word on a signature, and its place, by slip and by whether it is in the pupil's own part."""


def statements_by_purpose(
    entries: Sequence[Entry], slips: dict[str, Printed], names: dict[str, str]
) -> dict[str, list[Statement]]:
    """All that was said on `slips`, by purpose; `names` as from `guardians_named`.

    What came in on a slip that was never issued, or whose issue was invalidated, says nothing. Of a withdrawal
    slip only what is in doubt stands: what is clear was recorded as a withdrawal.
    """
    folded = _Folded()
    written = written_dates(entries)
    confirmed = {what.reading: moment.place for moment, _, what in of_kind(Confirmed, entries)}
    for moment, event in entries:
        slip, what = event.slip, event.what
        if slip is None or slip not in slips:
            continue
        if isinstance(what, Returned):
            reading = _Reading(moment.place, event.on, what.signed, what.pupil_signed)
            folded.readings[what.reading] = reading
            folded.of_slip.setdefault(slip, []).append(reading)
        elif isinstance(what, Answered):
            seen = what.how == "keyed" or confirmed.get(what.reading, -1) > moment.place
            _take_answers(folded, moment, slip, names.get(what.person, what.person), what, seen=seen)
        elif isinstance(what, Reviewed):
            _take_review(folded, moment, slips[slip], names.get(what.person, what.person), what)

    statements: dict[str, list[Statement]] = {}
    for key, marks in folded.marks.items():
        printed = slips[key.slip]
        statement = _taken_together(folded, key, printed, marks, written.get(key.slip))
        if printed.withdraws:
            if statement.word not in _IN_DOUBT:
                continue
            statement = msgspec.structs.replace(statement, word="review")
        statements.setdefault(key.purpose, []).append(statement)
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


def _take_review(folded: _Folded, moment: Moment, printed: Printed, person: str, what: Reviewed) -> None:
    """A person's decision replaces all that was recorded before it, for that slip, person and purpose.

    What they confirm was said when it was first said. A yes decided where no return of the slip counts
    any more rests on nothing, and is left out.
    """
    slip = printed.id
    readings = tuple(folded.of_slip.get(slip, ()))
    if what.signed is not None:
        folded.signatures[slip, printed.is_own_part(person)] = (moment.place, what.signed)
    for purpose, word in what.answers.items():
        if word == "yes" and not readings:
            continue
        marks = folded.marks.setdefault(_Key(slip, person, purpose), [])
        came = next((mark.came for mark in marks if mark.word == word), moment)
        marks[:] = [_Mark(word, came, seen=True, readings=readings)]
    for purpose, condition in what.conditions.items():
        folded.conditions[_Key(slip, person, purpose)] = condition


def _taken_together(
    folded: _Folded, key: _Key, slip: Printed, marks: Sequence[_Mark], written: Written | None
) -> Statement:
    """Rule S4: one slip, read once or more often.

    A no was said when it was first said, a doubt arose with the last reading, and a yes stands on the reading
    that proves most: signed and seen, then signed, then what may be signed.
    """
    word = _one_word({mark.word for mark in marks})
    telling = [mark for mark in marks if word in {mark.word, "conflicting"}]
    mark = telling[0 if word == "no" else -1]
    own_part = slip.is_own_part(key.person)
    signed = _signature(folded, slip.id, mark, own_part=own_part)
    for other in telling[:-1] if word == "yes" else ():
        other_signed = _signature(folded, slip.id, other, own_part=own_part)
        if _proof(other_signed, seen=other.seen) > _proof(signed, seen=mark.seen):
            mark, signed = other, other_signed
    return Statement(
        word=word,
        person=key.person,
        slip=slip,
        said=_said(slip, mark, written),
        came=_came(slip, mark, written) if word == "no" else mark.came,
        signed=signed,
        seen=mark.seen,
        returned=mark.readings[-1].place if mark.readings else mark.came.place,
        doubt=mark.doubt,
        condition=folded.conditions.get(key),
    )


def _said(slip: Printed, mark: _Mark, written: Written | None) -> Moment:
    """Rule C5: when its slip was printed, or on the written day, which lies between that and the return."""
    if written is None or not mark.readings or written.day > min(one.on for one in mark.readings):
        return slip.moment
    return written.first if written.first.after(slip.moment) else slip.moment


def _came(slip: Printed, mark: _Mark, written: Written | None) -> Moment:
    """Rule C5: a no was said when it came in, unless somebody decided that it is as old as its written date."""
    if written is None or written.last is None or written.day < slip.on:
        return mark.came
    return written.last if mark.came.after(written.last) else mark.came


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


def _signature(folded: _Folded, slip: str, mark: _Mark, *, own_part: bool) -> bool | None:
    """Whether the person signed, by the readings that the mark rests on; True where any of them shows it.

    A person's last word on the signature overrules every reading taken before it, and none taken since.
    """
    place, word = folded.signatures.get((slip, own_part), (-1, False))
    found = {
        word if place > reading.place else reading.pupil_signed if own_part else reading.signed
        for reading in mark.readings
    }
    if True in found:
        return True
    return None if None in found or not found else False
