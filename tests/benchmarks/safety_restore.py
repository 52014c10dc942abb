"""Backups that restore with the sheet alone, full disks, locks that others hold, and how long an opening takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final
from uuid import uuid4

from consentdesk.errors import KnownError, OfficeInUse
from consentdesk.model.consent import Answer, Answered, Confirmed, Issued, Returned
from consentdesk.model.people import Pupil
from consentdesk.model.slip import PrintRun, Slip
from consentdesk.services import safekeeping
from consentdesk.services.office import Office
from consentdesk.services.record import Happening, record
from consentdesk.services.restore import by_sheet, restore, try_backup
from consentdesk.services.withdraw import withdraw
from consentdesk.store import images, keys, people, reserve, slips
from consentdesk.store.slots import COST, Role, User
from tests.benchmarks.safety_found import Found, chance_of, found
from tests.benchmarks.safety_office import (
    KINDS,
    OFFICE,
    PASSWORD,
    USER,
    copy,
    enter,
    head,
    lost,
    make,
    use_computer,
)
from tests.services.made_up import Clock, Desk

SLIPS: Final = 10_000
_TRIED: Final = 5
_AT_ONCE: Final = 2_500
_PATIENT_S, _FOR_EVER_S, _SAID_WITHIN_S = 0.4, 8.0, 4.0


def restore_drills(folder: Path, seed: int, numbers: range, *, careless: bool = False) -> Found:
    """Work, back up, lose the office or its computer, and bring it back with the recovery sheet alone.

    `careless` backups leave the pictures' file half copied.
    """
    groups = " ".join(make(folder / "made"))
    failures, notes = [], Counter[str]()
    for number in numbers:
        chance = chance_of(seed, "drill", number)
        case = copy(folder / "made", folder / "case")
        with enter(case) as office:
            work = KINDS[chance.choice(("reading", "withdrawing", "rekeying"))](
                Desk(office, Clock(), case), chance
            )
            for _ in range(chance.randint(1, 3)):
                next(work)
            safekeeping.back_up(office, case / "backup")
            told = [head(office)]
        if careless:
            data = (case / "backup" / "images.db").read_bytes()
            (case / "backup" / "images.db").write_bytes(data[: len(data) // 2])
        loss = chance.choice(("the folder", "the computer", "the records", "the slots"))
        notes[f"lost {loss}"] += 1
        _lose(case, loss, chance.randbytes(9000))
        try:
            try_backup(case / "backup", by_sheet(groups))
            restore(case / "backup", case / OFFICE, by_sheet(groups))
        except KnownError as error:
            failures.append(f"{number}, {loss} lost: {error.what}")
            continue
        failures += [f"{number}, {loss} lost: {what}" for what in lost(case, told)[:1]]
    return found("backups that did not restore", len(numbers), failures, dict(notes))


def _lose(case: Path, what: str, noise: bytes) -> None:
    match what:
        case "the folder":
            shutil.rmtree(case / OFFICE)
        case "the computer":
            shutil.rmtree(case / OFFICE)
            shutil.rmtree(case / "computer")
        case "the records":
            (case / OFFICE / "office.db").write_bytes(noise)
        case _:
            (case / OFFICE / "office.keys").unlink()


def can_mount() -> bool:
    """Whether this process may make a small disk of its own."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603 - our own words
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],  # noqa: S607
        check=True,
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


def disk_full(folder: Path, seed: int, numbers: range, *, keep_reserve: bool = True) -> Found:
    """A disk that fills up at work: it is said, pictures are refused, a withdrawal finds the reserve, all is kept.

    Without `keep_reserve` there is none, and the withdrawal finds no room.
    """
    make(folder / "made")
    failures, notes = [], Counter[str]()
    for number in numbers:
        with _small_disk(folder / "disk", 24) as disk:
            for name in (OFFICE, "computer"):
                shutil.copytree(folder / "made" / name, disk / name)
            use_computer(disk)
            told, said = _fill_up(disk, chance_of(seed, "full", number).randbytes, keep_reserve=keep_reserve)
            notes.update(said)
            failures += [f"{number}: {what}" for what in _wrong(said)]
            (disk / "filler").unlink()
            failures += [f"{number}: {what}" for what in lost(disk, told)[:1]]
    return found("full disks that lost or stopped something", len(numbers), failures, dict(notes))


def _fill_up(disk: Path, noise: Callable[[int], bytes], *, keep_reserve: bool) -> tuple[list[str], list[str]]:
    """Let another program eat the disk while the office is open; what was told, and what became of what."""
    said = []
    with enter(disk) as office:
        if not keep_reserve:
            reserve.give_free(office.folder)
        told = [head(office)]
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(noise(65_536))
            except OSError:
                said.append("disk filled")
        pupil = people.pupils(office.db)[0]
        for attempt in ("first", "second"):
            try:
                withdraw(office, pupil.id, ["image.press"], "phone")
            except KnownError as error:
                said.append(f"{attempt} try: {error.what}"[:60])
                continue
            told.append(head(office))
            said.append("withdrawal kept")
            break
        try:
            images.keep_image(office.db, noise(100_000), "crop")
        except KnownError:
            said.append("picture refused")
        if office.db.notices:
            said.append("notice")
    return told, said


