"""The tear-off slip: child, questions and boxes, spaces to write in, two codes far apart (rules S1, S2)."""

from __future__ import annotations

from dataclasses import dataclass

from consentdesk.errors import KnownError
from consentdesk.model.layout import Box, BoxPair, SlipLayout
from consentdesk.printing import codes, fonts
from consentdesk.printing.style import DESCENT, Drawing, Style, ems_to_mm, rounded, text_box
from consentdesk.printing.wording import Wording

LEFT, RIGHT = 10.0, 200.0
FRAME_LINE = 0.5
BOX_LINE = 0.35
CODE = 18.0
"""Side in mm of a slip's QR code, without its quiet zone."""
_PAD = 4.5  # from the frame to what stands inside: wider than a code's quiet zone of four modules
_QUIET = CODE / codes.SIDE * 4
_LABEL_CLEAR = 2.3  # between a box and any print
_LEAST_ROW = 8.2
_LEAST_WORDS = 55.0  # from the frame's left to where the questions' words end
_HEADS_APART = 2.5
_FIELD_GAP = 4.0
_LINE = 0.25
_HAIRLINE = 0.15
_GREY, _LIGHT = 0.35, 0.6
_SLIP_LEADING = 1.2
_LABEL_LEADING = 1.15
_CAPITALS = 0.668  # height of a capital in ems
_CLASS_WIDTH = 28.0
_TYPED_CODE = "0000-0000-0000"


@dataclass(frozen=True)
class SlipSheet:
    """A slip that has been laid out: what is drawn, and where everything stands. `height` in mm."""

    drawing: Drawing
    layout: SlipLayout
    height: float


@dataclass(frozen=True)
class _Columns:
    """The middles of the columns of boxes, and where the questions' words must end, in mm."""

    yes: float
    no: float
    pupil_yes: float
    pupil_no: float
    divider: float
    words_end: float


def lay_slip(
    words: Wording, style: Style, scale: float, school: str, tag: str, page: int, top: float
) -> SlipSheet:
    """The slip, its frame's upper edge `top` mm down its page, its questions' text `scale` times its size."""
    drawing = Drawing()
    columns = _columns(words, style)
    child, school_class, first, y = _head(drawing, words, style, school, top)
    drawing.rule(LEFT + _PAD, y + 2.2, RIGHT - _PAD, y + 2.2, width=0.2, grey=_GREY)
    pairs, pupil_pairs, y = _questions(drawing, words, style, scale, columns, y + 2.2)
    drawing.rule(LEFT + _PAD, y, RIGHT - _PAD, y, width=0.2, grey=_GREY)
    fields, typed, second, bottom = _foot(drawing, words, style, tag, y)
    outline = rounded(LEFT, top, RIGHT, bottom)
    drawing.frame(outline, FRAME_LINE)
    layout = SlipLayout(
        page=page,
        outline=outline,
        codes=(first, second),
        child=child,
        typed_code=typed,
        questions=pairs,
        signature=fields["signature"],
        date=fields["date"],
        printed_name=fields["printed_name"],
        relationship=fields["relationship"],
        comment=fields["comment"],
        pupil_questions=pupil_pairs,
        pupil_signature=fields.get("pupil_signature"),
        box_line=BOX_LINE,
        school_class=school_class,
        text=tuple(text_box(run) for run in drawing.texts),
    )
    return SlipSheet(drawing, layout, bottom - top)


def _head(
    drawing: Drawing, words: Wording, style: Style, school: str, top: float
) -> tuple[Box, Box, Box, float]:
    """Title, school, the spaces for child and class, the first code. Returns the last three and the foot."""
    code = rounded(RIGHT - _PAD - CODE, top + _PAD, RIGHT - _PAD, top + _PAD + CODE)
    left, right = LEFT + _PAD, code.x0 - _QUIET - 2.5
    y = top + _PAD - 0.6
    for line in fonts.wrap(words.title, "bold", style.slip_title, right - left):
        y += ems_to_mm(_LABEL_LEADING, style.slip_title)
        drawing.text(left, y, line, style.slip_title, font="bold")
    for line in fonts.wrap(school, "regular", style.question, right - left):
        y += ems_to_mm(_SLIP_LEADING, style.question) + 0.3
        drawing.text(left, y, line, style.question)
    y += 2.2
    class_left = right - _CLASS_WIDTH
    labels = [
        ("child", words.labels.child, left, class_left - 3),
        ("class", words.labels.school_class, class_left, right),
    ]
    y = _labels(drawing, style, labels, y)
    height = 2 * ems_to_mm(_LABEL_LEADING, style.name) + 0.6
    child = rounded(left, y, class_left - 3, y + height)
    school_class = rounded(class_left, y, right, y + height)
    return child, school_class, code, max(y + height, code.y1 + _QUIET)


