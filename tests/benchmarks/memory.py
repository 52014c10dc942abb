"""How much memory a process and all that it starts hold together, watched from outside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EVERY_S = 0.25


class Peak:
    """The most that was seen, in MB; None where the system does not tell (other than on Linux)."""

    def __init__(self) -> None:
        self.mb: float | None = None

    def see(self, process: int) -> None:
        """Look once at `process` and its descendants."""
        held = sum(map(_held_kb, _family(process)))
        if held:
            self.mb = max(self.mb or 0.0, round(held / 1024, 1))


@contextmanager
def peak_memory(process: int) -> Iterator[Peak]:
    """Watch `process` while the block runs.

    What counts is the proportional set size: a page of memory that three processes share counts a third for
    each, so that the sum is what the machine really gives.
    """
    peak = Peak()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY_S):
            peak.see(process)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _family(process: int) -> list[int]:
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            # It has just ended.
            continue
        for child in children:
            found += _family(int(child))
    return found


def _held_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
