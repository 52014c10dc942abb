"""A list with what was picked from it beside it, or in its place where the window is too narrow for both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.words import tr


class Beside(QWidget):
    """`main` and `side`, one of which has a fixed width in steps; both are seen from `together` steps on.

    In less room only one of them is seen: the side once something was picked, with a way back. `closed` tells
    that the way back was taken, with Escape too.
    """

    closed = Signal()

    def __init__(
        self, main: QWidget, side: QWidget, *, together: float, side_wide: float = 0, main_wide: float = 0
    ) -> None:
        super().__init__()
        self.main = main
        self.side = side
        self._together = together
        self._side_wide = side_wide
        self._main_wide = main_wide
        self._picked = False
        self.back = Button(tr("Back to the list"), self.close_side, kind="link", icon="chevron-left")
        self._right = QWidget()
        inner = QVBoxLayout(self._right)
        set_spacing(inner, gap=0.5)
        inner.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(side, 1)
        self._row = QHBoxLayout(self)
        set_spacing(self._row, gap=2)
        self._row.addWidget(main, 0 if main_wide else 1)
        self._row.addWidget(self._right, 0 if side_wide else 1)
        self._arrange()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for both."""
        return self.width() >= step(self._together)

    def open_side(self) -> None:
        """Something was picked."""
        self._picked = True
        self._arrange()

    def close_side(self) -> None:
        """Back to the list."""
        if self._picked:
            self._picked = False
            self._arrange()
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is the way back."""
        if event.key() == Qt.Key.Key_Escape and self._picked and not self.is_wide:
            self.close_side()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both, or one of them."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Grow and shrink with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def _arrange(self) -> None:
        wide = self.is_wide
        for widget, steps in ((self.main, self._main_wide), (self._right, self._side_wide)):
            if steps and wide:
                widget.setFixedWidth(step(steps))
            else:
                widget.setMinimumWidth(0)
                widget.setMaximumWidth(16_777_215)
        self._row.setStretch(0, 0 if wide and self._main_wide else 1)
        self._row.setStretch(1, 0 if wide and self._side_wide else 1)
        self.main.setVisible(wide or not self._picked)
        self._right.setVisible(wide or self._picked)
        self.back.setVisible(not wide)