def _columns(words: Wording, style: Style) -> _Columns:
    labels = words.labels
    heads = [fonts.width(text, "bold", style.label + 1) for text in (labels.yes, labels.no)]
    apart = max(style.column, sum(heads) / 2 + _HEADS_APART)
    reach = max(style.box, *heads) / 2
    outer = RIGHT - _PAD - max(style.box / 2 + 2, heads[1] / 2)
    if not words.asks_pupil:
        yes = outer - apart
        return _checked(_Columns(yes, outer, yes, outer, outer, yes - reach - 4))
    half = apart / 2 + reach
    pupil_half = max(half, fonts.width(labels.pupil, "bold", style.label) / 2)
    parent_half = max(half, fonts.width(labels.parent, "bold", style.label) / 2)
    pupil = min(outer - apart / 2, RIGHT - _PAD - pupil_half)
    divider = pupil - pupil_half - 3
    parent = divider - parent_half - 3
    return _checked(
        _Columns(
            yes=parent - apart / 2,
            no=parent + apart / 2,
            pupil_yes=pupil - apart / 2,
            pupil_no=pupil + apart / 2,
            divider=divider,
            words_end=parent - parent_half - 4,
        )
    )


def _checked(columns: _Columns) -> _Columns:
    if columns.words_end < LEFT + _LEAST_WORDS:
        raise KnownError(
            "the labels yes, no, parent and pupil are so long that they leave no room for the questions",
            "nothing was printed",
            "shorten them",
        )
    return columns


def _centred(drawing: Drawing, middle: float, y: float, text: str, size: float) -> None:
    drawing.text(middle - fonts.width(text, "bold", size) / 2, y, text, size, font="bold")


def _questions(
    drawing: Drawing, words: Wording, style: Style, scale: float, columns: _Columns, top: float
) -> tuple[tuple[BoxPair, ...], tuple[BoxPair, ...], float]:
    """How to mark, the heads of the columns, and a row for each question. Returns the boxes and the foot."""
    size = style.question * scale
    words_left = LEFT + _PAD + fonts.width(f"{len(words.questions)}", "bold", size) + 2.5
    # The heads stay clear of the first row's boxes, however low that row is.
    clear = max(0.9, _LABEL_CLEAR - (style.row * scale - style.box) / 2)
    y = _heads(drawing, words, style, columns, top) + clear
    pairs: list[BoxPair] = []
    pupil_pairs: list[BoxPair] = []
    for number, question in enumerate(words.questions, start=1):
        if number > 1:
            drawing.rule(words_left, y, columns.words_end, y, width=_HAIRLINE, grey=_LIGHT)
        lines = fonts.wrap_evenly(question.text, "regular", size, columns.words_end - words_left)
        line_height = ems_to_mm(_SLIP_LEADING, size)
        height = max(style.row * scale, _LEAST_ROW, style.box + 3.2, len(lines) * line_height + 3.0)
        middle = y + height / 2
        baseline = middle - (len(lines) - 1) / 2 * line_height + ems_to_mm(_CAPITALS / 2, size)
        digits = f"{number}"
        digits_x = words_left - 2.5 - fonts.width(digits, "bold", size)
        drawing.text(digits_x, baseline, digits, size, font="bold")
        for at, line in enumerate(lines):
            drawing.text(words_left, baseline + at * line_height, line, size, role=question.purpose)
        pairs.append(_pair(drawing, question.purpose, columns.yes, columns.no, middle, style.box))
        if question.pupil_too:
            pair = _pair(drawing, question.purpose, columns.pupil_yes, columns.pupil_no, middle, style.box)
            pupil_pairs.append(pair)
        y += height
    if words.asks_pupil:
        drawing.rule(columns.divider, top + 1.5, columns.divider, y - 1.0, width=_HAIRLINE, grey=_LIGHT)
    return tuple(pairs), tuple(pupil_pairs), y + 1.0


def _heads(drawing: Drawing, words: Wording, style: Style, columns: _Columns, top: float) -> float:
    """How to mark, beside the heads of the columns; returns the lower edge of their print."""
    labels = words.labels
    size = style.label + 1
    line_height = ems_to_mm(_LABEL_LEADING, size)
    y = top + 1.2
    for text in (labels.how_to_mark, words.pupil_part):
        for line in fonts.wrap(text, "regular", size, columns.words_end - LEFT - _PAD):
            y += line_height
            drawing.text(LEFT + _PAD, y, line, size)
    baseline = max(y, top + 1.2 + (2 * line_height + 1.0 if words.asks_pupil else line_height))
    groups = [(labels.parent, columns.yes, columns.no)]
    if words.asks_pupil:
        groups.append((labels.pupil, columns.pupil_yes, columns.pupil_no))
    for whose, yes, no in groups:
        _centred(drawing, yes, baseline, labels.yes, size)
        _centred(drawing, no, baseline, labels.no, size)
        if words.asks_pupil:
            _centred(drawing, (yes + no) / 2, baseline - line_height - 0.4, whose, style.label)
    return baseline + ems_to_mm(DESCENT, size)


