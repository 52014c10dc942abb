"""Boxes to tick and round ones, with words beside them that wrap and a line that says more."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.text import text

_TO_FIRST_LINE = 0.6
"""Steps from the top of a box to the top of the words whose first line stands beside its middle."""
_BOX_WIDE = 4


def indented(field: QWidget) -> QWidget:
    """`field`, standing under the words of the choice above it that it belongs to."""
    field.setContentsMargins(step(_BOX_WIDE), step(0.25), 0, step(0.75))
    return field


def tab_through(widgets: Iterable[QWidget]) -> None:
    """Let the Tab key go through these in their order, from wherever the first stands: some were made late."""
    for first, second in pairwise(widgets):
        QWidget.setTabOrder(first, second)


class Choice(QWidget):
    """One thing to tick, or, with a group, one of several; a click on the words counts too."""

    toggled = Signal(bool)

    def __init__(self, words: str, more: str = "", *, one_of: QButtonGroup | None = None) -> None:
        super().__init__()
        self.box: QCheckBox | QRadioButton = QCheckBox() if one_of is None else QRadioButton()
        if one_of is not None:
            one_of.addButton(self.box)
        self.box.setAccessibleName(words)
        self.box.toggled.connect(self.toggled)
        self.words = text(words)
        self._more = text("", "small")
        lines = QVBoxLayout()
        set_spacing(lines, margins=(0, _TO_FIRST_LINE, 0, _TO_FIRST_LINE), gap=0)
        lines.addWidget(self.words)
        lines.addWidget(self._more)
        layout = QHBoxLayout(self)
        set_spacing(layout, gap=0.5)
        layout.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(lines, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.say_more(more)

    @property
    def on(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def turn(self, *, on: bool) -> None:
        """Tick it or take the tick away."""
        self.box.setChecked(on)

    def say_more(self, more: str) -> None:
        """Say more below the words; nothing where it is empty."""
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.box.setAccessibleDescription(more)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the words is one on the box."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.click()
