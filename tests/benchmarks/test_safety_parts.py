"""Each harness of `./dev bench safety` in a short form, and each shown that it would find what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import safety, safety_damage, safety_leaks, safety_restore, safety_scans, safety_shim
from tests.benchmarks.__main__ import main
from tests.benchmarks.safety import Asked, numbers_of, part_of
from tests.benchmarks.safety_found import Found, chance_of
from tests.benchmarks.safety_kills import kill_at_work, kills
from tests.benchmarks.safety_leaks import ASKED_FOR, MARKERS, search
from tests.benchmarks.safety_office import copy, lost, make
from tests.benchmarks.safety_power import power_cuts
from tests.benchmarks.safety_write_failures import write_failures

with_shim = pytest.mark.skipif(
    not safety_shim.can_build(), reason="recording writes needs Linux and a C compiler"
)
with_disk = pytest.mark.skipif(
    not safety_restore.can_mount(), reason="a small disk of one’s own needs root on Linux"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a harness, which sets where the made-up computer keeps its marks."""
    monkeypatch.setenv("CONSENTDESK_DATA", str(tmp_path))
    return tmp_path


def is_clean(found: Found) -> bool:
    """Whether all went well, and anything was tried at all."""
    assert found.failures == ()
    return found.passed and found.trials > 0


def test_kills_lose_nothing_that_was_acknowledged(folder: Path) -> None:
    found = kills(folder, 1, range(8))
    assert is_clean(found)
    assert found.notes["acknowledged"]


def test_a_program_that_tells_too_early_is_found_by_kills(folder: Path) -> None:
    make(folder / "made")
    case = copy(folder / "made", folder / "case")
    told, was_killed, _ = kill_at_work(case, "withdrawing", chance_of(1), 0.1, too_early=True)
    assert was_killed
    assert "was acknowledged and is lost" in lost(case, told)[0]


@with_shim
def test_power_cuts_lose_nothing_that_was_acknowledged(folder: Path) -> None:
    assert is_clean(power_cuts(folder, 1, range(8)))


@with_shim
def test_a_program_that_flushes_nothing_is_found_by_power_cuts(folder: Path) -> None:
    assert not power_cuts(folder, 1, range(8), careless=True).passed


@with_shim
def test_failing_writes_are_said_and_lose_nothing(folder: Path) -> None:
    assert is_clean(write_failures(folder, 1, range(6)))


@with_shim
def test_a_program_that_swallows_failing_writes_is_found(folder: Path) -> None:
    assert not write_failures(folder, 1, range(3), careless=True).passed


def test_damage_is_never_taken_for_sound(folder: Path) -> None:
    assert is_clean(safety_damage.damage(folder, 1, range(12)))


def test_damage_that_nobody_notices_is_counted(folder: Path) -> None:
    assert safety_damage.damage(folder, 1, range(3), check=lambda _: None).value > 0


def test_old_pages_and_files_reverse_no_withdrawal(folder: Path) -> None:
    assert is_clean(safety_damage.page_replay(folder, 1, range(6)))


def test_a_computer_that_keeps_no_mark_is_found_by_page_replay(folder: Path) -> None:
    assert not safety_damage.page_replay(folder, 1, range(6), check=safety_damage.without_marks).passed


def test_no_cut_scan_is_taken_for_whole(folder: Path) -> None:
    assert is_clean(safety_scans.truncations(folder, 1, range(3)))


def test_a_reader_that_shows_what_it_can_is_found_by_truncations(folder: Path) -> None:
    assert not safety_scans.truncations(folder, 1, range(3), lenient=True).passed


def test_no_changed_code_is_taken_for_genuine(folder: Path) -> None:
    assert is_clean(safety_scans.forged_codes(folder, 1, range(400)))


def test_a_reader_that_proves_nothing_is_found_by_changed_codes(folder: Path) -> None:
    assert not safety_scans.forged_codes(folder, 1, range(400), gullible=True).passed


def test_a_whole_session_leaves_nothing_readable(folder: Path) -> None:
    assert is_clean(safety_leaks.plaintext(folder, 1, range(1)))


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le"])
def test_a_trace_is_found_in_what_a_file_holds_or_is_called(tmp_path: Path, coding: str) -> None:
    (tmp_path / ASKED_FOR).mkdir()
    scan = bytes(range(256)) * 40
    (tmp_path / ASKED_FOR / "scan.pdf").write_bytes(MARKERS[0].encode() + scan)
    assert search(tmp_path) == (0, [])
    (tmp_path / "log").write_bytes(b"\x00" + MARKERS[1].encode(coding))
    (tmp_path / f"{MARKERS[2]}.tmp").write_bytes(b"")
    (tmp_path / "spool").write_bytes(scan[1000:3000])
    files, readable = search(tmp_path)
    assert files == 3
    assert {line.split(" ")[0] for line in readable} == {"log", f"{MARKERS[2]}.tmp", "spool"}


def test_backups_restore_with_the_sheet_alone(folder: Path) -> None:
    assert is_clean(safety_restore.restore_drills(folder, 1, range(2)))


def test_backups_that_are_half_copied_are_found(folder: Path) -> None:
    assert not safety_restore.restore_drills(folder, 1, range(1), careless=True).passed


@with_disk
def test_a_full_disk_keeps_room_for_a_withdrawal(folder: Path) -> None:
    assert is_clean(safety_restore.disk_full(folder, 1, range(1)))


@with_disk
def test_a_disk_without_a_reserve_is_found(folder: Path) -> None:
    assert not safety_restore.disk_full(folder, 1, range(1), keep_reserve=False).passed


def test_a_lock_is_waited_for_or_said(folder: Path) -> None:
    assert is_clean(safety_restore.locks(folder, 1, range(1)))


# What is asked for.


def test_slices_share_the_trials_out_and_leave_none() -> None:
    row = safety.ROWS["kills"]
    parts = [numbers_of(row, Asked(full=True, part=(part, 7))) for part in range(1, 8)]
    assert [number for part in parts for number in part] == list(range(row.full))
    assert numbers_of(row, Asked(times=5)) == range(5)
    assert part_of("2/5") == (2, 5)


@pytest.mark.parametrize("wrong", [["--row", "speed"], ["--slice", "6/5"], ["--slice", "all"]])
def test_what_there_is_not_is_wrong_usage(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["safety", *wrong]) == 2
    assert "the rows are page-replay" in capsys.readouterr().err


def test_a_row_is_one_line_of_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["safety", "--row", "forged-codes", "--times", "20", "--json", str(tmp_path / "f")]) == 0
    line = capsys.readouterr().out
    assert line.startswith('{"row":"forged or edited codes accepted","value":0')
    assert line.count("\n") == 1
    assert "forged or edited" in (tmp_path / "f").read_text()
