"""Sizes of the paper, ordinary and large print: points for text, millimetres for everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from consentdesk.model.layout import Box, Frame, Rule, TextRun
from consentdesk.printing import fonts

ASCENT = 0.74
"""Height in ems of capitals and tall letters of the paper's face above the baseline, accents left aside."""
DESCENT = 0.22
"""Depth in ems below the baseline."""


@dataclass(frozen=True)
class Style:
    """The sizes that one print is set with. Text sizes in points; `box`, `row` and all other lengths in mm.

    `row` is the least distance between two rows of boxes, `column` between the Yes and the No boxes, `field`
    the height of a space to write in; `narrow` puts name and relationship on one line. `name` is the size of
    the child's name where it is short enough.
    """

    body: float
    leading: float
    heading: float
    title: float
    slip_title: float
    question: float
    label: float
    name: float
    code: float
    box: float
    row: float
    column: float
    field: float
    comment: float
    narrow: bool = True

    def line(self, size: float) -> float:
        """Distance in mm from one baseline to the next of text of `size` points."""
        return size * self.leading / fonts.MM


ORDINARY = Style(
    body=11,
    leading=1.32,
    heading=12.5,
    title=20,
    slip_title=13.5,
    question=10.5,
    label=8.5,
    name=12,
    code=10.5,
    box=5,
    row=8.4,
    column=13,
    field=8,
    comment=11,
)
LARGE = Style(
    body=17,
    leading=1.32,
    heading=19,
    title=26,
    slip_title=20,
    question=16.5,
    label=16,
    name=18,
    code=16,
    box=7,
    row=12,
    column=17,
    field=11,
    comment=18,
    narrow=False,
)
LARGE_TIGHT = replace(
    LARGE, question=16, label=13, name=16, code=14, row=11, column=14, field=9.5, comment=14
)
"""For large-print slips that would not fit their page otherwise."""
LETTER_SIZES = (1.0, 0.96, 0.92)
"""By how much the letter's text may shrink, if it then shares a sheet with the slip."""
SLIP_SIZES = (1.0, 0.95, 0.9)
"""By how much the slip's questions may shrink, if the slip then fits its page."""


def ems_to_mm(ems: float, size: float) -> float:
    """Length in mm of `ems` at `size` points."""
    return ems * size / fonts.MM


class Drawing:
    """What has been drawn on a page so far."""

    def __init__(self) -> None:
        self.texts: list[TextRun] = []
        self.rules: list[Rule] = []
        self.frames: list[Frame] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        font: str = "regular",
        grey: float = 0.0,
        role: str = "",
    ) -> TextRun:
        """Set `text` from `x`, its baseline at `y` (mm), and return it."""
        run = TextRun(round(x, 3), round(y, 3), text, font, size, grey, role)
        self.texts.append(run)
        return run

    def rule(self, x0: float, y0: float, x1: float, y1: float, **look: float) -> None:
        """Draw a straight line; `look` is `width`, `grey` and `dash`."""
        self.rules.append(Rule(round(x0, 3), round(y0, 3), round(x1, 3), round(y1, 3), **look))

    def frame(self, box: Box, width: float) -> None:
        """Draw a rectangle, its line `width` mm wide along `box`."""
        self.frames.append(Frame(box, width))


def rounded(x0: float, y0: float, x1: float, y1: float) -> Box:
    """A box in whole micrometres, so that its JSON is short and the same everywhere."""
    return Box(round(x0, 3), round(y0, 3), round(x1, 3), round(y1, 3))


def text_box(run: TextRun) -> Box:
    """The room in mm that a line of text takes, from the top of tall letters to the foot of deep ones."""
    return rounded(
        run.x,
        run.y - ems_to_mm(ASCENT, run.size),
        run.x + fonts.width(run.text, run.font, run.size),
        run.y + ems_to_mm(DESCENT, run.size),
    )
