"""Scans from the inbox: read, and taken out of it once they are kept and the kept copy was checked (rule S3)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from consentdesk.model.reading import Outcome
from consentdesk.services.keep_scan import CHUNK
from consentdesk.services.kept_reader import KeptReader
from consentdesk.services.office import Office
from consentdesk.services.progress import Job, Progress
from consentdesk.services.read_report import ReadReport
from consentdesk.services.read_scans import read_scans
from consentdesk.store import scan_files, scans
from consentdesk.store.scans import ScanFile

_NOT_TAKEN = (Outcome.REFUSED, Outcome.UNREADABLE)


class InboxFile(NamedTuple):
    """A file as it lay there: its size in bytes, and when it was last written, in ns. What changed is another."""

    path: Path
    size: int
    written: int


class Stayed(NamedTuple):
    """A file that is still where it was, and why, in one sentence."""

    file: InboxFile
    sentence: str


class TakenIn(NamedTuple):
    """What became of every page, which files went from the folder, and which stayed."""

    report: ReadReport
    gone: tuple[Path, ...]
    stayed: tuple[Stayed, ...]


def look_into(folder: Path) -> tuple[InboxFile, ...]:
    """The files in `folder`, oldest first; hidden ones are none of ours. Raises `OSError` where it cannot be read."""
    found = []
    for path in folder.iterdir():
        if path.name.startswith((".", "~")):
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # taken away since the folder was read
        if path.is_file():
            found.append(InboxFile(path, facts.st_size, facts.st_mtime_ns))
    return tuple(sorted(found, key=lambda one: (one.written, one.path.name)))


def take_in(
    office: Office, files: Sequence[InboxFile], *, remove: bool, reader: KeptReader | None = None
) -> Job[TakenIn]:
    """Read `files` as `read_scans` does; with `remove`, delete each that was read to its end.

    A file is deleted only while it still is what was read, and after the copy in the office was decrypted and
    compared with it. One that could not be taken, or not be removed, stays with its sentence. A `reader` is the
    caller's, and is used again; without one the workers are started for this run.
    """
    done = yield from read_scans(
        office, [file.path for file in files], reader=None if reader is None else reader.get()
    )
    gone: list[Path] = []
    stayed: list[Stayed] = []
    for file in files:
        sentence = _refused(done.report, file.path)
        if not sentence and remove:
            sentence = yield from _remove(office, file)
            if not sentence:
                gone.append(file.path)
        if sentence:
            stayed.append(Stayed(file, sentence))
    return TakenIn(done.report, tuple(gone), tuple(stayed))


def _refused(report: ReadReport, path: Path) -> str:
    """Why a file could not be taken as a whole; empty where it could."""
    pages = [page for page in report.pages if page.file in (path.name, str(path))]
    if any(page.outcome not in _NOT_TAKEN or page.slips for page in pages):
        return ""
    return next((page.text for page in pages if isinstance(page.text, str)), "")


def _remove(office: Office, file: InboxFile) -> Job[str]:
    """Delete a file that is safely kept; why not, where it stays."""
    name = file.path.name
    try:
        digest = hashlib.sha256()
        with file.path.open("rb") as content:
            while piece := content.read(CHUNK):
                digest.update(piece)
                yield Progress(0, 0, f"checking {name}")
        kept = scans.file_with(office.db, digest.hexdigest())
        if kept is None or not _read_to_its_end(office, kept):
            return f"{name} was not read to its end, so it stays where it is."
        whole = yield from _is_whole(office, kept, name)
        facts = file.path.stat()
        if not whole or (facts.st_size, facts.st_mtime_ns) != (file.size, file.written):
            return f"{name} changed while it was read, so it stays where it is."
        file.path.unlink()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return f"{name} is read and kept, but could not be removed from the folder ({reason}). Remove it by hand."
    return ""


def _read_to_its_end(office: Office, kept: ScanFile) -> bool:
    return (
        kept.finished is not None
        and bool(kept.pages)
        and len(scans.pages_done(office.db, kept.id)) == kept.pages
    )


def _is_whole(office: Office, kept: ScanFile, name: str) -> Job[bool]:
    """Whether the office's own copy decrypts to the same bytes."""
    digest = hashlib.sha256()
    for piece in scan_files.pieces(office.db, kept.id):
        digest.update(piece)
        yield Progress(0, 0, f"checking the kept copy of {name}")
    return digest.hexdigest() == kept.sha256
