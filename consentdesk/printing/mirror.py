"""The paper of right-to-left languages: the same form in a mirror, its words the right way round."""

from __future__ import annotations

from msgspec.structs import replace

from consentdesk.model.layout import (
    A4,
    Box,
    BoxPair,
    CodePlace,
    FormLayout,
    Frame,
    PageLayout,
    Rule,
    SlipLayout,
    TextRun,
)
from consentdesk.printing import fonts
from consentdesk.printing.bidi import RIGHT_TO_LEFT_MARK

_WIDTH = A4[0]


def mirrored(layout: FormLayout) -> FormLayout:
    """`layout` with left and right exchanged; every line of text is set from right to left."""
    return replace(layout, pages=tuple(_page(page) for page in layout.pages), slip=_slip(layout.slip))


def _flip(x: float) -> float:
    return round(_WIDTH - x, 3)


def _box(box: Box) -> Box:
    return Box(_flip(box.x1), box.y0, _flip(box.x0), box.y1)


def _pair(pair: BoxPair) -> BoxPair:
    return BoxPair(pair.purpose, _box(pair.yes), _box(pair.no))


def _text(run: TextRun) -> TextRun:
    text = RIGHT_TO_LEFT_MARK + run.text
    return replace(run, x=_flip(run.x + fonts.width(text, run.font, run.size)), text=text)


def _rule(rule: Rule) -> Rule:
    return replace(rule, x0=_flip(rule.x1), x1=_flip(rule.x0))


def _page(page: PageLayout) -> PageLayout:
    return replace(
        page,
        texts=tuple(_text(run) for run in page.texts),
        rules=tuple(_rule(rule) for rule in page.rules),
        frames=tuple(Frame(_box(frame.box), frame.width, frame.grey, frame.fill) for frame in page.frames),
        codes=tuple(CodePlace(code.part, _box(code.box)) for code in page.codes),
        child=_box(page.child) if page.child else None,
    )


def _slip(slip: SlipLayout) -> SlipLayout:
    first, second = slip.codes
    return replace(
        slip,
        outline=_box(slip.outline),
        codes=(_box(first), _box(second)),
        child=_box(slip.child),
        typed_code=_box(slip.typed_code),
        questions=tuple(_pair(pair) for pair in slip.questions),
        signature=_box(slip.signature),
        date=_box(slip.date),
        printed_name=_box(slip.printed_name),
        relationship=_box(slip.relationship),
        comment=_box(slip.comment),
        pupil_questions=tuple(_pair(pair) for pair in slip.pupil_questions),
        pupil_signature=_box(slip.pupil_signature) if slip.pupil_signature else None,
        school_class=_box(slip.school_class) if slip.school_class else None,
        text=tuple(_box(box) for box in slip.text),
    )
