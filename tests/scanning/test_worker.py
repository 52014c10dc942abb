"""What a worker does with its orders, seen from within its own process."""

from __future__ import annotations

import multiprocessing
import os
import platform
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import cv2
import numpy as np
import pytest

from consentdesk.model.reading import Outcome
from consentdesk.scanning import pages, worker
from consentdesk.scanning.orders import Bug, Learn, Look, Looked, Read, Seen, answer_in, encode, order_in
from consentdesk.scanning.pages import LastFile
from consentdesk.scanning.rehearsal.files import write_tiff
from consentdesk.scanning.rehearsal.pdf import write_pdf
from consentdesk.scanning.rehearsal.scanner import Scan
from consentdesk.scanning.scan_file import PageProblem, ScanFacts, unreadable
from consentdesk.scanning.worker import Templates
from tests.scanning.made_up import Version


@pytest.mark.parametrize(
    "answer",
    [
        Looked(ScanFacts(3, "pdf")),
        Looked("encrypted"),
        Seen(unreadable(4, "too-slow")),
        Bug("IndexError", "measure.py:88"),
    ],
)
def test_answers_go_through_the_pipe_as_they_are(answer: Looked | Seen | Bug) -> None:
    assert answer_in(encode(answer)) == answer


def test_orders_go_through_the_pipe_as_they_are(few: Version) -> None:
    for order in (Learn(few.template), Look("a scan.pdf"), Read("a scan.pdf", "pdf", 7)):
        assert order_in(encode(order)) == order


# Form versions


