"""Is everything here that reading, printing and storing need? What is missing is said with what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from consentdesk import paths
from consentdesk.errors import KnownError

Level = Literal["ok", "better", "needed"]
_MB: Final = 1_000_000
LEAST_DISK: Final = 500 * _MB
"""Bytes free on the office's disk below which a day's scans may not fit."""
LEAST_MEMORY: Final = 1_500 * _MB
"""Bytes of memory available that one reading process may take."""
_OLDEST_PYTHON = (3, 11)
_FACES = 15
_INSTALL = "install ConsentDesk again, with all that its requirements name"


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at: `needed` where work cannot go on without it, `better` where it can."""

    name: str
    level: Level
    text: str


def examine(folder: Path, open_it: Callable[[], Any] | None = None) -> Iterator[Check]:
    """Look at this computer and at the office in `folder`, one thing after the other.

    `open_it` opens the office; without it (nobody gave a password) that is not tried. The rooms are imported
    here and not at the top, since a library that one of them needs may be what is missing.
    """
    yield _python()
    yield _room("printing", "consentdesk.printing.pdf")
    yield _room("reading", "consentdesk.scanning.worker")
    yield _room("class lists", "consentdesk.classlists.read", "consentdesk.classlists.write")
    yield _room("safekeeping", "consentdesk.store.opening")
    yield _second_reader()
    yield _fonts()
    yield from _forms()
    yield _disk(folder)
    yield _memory()
    yield _own_folder()
    if open_it is not None:
        yield _office(folder, open_it)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Check("Python", "needed", f"Python {version} is too old; install 3.11 or later")
    return Check("Python", "ok", version)


def _room(name: str, *modules: str) -> Check:
    try:
        for module in modules:
            import_module(module)
    except (ImportError, OSError) as error:
        missing = getattr(error, "name", None) or str(error)
        return Check(name, "needed", f"a library is missing or broken ({missing}); {_INSTALL}")
    return Check(name, "ok", "all libraries are there")


def _second_reader() -> Check:
    try:
        works = import_module("consentdesk.scanning.codes").second_reader_works()
    except (ImportError, OSError):
        works = False
    if works:
        return Check("second code reader", "ok", "zbar is there")
    return Check(
        "second code reader",
        "better",
        "zbar is missing; reading works without it, but some damaged codes will need their typed code: "
        "install the package libzbar0",
    )


def _fonts() -> Check:
    faces = list(paths.shipped("resources", "fonts").glob("*.ttf"))
    if len(faces) < _FACES:
        return Check("fonts", "needed", f"{len(faces)} of at least {_FACES} faces are there; {_INSTALL}")
    return Check("fonts", "ok", f"{len(faces)} faces")


def _forms() -> Iterator[Check]:
    try:
        load = import_module("consentdesk.printing.formfile").load_definition
    except (ImportError, OSError):
        return
    files = sorted(paths.shipped("forms").glob("*.toml"))
    if not files:
        yield Check("forms", "needed", f"no form definition is there; {_INSTALL}")
    for file in files:
        try:
            definition = load(file)
        except KnownError as error:
            yield Check(f"form {file.name}", "needed", error.sentence)
        else:
            yield Check(f"form {definition.id}", "ok", f"{len(definition.asked)} questions, fits on paper")


def _disk(folder: Path) -> Check:
    place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_DISK:
        return Check(
            "disk", "needed", f"{free // _MB} MB are free; make room for at least {LEAST_DISK // _MB} MB"
        )
    return Check("disk", "ok", f"{free // _MB} MB free")


def _memory() -> Check:
    try:
        available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                available = int(line.split()[1]) * 1024
    except (AttributeError, OSError, ValueError):
        return Check("memory", "ok", "this system does not say how much is free")
    if available < LEAST_MEMORY:
        return Check(
            "memory", "better", f"{available // _MB} MB are free; close other programs before reading scans"
        )
    return Check("memory", "ok", f"{available // _MB} MB free")


def _own_folder() -> Check:
    try:
        folder = paths.make_private_folder(paths.computer_folder())
        with paths.write_whole(folder / "doctor.txt") as part:
            part.write_text("may be deleted\n")
        (folder / "doctor.txt").unlink()
    except KnownError as error:
        return Check("this computer’s notes", "needed", error.sentence)
    return Check("this computer’s notes", "ok", str(folder))


def _office(folder: Path, open_it: Callable[[], Any]) -> Check:
    try:
        with open_it():
            return Check("office", "ok", f"{folder} opens, and its checks pass")
    except KnownError as error:
        return Check("office", "needed", error.sentence)
