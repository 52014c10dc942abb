"""The consent list as it will be exported, to look at: pupils, and a sign for each purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.tables import Column, Table
from consentdesk.desktop.words import tr
from consentdesk.model.listing import ListCell, ListRow, ListTable, Shape, Tint

_SHAPES: Final = {
    Shape.TICK: "circle-check",
    Shape.TICK_IN_BRACKETS: "circle-dot",
    Shape.CROSS: "circle-x",
    Shape.BARRED: "ban",
    Shape.WAITING: "hourglass",
    Shape.DASH: "circle-minus",
}
_TONES: Final = {Tint.QUIET: "yes", Tint.LIMITED: "limited", Tint.OPEN: "plain", Tint.STOP: "no"}
_NAME_STEPS: Final = 22
_CELL_STEPS: Final = 22


class ListView(QFrame):
    """A card with the list's title, its moment and its counts over its rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.title = text("", "strong")
        self.line = text("", "small")
        self.table: Table[ListRow] | None = None
        self._headings: tuple[str, ...] = ()
        self._layout = QVBoxLayout(self)
        set_spacing(self._layout, margins=(1, 1.5, 1, 1), gap=1)
        words = QVBoxLayout()
        set_spacing(words, margins=(1, 0, 1, 0), gap=0)
        words.addWidget(self.title)
        words.addWidget(self.line)
        self._layout.addLayout(words)

    def show_list(self, found: ListTable, *, whole_school: bool) -> None:
        """Show this list; for the whole school it is that of the first class, and says so."""
        self.title.setText(
            tr("{title}, the first class").format(title=found.title) if whole_school else found.title
        )
        self.line.setText(f"{found.as_at_line} · {found.counts_line}")
        headings = tuple(column.heading for column in found.columns)
        if self.table is None or headings != self._headings:
            self._make_table(headings)
        if self.table is not None:
            self.table.show_rows(found.rows, keep=lambda row: row.pupil)

    def _make_table(self, headings: tuple[str, ...]) -> None:
        if self.table is not None:
            self._layout.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self._headings = headings
        pupils: Column[ListRow] = Column(tr("Pupil"), lambda row: row.pupil, steps=_NAME_STEPS, strong=True)
        purposes = (
            Column(heading, _word_at(at), steps=_CELL_STEPS, sign=_sign_at(at))
            for at, heading in enumerate(headings)
        )
        self.table = Table(tr("The list, as it will be exported"), (pupils, *purposes))
        # Fusion draws a box where the two scroll bars meet.
        self.table.setCornerWidget(QWidget())
        self._layout.addWidget(self.table, 1)


def _word_at(at: int) -> Callable[[ListRow], str]:
    return lambda row: row.cells[at].word


def _sign_at(at: int) -> Callable[[ListRow], Sign]:
    return lambda row: sign_of_cell(row.cells[at])


def sign_of_cell(cell: ListCell) -> Sign:
    """How a cell of the list is shown here: its own word, in the window's shapes and tones."""
    word = f"{cell.word}: {cell.condition}" if cell.condition else cell.word
    return Sign(word, _SHAPES[cell.shape], _TONES[cell.tint], quiet=cell.tint is Tint.QUIET)
