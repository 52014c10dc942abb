"""What a slip asks, for a person who keys its answers with the paper or its picture before them (rules S2, S4)."""

from __future__ import annotations

from typing import NamedTuple

from consentdesk.model.slip import typed_code
from consentdesk.services.doubts import Who
from consentdesk.services.office import Office, require
from consentdesk.services.pupils import the_pupil
from consentdesk.services.review import the_slip
from consentdesk.services.take_slip import issue_of
from consentdesk.store import forms, ledger


class QuestionToKey(NamedTuple):
    """One question of the slip: who answers it, what it is called, and its words."""

    who: Who
    purpose: str
    name: str
    asks: str


class SlipToKey(NamedTuple):
    """Whose slip it is, and what it asks; `pupil_signs` where the pupil's own part is printed."""

    code: str
    name: str
    school_class: str
    form: str
    questions: tuple[QuestionToKey, ...]
    pupil_signs: bool


def blank_form(office: Office, code: str) -> bytes:
    """The form as it was printed, without child and codes, as PDF. Raises as `slip_to_key`."""
    require(office, "key-answers")
    version = forms.version(office.db, the_slip(office, code).version)
    if version is None:
        raise LookupError("every slip has its form version")
    return version.pdf


def slip_to_key(office: Office, code: str) -> SlipToKey:
    """The slip with this typed code. Raises `KnownError` for a wrong letter, or a slip that was never printed."""
    require(office, "key-answers")
    slip = the_slip(office, code)
    issued = issue_of(ledger.events_of_slip(office.db, slip.id))
    version = forms.version(office.db, slip.version)
    if version is None:
        raise LookupError("every slip has its form version")
    known = {one.purpose: one for one in version.definition.questions}
    parts: tuple[tuple[Who, tuple[str, ...]], ...] = (
        ("guardian", tuple(issued.asked)),
        ("pupil", issued.pupil_asked),
    )
    return SlipToKey(
        typed_code(slip.id),
        the_pupil(office, slip.pupil).display_name,
        slip.school_class,
        version.definition.title,
        tuple(
            QuestionToKey(
                who,
                purpose,
                known[purpose].name if purpose in known else purpose,
                known[purpose].text if purpose in known else "",
            )
            for who, purposes in parts
            for purpose in purposes
        ),
        bool(issued.pupil_asked),
    )
