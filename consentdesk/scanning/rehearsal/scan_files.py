"""A pile of paper through scanners into files: each file in a process of its own, the same for the same seeds."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import pypdfium2 as pdfium

from consentdesk.scanning.rehearsal.files import write_jpeg, write_png, write_tiff
from consentdesk.scanning.rehearsal.levels import Mode
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.rehearsal.sheets import Sheet, SheetTruth, pages_of, scan_sheet


@dataclass(frozen=True)
class ScanFile:
    """A scan file to be made: its name says its kind (.pdf, .tif, .jpg or .png; the last two hold one page)."""

    name: str
    sheets: tuple[Sheet, ...]
    dpi: int
    mode: Mode
    style: PdfStyle = field(default_factory=PdfStyle)


@dataclass(frozen=True)
class FileTruth:
    """What lies on each page of a scan file, in order."""

    name: str
    pages: tuple[SheetTruth, ...]


def make_scans(
    printed: Path, files: Sequence[ScanFile], folder: Path, workers: int | None = None
) -> Iterator[FileTruth]:
    """Write `files` into `folder` from the PDF `printed`, and yield what is on each, in their order.

    `workers` are processes, by default one a core. Raises OSError as any writing does.
    """
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,)
    ) as pool:
        try:
            yield from pool.map(partial(make_scan, printed, folder=folder), files)
        finally:
            pool.shutdown(cancel_futures=True)


def make_scan(printed: Path, file: ScanFile, folder: Path) -> FileTruth:
    """Write one scan file from the PDF `printed`, holding one page at a time in memory."""
    truths: list[SheetTruth] = []

    with pdfium.PdfDocument(printed) as document:
        page_at = pages_of(document, file.dpi, colour=file.mode == "colour")

        def scans() -> Iterator[Scan]:
            for sheet in file.sheets:
                scanned, truth = scan_sheet(page_at, sheet, file.dpi, file.mode)
                truths.append(truth)
                yield scanned

        path = folder / file.name
        match path.suffix:
            case ".pdf":
                write_pdf(scans(), path, file.style)
            case ".tif":
                write_tiff(scans(), path)
            case ".jpg":
                # Phones turn the picture by a tag; which way it was held varies.
                write_jpeg(next(scans()), path, orientation=(1, 6, 3, 8)[file.sheets[0].seed % 4])
            case ".png":
                write_png(next(scans()), path)
            case _:
                raise ValueError(f"{file.name} is no kind of scan")
    return FileTruth(file.name, tuple(truths))
