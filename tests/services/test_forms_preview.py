"""A print run before there is one: it says what will be printed, shows it, and keeps nothing (rule C6)."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest

from consentdesk.errors import KnownError
from consentdesk.model.slip import Part, parse, typed_code
from consentdesk.scanning.codes import find_codes_thoroughly
from consentdesk.services.forms_preview import (
    NO_SLIP,
    pages_of,
    plan_print,
    print_choices,
    pupils_like,
    specimen,
)
from consentdesk.services.identify import Ownerless, identify
from consentdesk.services.print_forms import Whom
from consentdesk.store import school
from tests.services.made_up import Desk


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_plan_is_what_is_printed_afterwards(desk: Desk) -> None:
    plan = plan_print(desk.office, ["image-use", "web-publication"], Whom(everyone=True))
    pages = sum(pages_of(desk.office, one.form, one.variant) for one in plan)
    printed = desk.print("image-use", "web-publication")
    assert [(one.name, one.form) for one in plan] == [(slip.name, slip.form) for slip in printed]
    assert pages == 12


def test_looking_keeps_nothing(desk: Desk) -> None:
    before = desk.events
    for coming in plan_print(desk.office, ["image-use"], Whom(everyone=True)):
        specimen(desk.office, coming)
    assert desk.events == before
    with pytest.raises(KnownError, match="outstanding"):
        plan_print(desk.office, ["image-use"], Whom())


def test_a_specimen_shows_the_pupil_and_stands_for_no_slip(desk: Desk) -> None:
    (coming,) = plan_print(desk.office, ["image-use"], Whom(pupil=desk.pupil("Ada").id))
    pdf = specimen(desk.office, coming)
    assert "Ada Okafor" in text_of(pdf)
    assert typed_code(NO_SLIP) in text_of(pdf)
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        grey = document[0].render(scale=3, grayscale=True).to_numpy().squeeze()
    codes = [code.text for code in find_codes_thoroughly(np.ascontiguousarray(grey), second_reader=False)]
    key, tag = school.current_code_key(desk.office.db), school.school(desk.office.db).tag
    on_slip = [code for code in codes if parse(code).part is not Part.LETTER]
    refused = identify(on_slip, tag, {key.version: key}, lambda _slip: None)
    assert len(on_slip) == 2
    assert isinstance(refused, Ownerless)
    assert refused.problem.reason == "forged"


@pytest.mark.parametrize(("large", "pages"), [(False, 2), (True, 4)])
def test_large_print_takes_more_pages(desk: Desk, large: bool, pages: int) -> None:
    (coming,) = plan_print(desk.office, ["image-use"], Whom(pupil=desk.pupil("Ada").id), large=large)
    assert pages_of(desk.office, coming.form, coming.variant) == pages
    with pypdfium2.PdfDocument(io.BytesIO(specimen(desk.office, coming))) as document:
        assert len(document) == pages


def test_the_choices_are_forms_with_their_questions_and_classes(desk: Desk) -> None:
    choices = print_choices(desk.office)
    assert [form.id for form in choices.forms] == ["image-use", "internet-access", "web-publication"]
    assert choices.forms[2].asks == ("Work on the website", "First name beside work")
    assert choices.classes == (("4B", 2), ("10A", 1))
    assert choices.pupils == 3


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("unal", ["Cleo Ünal"]),
        ("102", ["Ben O'Neill"]),
        ("zz", []),
        ("", []),
        ("a", ["Ada Okafor", "Cleo Ünal"]),
    ],
)
def test_pupils_are_found_by_any_part_of_a_name_or_a_number(desk: Desk, typed: str, names: list[str]) -> None:
    assert [found.name for found in pupils_like(desk.office, typed)] == names
