"""An open office: its two encrypted files, the head of its ledger, and the mark that follows each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consentdesk.logs import log
from consentdesk.store import mark
from consentdesk.store.chain import Head
from consentdesk.store.cipher import EncryptedFile

OFFICE = "office.db"
IMAGES = "images.db"
KEYS = "office.keys"

Clock = Callable[[], datetime]


def now_in_utc() -> datetime:
    """This moment by the computer's clock."""
    return datetime.now(UTC)


@dataclass
class Database:
    """The two files of an open office, used by the one thread that opened it.

    `head` is where the ledger ends, rows of an open transaction included; only the ledger moves it.
    `notices` are sentences to show once after opening.
    """

    folder: Path
    id: str
    data_key: bytes = field(repr=False)
    mark_key: bytes = field(repr=False)
    office: EncryptedFile
    images: EncryptedFile
    head: Head
    clock: Clock = now_in_utc
    notices: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """The moment that records made now carry, aware and in UTC."""
        return self.clock().astimezone(UTC)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction on `office.db`, kept whole or not at all; a block within it joins it.

        The high-water mark follows the commit. Raises `KnownError` where the disk is full or read-only: then
        nothing of the block is kept. Images are written before the events that name them.
        """
        if self.office.in_transaction:
            with self.office.writing():
                yield
            return
        before = self.head
        try:
            with self.office.writing():
                yield
        except BaseException:
            self.head = before
            raise
        if self.head != before:
            self.keep_mark(clean=False)

    @contextmanager
    def writing_images(self) -> Iterator[None]:
        """One transaction on `images.db`, as `writing` is on `office.db`."""
        with self.images.writing():
            yield

    def keep_mark(self, *, clean: bool) -> None:
        """Put this computer's high-water mark at the head; `clean` when the office is being closed.

        What was committed stays committed even where the mark cannot be kept: that costs a notice, not the work.
        """
        try:
            mark.write(mark.Mark(self.id, self.head.events, self.head.hash, clean), self.mark_key)
        except OSError as error:
            log.warning("the high-water mark was not written: %s", type(error).__name__)
            sentence = (
                "This computer could not note how far the office’s records have come, so it could not tell if an "
                "older copy were put in their place. Ask your technician to check its disk."
            )
            if sentence not in self.notices:
                self.notices.append(sentence)

    def close(self) -> None:
        """Note a proper end, and let go of both files; harmless when done twice."""
        if not self.office.closed:
            self.keep_mark(clean=True)
            self.office.close()
            self.images.close()
