"""Tables: rows as they are, columns that say how to show them, high rows, no grid, and words for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.signs import Sign, paint_sign, sign_size
from consentdesk.desktop.look.type import row_height, step

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_SIGN_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_QUIET_ROLE: Final = _SIGN_ROLE + 1
_STRONG_ROLE: Final = _SIGN_ROLE + 2
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its heading, and what it says of a row.

    `text` is what is shown, read out and searched; where `sign` gives one, its shape and tint are drawn with
    it. `steps` is the width in steps of the grid; the column that `stretches` takes what is left.
    """

    heading: str
    text: Callable[[Row], str]
    steps: float = 16
    sign: Callable[[Row], Sign | None] | None = None
    stretches: bool = False
    quiet: bool = False
    strong: bool = False


class Rows(QAbstractTableModel, Generic[Row]):
    """The rows of a table: a plain list, filtered and sorted by whoever sets it."""

    def __init__(self, columns: Sequence[Column[Row]]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._rows: Sequence[Row] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown now."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: its text, its sign, and `column: value` for screen readers."""
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        sign = column.sign(row) if column.sign else None
        if role == Qt.ItemDataRole.DisplayRole:
            return sign.word if sign else column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.heading}: {sign.word if sign else column.text(row)}"
        return {_SIGN_ROLE: sign, _QUIET_ROLE: column.quiet, _STRONG_ROLE: column.strong}.get(role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings; rows have no numbers."""
        if orientation == Qt.Orientation.Horizontal:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                return self.columns[section].heading
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(_LEFT)
        return None


class _Cells(QStyledItemDelegate):
    """Paints text and signs; never markup."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell: the row's ground when it is chosen, then a sign or plain text that ends in an ellipsis."""
        colours = colours_in(option.palette)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        where = QRectF(option.rect)
        if chosen:
            painter.fillRect(where, QColor(colours.chosen))
        within = where.adjusted(step(1), 0, -step(0.5), 0)
        sign = index.data(_SIGN_ROLE)
        font = QApplication.font()
        if isinstance(sign, Sign):
            # The tint of a sign starts a little before the column, so that its shape stands under the heading.
            paint_sign(painter, within.adjusted(-step(0.75), 0, 0, 0), sign, colours, font)
            return
        painter.save()
        font.setBold(False)
        if index.data(_STRONG_ROLE):
            font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        ink = colours.on_chosen if chosen else colours.quiet if index.data(_QUIET_ROLE) else colours.text
        painter.setPen(QColor(ink))
        words = " ".join(str(index.data() or "").split())
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(within.width()))
        painter.drawText(within, int(_LEFT), shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """As much as the whole word takes."""
        sign = index.data(_SIGN_ROLE)
        if isinstance(sign, Sign):
            return QSize(round(sign_size(sign, QApplication.font()).width()) + step(2), row_height())
        words = QFontMetrics(QApplication.font()).horizontalAdvance(str(index.data() or ""))
        return QSize(words + step(2), row_height())


class Table(QTableView, Generic[Row]):
    """A table of rows: `chosen` when another row is selected, `opened` on Enter or a double click.

    Tab leaves it; the arrows move in it. `empty` is said in its middle while it has no rows.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self, name: str, columns: Sequence[Column[Row]], *, empty: str = "", opens_on_click: bool = False
    ) -> None:
        super().__init__()
        self._empty = empty
        self.model_of_rows: Rows[Row] = Rows(columns)
        self.setModel(self.model_of_rows)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(_LEFT)
        for at, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Stretch if column.stretches else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(at, mode)
        self._measure()
        opens = self.clicked if opens_on_click else self.doubleClicked
        opens.connect(lambda index: self.opened.emit(self._row_at(index)))

    @property
    def rows(self) -> Sequence[Row]:
        """What is shown now."""
        return self.model_of_rows.rows

    @property
    def row(self) -> Row | None:
        """The row that is chosen."""
        return self._row_at(self.currentIndex())

    def show_rows(self, rows: Sequence[Row], *, keep: Callable[[Row], object] | None = None) -> None:
        """Show other rows; the chosen one stays chosen where `keep` gives one of them the same key."""
        before, top = self.row, self.verticalScrollBar().value()
        self.model_of_rows.show(rows)
        if keep is not None and before is not None:
            key = keep(before)
            for at, one in enumerate(rows):
                if keep(one) == key:
                    self.choose(at)
                    self.verticalScrollBar().setValue(top)
                    break

    def fit_height(self) -> None:
        """No higher than the rows that it has: what a page has beyond them is not the table's."""
        self.setMaximumHeight(row_height() * (len(self.rows) + 1) + step(1.5))

    def choose(self, at: int) -> None:
        """Choose the row at this place, from 0."""
        self.setCurrentIndex(self.model_of_rows.index(at, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which row was chosen."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.chosen.emit(self._row_at(current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a row; Escape goes to whoever else wants it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row is not None:
            self.opened.emit(self.row)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Grow and shrink with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def paintEvent(self, event: Any) -> None:
        """The rows, or the sentence that there are none."""
        super().paintEvent(event)
        if self._empty and not self.rows:
            painter = QPainter(self.viewport())
            painter.setFont(QApplication.font())
            painter.setPen(QColor(colours_in(self.palette()).quiet))
            middle = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.viewport().rect().adjusted(step(2), 0, -step(2), 0), middle, self._empty)
            painter.end()

    def _row_at(self, index: Index) -> Row | None:
        at = index.row()
        return self.rows[at] if index.isValid() and at < len(self.rows) else None

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.horizontalHeader().setFixedHeight(row_height())
        strong = QApplication.font()
        strong.setWeight(strong.Weight.DemiBold)
        metrics = QFontMetrics(strong)
        for at, column in enumerate(self.model_of_rows.columns):
            least = metrics.horizontalAdvance(column.heading) + step(3)
            self.setColumnWidth(at, max(step(column.steps), least))
        self.horizontalHeader().setMinimumSectionSize(step(6))


def words_of(rows: Rows[Any], at: int) -> str:
    """A whole row as a screen reader says it."""
    return ", ".join(
        str(rows.index(at, column).data(Qt.ItemDataRole.AccessibleTextRole))
        for column in range(len(rows.columns))
    )
