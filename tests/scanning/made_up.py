"""Made-up slips: printed by the printing wing itself, written on with a steady pen, moved by known amounts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from consentdesk.model.form import FormDefinition, Variant
from consentdesk.model.layout import Box, BoxPair, FormLayout, SlipLayout, SlipTemplate
from consentdesk.model.reading import Mark
from consentdesk.model.slip import CodeKey, Part, encode, payload, typed_code
from consentdesk.printing.compose import compose
from consentdesk.printing.pdf import Sheet, SlipFill, blank_pdf, write_forms
from consentdesk.scanning.align import Placement
from consentdesk.scanning.boxes import BoxView, centred_views, contrast_of, find_shifts, raw_view, see_boxes
from consentdesk.scanning.marks import judge
from consentdesk.scanning.rehearsal.fill_in import rect
from consentdesk.scanning.rehearsal.hand import INKS, Hand
from consentdesk.scanning.rehearsal.pen import Canvas, Rect, lay, trace
from consentdesk.scanning.rehearsal.pieces import cut_out, lay_out
from consentdesk.scanning.rehearsal.writing import sign, write
from consentdesk.scanning.strokes import Mask
from consentdesk.scanning.templates import Template, prepare

Raster = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Line = Sequence[tuple[float, float]]

SCHOOL, SCHOOL_TAG = "Hawthorn Primary School", "HAWTHN"
KEY = CodeKey("1", bytes(range(32)))
CHILDREN = ("Amelia Carter", "Zoë Khan", "Ben O’Neill")
MM_PER_INCH = 25.4

STEADY = Hand(
    INKS["black ballpoint"], width_mm=0.45, flow=1.0, tremor_mm=0.0, slant=0.0, turn=0.0, size=1.0,
    looseness=0.0, joined=0.0, seed=7,
)  # fmt: skip
"""A draughtsman's hand: lines go where they are drawn."""
BLUE = replace(STEADY, ink=INKS["blue ballpoint"])
RED = replace(STEADY, ink=INKS["red ballpoint"])


@dataclass(frozen=True)
class Version:
    """A form version, printed for `CHILDREN` in their order."""

    template: SlipTemplate = field(repr=False)
    form: FormLayout = field(repr=False)
    pdf: bytes = field(repr=False)

    @property
    def pages_each(self) -> int:
        return len(self.form.pages)

    @property
    def tag(self) -> str:
        return self.template.tag

    @property
    def layout(self) -> SlipLayout:
        return self.template.layout

    @cached_property
    def ready(self) -> Template:
        """The version as the reader wants it."""
        return prepare(self.template)

    def codes(self, child: int = 0) -> tuple[str, str]:
        """What the two codes of a child's slip say."""
        return payload_of(self.tag, child, Part.FIRST), payload_of(self.tag, child, Part.SECOND)

    def page(
        self, child: int = 0, *, dpi: float = 200, colour: bool = False, page: int | None = None
    ) -> Raster:
        """A printed page as a clean scan, grey or BGR; by default the one with the slip."""
        document = pdfium.PdfDocument(self.pdf)
        try:
            wanted = document[child * self.pages_each + (self.layout.page if page is None else page)]
            seen = wanted.render(scale=dpi / 72, grayscale=not colour).to_numpy().copy()
        finally:
            document.close()
        return seen if colour else seen.reshape(seen.shape[:2])

    def question(self, purpose: str = "") -> BoxPair:
        """The boxes of a purpose, or of the first question."""
        return next(pair for pair in self.layout.questions if purpose in ("", pair.purpose))


def payload_of(tag: str, child: int, part: Part) -> str:
    return payload(KEY, SCHOOL_TAG, tag, slip_of(tag, child), part)


def slip_of(tag: str, child: int) -> str:
    """The id of a child's slip of a version."""
    return encode(7919 * (child + 1) * 32**5 + int(tag, 36), 10)


