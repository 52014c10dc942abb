"""A print run before there is one: who gets which print, on how many pages, and a page of it to look at."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, NamedTuple

from consentdesk.model.form import Variant
from consentdesk.model.slip import ID_LENGTH, CodeKey, Part, payload, typed_code
from consentdesk.printing.compose import compose
from consentdesk.printing.pdf import Sheet, SlipFill, write_forms
from consentdesk.services.forms import forms_in_force, the_forms
from consentdesk.services.office import Office, require
from consentdesk.services.print_forms import NO_TAG, Whom, slips_wanted
from consentdesk.services.variants import variant_for
from consentdesk.store import people, school

NO_SLIP: Final = "0" * ID_LENGTH
"""Stands for the slip's id on a specimen: no slip has it, so one that is scanned all the same is refused."""
_NO_SECRET: Final = bytes(32)
_MOST_FOUND: Final = 8


class FormToPrint(NamedTuple):
    """A form that can be printed, with its languages, its own first; `asks` names what it asks for."""

    id: str
    title: str
    languages: tuple[str, ...]
    asks: tuple[str, ...]


class Choices(NamedTuple):
    """What there is to print, and for whom: classes with how many pupils each has."""

    forms: tuple[FormToPrint, ...]
    classes: tuple[tuple[str, int], ...]

    @property
    def pupils(self) -> int:
        """How many pupils there are."""
        return sum(count for _name, count in self.classes)


class Coming(NamedTuple):
    """A slip to come: of a pupil, by id and name, and in which print."""

    pupil: str
    name: str
    school_class: str
    form: str
    title: str
    variant: Variant


class Found(NamedTuple):
    """A pupil whom somebody may mean."""

    id: str
    name: str
    school_class: str


def print_choices(office: Office) -> Choices:
    """The forms in force and the classes of today."""
    require(office, "print-forms")
    forms = (known.definition for known in forms_in_force(office).values())
    return Choices(
        tuple(
            FormToPrint(form.id, form.title, form.languages, tuple(question.name for question in form.asked))
            for form in forms
        ),
        tuple(people.classes(office.db)),
    )


def pupils_like(office: Office, typed: str) -> tuple[Found, ...]:
    """The first few pupils on the roll whom `typed` may mean."""
    require(office, "print-forms")
    found = (pupil for pupil in people.find_pupils(office.db, typed) if not pupil.left)
    return tuple(
        Found(pupil.id, pupil.display_name, pupil.class_name)
        for pupil, _place in zip(found, range(_MOST_FOUND), strict=False)
    )


def plan_print(
    office: Office, form_ids: Sequence[str], whom: Whom, *, language: str | None = None, large: bool = False
) -> tuple[Coming, ...]:
    """The slips that `print_forms` would make, in their order; nothing is kept. Raises as it does."""
    require(office, "print-forms")
    definitions = the_forms(office, form_ids)
    day = office.today
    return tuple(
        Coming(
            pupil.id,
            pupil.display_name,
            pupil.class_name,
            definition.id,
            definition.title,
            variant_for(pupil, definition, day, language, large=large),
        )
        for pupil, definition in slips_wanted(office, definitions, whom)
    )


def pages_of(office: Office, form: str, variant: Variant) -> int:
    """How many pages a print of a form takes for each pupil, always an even number.

    Raises `KnownError` where it cannot be printed.
    """
    require(office, "print-forms")
    (definition,) = the_forms(office, [form])
    return len(compose(definition, variant, school.school(office.db).name, NO_TAG).pages)


def specimen(office: Office, coming: Coming) -> bytes:
    """The pages of one slip to come as PDF, to look at; nothing is kept.

    Its version, its slip code and its QR codes are those of no slip, and are not signed with the school's key: a
    specimen that somebody photographs and hands out is refused when it comes back. Raises `KnownError` where
    the pages cannot be printed.
    """
    require(office, "print-forms")
    (definition,) = the_forms(office, [coming.form])
    known = school.school(office.db)
    layout = compose(definition, coming.variant, known.name, NO_TAG)
    key = CodeKey(school.current_code_key(office.db).version, _NO_SECRET)
    payloads = {part: payload(key, known.tag, NO_TAG, NO_SLIP, part) for part in Part}
    fill = SlipFill(coming.name, coming.school_class, typed_code(NO_SLIP), payloads)
    file = io.BytesIO()
    write_forms(file, [Sheet(layout, fill)])
    return file.getvalue()