def test_a_version_is_rendered_when_it_is_first_asked_for_and_once(
    versions: dict[str, Version], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = []
    prepare = worker.prepare
    monkeypatch.setattr(worker, "prepare", lambda told: rendered.append(told.tag) or prepare(told))
    templates = Templates()
    for version in versions.values():
        templates.learn(version.template)
    assert set(templates) == {version.tag for version in versions.values()}
    assert len(templates) == len(versions)
    tag = next(iter(templates))
    assert templates[tag] is templates[tag]
    assert rendered == [tag]
    assert templates.get("0000") is None


# The file that was last asked of


@pytest.fixture
def scans() -> list[Scan]:
    """Three pages that differ."""
    return [Scan(np.full((400, 300), shade, np.uint8), 100) for shade in (60, 120, 180)]


def shade(path: Path, kind: str, number: int, file: LastFile) -> int:
    return round(float(pages.load(path, kind, number, file).mean()) / 60)


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
def test_a_file_stays_open_between_its_pages_in_any_order(
    kind: str, scans: list[Scan], tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    (write_pdf if kind == "pdf" else write_tiff)(scans, path)
    file = LastFile()
    opened = file.pdf(path) if kind == "pdf" else file.tiff(path)
    assert [shade(path, kind, number, file) for number in (1, 3, 2, 2, 1)] == [1, 3, 2, 2, 1]
    assert (file.pdf(path) if kind == "pdf" else file.tiff(path)) is opened
    file.close()


def test_a_long_pdf_is_opened_anew_now_and_then(scans: list[Scan], tmp_path: Path) -> None:
    """PDFium holds on to every stream that it was asked for: a thousand pages would be half a gigabyte."""
    path = tmp_path / "scan"
    write_pdf(scans, path)
    file = LastFile()
    documents = [file.pdf(path) for _ in range(33)]
    assert len(set(map(id, documents))) == 5
    file.close()


@pytest.mark.parametrize("kind", ["pdf", "tiff"])
def test_other_bytes_and_other_files_are_opened_anew(kind: str, scans: list[Scan], tmp_path: Path) -> None:
    write = write_pdf if kind == "pdf" else write_tiff
    path, other = tmp_path / "scan", tmp_path / "other"
    write(scans, path)
    write(scans[1:], other)
    file = LastFile()
    assert shade(path, kind, 1, file) == 1
    assert shade(other, kind, 1, file) == 2
    assert shade(path, kind, 1, file) == 1
    write(scans[2:], path)
    assert shade(path, kind, 1, file) == 3
    path.unlink()
    with pytest.raises(PageProblem, match="gone"):
        shade(path, kind, 1, file)
    file.close()


def test_after_a_page_that_cannot_be_decoded_the_others_still_can(scans: list[Scan], tmp_path: Path) -> None:
    path = tmp_path / "scan"
    write_tiff(scans, path)
    file = LastFile()
    assert shade(path, "tiff", 2, file) == 2
    with pytest.raises(PageProblem):
        shade(path, "tiff", 9, file)
    assert shade(path, "tiff", 3, file) == 3
    file.close()


# Carrying out


def test_a_bug_is_told_by_type_and_place_and_says_nothing_of_what_was_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Ada of 4B")

    monkeypatch.setattr(worker, "read_page", broken)
    path = tmp_path / "page.png"
    path.write_bytes(cv2.imencode(".png", np.full((50, 50), 255, np.uint8))[1].tobytes())
    answer = worker._answer(Read(str(path), "png", 1), Templates(), LastFile())
    assert isinstance(answer, Bug)
    assert answer.error == "ValueError"
    assert answer.place.startswith("test_worker.py:")
    assert " < worker.py:" in answer.place
    assert "Ada" not in answer.place


def test_a_lack_of_memory_refuses_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def greedy(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "read_page", greedy)
    path = tmp_path / "page.png"
    path.write_bytes(cv2.imencode(".png", np.full((50, 50), 255, np.uint8))[1].tobytes())
    answer = worker._answer(Read(str(path), "png", 3), Templates(), LastFile())
    assert answer == Seen(unreadable(3, "huge-page"))
    assert unreadable(3, "huge-page").outcome is Outcome.REFUSED


# On its own


@pytest.fixture
def pipe() -> Iterator[tuple[Connection, Connection]]:
    """The parent's end and the worker's."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    yield ours, theirs
    ours.close()
    theirs.close()


def short_lived(orders: Connection) -> None:
    """A worker that gives an order half a second."""
    worker.work(orders, 0.5)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_worker_that_hangs_ends_itself_though_nobody_watches(
    pipe: tuple[Connection, Connection], tmp_path: Path
) -> None:
    ours, theirs = pipe
    process = multiprocessing.get_context("spawn").Process(target=short_lived, args=(theirs,), daemon=True)
    process.start()
    assert ours.recv_bytes() == b""
    path = tmp_path / "nobody writes here.png"
    os.mkfifo(path)
    ours.send_bytes(encode(Read(str(path), "png", 1)))
    process.join()
    assert process.exitcode == -signal.SIGALRM


def test_a_worker_ends_when_its_parent_is_gone(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    process = multiprocessing.get_context("spawn").Process(target=worker.work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    assert ours.recv_bytes() == b""
    ours.close()
    process.join()
    assert process.exitcode == 0


def over_and_over(orders: Connection) -> None:
    """Take the memory of a large page and give it back, again and again; tell how much the system had to clear."""
    import resource  # noqa: PLC0415 - there is none on Windows

    worker._keep_memory()
    cleared = 0
    for again in range(11):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        pictures = [np.ones(size, np.uint8) for size in (8_700_000, 2_200_000, 8_700_000)]
        del pictures
        if again:
            cleared += resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    orders.send_bytes(str(cleared).encode())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library is left to itself")
def test_memory_is_kept_from_page_to_page(pipe: tuple[Connection, Connection]) -> None:
    ours, theirs = pipe
    process = multiprocessing.get_context("spawn").Process(target=over_and_over, args=(theirs,), daemon=True)
    process.start()
    cleared = int(ours.recv_bytes())
    process.join()
    # Asked for anew, all would take over ten times as many pages of memory.
    assert cleared < 4000
