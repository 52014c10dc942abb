"""Many pages under way in several workers: each one comes out, and only one that breaks its worker is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import cv2
import numpy as np
import pytest

from consentdesk.logs import log
from consentdesk.model.reading import Outcome, PageReading
from consentdesk.scanning import batch
from consentdesk.scanning.batch import BegunPage, Reader
from consentdesk.scanning.orders import Bug, encode
from consentdesk.scanning.pool import Task
from consentdesk.scanning.rehearsal.files import write_tiff
from consentdesk.scanning.rehearsal.pdf import write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.scan_file import ScanFacts
from tests.scanning.made_up import Version, answer_all
from tests.scanning.odd_files import huge_png, jpeg

DPI = 150


@pytest.fixture(scope="module")
def others() -> set[BaseProcess]:
    """Processes that other tests may have left running."""
    return set(multiprocessing.active_children())


@pytest.fixture(scope="module")
def reader(few: Version, others: set[BaseProcess]) -> Iterator[Reader]:
    """Two workers, kept for all tests; `others` were there before."""
    with Reader([few.template], workers=2) as kept:
        yield kept


@pytest.fixture(scope="module")
def slip(few: Version) -> np.ndarray:
    """A slip's page, answered."""
    page = few.page(0, dpi=DPI)
    answer_all(page, few.layout, dpi=DPI)
    return page


def holds(worker: BaseProcess, path: Path) -> bool:
    """Whether the worker has the file at `path` open."""
    wanted = path.stat()
    for handle in Path(f"/proc/{worker.pid}/fd").glob("*"):
        with suppress(OSError):  # closed meanwhile
            if os.path.samestat(handle.stat(), wanted):
                return True
    return False


def who_reads(path: Path, others: set[BaseProcess]) -> BaseProcess:
    """The worker that has the pipe at `path` open."""
    while True:
        for worker in set(multiprocessing.active_children()) - others:
            if holds(worker, path):
                return worker


def kill(worker: BaseProcess) -> None:
    """End a worker as the system ends one that takes too much."""
    worker.kill()
    worker.join()


def told(readings: list[PageReading]) -> list[str]:
    """Each page's problem in one word, or `slip`."""
    return [reading.problem.reason if reading.problem else "slip" for reading in readings]


@pytest.mark.skipif(
    not hasattr(os, "mkfifo") or not Path("/proc/self/fd").exists(),
    reason="who reads what is told on Linux alone",
)
@pytest.mark.parametrize(
    ("strike", "outcome", "reason"),
    [(kill, Outcome.UNREADABLE, "worker-died"), (BaseProcess.join, Outcome.REFUSED, "too-slow")],
    ids=["killed", "hung"],
)
@pytest.mark.parametrize("place", [0, 5])
def test_of_many_pages_only_the_one_that_was_being_read_is_lost(
    *,
    strike: Callable[[BaseProcess], None],
    outcome: Outcome,
    reason: str,
    place: int,
    reader: Reader,
    others: set[BaseProcess],
    slip: np.ndarray,
    few: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, trap = tmp_path / "slip.png", tmp_path / "trap.png"
    good.write_bytes(cv2.imencode(".png", slip)[1].tobytes())
    os.mkfifo(trap)

    def serve() -> None:
        with trap.open("wb"):
            strike(who_reads(trap, others))

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    begun = []
    for number in range(9):
        # Shortened for the page that hangs alone: its neighbours may take their time on a busy machine.
        monkeypatch.setattr(batch, "PAGE_SECONDS", 1 if number == place else 60)
        begun.append(reader.begin(trap if number == place else good, "png", number))
    readings = [reader.finish(page) for page in begun]
    server.join()
    assert [reading.number for reading in readings] == list(range(9))
    lost = readings.pop(place)
    assert (lost.outcome, told([lost])) == (outcome, [reason])
    assert [reading.slips[0].codes for reading in readings] == [few.codes(0)] * 8


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what is open is told on Linux alone")
@pytest.mark.parametrize("write", [write_pdf, write_tiff])
def test_when_the_last_page_is_out_no_worker_holds_the_file(
    write: Callable[[list[Scan], Path], object],
    reader: Reader,
    others: set[BaseProcess],
    slip: np.ndarray,
    tmp_path: Path,
) -> None:
    path = tmp_path / "pile"
    write([Scan(slip, DPI)] * 5, path)
    assert told(list(reader.pages(path, reader.facts(path)))) == ["slip"] * 5
    assert not [worker for worker in set(multiprocessing.active_children()) - others if holds(worker, path)]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be stopped here")
def test_a_worker_that_dies_over_a_look_does_not_cost_the_file(
    reader: Reader, others: set[BaseProcess], slip: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "pile.pdf"
    write_pdf([Scan(slip, DPI)] * 3, path)
    assert reader.facts(path) == ScanFacts(3, "pdf")
    workers = set(multiprocessing.active_children()) - others
    for worker in workers:
        os.kill(worker.pid or 0, signal.SIGSTOP)
    look = reader.look(path)
    for worker in workers:
        kill(worker)
    assert reader.found(look) == ScanFacts(3, "pdf")


def test_pages_of_every_bad_kind_are_named_among_good_ones(
    reader: Reader, slip: np.ndarray, tmp_path: Path
) -> None:
    """Cut in two, a bomb over the limit of pixels, rubbish, and a file that is gone."""
    whole = jpeg(slip)
    png = cv2.imencode(".png", slip)[1].tobytes()
    kinds = {
        "cut.jpg": whole[: len(whole) // 2],
        "bomb.png": huge_png(60_000, 60_000),
        "cut.png": png[: len(png) // 2],
        "rubbish.jpg": b"\xff\xd8\xff" + bytes(3000),
    }
    for name, data in kinds.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.jpg").write_bytes(whole)
    names = [name for bad in (*kinds, "gone.jpg") for name in ("good.jpg", bad)] * 3
    begun = [
        reader.begin(tmp_path / name, "png" if name.endswith("png") else "jpeg", number)
        for number, name in enumerate(names)
    ]
    readings = [reader.finish(page) for page in begun]
    assert [reading.number for reading in readings] == list(range(len(names)))
    expected = {
        "cut.jpg": "cut-image",
        "bomb.png": "huge-page",
        "cut.png": "cut-image",
        "rubbish.jpg": "cut-image",
    }
    assert told(readings) == ["slip" if name == "good.jpg" else expected.get(name, "gone") for name in names]


def test_a_bug_in_the_reader_costs_the_one_page_and_is_logged_by_its_place(
    reader: Reader, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "propagate", True)
    answered = Task(b"", 1.0, answer=encode(Bug("IndexError", "measure.py:88")))
    reading = reader.finish(BegunPage(7, answered))
    assert (reading.number, reading.outcome, told([reading])) == (7, Outcome.UNREADABLE, ["worker-died"])
    assert set(caplog.messages) == {"bug IndexError at measure.py:88 in a worker"}
