"""The rows of a trip: groups with their headings, a sign for each pupil, and every condition whole (rules P3, C8)."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractListModel, QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from consentdesk.desktop.look.colours import Colours, colours_in
from consentdesk.desktop.look.signs import paint_sign, sign_size
from consentdesk.desktop.look.type import Size, row_height, sized, step
from consentdesk.desktop.tables import Index
from consentdesk.desktop.trip_words import GroupRow, PupilRow, Row
from consentdesk.desktop.words import tr
from consentdesk.services.trip import TripPupil

_ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_WRAPS: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_SHARE_OF_NAME: Final = 0.34
_WIDEST_NAME: Final = 40
_LEAST_BESIDE: Final = 30
_LEAST_ACROSS: Final = 44
"""In less room the sign stands below the name, in steps."""


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are passed over by the arrows."""
        if not index.isValid() or isinstance(self.rows[index.row()], GroupRow):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, GroupRow):
                return f"{row.words}, {row.pupils}"
            return row.pupil.name if role == Qt.ItemDataRole.DisplayRole else row.spoken
        return None


class _Plan(NamedTuple):
    """Where the parts of a row go, and how high it is."""

    name: QRect
    sign: QRectF
    lines: tuple[QRect, ...]
    height: int


class _Paint(QStyledItemDelegate):
    """Lays a row out by the room there is: names, signs and conditions are never cut."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        view = self.parent()
        wide = view.viewport().width() if isinstance(view, QListView) else step(_LEAST_ACROSS)
        row = index.data(_ROW_ROLE)
        if isinstance(row, GroupRow):
            return QSize(wide, step(6) if index.row() else row_height())
        return QSize(wide, _plan(row, QRect(0, 0, wide, 0)).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, row, where = colours_in(option.palette), index.data(_ROW_ROLE), option.rect
        painter.save()
        if isinstance(row, GroupRow):
            _paint_group(painter, row, where, colours)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            over = bool(option.state & QStyle.StateFlag.State_MouseOver)
            _paint_pupil(painter, row, where, colours, chosen=chosen, over=over)
        painter.restore()


def _font(*, strong: bool = False) -> QFont:
    return sized(Size.BODY, strong=strong)


def _plan(row: PupilRow, where: QRect) -> _Plan:
    pad, left = step(1.5), step(1.5)
    inner = where.adjusted(left, 0, -left, 0)
    metrics = QFontMetrics(_font())
    chip = sign_size(row.sign, _font())
    across = inner.width() >= step(_LEAST_ACROSS)
    name_wide = min(int(inner.width() * _SHARE_OF_NAME), step(_WIDEST_NAME)) if across else inner.width()
    name_high = metrics.boundingRect(QRect(0, 0, name_wide, 100_000), _WRAPS, row.pupil.name).height()
    least = row_height() - 2 * pad
    # A single line of a name stands in the middle of a row of the least height.
    top = where.y() + pad + max(0, (least - metrics.height()) // 2)
    name = QRect(inner.x(), top, name_wide, name_high)
    if across:
        sign_x, sign_y = inner.x() + name_wide + step(2), top + metrics.height() / 2 - chip.height() / 2
    else:
        sign_x, sign_y = inner.x() - step(0.75), name.bottom() + 1 + step(0.5)
    sign = QRectF(sign_x, sign_y, min(chip.width(), inner.right() - sign_x), chip.height())
    beside = inner.right() - int(sign.right()) - step(1.5)
    if across and beside >= step(_LEAST_BESIDE):
        x, y, wide = int(sign.right()) + step(1.5), top, beside
    else:
        x = int(sign_x) + (0 if across else step(0.75))
        y, wide = int(sign.bottom()) + step(0.5), inner.right() - x
    lines = []
    for line in row.lines:
        high = metrics.boundingRect(QRect(0, 0, wide, 100_000), _WRAPS, line.words).height()
        lines.append(QRect(x, y, wide, high))
        y += high + step(0.25)
    bottom = max([name.bottom(), int(sign.bottom()) - step(0.25), *(line.bottom() for line in lines)])
    return _Plan(name, sign, tuple(lines), max(row_height(), bottom - where.y() + pad))


def _paint_group(painter: QPainter, row: GroupRow, where: QRect, colours: Colours) -> None:
    left = step(1.5)
    strong = _font(strong=True)
    metrics = QFontMetrics(strong)
    base = where.adjusted(left, 0, -left, -step(0.75))
    painter.setFont(strong)
    painter.setPen(QColor(colours.text))
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    painter.drawText(base, flags, row.words)
    painter.setFont(_font())
    painter.setPen(QColor(colours.quiet))
    gone = metrics.horizontalAdvance(row.words) + step(1.5)
    painter.drawText(base.adjusted(gone, 0, 0, 0), flags, row.pupils)
    painter.setPen(QColor(colours.hairline))
    painter.drawLine(where.left() + left, where.bottom(), where.right() - left, where.bottom())


def _paint_pupil(
    painter: QPainter, row: PupilRow, where: QRect, colours: Colours, *, chosen: bool, over: bool
) -> None:
    if chosen or over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.chosen if chosen else colours.hover))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(QRectF(where).adjusted(0, 1, 0, -1), step(0.75), step(0.75))
    plan = _plan(row, where)
    painter.setFont(_font())
    painter.setPen(QColor(colours.on_chosen if chosen else colours.text))
    painter.drawText(plan.name, _WRAPS, row.pupil.name)
    paint_sign(painter, plan.sign, row.sign, colours, _font())
    for line, place in zip(row.lines, plan.lines, strict=True):
        quiet = colours.on_chosen if chosen else colours.text
        painter.setFont(_font())
        painter.setPen(QColor(colours.no.ink if line.warns else quiet))
        painter.drawText(place, _WRAPS, line.words)


class TripRows(QListView):
    """The pupils of a trip. `picked` carries the `TripPupil` that is chosen; Enter and a click say `opened`."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = _Rows()
        self.setModel(self._model)
        self.setItemDelegate(_Paint(self))
        self.setAccessibleName(tr("Pupils, who may not be photographed first"))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.clicked.connect(self._open)
        self._empty = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown now."""
        return self._model.rows

    @property
    def pupil(self) -> TripPupil | None:
        """Who is chosen."""
        return self._pupil_at(self.currentIndex())

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other rows; who was chosen stays so where they are still there."""
        before = self.pupil
        self._model.show(rows)
        for at, row in enumerate(rows):
            if before is not None and isinstance(row, PupilRow) and row.pupil.pupil == before.pupil:
                self.setCurrentIndex(self._model.index(at, 0))

    def say_empty(self, words: str) -> None:
        """What to say while there are no rows."""
        self._empty = words
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or the sentence that there are none."""
        super().paintEvent(event)
        if self._empty and not self.rows:
            painter = QPainter(self.viewport())
            painter.setFont(_font())
            painter.setPen(QColor(colours_in(self.palette()).quiet))
            painter.drawText(self.viewport().rect(), int(Qt.AlignmentFlag.AlignCenter), self._empty)
            painter.end()

    def choose(self, pupil: str) -> bool:
        """Choose the pupil with this id; False where they are not shown."""
        for at, row in enumerate(self.rows):
            if isinstance(row, PupilRow) and row.pupil.pupil == pupil:
                self.setCurrentIndex(self._model.index(at, 0))
                return True
        return False

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell who was chosen."""
        super().currentChanged(current, previous)
        pupil = self._pupil_at(current)
        if pupil is not None:
            self.picked.emit(pupil)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who the arrows start from is seen to be chosen."""
        super().focusInEvent(event)
        if self.pupil is not None:
            self.setCurrentIndex(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Escape goes to whoever else wants it; letters choose nobody by accident."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Grow and shrink with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    def _open(self, index: Index) -> None:
        pupil = self._pupil_at(index)
        if pupil is not None:
            self.opened.emit(pupil)

    def _pupil_at(self, index: Index) -> TripPupil | None:
        row = self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None
        return row.pupil if isinstance(row, PupilRow) else None
