"""What stands side by side in a wide window goes one below the other in a narrow one."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout


def turn_to_fit(layout: QBoxLayout, room: int, *, side_by_side: int) -> None:
    """Turn a layout of two or three parts to the `room` that there is; both widths in px."""
    wanted = QBoxLayout.Direction.LeftToRight if room >= side_by_side else QBoxLayout.Direction.TopToBottom
    if layout.direction() != wanted:
        layout.setDirection(wanted)
