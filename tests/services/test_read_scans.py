"""Rule S3: every page given ends in one outcome, the scan is kept first, and nothing is read twice or lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from consentdesk.model.consent import Returned
from consentdesk.model.reading import Outcome
from consentdesk.printing.locked import encrypted
from consentdesk.scanning import scan_file
from consentdesk.scanning.batch import Reader
from consentdesk.services import keep_scan, read_scans
from consentdesk.services.progress import finish
from consentdesk.services.read_scans import ReadDone
from consentdesk.store import forms as stored_forms
from consentdesk.store import ledger, scan_files, scans
from tests.services.made_up import Desk


def read(desk: Desk, *files: Path) -> ReadDone:
    return finish(read_scans.read_scans(desk.office, files, workers=1))


def returns(desk: Desk) -> int:
    """How many slips the ledger has seen come back."""
    return sum(isinstance(event.what, Returned) for event in ledger.events(desk.office.db))


@pytest.fixture
def forms(desk: Desk) -> Path:
    """Three slips as they were printed, each with its blank back: a scan of forms that nobody filled in."""
    desk.print("web-publication")
    return desk.folder / "forms 1.pdf"


def test_s3_every_page_has_its_outcome_and_the_scan_is_kept(desk: Desk, forms: Path) -> None:
    report = read(desk, forms).report
    assert [page.page for page in report.pages] == list(range(1, len(report.pages) + 1))
    assert {page.file for page in report.pages} == {"forms 1.pdf"}
    assert report.totals["review"] == 3
    assert sum(count for name, count in report.totals.items() if name != "pages") == report.totals["pages"]
    assert {name for name in report.totals if name != "pages"} == {outcome.value for outcome in Outcome}
    (page, *_) = scans.pages(desk.office.db)
    assert b"".join(scan_files.pieces(desk.office.db, page.file)) == forms.read_bytes()


def test_a_file_read_to_its_end_is_a_duplicate_under_any_name(desk: Desk, forms: Path) -> None:
    first = read(desk, forms).report
    before = desk.events
    again = forms.with_name("another name.pdf")
    again.write_bytes(forms.read_bytes())
    second = read(desk, again)
    assert {page.outcome for page in second.report.pages} == {Outcome.DUPLICATE}
    assert second.report.totals["pages"] == first.totals["pages"]
    assert (second.refusals, second.report.batch) == ((), None)
    assert desk.events == before


def test_the_same_bytes_twice_in_one_run_are_read_once(desk: Desk, forms: Path) -> None:
    again = forms.with_name("another name.pdf")
    again.write_bytes(forms.read_bytes())
    done = read(desk, forms, again, forms)
    assert [page.file for page in done.report.pages] == [forms.name] * 6 + [again.name] * 6 + [forms.name] * 6
    assert done.report.totals["review"] == 3
    assert {page.reason for page in done.report.pages[6:]} == {"read-before"}
    assert returns(desk) == 3
    assert len(scans.pages(desk.office.db)) == 6


def test_files_of_one_run_overlap_and_are_told_apart_and_in_order(desk: Desk, forms: Path) -> None:
    """The next file is kept, and its pages begun, while those of the one before are under way."""
    desk.print("image-use")
    other = desk.folder / "forms 2.pdf"
    bad = desk.folder / "bad.pdf"
    bad.write_text("Dear parents,")
    done = read(desk, forms, bad, other)
    told = [(page.file, page.page) for page in done.report.pages]
    pages = len(told) - 7
    assert told == [
        *((forms.name, number) for number in range(1, 7)),
        (bad.name, 1),
        *((other.name, number) for number in range(1, pages + 1)),
    ]
    assert (returns(desk), len(done.refusals)) == (6, 1)
    by_file = [page.file for page in scans.pages(desk.office.db)]
    assert sorted(by_file.count(file) for file in set(by_file)) == sorted([6, pages])


def test_a_kept_reader_serves_run_after_run_and_learns_of_forms_printed_since(
    desk: Desk, forms: Path
) -> None:
    with Reader(workers=1) as reader:
        first = finish(read_scans.read_scans(desk.office, [forms], reader=reader)).report
        workers = multiprocessing.active_children()
        desk.print("image-use")
        second = finish(
            read_scans.read_scans(desk.office, [desk.folder / "forms 2.pdf"], reader=reader)
        ).report
        assert multiprocessing.active_children() == workers
        assert reader.known == {version.tag for version in stored_forms.versions(desk.office.db)}
    assert (first.totals["review"], second.totals["review"]) == (3, 3)
    assert {slip.form for page in second.pages for slip in page.slips} == {"image-use"}


def test_a_file_that_was_read_before_starts_no_worker(
    desk: Desk, forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(desk, forms)
    monkeypatch.delattr(read_scans, "Reader")
    assert {page.outcome for page in read(desk, forms).report.pages} == {Outcome.DUPLICATE}


def test_an_interrupted_file_is_continued(desk: Desk, forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_scans, "COMMIT_EVERY", 0.0)
    job = read_scans.read_scans(desk.office, [forms], workers=1)
    while next(job).done < 2:
        pass
    job.close()
    done = len(scans.pages(desk.office.db))
    assert 2 <= done < 6
    seen = returns(desk)
    report = read(desk, forms).report
    assert [page.page for page in report.pages] == list(range(1, 7))
    assert report.totals["duplicate"] == 0
    assert report.totals["review"] == 3
    assert seen < returns(desk) == 3
    assert {page.outcome for page in read(desk, forms).report.pages} == {Outcome.DUPLICATE}


def empty(file: Path, _: Path) -> None:
    file.touch()


def no_scan(file: Path, _: Path) -> None:
    file.write_text("Dear parents,")


def cut_short(file: Path, forms: Path) -> None:
    file.write_bytes(forms.read_bytes()[:2000])


def locked(file: Path, forms: Path) -> None:
    file.write_bytes(encrypted(forms.read_bytes(), "secret words"))


def folder(file: Path, _: Path) -> None:
    file.mkdir()


def missing(_: Path, __: Path) -> None:
    """Nothing is made."""


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (empty, "empty-file"),
        (no_scan, "not-a-scan"),
        (cut_short, "cut-short"),
        (locked, "encrypted"),
        (folder, "gone"),
        (missing, "gone"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_file_that_cannot_be_taken_is_one_page_each_time_and_the_next_goes_on(
    desk: Desk, forms: Path, make: Callable[[Path, Path], None], reason: str
) -> None:
    bad = desk.folder / "bad.pdf"
    make(bad, forms)
    done = read(desk, bad, forms)
    (first, *rest) = done.report.pages
    assert (first.file, first.page, first.outcome, first.reason) == ("bad.pdf", 1, Outcome.UNREADABLE, reason)
    assert len(rest) == 6
    (sentence,) = done.refusals
    assert sentence.startswith("The file bad.pdf was not read because")
    again = read(desk, bad)
    assert [page.reason for page in again.report.pages] == [reason]
    assert again.refusals == (sentence,)


def test_an_enormous_file_is_refused_before_it_is_kept(
    desk: Desk, forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_file, "MAX_FILE", 1000)
    (page,) = read(desk, forms).report.pages
    assert (page.outcome, page.reason) == (Outcome.REFUSED, "too-large")


def test_a_file_that_the_scanner_still_writes_is_named_and_not_kept(
    desk: Desk, forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = scan_files.begin_file

    def and_more_comes(*arguments: object) -> str:
        with forms.open("ab") as file:
            file.write(b"more")
        return begin(*arguments)

    monkeypatch.setattr(keep_scan.scan_files, "begin_file", and_more_comes)
    done = read(desk, forms)
    assert [page.reason for page in done.report.pages] == ["half-written"]
    assert "still writing" in done.refusals[0]
    assert scans.pages(desk.office.db) == []
    monkeypatch.undo()
    assert read(desk, forms).refusals == ()


def test_files_of_one_name_are_told_by_their_paths(desk: Desk, forms: Path) -> None:
    other = desk.folder / "elsewhere" / forms.name
    other.parent.mkdir()
    other.write_text("no scan")
    done = read(desk, other, desk.folder / "bad.pdf", desk.folder / forms.name[:-1])
    assert [page.file for page in done.report.pages] == [forms.name, "bad.pdf", forms.name[:-1]]
    both = read(desk, other, other.parent.parent / "missing" / forms.name)
    assert [page.file for page in both.report.pages] == [
        str(other),
        str(other.parent.parent / "missing" / forms.name),
    ]
