"""Pages through worker processes: all that go in come out, in order, whatever becomes of a worker."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import cv2
import numpy as np
import pytest

from consentdesk.model.decision import decide
from consentdesk.model.reading import Outcome, PageReading
from consentdesk.printing.locked import encrypted
from consentdesk.scanning import batch
from consentdesk.scanning.batch import Reader
from consentdesk.scanning.rehearsal.files import write_tiff
from consentdesk.scanning.rehearsal.pdf import PdfStyle, write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.rehearsal.strangers import letter_page
from consentdesk.scanning.scan_file import ScanError, ScanFacts
from consentdesk.scanning.worker import WORKER_MEMORY
from tests.scanning.made_up import Version, answer_all, moved, turned_by
from tests.scanning.odd_files import flate_image, huge_png, jpeg, jpeg_image, pdf_of

DPI = 150


@pytest.fixture(scope="module")
def elsewhere() -> Iterable[BaseProcess]:
    """Processes that other tests may have left running."""
    return multiprocessing.active_children()


@pytest.fixture(scope="module")
def reader(versions: dict[str, Version], elsewhere: Iterable[BaseProcess]) -> Iterator[Reader]:
    """One worker, kept for all tests: it outlives whatever the pages before did to it."""
    with Reader([version.template for version in versions.values()], workers=1) as kept:
        yield kept


@pytest.fixture(scope="module")
def pile(few: Version) -> list[Scan]:
    """A slip, its page's blank back, somebody's letter, and a slip that lies crooked."""
    first, second = (few.page(child, dpi=DPI) for child in (0, 1))
    for page in (first, second):
        answer_all(page, few.layout, dpi=DPI)
    back = np.full_like(first, 250)
    letter = letter_page(np.random.default_rng(1), DPI)
    return [Scan(page, DPI) for page in (first, back, letter, moved(second, turned_by(second, 3)))]


def read(reader: Reader, path: Path, skip: frozenset[int] = frozenset()) -> list[PageReading]:
    return list(reader.pages(path, reader.facts(path), skip))


def outcomes(readings: Sequence[PageReading]) -> list[tuple[int, str | None]]:
    return [(reading.number, reading.outcome and reading.outcome.value) for reading in readings]


# The plain case


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
def test_every_page_comes_out_once_and_in_order(
    kind: str, reader: Reader, pile: list[Scan], few: Version, tmp_path: Path
) -> None:
    path = tmp_path / "pile"
    if kind == "pdf":
        write_pdf(pile, path, PdfStyle(rotate=90))
    else:
        write_tiff(pile, path)
    assert reader.facts(path) == ScanFacts(4, kind)
    readings = read(reader, path)
    assert outcomes(readings) == [(1, None), (2, "blank"), (3, "foreign"), (4, None)]
    for reading, child in ((readings[0], 0), (readings[3], 1)):
        (slip,) = reading.slips
        assert slip.codes == few.codes(child)
        assert [answer.answer for answer in decide(slip).answers.values()] == ["yes", "no"]


def test_pages_that_were_read_before_are_left_out(reader: Reader, pile: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "pile.pdf"
    write_pdf(pile, path)
    assert outcomes(read(reader, path, frozenset({1, 3}))) == [(2, "blank"), (4, None)]
    assert read(reader, path, frozenset({1, 2, 3, 4})) == []


def test_more_pages_than_a_worker_is_given_at_once(reader: Reader, pile: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "pile.pdf"
    write_pdf([pile[1]] * 11, path)
    assert outcomes(read(reader, path)) == [(number, "blank") for number in range(1, 12)]


def test_a_run_may_end_early_and_another_begin(reader: Reader, pile: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "pile.pdf"
    write_pdf([pile[1]] * 11, path)
    begun = reader.pages(path, reader.facts(path))
    assert next(begun).number == 1
    begun.close()
    assert outcomes(read(reader, path, frozenset(range(2, 11)))) == [(1, "blank"), (11, "blank")]


def test_whoever_has_something_else_to_do_may_wait_for_a_page_in_steps(
    reader: Reader, pile: list[Scan], tmp_path: Path
) -> None:
    path = tmp_path / "pile.pdf"
    write_pdf([pile[1]] * 3, path)
    look = reader.look(path)
    while not reader.is_done(look, 0.01):
        reader.attend()
    assert reader.found(look) == ScanFacts(3, "pdf")
    pages = [reader.begin(path, "pdf", number) for number in (3, 1, 2)]
    while not reader.is_done(pages[-1], 0.01):
        reader.attend()
    assert outcomes([reader.finish(page) for page in pages]) == [(3, "blank"), (1, "blank"), (2, "blank")]


# Pages that cannot be read


def test_a_broken_page_is_named_and_its_neighbours_are_read(
    reader: Reader, pile: list[Scan], tmp_path: Path
) -> None:
    slip = pile[0].image
    points = (slip.shape[1] * 72 / DPI, slip.shape[0] * 72 / DPI)
    whole = jpeg(slip)
    parts = [flate_image(slip), jpeg_image(slip, whole[: len(whole) // 2]), jpeg_image(slip)]
    path = tmp_path / "pile.pdf"
    path.write_bytes(
        pdf_of([(f"q {points[0]} 0 0 {points[1]} 0 0 cm /Im0 Do Q", [part]) for part in parts], size=points)
    )
    readings = read(reader, path)
    assert outcomes(readings) == [(1, None), (2, "unreadable"), (3, None)]
    problem = readings[1].problem
    assert problem is not None
    assert problem.reason == "cut-image"
    assert problem.text == "The picture on the page is cut short or damaged."


def test_a_page_over_a_limit_is_refused_by_name(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(huge_png(60_000, 60_000))
    (reading,) = read(reader, path)
    assert reading.outcome is Outcome.REFUSED
    assert reading.problem is not None
    assert reading.problem.reason == "huge-page"


def test_a_picture_that_is_no_page_has_an_outcome_too(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "strip.png"
    for shape in ((1, 1), (2, 5000), (5000, 2)):
        path.write_bytes(cv2.imencode(".png", np.zeros(shape, np.uint8))[1].tobytes())
        (reading,) = read(reader, path)
        assert reading.outcome is not None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty-file"),
        (b"Dear parent,", "not-a-scan"),
        (b"%PDF-1.4\n" + b"0" * 3000, "cut-short"),
        (encrypted(pdf_of([("", ())], size=(99, 99)), "made up words"), "encrypted"),
        (None, "gone"),
    ],
)
def test_a_file_that_cannot_be_taken_is_a_known_error_with_its_reason(
    data: bytes | None, reason: str, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "monday.pdf"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ScanError, match=r"monday\.pdf was not read because ") as caught:
        reader.facts(path)
    assert caught.value.reason == reason
    assert caught.value.todo
    assert str(tmp_path) not in caught.value.sentence


# Workers that die or hang

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
"""A pipe is a scan file whose reader waits until the test lets it go on: nothing hangs on the machine's speed."""


