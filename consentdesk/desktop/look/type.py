"""Type and grid: four sizes and two weights from the system's font, and the 8 px grid measured from them."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication, QBoxLayout, QLayout

from consentdesk import paths

SMALLEST, LARGEST = 9, 18
"""Sizes of text in points that the window is made for."""
_LEAST_ROW: Final = 40
_ROW_STEPS: Final = 5
_PLACE_STEPS: Final = 3.75
_TO_THE_UNIT: Final = 2
"""The height of a line is two steps of the grid: 16 px at 10 pt, so a step is 8 px."""

FAMILY: Final = "Inter"
_SCRIPTS: Final = (
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Bengali", "Noto Sans Devanagari",
    "Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Tamil",
)  # fmt: skip
"""Shipped for paper; on screen they stand in where the system has no face for a name's script."""


class Size(Enum):
    """The four sizes, as shares of the system's."""

    SMALL = 0.9
    BODY = 1.0
    HEADING = 1.3
    TITLE = 1.6


def load_faces() -> None:
    """Make the shipped faces known to Qt; one that cannot be read is left out, and the system's stands in."""
    for file in sorted(paths.shipped("resources", "fonts", "screen").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def load_scripts() -> None:
    """Make the faces of other scripts known too; done once the first window is up, since it takes its time."""
    for file in sorted(paths.shipped("resources", "fonts").glob("NotoSans*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def body_font(system: QFont, points: int | None) -> QFont:
    """The font of everything: ours in the system's size, or in `points` where somebody chose a size."""
    font = QFont(system)
    font.setFamilies([FAMILY, *system.families(), *_SCRIPTS])
    size = points or system.pointSizeF()
    font.setPointSizeF(min(max(size, SMALLEST), LARGEST))
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font


def sized(size: Size, *, strong: bool = False) -> QFont:
    """The application's font in one of the four sizes, in one of the two weights."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * size.value)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return font


def step(count: float = 1.0) -> int:
    """`count` steps of the grid in px: 8 px each at 10 pt, and growing with the text."""
    return max(1, round(count * QFontMetrics(QApplication.font()).height() / _TO_THE_UNIT))


def row_height() -> int:
    """The height in px of a row of a table, never under 40."""
    return max(_LEAST_ROW, step(_ROW_STEPS))


def place_height() -> int:
    """The height in px of a place in the rail: as a row at ordinary sizes, and less roomy when text is large."""
    return max(_LEAST_ROW, step(_PLACE_STEPS))


def set_spacing(
    layout: QLayout, *, margins: float | tuple[float, float, float, float] = 0, gap: float = 1
) -> None:
    """Give a layout margins (all, or left, top, right, bottom) and a gap between its items, in steps."""
    sides = margins if isinstance(margins, tuple) else (margins,) * 4
    layout.setContentsMargins(*(step(side) if side else 0 for side in sides))
    layout.setSpacing(step(gap) if gap else 0)


def stacked(layout: QBoxLayout, *parts: object) -> QBoxLayout:
    """`layout` with `parts` added one after the other: widgets, layouts, or a number of steps to leave free."""
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        elif isinstance(part, int | float):
            layout.addSpacing(step(part))
        else:
            layout.addWidget(part)  # type: ignore[arg-type]  # whatever is neither is a widget
    return layout
