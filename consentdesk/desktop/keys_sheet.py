"""The sheet of keys that `?` opens: those of this page, and those that work everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import line, row
from consentdesk.desktop.pieces.page import Key
from consentdesk.desktop.pieces.text import text
from consentdesk.desktop.words import tr

_WIDE = 52


class KeysSheet(QDialog):
    """Two lists of keys over the window; any of Escape, Enter or the button closes it."""

    def __init__(self, parent: QWidget, here: Sequence[Key], everywhere: Sequence[Key]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        self.setAccessibleName(tr("Keys"))
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=3, gap=1.5)
        if here:
            layout.addWidget(text(tr("Keys of this screen"), "heading"))
            layout.addLayout(_grid(here))
            layout.addWidget(line())
        layout.addWidget(text(tr("Keys everywhere"), "heading"))
        layout.addLayout(_grid(everywhere))
        close = Button(tr("Close"), self.accept)
        layout.addLayout(row(None, close))
        self.setMinimumWidth(step(_WIDE))
        close.setFocus()


def _grid(keys: Sequence[Key]) -> QGridLayout:
    grid = QGridLayout()
    set_spacing(grid, gap=1)
    grid.setColumnMinimumWidth(0, step(12))
    grid.setColumnStretch(1, 1)
    for at, key in enumerate(keys):
        grid.addWidget(text(key.keys, "strong", wraps=False), at, 0)
        grid.addWidget(text(key.does), at, 1)
    return grid
