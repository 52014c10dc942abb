"""Whole scans, for as long as they are kept: one encrypted file each, in the folder `scans` of the office.

They are large and pass soon, so they lie beside the databases: SQLCipher takes many times as long over them.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentdesk import paths
from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.store import school
from consentdesk.store.database import Database
from consentdesk.store.tables import scan_chunk, scan_file

FOLDER: Final = "scans"
PIECE: Final = 1_000_000
"""Bytes that are encrypted together; only a scan's last piece may be shorter."""
_SETTING: Final = "scan-secret"
_FORMAT: Final = b"\x01"
_SALT_BYTES: Final = 32
_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
_HEAD_BYTES: Final = len(_FORMAT) + _SALT_BYTES
_OURS: Final = re.compile(r"[0-9a-f]{32}")
"""How the file of a scan is called: by its id, which tells nothing."""


class Copy:
    """A scan on its way to the disk."""

    def __init__(self, path: Path, out: FileIO, cipher: AESGCM) -> None:
        """Write to `out`, the open file at `path`, whose name is the additional data of every piece."""
        self._folder, self._about = path.parent, path.name.encode()
        self._out, self._cipher = out, cipher
        self._number = 0
        self._held = b""

    def add(self, data: bytes) -> None:
        """Take the scan's next bytes, as many as there are."""
        while data:
            if len(self._held) == PIECE:
                # Only now: which piece is the last shows when nothing follows.
                with _told(self._folder):
                    self._seal(self._held, last=False)
                self._held = b""
            # What comes as whole pieces is never copied.
            part = data if len(data) <= PIECE - len(self._held) else data[: PIECE - len(self._held)]
            self._held = self._held + part if self._held else part
            data = data[len(part) :]

    def flush(self) -> None:
        """Have the disk begin with what was written so far, so that the end keeps nobody waiting."""
        with _told(self._folder):
            if sys.platform == "linux":
                # Written out without waiting, and not held in memory: nobody reads it again soon, and to find room for
                # every piece anew costs the system more than to write it.
                os.posix_fadvise(self._out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            else:
                os.fsync(self._out.fileno())

    def end(self) -> None:
        """Write the last piece, and wait until the disk has taken all."""
        with _told(self._folder):
            self._seal(self._held, last=True)
            os.fsync(self._out.fileno())
        self.flush()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        _write(self._out, self._cipher.encrypt(_nonce(self._number, last=last), piece, self._about))
        self._number += 1


def begin_file(db: Database, name: str, size: int) -> str:
    """Start to keep a scan of `size` bytes; the id under which its bytes follow."""
    file = uuid4().hex
    db.office.write(scan_file.insert().values(id=file, name=name, size=size, begun=db.now()))
    return file


@contextmanager
def copying(db: Database, file: str) -> Iterator[Copy]:
    """Keep a scan's bytes: all are on the disk when the block ends, and none where it fails.

    AES-256-GCM over pieces in the STREAM construction: a piece's nonce holds its number and whether it is the last, so
    none can be cut off, moved or added. The key is this file's own. It is made from a secret in the office's
    settings, which a change of the data key leaves as it is. Raises `KnownError` where the disk takes no more.
    """
    folder = paths.make_private_folder(db.folder / FOLDER)
    salt = secrets.token_bytes(_SALT_BYTES)
    cipher = AESGCM(_key(_secret(db), db.id, file, salt))
    path = folder / file
    with _told(folder):
        # Without a buffer, which would be flushed again where the disk is full already.
        out = path.open("xb", buffering=0)
    try:
        with out:
            with _told(folder):
                _write(out, _FORMAT + salt)
            copy = Copy(path, out, cipher)
            yield copy
            copy.end()
        with _told(folder):
            paths.flush_folder(folder)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def finish_file(db: Database, file: str, sha256: str, pages: int | None) -> None:
    """The scan is wholly kept: its content's hash (hex) and its number of pages, None while not yet known."""
    db.office.write(
        scan_file.update().where(scan_file.c.id == file).values(sha256=sha256, pages=pages, finished=db.now())
    )


def drop_file(db: Database, file: str) -> None:
    """Forget a scan of which no page was read: one that changed while it was kept."""
    remove_bytes(db, file)
    db.office.write(scan_file.delete().where(scan_file.c.id == file))


def pieces(db: Database, file: str) -> Iterator[bytes]:
    """A scan's bytes in their order, a piece at a time; none where they have been removed.

    Raises `DamagedOffice` where they are not, to the last one, as they were kept.
    """
    try:
        kept = (db.folder / FOLDER / file).open("rb")
    except FileNotFoundError:
        yield from _pieces_in_images(db, file)
        return
    with kept:
        head = kept.read(_HEAD_BYTES)
        if len(head) < _HEAD_BYTES or not head.startswith(_FORMAT):
            raise _damaged(file)
        cipher = AESGCM(_key(_secret(db), db.id, file, head[len(_FORMAT) :]))
        number, sealed = 0, kept.read(PIECE + _TAG_BYTES)
        while True:
            following = kept.read(PIECE + _TAG_BYTES)
            try:
                yield cipher.decrypt(_nonce(number, last=not following), sealed, file.encode())
            except (InvalidTag, ValueError) as error:
                raise _damaged(file) from error
            if not following:
                return
            number, sealed = number + 1, following


def _pieces_in_images(db: Database, file: str) -> Iterator[bytes]:
    """The same of a scan that was kept before scans had files of their own: it lies in the images' file."""
    number = 0
    while True:
        row = db.images.one(
            sa.select(scan_chunk.c.data).where(scan_chunk.c.file == file, scan_chunk.c.n == number)
        )
        if row is None:
            return
        yield row.data
        number += 1


def remove_bytes(db: Database, file: str) -> None:
    """Remove a scan's bytes for good; what is known of it, and what was read from it, stays.

    Its salt is overwritten first: whoever finds the rest on the disk later has no key to it. Raises `KnownError`
    where the disk refuses.
    """
    path = db.folder / FOLDER / file
    with _told(path.parent), suppress(FileNotFoundError):
        with path.open("rb+") as out:
            out.write(bytes(_HEAD_BYTES))
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
        paths.flush_folder(path.parent)
    if db.images.one(sa.select(scan_chunk.c.n).where(scan_chunk.c.file == file).limit(1)) is not None:
        db.images.write(scan_chunk.delete().where(scan_chunk.c.file == file))
        db.images.shrink()


def with_bytes(db: Database) -> set[str]:
    """The ids of all scans of which bytes are kept, wholly or in part."""
    folder = db.folder / FOLDER
    found = {row.file for row in db.images.rows(sa.select(scan_chunk.c.file).distinct())}
    if folder.is_dir():
        found |= {path.name for path in folder.iterdir() if _OURS.fullmatch(path.name)}
    return found


def findings(db: Database) -> tuple[str, ...]:
    """What is wrong with the kept scans, a sentence; empty where every byte is as it was kept."""
    broken = [file for file in sorted(with_bytes(db)) if not _is_sound(db, file)]
    if not broken:
        return ()
    return (f"{FOLDER}: {len(broken)} kept scans are not as they were kept, the first of them {broken[0]}.",)


def _is_sound(db: Database, file: str) -> bool:
    try:
        for _ in pieces(db, file):
            pass
    except DamagedOffice:
        return False
    return True


def _secret(db: Database) -> bytes:
    """What the keys of all scans are made from; drawn when the first scan is kept."""
    kept = school.setting(db, _SETTING)
    if isinstance(kept, str):
        return bytes.fromhex(kept)
    drawn = secrets.token_bytes(_KEY_BYTES)
    school.set_setting(db, _SETTING, drawn.hex())
    return drawn


def _key(secret: bytes, database: str, file: str, salt: bytes) -> bytes:
    """The key of one file of one office (HKDF-SHA256)."""
    info = msgspec.json.encode(["ConsentDesk", database, "scan", file])
    return HKDF(SHA256(), _KEY_BYTES, salt=salt, info=info).derive(secret)


def _write(out: FileIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[out.write(left) :]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _damaged(file: str) -> DamagedOffice:
    return DamagedOffice(
        f"the kept scan {file} is not as it was kept",
        "what was read from it before is not touched",
        "scan the paper again if the whole page is wanted",
    )


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the disk says into the sentence about it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise KnownError(
                "the disk is full, so the scan was not kept",
                "all that was saved before is safe",
                "free some space and try again",
            ) from error
        raise paths.write_error(folder, error) from error
