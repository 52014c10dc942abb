"""Backups that open, an examination that misses nothing, and not a name on the disk."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from consentdesk import paths
from consentdesk.errors import KnownError
from consentdesk.model.consent import Restricted, Returned
from consentdesk.model.people import Guardian, Pupil
from consentdesk.store import backup, images, ledger, opening, people, scan_files, school, verify
from consentdesk.store.database import Database
from consentdesk.store.tables import image
from tests.store.made_up import DATA_KEY, DATABASE, Drawer, happened

MARKERS = ("Xylomarker", "Qwertmother", "Zyxnote", "Vwuscan")


def marked(db: Database) -> tuple[str, str]:
    """Write every kind of free text, with marker words, and an image."""
    people.add_pupils(
        db,
        [Pupil("p1", "Xylomarker", "Xylomarker", class_name="4B", date_of_birth=date(2018, 5, 1))],
        [Guardian("g1", "p1", "Qwertmother", "mother", "yes", "Zyxnote")],
    )
    school.set_setting(db, "note", "Zyxnote")
    file = scan_files.begin_file(db, "Xylomarker.pdf", 7)
    with scan_files.copying(db, file) as copy:
        copy.add(b"Vwuscan" * 5000)
    image_id, sha256 = images.keep_image(db, b"Vwuscan" * 3000, "crop")
    returned = Returned("r", "scan", True, None, image_id, sha256)
    ledger.append(db, [happened(db, Restricted("Zyxnote")), happened(db, returned)])
    return file, image_id


def everything_under(*folders: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def test_no_file_holds_a_readable_word(drawer: Drawer, own_computer: Path, tmp_path: Path) -> None:
    db = drawer.make()
    marked(db)
    people.update_pupil(db, Pupil("p1", "Xylomarker", "Otherwise"))
    backup.back_up(db, tmp_path / "backup")
    db.close()
    drawer.open().close()
    files = everything_under(drawer.folder, own_computer, tmp_path / "backup")
    assert len(files) >= 5
    for file, data in files.items():
        for marker in MARKERS:
            for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert marker.encode(coding) not in data, file


def test_an_open_transactions_journal_is_encrypted_too(drawer: Drawer) -> None:
    db = drawer.make()
    marked(db)
    journals = []
    with db.writing():
        for number in range(200):
            people.update_pupil(db, Pupil("p1", "Xylomarker", str(number)))
        # The journal alone is looked at: a handle on the database itself would end its lock.
        journals.append((drawer.folder / "office.db-journal").read_bytes())
    assert len(journals[0]) > 0
    assert not any(marker.encode() in journals[0] for marker in MARKERS)


def test_a_backup_opens_with_the_same_key_and_holds_the_images_but_not_the_scans(
    drawer: Drawer, tmp_path: Path
) -> None:
    db = drawer.make()
    (drawer.folder / "office.keys").write_bytes(b"the slots")
    file, image_id = marked(db)
    backup.back_up(db, tmp_path / "backup")
    ledger.append(db, [happened(db)])
    db.close()
    assert {file.name for file in (tmp_path / "backup").iterdir()} == {
        "office.db",
        "images.db",
        "office.keys",
    }
    copy = Drawer(tmp_path / "backup", drawer.clock)
    with pytest.raises(KnownError, match="1 event is missing"):
        copy.open()
    shutil.rmtree(paths.computer_folder())
    restored = copy.open()
    assert people.pupils(restored) == people.pupils(drawer.open())
    assert images.image(restored, image_id) == b"Vwuscan" * 3000
    assert list(scan_files.pieces(restored, file)) == []
    assert verify.verify(restored) == ()
    restored.close()


def test_a_backup_never_replaces_anything(db: Database, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(KnownError, match="exists already"):
        backup.back_up(db, tmp_path / "backup")


def test_a_backup_that_fails_leaves_nothing_behind(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_copy_images", full)
    (tmp_path / "disk").mkdir()
    with pytest.raises(KnownError, match="disk is full"):
        backup.back_up(db, tmp_path / "disk" / "backup")
    assert list((tmp_path / "disk").iterdir()) == []


def test_a_backup_that_did_not_come_out_right_is_not_called_one(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_to = type(db.office).copy_to

    def rotten(self: object, path: Path) -> None:
        copy_to(self, path)  # type: ignore[arg-type]
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    monkeypatch.setattr(type(db.office), "copy_to", rotten)
    with pytest.raises(KnownError, match="did not come out right"):
        backup.back_up(db, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_sound_office_has_no_findings(db: Database) -> None:
    marked(db)
    assert verify.verify(db) == ()


def test_a_changed_and_a_missing_image_are_counted_and_named(db: Database) -> None:
    _, image_id = marked(db)
    db.images.write(image.update().values(data=b"another"))
    assert verify.verify(db) == (
        f"images.db: 1 images are not as they were kept, the first of them {image_id}.",
        f"images.db: 1 images are not the ones that the ledger names, the first of them {image_id}.",
    )
    db.images.write(image.delete())
    assert verify.verify(db) == (
        f"images.db: 1 images that the records name are missing, the first of them {image_id}.",
    )


def test_an_image_that_was_exchanged_whole_is_not_the_one_the_ledger_saw(db: Database) -> None:
    marked(db)
    images.keep_image(db, b"another", "crop")
    rows = db.images.rows(image.select().order_by(image.c.kept_at))
    db.images.write(
        image.update().where(image.c.id == rows[0].id).values(data=rows[1].data, sha256=rows[1].sha256)
    )
    assert verify.verify(db) == (
        f"images.db: 1 images are not the ones that the ledger names, the first of them {rows[0].id}.",
    )


def test_a_missing_trigger_a_changed_event_and_loose_rows_are_found(db: Database) -> None:
    marked(db)
    with db.office.without_foreign_keys(), db.office.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_stays_as_it_is")
        connection.exec_driver_sql("UPDATE event SET kind = 'left' WHERE seq = 1")
        connection.exec_driver_sql("UPDATE guardian SET pupil = 'nobody'")
    found = verify.verify(db)
    assert len(found) == 3
    assert "guardian" in found[0]
    assert "event_stays_as_it_is" in found[1]
    assert "event 1 is not as it was written" in found[2]


def test_a_broken_page_ends_the_examination(drawer: Drawer) -> None:
    db = drawer.make()
    images.keep_image(db, b"x" * 50_000, "crop")
    db.close()
    data = bytearray(drawer.images.read_bytes())
    data[-5000] ^= 1
    drawer.images.write_bytes(data)
    found = verify.verify(opening.open_database(drawer.folder, DATABASE, DATA_KEY))
    assert found
    assert all(line.startswith("images.db") for line in found)


def test_a_pupils_old_name_leaves_the_file_when_it_changes(drawer: Drawer) -> None:
    db = drawer.make()
    marked(db)
    changed = replace(people.pupils(db)[0], legal_first="Plain", legal_last="Plain")
    people.update_pupil(db, changed)
    pages = db.office.rows(people.sa.text("SELECT count(*) FROM pupil WHERE folded LIKE '%xylo%'"))
    assert pages == [(0,)]
