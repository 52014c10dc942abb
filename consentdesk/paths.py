"""Where files live: what ships with the program, what belongs to this computer, and how a file is written whole."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from consentdesk.errors import KnownError

PROGRAM = "ConsentDesk"


def shipped(*parts: str) -> Path:
    """A read-only file or folder that ships with the program, such as `shipped("forms")`.

    Found beside the package in a checkout and in a frozen build, and under the environment's
    data folder where the package was installed by pip.
    """
    beside = Path(__file__).resolve().parent.parent
    installed = Path(sys.prefix) / "share" / "consentdesk"
    for root in (beside, installed):
        if (root / parts[0]).exists():
            return root.joinpath(*parts)
    return beside.joinpath(*parts)


def computer_folder() -> Path:
    """The folder for what belongs to this computer and user alone: settings, logs, high-water marks."""
    chosen = os.environ.get("CONSENTDESK_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir(PROGRAM, appauthor=False))


def offered_office() -> Path:
    """The office folder offered at first run: one that all users of this computer share."""
    return Path(platformdirs.site_data_dir(PROGRAM, appauthor=False)) / "office"


def make_private_folder(folder: Path) -> Path:
    """Make `folder` (and parents), readable by its owner alone where the system can say so."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    return folder


def write_error(path: Path, error: OSError) -> KnownError:
    """The sentence for an `OSError` met while writing `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return KnownError(
            f"the disk is full, so {path.name} was not written",
            "what was saved before is untouched",
            "free some space and try again",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return KnownError(
            f"{path} may not be written by you",
            "nothing was changed",
            "choose another folder or ask your technician for the right to write there",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return KnownError(
            f"there is no folder {path.parent}", "nothing was written", "make the folder or choose another"
        )
    if error.errno in (errno.EISDIR, errno.EEXIST):
        return KnownError(f"{path} is a folder", "nothing was written", "give the name of a file")
    return KnownError(
        f"{path} could not be written ({error.strerror or 'unknown reason'})",
        "what was saved before is untouched",
        "check the disk or stick and try again",
    )


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success flush it to the disk and put it in place of `path`.

    A reader sees the old file or the whole new one, never a part. Raises `KnownError` where the folder is
    missing or read-only, or the disk is full; the temporary file is removed whatever happens.
    """
    path = Path(path)
    if path.is_dir():
        raise write_error(path, IsADirectoryError(errno.EISDIR, "is a folder"))
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        # Made here, so that a missing or read-only folder is found before any work is done.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        flush_to_disk(part)
        part.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def flush_to_disk(path: Path) -> None:
    """Ask the system to put the bytes of `path` on the disk now."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Ask the system to put the names in `folder` on the disk now, where it can (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