def print_version(definition: FormDefinition, variant: Variant, tag: str) -> Version:
    layout = compose(definition, variant, SCHOOL, tag)
    template = SlipTemplate(tag, definition.id, layout.slip, blank_pdf(layout))
    codes = [{part: payload_of(tag, child, part) for part in Part} for child in range(len(CHILDREN))]
    return Version(template, layout, pdf_of_forms(layout, tag, codes))


def pdf_of_forms(layout: FormLayout, tag: str, codes: Sequence[dict[Part, str]]) -> bytes:
    """The forms of `CHILDREN`, their codes saying what is given."""
    file = io.BytesIO()
    write_forms(
        file,
        [
            Sheet(layout, SlipFill(CHILDREN[child], "4B", typed_code(slip_of(tag, child)), said))
            for child, said in enumerate(codes)
        ],
    )
    return file.getvalue()


def with_codes(version: Version, *codes: tuple[str, str]) -> Version:
    """The version printed with other first and second codes, for the first children."""
    said = [
        {Part.FIRST: first, Part.SECOND: second, Part.LETTER: payload_of(version.tag, child, Part.LETTER)}
        for child, (first, second) in enumerate(codes)
    ]
    return replace(version, pdf=pdf_of_forms(version.form, version.tag, said))


# The pen


def draw(page: Raster, lines: Sequence[Line], hand: Hand = STEADY, *, dpi: float = 200) -> None:
    """Draw polylines, points in mm, on a page in place."""
    rng = np.random.default_rng(1)
    lay(Canvas(page, dpi), [trace(np.array(line, float), hand, rng) for line in lines], hand, rng)


def inside(box: Box, *points: tuple[float, float]) -> list[tuple[float, float]]:
    """Points given as shares of a box (0, 0 its top left, 1, 1 its bottom right), in mm."""
    return [(box.x0 + x * box.width, box.y0 + y * box.height) for x, y in points]


def tick(box: Box) -> list[Line]:
    return [inside(box, (0.18, 0.5), (0.4, 0.85), (0.9, 0.08))]


def cross(box: Box) -> list[Line]:
    return [inside(box, (0.15, 0.15), (0.85, 0.85)), inside(box, (0.85, 0.15), (0.15, 0.85))]


def answer_all(page: Raster, layout: SlipLayout, hand: Hand = BLUE, *, dpi: float = 200) -> None:
    """Tick yes for every question, cross no where its number is odd, and sign."""
    for number, pair in enumerate(layout.pairs):
        draw(page, cross(pair.no) if number % 2 else tick(pair.yes), hand, dpi=dpi)
    put_signature(page, layout.signature, hand, dpi=dpi)
    if layout.pupil_signature is not None:
        put_signature(page, layout.pupil_signature, hand, dpi=dpi)


def put_signature(page: Raster, place: Box, hand: Hand = BLUE, *, dpi: float = 200) -> None:
    sign(Canvas(page, dpi), rect(place), "Ann Carter", hand, np.random.default_rng(3))


def put_words(page: Raster, place: Rect | Box, text: str, hand: Hand = BLUE, *, dpi: float = 200) -> None:
    """A line of handwriting of capitals 3.4 mm tall."""
    where = rect(place) if isinstance(place, Box) else place
    write(Canvas(page, dpi), where, text, hand, np.random.default_rng(4), height_mm=3.4)


# Moving the paper


def moved(page: Raster, matrix: Matrix, size: tuple[int, int] | None = None, paper: int = 255) -> Raster:
    """The page under a homography of pixels; `size` is width and height, that of the page by default."""
    size = size or (page.shape[1], page.shape[0])
    seen = cv2.warpPerspective(
        page, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,) * 3
    )
    return np.asarray(seen, np.uint8)


def to_pixels(dpi: float) -> Matrix:
    """From mm on the page to its pixels, whose centres lie at whole numbers."""
    scale = dpi / MM_PER_INCH
    return np.array([[scale, 0, -0.5], [0, scale, -0.5], [0, 0, 1]])


def about_middle(page: Raster, linear: Sequence[Sequence[float]]) -> Matrix:
    """A linear map of pixels about the middle of a page."""
    height, width = page.shape[:2]
    to_middle = np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, 1]])
    middle = np.eye(3)
    middle[:2, :2] = linear
    return np.linalg.inv(to_middle) @ middle @ to_middle


