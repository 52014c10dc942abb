"""The high-water mark: what this computer last saw of an office's ledger, kept outside the office's folder."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import NamedTuple

import msgspec

from consentdesk import paths
from consentdesk.store.chain import Head

_DIGEST = "sha256"
_PAUSES_S = (0.01, 0.03, 0.1)


class Mark(msgspec.Struct, frozen=True):
    """How far the ledger had come, and whether the office was closed properly since (`clean`).

    Up to `head` the chain was checked or written by this computer itself.
    """

    database: str
    events: int
    hash: bytes
    clean: bool

    @property
    def head(self) -> Head:
        """The head of the ledger that was seen."""
        return Head(self.events, self.hash)


class _Proved(msgspec.Struct, frozen=True):
    mark: msgspec.Raw
    mac: bytes


class Found(NamedTuple):
    """The mark of this computer, if any; `disproved` where there is one that this office's key did not make."""

    mark: Mark | None
    disproved: bool = False


def place(database: str) -> Path:
    """Where this computer keeps its mark of the office with this database id."""
    return paths.computer_folder() / "marks" / f"{database}.mark"


def read(database: str, key: bytes) -> Found:
    """This computer's mark of the office, if it has one that `key` proves."""
    try:
        data = place(database).read_bytes()
    except OSError:
        return Found(None)
    try:
        proved = msgspec.json.decode(data, type=_Proved)
        mark = msgspec.json.decode(proved.mark, type=Mark)
    except msgspec.DecodeError:
        return Found(None, disproved=True)
    right = hmac.compare_digest(hmac.digest(key, bytes(proved.mark), _DIGEST), proved.mac)
    return Found(mark) if right and mark.database == database else Found(None, disproved=True)


def write(mark: Mark, key: bytes) -> None:
    """Put `mark` in place of the last one. Raises `OSError` where this computer cannot keep it.

    The file reaches the disk before it takes the old one's name. The folder is not flushed: losing the rename
    in a power cut leaves an older mark, which refuses less but never a sound office, and saves a disk's turn.
    """
    body = msgspec.json.encode(mark)
    data = msgspec.json.encode(_Proved(msgspec.Raw(body), hmac.digest(key, body, _DIGEST)))
    path = place(mark.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        _take_its_name(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _take_its_name(part: Path, path: Path) -> None:
    """Rename, tried again for a moment: on Windows a virus scanner may hold the old file just then."""
    for pause in _PAUSES_S:
        try:
            part.replace(path)
        except PermissionError:
            sleep(pause)
        else:
            return
    part.replace(path)
