"""Made-up forms and pupils to print, and their pages as pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import msgspec
import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray

from consentdesk.model.form import FormDefinition, Translation
from consentdesk.model.layout import FormLayout
from consentdesk.model.slip import CodeKey, Part, encode, payload, typed_code
from consentdesk.printing.formfile import shipped_definitions
from consentdesk.printing.pdf import Sheet, SlipFill

SCHOOL = "Hawthorn Primary School"
TAG = "K7M2"
KEY = CodeKey("1", bytes(range(32)))

Render = Callable[..., list[NDArray[np.uint8]]]
Fill = Callable[[FormLayout, Iterable[str]], list[Sheet]]


@pytest.fixture(scope="session")
def forms() -> dict[str, FormDefinition]:
    """The definitions that ship with the program."""
    return shipped_definitions()


@pytest.fixture(scope="session")
def bilingual(forms: dict[str, FormDefinition]) -> FormDefinition:
    """Web publication with a second language in made-up words, and a third that runs from right to left."""
    form = forms["web-publication"]

    def translated(language: str, words: str) -> Translation:
        return Translation(
            language=language,
            title=words,
            letter=(words, f"{words} {words}."),
            questions={question.purpose: f"{words}?" for question in form.questions},
            rules={"younger": (words, words), "older": (words, words)},
            withdraw=words,
            public=words,
            monitoring=words,
            complaints=words,
            pupil_part=words,
        )

    welsh_like = translated("cy", "Gwaith eich plentyn ar wefan yr ysgol, llŷr ŵyn")
    urdu = translated("ur", "آپ کے بچے کا کام (2026) school پر")
    return msgspec.structs.replace(form, translations=(welsh_like, urdu))


@pytest.fixture(scope="session")
def fill() -> Fill:
    """A function that gives each name a sheet of a layout, with codes that differ."""

    def sheets(layout: FormLayout, names: Iterable[str]) -> list[Sheet]:
        made = []
        for number, name in enumerate(names, start=1):
            slip = encode(7919 * number * 32**5 + number, 10)
            payloads = {part: payload(KEY, "ABCDEF", TAG, slip, part) for part in Part}
            made.append(Sheet(layout, SlipFill(name, "4B", typed_code(slip), payloads)))
        return made

    return sheets


@pytest.fixture(scope="session")
def render() -> Render:
    """A function that turns a PDF into grey pictures, one a page, at a resolution in dpi."""

    def pictures(pdf: bytes, dpi: int, password: str | None = None) -> list[NDArray[np.uint8]]:
        document = pdfium.PdfDocument(io.BytesIO(pdf), password=password)
        try:
            pages = [page.render(scale=dpi / 72, grayscale=True).to_numpy().copy() for page in document]
        finally:
            document.close()
        return [page.reshape(page.shape[:2]) for page in pages]

    return pictures
