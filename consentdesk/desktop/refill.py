"""Other parts in the place of those that a layout held before."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QLayout, QWidget


def refill(layout: QLayout, widgets: Iterable[QWidget] = ()) -> None:
    """Delete the widgets that `layout` holds, and put `widgets` in, in their order."""
    clear(layout)
    for widget in widgets:
        layout.addWidget(widget)
    layout.invalidate()


def clear(layout: QLayout) -> None:
    """Delete the widgets that `layout` holds; what is only room between them goes too."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
