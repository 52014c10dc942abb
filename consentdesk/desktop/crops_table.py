"""The sheet of crops as a table: one slip a row, the two boxes of each question beside what was read in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from consentdesk.desktop.look.colours import Tone, colours_in
from consentdesk.desktop.look.icons import paint_icon
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import row_height, step
from consentdesk.desktop.review_words import sign_of_answer
from consentdesk.desktop.slip_picture import decoded, fits, part_of
from consentdesk.desktop.tables import Column, Index, Table
from consentdesk.desktop.words import tr
from consentdesk.services.confirm_sheet import look_at_row
from consentdesk.services.doubts import Who
from consentdesk.services.look_at_slip import SeenSlip
from consentdesk.services.office import Office
from consentdesk.services.slip_places import Field, Spot

_LEAST_CROP: Final = 9
"""Steps that the shape and two boxes need, to be judged."""
_FIELDS: Final[tuple[Field, ...]] = ("signature", "printed-name", "relationship")


class Asked(NamedTuple):
    """A question of the sheet: who answers it, and what it is called."""

    who: Who
    purpose: str
    name: str


class CropRow(NamedTuple):
    """A slip with a crop of the boxes of each of its questions, and of who signed; null where none can be shown.

    `guardian` is who was chosen as signatory, by id.
    """

    seen: SeenSlip
    boxes: tuple[QImage, ...]
    fields: tuple[QImage, ...]
    guardian: str = ""

    @property
    def wants_name(self) -> bool:
        """Whether it cannot be confirmed before somebody says who signed (rule A2)."""
        return self.seen.must_name and bool(self.seen.guardians) and not (self.guardian or self.seen.named)

    @property
    def shows_all(self) -> bool:
        """Whether every box can be seen, so that looking at the row is looking at the slip."""
        return bool(self.boxes) and not any(box.isNull() for box in self.boxes)


def row_of(office: Office, reading: str) -> CropRow:
    """Look a slip up and cut its crops; on the desk's own thread."""
    seen = look_at_row(office, reading)
    image = decoded(seen.picture)
    places = seen.places if seen.places is not None and fits(image, seen.places.shape) else None

    def cut(spot: Spot | None) -> QImage:
        return QImage() if spot is None else image.copy(part_of(image, spot).toAlignedRect())

    pairs = {} if places is None else places.pairs
    boxes = [pairs.get((one.who, one.purpose)) for one in seen.answers]
    fields = [] if places is None else [cut(places.fields[field]) for field in _FIELDS]
    return CropRow(seen, tuple(cut(pair.both if pair else None) for pair in boxes), tuple(fields))


class _Crops(QStyledItemDelegate):
    """Paints a crop as large as the cell allows, and beside it the shape of what was read."""

    def __init__(self, table: CropsTable, question: Asked) -> None:
        super().__init__(table)
        self._table = table
        self._question = question

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One question of one slip."""
        row = self._table.rows[index.row()]
        colours = colours_in(option.palette)
        where = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(where, QColor(colours.chosen))
        at = _place(row, self._question)
        if at is None:
            return
        sign = sign_of_answer(row.seen.answers[at])
        tone = getattr(colours, sign.tone)
        side = step(2)
        shape = QRectF(where.left() + step(1), where.center().y() - side / 2, side, side)
        paint_icon(painter, shape, sign.shape, tone.ink if isinstance(tone, Tone) else colours.text)
        box = row.boxes[at]
        room = QRectF(where)
        room.setLeft(shape.right() + step(0.5))
        room.adjust(0, step(0.25), -step(0.5), -step(0.25))
        if not box.isNull() and room.width() > 0:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            scale = min(room.width() / box.width(), room.height() / box.height())
            size = QRectF(
                room.left(),
                room.center().y() - box.height() * scale / 2,
                box.width() * scale,
                box.height() * scale,
            )
            painter.drawImage(size, box)
            painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room for the shape and two boxes."""
        return QSize(step(13), row_height())


