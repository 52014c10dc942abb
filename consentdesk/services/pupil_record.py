"""One pupil with everything that holds for them today, form by form, and why (rules C1, C2, D1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from consentdesk.errors import KnownError
from consentdesk.model.consent import StatusWord
from consentdesk.model.people import Pupil
from consentdesk.model.slip import typed_code
from consentdesk.services.forms import forms_in_force
from consentdesk.services.office import Office, may, require
from consentdesk.services.status import statuses
from consentdesk.store import people

_ELSEWHERE: Final = ""


class PurposeRecord(msgspec.Struct, frozen=True):
    """One purpose as the user may see it; `reason` is None for teachers, `code` is the slip that decides it.

    `todo` is what to do next, as a sentence; empty where there is nothing, and for teachers.
    """

    purpose: str
    name: str
    status: StatusWord
    reason: str | None
    until: date | None
    condition: str | None
    code: str | None
    todo: str = ""

    @property
    def withdrawable(self) -> bool:
        """Whether there is anything to take back: it was asked, and is not withdrawn already (rule W5)."""
        return self.status not in (StatusWord.NOT_ASKED, StatusWord.WITHDRAWN)


class FormRecord(msgspec.Struct, frozen=True):
    """What one form asks, or asked, of a pupil; `form` is empty for purposes that no form asks any more."""

    form: str
    title: str
    purposes: tuple[PurposeRecord, ...]


class GuardianName(msgspec.Struct, frozen=True):
    """A guardian as the school knows them."""

    guardian: str
    name: str
    relationship: str


class PupilRecord(msgspec.Struct, frozen=True):
    """A pupil and what holds as at one moment. `guardians` is empty for those who may not see reasons."""

    pupil: str
    name: str
    school_class: str
    year_group: int | None
    admission_number: str | None
    left: bool
    as_at: datetime
    forms: tuple[FormRecord, ...]
    guardians: tuple[GuardianName, ...]


def pupil_record(office: Office, pupil_id: str) -> PupilRecord:
    """What holds for the pupil with this id. Raises `KnownError` where there is no such pupil."""
    require(office, "see-status")
    pupil = pupil_with(office, pupil_id)
    reasons = may(office, "see-reasons")
    guardians = people.guardians_of(office.db, pupil.id) if reasons else []
    return PupilRecord(
        pupil.id,
        pupil.display_name,
        pupil.class_name,
        pupil.year_group,
        pupil.admission_number,
        pupil.left,
        office.now(),
        _forms(office, pupil, reasons=reasons),
        tuple(GuardianName(one.id, one.name, one.relationship) for one in guardians),
    )


def pupil_with(office: Office, pupil_id: str) -> Pupil:
    """The pupil with this id, also one who has left. Raises `KnownError` where there is none."""
    pupil = people.pupil(office.db, pupil_id)
    if pupil is None:
        raise KnownError("there is no such pupil any more", "nothing was changed", "look in the class list")
    return pupil


def _forms(office: Office, pupil: Pupil, *, reasons: bool) -> tuple[FormRecord, ...]:
    """By form what is asked now, and what the pupil was ever asked; switched off and never asked is left out."""
    forms = forms_in_force(office)
    asked = {question.purpose for form in forms.values() for question in form.definition.asked}
    names = {
        question.purpose: question.name for form in forms.values() for question in form.definition.questions
    }
    form_of = {
        question.purpose: form.definition.id
        for form in forms.values()
        for question in form.definition.questions
    }
    found = statuses(office, [pupil], names, office.today)[pupil.id]
    by_form: dict[str, list[PurposeRecord]] = {}
    for purpose, status in found.items():
        if purpose not in asked and status.word is StatusWord.NOT_ASKED:
            continue
        by_form.setdefault(form_of.get(purpose, _ELSEWHERE), []).append(
            PurposeRecord(
                purpose,
                names.get(purpose, purpose),
                status.word,
                status.reason if reasons else None,
                status.until,
                status.condition,
                typed_code(status.slip) if status.slip and reasons else None,
                status.todo.words if reasons else "",
            )
        )
    titles = {form.definition.id: form.definition.title for form in forms.values()}
    return tuple(
        FormRecord(form, titles.get(form, ""), tuple(purposes)) for form, purposes in by_form.items()
    )
