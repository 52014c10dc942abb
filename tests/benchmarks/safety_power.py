"""Power cuts: what a disk may hold at any instant is made from recorded writes, and the office opened on it.

Whatever was flushed is there. Of what was not, any sectors of 512 bytes may be, in any order; names in a folder
that was not flushed may be there or not, in their order. What had been acknowledged by then must be there.
"""

from __future__ import annotations

import shutil
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests.benchmarks import safety_shim
from tests.benchmarks.safety_found import Found, chance_of, found
from tests.benchmarks.safety_office import KINDS, copy, enter, lost, make, use_computer
from tests.services.made_up import Clock, Desk

SECTOR: Final = 512
STATES_OF_ONE: Final = 40
"""So many states are made of one recording."""
_SAVES: Final = 6
_ACKNOWLEDGED: Final = "acknowledged"
_RECORDED: Final = tuple(kind for kind in KINDS if kind not in ("migrating", "printing", "backing up"))


class Call(NamedTuple):
    """One recorded call: `w`rite, `t`runcate, `s`ync, `c`reate, `u`nlink or `r`ename to `data`."""

    kind: str
    path: str
    offset: int
    data: bytes


def read_record(path: Path) -> list[Call]:
    """The calls of a recording, in their order."""
    data, at, found_calls = path.read_bytes(), 0, []
    while at < len(data):
        kind, named = struct.unpack_from("=cH", data, at)
        at += 3
        name = data[at : at + named].decode()
        at += named
        offset, length = struct.unpack_from("=QQ", data, at)
        at += 16
        has_data = kind in (b"w", b"r")
        found_calls.append(Call(kind.decode(), name, offset, data[at : at + length] if has_data else b""))
        at += length if has_data else 0
    return found_calls


@dataclass
class _File:
    """A file as the disk has it for sure, and the calls since that it may have."""

    data: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def flush(self) -> None:
        for call in self.pending:
            _apply(self.data, call)
        self.pending.clear()

    def after_a_cut(self, chance: Random) -> bytes:
        data, how = bytearray(self.data), chance.choice(("none", "all", "some", "some"))
        for call in self.pending if how != "none" else ():
            if how == "all":
                _apply(data, call)
            elif call.kind == "t":
                if chance.random() < 0.5:
                    _apply(data, call)
            else:
                for start in range(0, len(call.data), SECTOR):
                    if chance.random() < 0.5:
                        part = call.data[start : start + SECTOR]
                        _apply(data, Call("w", call.path, call.offset + start, part))
        return bytes(data)


def _apply(data: bytearray, call: Call) -> None:
    if call.kind == "t":
        if len(data) > call.offset:
            del data[call.offset :]
        else:
            data.extend(bytes(call.offset - len(data)))
        return
    if len(data) < call.offset:
        data.extend(bytes(call.offset - len(data)))
    data[call.offset : call.offset + len(call.data)] = call.data


@dataclass
class Disk:
    """What lies under a folder: which names are sure, which may have changed, and the files behind them."""

    live: dict[str, _File]
    sure: dict[str, _File]
    changes: list[tuple[str, str | None, _File | None]] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """All that lies in a folder now, as flushed."""
        files = {
            str(path.relative_to(folder)): _File(bytearray(path.read_bytes()))
            for path in folder.rglob("*")
            if path.is_file()
        }
        return cls(files, dict(files))

    def take(self, call: Call) -> None:
        """Let one recorded call happen."""
        match call.kind:
            case "c":
                self.live[call.path] = _File()
                self.changes.append((call.path, None, self.live[call.path]))
            case "w" | "t":
                self.live[call.path].pending.append(call)
            case "s" if call.path in self.live:
                self.live[call.path].flush()
            case "s":
                self._flush_names(call.path)
            case "u":
                self.live.pop(call.path, None)
                self.changes.append((call.path, None, None))
            case "r":
                target = call.data.decode()
                self.live[target] = self.live.pop(call.path)
                self.changes.append((target, call.path, self.live[target]))

    def _flush_names(self, folder: str) -> None:
        staying = []
        for change in self.changes:
            if str(Path(change[0]).parent) in (folder, folder or "."):
                _rename(self.sure, *change)
            else:
                staying.append(change)
        self.changes = staying

    def write_as_cut(self, folder: Path, chance: Random) -> None:
        """What may be found in `folder` after a power cut at this instant."""
        names = dict(self.sure)
        for change in self.changes[: chance.randint(0, len(self.changes))]:
            _rename(names, *change)
        for name, file in names.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.after_a_cut(chance))


