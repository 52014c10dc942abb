"""From a PDF to a printer: pages are drawn aside, and put on paper one after the other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from consentdesk.desktop.desk import Desk

DPI: Final = 300
_POINTS_AN_INCH: Final = 72


def can_print() -> bool:
    """Whether a printer is set up on this computer."""
    return bool(QPrinterInfo.availablePrinterNames())


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with _Reading(pdf) as document:
        return document.pageCount()


def page_picture(pdf: bytes, page: int, dpi: int = DPI) -> QImage:
    """One page, from 0, as a grey picture. May be called on any thread."""
    with _Reading(pdf) as document:
        size = document.pagePointSize(page) * (dpi / _POINTS_AN_INCH)
        drawn = document.render(page, QSize(round(size.width()), round(size.height())))
    paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return paper.convertToFormat(QImage.Format.Format_Grayscale8)


class _Reading:
    """A PDF in memory while it is read."""

    def __init__(self, pdf: bytes) -> None:
        self._data = QByteArray(pdf)
        self._buffer = QBuffer(self._data)
        self._document = QPdfDocument()

    def __enter__(self) -> QPdfDocument:
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        return self._document

    def __exit__(self, *_: object) -> None:
        self._document.close()
        self._buffer.close()


def print_pdf(desk: Desk, parent: QWidget, pdf: bytes, name: str) -> None:
    """Ask for a printer, and print all pages of `pdf` on it; the printer's list of jobs calls it `name`."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    dialogue = QPrintDialog(printer, parent)
    dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialogue.accepted.connect(lambda: _begin(desk, parent, pdf, printer))
    dialogue.setWindowModality(Qt.WindowModality.WindowModal)
    dialogue.show()


def _begin(desk: Desk, parent: QWidget, pdf: bytes, printer: QPrinter) -> None:
    painter = QPainter()
    painter.begin(printer)

    def put(picture: QImage, page: int, pages: int) -> None:
        if page:
            printer.newPage()
        where = printer.paperRect(QPrinter.Unit.DevicePixel)
        margins = printer.pageRect(QPrinter.Unit.DevicePixel).topLeft()
        painter.drawImage(where.translated(-margins), picture)
        if page + 1 < pages:
            draw(page + 1, pages)
        else:
            painter.end()

    def draw(page: int, pages: int) -> None:
        desk.aside(parent, lambda: page_picture(pdf, page), lambda picture: put(picture, page, pages))

    desk.aside(parent, lambda: page_count(pdf), lambda pages: draw(0, pages))
