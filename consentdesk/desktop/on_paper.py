"""The pages of PDFs on paper at their true size, as a job: strip by strip, so that it can be stopped at any time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from consentdesk.desktop.words import tr
from consentdesk.errors import KnownError
from consentdesk.services.progress import Job, Progress

FINEST_DPI: Final = 600
"""Pages are drawn at the printer's resolution, or at a whole part of it where that is finer than this."""
_STRIP: Final = 256
"""Rows drawn at once; a strip of A4 at 600 dpi takes some 30 ms."""
_POINTS_AN_INCH: Final = 72


def there_is_a_printer() -> bool:
    """Whether this computer knows any printer."""
    return bool(QPrinterInfo.availablePrinterNames())


class PdfFacts(NamedTuple):
    """How many pages a PDF has, and whether the first of them is wider than high."""

    pages: int
    across: bool


class PrinterRefused(KnownError):
    """The printer took no more pages; `done` is how many it had taken."""

    def __init__(self, done: int) -> None:
        super().__init__(
            tr("the printer stopped taking pages"),
            tr("every page that came out is good") if done else tr("no page was printed"),
            tr("see to the printer and print again"),
        )
        self.done = done


def facts_of(pdf: bytes) -> PdfFacts:
    """What must be known of a PDF before it is printed."""
    with _opened(pdf) as document:
        size = document.pagePointSize(0)
        return PdfFacts(document.pageCount(), size.width() > size.height())


def choose_printer(
    parent: QWidget, name: str, then: Callable[[QPrinter], object], *, of_a_letter: bool = True
) -> None:
    """Ask for a printer with the system's dialogue; `then` gets the one chosen. Its list of jobs says `name`.

    `of_a_letter` proposes both sides of the sheet.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    if of_a_letter:
        # The letter goes on behind itself, never behind the slip: see `printing.compose`.
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    dialogue = QPrintDialog(printer, parent)
    dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # Bound to the printer too, since nothing else keeps it until the dialogue has closed.
    dialogue.accepted.connect(lambda *_: then(printer))
    dialogue.setWindowModality(Qt.WindowModality.WindowModal)
    dialogue.show()


def make_true_to_scale(printer: QPrinter, *, across: bool = False) -> None:
    """Set the printer to whole A4 pages, upright or lying. Raises `KnownError` where it has no such paper."""
    lies = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    printer.setFullPage(True)
    if not (printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4)) and printer.setPageOrientation(lies)):
        raise KnownError(
            tr("this printer is not set up for A4 paper"),
            tr("nothing was printed"),
            tr("choose another printer, or save a PDF"),
        )


def put_on_paper(printer: QPrinter, pdfs: Sequence[bytes], pages: int) -> Job[int]:
    """Print all pages of `pdfs` at 100 %, and return how many they were; `pages` is how many there should be.

    Stopped, it takes back what the printer has not begun. May run on any thread, but on one alone. Raises
    `PrinterRefused`.
    """
    painter = QPainter()
    if not painter.begin(printer):
        raise PrinterRefused(0)
    done = 0
    try:
        for pdf in pdfs:
            with _opened(pdf) as document:
                for page in range(document.pageCount()):
                    if done:
                        _turn_page(printer, done)
                    for _ in _draw(painter, printer.resolution(), document, page):
                        yield Progress(done, pages, "printing")
                    done += 1
    except BaseException:
        # Before the painter ends, which would hand over what is there; closing this job comes here as well.
        printer.abort()
        raise
    finally:
        painter.end()
    return done


def _turn_page(printer: QPrinter, done: int) -> None:
    if not printer.newPage():
        raise PrinterRefused(done)


@contextmanager
def _opened(pdf: bytes) -> Iterator[QPdfDocument]:
    data = QByteArray(pdf)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    try:
        document.load(buffer)
        yield document
    finally:
        document.close()
        buffer.close()


def _draw(
    painter: QPainter, resolution: int, document: QPdfDocument, page: int
) -> Generator[None, None, None]:
    """One page from the paper's corner, in strips; every pixel becomes the same whole number of dots."""
    dots = ceil(resolution / FINEST_DPI)
    points = document.pagePointSize(page)
    wide, high = (round(side / _POINTS_AN_INCH * resolution / dots) for side in points.toTuple())
    for top in range(0, high, _STRIP):
        rows = min(_STRIP, high - top)
        options = QPdfDocumentRenderOptions()
        options.setScaledSize(QSize(wide, high))
        # Qt takes the last row and column of the rectangle for the ones behind it.
        options.setScaledClipRect(QRect(0, top, wide + 1, rows + 1))
        drawn = document.render(page, QSize(wide, rows), options)
        blank = QImage(wide, rows, QImage.Format.Format_RGB32)
        blank.fill(Qt.GlobalColor.white)
        strip = blank.copy()
        flat = QPainter(strip)
        flat.drawImage(0, 0, drawn)
        flat.end()
        if strip != blank:
            painter.drawImage(QRectF(0, top * dots, wide * dots, rows * dots), _light(strip))
        yield


def _light(strip: QImage) -> QImage:
    """The strip in greys where it has no colour: a third of what the printer is sent."""
    return strip.convertToFormat(QImage.Format.Format_Grayscale8) if strip.allGray() else strip
