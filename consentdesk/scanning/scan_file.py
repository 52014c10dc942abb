"""Scan files from outside: what kind one is, the limits it is held to, and the reasons against it or a page of it.

Imports no decoder: whoever keeps files need not wait for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.model.reading import Outcome, PageReading, Problem

MAX_FILE: Final = 2 * 1024**3
MAX_PAGES: Final = 2_000
MAX_STREAM: Final = 60_000_000
MAX_PIXELS: Final = 60_000_000

SENTENCES: Final[dict[str, str]] = {
    "empty-file": "the file is empty",
    "too-large": "the file is over 2 GB",
    "too-many-pages": f"the file has over {MAX_PAGES} pages",
    "no-pages": "the file holds no pages",
    "encrypted": "the file is protected by a password",
    "cut-short": "the file is cut short or damaged",
    "not-a-scan": "the file is not a PDF, TIFF, JPEG or PNG",
    "gone": "the file is missing or may not be opened",
    "cut-image": "the picture on the page is cut short or damaged",
    "huge-page": "the page’s picture is over 60 megapixels",
    "cannot-decode": "the picture on the page cannot be decoded",
    "worker-died": "the page broke the reader",
    "too-slow": "the page took longer than ten seconds to read",
}
"""One clause for each reason that a file or page cannot be taken."""

SINGLE: Final = frozenset({"jpeg", "png"})
"""Kinds of which a file is one page."""
_OVER_A_LIMIT: Final = frozenset({"huge-page", "too-slow"})


def problem(reason: str) -> Problem:
    """The reason as data, with its sentence."""
    text = SENTENCES[reason]
    return Problem(reason, text[:1].upper() + text[1:] + ".")


def unreadable(number: int, reason: str) -> PageReading:
    """What is said of page `number` in place of a reading; one over a limit is refused."""
    outcome = Outcome.REFUSED if reason in _OVER_A_LIMIT else Outcome.UNREADABLE
    return PageReading(number, outcome=outcome, problem=problem(reason))


class PageProblem(Exception):
    """A file or page that cannot be taken; `reason` is a key of `SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ScanError(KnownError):
    """A scan file that cannot be taken; `reason` is its short stable word."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"the file {name} was not read because {SENTENCES[reason]}",
            "nothing that was recorded before is changed",
            _TODO.get(reason, "scan the pages again and read the new file"),
        )
        self.reason = reason


_TODO: Final[dict[str, str]] = {
    "encrypted": "save it without a password, or scan the pages again",
    "not-a-scan": "give the file that the scanner made",
    "too-large": "scan in smaller stacks",
    "too-many-pages": "scan in smaller stacks",
    "gone": "look where the scanner saves its files",
}


@dataclass(frozen=True)
class ScanFacts:
    """A scan file at a glance: how many pages, and `pdf`, `tiff`, `jpeg` or `png`."""

    pages: int
    kind: str


def kind_of(untrusted_path: Path) -> str:
    """What the first bytes say the file is: `pdf`, `tiff`, `jpeg` or `png`. Raises `PageProblem`."""
    try:
        size = untrusted_path.stat().st_size
        with untrusted_path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise PageProblem("gone") from error
    if size == 0:
        raise PageProblem("empty-file")
    if size > MAX_FILE:
        raise PageProblem("too-large")
    if b"%PDF-" in head:
        return "pdf"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    raise PageProblem("not-a-scan")
