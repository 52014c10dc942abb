"""Pages of a PDF to look at, one at a time: whose they are, which of how many, and how large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QMargins, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPalette, QShortcut
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from consentdesk.desktop.look.colours import colours_in
from consentdesk.desktop.look.type import set_spacing, step
from consentdesk.desktop.pieces.buttons import Button
from consentdesk.desktop.pieces.cards import EmptyState, row
from consentdesk.desktop.pieces.page import Key
from consentdesk.desktop.pieces.text import set_tip, text
from consentdesk.desktop.words import tr

_CLOSER: Final = 1.25
_CLOSEST: Final = 4.0


class PagesView(QFrame):
    """Shows one page of however many; `turned` asks for another by its number from 0.

    The PDF stays in memory: nothing that is looked at is written to a disk.
    """

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.page, self.pages = 0, 0
        self._data = QByteArray()
        self._buffer = QBuffer(self)
        self._document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setPageMode(QPdfView.PageMode.SinglePage)
        self.view.setDocument(self._document)
        self.whose = text("", "strong")
        self.what = text("", "small")
        self.counted = text("", "body", wraps=False)
        self.back = _bare("chevron-left", tr("Page before (Page Up)"), lambda: self._turn(self.page - 1))
        self.on = _bare("chevron-right", tr("Next page (Page Down)"), lambda: self._turn(self.page + 1))
        self.smaller = _bare("zoom-out", tr("Smaller (Ctrl+-)"), lambda: self._zoom(1 / _CLOSER))
        self.larger = _bare("zoom-in", tr("Larger (Ctrl++)"), lambda: self._zoom(_CLOSER))
        self.whole = _bare("maximize", tr("Whole page (Ctrl+0)"), self._fit)
        self.nothing = EmptyState("file-text", "", "")
        self.nothing.setProperty("kind", "")
        self._compose()
        self._bind_keys()
        self.say_nothing("", "")

    def say_nothing(self, heading: str, sentence: str) -> None:
        """Say why there is no page to look at."""
        self.pages = 0
        self.nothing.say(heading, sentence)
        self.stack.setCurrentWidget(self.nothing)

    def show_page(self, pdf: bytes, at: int, page: int, pages: int) -> None:
        """Show the page `at` of `pdf`, which is the page `page` of `pages` in all; all from 0 but `pages`."""
        self.page, self.pages = page, pages
        if self._data != pdf:
            self._load(pdf)
        self.view.pageNavigator().jump(at, QPointF(), 0)
        self.counted.setText(tr("Page {page:,} of {pages:,}").format(page=page + 1, pages=pages))
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page + 1 < pages)
        self.view.setAccessibleDescription(f"{self.whose.text()}, {self.counted.text()}")
        self.stack.setCurrentIndex(0)

    def say_whose(self, whose: str, what: str) -> None:
        """Say whose page it is, and of what."""
        self.whose.setText(whose)
        self.what.setText(what)

    def keys(self) -> tuple[Key, ...]:
        """The keys that turn and enlarge pages."""
        return (
            Key("Page Down, Page Up", tr("Next page, page before")),
            Key("Ctrl++, Ctrl+-", tr("Larger, smaller")),
            Key("Ctrl+0", tr("The whole page")),
        )

    def changeEvent(self, event: QEvent) -> None:
        """Lay the page on the ground of the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._paint_ground()

    def _compose(self) -> None:
        full = QFrame()
        inner = QVBoxLayout(full)
        set_spacing(inner, gap=1)
        words = QVBoxLayout()
        set_spacing(words, margins=(1, 0, 1, 0), gap=0)
        words.addWidget(self.whose)
        words.addWidget(self.what)
        inner.addLayout(words)
        inner.addWidget(self.view, 1)
        inner.addLayout(
            row(self.back, self.counted, self.on, None, self.smaller, self.larger, self.whole, gap=0.5)
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(full)
        self.stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        set_spacing(layout, margins=(1, 1.5, 1, 1), gap=0)
        layout.addWidget(self.stack)
        self.view.setAccessibleName(tr("Preview of the pages"))
        margin = step(1.5)
        self.view.setDocumentMargins(QMargins(margin, margin, margin, margin))
        # What Qt takes off the height when it fits a page is this, and not the margins.
        self.view.setPageSpacing(2 * margin)
        self._fit()

    def _paint_ground(self) -> None:
        palette = self.view.palette()
        ground = QColor(colours_in(self.palette()).hairline)
        if palette.color(QPalette.ColorRole.Dark) != ground:
            palette.setColor(QPalette.ColorRole.Dark, ground)
            self.view.setPalette(palette)

    def _bind_keys(self) -> None:
        for keys, does in (
            ("PgDown", lambda: self._turn(self.page + 1)),
            ("PgUp", lambda: self._turn(self.page - 1)),
            ("Ctrl++", lambda: self._zoom(_CLOSER)),
            ("Ctrl+=", lambda: self._zoom(_CLOSER)),
            ("Ctrl+-", lambda: self._zoom(1 / _CLOSER)),
            ("Ctrl+0", self._fit),
        ):
            QShortcut(QKeySequence(keys), self, does)

    def _load(self, pdf: bytes) -> None:
        self._document.close()
        self._buffer.close()
        self._data = QByteArray(pdf)
        self._buffer.setData(self._data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)

    def _turn(self, page: int) -> None:
        if 0 <= page < self.pages:
            self.turned.emit(page)

    def _zoom(self, times: float) -> None:
        self.view.setZoomFactor(min(self._factor() * times, _CLOSEST))
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        for turn in (self.view.setVerticalScrollBarPolicy, self.view.setHorizontalScrollBarPolicy):
            turn(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _fit(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        # It leaves the margins out of its sum, so that bars would stand beside a page that is seen whole.
        for turn in (self.view.setVerticalScrollBarPolicy, self.view.setHorizontalScrollBarPolicy):
            turn(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.verticalScrollBar().setValue(0)

    def _factor(self) -> float:
        """How large the page is shown now, where 1 is its true size on this screen."""
        if self.view.zoomMode() is QPdfView.ZoomMode.Custom:
            return self.view.zoomFactor()
        points = self._document.pagePointSize(self.view.pageNavigator().currentPage())
        if points.isEmpty():
            return 1.0
        margins = self.view.documentMargins()
        room = self.view.viewport().size().shrunkBy(margins)
        inch = self.view.logicalDpiX() / 72
        return min(room.width() / points.width(), room.height() / points.height()) / inch


def _bare(icon: str, name: str, does: Callable[[], object]) -> Button:
    button = Button("", does, kind="bare", icon=icon)
    button.setAccessibleName(name)
    set_tip(button, name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
