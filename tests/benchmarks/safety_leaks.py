"""A whole session under watch: nothing of a marked pupil readable on the disk, killed or not; no internet socket."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from tests.benchmarks import safety_shim
from tests.benchmarks.safety_found import Found, chance_of, found

MARKERS: Final = ("Xylomarker", "Quuxfeld", "Zyxnote", "Wvuteacher")
"""First name, surname, a note and a guardian: words that stand nowhere else."""
ASKED_FOR: Final = "asked for"
"""The one folder in which what a person asked for may be read."""
_ROOT: Final = Path(__file__).resolve().parents[2]
_SLICE: Final = 48
_SLICES: Final = 40


def plaintext(folder: Path, seed: int, numbers: range, *, leaky: bool = False) -> Found:
    """Sessions, all but the first killed at a random instant: then every file but what was asked for is searched.

    `leaky` sessions write a note as a careless program would.
    """
    failures, notes, took = [], Counter[str](), 10.0
    for number in numbers:
        case = folder / "session"
        shutil.rmtree(case, ignore_errors=True)
        after = None if number == 0 else chance_of(seed, "session", number).random() * took
        begun = time.monotonic()
        killed = _session(case, after, leaky=leaky)
        if not killed:
            took = time.monotonic() - begun
        notes["killed"] += killed
        files, readable = search(case)
        notes["files searched"] += files
        failures += [f"{number}: {where}" for where in readable]
    return found("readable traces outside what was asked for", len(numbers), failures, dict(notes))


def _session(case: Path, after: float | None, *, leaky: bool, **more: str) -> bool:
    """Run a session in a process group of its own; whether it was killed, `after` so many seconds."""
    for name in ("home", "tmp", ASKED_FOR):
        (case / name).mkdir(parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(case / "home"),
        "TMPDIR": str(case / "tmp"),
        "CONSENTDESK_DATA": str(case / "computer"),
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        **more,
    }
    process = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "tests.benchmarks.safety_session", str(case), "leaky" if leaky else "tight"],
        cwd=case,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    if process.returncode:
        raise RuntimeError(f"the session failed: {said.decode()[-2000:]}")
    return False


def search(case: Path) -> tuple[int, list[str]]:
    """How many files were searched, and where a marker or a piece of a scan is readable in them or their names."""
    needles = [word.encode(coding) for word in MARKERS for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    pieces = _pieces_of_scans(case / ASKED_FOR)
    count, readable = 0, []
    for path in sorted(case.rglob("*")):
        inside = path.relative_to(case)
        if inside.parts[0] == ASKED_FOR:
            continue
        readable += [f"{inside} is named so" for word in MARKERS if word.casefold() in path.name.casefold()]
        if path.is_file():
            count += 1
            data = path.read_bytes()
            readable += [f"{inside} holds {needle!r}" for needle in needles if needle in data]
            readable += [f"{inside} holds a piece of a scan" for piece in pieces if piece in data][:1]
    return count, readable


def _pieces_of_scans(folder: Path) -> list[bytes]:
    """Slices out of the middle of the scan files, which lie encrypted in the office, or nowhere."""
    found_pieces = []
    for path in folder.glob("scan*"):
        data = path.read_bytes()
        step = max(_SLICE, len(data) // (_SLICES + 2))
        found_pieces += [data[at : at + _SLICE] for at in range(step, len(data) - _SLICE, step)]
    # A run of one value may stand anywhere.
    return [piece for piece in found_pieces if len(set(piece)) > _SLICE // 4]


def sockets(folder: Path, _seed: int, numbers: range, *, talkative: bool = False) -> Found:
    """Whole sessions, workers included, under a shim that notes each internet socket that anything opens."""
    library = safety_shim.build(folder)
    failures = []
    for number in numbers:
        told = folder / f"sockets {number}"
        _session(
            folder / f"session {number}",
            None,
            leaky=False,
            LD_PRELOAD=str(library),
            SHIM_SOCKETS=str(told),
            SAFETY_TALKATIVE="1" if talkative else "",
        )
        failures += told.read_text().splitlines() if told.exists() else []
    return found("internet sockets in a whole session", len(numbers), failures)


def main_folder() -> Path:
    """A folder for passing files, in memory where the system has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    return Path(tempfile.mkdtemp(prefix="consentdesk-safety-", dir=memory if memory.is_dir() else None))
