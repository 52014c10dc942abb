"""What happened with one pupil, as data: form, scan, answer, decision, withdrawal; who, when, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.circumstances import (
    Assessed,
    BirthRecorded,
    GuardianEnded,
    GuardianRecorded,
    Renamed,
    RestrictionSeen,
    ViewsRecorded,
)
from consentdesk.model.consent import (
    PUPIL,
    Answered,
    CareChanged,
    Event,
    Invalidated,
    Issued,
    Joined,
    Lifted,
    Moved,
    Restricted,
    Returned,
    Reviewed,
    SocialWorkerAgreed,
    Withdrawn,
    named_guardian,
)
from consentdesk.model.paper_trail import Dated, SignatoryNamed, WithdrawalIssued
from consentdesk.model.school_events import AccessEnded, RuleChanged, TakenDown
from consentdesk.model.slip import typed_code
from consentdesk.model.way_back import form_taken_back
from consentdesk.services.forms import forms_in_force, questions
from consentdesk.services.office import Office, may, require, user_name
from consentdesk.services.pupil_record import pupil_with
from consentdesk.store import images, ledger, people

_SECRET: Final = (Restricted, Lifted, RestrictionSeen)

SaidWord = Literal["yes", "no", "review", "unclear"]


class Said(msgspec.Struct, frozen=True):
    """One answer: to which purpose by its name, what, and a handwritten condition word for word."""

    purpose: str
    word: SaidWord
    condition: str = ""


class Happened(msgspec.Struct, frozen=True):
    """One thing that happened, as its event's `kind` says; whatever does not concern that kind is empty.

    `by` is the user who recorded it. `form` is the form's title and `code` its slip's typed code. `person` is
    whose answer it is: `pupil`, a guardian's name, or empty for a guardian who is not named. `pupil_said` are the
    pupil's own answers on a return. `how` is the way it came: scan, keyed, letter. `words` are somebody's own:
    a note, why something was recorded in error, the class. `void` tells that it was recorded in error.
    `evidence` tells that a picture of it is kept.
    """

    event: str
    kind: str
    at: datetime
    by: str
    form: str = ""
    code: str = ""
    person: str = ""
    how: str = ""
    signed: bool | None = None
    said: tuple[Said, ...] = ()
    pupil_said: tuple[Said, ...] = ()
    purposes: tuple[str, ...] = ()
    words: str = ""
    void: bool = False
    evidence: bool = False


def timeline(office: Office, pupil_id: str) -> tuple[Happened, ...]:
    """Everything that happened with a pupil, newest first.

    For those who may see reasons (rule D1). Restrictions, and what was recorded in error about them, show only to
    safeguarding, and never why they were made (rule A6). Raises `KnownError` where there is no such pupil.
    """
    require(office, "see-reasons")
    pupil = pupil_with(office, pupil_id)
    events = _visible(ledger.events_of(office.db, pupil.id), secrets=may(office, "see-restrictions"))
    telling = _Telling(office, pupil.id, events)
    return tuple(telling.happened(event) for event in reversed(events) if telling.is_its_own(event))


def evidence(office: Office, event_id: str) -> bytes:
    """The picture of the slip that came back in this event, encoded.

    Raises `KnownError` where there is none, and `DamagedOffice` where it is not as it was kept.
    """
    require(office, "see-reasons")
    event = ledger.event(office.db, event_id)
    if event is None or not isinstance(event.what, Returned) or not event.what.image:
        raise KnownError(
            "no picture of this was kept",
            "the answers are in the ledger",
            "look at the paper, if you have it",
        )
    return images.image(office.db, event.what.image)


def _visible(events: Sequence[Event], *, secrets: bool) -> list[Event]:
    if secrets:
        return list(events)
    hidden = {event.id for event in events if isinstance(event.what, _SECRET)}
    for event in events:
        if isinstance(event.what, Invalidated) and event.what.event in hidden:
            hidden.add(event.id)
    return [event for event in events if event.id not in hidden]


class _Telling:
    """What the events of one pupil need to be told: names of forms, purposes, guardians and users."""

    def __init__(self, office: Office, pupil: str, events: Sequence[Event]) -> None:
        self._titles = {form: known.definition.title for form, known in forms_in_force(office).items()}
        self._names = {purpose: question.name for purpose, question in questions(office).items()}
        # Also those who are no guardians any more: what they said stays theirs.
        self._guardians = {
            named_guardian(event.what.guardian): event.what.name
            for event in events
            if isinstance(event.what, GuardianRecorded)
        } | {named_guardian(one.id): one.name for one in people.guardians_of(office.db, pupil)}
        self._users = {by: user_name(office, by) for by in {event.by for event in events}}
        self._forms = {
            event.slip: self._titles.get(form_taken_back(event.what.form), event.what.form)
            for event in events
            if isinstance(event.what, Issued | WithdrawalIssued)
        }
        self._joined = {event.at for event in events if isinstance(event.what, Joined)}
        self._void = _voided(events)
        self._answers: dict[str, list[Answered]] = {}
        self._returned = {event.what.reading for event in events if isinstance(event.what, Returned)}
        for event in events:
            if isinstance(event.what, Answered):
                self._answers.setdefault(event.what.reading, []).append(event.what)

    def is_its_own(self, event: Event) -> bool:
        """Whether it is told by itself.

        The answers of a reading are told with the return that brought them. What was known of a pupil when they
        joined goes without saying, and a rule of the school is no part of anybody's story.
        """
        if isinstance(event.what, BirthRecorded | GuardianRecorded):
            return event.at not in self._joined
        if isinstance(event.what, Answered):
            return event.what.reading not in self._returned
        return not isinstance(event.what, RuleChanged)

    def happened(self, event: Event) -> Happened:
        """One event in terms that people know."""
        return Happened(
            event=event.id,
            kind=event.kind,
            at=event.at,
            by=self._users[event.by],
            form=self._forms.get(event.slip, ""),
            code=typed_code(event.slip) if event.slip else "",
            void=event.id in self._void,
            **self._details(event),
        )

    def _details(self, event: Event) -> dict[str, Any]:
        match event.what:
            case Returned() as what:
                return self._of_return(what)
            case Answered() as what:
                return {"how": what.how, "person": self._person(what.person), "said": self._answered(what)}
            case Reviewed() as what:
                said = self._said(what.answers, what.conditions)
                return {"person": self._person(what.person), "signed": what.signed, "said": said}
            case Withdrawn() as what:
                person = self._person(what.person or "") or what.said_by
                named = tuple(self._name(purpose) for purpose in what.purposes)
                return {"how": what.how, "person": person, "purposes": named, "words": what.note}
            case Issued() | WithdrawalIssued() as what:
                return {"purposes": tuple(self._name(purpose) for purpose in what.asked)}
            case SignatoryNamed() as what:
                return {"person": self._person(what.person)}
            case GuardianEnded() as what:
                return {
                    "person": self._person(named_guardian(what.guardian)),
                    "words": what.why,
                }
            case ViewsRecorded() as what:
                named = tuple(self._name(purpose) for purpose in what.purposes)
                return {
                    "person": PUPIL,
                    "purposes": named,
                    "words": f"{what.words} (told to {what.heard_by})",
                }
            case _:
                return _of_circumstances(event)

    def _of_return(self, what: Returned) -> dict[str, Any]:
        answers = self._answers.get(what.reading, [])
        own = [said for one in answers if one.person == PUPIL for said in self._answered(one)]
        said = [said for one in answers if one.person != PUPIL for said in self._answered(one)]
        return {
            "how": what.how,
            "signed": what.signed,
            "said": tuple(said),
            "pupil_said": tuple(own),
            "evidence": bool(what.image),
        }

    def _answered(self, what: Answered) -> tuple[Said, ...]:
        return self._said({purpose: answer.answer for purpose, answer in what.answers.items()}, {})

    def _said(self, answers: Mapping[str, SaidWord], conditions: Mapping[str, str]) -> tuple[Said, ...]:
        return tuple(
            Said(self._name(purpose), word, conditions.get(purpose, "")) for purpose, word in answers.items()
        )

    def _name(self, purpose: str) -> str:
        return self._names.get(purpose, purpose)

    def _person(self, person: str) -> str:
        return PUPIL if person == PUPIL else self._guardians.get(person, "")


def _of_circumstances(event: Event) -> dict[str, Any]:
    """What happened outside the paper. A restriction's reason is not told here."""
    match event.what:
        case Joined() | Moved() as what:
            return {"words": what.school_class}
        case Invalidated() as what:
            return {"words": what.why}
        case SocialWorkerAgreed() as what:
            return {"person": what.who, "words": what.reference}
        case CareChanged() as what:
            return {"how": "looked-after" if what.looked_after else "not-looked-after"}
        case TakenDown() as what:
            return {
                "how": what.outcome,
                "words": "; ".join(said for said in (what.tried, what.evidence) if said),
            }
        case AccessEnded() as what:
            return {"words": what.why}
        case _:
            return _of_people(event)


