"""The letter: heading, paragraphs and lists, flowing through the parts of the pages that are not the slip."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from consentdesk.model.layout import Box, TextRun
from consentdesk.printing import fonts
from consentdesk.printing.style import ASCENT, DESCENT, Drawing, Style, ems_to_mm, rounded
from consentdesk.printing.wording import Wording

LEFT, RIGHT = 18.0, 192.0
TOP = 13.0
CODE = 13.0
"""Side in mm of the letter's QR code, without its quiet zone."""
CODE_BOX = rounded(210.0 - 14 - CODE, TOP, 210.0 - 14, TOP + CODE)
_GREY = 0.35
_INDENT = 5.0
_LEAST_ROOM = 20.0  # a page whose heading leaves less than this, in mm, holds no letter
_TOGETHER = 2  # so many lines of a paragraph stay together at a page's foot or head


@dataclass(frozen=True)
class _Block:
    """A heading, a paragraph or an item of a list; `before` is the space in mm above it on a page."""

    lines: tuple[str, ...]
    font: str
    size: float
    before: float
    bullet: bool = False
    keeps_next: bool = False


def _blocks(words: Wording, style: Style, scale: float) -> list[_Block]:
    body, heading = style.body * scale, style.heading * scale
    gap = ems_to_mm(0.55, body)
    blocks: list[_Block] = []

    def add(text: str, *, bullet: bool = False, before: float = gap) -> None:
        room = RIGHT - LEFT - (_INDENT * style.body / 11 if bullet else 0)
        blocks.append(_Block(fonts.wrap(text, "regular", body, room), "regular", body, before, bullet))

    for paragraph in words.letter:
        add(paragraph)
    for title, texts in words.sections:
        lines = fonts.wrap(title, "bold", heading, RIGHT - LEFT)
        blocks.append(_Block(lines, "bold", heading, ems_to_mm(0.95, heading), keeps_next=True))
        for at, text in enumerate(texts):
            add(text, bullet=len(texts) > 1, before=ems_to_mm(0.2 if at == 0 else 0.3, body))
    return [block for block in blocks if block.lines]


def head(
    drawing: Drawing, words: Wording, style: Style, school: str, carries_child: bool
) -> tuple[float, Box | None]:
    """Draw the first page's heading; return where it ends and, if it `carries_child`, the name's place."""
    room = CODE_BOX.x0 - 6 - LEFT
    y = TOP
    for line in fonts.wrap(school, "regular", style.heading, room):
        y += style.line(style.heading)
        drawing.text(LEFT, y - 1, line, style.heading, grey=_GREY)
    for line in fonts.wrap(words.title, "bold", style.title, room):
        y += ems_to_mm(1.15, style.title)
        drawing.text(LEFT, y, line, style.title, font="bold")
    y += ems_to_mm(DESCENT, style.title)
    child = None
    if carries_child:
        y += 1.5
        child = rounded(LEFT, y, RIGHT, y + ems_to_mm(1.4, style.heading))
        y = child.y1
    return max(y, CODE_BOX.y1 + 1), child


def running_head(drawing: Drawing, words: Wording, style: Style, school: str) -> float:
    """Draw the heading of a later page; return where it ends."""
    room = CODE_BOX.x0 - 6 - LEFT
    y = TOP - 1
    for line in fonts.wrap(words.title, "bold", style.heading, room):
        y += ems_to_mm(1.2, style.heading)
        drawing.text(LEFT, y, line, style.heading, font="bold")
    for line in fonts.wrap(school, "regular", style.label + 1, room):
        y += ems_to_mm(1.3, style.label + 1)
        drawing.text(LEFT, y, line, style.label + 1, grey=_GREY)
    return max(y + ems_to_mm(DESCENT, style.label + 1) + 3.5, CODE_BOX.y1 + 1)


def flow(
    words: Wording, style: Style, scale: float, regions: list[tuple[float, float]]
) -> list[list[TextRun]] | None:
    """Set the letter into `regions` (top and bottom in mm, one a page); None where it does not all fit.

    Every part of the letter stays whole on its page, heading and all, if the letter then fits; otherwise a
    heading stays with the first lines after it, and no line of a paragraph is left alone on a page.
    """
    if any(bottom - top < _LEAST_ROOM for top, bottom in regions):
        return None
    return _flow(words, style, scale, regions, whole=True) or _flow(words, style, scale, regions, whole=False)


def _flow(
    words: Wording, style: Style, scale: float, regions: list[tuple[float, float]], *, whole: bool
) -> list[list[TextRun]] | None:
    pages: list[list[TextRun]] = [[] for _ in regions]
    blocks = _blocks(words, style, scale)
    page = 0
    y = regions[0][0]
    for at, block in enumerate(blocks):
        height = style.line(block.size)
        rest = block.lines
        while rest:
            if page == len(regions):
                return None
            above = block.before if pages[page] and rest is block.lines else 0.0
            room = regions[page][1] - y - above
            if block.keeps_next:
                room -= _kept_below(blocks[at + 1 :], style, whole=whole)
            taken = _taken(len(rest), int((room + 1e-6) // height), whole=block.keeps_next)
            if taken:
                y += above
            for number, line in enumerate(rest[:taken]):
                _set_line(pages[page], block, line, y, style, bulleted=number == 0 and rest is block.lines)
                y += height
            rest = rest[taken:]
            if rest:
                page += 1
                y = regions[page][0] if page < len(regions) else 0.0
    return pages


def _kept_below(blocks: list[_Block], style: Style, *, whole: bool) -> float:
    """Height in mm of what must follow a heading on its page: `blocks` up to the next heading, or a beginning."""
    if not whole:
        return blocks[0].before + _least(len(blocks[0].lines)) * style.line(blocks[0].size)
    part = takewhile(lambda block: not block.keeps_next, blocks)
    return sum(block.before + len(block.lines) * style.line(block.size) for block in part)


def _least(lines: int) -> int:
    """How many lines of a paragraph may stand alone at the foot of a page."""
    return lines if lines < 2 * _TOGETHER else _TOGETHER


def _taken(lines: int, fitting: int, *, whole: bool) -> int:
    """How many of a block's `lines` go on a page where `fitting` fit: all, none, or enough on both sides."""
    if fitting >= lines:
        return lines
    taken = min(fitting, lines - _TOGETHER)
    return 0 if whole or taken < _least(lines) else taken


def _set_line(
    texts: list[TextRun], block: _Block, line: str, y: float, style: Style, *, bulleted: bool
) -> None:
    baseline = y + ems_to_mm((style.leading + ASCENT - DESCENT) / 2, block.size)
    indent = _INDENT * style.body / 11 if block.bullet else 0.0
    if bulleted and block.bullet:
        texts.append(TextRun(LEFT + 0.6, round(baseline, 3), "•", block.font, block.size))
    texts.append(TextRun(round(LEFT + indent, 3), round(baseline, 3), line, block.font, block.size))
