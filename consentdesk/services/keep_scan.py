"""A scan file is kept, encrypted and with its hash, before anything in it is interpreted (rule S3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from consentdesk.errors import KnownError
from consentdesk.scanning.batch import ScanError
from consentdesk.scanning.pages import kind_of
from consentdesk.scanning.pictures import PageProblem
from consentdesk.services.office import Office
from consentdesk.services.progress import Job, Progress
from consentdesk.store import scans

CHUNK: Final = 1_000_000
"""Bytes that are read, hashed and kept at a time."""
_CHUNKS_A_COMMIT: Final = 8


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
    sha256: str
    pages: int | None


def keep_scan(office: Office, path: Path) -> Job[KeptScan]:
    """Keep the scan file at `path`; one with the same bytes that was kept before is returned instead.

    Raises `ScanError` for what is no scan at all, and `HalfWritten`; nothing is kept of either.
    """
    try:
        kind_of(path)
        before = _state(path)
        digest = hashlib.sha256()
        for chunk in _chunks(path):
            digest.update(chunk)
            yield Progress(0, 0, f"looking at {path.name}")
        sha256 = digest.hexdigest()
        known = scans.file_with(office.db, sha256)
        if known is not None:
            return KeptScan(known.id, sha256, known.pages)
        file, copied = yield from _copy(office, path, before[0])
        if copied != sha256 or _state(path) != before:
            scans.drop_file(office.db, file)
            raise HalfWritten(path.name)
        scans.finish_file(office.db, file, sha256, None)
    except PageProblem as error:
        raise ScanError(path.name, error.reason) from error
    except OSError as error:
        raise ScanError(path.name, "gone") from error
    return KeptScan(file, sha256, None)


def _copy(office: Office, path: Path, size: int) -> Job[tuple[str, str]]:
    """Copy the file's bytes into the images' file; its id, and the hash of what was copied."""
    file = scans.begin_file(office.db, path.name, size)
    digest = hashlib.sha256()
    waiting: list[bytes] = []
    number = 0
    for chunk in _chunks(path):
        digest.update(chunk)
        waiting.append(chunk)
        if len(waiting) == _CHUNKS_A_COMMIT:
            number = _keep(office, file, number, waiting)
            yield Progress(0, 0, f"keeping {path.name}")
    _keep(office, file, number, waiting)
    return file, digest.hexdigest()


def _keep(office: Office, file: str, number: int, waiting: list[bytes]) -> int:
    """Keep the pieces in `waiting` from `number` on, and empty it; the number that comes next."""
    with office.db.writing_images():
        for at, chunk in enumerate(waiting, start=number):
            scans.keep_chunk(office.db, file, at, chunk)
    following = number + len(waiting)
    waiting.clear()
    return following


def _state(path: Path) -> tuple[int, int]:
    """What changes with a file: its size in bytes, and when it was last written, in ns."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