def through_a_pipe(
    reader: Reader, folder: Path, feeds: Sequence[Callable[[Path], None]]
) -> list[PageReading]:
    """The readings of a file of as many pages as there are `feeds`; each says what its page's worker gets."""
    path = folder / "pile.png"
    os.mkfifo(path)
    # A page's turn comes once the page before it is out and has let go of the pipe.
    turn = threading.Semaphore(1)

    def serve() -> None:
        for feed in feeds:
            turn.acquire()
            feed(path)

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    readings = []
    for reading in reader.pages(path, ScanFacts(len(feeds), "png")):
        readings.append(reading)
        turn.release()
    server.join()
    return readings


def give(picture: np.ndarray) -> Callable[[Path], None]:
    """Let the worker that reads have a whole picture."""
    data = cv2.imencode(".png", picture)[1].tobytes()

    def feed(path: Path) -> None:
        path.write_bytes(data)

    return feed


def workers(elsewhere: Iterable[BaseProcess]) -> list[BaseProcess]:
    """The reader's own: one, unless it is just being replaced."""
    return [process for process in multiprocessing.active_children() if process not in elsewhere]


def end_the_worker(elsewhere: Iterable[BaseProcess]) -> Callable[[Path], None]:
    """Wait until a worker reads, then end it as the system ends one that takes too much."""

    def feed(path: Path) -> None:
        with path.open("wb"):
            for worker in workers(elsewhere):
                worker.kill()
                worker.join()

    return feed


