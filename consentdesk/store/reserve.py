"""Room on the disk that is kept for answers and withdrawals: given free where the disk runs full, pictures refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.logs import log

NAME: Final = "office.reserve"
RESERVE_BYTES: Final = 4_000_000
"""Thousands of events, or the journal of a few large transactions."""
LOW_BYTES: Final = 2_000_000
"""With less than this the reserve is given free."""
_BLOCK: Final = 1_000_000


class DiskFull(KnownError):
    """The disk takes no more; what was saved before is safe."""


def keep(folder: Path) -> None:
    """Take the reserve in the office's folder where it is not held, unless the disk is nearly full already."""
    path = folder / NAME
    try:
        if path.exists() or shutil.disk_usage(folder).free < 4 * RESERVE_BYTES:
            return
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            # A file of nothing but a length takes no room on most disks.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(out.fileno(), 0, RESERVE_BYTES)
            else:
                for _ in range(RESERVE_BYTES // _BLOCK):
                    out.write(os.urandom(_BLOCK))
        part.replace(path)
    except OSError as error:
        log.warning("no room is held in reserve: %s", type(error).__name__)


def is_low(folder: Path) -> bool:
    """Whether the disk is so full that the reserve is needed."""
    try:
        return shutil.disk_usage(folder).free < LOW_BYTES
    except OSError:
        return False


def give_free(folder: Path) -> bool:
    """Let the reserve go, so that what is being done can be finished; whether there was one."""
    try:
        (folder / NAME).unlink()
    except OSError:
        return False
    log.warning("the disk is full; the reserve was given free")
    return True


def refuse_pictures(folder: Path) -> None:
    """Raise `DiskFull` where what room is left is the reserve's: it is for answers and withdrawals, not for scans."""
    if not (folder / NAME).exists() and shutil.disk_usage(folder).free < RESERVE_BYTES + LOW_BYTES:
        raise DiskFull(
            "the disk is nearly full, so no more scans are taken",
            "what was saved is safe, and there is room left for answers and withdrawals",
            "free some space and open the office again",
        )
