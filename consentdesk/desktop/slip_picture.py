"""The whole slip on the screen, with what is in doubt ringed; it can be enlarged and moved about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from consentdesk.desktop.look.colours import LIGHT, colours_in
from consentdesk.desktop.look.type import step
from consentdesk.desktop.words import tr
from consentdesk.services.slip_places import Spot

_CLOSEST: Final = 8.0
_A_NOTCH: Final = 1.25
_NOTCH: Final = 120
_ARROW: Final = 0.1
_SAME_SHAPE: Final = 0.01


def decoded(picture: bytes) -> QImage:
    """The picture, ready to be drawn; null where there is none. To be called off the window's thread."""
    image = QImage.fromData(picture) if picture else QImage()
    return image if image.isNull() else image.convertToFormat(QImage.Format.Format_RGB32)


def fits(image: QImage, shape: float) -> bool:
    """Whether the picture has the shape (width over height) that a layout says it must have."""
    return not image.isNull() and abs(image.width() / image.height() / shape - 1) < _SAME_SHAPE


def part_of(image: QImage, spot: Spot) -> QRectF:
    """Where a part of the picture lies in it, in its own px."""
    wide, high = image.width(), image.height()
    return QRectF(QPointF(spot.left * wide, spot.top * high), QPointF(spot.right * wide, spot.bottom * high))


class _Look(NamedTuple):
    """How close one looks, 1 showing the whole picture, and at which point of it, in shares."""

    close: float
    x: float
    y: float


_WHOLE: Final = _Look(1.0, 0.5, 0.5)


class SlipPicture(QWidget):
    """Shows one picture. Plus and minus enlarge and shrink it, 0 shows all of it, the arrows and the mouse move it."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.rings: tuple[Spot, ...] = ()
        self._empty = ""
        self._look = _WHOLE
        self._held: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(step(20), step(12))
        self.setAccessibleName(tr("The slip as it was scanned"))

    @property
    def closeness(self) -> float:
        """How much it is enlarged; 1 shows all of it."""
        return self._look.close

    def show_slip(self, image: QImage, rings: Sequence[Spot] = (), *, empty: str = "") -> None:
        """Show a picture, whole, with rings round parts of it; `empty` is said where there is none."""
        self.image, self.rings, self._empty = image, tuple(rings), empty
        self._look = _WHOLE
        self.update()

    def ring(self, rings: Sequence[Spot]) -> None:
        """Ring other parts of the same picture."""
        self.rings = tuple(rings)
        self.update()

    def enlarge(self, by: float = _A_NOTCH) -> None:
        """Look closer, at what is ringed where something is; with `by` under 1 from further away."""
        x, y = self._look.x, self._look.y
        if self._look == _WHOLE and self.rings and by > 1:
            first = self.rings[0]
            x, y = (first.left + first.right) / 2, (first.top + first.bottom) / 2
        self._turn(_Look(self._look.close * by, x, y))

    def shrink(self) -> None:
        """Look from further away."""
        self.enlarge(1 / _A_NOTCH)

    def show_all(self) -> None:
        """Show all of it."""
        self._turn(_WHOLE)

    def sizeHint(self) -> QSize:
        """As wide as high."""
        return QSize(step(60), step(42))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the rings, and where the focus is."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        colours = colours_in(self.palette())
        if self.image.isNull():
            painter.setPen(QColor(colours.quiet))
            middle = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(step(2), 0, -step(2), 0), middle, self._empty)
        else:
            where = self._where()
            painter.setClipRect(where.intersected(QRectF(self.rect())))
            painter.drawImage(where, self.image)
            painter.setPen(QColor(colours.hairline))  # white paper on a white card would have no edge
            painter.drawRect(where.adjusted(0.5, 0.5, -0.5, -0.5))
            # Paper is white in the dark as well, so the ring is always the one for light.
            painter.setPen(QPen(QColor(LIGHT.ask.ink), max(2.0, step(0.35))))
            for spot in self.rings:
                painter.drawRoundedRect(_upon(where, spot), step(0.75), step(0.75))
            painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), step(0.5), step(0.5))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enlarge, shrink and move; every other key is the page's."""
        moves = {
            Qt.Key.Key_Left: (-_ARROW, 0.0),
            Qt.Key.Key_Right: (_ARROW, 0.0),
            Qt.Key.Key_Up: (0.0, -_ARROW),
            Qt.Key.Key_Down: (0.0, _ARROW),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.enlarge()
        elif key == Qt.Key.Key_Minus:
            self.shrink()
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in moves and self._look.close > 1:
            x, y = moves[key]
            self._turn(
                self._look._replace(
                    x=self._look.x + x / self._look.close, y=self._look.y + y / self._look.close
                )
            )
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the wheel to enlarge and shrink."""
        self.enlarge(_A_NOTCH ** (event.angleDelta().y() / _NOTCH))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        self._held = event.position()
        if self._look.close > 1:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it."""
        if self._held is None or self.image.isNull():
            return
        where, moved = self._where(), event.position() - self._held
        self._held = event.position()
        self._turn(
            self._look._replace(
                x=self._look.x - moved.x() / where.width(), y=self._look.y - moved.y() / where.height()
            )
        )

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """From the whole to what is ringed, and back."""
        if self._look == _WHOLE:
            self.enlarge(3.0)
        else:
            self.show_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep to the picture's edges."""
        super().resizeEvent(event)
        self._turn(self._look)

    def _turn(self, look: _Look) -> None:
        close = min(max(look.close, 1.0), _CLOSEST)
        self._look = _Look(close, min(max(look.x, 0.0), 1.0), min(max(look.y, 0.0), 1.0))
        if close == 1.0:
            self._look = _WHOLE
        self.update()

    def _where(self) -> QRectF:
        """Where the whole picture lies, part of it perhaps out of sight."""
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        scale = min(room.width() / self.image.width(), room.height() / self.image.height()) * self._look.close
        wide, high = self.image.width() * scale, self.image.height() * scale
        return QRectF(
            _edge(room.left(), room.width(), wide, self._look.x),
            _edge(room.top(), room.height(), high, self._look.y),
            wide,
            high,
        )


def _edge(start: float, room: float, length: float, looked_at: float) -> float:
    """Where a length begins in its room: in the middle where it is shorter, else without a gap at either end."""
    if length <= room:
        return start + (room - length) / 2
    return min(start, max(start + room - length, start + room / 2 - looked_at * length))


def _upon(where: QRectF, spot: Spot) -> QRectF:
    return QRectF(
        QPointF(where.left() + spot.left * where.width(), where.top() + spot.top * where.height()),
        QPointF(where.left() + spot.right * where.width(), where.top() + spot.bottom * where.height()),
    )