def _pair(drawing: Drawing, purpose: str, yes: float, no: float, middle: float, side: float) -> BoxPair:
    """Draw the Yes and the No box, their middles at `yes` and `no` across and `middle` down."""
    boxes = [rounded(x - side / 2, middle - side / 2, x + side / 2, middle + side / 2) for x in (yes, no)]
    for box in boxes:
        drawing.frame(box, BOX_LINE)
    return BoxPair(purpose, *boxes)


def _foot(
    drawing: Drawing, words: Wording, style: Style, tag: str, top: float
) -> tuple[dict[str, Box], Box, Box, float]:
    """The spaces to write in beside the typed and the second code. Returns them and the frame's lower edge."""
    labels = words.labels
    left = LEFT + _PAD
    code_width = fonts.width(_TYPED_CODE, "mono", style.code)
    column = max(code_width, CODE)
    boxes, fields_end = _fields(drawing, words, style, left + column + 7, top + 1.2)
    y = top + 1.2
    for line in fonts.wrap(labels.code, "regular", style.label, column + 4):
        y += ems_to_mm(_LABEL_LEADING, style.label)
        drawing.text(left, y, line, style.label, grey=_GREY)
    y += ems_to_mm(DESCENT, style.label) + 0.6
    typed = rounded(left, y, left + code_width, y + ems_to_mm(_LABEL_LEADING, style.code))
    y = typed.y1 + 0.8
    for line in fonts.wrap(f"{labels.version} {tag}", "regular", style.label, column + 4):
        y += ems_to_mm(_LABEL_LEADING, style.label)
        drawing.text(left, y, line, style.label, grey=_GREY)
    y += ems_to_mm(DESCENT, style.label) + _QUIET + 0.5
    bottom = round(max(fields_end + 3.2, y + CODE + _PAD), 3)
    code = rounded(left, bottom - _PAD - CODE, left + CODE, bottom - _PAD)
    return boxes, typed, code, bottom


def _fields(
    drawing: Drawing, words: Wording, style: Style, left: float, top: float
) -> tuple[dict[str, Box], float]:
    """The spaces to write in, each under its label, by name; and the foot of the lowest.

    What is printed to write on stands just outside the spaces: a line below, or a frame around the comment.
    """
    labels = words.labels
    signed = [("signature", labels.signed, 3.0)]
    if words.asks_pupil:
        signed = [("signature", labels.signed, 2.4), ("pupil_signature", labels.pupil_signed, 2.2)]
    rows: list[list[tuple[str, str, float]]] = [
        [*signed, ("date", labels.date, 1.5)],
        [("printed_name", labels.printed_name, 1.0)],
        [("relationship", labels.relationship, 1.0)],
    ]
    if style.narrow:
        rows[1:] = [rows[1] + rows[2]]
    boxes: dict[str, Box] = {}
    y = top
    for row in rows:
        room = RIGHT - _PAD - left - _FIELD_GAP * (len(row) - 1)
        total = sum(share for _, _, share in row)
        labelled = []
        x = left
        for name, label, share in row:
            labelled.append((name, label, x, x + room * share / total))
            x += room * share / total + _FIELD_GAP
        y = _labels(drawing, style, labelled, y)
        for name, _, x0, x1 in labelled:
            boxes[name] = rounded(x0, y, x1, y + style.field)
            below = boxes[name].y1 + _LINE / 2 + 0.1
            drawing.rule(x0, below, x1, below, width=_LINE)
        y += style.field + 1.0
    y = _labels(drawing, style, [("comment", labels.comment, left, RIGHT - _PAD)], y) + 0.3
    frame = rounded(left + _LINE / 2, y, RIGHT - _PAD - _LINE / 2, y + style.comment)
    drawing.frame(frame, _LINE)
    boxes["comment"] = frame.grown(-_LINE / 2 - 0.1)
    return boxes, frame.y1


def _labels(
    drawing: Drawing, style: Style, labelled: list[tuple[str, str, float, float]], top: float
) -> float:
    """Print the labels of a row of spaces, their last lines level; returns where the spaces begin."""
    line_height = ems_to_mm(_LABEL_LEADING, style.label)
    wrapped = [fonts.wrap(label, "regular", style.label, x1 - x0) for _, label, x0, x1 in labelled]
    baseline = top + max(len(lines) for lines in wrapped) * line_height
    for lines, (_, _, x0, _) in zip(wrapped, labelled, strict=True):
        for at, line in enumerate(reversed(lines)):
            drawing.text(x0, baseline - at * line_height, line, style.label, grey=_GREY)
    return baseline + ems_to_mm(DESCENT, style.label) + 0.5