def _wrong(said: list[str]) -> Iterator[str]:
    for wanted in ("disk filled", "withdrawal kept", "picture refused", "notice"):
        if wanted not in said:
            yield f"not seen: {wanted} ({said})"


def locks(folder: Path, _seed: int, numbers: range, *, impatient: bool = False) -> Found:
    """Another program holds the office for a moment, or for long: the one is waited for, the other said.

    `impatient` waits for nothing.
    """
    make(folder / "made")
    failures, notes = [], Counter[str]()
    for number in numbers:
        case = copy(folder / "made", folder / "case")
        for seconds, opens in ((_PATIENT_S, True), (_FOR_EVER_S, False)):
            with _held(case, seconds):
                begun = time.monotonic()
                try:
                    _enter(case, impatient=impatient)
                    outcome = True
                except OfficeInUse:
                    outcome = False
                took = time.monotonic() - begun
            notes["waited for" if outcome else "said to be in use"] += 1
            if outcome is not opens or took > _SAID_WITHIN_S:
                failures.append(f"{number}: held for {seconds} s, opened: {outcome}, after {took:.1f} s")
    return found("locks neither waited for nor said", 2 * len(numbers), failures, dict(notes))


def _enter(case: Path, *, impatient: bool) -> None:
    from consentdesk.store import cipher  # noqa: PLC0415 - changed for the impatient alone

    usual = cipher.WAIT_S
    try:
        if impatient:
            cipher.WAIT_S = 0.0  # type: ignore[misc]
        enter(case).db.close()
    finally:
        cipher.WAIT_S = usual  # type: ignore[misc]


@contextmanager
def _held(case: Path, seconds: float) -> Iterator[None]:
    """Let another process have the office open for so long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            office = enter(case)
            os.write(writing, b".")
            time.sleep(seconds)
            office.db.close()
        finally:
            os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    try:
        yield
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def unlock(folder: Path, _seed: int, _numbers: range) -> Found:
    """Seconds that a password takes at the usual cost, the median of a few."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "usual.keys"
    path.unlink(missing_ok=True)
    keys.create(path, uuid4().hex, User(uuid4().hex, USER, Role.HEAD), PASSWORD, cost=COST)
    return Found("unlocking", _median(lambda: keys.unlock(path, USER, PASSWORD)), _TRIED, goal=1.5, unit="s")


def open_large(folder: Path, _seed: int, _numbers: range) -> Found:
    """Seconds to open and check an office with 10,000 slips, the password not counted, the median of a few."""
    make(folder)
    with enter(folder) as office:
        _fill(office, folder)
        events = office.db.head.events
        key, database = office.db.data_key, office.db.id
    from consentdesk.store import opening  # noqa: PLC0415 - beside what it measures

    def open_and_close() -> None:
        opening.open_database(folder / OFFICE, database, key).close()

    seconds = _median(open_and_close)
    size = (folder / OFFICE / "office.db").stat().st_size / 1e6
    notes: dict[str, int | float | str] = {
        "slips": SLIPS,
        "events": events,
        "office.db in MB": round(size, 1),
    }
    return Found("opening an office with 10,000 slips", seconds, _TRIED, goal=2.0, unit="s", notes=notes)


def _median(what: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_TRIED):
        begun = time.perf_counter()
        what()
        seconds.append(time.perf_counter() - begun)
    return round(median(seconds), 3)


def _fill(office: Office, folder: Path) -> None:
    """Pupils with a slip each that was issued, returned, answered and confirmed."""
    (printed,) = Desk(office, Clock(), folder).print("image-use")[:1]
    purposes = [one.purpose for one in printed.questions]
    answers = {purpose: Answer("yes", None, 0.9) for purpose in purposes}
    until = office.today + timedelta(days=400)
    issued = Issued("image-use", printed.version, dict.fromkeys(purposes, "0" * 16), (), until)
    for start in range(0, SLIPS, _AT_ONCE):
        run = PrintRun(uuid4().hex, office.now(), office.user.id, _AT_ONCE)
        numbers = range(start, start + _AT_ONCE)
        with office.db.writing():
            people.add_pupils(
                office.db, [Pupil(f"p{one}", "First", f"Last{one}", class_name="9Z") for one in numbers]
            )
            made = [
                Slip(f"{one:010}", f"p{one}", "image-use", printed.version, run.id, office.today, until, "9Z")
                for one in numbers
            ]
            slips.keep_run(office.db, run, made)
            record(
                office,
                [
                    Happening(what, slip.pupil, slip.id)
                    for slip in made
                    for what in (
                        issued,
                        Returned(slip.id, "scan", True, None, "", ""),
                        Answered(slip.id, f"guardian?{slip.id}", answers),
                        Confirmed(slip.id),
                    )
                ],
            )
