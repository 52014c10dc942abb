"""Which print of a form a pupil gets: the rules for their age, and whether they answer for themselves (A3, A4, P7)."""

from __future__ import annotations

from datetime import date

from consentdesk.model.form import FormDefinition, Stage, Variant
from consentdesk.model.people import Pupil, age_on, stage_of
from consentdesk.model.voices import OF_AGE

UNKNOWN_STAGE: Stage = "younger"
"""The set of rules for a pupil whose year and birthday nobody knows: its words suit every age."""
_AGE_BEFORE_YEAR_ONE = 4  # who starts year N in September is at least N + 4 years old


def variant_for(
    pupil: Pupil,
    definition: FormDefinition,
    day: date,
    language: str | None,
    *,
    large: bool,
    competent: bool | None = None,
) -> Variant:
    """Which print of a form a pupil gets: the rules for their age (P7), their own part where it is asked (A3).

    Who was found competent, or not, gets the part by that and not by age; who is 18 signs instead of a guardian
    (rule A4).
    """
    part = definition.pupil_part
    asks_pupil = part is not None and any(question.pupil_too for question in definition.asked)
    age = _least_age(pupil, day)
    return Variant(
        language=language or definition.language,
        large=large,
        stage=stage_of(pupil, day) or UNKNOWN_STAGE,
        pupil_part=part is not None and asks_pupil and _answers_too(age, part.from_age, competent),
    )


def _answers_too(age: int | None, from_age: int, competent: bool | None) -> bool:
    """Whether a pupil of that least age answers beside a guardian."""
    if age is not None and age >= OF_AGE:
        return False
    return competent if competent is not None else age is not None and age >= from_age


def _least_age(pupil: Pupil, day: date) -> int | None:
    """How old the pupil is at least; None where neither birthday nor year is known."""
    if pupil.date_of_birth is not None and pupil.date_of_birth <= day:
        return age_on(pupil.date_of_birth, day)
    return None if pupil.year_group is None else pupil.year_group + _AGE_BEFORE_YEAR_ONE
