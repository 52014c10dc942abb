"""Which class? One button each, so that a teacher is one press away from the answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import scrolling
from consentdesk.desktop.pieces.flow import Flow
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.refill import refill
from consentdesk.desktop.words import counted, tr

_WIDE = 17


class ClassTiles(QWidget):
    """`chosen` carries the name of a class."""

    chosen = Signal(str)

    def __init__(self, question: str) -> None:
        super().__init__()
        self.buttons: dict[str, Button] = {}
        self._flow = Flow(gap=1.5)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        set_spacing(inside, gap=0)
        inside.addLayout(self._flow)
        inside.addStretch(1)
        layout = QVBoxLayout(self)
        set_spacing(layout, gap=1.5)
        layout.addWidget(text(question, "heading"))
        layout.addWidget(scrolling(inner), 1)

    def offer(self, classes: Sequence[tuple[str, int]]) -> None:
        """Offer these classes, each with how many pupils it has."""
        if [(name, pupils) for name, pupils in classes] == self._offered():
            return
        self.buttons = {name: self._tile(name, pupils) for name, pupils in classes}
        refill(self._flow, self.buttons.values())

    def _offered(self) -> list[tuple[str, int]]:
        return [(name, button.property("pupils")) for name, button in self.buttons.items()]

    def _tile(self, name: str, pupils: int) -> Button:
        words, count = name or tr("No class"), counted(pupils, tr("pupil"), tr("pupils"))
        tile = _Tile(words, count)
        tile.setProperty("pupils", pupils)
        tile.clicked.connect(partial(self._choose, name))
        return tile

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)


class _Tile(Button):
    """Two lines on one button, as high as they need."""

    def __init__(self, words: str, count: str) -> None:
        super().__init__("", kind="answer")
        self.setAccessibleName(f"{words}, {count}")
        inside = QVBoxLayout(self)
        set_spacing(inside, margins=(2, 1.25, 2, 1.25), gap=0.25)
        for label in (text(words, "heading", wraps=False), text(count, "quiet", wraps=False)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(label)

    def sizeHint(self) -> QSize:
        """As much as the lines take, and not narrower than the others."""
        layout = self.layout()
        within = layout.sizeHint() if layout is not None else QSize()
        return within.expandedTo(QSize(step(_WIDE), 0))

    def minimumSizeHint(self) -> QSize:
        """Nothing of it is cut."""
        return self.sizeHint()
