"""Acknowledged saves and kills: a working process is killed at random instants, and what it had told must be there."""

from __future__ import annotations

import os
import select
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.benchmarks.safety_found import Found, chance_of, found
from tests.benchmarks.safety_office import KINDS, copy, copy_old, enter, head, lost, make
from tests.services.made_up import Clock, Desk

_PATIENCE_S: Final = 60.0
Tell = Callable[[str], None]


def kills(folder: Path, seed: int, numbers: range) -> Found:
    """Kill as many processes as there are `numbers`, each at work of the kind that its number falls on."""
    made = folder / "made"
    make(made)
    failures: list[str] = []
    notes: Counter[str] = Counter()
    took = dict.fromkeys(KINDS, 0.1)
    for number in numbers:
        kind = list(KINDS)[number % len(KINDS)]
        chance = chance_of(seed, "kill", number)
        case = copy_old(made, folder / "case") if kind == "migrating" else copy(made, folder / "case")
        # The first opening of an old office is told of once.
        saves = chance.choice((0, 1) if kind == "migrating" else (0, 1, 2))
        told, was_killed, took[kind] = kill_at_work(case, kind, chance, took[kind], saves=saves)
        notes[kind] += 1
        notes["acknowledged"] += len(told)
        notes["killed at work"] += was_killed
        failures += [f"{number} {kind}: {what}" for what in lost(case, told)[:1]]
        shutil.rmtree(case)
    return found("acknowledged saves lost to kills", len(numbers), failures, dict(notes))


def kill_at_work(
    case: Path, kind: str, chance: Random, took: float, *, saves: int = 1, too_early: bool = False
) -> tuple[list[str], bool, float]:
    """Let a process work in `case`, and kill it at a random instant within the save after so many `saves`.

    What it had told, whether it was still at work, and how long a save takes: before that was `took` seconds.
    With `too_early` it tells before it saves, as a careless program would, and is killed as soon as it has told.
    """
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading_end)
        _work(case, kind, chance, writing_end, too_early=too_early)
    os.close(writing_end)
    try:
        heard = _hear(reading_end, lambda so_far: b"ready\n" in so_far, _PATIENCE_S)
        begun = time.monotonic()
        heard += _hear(reading_end, lambda so_far: so_far.count(b"\n") >= saves, _PATIENCE_S)
        if saves:
            took = (time.monotonic() - begun) / saves
        if not too_early:
            heard += _hear(reading_end, lambda _: False, took * chance.random())
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        heard += _hear(reading_end, lambda _: False, _PATIENCE_S)
    finally:
        os.close(reading_end)
    lines = heard.decode().splitlines()
    bugs = [line for line in lines if line.startswith("bug ")]
    if bugs:
        raise RuntimeError(f"the work itself failed: {bugs[0]}")
    return [line for line in lines if line != "ready"], os.WIFSIGNALED(status), took


def _work(case: Path, kind: str, chance: Random, pipe: int, *, too_early: bool) -> None:
    """What the child does; it never returns."""

    def tell(text: str) -> None:
        os.write(pipe, text.encode() + b"\n")

    try:
        if kind == "migrating":
            tell("ready")
        with enter(case) as office:
            desk = Desk(office, Clock(), case)
            if kind != "migrating":
                tell("ready")
            work = KINDS[kind](desk, chance)
            if too_early:
                _tell_too_early(desk, tell)
            for told in work:
                tell(told)
            while kind == "migrating":
                time.sleep(_PATIENCE_S)
    except Exception as error:  # noqa: BLE001 - told to the parent, which ends the run
        tell(f"bug {error!r}")
    finally:
        os._exit(0)


def _tell_too_early(desk: Desk, tell: Tell) -> None:
    """Acknowledge each save before its transaction ends, and take long over that."""
    db = desk.office.db
    commit = db.office._engine.dialect.do_commit

    def late(connection: object) -> None:
        tell(head(desk.office))
        time.sleep(_PATIENCE_S)
        commit(connection)

    db.office._engine.dialect.do_commit = late  # type: ignore[method-assign]


def _hear(pipe: int, enough: Callable[[bytes], bool], seconds: float) -> bytes:
    """What comes through the pipe until it is enough, it is closed, or the time is over."""
    heard = b""
    end = time.monotonic() + seconds
    while not enough(heard):
        ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            break
        part = os.read(pipe, 65536)
        if not part:
            break
        heard += part
    return heard
