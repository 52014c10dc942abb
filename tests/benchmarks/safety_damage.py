"""Damage: bits that flip, files that are cut, pages that change places or come back from an older copy."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger, people, verify
from tests.benchmarks.safety_found import Found, chance_of, found
from tests.benchmarks.safety_office import COMPUTER, OFFICE, copy, enter, head, make, reading
from tests.services.made_up import Clock, Desk

PAGE: Final = 4096
_FILES: Final = ("office.db", "images.db", "office.keys")
Check = Callable[[Path], str | None]
"""Why the office in a folder is refused; None where it is taken for sound."""


def refused(folder: Path) -> str | None:
    """Open the office, and examine it whole: what a person is told, None where nothing is found."""
    try:
        with enter(folder) as office:
            findings = verify.verify(office.db)
            return findings[0] if findings else None
    except KnownError as error:
        return error.what


def damage(folder: Path, seed: int, numbers: range, *, check: Check = refused) -> Found:
    """As many damaged offices as there are `numbers`: bits flipped, files cut, pages swapped or zeroed."""
    made = folder / "made"
    make(made)
    with enter(made) as office:
        work = reading(Desk(office, Clock(), made), chance_of(seed))
        for _ in range(4):
            next(work)
    return _spoilt(folder, made, seed, numbers, check)


def _spoilt(folder: Path, made: Path, seed: int, numbers: range, check: Check) -> Found:
    failures, notes = [], Counter[str]()
    for number in numbers:
        chance = chance_of(seed, "damage", number)
        case = copy(made, folder / "case")
        name = _FILES[number % len(_FILES)]
        path = case / OFFICE / name
        before = path.read_bytes()
        how = spoil(path, chance)
        if path.read_bytes() == before:
            continue
        notes[f"{name} {how}"] += 1
        if check(case) is None:
            failures.append(f"{number}: {name} {how} was taken for sound")
    return found("corruption unnoticed", sum(notes.values()), failures, dict(notes))


def spoil(path: Path, chance: Random) -> str:
    """Damage the file, as bad disks and interrupted copies do; how."""
    data = bytearray(path.read_bytes())
    pages = max(1, len(data) // PAGE)
    how = chance.choice(
        ("bit flipped", "bit flipped", "cut", "cut at a page", "pages swapped", "page zeroed")
    )
    first, second = chance.randrange(pages), chance.randrange(pages)
    match how:
        case "bit flipped":
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "cut":
            del data[chance.randrange(len(data)) :]
        case "cut at a page":
            del data[first * PAGE :]
        case "pages swapped":
            one, other = (slice(page * PAGE, (page + 1) * PAGE) for page in (first, second))
            data[one], data[other] = data[other], data[one]
        case _:
            data[first * PAGE : (first + 1) * PAGE] = bytes(len(data[first * PAGE : (first + 1) * PAGE]))
    path.write_bytes(data)
    return how


def page_replay(folder: Path, seed: int, numbers: range, *, check: Check = refused) -> Found:
    """A withdrawal that an old page, or the whole old file, would undo: refused, or what is shown is what was said.

    After each withdrawal every changed page of `office.db` is put back in turn, alone and with others.
    """
    made = folder / "made"
    make(made)
    failures, notes, tried = [], Counter[str](), 0
    snapshots = folder / "snapshots"
    shutil.rmtree(snapshots, ignore_errors=True)
    shutil.copytree(made, snapshots / "0")
    rounds = 4
    for round_number in range(rounds):
        with enter(made) as office:
            for _ in range(1 + round_number):
                _withdraw_next(Desk(office, Clock(), made))
        shutil.copytree(made, snapshots / str(round_number + 1))
    with enter(copy(made, folder / "case")) as office:
        right = head(office)
    for number in numbers:
        chance = chance_of(seed, "replay", number)
        case = copy(made, folder / "case")
        old = snapshots / str(chance.randrange(rounds))
        how = _put_back(old, case, chance)
        if not how:
            continue
        tried += 1
        notes[how] += 1
        if check(case) is None:
            with enter(case) as office:
                if head(office) != right:
                    failures.append(f"{number}: {how} was taken for the newest")
    return found("withdrawals reversed by an old page or file", tried, failures, dict(notes))


def _withdraw_next(desk: Desk) -> None:
    for pupil in people.pupils(desk.office.db):
        events = ledger.events_of(desk.office.db, pupil.id)
        withdrawn = sum(event.kind == "withdrawn" for event in events)
        purposes = ("image.website", "image.press", "image.print", "image.video", "image.in-school")
        if withdrawn < len(purposes):
            withdraw(desk.office, pupil.id, [purposes[withdrawn]], "letter")
            return


def _put_back(old: Path, case: Path, chance: Random) -> str:
    """Put what is older in place of what is newer; how, or nothing where the two do not differ."""
    before, now = ((folder / OFFICE / "office.db").read_bytes() for folder in (old, case))
    changed = [page for page in _pages(now) if before[page] != now[page]]
    way = chance.choice(("one page", "one page", "pages", "the file", "the folder"))
    if not changed:
        return ""
    match way:
        case "one page" | "pages":
            data = bytearray(now)
            for page in chance.sample(changed, 1 if way == "one page" else chance.randint(1, len(changed))):
                data[page] = before[page] or bytes(PAGE)
            (case / OFFICE / "office.db").write_bytes(data)
        case "the file":
            (case / OFFICE / "office.db").write_bytes(before)
        case _:
            shutil.rmtree(case / OFFICE)
            shutil.copytree(old / OFFICE, case / OFFICE)
    return way


def _pages(data: bytes) -> Iterator[slice]:
    return (slice(at, at + PAGE) for at in range(0, len(data), PAGE))


def without_marks(folder: Path) -> str | None:
    """`refused`, as a computer would do it that keeps no mark: what shows that `page_replay` can fail."""
    shutil.rmtree(folder / COMPUTER, ignore_errors=True)
    return refused(folder)