def _rename(names: dict[str, _File], name: str, before: str | None, file: _File | None) -> None:
    if before is not None:
        names.pop(before, None)
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def told_by(disk: Disk) -> list[str]:
    """What had been acknowledged at this instant: a person has seen it, whatever the disk kept."""
    file = disk.live.get(_ACKNOWLEDGED)
    if file is None:
        return []
    seen = bytearray(file.data)
    for call in file.pending:
        _apply(seen, call)
    return seen.decode().splitlines()


def power_cuts(folder: Path, seed: int, numbers: range, *, careless: bool = False) -> Found:
    """As many states after a power cut as there are `numbers`; `careless` lets the store flush nothing."""
    library = safety_shim.build(folder)
    make(folder / "made")
    failures: list[str] = []
    notes: Counter[str] = Counter()
    recordings = range(numbers.start // STATES_OF_ONE, -(-numbers.stop // STATES_OF_ONE))
    for recording in recordings:
        kind = _RECORDED[recording % len(_RECORDED)]
        calls = _record(library, folder, kind, f"{seed} recording {recording}", careless=careless)
        states = range(recording * STATES_OF_ONE, (recording + 1) * STATES_OF_ONE)
        for number in states[max(0, numbers.start - states.start) : numbers.stop - states.start]:
            chance = chance_of(seed, "cut", number)
            for told, where in _one_cut(folder, calls, chance):
                notes["acknowledged"] += len(told)
                failures += [f"{number} {kind}: {what}" for what in lost(where, told)[:1]]
        notes[kind] += len(states)
        notes["calls"] += len(calls)
    return found("acknowledged saves lost to power cuts", len(numbers), failures, dict(notes))


def _one_cut(folder: Path, calls: list[Call], chance: Random) -> Iterator[tuple[list[str], Path]]:
    disk = Disk.of(folder / "before")
    for call in calls[: chance.randint(0, len(calls))]:
        disk.take(call)
    cut = folder / "cut"
    shutil.rmtree(cut, ignore_errors=True)
    disk.write_as_cut(cut, chance)
    # The made-up computer and its marks are there in any case, as before.
    yield told_by(disk), cut


def _record(library: Path, folder: Path, kind: str, seed: str, *, careless: bool) -> list[Call]:
    """Let another process do a few saves with the shim, and read what it wrote; `before` is what it started from."""
    before, case, record = folder / "before", folder / "case", folder / "record"
    copy(folder / "made", before)
    copy(before, case)
    record.unlink(missing_ok=True)
    arguments = [str(case), str(record), kind, seed, "careless" if careless else "careful"]
    safety_shim.run_under(library, "tests.benchmarks.safety_power", arguments)
    return read_record(record)


def _work(case: Path, record: Path, kind: str, seed: str, how: str) -> None:
    """What the recorded process does: a few saves, each acknowledged in a file of its own."""
    if how == "careless":
        from consentdesk.store import cipher  # noqa: PLC0415 - spoilt in this process alone

        spoilt = {"synchronous": ("OFF", 0), "fullfsync": ("0", 0)}
        cipher._SETTINGS = tuple((name, *spoilt.get(name, rest)) for name, *rest in cipher._SETTINGS)
    use_computer(case)
    safety_shim.watch(case, record)
    with (case / _ACKNOWLEDGED).open("ab", buffering=0) as told, enter(case) as office:
        work = KINDS[kind](Desk(office, Clock(), case), chance_of(seed))
        for _ in range(_SAVES):
            told.write(next(work).encode() + b"\n")


if __name__ == "__main__":
    _work(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6])
