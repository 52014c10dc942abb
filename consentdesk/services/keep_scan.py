"""A scan file is kept, encrypted and with its hash, before anything in it is interpreted (rule S3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.scanning.scan_file import PageProblem, ScanError, kind_of
from consentdesk.services.office import Office
from consentdesk.services.progress import Job, Progress
from consentdesk.store import scan_files, scans

CHUNK: Final = scan_files.PIECE
"""Bytes that are read, hashed and kept at a time."""
_CHUNKS_A_STEP: Final = 4
"""So many go to the disk before the next are read, so that no step takes much longer than 50 ms."""


class HalfWritten(KnownError):
    """A scan file that changed while it was read."""

    reason = "half-written"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the file {name} was not read because it changed meanwhile, as if the scanner were still writing it",
            "nothing that was recorded before is changed",
            "wait until the scanner has finished and give the file again",
        )


class KeptScan(NamedTuple):
    """A scan file in the office's keeping; `pages` is None where it was never opened, 0 where it could not be."""

    id: str
    pages: int | None


class Glance(NamedTuple):
    """A file's hash (SHA-256, hex) and how it stood on the disk then; `known` where its bytes were kept before."""

    sha256: str
    state: tuple[int, int]
    known: KeptScan | None


def recognise(office: Office, untrusted_path: Path) -> Job[Glance]:
    """Hash the file, to see whether its bytes were kept before. Raises `ScanError` for what is no scan at all."""
    with _told(untrusted_path):
        kind_of(untrusted_path)
        state = _state(untrusted_path)
        digest = hashlib.sha256()
        for chunk in _chunks(untrusted_path):
            digest.update(chunk)
            yield Progress(0, 0, f"looking at {untrusted_path.name}")
    known = scans.file_with(office.db, digest.hexdigest())
    return Glance(digest.hexdigest(), state, None if known is None else KeptScan(known.id, known.pages))


def keep(office: Office, untrusted_path: Path, seen: Glance) -> Job[KeptScan]:
    """Keep the file's bytes, which must still be those that were `seen`.

    Raises `ScanError` where it is gone, and `HalfWritten` where it is another by now; then nothing of it is kept.
    """
    file = scan_files.begin_file(office.db, untrusted_path.name, seen.state[0])
    try:
        with _told(untrusted_path), scan_files.copying(office.db, file) as copy:
            yield from _copy(untrusted_path, copy, seen)
    except (HalfWritten, ScanError):
        scan_files.drop_file(office.db, file)
        raise
    scan_files.finish_file(office.db, file, seen.sha256, None)
    return KeptScan(file, None)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what is wrong with the file into the sentence about it."""
    try:
        yield
    except PageProblem as error:
        raise ScanError(path.name, error.reason) from error
    except OSError as error:
        raise ScanError(path.name, "gone") from error


def _copy(path: Path, copy: scan_files.Copy, seen: Glance) -> Job[None]:
    """Copy the file's bytes into the office's keeping. Raises `HalfWritten` where they are not what was `seen`."""
    digest = hashlib.sha256()
    for number, chunk in enumerate(_chunks(path), start=1):
        digest.update(chunk)
        copy.add(chunk)
        if number % _CHUNKS_A_STEP == 0:
            copy.flush()
            yield Progress(0, 0, f"keeping {path.name}")
    if digest.hexdigest() != seen.sha256 or _state(path) != seen.state:
        raise HalfWritten(path.name)


def _state(path: Path) -> tuple[int, int]:
    """What changes with a file: its size in bytes, and when it was last written, in ns."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
