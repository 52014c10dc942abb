"""Surfaces: cards, hairlines, empty states and columns that scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.look.icons import Picture
from consentdesk.desktop.look.type import set_spacing, stacked, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.text import text


def card(*parts: object, gap: float = 1, margins: float = 2.5) -> QFrame:
    """A card with `parts` one below the other: widgets, layouts, or steps to leave free."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    layout = QVBoxLayout(frame)
    set_spacing(layout, margins=margins, gap=gap)
    stacked(layout, *parts)
    return frame


def line() -> QFrame:
    """A hairline from side to side."""
    frame = QFrame()
    frame.setProperty("kind", "line")
    frame.setFixedHeight(1)
    return frame


def row(*parts: object, gap: float = 1) -> QHBoxLayout:
    """`parts` side by side; None stretches."""
    layout = QHBoxLayout()
    set_spacing(layout, gap=gap)
    _add(layout, parts)
    return layout


def column(*parts: object, gap: float = 1) -> QVBoxLayout:
    """`parts` one below the other; None stretches."""
    layout = QVBoxLayout()
    set_spacing(layout, gap=gap)
    _add(layout, parts)
    return layout


def _add(layout: QBoxLayout, parts: tuple[object, ...]) -> None:
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            stacked(layout, part)


class EmptyState(QFrame):
    """What a page shows where there is nothing yet: an icon, a heading, a sentence, and what to do about it.

    With `takes_files` its dashed edge says that files may be dropped; the window takes them wherever they are.
    """

    def __init__(
        self, icon: str, heading: str, sentence: str, *buttons: Button, takes_files: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", "drop" if takes_files else "card")
        self.heading = text(heading, "heading")
        self.sentence = text(sentence, "quiet")
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=4, gap=1)
        layout.addStretch(2)
        layout.addWidget(Picture(icon, steps=6), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(step(1))
        for label in (self.heading, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        if buttons:
            layout.addSpacing(step(1))
            layout.addLayout(row(None, *buttons, None))
        layout.addStretch(3)

    def say(self, heading: str, sentence: str) -> None:
        """Show other words."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)


def in_the_middle(*widgets: QWidget, above: int = 1, below: int = 1) -> QScrollArea:
    """`widgets` in the middle of whatever room there is, one below the other; scrolled where it is too little."""
    ground = QWidget()
    layout = QVBoxLayout(ground)
    set_spacing(layout, margins=2, gap=2)
    layout.addStretch(above)
    for widget in widgets:
        # Not aligned by the layout itself: that asks for the height without knowing the width.
        layout.addLayout(row(None, widget, None, gap=0))
    layout.addStretch(below)
    return scrolling(ground)


def scrolling(inner: QWidget) -> QScrollArea:
    """`inner`, scrolled up and down where the window is too low for it; the keyboard scrolls it too."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    area.setWidget(inner)
    return area
