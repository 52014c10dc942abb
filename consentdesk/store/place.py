"""Where an office may lie: on a disk of this computer, never on a network share, whose locks cannot be trusted."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

from consentdesk.errors import KnownError

NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "ceph", "glusterfs", "davfs",
     "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.curlftpfs", "fuse.glusterfs", "fuse.s3fs",
     "fuse.gvfsd-fuse", "fuse.smbnetfs"}
)  # fmt: skip
_DRIVE_REMOTE = 4
_MOUNTS = Path("/proc/self/mounts")


def refuse_network_share(folder: Path) -> None:
    """Raise `KnownError` where `folder`, which need not exist yet, lies on a network share.

    Sure on Linux and Windows; elsewhere the kind of a disk cannot be asked, and nothing is refused.
    """
    if on_network_share(folder):
        raise KnownError(
            f"the folder {folder} is on a network share, where two computers could write at once and damage it",
            "nothing was changed",
            "choose a folder on this computer’s own disk",
        )


def on_network_share(folder: Path) -> bool:
    """Whether the disk of `folder` is another computer's, as far as the system says."""
    whole = folder.expanduser().absolute().resolve()
    if sys.platform == "win32":
        root = whole.anchor
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    kind = kind_of_disk(whole, mounts)
    return kind in NETWORK_KINDS


def kind_of_disk(folder: Path, mounts: str) -> str:
    """The file system that holds `folder`, from a listing as in `/proc/mounts`; empty where none does."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004 - device, where, kind
            continue
        # The listing writes spaces, tabs and backslashes of a name as octal numbers.
        where = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        # Of two mounts on one place the later one is seen.
        if folder.is_relative_to(where) and len(where.parts) >= best:
            best, kind = len(where.parts), fields[2]
    return kind
