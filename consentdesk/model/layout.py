"""Where everything stands on the paper, in mm from the page's top left: printing and reading share it."""

from __future__ import annotations

import msgspec

from consentdesk.model.slip import Part

A4 = (210.0, 297.0)
"""Width and height of a page in mm."""


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle in mm: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in mm."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, (x, y) in mm."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def grown(self, by: float) -> Box:
        """The box with `by` mm added on each side (taken off where negative)."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def moved(self, dx: float, dy: float) -> Box:
        """The box moved by (dx, dy) mm."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        """Whether `other` lies inside, give or take `slack` mm."""
        return (
            other.x0 >= self.x0 - slack
            and other.y0 >= self.y0 - slack
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def touches(self, other: Box) -> bool:
        """Whether the two share any area."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


class BoxPair(msgspec.Struct, frozen=True):
    """The Yes and the No box of one question: the drawn squares themselves, to the middle of their lines."""

    purpose: str
    yes: Box
    no: Box


class SlipLayout(msgspec.Struct, frozen=True):
    """The geometry of one slip on its page; `page` counts from 0 within the pupil's pages.

    `outline` is the printed frame, to the middle of its line. `codes` are the two QR codes without their
    quiet zones, first and second. `child`, `school_class` and `typed_code` are printed for each pupil.
    `text` lists where the slip's own print stands outside the boxes (labels, question words), so that the
    margin can be searched for handwriting. Fields are the empty spaces to write in.
    """

    page: int
    outline: Box
    codes: tuple[Box, Box]
    child: Box
    typed_code: Box
    questions: tuple[BoxPair, ...]
    signature: Box
    date: Box
    printed_name: Box
    relationship: Box
    comment: Box
    pupil_questions: tuple[BoxPair, ...] = ()
    pupil_signature: Box | None = None
    box_line: float = 0.35
    """Width in mm of the line that a box is drawn with."""
    school_class: Box | None = None
    text: tuple[Box, ...] = ()

    @property
    def pairs(self) -> tuple[BoxPair, ...]:
        """All pairs of boxes, the guardian's first."""
        return self.questions + self.pupil_questions


class TextRun(msgspec.Struct, frozen=True):
    """One line of text: left end and baseline in mm, font role, size in points, grey 0 (black) to 1."""

    x: float
    y: float
    text: str
    font: str = "regular"
    size: float = 10.5
    grey: float = 0.0
    role: str = ""


class Rule(msgspec.Struct, frozen=True):
    """A straight line in mm; `dash` is the length in mm of dashes and gaps, 0 for a solid line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.2
    grey: float = 0.0
    dash: float = 0.0


class Frame(msgspec.Struct, frozen=True):
    """A drawn rectangle: `box` runs along the middle of its line of `width` mm."""

    box: Box
    width: float = 0.35
    grey: float = 0.0
    fill: float | None = None


class CodePlace(msgspec.Struct, frozen=True):
    """Where a QR code goes: `part` says which (see `slip.Part`), `box` is the code without its quiet zone."""

    part: str
    box: Box


class PageLayout(msgspec.Struct, frozen=True):
    """One printed page: what is drawn on it, the same for every child.

    `child` is where a letter page says whose it is; on the slip's page `SlipLayout.child` says so instead.
    """

    width: float = A4[0]
    height: float = A4[1]
    texts: tuple[TextRun, ...] = ()
    rules: tuple[Rule, ...] = ()
    frames: tuple[Frame, ...] = ()
    codes: tuple[CodePlace, ...] = ()
    child: Box | None = None


class FormLayout(msgspec.Struct, frozen=True):
    """All pages of one pupil's form, and the geometry of its slip.

    The number of pages is even, so that in duplex every pupil starts on a fresh sheet.
    """

    pages: tuple[PageLayout, ...]
    slip: SlipLayout
    title: str = ""
    language: str = "en"
    name_size: float = 12.0
    """Size in points of the child's name on the slip, where it is short enough."""


class SlipTemplate(msgspec.Struct, frozen=True):
    """What the reader needs of one form version: its tag, its slip's geometry, and the slip's page without a child.

    `pdf` is a PDF of the version; the slip stands on page `layout.page`, and the letter's code, where that page
    has one, at `letter`.
    """

    tag: str
    form: str
    layout: SlipLayout
    pdf: bytes
    letter: Box | None = None


def template_of(tag: str, form: str, layout: FormLayout, pdf: bytes) -> SlipTemplate:
    """The reader's part of a form version."""
    codes = layout.pages[layout.slip.page].codes
    letter = next((place.box for place in codes if place.part == Part.LETTER), None)
    return SlipTemplate(tag, form, layout.slip, pdf, letter)
