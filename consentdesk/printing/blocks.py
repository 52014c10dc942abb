"""Pages made of blocks from the top down: text, gaps and bars that stay whole, and what holds to what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from consentdesk.model.layout import A4
from consentdesk.printing import fonts
from consentdesk.printing.draw import Pen
from consentdesk.printing.style import ASCENT, ems_to_mm

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, FOOT = 15.0, WIDTH - 15.0, 13.0, HEIGHT - 11.0
"""The edges of what is printed on an upright page of A4, mm."""
BOTTOM: Final = FOOT - 6.0
GREY: Final = 0.33
LEADING: Final = 1.25
_TOGETHER: Final = 12
"""Lines of a long text that stay together."""

Draw = Callable[[Pen, float], None]


class Block(NamedTuple):
    """Something that stays on one page: `height` in mm, and how it is drawn from its upper edge down.

    `holds` keeps it on a page with the block after it; `side` begins a new side of paper. One that `repeats`
    heads its page and each one after it, until the next that does.
    """

    height: float
    draw: Draw
    holds: bool = False
    side: bool = False
    repeats: bool = False


def line_height(size: float) -> float:
    """From one line of text of `size` points to the next, mm."""
    return ems_to_mm(LEADING, size)


def baseline(size: float) -> float:
    """From the upper edge of a line of text of `size` points to its baseline, mm."""
    return ems_to_mm(ASCENT + 0.12, size)


def paragraph(
    text: str, role: str, size: float, *, left: float = LEFT, right: float = RIGHT, grey: float = 0.0
) -> Block:
    """Text in as many lines as it takes."""
    lines = fonts.wrap(text, role, size, right - left)

    def draw(pen: Pen, y: float) -> None:
        for at, line in enumerate(lines):
            pen.text(left, y + at * line_height(size) + baseline(size), line, role, size, grey)

    return Block(len(lines) * line_height(size), draw)


def paragraphs(text: str, role: str, size: float, *, left: float = LEFT, right: float = RIGHT) -> list[Block]:
    """Text in several blocks, so that even one longer than a page is printed whole."""
    lines = fonts.wrap(text, role, size, right - left)
    parts = (" ".join(lines[at : at + _TOGETHER]) for at in range(0, len(lines), _TOGETHER))
    return [paragraph(part, role, size, left=left, right=right) for part in parts]


def space(height: float, *, side: bool = False) -> Block:
    """Nothing, of that height; it stays with what follows."""
    return Block(height, lambda _pen, _y: None, holds=True, side=side)


def right_text(pen: Pen, y: float, text: str, role: str, size: float, grey: float = 0.0) -> None:
    """A line of text that ends at the right edge, its baseline at `y`."""
    pen.text(RIGHT - fonts.width(text, role, size), y, text, role, size, grey)


def paged(blocks: Iterable[Block], first: float, later: float) -> list[list[Block]]:
    """The blocks by page, with `first` mm of room on the first page and `later` on the others.

    What holds to the next goes over with it, unless both together are more than a page.
    """
    pages: list[list[Block]] = [[]]
    left = first
    waiting: list[Block] = []
    heads: list[Block] = []
    for block in blocks:
        waiting.append(block)
        if block.holds:
            continue
        height = sum(one.height for one in waiting)
        heading = [one for one in waiting if one.repeats]
        if (waiting[0].side or height > left) and pages[-1]:
            again = [] if heading else heads
            pages.append(list(again))
            left = later - sum(one.height for one in again)
        pages[-1] += waiting
        left -= height
        heads = heading or heads
        waiting = []
    return pages
