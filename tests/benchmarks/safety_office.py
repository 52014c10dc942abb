"""A small made-up office that work is done in, cut off and looked at again; what was acknowledged is told as it is."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from consentdesk.errors import KnownError
from consentdesk.model.slip import slip_of_typed
from consentdesk.services import safekeeping
from consentdesk.services.confirm import confirm
from consentdesk.services.import_pupils import apply, preview
from consentdesk.services.office import Office, change_data_key, create_office, open_office
from consentdesk.services.progress import finish
from consentdesk.services.withdraw import withdraw
from consentdesk.store import ledger, people, slips, verify
from consentdesk.store.slots import FLOOR
from consentdesk.store.tables import event
from tests.services.made_up import CLASS_LIST, Clock, Desk

USER: Final = "head"
PASSWORD: Final = "made up words"
OFFICE: Final = "office"
COMPUTER: Final = "computer"
_OLD: Final = Path(__file__).resolve().parents[1] / "old_databases" / "0001"
_OLD_USER: Final = "Ada Made-Up"
_OLD_PASSWORD: Final = "a made-up password"

Work = Callable[[Desk, Random], Iterator[str]]
"""Saves again and again; what it yields after each was acknowledged to a person and must never be lost."""


def use_computer(folder: Path) -> None:
    """Let the made-up computer in `folder` keep the marks."""
    os.environ["CONSENTDESK_DATA"] = str(folder / COMPUTER)


def make(folder: Path) -> tuple[str, ...]:
    """An office in `folder` with a few pupils and a printed slip for each; the recovery sheet's groups."""
    made, groups = _made_once()
    copy(made, folder)
    return groups


@cache
def _made_once() -> tuple[Path, tuple[str, ...]]:
    folder = Path(tempfile.mkdtemp(prefix="consentdesk-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    use_computer(folder)
    office, groups = create_office(
        folder / OFFICE, "Made-up School", USER, PASSWORD, clock=Clock(), cost=FLOOR
    )
    with office:
        desk = Desk(office, Clock(), folder)
        desk.import_text(CLASS_LIST)
        desk.print("image-use")
    for file in folder.glob("*.*"):
        file.unlink()
    return folder, groups


def copy(made: Path, to: Path) -> Path:
    """A fresh copy of an office and its computer, to be spoilt."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(made, to)
    use_computer(to)
    return to


def copy_old(_made: Path, to: Path) -> Path:
    """The same of the office that the first schema wrote."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(_OLD, to / OFFICE)
    use_computer(to)
    return to


def enter(folder: Path) -> Office:
    """Sign in, as after a crash. Raises `KnownError` where the office is refused."""
    if (folder / OFFICE / "office.keys").read_bytes().find(_OLD_USER.encode()) >= 0:
        return open_office(folder / OFFICE, _OLD_USER, _OLD_PASSWORD)
    return open_office(folder / OFFICE, USER, PASSWORD)


def head(office: Office) -> str:
    """Where the ledger ends: nothing up to here may be lost once somebody was told."""
    events, chained = ledger.head(office.db)
    return f"head {events} {chained.hex()}"


def lost(folder: Path, told: list[str]) -> list[str]:
    """What of `told` is not there, or what is not whole, in the office as it is now; empty where all is well."""
    use_computer(folder)
    seen_before = (folder / COMPUTER / "marks").is_dir()
    try:
        with enter(folder) as office:
            notices = office.db.notices if seen_before else []
            return [*_lost(office, folder, told), *notices, *verify.verify(office.db)]
    except KnownError as error:
        return [f"the office is refused: {error.what}"]


def _lost(office: Office, folder: Path, told: list[str]) -> Iterator[str]:
    heads = [line.split(" ") for line in told if line.startswith("head ")]
    if heads:
        _, seq, chained = max(heads, key=lambda words: int(words[1]))
        row = office.db.office.one(event.select().where(event.c.seq == int(seq)))
        if int(seq) and (row is None or row.chain_hash.hex() != chained):
            yield f"event {seq} was acknowledged and is lost"
    for line in told:
        if line.startswith("backup "):
            backup = folder / line.removeprefix("backup ")
            if not all((backup / name).is_file() for name in ("office.db", "images.db", "office.keys")):
                yield f"{backup.name} was acknowledged and is not whole"
    joined = {one.pupil for one in ledger.events(office.db, limit=100_000) if one.kind == "joined"}
    if {pupil.id for pupil in people.pupils(office.db, include_left=True)} != joined:
        yield "a class list was kept in part"


# The kinds of work.


def importing(desk: Desk, chance: Random) -> Iterator[str]:
    """Class lists, each with new pupils."""
    while True:
        rows = "".join(
            f"First{number},Last{chance.randrange(10**9)},5A,5,2017-03-01,{chance.randrange(10**9)},Some One,\n"
            for number in range(12)
        )
        # Beside what is watched: it is the person's file, not the program's.
        file = desk.folder.parent / "list.csv"
        file.write_text(CLASS_LIST.splitlines()[0] + "\n" + rows, encoding="utf-8")
        apply(desk.office, preview(desk.office, file).difference)
        yield head(desk.office)


def printing(desk: Desk, _chance: Random) -> Iterator[str]:
    """Slips, each in the ledger as issued."""
    while True:
        desk.print("image-use")
        yield head(desk.office)


def _slips(desk: Desk) -> Iterator[str]:
    for pupil in people.pupils(desk.office.db):
        for slip in slips.slips_of(desk.office.db, pupil.id):
            yield slip.id


def reading(desk: Desk, chance: Random) -> Iterator[str]:
    """Pages with a picture each, as they come out of the reader."""
    while True:
        for slip in desk.print("image-use"):
            picture = chance.randbytes(chance.randrange(1, 60_000))
            desk.take(desk.seen(slip, chance.choice(("yes", "no")), crop=picture))
            assert slip_of_typed(slip.code)
            yield head(desk.office)


def confirming(desk: Desk, chance: Random) -> Iterator[str]:
    """Batches that are read and confirmed."""
    for _ in reading(desk, chance):
        finish(confirm(desk.office))
        yield head(desk.office)


def withdrawing(desk: Desk, _chance: Random) -> Iterator[str]:
    """Consent taken back, one purpose after the other."""
    while True:
        for pupil in people.pupils(desk.office.db):
            for purpose in ("image.website", "image.press", "image.print", "image.video"):
                withdraw(desk.office, pupil.id, [purpose], "phone", by=f"caller {desk.events}")
                yield head(desk.office)


def rekeying(desk: Desk, _chance: Random) -> Iterator[str]:
    """The data key changed again and again."""
    while True:
        change_data_key(desk.office)
        yield head(desk.office)


def backing_up(desk: Desk, _chance: Random) -> Iterator[str]:
    """Backups into new folders."""
    number = 0
    while True:
        number += 1
        safekeeping.back_up(desk.office, desk.folder / f"backup {number}")
        yield f"backup backup {number}"


def opening(desk: Desk, _chance: Random) -> Iterator[str]:
    """Nothing but the opening itself: the first one of an older schema migrates it."""
    yield head(desk.office)


KINDS: Final[dict[str, Work]] = {
    "reading": reading,
    "confirming": confirming,
    "importing": importing,
    "withdrawing": withdrawing,
    "rekeying": rekeying,
    "backing up": backing_up,
    "printing": printing,
    "migrating": opening,
}