def keep_it_waiting(elsewhere: Iterable[BaseProcess]) -> Callable[[Path], None]:
    """Wait until a worker reads, and give it nothing until it is replaced."""

    def feed(path: Path) -> None:
        waiting = workers(elsewhere)
        with path.open("wb"):
            for worker in waiting:
                worker.join()

    return feed


@needs_pipes
def test_a_killed_worker_loses_one_page_and_the_rest_goes_on(
    reader: Reader, elsewhere: Iterable[BaseProcess], pile: list[Scan], few: Version, tmp_path: Path
) -> None:
    slip, back = pile[0].image, pile[1].image
    readings = through_a_pipe(
        reader, tmp_path, [give(back), end_the_worker(elsewhere), give(slip), give(back)]
    )
    assert outcomes(readings) == [(1, "blank"), (2, "unreadable"), (3, None), (4, "blank")]
    assert readings[1].problem is not None
    assert readings[1].problem.reason == "worker-died"
    assert readings[2].slips[0].codes == few.codes(0)


@needs_pipes
def test_a_page_that_takes_too_long_is_given_up_and_the_rest_goes_on(
    reader: Reader,
    elsewhere: Iterable[BaseProcess],
    pile: list[Scan],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batch, "PAGE_SECONDS", 2)
    readings = through_a_pipe(reader, tmp_path, [keep_it_waiting(elsewhere), give(pile[1].image)])
    assert outcomes(readings) == [(1, "refused"), (2, "blank")]
    assert readings[0].problem is not None
    assert readings[0].problem.reason == "too-slow"


@contextmanager
def little_memory(worker: int) -> Iterator[None]:
    """Leave a worker process 20 MB more than it has now."""
    resource = pytest.importorskip("resource")
    before = resource.prlimit(worker, resource.RLIMIT_AS)
    taken = int(Path(f"/proc/{worker}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(worker, resource.RLIMIT_AS, (taken + 20_000_000, before[1]))
    yield
    resource.prlimit(worker, resource.RLIMIT_AS, before)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux alone")
def test_a_page_that_takes_too_much_memory_is_refused_and_the_next_is_read(
    reader: Reader, elsewhere: Iterable[BaseProcess], pile: list[Scan], tmp_path: Path
) -> None:
    path = tmp_path / "greedy.png"
    path.write_bytes(cv2.imencode(".png", pile[0].image)[1].tobytes())
    assert read(reader, path)[0].slips
    (worker,) = workers(elsewhere)
    assert worker.pid is not None
    with little_memory(worker.pid):
        path.write_bytes(cv2.imencode(".png", np.full((7000, 7000), 255, np.uint8))[1].tobytes())
        (reading,) = read(reader, path)
    assert reading.outcome is Outcome.REFUSED
    assert reading.problem is not None
    assert reading.problem.reason == "huge-page"
    path.write_bytes(cv2.imencode(".png", pile[0].image)[1].tobytes())
    assert read(reader, path)[0].slips


def test_a_worker_has_a_limit_of_memory(
    reader: Reader, elsewhere: Iterable[BaseProcess], tmp_path: Path
) -> None:
    """1.5 GB beyond what it starts with: what a hostile picture unpacks to must not take the computer down."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("memory is limited on Linux alone")
    with pytest.raises(ScanError):
        reader.facts(tmp_path / "a worker has started once it has answered")
    (worker,) = workers(elsewhere)
    soft, hard = resource.prlimit(worker.pid, resource.RLIMIT_AS)
    assert WORKER_MEMORY < soft == hard < 3 * WORKER_MEMORY
    assert resource.prlimit(worker.pid, resource.RLIMIT_CORE) == (0, 0)


def test_a_closed_reader_leaves_no_process_behind(few: Version, pile: list[Scan], tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    path = tmp_path / "pile.pdf"
    write_pdf(pile[:1], path)
    with Reader([few.template], workers=1) as short:
        assert len(read(short, path)) == 1
        assert set(multiprocessing.active_children()) - before
    assert set(multiprocessing.active_children()) <= before
