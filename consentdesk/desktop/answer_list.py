"""The other answers of a slip, one line each, with the word and its shape; a click turns to that question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QVBoxLayout, QWidget

from consentdesk.desktop.look.colours import Tone, colours_in
from consentdesk.desktop.look.icons import paint_icon
from consentdesk.desktop.look.signs import Sign
from consentdesk.desktop.look.type import Size, set_spacing, sized, step
from consentdesk.desktop.pieces.text import set_tip
from consentdesk.desktop.words import tr


class AnswerLine(NamedTuple):
    """A question's number and name, and what was answered."""

    number: str
    name: str
    sign: Sign


class AnswerRow(QAbstractButton):
    """One line; pressed by click, Space or Enter."""

    def __init__(self, line: AnswerLine, pressed: Callable[[], object]) -> None:
        super().__init__()
        self.line = line
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{line.name}: {line.sign.word}")
        set_tip(self, tr("Look at: {question}").format(question=line.name))
        self.clicked.connect(lambda _checked=False: pressed())

    def sizeHint(self) -> QSize:
        """A line of text with room round it."""
        return QSize(step(24), step(3.5))

    def minimumSizeHint(self) -> QSize:
        """The name may be cut, the answer never."""
        return QSize(step(16), step(3.5))

    def event(self, event: QEvent) -> bool:
        """Draw it anew under the pointer."""
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as well as Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Shape, number, name, and the answer's word at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_in(self.palette())
        tone = getattr(colours, self.line.sign.tone)
        ink = tone.ink if isinstance(tone, Tone) else colours.text
        where = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(where, step(0.5), step(0.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.focus), 2))
            painter.drawRoundedRect(where.adjusted(1, 1, -1, -1), step(0.5), step(0.5))
        side = step(2.25)
        middle = where.center().y()
        shape = QRectF(step(0.25), middle - side / 2, side, side)
        paint_icon(painter, shape, self.line.sign.shape, ink)
        strong = sized(Size.BODY, strong=True)
        word = QFontMetricsF(strong).horizontalAdvance(self.line.sign.word)
        right = where.right() - step(0.25)
        painter.setFont(strong)
        painter.setPen(QColor(ink))
        middle_left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            QRectF(right - word - 1, 0, word + 2, where.height()), middle_left, self.line.sign.word
        )
        painter.setFont(QApplication.font())
        painter.setPen(QColor(colours.text))
        left = shape.right() + step(1)
        metrics = QFontMetricsF(painter.font())
        painter.drawText(QRectF(left, 0, step(2.5), where.height()), middle_left, self.line.number)
        left += metrics.horizontalAdvance("00")
        room = right - word - step(1) - left
        name = metrics.elidedText(self.line.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 0, room, where.height()), middle_left, name)
        painter.end()


class AnswerList(QWidget):
    """The lines one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        set_spacing(self._layout, gap=0)
        self.rows: list[AnswerRow] = []

    def show_lines(self, lines: Sequence[tuple[AnswerLine, Callable[[], object]]]) -> None:
        """Show other lines, each with what a press of it does."""
        for row in self.rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [AnswerRow(line, pressed) for line, pressed in lines]
        for row in self.rows:
            self._layout.addWidget(row)
