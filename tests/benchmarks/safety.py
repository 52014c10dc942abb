"""`./dev bench safety`: every promise of SECURITY.md tried by its harness, one JSON line a row.

Without options each row runs in a short form, minutes in all. `--full` takes the figures that are promised, hours in
all: `--row` and `--slice` share them out.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tests.benchmarks import safety_damage as of_damage
from tests.benchmarks import safety_leaks as leaks
from tests.benchmarks import safety_restore as restoring
from tests.benchmarks import safety_scans as of_scans
from tests.benchmarks import safety_shim
from tests.benchmarks.safety_found import Found, line
from tests.benchmarks.safety_kills import kills
from tests.benchmarks.safety_power import power_cuts
from tests.benchmarks.safety_write_failures import write_failures

Harness = Callable[[Path, int, range], Found]


class Row(NamedTuple):
    """A harness, how many trials its short form has, and how many the promised figure."""

    harness: Harness
    short: int
    full: int
    can_run: Callable[[], bool] = lambda: True
    needs: str = ""


_CC: Final = "Linux and a C compiler"
_FORK: Final = "a system that forks"


def _can_fork() -> bool:
    return hasattr(os, "fork")


ROWS: Final[dict[str, Row]] = {
    "page-replay": Row(of_damage.page_replay, 30, 1_000),
    "kills": Row(kills, 24, 1_000, _can_fork, _FORK),
    "power-cuts": Row(power_cuts, 80, 5_000, safety_shim.can_build, _CC),
    "write-failures": Row(write_failures, 24, 1_000, safety_shim.can_build, _CC),
    "plaintext": Row(leaks.plaintext, 2, 50),
    "truncations": Row(of_scans.truncations, 20, 1_000),
    "forged-codes": Row(of_scans.forged_codes, 10_000, 1_000_000),
    "corruption": Row(of_damage.damage, 60, 1_000),
    "restore-drills": Row(restoring.restore_drills, 6, 100),
    "disk-full": Row(restoring.disk_full, 2, 20, restoring.can_mount, "root on Linux, for a small disk"),
    "locks": Row(restoring.locks, 1, 10, _can_fork, _FORK),
    "sockets": Row(leaks.sockets, 1, 3, safety_shim.can_build, _CC),
    "unlocking": Row(restoring.unlock, 1, 1),
    "opening": Row(restoring.open_large, 1, 1),
}
"""Hostile scan files have `./dev bench fuzz`, invented consent has `./dev bench exam`."""


class Asked(NamedTuple):
    """What is to be run: `rows` by name (none: all), so many `times` each, and of these one part of several."""

    seed: int = 1
    rows: Sequence[str] = ()
    full: bool = False
    times: int | None = None
    part: tuple[int, int] = (1, 1)


def safety(asked: Asked, target: Path | None) -> int:
    """Run the rows, print a line for each as soon as it is known, and return 1 where a goal was missed."""
    rows, passed = [], True
    for name in asked.rows or ROWS:
        row = ROWS[name]
        if not row.can_run():
            print(f"{name}: left out, since it needs {row.needs}.", file=sys.stderr)
            continue
        result = run(row, numbers_of(row, asked), asked.seed)
        passed &= result.passed
        rows.append(result)
        print(line(result), flush=True)
        if target is not None:
            target.write_bytes(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")
    return int(not passed)


def run(row: Row, numbers: range, seed: int = 1) -> Found:
    """One row, in a passing folder."""
    folder = leaks.main_folder()
    begun = time.monotonic()
    try:
        result = row.harness(folder, seed, numbers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return msgspec.structs.replace(result, seconds=round(time.monotonic() - begun, 1))


def numbers_of(row: Row, asked: Asked) -> range:
    """The numbers of the trials of this part; each is the same trial whichever part it falls in."""
    times = asked.times or (row.full if asked.full else row.short)
    part, parts = asked.part
    return range(times * (part - 1) // parts, times * part // parts)


def part_of(text: str) -> tuple[int, int]:
    """`2/5`: the second of five parts. Raises `ValueError`."""
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)
