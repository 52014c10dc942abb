"""What is chosen beside what comes of it; one below the other where large text or a small window leaves no room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.look.type import set_spacing, step

_CHOICES_WIDE: Final = 32
_TOGETHER: Final = 68
_RESULT_HIGH: Final = 56


class Split(QWidget):
    """`choices` in a card of fixed width that scrolls by itself, and `result` at its right.

    In less room than for both, the choices stand above, whole, and the page scrolls.
    """

    def __init__(self, choices: QWidget, result: QWidget | QLayout) -> None:
        super().__init__()
        self._card = QFrame()
        self._card.setProperty("kind", "card")
        self._area = _Area(choices)
        inside = QVBoxLayout(self._card)
        set_spacing(inside, gap=0)
        inside.addWidget(self._area)
        self._result = QWidget()
        holder = QVBoxLayout(self._result)
        set_spacing(holder, gap=0)
        if isinstance(result, QLayout):
            holder.addLayout(result)
        else:
            holder.addWidget(result)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        set_spacing(self._row, gap=2)
        self._row.addWidget(self._card)
        self._row.addWidget(self._result, 1)
        self._arrange()

    @property
    def is_wide(self) -> bool:
        """Whether there is room for both side by side."""
        return self.width() >= step(_TOGETHER)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one below the other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.is_wide
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._card.setMinimumWidth(step(_CHOICES_WIDE) if wide else 0)
        self._card.setMaximumWidth(step(_CHOICES_WIDE) if wide else 16_777_215)
        self._result.setMinimumHeight(0 if wide else step(_RESULT_HIGH))
        self._area.show_whole(whole=not wide)


class _Area(QScrollArea):
    """Scrolls up and down, unless it shall be as high as what it holds."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._whole = False
        self._inner = inner
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    def show_whole(self, *, whole: bool) -> None:
        """Be as high as what it holds, or scroll."""
        self._whole = whole
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if whole else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed if whole else QSizePolicy.Policy.Expanding
        )
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as what it holds, where all of it shall be seen."""
        return self._inner.minimumSize() if self._whole else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The same: then nothing of it is ever cut."""
        return self._inner.minimumSize() if self._whole else super().minimumSizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it holds has grown or shrunk: a sentence appeared, a field went."""
        if watched is self._inner and event.type() is QEvent.Type.LayoutRequest:
            self._measure()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wants another height."""
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """Give what it holds the height that it wants at this width; Qt would take that of its narrowest."""
        layout = self._inner.layout()
        high = layout.totalHeightForWidth(self.viewport().width()) if layout is not None else -1
        if high >= 0 and high != self._inner.minimumHeight():
            self._inner.setMinimumHeight(high)
            self.updateGeometry()
