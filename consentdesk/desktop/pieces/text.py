"""Text on the screen: always plain, so that a name with markup in it is shown as it was typed."""

from __future__ import annotations

from html import escape
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

Kind = Literal["title", "heading", "strong", "body", "quiet", "small", "label", "error", "figure", "code"]


def text(words: str = "", kind: Kind = "body", *, wraps: bool = True) -> QLabel:
    """A label of plain text in one of the kinds that the style sheet knows; long text wraps."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(words)
    label.setProperty("kind", kind)
    label.setWordWrap(wraps)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    if wraps:
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at, and have it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def set_tip(widget: QWidget, words: str) -> None:
    """A tooltip of plain text: Qt alone would take a name in angle brackets for markup."""
    widget.setToolTip(f"<span>{escape(words)}</span>" if words else "")
