"""Whole scans on the disk: kept to the last byte or not at all, readable to nobody else, and never in other order."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consentdesk.errors import DamagedOffice, KnownError
from consentdesk.model.reading import Outcome
from consentdesk.store import scan_files, scans, school, sweep
from consentdesk.store.database import Database
from consentdesk.store.scan_files import PIECE
from consentdesk.store.tables import scan_chunk
from tests.store.made_up import Drawer, let_go

HEAD, TAG = 33, 16
SEALED = PIECE + TAG


def keep(db: Database, *parts: bytes) -> str:
    """A scan whose bytes come in these parts."""
    file = scan_files.begin_file(db, "scan.pdf", sum(map(len, parts)))
    with scan_files.copying(db, file) as copy:
        for part in parts:
            copy.add(part)
    return file


def place(db: Database, file: str) -> Path:
    return db.folder / "scans" / file


def content(db: Database, file: str) -> bytes:
    return b"".join(scan_files.pieces(db, file))


def test_a_scan_is_known_by_its_content_once_it_is_wholly_kept(db: Database) -> None:
    file = keep(db, b"a" * 1_000_000, b"b" * 1_000_000, b"c" * 500_000)
    assert scans.file_with(db, "f" * 64) is None
    scan_files.finish_file(db, file, "f" * 64, None)
    scans.set_pages(db, file, 7)
    kept = scans.file_with(db, "f" * 64)
    assert kept == scans.scan_file_of(db, file)
    assert kept is not None
    assert (kept.name, kept.size, kept.sha256, kept.pages) == ("scan.pdf", 2_500_000, "f" * 64, 7)
    assert kept.finished is not None
    assert [len(piece) for piece in scan_files.pieces(db, file)] == [1_000_000, 1_000_000, 500_000]
    assert list(scan_files.pieces(db, "unknown")) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(parts=st.lists(st.binary(max_size=40), max_size=8))
def test_bytes_come_back_however_they_came(db: Database, parts: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_files, "PIECE", 16)
        file = keep(db, *parts)
        assert content(db, file) == b"".join(parts)
        assert all(len(piece) == 16 for piece in list(scan_files.pieces(db, file))[:-1])


def test_a_scan_survives_the_program_and_is_told_by_nothing_but_its_id(drawer: Drawer) -> None:
    db = drawer.make()
    first, second = keep(db, b"Xylomarker" * 300_000), keep(db, b"Xylomarker" * 300_000)
    let_go(db)
    db = drawer.open()
    assert content(db, first) == content(db, second) == b"Xylomarker" * 300_000
    files = list((drawer.folder / "scans").iterdir())
    assert {file.name for file in files} == {first, second}
    one, other = (file.read_bytes() for file in files)
    assert b"Xylomarker" not in one + other
    # The same bytes look different each time.
    assert one[HEAD : HEAD + 1000] != other[HEAD : HEAD + 1000]


def test_a_new_data_key_leaves_scans_readable(db: Database) -> None:
    file = keep(db, b"a scan")
    db.data_key = b"n" * 32
    assert content(db, file) == b"a scan"


def test_without_the_offices_secret_a_scan_is_closed(db: Database) -> None:
    file = keep(db, b"a scan")
    school.set_setting(db, "scan-secret", "00" * 32)
    with pytest.raises(DamagedOffice, match="not as it was kept"):
        content(db, file)


def swapped(data: bytes) -> bytes:
    first, second, rest = (
        data[HEAD : HEAD + SEALED],
        data[HEAD + SEALED : HEAD + 2 * SEALED],
        data[HEAD + 2 * SEALED :],
    )
    return data[:HEAD] + second + first + rest


def flipped(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "another format": flipped(0),
    "another salt": flipped(5),
    "a bit of the first piece": flipped(HEAD + 10),
    "a bit of the last tag": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "the last piece cut off": lambda data: data[: HEAD + 2 * SEALED],
    "the last byte cut off": lambda data: data[:-1],
    "cut within a tag": lambda data: data[: HEAD + 2 * SEALED + 7],
    "all pieces cut off": lambda data: data[:HEAD],
    "a head without an end": lambda data: data[: HEAD - 1],
    "nothing left": lambda _: b"",
    "two pieces swapped": swapped,
    "a piece left out": lambda data: data[:HEAD] + data[HEAD + SEALED :],
    "a piece twice": lambda data: data[: HEAD + SEALED] + data[HEAD:],
    "a byte added": lambda data: data + b"x",
    "the last piece added once more": lambda data: data + data[HEAD + 2 * SEALED :],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_scan_that_was_changed_is_refused(db: Database, change: Callable[[bytes], bytes]) -> None:
    file = keep(db, bytes(range(250)) * 10_000)
    assert scan_files.findings(db) == ()
    path = place(db, file)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(DamagedOffice, match="not as it was kept"):
        content(db, file)
    assert scan_files.findings(db) == (
        f"scans: 1 kept scans are not as they were kept, the first of them {file}.",
    )


def test_one_scan_cannot_stand_in_for_another(db: Database) -> None:
    one, other = keep(db, b"one"), keep(db, b"other")
    place(db, other).write_bytes(place(db, one).read_bytes())
    with pytest.raises(DamagedOffice):
        content(db, other)


def test_what_fails_on_its_way_leaves_no_file(db: Database) -> None:
    file = scan_files.begin_file(db, "scan.pdf", 5)
    with pytest.raises(RuntimeError), scan_files.copying(db, file) as copy:  # noqa: PT012
        copy.add(b"x" * 3_000_000)
        copy.flush()
        assert place(db, file).stat().st_size > 1_000_000
        raise RuntimeError
    assert list((db.folder / "scans").iterdir()) == []


@pytest.mark.parametrize(("where", "call"), [(scan_files, "_write"), (scan_files.os, "fsync")])
def test_a_full_disk_is_said_and_leaves_no_file(
    db: Database, monkeypatch: pytest.MonkeyPatch, where: object, call: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    school.set_setting(db, "scan-secret", "00" * 32)
    monkeypatch.setattr(where, call, full)
    with pytest.raises(KnownError, match="disk is full"), scan_files.copying(db, "0" * 32) as copy:
        copy.add(b"a scan")
    assert list((db.folder / "scans").iterdir()) == []


def test_what_is_kept_is_on_the_disk_before_it_counts(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, flush_folder = scan_files.os.fsync, scan_files.paths.flush_folder
    monkeypatch.setattr(scan_files.os, "fsync", lambda handle: (done.append("file"), fsync(handle)))
    monkeypatch.setattr(
        scan_files.paths, "flush_folder", lambda folder: (done.append(folder.name), flush_folder(folder))
    )
    file = scan_files.begin_file(db, "scan.pdf", 5)
    done.clear()
    with scan_files.copying(db, file) as copy:
        copy.add(b"a scan")
    assert done[0] == "file"
    assert "scans" in done


def test_a_dropped_scan_leaves_nothing(db: Database) -> None:
    file = keep(db, b"0123456789")
    scan_files.drop_file(db, file)
    assert scans.scan_file_of(db, file) is None
    assert list(scan_files.pieces(db, file)) == []
    assert list((db.folder / "scans").iterdir()) == []


def test_removed_bytes_leave_what_is_known_of_the_scan(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    file = keep(db, b"0123456789")
    scan_files.finish_file(db, file, "f" * 64, 1)
    left: list[bytes] = []
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda path: (left.append(path.read_bytes()), unlink(path)))
    scan_files.remove_bytes(db, file)
    scan_files.remove_bytes(db, file)
    assert left[0][:HEAD] == bytes(HEAD)
    assert list(scan_files.pieces(db, file)) == []
    assert scans.file_with(db, "f" * 64) is not None
    assert scan_files.findings(db) == ()


def in_images(db: Database, file: str, *parts: bytes) -> None:
    """As scans were kept before they had files of their own."""
    db.images.write(
        scan_chunk.insert(), [{"file": file, "n": n, "data": part} for n, part in enumerate(parts)]
    )


def test_scans_kept_in_the_images_file_stay_readable_and_go_as_others_do(db: Database) -> None:
    file = scan_files.begin_file(db, "scan.pdf", 3)
    in_images(db, file, b"a" * 10, b"b" * 10, b"c")
    assert list(scan_files.pieces(db, file)) == [b"a" * 10, b"b" * 10, b"c"]
    scan_files.remove_bytes(db, file)
    assert list(scan_files.pieces(db, file)) == []


def test_the_sweep_takes_scans_that_were_never_wholly_kept(db: Database) -> None:
    names = ("whole", "torn", "read", "torn in images")
    whole, torn, read, old = (scan_files.begin_file(db, name, 1) for name in names)
    for file in (whole, torn, read, "0" * 32):
        with scan_files.copying(db, file) as copy:
            copy.add(b"x")
    in_images(db, old, b"x")
    in_images(db, "1" * 32, b"x")
    never_begun = scan_files.begin_file(db, "of which nothing came", 1)
    scan_files.finish_file(db, whole, "f" * 64, 1)
    scans.keep_page(db, read, 1, Outcome.READ)
    strange = db.folder / "scans" / "desktop.ini"
    strange.write_bytes(b"not ours")
    assert sweep.sweep(db) == 5
    assert scan_files.with_bytes(db) == {whole, read}
    assert strange.exists()
    for gone in (torn, old, never_begun):
        assert scans.scan_file_of(db, gone) is None
    assert scans.scan_file_of(db, read) is not None
    assert sweep.sweep(db) == 0