class CropsTable(Table[CropRow]):
    """One sheet. Which columns it has depends on what its slips ask, so each sheet makes its own.

    `seen_to_end` when the last row has come into sight.
    """

    seen_to_end = Signal()

    def __init__(self, rows: Sequence[CropRow]) -> None:
        questions = asked_on(rows)
        heads = numbers(questions)
        super().__init__(
            tr("Slips to confirm"),
            (
                Column(tr("Pupil"), lambda row: row.seen.name, steps=17, strong=True),
                Column(tr("Class"), lambda row: row.seen.school_class, steps=7, quiet=True),
                *(
                    Column[CropRow](head, _word(question), steps=9, stretches=True)
                    for head, question in zip(heads, questions, strict=True)
                ),
                Column(tr("Signed"), lambda row: signed(row).word, steps=21, sign=signed),
            ),
        )
        self._delegates = [_Crops(self, question) for question in questions]
        for at, delegate in enumerate(self._delegates):
            self.setItemDelegateForColumn(at + 2, delegate)
        self.was_seen = False
        self._right_seen = False
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.look())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.look)

    def _measure(self) -> None:
        """No crop is drawn so small that nobody can judge it: then the sheet is wider than the window."""
        super()._measure()
        self.horizontalHeader().setMinimumSectionSize(step(_LEAST_CROP))

    @property
    def goes_on_right(self) -> bool:
        """Whether some of its crops are beyond the window's edge."""
        return self.horizontalScrollBar().maximum() > 0

    def look(self) -> None:
        """Note whether the last row is in sight, and whether the right edge has been."""
        last = len(self.rows) - 1
        if self.was_seen or last < 0 or not self.isVisible():
            return
        bar = self.horizontalScrollBar()
        self._right_seen = self._right_seen or bar.value() == bar.maximum()
        middle = self.rowViewportPosition(last) + self.rowHeight(last) // 2
        if self._right_seen and middle <= self.viewport().height():
            self.was_seen = True
            self.seen_to_end.emit()


def asked_on(rows: Sequence[CropRow]) -> list[Asked]:
    """Every question that one of the slips asks: the guardians' first, then the pupils' own."""
    found: dict[tuple[str, str], Asked] = {}
    for row in rows:
        for answer in row.seen.answers:
            found.setdefault((answer.who, answer.purpose), Asked(answer.who, answer.purpose, answer.name))
    return sorted(found.values(), key=lambda one: one.who == "pupil")


def numbers(questions: Sequence[Asked]) -> list[str]:
    """The heads of the questions, as the slip numbers them; the pupil's own carry the number of their question."""
    guardians = [one.purpose for one in questions if one.who == "guardian"]
    found = []
    for one in questions:
        number = str(guardians.index(one.purpose) + 1) if one.purpose in guardians else ""
        found.append(tr("P{number}").format(number=number) if one.who == "pupil" else number)
    return found


def legend(questions: Sequence[Asked]) -> str:
    """What the numbers stand for."""
    own = [
        f"{number} {one.name}"
        for number, one in zip(numbers(questions), questions, strict=True)
        if one.who == "guardian"
    ]
    pupils = tr("P: the pupil’s own answer") if any(one.who == "pupil" for one in questions) else ""
    return " · ".join([*own, *([pupils] if pupils else [])])


def signed(row: CropRow) -> Sign:
    """How the signature stands: named, to be named, or simply there."""
    chosen = row.guardian or row.seen.named
    name = next((one.name for one in row.seen.guardians if one.id == chosen), "")
    if row.wants_name:
        return Sign(tr("Say who signed"), "circle-alert", "ask")
    if name:
        return Sign(name, "circle-check", "yes", quiet=True)
    if row.seen.must_name:
        return Sign(tr("No guardian known"), "circle-alert", "open")
    return Sign(tr("Signed"), "circle-check", "yes", quiet=True)


def _place(row: CropRow, question: Asked) -> int | None:
    """Which of the slip's answers is to this question; None where it was not asked."""
    for at, answer in enumerate(row.seen.answers):
        if (answer.who, answer.purpose) == (question.who, question.purpose):
            return at
    return None


def _word(question: Asked) -> Callable[[CropRow], str]:
    def word(row: CropRow) -> str:
        at = _place(row, question)
        return (
            tr("not asked") if at is None else f"{question.name} {sign_of_answer(row.seen.answers[at]).word}"
        )

    return word
