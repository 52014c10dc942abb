"""One reading of a slip with all that a person needs to judge it: picture, places, answers, copies and who signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.model.consent import (
    AnswerWord,
    Event,
    Lifted,
    Restricted,
    Returned,
    Reviewed,
    named_guardian,
)
from consentdesk.model.form import FormVersion
from consentdesk.model.people import Guardian, Pupil
from consentdesk.model.slip import Slip, typed_code
from consentdesk.services.doubts import (
    Who,
    counting,
    decided_answers,
    decided_signatures,
    decision_of,
    open_doubts,
)
from consentdesk.services.office import Office, require
from consentdesk.services.review_steps import Step, steps_of
from consentdesk.services.slip_places import Places, places_on
from consentdesk.services.take_slip import issue_of
from consentdesk.store import forms, images, ledger, people, scans, slips
from consentdesk.store.scans import ReadingRow, State

FLAGS: Final = {
    "date-blank": "The space for the date is empty.",
    "name-blank": "The space for the name in capitals is empty.",
    "class-left": "The pupil is not in the class any more that is printed on the slip.",
    "older-version": "The form was printed again in other words since.",
}
"""What is worth a remark and holds nothing back (rule S4)."""


class SeenAnswer(NamedTuple):
    """One question of the slip: what it is called, what it asks, and what the machine or a person made of it.

    `decided` is a person's word since, where there is one.
    """

    who: Who
    purpose: str
    name: str
    asks: str
    answer: AnswerWord
    reason: str | None
    decided: Literal["yes", "no", "unclear"] | None


class Copy(NamedTuple):
    """A reading of the same slip: when it came, its picture, and what it said by question."""

    reading: str
    came: datetime
    picture: bytes
    said: dict[tuple[Who, str], AnswerWord]
    keyed: bool


class Signatory(NamedTuple):
    """A guardian who may have signed."""

    id: str
    name: str
    relationship: str


class SeenSlip(NamedTuple):
    """Everything about one reading of a slip.

    `places` is None where the picture shows nothing that could be pointed out. `copies` are all readings of
    the slip, this one first. `must_name` says that a yes counts only once somebody says who signed (rule A2);
    `named` is the guardian whom somebody has named, by id.
    """

    reading: str
    code: str
    pupil: str
    name: str
    school_class: str
    form: str
    batch: int | None
    state: State
    came: datetime
    signed: bool | None
    pupil_signed: bool | None
    answers: tuple[SeenAnswer, ...]
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]
    copies: tuple[Copy, ...]
    places: Places | None
    guardians: tuple[Signatory, ...]
    must_name: bool
    named: str

    @property
    def picture(self) -> bytes:
        """The picture of this reading, encoded; empty where it was keyed without one."""
        return self.copies[0].picture


def look_at(office: Office, reading: str) -> SeenSlip:
    """A reading by its id. Raises `KnownError` where there is none, or it belongs to nobody."""
    require(office, "review-answers")
    row = scans.reading(office.db, reading)
    slip = slips.slip(office.db, row.slip) if row is not None and row.slip else None
    if row is None or slip is None:
        raise KnownError("this slip is not there any more", "nothing was changed", "go on with the next one")
    pupil = people.pupil(office.db, slip.pupil)
    version = forms.version(office.db, slip.version)
    if pupil is None or version is None:
        raise LookupError("every slip has its pupil and its form version")
    return _seen(office, row, slip, pupil, version)


def _seen(office: Office, row: ReadingRow, slip: Slip, pupil: Pupil, version: FormVersion) -> SeenSlip:
    events = ledger.events_of_slip(office.db, slip.id)
    decision = decision_of(row)
    guardians = people.guardians_of(office.db, pupil.id)
    signatures = decided_signatures(row, events)
    doubts = open_doubts(row, events) if row.state == "review" else ()
    copies = _copies(office, row, events)
    signed = signatures.get("guardian", decision.signed)
    return SeenSlip(
        reading=row.id,
        code=typed_code(slip.id),
        pupil=pupil.id,
        name=pupil.display_name,
        school_class=slip.school_class,
        form=version.definition.title,
        batch=row.batch,
        state=row.state,
        came=row.at,
        signed=signed,
        pupil_signed=signatures.get("pupil", decision.pupil_signed),
        answers=_answers(row, events, version),
        steps=steps_of(
            decision, doubts, signatures, looked_at=bool(decided_answers("guardian", row, events))
        ),
        remarks=tuple(FLAGS[flag] for flag in decision.flags if flag in FLAGS),
        copies=copies,
        places=None if not copies[0].picture or copies[0].keyed else places_on(office, slip.version),
        guardians=tuple(Signatory(one.id, one.name, one.relationship) for one in guardians),
        must_name=must_name(guardians, ledger.events_of(office.db, pupil.id)),
        named=named_on(events),
    )


def must_name(guardians: Sequence[Guardian], events: Sequence[Event]) -> bool:
    """Whether a yes counts only once a person has said which guardian signed (rule A2).

    Says nothing of which of the three reasons it is: a restriction is told to nobody here (rule A6).
    """
    lifted = {event.what.event for event in events if isinstance(event.what, Lifted)}
    restricted = any(isinstance(event.what, Restricted) and event.id not in lifted for event in events)
    return restricted or any(one.court_note or one.responsibility == "no" for one in guardians)


def named_on(events: Sequence[Event]) -> str:
    """The guardian last named for a slip, by id, from its events; empty where nobody was."""
    prefix = named_guardian("")
    said = [
        event.what.person.removeprefix(prefix)
        for event in counting(events)
        if isinstance(event.what, Reviewed) and event.what.person.startswith(prefix)
    ]
    return said[-1] if said else ""


def _answers(row: ReadingRow, events: Sequence[Event], version: FormVersion) -> tuple[SeenAnswer, ...]:
    decision, asked = decision_of(row), issue_of(events)
    questions = {one.purpose: one for one in version.definition.questions}
    found = []
    parts: tuple[tuple[Who, Sequence[str]], ...] = (
        ("guardian", tuple(asked.asked)),
        ("pupil", asked.pupil_asked),
    )
    for who, purposes in parts:
        answers = decision.answers if who == "guardian" else decision.pupil_answers or {}
        decided = decided_answers(who, row, events)
        for purpose in purposes:
            answer, question = answers.get(purpose), questions.get(purpose)
            found.append(
                SeenAnswer(
                    who,
                    purpose,
                    question.name if question else purpose,
                    question.text if question else "",
                    answer.answer if answer else "review",
                    answer.reason if answer else "blank",
                    decided.get(purpose),
                )
            )
    return tuple(found)


def _copies(office: Office, row: ReadingRow, events: Sequence[Event]) -> tuple[Copy, ...]:
    keyed = {
        event.what.reading
        for event in events
        if isinstance(event.what, Returned) and event.what.how == "keyed"
    }
    others = [one for one in scans.readings_of(office.db, row.slip or "") if one.id != row.id]
    return tuple(_copy(office, one, keyed=one.id in keyed) for one in (row, *others))


def _copy(office: Office, row: ReadingRow, *, keyed: bool) -> Copy:
    decision = decision_of(row)
    said: dict[tuple[Who, str], AnswerWord] = {
        ("guardian", purpose): answer.answer for purpose, answer in decision.answers.items()
    }
    said |= {("pupil", purpose): answer.answer for purpose, answer in (decision.pupil_answers or {}).items()}
    picture = images.image(office.db, row.crop) if row.crop else b""
    return Copy(row.id, row.at, picture, said, keyed)