def _of_people(event: Event) -> dict[str, Any]:
    """Who somebody is, and what was noted of them or of a slip."""
    match event.what:
        case GuardianRecorded() as what:
            return {"person": what.name, "how": what.responsibility, "words": what.relationship}
        case Assessed() as what:
            how = "competent" if what.competent else "not-competent"
            return {"how": how, "words": f"{what.who}. {what.note}".rstrip(". ")}
        case Renamed() as what:
            names = (what.preferred_first or what.legal_first, what.preferred_last or what.legal_last)
            return {"words": " ".join(name for name in names if name)}
        case BirthRecorded() as what:
            return {"words": what.born.isoformat()}
        case Dated() as what:
            return {"how": what.written.isoformat(), "words": what.why}
        case _:
            return {}


def _voided(events: Sequence[Event]) -> set[str]:
    """The events recorded in error; an invalidation may itself be one: hence from the last back (rule W5)."""
    void: set[str] = set()
    for event in reversed(events):
        if isinstance(event.what, Invalidated) and event.id not in void:
            void.add(event.what.event)
    return void


def latest_picture(office: Office, pupil_id: str, purposes: Sequence[str]) -> tuple[Happened, bytes] | None:
    """The last slip that came back with an answer to any of `purposes`, by their names, and its picture, if any."""
    for one in timeline(office, pupil_id):
        if one.evidence and not one.void and any(said.purpose in purposes for said in one.said):
            return one, evidence(office, one.event)
    return None
