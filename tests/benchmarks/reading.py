"""Reading, from a scan file to the committed reading, beside only decoding the same pictures."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
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
from tests.benchmarks.school import School

DAY = date(2026, 9, 14)
MOST = 4.0
"""Reading may cost so many times what decoding alone does."""
CORES = os.cpu_count() or 1


class Timed(NamedTuple):
    """One run of the read service: pages, seconds, and the most memory in MB, of all its processes together."""

    pages: int
    seconds: float
    memory: float


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


def read_apart(folder: Path, files: Sequence[Path]) -> Timed:
    """Read `files` into the closed office of `folder`, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.reading", str(folder), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
    return msgspec.json.decode(done.stdout, type=Timed)


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
    """Pages a second and core at each resolution; `made` must be closed."""
    figures = []
    for dpi, files in scans.items():
        before = decode_seconds(files)
        timed = read_apart(made.folder / "office", files)
        floor = (before + decode_seconds(files)) / 2
        figures.append(
            Figure(
                f"read-{dpi}-dpi",
                round(timed.pages / timed.seconds / CORES, 2),
                "pages a second and core",
                round(timed.pages / floor / CORES, 2),
                round(timed.seconds / floor, 2),
                MOST,
            )
        )
        figures.append(Figure(f"memory-{dpi}-dpi", timed.memory, f"MB at most for {timed.pages} pages"))
    return figures


def main() -> None:
    """Read the files named after the office's folder, and print a `Timed`."""
    folder, *files = map(Path, sys.argv[1:])
    with open_office(folder, None, PASSWORD) as office:
        begun = perf_counter()
        done = finish(read_scans(office, files))
        seconds = perf_counter() - begun
    totals = done.report.totals
    if totals["read"] + totals["review"] != totals["pages"]:
        raise SystemExit(f"only part of the pages was read: {totals}")
    own, workers = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    memory = round((own + CORES * workers) / 1024, 1)
    sys.stdout.write(msgspec.json.encode(Timed(totals["pages"], seconds, memory)).decode())


if __name__ == "__main__":
    main()
