"""Forms as PDF: one file for a print run, the same bytes for the same forms, and the blank of a version."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
from reportlab.pdfgen.canvas import Canvas

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.layout import A4, Box, FormLayout, PageLayout
from consentdesk.model.slip import Part
from consentdesk.printing import codes, fonts
from consentdesk.printing.draw import Pen
from consentdesk.printing.style import ASCENT, DESCENT, ems_to_mm
from consentdesk.printing.wording import is_right_to_left

SMALLEST_NAME = 7.0
"""Size in points below which a child's name is not printed."""
_NAME_LEADING = 1.15


class SlipFill(msgspec.Struct, frozen=True):
    """What is printed for one child: the name as displayed, the class, and what the codes say by part."""

    child: str
    school_class: str
    typed_code: str
    payloads: dict[Part, str]


COVER_PAGES = 2
"""Pages of a cover: a letter and its bare back, so that in duplex what follows starts on a fresh sheet."""


class Sheet(NamedTuple):
    """One pupil's form: the version's layout and what to fill in; `cover` draws a letter to go before it."""

    layout: FormLayout
    fill: SlipFill
    cover: Callable[[Pen], None] | None = None


class _Line(NamedTuple):
    text: str
    x: float
    baseline: float
    size: float


def write_forms(target: Path | IO[bytes], sheets: Iterable[Sheet], title: str = "") -> int:
    """Write the forms of `sheets`, in their order, as one PDF; return the number of pages.

    The same forms give the same bytes: no date, no name in the metadata. `title` is the document's, by default
    the first form's. Nothing is written before every form is known to print. Raises `KnownError` where a name
    has a character that no face has, or does not fit its space, and where the file cannot be written.
    """
    if isinstance(target, Path):
        with paths.write_whole(target) as part, part.open("wb") as file:
            return write_forms(file, sheets, title)
    writing = forms_written(target, sheets, title)
    while True:
        try:
            next(writing)
        except StopIteration as end:
            pages: int = end.value
            return pages


def forms_written(target: IO[bytes], sheets: Iterable[Sheet], title: str = "") -> Generator[None, None, int]:
    """The same form by form, for whoever has something else to do meanwhile; returns the number of pages."""
    pages = 0
    pen: Pen | None = None
    frozen: dict[int, tuple[FormLayout, tuple[str, ...]]] = {}
    for layout, fill, cover in sheets:
        if pen is None:
            pen = Pen(Canvas(target, pageCompression=1, invariant=1, lang=layout.language))
            pen.describe(title or layout.title)
        if id(layout) not in frozen:
            # The layout is kept beside its id, so that the id cannot come to mean another.
            frozen[id(layout)] = (layout, _freeze_pages(pen, layout, len(frozen)))
        if cover is not None:
            pen.start_page(*A4)
            cover(pen)
            pen.end_page()
            pen.start_page(*A4)
            pen.end_page()
            pages += COVER_PAGES
        names = frozen[id(layout)][1]
        for number, page in enumerate(layout.pages):
            pen.start_page(page.width, page.height)
            if names[number]:
                pen.place(names[number])
            _fill_page(pen, layout, number, page, fill)
            pen.end_page()
            pages += 1
        yield
    if pen is None:
        raise KnownError(
            "there is no form to print", "nothing was written", "choose pupils who have a slip to come"
        )
    pen.save()
    return pages


def blank_pdf(layout: FormLayout) -> bytes:
    """The form without child and codes: frozen with its version, and what reading takes for unmarked."""
    file = io.BytesIO()
    pen = Pen(Canvas(file, pageCompression=1, invariant=1, lang=layout.language))
    pen.describe(layout.title)
    for page, name in zip(layout.pages, _freeze_pages(pen, layout, 0), strict=True):
        pen.start_page(page.width, page.height)
        if name:
            pen.place(name)
        pen.end_page()
    pen.save()
    return file.getvalue()


def _freeze_pages(pen: Pen, layout: FormLayout, serial: int) -> tuple[str, ...]:
    """Keep each page's print, the same for every child, under a name; "" for a bare page."""
    names = []
    for number, page in enumerate(layout.pages):
        if not (page.texts or page.rules or page.frames):
            names.append("")
            continue
        name = f"version{serial}page{number}"
        with pen.kept(name, page.width, page.height):
            for rule in page.rules:
                pen.rule(rule)
            for frame in page.frames:
                pen.frame(frame)
            for run in page.texts:
                pen.text(run.x, run.y, run.text, run.font, run.size, run.grey)
        names.append(name)
    return tuple(names)


def _fill_page(pen: Pen, layout: FormLayout, number: int, page: PageLayout, fill: SlipFill) -> None:
    for place in page.codes:
        pen.bars(codes.bars(fill.payloads[Part(place.part)]), place.box, codes.SIDE)
    slip = layout.slip
    places: list[tuple[str, Box | None]] = [(f"{fill.child} · {fill.school_class}", page.child)]
    if number == slip.page:
        places += [(fill.child, slip.child), (fill.school_class, slip.school_class)]
    try:
        for text, box in places:
            if box is not None:
                for line in _fit(text, box, layout):
                    pen.text(line.x, line.baseline, line.text, "bold", line.size)
        if number != slip.page:
            return
        code = slip.typed_code
        size = code.width / fonts.width(fill.typed_code, "mono", 1.0)
        pen.text(code.x0, code.y1 - ems_to_mm(DESCENT, size), fill.typed_code, "mono", size)
    except fonts.MissingGlyph as missing:
        raise KnownError(
            f"the name or class of {fill.child} has a character that cannot be printed: {missing}",
            "nothing was printed",
            "write the name without it in the list of pupils, or leave this pupil out",
        ) from missing


def _fit(text: str, box: Box, layout: FormLayout) -> list[_Line]:
    """`text` in bold lines inside `box`, shrunk as far as it must; one line stands on the box's first line.

    Raises `KnownError` where it does not fit at `SMALLEST_NAME`.
    """
    size = layout.name_size
    while size >= SMALLEST_NAME:
        lines = fonts.wrap(text, "bold", size, box.width)
        height = ems_to_mm(_NAME_LEADING * (len(lines) - 1) + ASCENT + DESCENT, size)
        if height <= box.height:
            first = box.y0 + ems_to_mm(ASCENT, size) + min(0.6, box.height - height)
            step = ems_to_mm(_NAME_LEADING, size)
            right = is_right_to_left(layout.language)
            return [
                _Line(
                    line,
                    box.x1 - fonts.width(line, "bold", size) if right else box.x0,
                    first + at * step,
                    size,
                )
                for at, line in enumerate(lines)
            ]
        size -= 0.5
    raise KnownError(
        f"“{text[:60]}…” is too long to be printed on a slip",
        "nothing was printed",
        "shorten it in the list of pupils",
    )
