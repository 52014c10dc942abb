"""Parts of a slip enlarged side by side: the two boxes of a question, a signature, a note; from every copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.type import Size, sized, step
from consentdesk.desktop.slip_picture import part_of
from consentdesk.services.slip_places import Spot

_CLOSEST: Final = 10.0
"""Nothing is shown larger than this many screen px to one of the picture: there is no more to see."""


class Part(NamedTuple):
    """A part of a picture, what it is called, and words above single places in it, at shares of its width."""

    title: str
    image: QImage
    spot: Spot
    marks: tuple[tuple[str, float], ...] = ()


class Enlarged(QWidget):
    """Shows parts beside each other, each as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[Part, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(step(9))

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show other parts."""
        self.parts = tuple(part for part in parts if not part.image.isNull())
        names = [part.title or ", ".join(words for words, _at in part.marks) for part in self.parts]
        self.setAccessibleName("; ".join(names))
        self.update()

    def height_at(self, width: int) -> int:
        """What it makes use of at most in px, where it is so wide."""
        crops = [part_of(part.image, part.spot) for part in self.parts]
        if not crops:
            return 0
        room = width - step(2) * (len(crops) - 1)
        scale = min(_CLOSEST, room / sum(crop.width() for crop in crops))
        return round(self._head() + max(crop.height() for crop in crops) * scale)

    def sizeHint(self) -> QSize:
        """Room for two boxes."""
        return QSize(step(60), step(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each part in its share of the width."""
        if not self.parts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        gap = step(2)
        shares = [self._wanted(part) for part in self.parts]
        room = self.width() - gap * (len(self.parts) - 1)
        scale = min(1.0, room / sum(shares))
        left = 0.0
        for part, wanted in zip(self.parts, shares, strict=True):
            wide = wanted * scale
            self._paint_part(painter, part, QRectF(left, 0, wide, self.height()))
            left += wide + gap
        painter.end()

    def _head(self) -> float:
        titled = any(part.title for part in self.parts)
        marked = any(part.marks for part in self.parts)
        line = QFontMetricsF(sized(Size.SMALL)).height() + step(0.5)
        return line * (titled + marked)

    def _wanted(self, part: Part) -> float:
        """The width that it would take at its full height."""
        crop = part_of(part.image, part.spot)
        scale = min((self.height() - self._head()) / max(crop.height(), 1), _CLOSEST)
        return max(crop.width() * scale, 1.0)

    def _paint_part(self, painter: QPainter, part: Part, where: QRectF) -> None:
        crop = part_of(part.image, part.spot)
        head = self._head()
        scale = min(where.width() / crop.width(), (where.height() - head) / crop.height())
        shown = QRectF(where.left(), head, crop.width() * scale, crop.height() * scale)
        painter.drawImage(shown, part.image, crop)
        painter.setFont(sized(Size.SMALL))
        painter.setPen(QColor(colours_in(self.palette()).quiet))
        metrics = QFontMetricsF(painter.font())
        if part.title:
            title = metrics.elidedText(part.title, Qt.TextElideMode.ElideRight, where.width())
            painter.drawText(QRectF(where.left(), 0, where.width(), metrics.height()), 0, title)
        for words, at in part.marks:
            wide = metrics.horizontalAdvance(words)
            left = shown.left() + at * shown.width() - wide / 2
            painter.drawText(
                QRectF(
                    max(left, where.left()), head - metrics.height() - step(0.5), wide + 2, metrics.height()
                ),
                0,
                words,
            )