def turned_by(page: Raster, degrees: float) -> Matrix:
    """Clockwise, about the middle of a page."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return about_middle(page, [[cos, -sin], [sin, cos]])


def on_paper(matrix: Matrix, points: Matrix) -> Matrix:
    """Points (N×2) under a homography."""
    lifted = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:], np.float64)


def laid_on_glass(pages: Sequence[tuple[Raster, SlipLayout]], *, dpi: float = 200, seed: int = 1) -> Raster:
    """Slips cut out of their pages and laid on one sheet of A4, each at some quarter turn, a little askew."""
    rng = np.random.default_rng(seed)
    pieces = [cut_out(page, rect(layout.outline.grown(1.5)), dpi, rng) for page, layout in pages]
    return lay_out(pieces, rng, turns="quarter").image


def hide_codes(page: Raster, layout: SlipLayout, *, dpi: float = 200) -> None:
    """Glue something over both codes."""
    for code in layout.codes:
        cover(page, code.grown(1.0), dpi=dpi, shade=110)


def cover(page: Raster, box: Box, *, dpi: float = 200, shade: int = 255) -> None:
    """Lay a piece of paper of one shade over a part of the page."""
    scale = dpi / MM_PER_INCH
    page[round(box.y0 * scale) : round(box.y1 * scale), round(box.x0 * scale) : round(box.x1 * scale)] = shade


def quarter_turn(page: Raster, turns: int) -> tuple[Raster, Matrix]:
    """The page turned clockwise, and where its pixels went."""
    height, width = page.shape[:2]
    matrix = [
        np.eye(3),
        np.array([[0.0, -1, height - 1], [1, 0, 0], [0, 0, 1]]),
        np.array([[-1.0, 0, width - 1], [0, -1, height - 1], [0, 0, 1]]),
        np.array([[0.0, 1, 0], [-1, 0, width - 1], [0, 0, 1]]),
    ][turns % 4]
    return np.ascontiguousarray(np.rot90(page, -turns)), matrix


# Boxes


def boxed_paper(
    box: Box,
    *,
    dpi: float = 200,
    line: float = 0.35,
    at: tuple[float, float] = (0.0, 0.0),
    size_mm: float = 16.0,
) -> Raster:
    """A piece of paper with one printed box, drawn finely and then seen at `dpi`; it stands `at` mm off its place."""
    fine = 40.0
    side = round(size_mm * fine)
    paper = np.full((side, side), 255, np.uint8)
    for grown, shade in ((line / 2, 0), (-line / 2, 255)):
        x0, y0, x1, y1 = (round(edge * fine) for edge in rect(box.moved(*at).grown(grown)))
        paper[y0:y1, x0:x1] = shade
    seen = round(size_mm * dpi / MM_PER_INCH)
    return np.asarray(cv2.resize(paper, (seen, seen), interpolation=cv2.INTER_AREA), np.uint8)


def see(paper: Raster, box: Box, *, size_mm: float = 16.0) -> BoxView:
    """One box by itself, looked at as the reader looks at all boxes of a slip."""
    view = centred_views(paper, _lying(paper, size_mm), [box])
    return see_boxes(view, box, contrast_of(view, box))[0]


def shift_of(paper: Raster, box: Box, *, size_mm: float = 16.0) -> tuple[float, float]:
    """How far (mm) the reader finds a box from where it was printed."""
    ((right, down),) = find_shifts(raw_view(paper, _lying(paper, size_mm), box)[None], box)
    return float(right), float(down)


def judged(paper: Raster, box: Box, printed: Mask | None = None) -> Mark:
    """What the reader makes of one box by itself."""
    view = see(paper, box)
    return judge([view], [np.zeros(view.ink.shape, np.bool_) if printed is None else printed])[0]


def _lying(paper: Raster, size_mm: float) -> Placement:
    scale = paper.shape[1] / size_mm
    return Placement(np.array([[scale, 0, -0.5], [0, scale, -0.5], [0, 0, 1]]), 1.0)
