"""What the cards of the settings have in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from consentdesk.desktop.look.type import set_spacing
from consentdesk.desktop.pieces.text import text


class SettingsCard(QFrame):
    """A heading, a sentence, and what can be set in `column`. `said` is a short message."""

    said = Signal(str)

    def __init__(self, heading: str, sentence: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.column = QVBoxLayout(self)
        set_spacing(self.column, margins=(3, 2.5, 3, 3), gap=1.5)
        words = QVBoxLayout()
        set_spacing(words, gap=0.25)
        words.addWidget(text(heading, "heading"))
        if sentence:
            words.addWidget(text(sentence, "quiet"))
        self.column.addLayout(words)

    def refresh(self) -> None:
        """Look up what is set."""
