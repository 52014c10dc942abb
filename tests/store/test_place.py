"""Where an office may lie: network disks are told from this computer's own."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from consentdesk.store import place

MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//server/school /mnt/school cifs rw 0 0
server:/export /mnt/nfs nfs4 rw 0 0
me@host: /media/remote fuse.sshfs rw 0 0
/dev/sdb1 /media/remote/stick vfat rw 0 0
//server/staff /mnt/Staff\040Share smb3 rw 0 0
/dev/sdc1 /mnt/twice ext4 rw 0 0
server:/export /mnt/twice nfs rw 0 0
nonsense
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/office", "ext4"),
        ("/", "ext4"),
        ("/mnt/school", "cifs"),
        ("/mnt/school/office/deep", "cifs"),
        ("/mnt/schoolyard", "ext4"),
        ("/mnt/nfs/office", "nfs4"),
        ("/media/remote/office", "fuse.sshfs"),
        ("/media/remote/stick/office", "vfat"),
        ("/mnt/Staff Share/office", "smb3"),
        ("/mnt/twice", "nfs"),
    ],
)
def test_the_nearest_and_latest_mount_tells(folder: str, kind: str) -> None:
    assert place.kind_of_disk(PurePosixPath(folder), MOUNTS) == kind


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        *((kind, True) for kind in ("cifs", "smb3", "nfs", "nfs4", "fuse.sshfs", "fuse.rclone")),
        *((kind, False) for kind in ("ext4", "btrfs", "vfat", "fuse.veracrypt", "tmpfs", "fuseblk", "")),
    ],
)
def test_network_disks_are_known_by_their_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, network: bool
) -> None:
    listing = tmp_path / "mounts"
    listing.write_text(f"somewhere / {kind} rw 0 0\n")
    monkeypatch.setattr(place.sys, "platform", "linux")
    monkeypatch.setattr(place, "_MOUNTS", listing)
    assert place.on_network_share(tmp_path / "office") is network


def test_where_the_system_cannot_say_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "no such listing")
    place.refuse_network_share(tmp_path)
