"""Reading, from a scan file to the committed reading, beside only decoding the same pictures."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

import cv2
import msgspec
import numpy as np
import pypdfium2 as pdfium

from consentdesk.scanning.rehearsal.scan_files import ScanFile, make_scans
from consentdesk.scanning.rehearsal.sheets import Sheet
from consentdesk.services.demo import PASSWORD
from consentdesk.services.demo_families import Families
from consentdesk.services.office import open_office
from consentdesk.services.progress import finish
from consentdesk.services.read_scans import read_scans
from tests.benchmarks.figures import Figure
from tests.benchmarks.memory import peak_memory
from tests.benchmarks.school import School

DAY = date(2026, 9, 14)
MOST = 4.0
"""Reading may cost so many times what decoding alone does."""
CORES = os.cpu_count() or 1


LONG = 1000
"""Pages of the pile whose memory is told."""
_MOST_MB = 600


class Timed(NamedTuple):
    """One run of the read service: pages, seconds to the last and to the first of them."""

    pages: int
    seconds: float
    first: float


class Watched(NamedTuple):
    """A run, and the most memory in MB that all its processes held together; None where the system does not tell."""

    timed: Timed
    memory: float | None


def scans_of(made: School, dpi: int, seed: int) -> list[Path]:
    """New forms for everyone, filled in plainly and scanned in grey by a clean feeder: JPEG in PDF, a file a core."""
    printed, sent = made.print()
    families = Families(Random(seed), sent, DAY)  # noqa: S311 - rehearsal
    sheets = [Sheet("slip", "clean", families.seed(), (families.plain(slip),)) for slip in sent.slips]
    files = [
        ScanFile(f"{dpi} dpi {core}.pdf", tuple(sheets[core::CORES]), dpi, "grey") for core in range(CORES)
    ]
    for _ in make_scans(printed, files, made.folder):
        pass
    return [made.folder / file.name for file in files]


def long_pile(files: Sequence[Path], target: Path) -> Path:
    """The pages of `files` again and again, until they are `LONG`; what is read of the later ones is a duplicate."""
    with pdfium.PdfDocument.new() as pile:
        for file in cycle(files):
            with pdfium.PdfDocument(file) as document:
                pile.import_pages(document, list(range(min(len(document), LONG - len(pile)))))
            if len(pile) == LONG:
                break
        pile.save(target)
    return target


def read_apart(folder: Path, files: Sequence[Path]) -> Watched:
    """Read `files` into the closed office of `folder`, in a process of its own."""
    # Started as the command is: each worker imports the file that its parent was started from.
    program = "from tests.benchmarks.reading import main; main()"
    command = [sys.executable, "-c", program, str(folder), *map(str, files)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,  # noqa: S603 - our own words
        peak_memory(process.pid) as peak,
    ):
        told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("reading failed")
    return Watched(msgspec.json.decode(told, type=Timed), peak.mb)


def decode_seconds(files: Sequence[Path]) -> float:
    """Seconds that it takes as many processes, all at once, only to decode the pictures of `files` in grey."""
    streams = [stream for file in files for stream in _streams(file)]
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_decode, [streams[:1]] * CORES * 2))
        return max(pool.map(_decode, [streams[core::CORES] for core in range(CORES)]))


def _streams(file: Path) -> list[bytes]:
    with pdfium.PdfDocument(file) as document:
        streams = []
        for page in document:
            streams += [bytes(image.get_data(decode_simple=False)) for image in page.get_objects()]
            page.close()
    return streams


def _decode(streams: Sequence[bytes]) -> float:
    """In a process of its own: decode, and say how long it took."""
    cv2.setNumThreads(1)
    begun = perf_counter()
    for stream in streams:
        cv2.imdecode(np.frombuffer(stream, np.uint8), cv2.IMREAD_GRAYSCALE)
    return perf_counter() - begun


def reading_figures(made: School, scans: dict[int, list[Path]]) -> list[Figure]:
    """Pages a second and core at each resolution, and the memory that it takes; `made` must be closed."""
    office = made.folder / "office"
    figures: list[Figure] = []
    for dpi, files in scans.items():
        before = decode_seconds(files)
        timed, memory = read_apart(office, files)
        floor = (before + decode_seconds(files)) / 2
        figures += [
            _rate(f"read-{dpi}-dpi", timed.pages, timed.seconds, floor),
            # Without the workers' start and the keeping of the first file, which a longer pile makes small.
            _rate(f"read-{dpi}-dpi-after-the-first", timed.pages - 1, timed.seconds - timed.first, floor),
            Figure(f"first-page-{dpi}-dpi", round(timed.first, 2), "s from the start to the first page read"),
            *_memory(f"memory-{dpi}-dpi", timed.pages, memory),
        ]
    pile = long_pile(scans[200], made.folder / "a long pile.pdf")
    timed, memory = read_apart(office, [pile])
    pile.unlink()
    return figures + _memory("memory-of-a-long-pile", timed.pages, memory)


def _rate(name: str, pages: int, seconds: float, floor: float) -> Figure:
    """`floor` are the seconds that only decoding the same pages takes."""
    return Figure(
        name,
        round(pages / seconds / CORES, 2),
        "pages a second and core",
        round(pages / floor / CORES, 2),
        round(seconds / floor, 2),
        MOST,
    )


def _memory(name: str, pages: int, memory: float | None) -> list[Figure]:
    if memory is None:
        return []
    return [Figure(name, memory, f"MB at most, all processes together, for {pages} pages", goal=_MOST_MB)]


def main() -> None:
    """Read the files named after the office's folder, and print a `Timed`."""
    folder, *files = map(Path, sys.argv[1:])
    with open_office(folder, None, PASSWORD) as office:
        begun = perf_counter()
        job = read_scans(office, files)
        while next(job).done == 0:
            pass
        first = perf_counter() - begun
        done = finish(job)
        seconds = perf_counter() - begun
    totals = done.report.totals
    if totals["read"] + totals["review"] + totals["duplicate"] != totals["pages"]:
        raise SystemExit(f"only part of the pages was read: {totals}")
    sys.stdout.write(msgspec.json.encode(Timed(totals["pages"], seconds, first)).decode())
