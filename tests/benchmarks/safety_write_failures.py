"""Write failures: each call that changes the disk fails once, or all from there on; it is said, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from consentdesk.errors import KnownError
from tests.benchmarks import safety_shim
from tests.benchmarks.safety_found import Found, chance_of, found
from tests.benchmarks.safety_office import KINDS, copy, enter, head, lost, make
from tests.services.made_up import Clock, Desk

_KINDS: Final = tuple(kind for kind in KINDS if kind not in ("migrating", "printing"))
_ERRORS: Final = (errno.ENOSPC, errno.EIO)


def write_failures(folder: Path, seed: int, numbers: range, *, careless: bool = False) -> Found:
    """So many cases: of a kind of work, a call that fails, a reason, once or from there on.

    `careless` swallows what the disk says, as a program without checks would.
    """
    library = safety_shim.build(folder)
    make(folder / "made")
    how = "careless" if careless else "careful"
    arguments = [str(folder), str(seed), str(numbers.start), str(numbers.stop), how]
    said = safety_shim.run_under(library, "tests.benchmarks.safety_write_failures", arguments)
    failures, notes = json.loads(said.splitlines()[-1])
    return found("saves damaged by a failing write", len(numbers), failures, notes)


def _cases(folder: Path, seed: int, numbers: range, *, careless: bool) -> tuple[list[str], Counter[str]]:
    """Within the process that has the shim."""
    failures: list[str] = []
    notes: Counter[str] = Counter()
    lengths = dict.fromkeys(_KINDS, 12)
    for number in numbers:
        kind = _KINDS[number % len(_KINDS)]
        chance = chance_of(seed, "failing write", number)
        case = copy(folder / "made", folder / "case")
        at = chance.randint(1, lengths[kind])
        error, on = chance.choice(_ERRORS), chance.random() < 0.5
        result = _in_a_child(case, kind, at, error, on=on, careless=careless, seed=chance.random())
        # So that the last call of a save comes up as often as the first.
        lengths[kind] = max(lengths[kind] * 9 // 10, int(result["calls"]) or lengths[kind], 4)
        notes["said"] += bool(result["said"])
        notes["went on"] += bool(result["went on"])
        what = f"{number} {kind}, call {at}, {errno.errorcode[error]}{' and on' if on else ''}"
        failures += [f"{what}: {bug}" for bug in result["bugs"]]
        failures += [f"{what}: {gone}" for gone in lost(case, result["told"])[:1]]
    return failures, notes


def _in_a_child(
    case: Path, kind: str, at: int, error: int, *, on: bool, careless: bool, seed: float
) -> dict[str, object]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = _one(case, kind, at, error, on=on, careless=careless, seed=seed)
        except BaseException:  # noqa: BLE001 - told to the parent
            answer = {
                "bugs": [traceback.format_exc()[-400:]],
                "told": [],
                "said": "",
                "went on": 0,
                "calls": 0,
            }
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(text))


def _one(
    case: Path, kind: str, at: int, error: int, *, on: bool, careless: bool, seed: float
) -> dict[str, object]:
    """One save with a failing call, and then, with a sound disk again, another one in the same session."""
    told, said, bugs, went_on = [], "", [], False
    safety_shim.watch(case, None)
    with enter(case) as office:
        desk = Desk(office, Clock(), case)
        told.append(head(office))
        work = KINDS[kind](desk, chance_of(seed))
        safety_shim.fail(at, error, on=on)
        try:
            told.append(next(work))
        except KnownError as known:
            said = known.what
        except Exception as bug:  # noqa: BLE001 - anything else is a bug
            bugs += [
                f"{type(bug).__name__} at {place}" for place in traceback.format_tb(bug.__traceback__)[-1:]
            ]
        if careless:
            told.append(f"head {office.db.head.events + 1} 00")
        calls = safety_shim.calls()
        safety_shim.fail_no_more()
        if not bugs and not careless:
            for line in _afterwards(desk, kind, seed):
                told.append(line)
                went_on = True
    return {"told": told, "said": said, "bugs": bugs, "went on": went_on, "calls": calls}


def _afterwards(desk: Desk, kind: str, seed: float) -> Iterator[str]:
    if kind == "backing up":
        yield head(desk.office)
        return
    yield next(KINDS[kind](desk, chance_of(seed, 1)))


if __name__ == "__main__":
    where, number, first, last, way = sys.argv[1:6]
    out = _cases(Path(where), int(number), range(int(first), int(last)), careless=way == "careless")
    print(json.dumps(out))
