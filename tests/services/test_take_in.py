"""A file leaves the inbox only once it is read to its end, kept, and the kept copy was checked (rule S3)."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from consentdesk.services import take_in as room
from consentdesk.services.kept_reader import KeptReader
from consentdesk.services.progress import finish
from consentdesk.services.take_in import InboxFile, TakenIn, look_into, take_in
from consentdesk.store import scan_files
from tests.services.made_up import Desk


@pytest.fixture
def folder(desk: Desk) -> Path:
    """The inbox, with one scan in it: a form that nobody filled in."""
    made = desk.folder / "scans"
    made.mkdir()
    desk.print_for("Ada", "web-publication")
    (desk.folder / "forms 1.pdf").rename(made / "scan.pdf")
    return made


def take(desk: Desk, files: tuple[InboxFile, ...], *, remove: bool = True) -> TakenIn:
    return finish(take_in(desk.office, files, remove=remove))


def why(taken: TakenIn) -> list[str]:
    return [one.sentence for one in taken.stayed]


def test_what_lies_there_is_told_oldest_first_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.pdf", ".hidden", "~lock"):
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "folder").mkdir()
    assert [one.path.name for one in look_into(tmp_path)] in (["b.pdf", "a.pdf"], ["a.pdf", "b.pdf"])
    with pytest.raises(FileNotFoundError):
        look_into(tmp_path / "nowhere")


def test_it_stays_wherever_anything_is_not_as_it_must_be_and_goes_in_the_end(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (lying,) = files = look_into(folder)
    first = take(desk, files, remove=False)
    assert (first.gone, first.stayed) == ((), ())
    assert lying.path.exists()

    # Another one by now, as far as its date tells.
    changed = take(desk, (lying._replace(written=lying.written - 1),))
    assert why(changed) == ["scan.pdf changed while it was read, so it stays where it is."]

    def spoiled(_db: object, _file: str) -> Iterator[bytes]:
        yield b"something else"

    with monkeypatch.context() as patch:
        patch.setattr(scan_files, "pieces", spoiled)
        assert why(take(desk, files)) == ["scan.pdf changed while it was read, so it stays where it is."]

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        (sentence,) = why(take(desk, files))
        assert "read and kept" in sentence
        assert "Remove it by hand" in sentence

    with monkeypatch.context() as patch:
        patch.setattr(room.scans, "pages_done", lambda _db, _file: set())
        assert why(take(desk, files)) == ["scan.pdf was not read to its end, so it stays where it is."]

    assert lying.path.exists()
    last = take(desk, files)
    assert (last.gone, last.stayed) == ((lying.path,), ())
    assert not lying.path.exists()


def test_what_is_no_scan_stays_with_one_sentence(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "letter.pdf").write_text("not a PDF", encoding="utf-8")
    taken = take(desk, look_into(folder))
    assert taken.gone == ()
    assert len(why(taken)) == 1
    assert (folder / "letter.pdf").exists()


def test_a_file_that_went_meanwhile_is_told_of(desk: Desk, tmp_path: Path) -> None:
    taken = take(desk, (InboxFile(tmp_path / "gone.pdf", 5, 5),))
    assert len(why(taken)) == 1
    assert taken.gone == ()


def test_workers_are_kept_from_scan_to_scan_and_learn_what_is_printed_meanwhile(
    desk: Desk, folder: Path
) -> None:
    before = set(multiprocessing.active_children())
    kept = KeptReader(workers=1)
    finish(take_in(desk.office, look_into(folder), remove=True, reader=kept))
    (worker,) = set(multiprocessing.active_children()) - before
    desk.print_for("Ben", "image-use")
    (desk.folder / "forms 2.pdf").rename(folder / "later.pdf")
    taken = finish(take_in(desk.office, look_into(folder), remove=True, reader=kept))
    assert [slip.form for page in taken.report.pages for slip in page.slips] == ["image-use"]
    assert set(multiprocessing.active_children()) - before == {worker}
    kept.close()
    assert set(multiprocessing.active_children()) == before
    kept.close()
