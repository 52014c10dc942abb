"""An open office: its two encrypted files, the head of its ledger, and the mark that follows each commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from consentdesk.logs import log
from consentdesk.store import mark, reserve
from consentdesk.store.chain import Head
from consentdesk.store.cipher import EncryptedFile
from consentdesk.store.reserve import DiskFull

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
    `notices` are sentences to show once after opening. `next_key` is there while the data key is being changed.
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
    next_key: bytes | None = field(default=None, repr=False)

    def now(self) -> datetime:
        """The moment that records made now carry, aware and in UTC."""
        return self.clock().astimezone(UTC)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction on `office.db`, kept whole or not at all; a block within it joins it.

        The high-water mark follows the commit. Raises `KnownError` where the disk is full or read-only: then
        nothing of the block is kept; a full disk has its reserve freed, so that a second try finds room. Images
        are written before the events that name them.
        """
        if self.office.in_transaction:
            with self.office.writing():
                yield
            return
        before = self.head
        self._attend_to_room()
        try:
            with self.office.writing():
                yield
        except BaseException as error:
            self.head = before
            if isinstance(error, DiskFull):
                self._free_reserve()
            raise
        if self.head != before:
            self.keep_mark(clean=False)

    @contextmanager
    def writing_images(self) -> Iterator[None]:
        """One transaction on `images.db`, as `writing` is on `office.db`.

        Raises `DiskFull` where what room is left is kept for answers and withdrawals.
        """
        if not self.images.in_transaction:
            self._attend_to_room()
            reserve.refuse_pictures(self.folder)
        with self.images.writing():
            yield

    def _attend_to_room(self) -> None:
        if reserve.is_low(self.folder):
            self._free_reserve()

    def _free_reserve(self) -> None:
        if reserve.give_free(self.folder):
            self.notices.append(
                "The disk is nearly full. What room is left is kept for answers and withdrawals; free some space soon."
            )

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
            self.let_go()

    def let_go(self) -> None:
        """Close both files and write no mark: for a backup that was only looked at."""
        self.office.close()
        self.images.close()
